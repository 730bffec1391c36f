//! Coercion of variables and arguments, as section 3 and 6 of the specification have it: an absent value is not null, a
//! default applies where nothing was given, `1.0` as a variable is an `Int`.

use apollo_compiler::Name;
use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::executable::{ExecutableDocument, Operation, Selection, SelectionSet};
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Node, Schema};
use async_graphql::indexmap::IndexMap;
use async_graphql::{InputType, Value};
use serde_json::{Map, Value as Json};

use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::graphql::error::{Code, Error};
use crate::graphql::scalar;

/// The values of an operation's variables; a variable without a value has no entry.
pub type Variables = IndexMap<Name, Value>;

/// The values of a field's arguments; an argument without a value has no entry.
#[derive(Debug, Default)]
pub struct Arguments(Vec<(Name, Value)>);

impl Arguments {
    /// The value of an argument.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Every argument with a value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The argument as a Rust value; one that is an `Option` may be absent.
    ///
    /// # Errors
    /// When a scalar does not take the value.
    pub fn get<T: InputType>(&self, name: &str) -> Result<T, Error> {
        T::parse(self.value(name).cloned())
            .map_err(|failure| Code::BadUserInput.error(message(failure)))
    }
}

fn message<T: InputType>(failure: async_graphql::InputValueError<T>) -> String {
    failure.into_server_error(async_graphql::Pos::default()).message
}

/// A value that does not fit its type.
#[derive(Debug)]
pub struct Mismatch {
    code: Code,
    /// What does not fit, with the value and what is valid.
    pub message: String,
}

impl Mismatch {
    fn new(message: String) -> Self {
        Self { code: Code::ValidationFailed, message }
    }

    /// A value that a scalar of our own does not take.
    fn scalar(message: String) -> Self {
        Self { code: Code::BadUserInput, message }
    }

    fn within(self, place: &str) -> Self {
        Self { message: format!("{place}: {}", self.message), ..self }
    }
}

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        mismatch.code.error(mismatch.message)
    }
}

/// The values of an operation's variables.
///
/// # Errors
/// Which variable is missing, or does not fit its type.
pub fn variables(
    schema: &Schema,
    operation: &Operation,
    given: &Map<String, Json>,
) -> Result<Variables, Mismatch> {
    let mut variables = Variables::new();
    for variable in &operation.variables {
        let (name, ty) = (&variable.name, &variable.ty);
        let coerced = match given.get(name.as_str()) {
            None => match &variable.default_value {
                Some(default) => literal(schema, ty, default, None),
                None if ty.is_non_null() => {
                    return Err(Mismatch::new(format!(
                        "the variable ${name} is missing; its type is {ty}"
                    )));
                }
                None => continue,
            },
            Some(Json::Null) if ty.is_non_null() => {
                return Err(Mismatch::new(format!(
                    "the variable ${name} is null; its type is {ty}"
                )));
            }
            Some(value) => json(schema, ty, value).map(Some),
        };
        let coerced =
            coerced.map_err(|mismatch| mismatch.within(&format!("the variable ${name}")))?;
        if let Some(value) = coerced {
            variables.insert(name.clone(), value);
        }
    }
    Ok(variables)
}

/// The values of a field's arguments.
///
/// # Errors
/// Which argument does not fit its type.
pub fn arguments(
    schema: &Schema,
    definitions: &[Node<InputValueDefinition>],
    given: &[Node<Argument>],
    variables: &Variables,
) -> Result<Arguments, Mismatch> {
    let mut arguments = Vec::new();
    for definition in definitions {
        let written = given.iter().find(|argument| argument.name == definition.name);
        let value = match written {
            Some(argument) => literal(schema, &definition.ty, &argument.value, Some(variables))
                .map_err(|mismatch| {
                    mismatch.within(&format!("the argument `{}`", definition.name))
                })?,
            None => None,
        };
        let value = match (value, &definition.default_value) {
            (Some(value), _) => Some(value),
            (None, Some(default)) => literal(schema, &definition.ty, default, None)?,
            (None, None) if definition.ty.is_non_null() => {
                let (name, ty) = (&definition.name, &definition.ty);
                return Err(Mismatch::new(format!(
                    "the argument `{name}` is missing; its type is {ty}"
                )));
            }
            (None, None) => None,
        };
        if let Some(value) = value {
            arguments.push((definition.name.clone(), value));
        }
    }
    Ok(Arguments(arguments))
}

