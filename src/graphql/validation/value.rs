//! Values: those in the document, and those of variables.

use async_graphql::parser::types::{BaseType, InputValueDefinition, OperationDefinition, Type};
use async_graphql::{Name, Value, Variables};
use async_graphql_value::Value as Literal;

use super::super::types::{Kind, Types, named};
use crate::domain::hint::did_you_mean;
use crate::domain::text::quote;

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// What is expected there; none inside a value of a type that has no parts.
    pub(super) expected: Option<&'a Type>,
    /// Whether something stands there where nothing is given.
    pub(super) has_default: bool,
}

impl<'a> Place<'a> {
    pub(super) fn of(definition: &'a InputValueDefinition) -> Self {
        let has_default = definition.default_value.is_some();
        Self { expected: Some(&definition.ty.node), has_default }
    }

    fn inside(expected: &'a Type) -> Self {
        Self { expected: Some(expected), has_default: false }
    }
}

/// The variables in a value, and where they stand in it.
type Found<'a> = Vec<(&'a Name, Place<'a>)>;

/// Whether the value fits, with the variables in it, which are not looked into.
pub(super) fn check<'a>(
    types: &'a Types,
    value: &'a Literal,
    place: Place<'a>,
    found: &mut Found<'a>,
) -> Result<(), String> {
    let Some(expected) = place.expected else {
        variables(value, found);
        return Ok(());
    };
    if let Literal::Variable(name) = value {
        found.push((name, place));
        return Ok(());
    }
    let unfit = || {
        let integer = match value {
            Literal::Number(number) => number.is_i64() || number.is_u64(),
            _ => false,
        };
        // Of a number, it may not be plain to see.
        let range = if integer && named(expected) == "Int" {
            format!(" (from {} to {})", i32::MIN, i32::MAX)
        } else {
            String::new()
        };
        Err(format!("{} is no {expected}{range}", shown(value)))
    };
    let name = match (&expected.base, value) {
        (_, Literal::Null) if expected.nullable => return Ok(()),
        (_, Literal::Null) => return unfit(),
        (BaseType::List(inner), Literal::List(items)) => {
            return items
                .iter()
                .try_for_each(|item| check(types, item, Place::inside(inner), found));
        }
        // One that is no list stands for a list of one.
        (BaseType::List(inner), item) => return check(types, item, Place::inside(inner), found),
        (BaseType::Named(name), _) => name,
    };
    match (types.kind(name), value) {
        (Some(Kind::Input { fields, one_of }), Literal::Object(given)) => {
            for (name, value) in given {
                let Some(field) = fields.get(name) else {
                    let hint = did_you_mean(name, fields.keys().map(Name::as_str));
                    return Err(format!("{expected} has no field {}{hint}", quote(name)));
                };
                check(types, value, Place::of(field), found)
                    .map_err(|message| format!("`{name}`: {message}"))?;
            }
            let missing = fields.values().find(|field| {
                let required = !field.ty.node.nullable && field.default_value.is_none();
                required && !given.contains_key(&field.name.node)
            });
            if let Some(missing) = missing {
                let (name, ty) = (&missing.name.node, &missing.ty.node);
                return Err(format!("{expected} needs the field `{name}`, of the type {ty}"));
            }
            if *one_of && (given.len() != 1 || given.values().any(|value| *value == Literal::Null))
            {
                return Err(format!("{expected} needs exactly one of its fields"));
            }
            Ok(())
        }
        (Some(Kind::Enum(values)), Literal::Enum(name)) if values.contains(name) => Ok(()),
        (Some(Kind::Enum(values)), Literal::Enum(name)) => {
            let hint = did_you_mean(name, values.iter().map(Name::as_str));
            Err(format!("{} is no {expected}{hint}", quote(name)))
        }
        (Some(Kind::Scalar), value) if is_scalar(name, value) => {
            variables(value, found);
            Ok(())
        }
        _ => unfit(),
    }
}

