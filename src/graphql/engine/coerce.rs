//! Coercion of variables and arguments (sections 3 and 6 of the specification). An absent value is not null, and a
//! default applies only to an absent value.

use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::executable::Operation;
use apollo_compiler::schema::{ExtendedType, InputObjectType};
use apollo_compiler::{Name, Node, Schema};
use async_graphql::indexmap::IndexMap;
use async_graphql::{InputType, Value};
use serde_json::{Map, Value as Json};

use super::input::Input;
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::graphql::error::{Code, Error};
use crate::graphql::scalar;

/// The values of an operation's variables. An absent variable has no entry.
pub type Variables = IndexMap<Name, Value>;

/// The values of a field's arguments. An absent argument has no entry.
#[derive(Debug, Default)]
pub struct Arguments(Vec<(Name, Value)>);

impl Arguments {
    /// The value of an argument.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(argument, _)| argument == name).map(|(_, value)| value)
    }

    /// Every argument with a value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The argument as a Rust value. An optional argument is an `Option`.
    ///
    /// # Errors
    /// Fails if the value is not valid for a scalar.
    pub fn get<T: InputType>(&self, name: &str) -> Result<T, Error> {
        T::parse(self.value(name).cloned()).map_err(|failure| {
            let failure = failure.into_server_error(async_graphql::Pos::default());
            Code::BadUserInput.error(failure.message)
        })
    }
}

/// The error for a value that does not have the required type.
#[derive(Debug)]
pub struct Mismatch {
    code: Code,
    /// A message with the location of the value, the value, and the required type.
    pub message: String,
}

impl Mismatch {
    fn new(message: String) -> Self {
        Self { code: Code::ValidationFailed, message }
    }