/// Rejects a document with a literal that a scalar of our own does not take: the library leaves those to us.
///
/// # Errors
/// Which value, and what is valid.
pub fn check_scalars(schema: &Schema, document: &ExecutableDocument) -> Result<(), Error> {
    for operation in document.operations.iter() {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                check_literal(schema, &variable.ty, default)?;
            }
        }
        check_selections(schema, &operation.selection_set)?;
    }
    let fragments = document.fragments.values();
    fragments
        .map(|fragment| &fragment.selection_set)
        .try_for_each(|set| check_selections(schema, set))
}

fn check_selections(schema: &Schema, set: &SelectionSet) -> Result<(), Error> {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                for argument in &field.arguments {
                    if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                        check_literal(schema, &definition.ty, &argument.value)?;
                    }
                }
                if let Some(set) = &field.selection_set {
                    check_selections(schema, set)?;
                }
            }
            Selection::InlineFragment(fragment) => {
                check_selections(schema, &fragment.selection_set)?;
            }
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

fn check_literal(schema: &Schema, ty: &Type, value: &Literal) -> Result<(), Error> {
    if matches!(value, Literal::Variable(_) | Literal::Null) {
        return Ok(());
    }
    let name = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            return match value {
                Literal::List(items) => {
                    items.iter().try_for_each(|item| check_literal(schema, inner, item))
                }
                item => check_literal(schema, inner, item),
            };
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    match (schema.types.get(name), value) {
        (Some(ExtendedType::InputObject(object)), Literal::Object(given)) => {
            given.iter().try_for_each(|(name, value)| match object.fields.get(name) {
                Some(field) => check_literal(schema, &field.ty, value),
                None => Ok(()),
            })
        }
        (Some(ExtendedType::Scalar(scalar)), value) if !scalar.is_built_in() => {
            let value = plain(value, None).unwrap_or_default();
            scalar::check(name, &value).map_err(|message| Code::BadUserInput.error(message))
        }
        _ => Ok(()),
    }
}

/// Whether a value of the document depends on variables.
pub fn has_variables(value: &Literal) -> bool {
    match value {
        Literal::Variable(_) => true,
        Literal::List(items) => items.iter().any(|item| has_variables(item)),
        Literal::Object(fields) => fields.iter().any(|(_, field)| has_variables(field)),
        _ => false,
    }
}

/// The value of a literal; none where it is a variable without a value.
fn literal(
    schema: &Schema,
    ty: &Type,
    value: &Literal,
    variables: Option<&Variables>,
) -> Result<Option<Value>, Mismatch> {
    if let Literal::Variable(name) = value {
        return match variables.and_then(|variables| variables.get(name)) {
            Some(Value::Null) if ty.is_non_null() => {
                Err(Mismatch::new(format!("the variable ${name} is null, and {ty} is required")))
            }
            value => Ok(value.cloned()),
        };
    }
    if matches!(value, Literal::Null) {
        return if ty.is_non_null() {
            Err(Mismatch::new(format!("null is not of the type {ty}")))
        } else {
            Ok(Some(Value::Null))
        };
    }
    let name = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            return list(schema, inner, value, variables).map(Some);
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    let mismatch = || {
        Err(Mismatch::new(format!(
            "{} is not of the type {}{}",
            shown(value),
            ty,
            range(name, value)
        )))
    };
    let coerced = match (schema.types.get(name), value) {
        (Some(ExtendedType::InputObject(object)), Literal::Object(given)) => {
            let mut fields: IndexMap<Name, Input<'_>> = IndexMap::new();
            for (name, value) in given {
                if fields.insert(name.clone(), Input::Literal(value, variables)).is_some() {
                    return Err(Mismatch::new(format!("the field `{name}` is given twice")));
                }
            }
            return input_object(schema, ty, object, &fields).map(Some);
        }
        (Some(ExtendedType::Enum(values)), Literal::Enum(value)) => {
            enum_value(values.values.keys(), ty, value)?
        }
        (Some(ExtendedType::Scalar(_)), value) => match scalar(name, value, variables) {
            Some(value) => value,
            None => return mismatch(),
        },
        _ => return mismatch(),
    };
    Ok(Some(coerced))
}

