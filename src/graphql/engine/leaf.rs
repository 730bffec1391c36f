//! Leaves: scalars and enums, from a column or from a Rust value, as JSON.

use async_graphql::registry::Registry;
use async_graphql::{EnumType, ID, InputType};
use uuid::Uuid;

use super::json;
use crate::db::rows::Rows;
use crate::domain::{GlobalId, Kind, StringEnum};
use crate::graphql::error::Error;
use crate::graphql::scalar::{Date, DateTime, EdtfDate};

/// The format of a column, and its conversion to JSON.
pub enum Encoding {
    /// A text or a day, unchanged.
    Text,
    /// A JSON array of strings, unchanged.
    Texts,
    Integer,
    Boolean,
    /// An instant: `2022-01-26 16:20:00.5` becomes `2022-01-26T16:20:00.500000Z`.
    Instant,
    /// The UUID of a record, written as its global id.
    Id(Kind),
    /// A stored name, written as the name of the enum value. The pairs contain both names.
    StringEnum(Vec<(&'static str, &'static str)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    Null,
    /// The value does not have the type.
    Value,
}

/// The number as an Int, at most the largest Int.
pub fn number(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

impl Encoding {
    /// The encoding of the enum `E`, stored under the names of `S`.
    pub fn string_enum<E: EnumType, S: StringEnum + From<E>>() -> Self {
        let names = E::items().iter().map(|item| (S::from(item.value).as_str(), item.name));
        Self::StringEnum(names.collect())
    }

    /// Writes the column at `position` of a row. Writes nothing on failure.
    pub fn write(
        &self,
        rows: &Rows,
        row: usize,
        position: usize,
        json: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        if let Self::Integer | Self::Boolean = self {
            let integer = rows.integer(row, position).ok_or(Malformed::Null)?;
            match self {
                Self::Boolean => json::boolean(json, integer != 0),
                _ => json::integer(
                    json,
                    i32::try_from(integer).map_err(|_| Malformed::Value)?.into(),
                ),
            }
            return Ok(());
        }
        let text = rows.text(row, position).ok_or(Malformed::Null)?;
        match self {
            Self::Texts => json.extend_from_slice(text.as_bytes()),
            Self::Instant => json::instant(json, text).ok_or(Malformed::Value)?,
            Self::Id(kind) => {
                let uuid = Uuid::try_parse_ascii(text.as_bytes()).map_err(|_| Malformed::Value)?;
                json.push(b'"');
                json.extend_from_slice(&GlobalId { kind: *kind, uuid }.bytes());
                json.push(b'"');
            }
            Self::StringEnum(names) => {
                let name = names.iter().find(|(stored, _)| *stored == text);
                json::plain(json, name.ok_or(Malformed::Value)?.1);
            }
            _ => json::string(json, text),
        }
        Ok(())
    }
}

#[derive(Debug)]
pub enum Leaf {
    Null,
    Boolean(bool),
    Integer(i32),
    Float(f64),
    Text(String),
    Name(&'static str),
    List(Vec<Leaf>),
    Failed(Box<Error>),
}

/// A Rust type whose values are leaves.
pub trait LeafType: 'static {
    /// The GraphQL type, such as `String!`.
    fn type_name() -> String;

    fn register(registry: &mut Registry);

    fn leaf(self) -> Leaf;
}

macro_rules! leaf_type {
    ($ty:ty, $value:ident => $leaf:expr) => {
        impl LeafType for $ty {
            fn type_name() -> String {
                <$ty as InputType>::qualified_type_name()
            }

            fn register(registry: &mut Registry) {
                drop(<$ty as InputType>::create_type_info(registry));
            }

            fn leaf(self) -> Leaf {
                let $value = self;
                $leaf
            }
        }
    };
}

leaf_type!(bool, value => Leaf::Boolean(value));
leaf_type!(i32, value => Leaf::Integer(value));
leaf_type!(f64, value => Leaf::Float(value));
leaf_type!(String, value => Leaf::Text(value));
leaf_type!(ID, value => Leaf::Text(value.0));
leaf_type!(Date, value => Leaf::Text(value.0.to_string()));
leaf_type!(DateTime, value => Leaf::Text(value.to_text()));
leaf_type!(EdtfDate, value => Leaf::Text(value.0));

/// A value of an enum.
#[derive(Debug, Clone, Copy)]
pub struct Enumerated<E>(pub E);

impl<E: EnumType + InputType> LeafType for Enumerated<E> {
    fn type_name() -> String {
        E::qualified_type_name()
    }

    fn register(registry: &mut Registry) {
        drop(E::create_type_info(registry));
    }

    fn leaf(self) -> Leaf {
        let item = E::items().iter().find(|item| item.value == self.0);
        item.map_or(Leaf::Null, |item| Leaf::Name(item.name))
    }
}

impl<T: LeafType> LeafType for Option<T> {
    fn type_name() -> String {
        T::type_name().trim_end_matches('!').to_owned()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn leaf(self) -> Leaf {
        self.map_or(Leaf::Null, LeafType::leaf)
    }
}

impl<T: LeafType> LeafType for Vec<T> {
    fn type_name() -> String {
        format!("[{}]!", T::type_name())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn leaf(self) -> Leaf {
        Leaf::List(self.into_iter().map(LeafType::leaf).collect())
    }
}

impl<T: LeafType> LeafType for Result<T, Error> {
    fn type_name() -> String {
        T::type_name()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn leaf(self) -> Leaf {
        match self {
            Ok(value) => value.leaf(),
            Err(error) => Leaf::Failed(Box::new(error)),
        }
    }
}
