//! Leaves: scalars, enums and lists of them. An [`Encoding`] writes a leaf from a column of the database directly as JSON. A
//! [`LeafType`] is a Rust type whose values become a [`Leaf`], which `write.rs` writes.

use async_graphql::registry::Registry;
use async_graphql::{EnumType, ID, InputType};
use uuid::Uuid;

use super::json;
use crate::db::rows::Rows;
use crate::domain::{GlobalId, Kind, StringEnum};
use crate::graphql::error::Error;
use crate::graphql::scalar::{Date, DateTime, EdtfDate};

/// The form in which a column contains a leaf.
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
    /// The stored name of an enum value. Each pair consists of the stored name and the name in the API.
    StringEnum(Vec<(&'static str, &'static str)>),
}

/// The reason why the value of a column was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwritten {
    /// The column is null.
    Null,
    /// The value of the column does not have the form of the encoding.
    Malformed,
}

/// The number as an Int, or the largest Int if the number is greater. No number of the API is below the smallest Int.
pub fn saturating_int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

impl Encoding {
    /// The encoding of the GraphQL enum `E`. `S` is the enum of the stored names.
    pub fn string_enum<E: EnumType, S: StringEnum + From<E>>() -> Self {
        let names = E::items().iter().map(|item| (S::from(item.value).as_str(), item.name));
        Self::StringEnum(names.collect())
    }

    /// Writes the column at `position` of a row.
    ///
    /// # Errors
    /// Fails if the column is null or malformed. In this case, nothing is written.
    pub fn write(
        &self,
        rows: &Rows,
        row: usize,
        position: usize,
        json: &mut Vec<u8>,
    ) -> Result<(), Unwritten> {
        let integer = || rows.integer(row, position).ok_or(Unwritten::Null);
        let text = || rows.text(row, position).ok_or(Unwritten::Null);
        match self {
            Self::Text => json::string(json, text()?),
            Self::Texts => json.extend_from_slice(text()?.as_bytes()),
            Self::Integer => {
                let integer = i32::try_from(integer()?).map_err(|_| Unwritten::Malformed)?;
                json::integer(json, integer.into());
            }
            Self::Boolean => json::boolean(json, integer()? != 0),
            Self::Instant => json::instant(json, text()?).ok_or(Unwritten::Malformed)?,
            Self::Id(kind) => {
                let uuid = Uuid::try_parse_ascii(text()?.as_bytes());
                let uuid = uuid.map_err(|_| Unwritten::Malformed)?;
                json.push(b'"');
                json.extend_from_slice(&GlobalId { kind: *kind, uuid }.bytes());
                json.push(b'"');
            }
            Self::StringEnum(names) => {
                let text = text()?;
                let name = names.iter().find(|(stored, _)| *stored == text);
                json::plain(json, name.ok_or(Unwritten::Malformed)?.1);
            }
        }
        Ok(())
    }
}

/// A value on which no fields can be selected.
#[derive(Debug)]
pub enum Leaf {
    Null,
    Boolean(bool),
    Integer(i32),
    Float(f64),
    /// A text, which may need escapes.
    Text(String),
    /// The name of an enum value, which needs no escapes.
    Name(&'static str),
    List(Vec<Leaf>),
    /// The error for one parent. The same field may have succeeded for other parents.
    Failed(Box<Error>),
}

/// A Rust type whose values are leaves.
pub trait LeafType: 'static {
    /// The GraphQL type, such as `String!`.
    fn type_name() -> String;

    /// Adds the type to async-graphql's registry, if it is not there yet.
    fn register(registry: &mut Registry);

    /// The value as a leaf.
    fn into_leaf(self) -> Leaf;
}

macro_rules! leaf_type {
    ($ty:ty, $value:ident => $leaf:expr) => {
        impl LeafType for $ty {
            fn type_name() -> String {
                <$ty as InputType>::qualified_type_name()
            }

            fn register(registry: &mut Registry) {
                // The function returns the name of the type, which is not needed.
                let _ = <$ty as InputType>::create_type_info(registry);
            }

            fn into_leaf(self) -> Leaf {
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
        let _ = E::create_type_info(registry);
    }

    fn into_leaf(self) -> Leaf {
        let item = E::items().iter().find(|item| item.value == self.0);
        let unknown = || Leaf::Failed(Box::new(Error::internal("an enum lacks a value")));
        item.map_or_else(unknown, |item| Leaf::Name(item.name))
    }
}

impl<T: LeafType> LeafType for Option<T> {
    fn type_name() -> String {
        let required = T::type_name();
        required.strip_suffix('!').unwrap_or(&required).to_owned()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn into_leaf(self) -> Leaf {
        self.map_or(Leaf::Null, LeafType::into_leaf)
    }
}

impl<T: LeafType> LeafType for Vec<T> {
    fn type_name() -> String {
        format!("[{}]!", T::type_name())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn into_leaf(self) -> Leaf {
        Leaf::List(self.into_iter().map(LeafType::into_leaf).collect())
    }
}

impl<T: LeafType> LeafType for Result<T, Error> {
    fn type_name() -> String {
        T::type_name()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn into_leaf(self) -> Leaf {
        match self {
            Ok(value) => value.into_leaf(),
            Err(error) => Leaf::Failed(Box::new(error)),
        }
    }
}