/// A list, of which a variable without a value is an item that is null.
fn list(
    schema: &Schema,
    inner: &Type,
    value: &Literal,
    variables: Option<&Variables>,
) -> Result<Value, Mismatch> {
    let Literal::List(items) = value else {
        let item = literal(schema, inner, value, variables)?;
        return Ok(Value::List(vec![item.unwrap_or_default()]));
    };
    let items = items.iter().map(|item| match literal(schema, inner, item, variables)? {
        None if inner.is_non_null() => {
            Err(Mismatch::new(format!("an item of the list is missing; its type is {inner}")))
        }
        item => Ok(item.unwrap_or_default()),
    });
    items.collect::<Result<_, _>>().map(Value::List)
}

/// The value of a scalar in a document.
fn scalar(name: &Name, value: &Literal, variables: Option<&Variables>) -> Option<Value> {
    Some(match (name.as_str(), value) {
        ("Int", Literal::Int(number)) => Value::from(number.try_to_i32().ok()?),
        ("Float", Literal::Int(number)) => Value::from(number.try_to_f64().ok()?),
        ("Float", Literal::Float(number)) => Value::from(number.try_to_f64().ok()?),
        ("String" | "ID", Literal::String(text)) => Value::from(text.as_str()),
        ("ID", Literal::Int(number)) => Value::from(number.as_str()),
        ("Boolean", Literal::Boolean(value)) => Value::from(*value),
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => return None,
        (_, other) => plain(other, variables)?,
    })
}

/// A value of a type that decides itself what it takes.
fn plain(value: &Literal, variables: Option<&Variables>) -> Option<Value> {
    Some(match value {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::Enum(async_graphql::Name::new(name)),
        Literal::Variable(name) => {
            variables.and_then(|variables| variables.get(name)).cloned().unwrap_or_default()
        }
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Float(number) => Value::from(number.try_to_f64().ok()?),
        Literal::Int(number) => serde_json::from_str(number.as_str()).ok().map(Value::Number)?,
        Literal::Boolean(value) => Value::from(*value),
        Literal::List(items) => {
            Value::List(items.iter().map(|item| plain(item, variables)).collect::<Option<_>>()?)
        }
        Literal::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                Some((async_graphql::Name::new(name), plain(value, variables)?))
            });
            Value::Object(fields.collect::<Option<_>>()?)
        }
    })
}

/// The value of a variable as it was sent.
fn json(schema: &Schema, ty: &Type, value: &Json) -> Result<Value, Mismatch> {
    if value.is_null() {
        return if ty.is_non_null() {
            Err(Mismatch::new(format!("null is not of the type {ty}")))
        } else {
            Ok(Value::Null)
        };
    }
    let name = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            // One that is no list stands for a list of one.
            let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            let items = items.iter().map(|item| json(schema, inner, item));
            return items.collect::<Result<_, _>>().map(Value::List);
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    let mismatch = || {
        let range = if name == "Int" && value.is_number() { INT_RANGE } else { "" };
        Err(Mismatch::new(format!("{} is not of the type {ty}{range}", shown_json(value))))
    };
    match (schema.types.get(name), value) {
        (Some(ExtendedType::InputObject(object)), Json::Object(given)) => {
            let fields =
                given.iter().map(|(name, value)| (Name::new_unchecked(name), Input::Json(value)));
            input_object(schema, ty, object, &fields.collect())
        }
        (Some(ExtendedType::Enum(values)), Json::String(value)) => {
            enum_value(values.values.keys(), ty, value)
        }
        (Some(ExtendedType::Scalar(_)), value) => match (name.as_str(), value) {
            ("Int", Json::Number(number)) => {
                whole(number).map_or_else(mismatch, |number| Ok(Value::from(number)))
            }
            ("ID", Json::Number(number)) if number.is_i64() || number.is_u64() => {
                Ok(Value::from(number.to_string()))
            }
            ("Float", Json::Number(number)) => {
                number.as_f64().map_or_else(mismatch, |number| Ok(Value::from(number)))
            }
            ("String" | "ID", Json::String(text)) => Ok(Value::from(text.as_str())),
            ("Boolean", Json::Bool(value)) => Ok(Value::from(*value)),
            ("Int" | "Float" | "String" | "ID" | "Boolean", _) => mismatch(),
            (_, other) => {
                let value = Value::from_json(other.clone()).or_else(|_| mismatch())?;
                scalar::check(name, &value).map_err(Mismatch::scalar)?;
                Ok(value)
            }
        },
        _ => mismatch(),
    }
}

