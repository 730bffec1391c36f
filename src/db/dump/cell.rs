//! The values in a dump: their types, and how to parse and write them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::QueryResult;
use diesel::query_builder::AstPass;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};
use serde_json::Value;

use super::super::MultiBackend;
use crate::domain::day::INSTANT_FORMAT;

/// The types of columns. The database checks whether a column may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Integer,
    BigInt,
    Bool,
    Date,
    Instant,
}

/// A value in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cell {
    Text(Option<String>),
    Integer(Option<i32>),
    BigInt(Option<i64>),
    Bool(Option<bool>),
    Date(Option<NaiveDate>),
    Instant(Option<NaiveDateTime>),
}

impl Type {
    /// The type with this name in a database's catalogue.
    pub(super) fn declared(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" => Self::Text,
            "integer" => Self::Integer,
            "bigint" => Self::BigInt,
            "boolean" => Self::Bool,
            "date" => Self::Date,
            "timestamp" | "timestamp without time zone" => Self::Instant,
            _ => return None,
        })
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer | Self::BigInt => "a whole number",
            Self::Bool => "true or false",
            Self::Date => "a day like \"2015-02-12\"",
            Self::Instant => "a time like \"2015-02-12T08:30:00.000000Z\"",
        }
    }

    /// Parses a value from a dump, or from JSON that a database returned.
    pub(super) fn read(self, value: &Value) -> Option<Cell> {
        if value.is_null() {
            return Some(self.null());
        }
        Some(match self {
            Self::Text => {
                let text = value.as_str().filter(|text| !text.contains('\0'))?;
                Cell::Text(Some(text.to_owned()))
            }
            Self::Integer => Cell::Integer(Some(value.as_i64()?.try_into().ok()?)),
            Self::BigInt => Cell::BigInt(Some(value.as_i64()?)),
            Self::Bool => Cell::Bool(Some(match value.as_i64() {
                // SQLite stores booleans as integers.
                Some(0) => false,
                Some(1) => true,
                _ => value.as_bool()?,
            })),
            Self::Date => Cell::Date(Some(value.as_str()?.parse().ok()?)),
            Self::Instant => {
                let text = value.as_str()?;
                // SQLite writes a space instead of the T. Neither database writes the Z.
                let text = text.strip_suffix('Z').unwrap_or(text).replacen(' ', "T", 1);
                Cell::Instant(Some(text.parse().ok()?))
            }
        })
    }

    fn null(self) -> Cell {
        match self {
            Self::Text => Cell::Text(None),
            Self::Integer => Cell::Integer(None),
            Self::BigInt => Cell::BigInt(None),
            Self::Bool => Cell::Bool(None),
            Self::Date => Cell::Date(None),
            Self::Instant => Cell::Instant(None),
        }
    }
}

impl Cell {
    /// The value in a dump.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Text(value) => value.as_deref().into(),
            Self::Integer(value) => (*value).into(),
            Self::BigInt(value) => (*value).into(),
            Self::Bool(value) => (*value).into(),
            Self::Date(value) => value.map(|date| date.to_string()).into(),
            Self::Instant(value) => {
                value.map(|instant| instant.format(INSTANT_FORMAT).to_string()).into()
            }
        }
    }

    /// Binds the value to a statement.
    pub(super) fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match self {
            Self::Text(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Self::Integer(value) => out.push_bind_param::<Nullable<Integer>, _>(value),
            Self::BigInt(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Self::Bool(value) => out.push_bind_param::<Nullable<Bool>, _>(value),
            Self::Date(value) => out.push_bind_param::<Nullable<Date>, _>(value),
            Self::Instant(value) => out.push_bind_param::<Nullable<Timestamp>, _>(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_parsed_in_all_forms_that_databases_write() {
        let read = |ty: Type, text: &str| {
            ty.read(&serde_json::from_str(text).expect("JSON"))
                .map(|cell| cell.to_json().to_string())
        };
        for (ty, text, expected) in [
            (Type::Bool, "1", "true"),
            (Type::Bool, "false", "false"),
            (Type::Instant, "\"2015-02-12 08:30:00\"", "\"2015-02-12T08:30:00.000000Z\""),
            (Type::Instant, "\"2015-02-12T08:30:00.12\"", "\"2015-02-12T08:30:00.120000Z\""),
            (Type::Instant, "\"2015-02-12T08:30:00.123456Z\"", "\"2015-02-12T08:30:00.123456Z\""),
            (Type::Date, "\"2015-02-12\"", "\"2015-02-12\""),
            (Type::BigInt, "9007199254740993", "9007199254740993"),
            (Type::Text, "\"a\\nb\"", "\"a\\nb\""),
            (Type::Text, "null", "null"),
        ] {
            assert_eq!(read(ty, text).as_deref(), Some(expected), "{text}");
        }
        for (ty, text) in [
            (Type::Bool, "2"),
            (Type::Integer, "2147483648"),
            (Type::Integer, "1.5"),
            (Type::Date, "\"2015-02-30\""),
            (Type::Instant, "\"yesterday\""),
            (Type::Text, "7"),
            (Type::Text, "\"a\\u0000b\""),
        ] {
            assert_eq!(read(ty, text), None, "{text}");
        }
    }
}
