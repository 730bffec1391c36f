//! Values that a client sends: literals in the document, and JSON in the variables.

use std::fmt;

use apollo_compiler::Name;
use apollo_compiler::ast::Value as Literal;
use async_graphql::Value;
use async_graphql::indexmap::IndexMap;
use serde_json::Value as Json;

use super::coerce::Variables;
use crate::domain::text::quote;

/// A value that a client sent.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// A literal of the document, and the values of the variables that it may contain. None if the literal is a default,
    /// because defaults contain no variables.
    Literal(&'a Literal, Option<&'a Variables>),
    /// The value of a variable.
    Json(&'a Json),
}

impl<'a> Input<'a> {
    /// The name and the value of the variable, if the input is a variable. The value is None if the variable is absent.
    pub fn variable(self) -> Option<(&'a Name, Option<&'a Value>)> {
        match self {
            Self::Literal(Literal::Variable(name), variables) => {
                Some((name, variables.and_then(|variables| variables.get(name))))
            }
            _ => None,
        }
    }

    /// Whether the input is null.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Literal(Literal::Null, _) | Self::Json(Json::Null))
    }

    /// Whether the input is a number, which may be out of range for an `Int`.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Literal(Literal::Int(_), _) | Self::Json(Json::Number(_)))
    }

    /// The items of a list. An input that is not a list becomes a list of one item (section 3.11 of the specification).
    pub fn items(self) -> Vec<Self> {
        match self {
            Self::Literal(Literal::List(items), variables) => {
                items.iter().map(|item| Self::Literal(item, variables)).collect()
            }
            Self::Json(Json::Array(items)) => items.iter().map(Self::Json).collect(),
            item => vec![item],
        }
    }

    /// The fields of an input object. None if the input is not an object.
    pub fn fields(self) -> Option<IndexMap<&'a str, Self>> {
        match self {
            Self::Literal(Literal::Object(fields), variables) => {
                let fields = fields.iter();
                let field = |(name, value): &'a (Name, apollo_compiler::Node<Literal>)| {
                    (name.as_str(), Self::Literal(value, variables))
                };
                Some(fields.map(field).collect())
            }
            Self::Json(Json::Object(fields)) => Some(
                fields.iter().map(|(name, value)| (name.as_str(), Self::Json(value))).collect(),
            ),
            _ => None,
        }
    }

    /// The name of an enum value: a name in a document, a string in JSON.
    pub fn enum_value(self) -> Option<&'a str> {
        match self {
            Self::Literal(Literal::Enum(name), _) => Some(name),
            Self::Json(Json::String(name)) => Some(name),
            _ => None,
        }
    }

    /// The value, converted to the built-in scalar `name`. None if it is invalid for this scalar. Numbers in variables may
    /// have a fraction of zero: `1.0` is an `Int` (section 3.5.1).
    pub fn built_in_scalar(self, name: &str) -> Option<Value> {
        Some(match (name, self) {
            ("Int", Self::Literal(Literal::Int(number), _)) => {
                Value::from(number.try_to_i32().ok()?)
            }
            ("Int", Self::Json(Json::Number(number))) => Value::from(whole_number(number)?),
            ("Float", Self::Literal(Literal::Int(number), _)) => {
                Value::from(number.try_to_f64().ok()?)
            }
            ("Float", Self::Literal(Literal::Float(number), _)) => {
                Value::from(number.try_to_f64().ok()?)
            }
            ("Float", Self::Json(Json::Number(number))) => Value::from(number.as_f64()?),
            ("ID", Self::Literal(Literal::Int(number), _)) => Value::from(number.as_str()),
            ("ID", Self::Json(Json::Number(number))) if number.is_i64() || number.is_u64() => {
                Value::from(number.to_string())
            }
            ("String" | "ID", Self::Literal(Literal::String(text), _)) => {
                Value::from(text.as_str())
            }
            ("String" | "ID", Self::Json(Json::String(text))) => Value::from(text.as_str()),
            (
                "Boolean",
                Self::Literal(Literal::Boolean(value), _) | Self::Json(Json::Bool(value)),
            ) => Value::from(*value),
            _ => return None,
        })
    }

    /// The value in the form that custom scalars validate. None if a number cannot be represented.
    pub fn custom_scalar(self) -> Option<Value> {
        let (literal, variables) = match self {
            Self::Json(value) => return Value::from_json(value.clone()).ok(),
            Self::Literal(literal, variables) => (literal, variables),
        };
        Some(match literal {
            Literal::Null => Value::Null,
            Literal::Enum(name) => Value::Enum(async_graphql::Name::new(name)),
            Literal::Variable(_) => {
                self.variable().and_then(|(_, value)| value).cloned().unwrap_or_default()
            }
            Literal::String(text) => Value::from(text.as_str()),
            Literal::Float(number) => Value::from(number.try_to_f64().ok()?),
            Literal::Int(number) => {
                serde_json::from_str(number.as_str()).ok().map(Value::Number)?
            }
            Literal::Boolean(value) => Value::from(*value),
            Literal::List(_) => Value::List(
                self.items().into_iter().map(Self::custom_scalar).collect::<Option<_>>()?,
            ),
            Literal::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let value = Self::Literal(value, variables).custom_scalar()?;
                    Some((async_graphql::Name::new(name), value))
                });
                Value::Object(fields.collect::<Option<_>>()?)
            }
        })
    }
}

/// The value as quoted in error messages. Long texts are shortened.
impl fmt::Display for Input<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(Literal::String(text), _) | Self::Json(Json::String(text)) => {
                formatter.write_str(&quote(text))
            }
            Self::Literal(Literal::List(_), _) | Self::Json(Json::Array(_)) => {
                formatter.write_str("a list")
            }
            Self::Literal(Literal::Object(_), _) | Self::Json(Json::Object(_)) => {
                formatter.write_str("an object")
            }
            Self::Literal(other, _) => write!(formatter, "{other}"),
            Self::Json(other) => write!(formatter, "{other}"),
        }
    }
}

/// A number without a fraction, in any notation.
fn whole_number(number: &serde_json::Number) -> Option<i32> {
    if let Some(number) = number.as_i64() {
        return i32::try_from(number).ok();
    }
    let number = number.as_f64().filter(|number| number.fract() == 0.0)?;
    // Rust has no checked conversion from a floating-point number to an integer. So the number is formatted without
    // decimals and parsed as an integer.
    format!("{number:.0}").parse().ok()
}