/// A number without a fraction, however it was written: 1.0 is one (3.5.1).
fn whole(number: &serde_json::Number) -> Option<i32> {
    if let Some(number) = number.as_i64() {
        return i32::try_from(number).ok();
    }
    let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
    // The text of a float without a fraction is a whole number.
    format!("{number:.0}").parse().ok()
}

/// A value given to a field of an input object.
enum Input<'a> {
    Literal(&'a Literal, Option<&'a Variables>),
    Json(&'a Json),
}

impl Input<'_> {
    fn coerce(&self, schema: &Schema, ty: &Type) -> Result<Option<Value>, Mismatch> {
        match self {
            Self::Literal(value, variables) => literal(schema, ty, value, *variables),
            Self::Json(value) => json(schema, ty, value).map(Some),
        }
    }
}

fn input_object(
    schema: &Schema,
    ty: &Type,
    object: &InputObjectType,
    given: &IndexMap<Name, Input<'_>>,
) -> Result<Value, Mismatch> {
    if let Some(unknown) = given.keys().find(|name| !object.fields.contains_key(*name)) {
        let suggestion = did_you_mean(unknown, object.fields.keys().map(Name::as_str));
        return Err(Mismatch::new(format!("{ty} has no field {}{suggestion}", quote(unknown))));
    }
    let mut fields = IndexMap::new();
    for (name, field) in &object.fields {
        let value = match given.get(name) {
            Some(input) => input
                .coerce(schema, &field.ty)
                .map_err(|mismatch| mismatch.within(&format!("`{name}`")))?,
            None => None,
        };
        let value = match (value, &field.default_value) {
            (Some(value), _) => Some(value),
            (None, Some(default)) => literal(schema, &field.ty, default, None)?,
            (None, None) if field.ty.is_non_null() => {
                return Err(Mismatch::new(format!(
                    "{ty} needs the field `{name}`, of the type {}",
                    field.ty
                )));
            }
            (None, None) => None,
        };
        if let Some(value) = value {
            fields.insert(async_graphql::Name::new(name), value);
        }
    }
    if object.is_one_of()
        && (given.len() != 1
            || fields.len() != 1
            || fields.values().any(|value| *value == Value::Null))
    {
        let names: Vec<String> = object.fields.keys().map(|name| format!("`{name}`")).collect();
        return Err(Mismatch::new(format!(
            "{ty} needs exactly one of its fields, which is not null: {}",
            names.join(", ")
        )));
    }
    Ok(Value::Object(fields))
}

fn enum_value<'a>(
    mut names: impl Iterator<Item = &'a Name> + Clone,
    ty: &Type,
    value: &str,
) -> Result<Value, Mismatch> {
    if names.clone().any(|name| name == value) {
        return Ok(Value::Enum(async_graphql::Name::new(value)));
    }
    let suggestion = did_you_mean(value, names.by_ref().map(Name::as_str));
    Err(Mismatch::new(format!("{} is not of the type {ty}{suggestion}", quote(value))))
}

const INT_RANGE: &str = " (from -2147483648 to 2147483647)";

fn range(name: &Name, value: &Literal) -> &'static str {
    if name == "Int" && matches!(value, Literal::Int(_)) { INT_RANGE } else { "" }
}

/// A value as a message quotes it: its beginning, if it is long.
fn shown(value: &Literal) -> String {
    match value {
        Literal::String(text) => quote(text),
        Literal::List(_) => "a list".to_owned(),
        Literal::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}

fn shown_json(value: &Json) -> String {
    match value {
        Json::String(text) => quote(text),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}