    /// The error for a value that is not valid for a custom scalar.
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
/// Fails if a variable is missing, or its value does not have the required type.
pub fn variables(
    schema: &Schema,
    operation: &Operation,
    given: &Map<String, Json>,
) -> Result<Variables, Mismatch> {
    let mut variables = Variables::new();
    for variable in &operation.variables {
        let (name, ty) = (&variable.name, &variable.ty);
        let place = format!("the variable ${name}");
        let input = match (given.get(name.as_str()), &variable.default_value) {
            (Some(Json::Null), _) if ty.is_non_null() => {
                return Err(Mismatch::new(format!("{place} is null; its type is {ty}")));
            }
            (Some(value), _) => Input::Json(value),
            (None, Some(default)) => Input::Literal(default, None),
            (None, None) if ty.is_non_null() => {
                return Err(Mismatch::new(format!("{place} is missing; its type is {ty}")));
            }
            (None, None) => continue,
        };
        let value = coerce(schema, ty, input).map_err(|mismatch| mismatch.within(&place))?;
        if let Some(value) = value {
            variables.insert(name.clone(), value);
        }
    }
    Ok(variables)
}

/// The values of a field's arguments.
///
/// # Errors
/// Fails if an argument is missing, or its value does not have the required type.
pub fn arguments(
    schema: &Schema,
    definitions: &[Node<InputValueDefinition>],
    given: &[Node<Argument>],
    variables: &Variables,
) -> Result<Arguments, Mismatch> {
    let mut arguments = Vec::new();
    for definition in definitions {
        let (name, ty) = (&definition.name, &definition.ty);
        let argument = given.iter().find(|argument| argument.name == *name);
        let input = argument.map(|argument| Input::Literal(&argument.value, Some(variables)));
        let value = value_or_default(schema, definition, input)
            .map_err(|mismatch| mismatch.within(&format!("the argument `{name}`")))?;
        match value {
            Some(value) => arguments.push((name.clone(), value)),
            None if ty.is_non_null() => {
                let message = format!("the argument `{name}` is missing; its type is {ty}");
                return Err(Mismatch::new(message));
            }
            None => {}
        }
    }
    Ok(Arguments(arguments))
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

/// The value of an argument or of a field of an input object. None if it is absent and has no default.
fn value_or_default(
    schema: &Schema,
    definition: &InputValueDefinition,
    input: Option<Input<'_>>,
) -> Result<Option<Value>, Mismatch> {
    let value = match input {
        Some(input) => coerce(schema, &definition.ty, input)?,
        None => None,
    };
    match (value, &definition.default_value) {
        (None, Some(default)) => coerce(schema, &definition.ty, Input::Literal(default, None)),
        (value, _) => Ok(value),
    }
}

/// Converts an input to a value of the type. None if the input is a variable without a value.
///
/// # Errors
/// Fails if the input does not have the type.
pub fn coerce(schema: &Schema, ty: &Type, input: Input<'_>) -> Result<Option<Value>, Mismatch> {
    if let Some((name, value)) = input.variable() {
        return match value {
            Some(Value::Null) if ty.is_non_null() => {
                Err(Mismatch::new(format!("the variable ${name} is null, and {ty} is required")))
            }
            value => Ok(value.cloned()),
        };
    }
    if input.is_null() {
        return if ty.is_non_null() {
            Err(Mismatch::new(format!("null is not of the type {ty}")))
        } else {
            Ok(Some(Value::Null))
        };
    }
    let name = match ty {
        Type::List(inner) | Type::NonNullList(inner) => {
            return list(schema, inner, input).map(Some);
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    let mismatch = || {
        let is_out_of_range = name == "Int" && input.is_number();
        let range = if is_out_of_range { " (from -2147483648 to 2147483647)" } else { "" };
        Mismatch::new(format!("{input} is not of the type {ty}{range}"))
    };
    let value = match schema.types.get(name) {
        Some(ExtendedType::InputObject(object)) => {
            input_object(schema, ty, object, &input.fields().ok_or_else(mismatch)?)?
        }
        Some(ExtendedType::Enum(values)) => {
            enum_value(values.values.keys(), ty, input.enum_value().ok_or_else(mismatch)?)?
        }
        Some(ExtendedType::Scalar(scalar)) if scalar.is_built_in() => {
            input.built_in_scalar(name).ok_or_else(mismatch)?
        }
        Some(ExtendedType::Scalar(_)) => {
            let value = input.custom_scalar().ok_or_else(mismatch)?;
            scalar::check(name, &value).map_err(Mismatch::scalar)?;
            value
        }
        _ => return Err(mismatch()),
    };
    Ok(Some(value))
}

/// Converts a list. An item that is a variable without a value becomes null.
fn list(schema: &Schema, inner: &Type, input: Input<'_>) -> Result<Value, Mismatch> {
    let items = input.items().into_iter().map(|item| match coerce(schema, inner, item)? {
        None if inner.is_non_null() => {
            Err(Mismatch::new(format!("an item of the list is missing; its type is {inner}")))
        }
        item => Ok(item.unwrap_or_default()),
    });
    items.collect::<Result<_, _>>().map(Value::List)
}

fn input_object(
    schema: &Schema,
    ty: &Type,
    object: &InputObjectType,
    given: &IndexMap<&str, Input<'_>>,
) -> Result<Value, Mismatch> {
    if let Some(unknown) = given.keys().find(|name| !object.fields.contains_key(**name)) {
        let suggestion = did_you_mean(unknown, object.fields.keys().map(Name::as_str));
        return Err(Mismatch::new(format!("{ty} has no field {}{suggestion}", quote(unknown))));
    }
    let mut fields = IndexMap::new();
    for (name, field) in &object.fields {
        let value = value_or_default(schema, field, given.get(name.as_str()).copied())
            .map_err(|mismatch| mismatch.within(&format!("`{name}`")))?;
        match value {
            Some(value) => {
                fields.insert(async_graphql::Name::new(name), value);
            }
            None if field.ty.is_non_null() => {
                let message = format!("{ty} needs the field `{name}`, of the type {}", field.ty);
                return Err(Mismatch::new(message));
            }
            None => {}
        }
    }
    if object.is_one_of()
        && (given.len() != 1
            || fields.len() != 1
            || fields.values().any(|value| *value == Value::Null))
    {
        let names: Vec<String> = object.fields.keys().map(|name| format!("`{name}`")).collect();
        return Err(Mismatch::new(format!(
            "{ty} requires exactly one of these fields, and not null: {}",
            names.join(", ")
        )));
    }
    Ok(Value::Object(fields))
}

fn enum_value<'a>(
    names: impl Iterator<Item = &'a Name> + Clone,
    ty: &Type,
    value: &str,
) -> Result<Value, Mismatch> {
    if names.clone().any(|name| name == value) {
        return Ok(Value::Enum(async_graphql::Name::new(value)));
    }
    let valid: Vec<&str> = names.map(Name::as_str).collect();
    let suggestion = did_you_mean(value, valid.iter().copied());
    let (value, valid) = (quote(value), valid.join(", "));
    Err(Mismatch::new(format!(
        "{value} is not of the type {ty}{suggestion}; valid values: {valid}"
    )))
}