/// The variables in a value of which nothing is known.
fn variables<'a>(value: &'a Literal, found: &mut Found<'a>) {
    match value {
        Literal::Variable(name) => {
            found.push((name, Place { expected: None, has_default: false }));
        }
        Literal::List(items) => items.iter().for_each(|item| variables(item, found)),
        Literal::Object(fields) => fields.values().for_each(|field| variables(field, found)),
        _ => {}
    }
}

/// Whether a value can be one of that type, as far as the type's own reading does not decide.
fn is_scalar(ty: &Name, value: &Literal) -> bool {
    match (ty.as_str(), value) {
        ("Int", Literal::Number(number)) => {
            number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())
        }
        ("Float", Literal::Number(_))
        | ("String" | "ID", Literal::String(_))
        | ("Boolean", Literal::Boolean(_)) => true,
        ("ID", Literal::Number(number)) => number.is_i64() || number.is_u64(),
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => false,
        (_, _) => true,
    }
}

/// Whether a value without variables fits.
pub(super) fn check_constant(
    types: &Types,
    value: &Literal,
    expected: &Type,
) -> Result<(), String> {
    check(types, value, Place::inside(expected), &mut Vec::new())
}

/// Whether a type is good where another is expected.
pub(super) fn fits(given: &Type, expected: &Type) -> bool {
    (expected.nullable || !given.nullable) && is_within(&given.base, &expected.base)
}

pub(super) fn is_within(given: &BaseType, expected: &BaseType) -> bool {
    match (given, expected) {
        (BaseType::Named(given), BaseType::Named(expected)) => given == expected,
        (BaseType::List(given), BaseType::List(expected)) => fits(given, expected),
        _ => false,
    }
}

/// Refuses variables that are missing or that do not fit their types: the library would find out only when a field asks
/// for them, with others resolved already.
pub(in crate::graphql) fn check_variables(
    types: &Types,
    operation: &OperationDefinition,
    given: &Variables,
) -> Result<(), String> {
    for variable in operation.variable_definitions.iter().map(|variable| &variable.node) {
        let (name, ty) = (&variable.name.node, &variable.var_type.node);
        match given.get(name) {
            None if ty.nullable || variable.default_value.is_some() => {}
            None => return Err(format!("the variable ${name} is missing; its type is {ty}")),
            Some(Value::Null) if !ty.nullable => {
                return Err(format!("the variable ${name} is missing; its type is {ty}"));
            }
            Some(value) => {
                check_constant(types, &as_literal(types, value, ty), ty)
                    .map_err(|message| format!("the variable ${name}: {message}"))?;
            }
        }
    }
    Ok(())
}

/// The value as it would stand in a document: JSON has no enum values, but strings.
fn as_literal(types: &Types, value: &Value, ty: &Type) -> Literal {
    match (&ty.base, value) {
        (BaseType::List(inner), Value::List(items)) => {
            Literal::List(items.iter().map(|item| as_literal(types, item, inner)).collect())
        }
        (BaseType::List(inner), item) => as_literal(types, item, inner),
        (BaseType::Named(name), value) => match (types.kind(name), value) {
            (Some(Kind::Enum(_)), Value::String(text)) => Literal::Enum(Name::new(text)),
            (Some(Kind::Input { fields, .. }), Value::Object(given)) => {
                let fields = given.iter().map(|(name, value)| {
                    let literal = match fields.get(name) {
                        Some(field) => as_literal(types, value, &field.ty.node),
                        None => value.clone().into_value(),
                    };
                    (name.clone(), literal)
                });
                Literal::Object(fields.collect())
            }
            (_, value) => value.clone().into_value(),
        },
    }
}

/// A value as it is quoted in a message: its beginning, if it is long.
fn shown(value: &Literal) -> String {
    match value {
        Literal::String(text) => quote(text),
        Literal::List(_) => "a list".to_owned(),
        Literal::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}
