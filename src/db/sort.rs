//! Sort keys of lists, and their values in cursors.
//!
//! A cursor contains the sort values of its record. So paging continues correctly even if the record has moved or left the
//! list.

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::query::Sql;
use crate::domain::Id;

/// A sort key.
#[derive(Debug, Clone, Copy)]
pub struct SortKey {
    /// The SQL expression.
    pub expression: &'static str,
    kind: SortKind,
}

#[derive(Debug, Clone, Copy)]
enum SortKind {
    Id,
    Text,
    Integer,
    Day,
    Instant,
}

impl SortKey {
    /// An id.
    pub(super) const fn id(expression: &'static str) -> Self {
        Self { expression, kind: SortKind::Id }
    }

    /// A text.
    pub(super) const fn text(expression: &'static str) -> Self {
        Self { expression, kind: SortKind::Text }
    }

    /// A whole number.
    pub(super) const fn integer(expression: &'static str) -> Self {
        Self { expression, kind: SortKind::Integer }
    }

    /// A day.
    pub(super) const fn day(expression: &'static str) -> Self {
        Self { expression, kind: SortKind::Day }
    }

    /// An instant.
    pub(super) const fn instant(expression: &'static str) -> Self {
        Self { expression, kind: SortKind::Instant }
    }

    /// Parses a value of this key, as written by `Rows::sort_text`.
    #[must_use]
    pub fn parse(&self, text: &str) -> Option<SortValue> {
        let value = match self.kind {
            SortKind::Id => SortValue::Text(Id::<()>::parse(text)?.to_string()),
            SortKind::Text => SortValue::Text(text.to_owned()),
            SortKind::Integer => SortValue::Integer(text.parse().ok()?),
            SortKind::Day => SortValue::Day(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?),
            SortKind::Instant => SortValue::Instant(
                NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?,
            ),
        };
        let day = match value {
            SortValue::Day(day) => Some(day),
            SortValue::Instant(instant) => Some(instant.date()),
            SortValue::Text(_) | SortValue::Integer(_) => None,
        };
        // Other years are never stored, and PostgreSQL rejects some of them.
        day.is_none_or(|day| (1..=9999).contains(&day.year())).then_some(value)
    }
}

/// The value of a sort key for one record.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SortValue {
    /// A text or an id.
    Text(String),
    /// A whole number.
    Integer(i32),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    Instant(NaiveDateTime),
}

impl SortValue {
    /// Adds the value to a statement.
    pub(super) fn bind(&self, sql: Sql) -> Sql {
        match self {
            Self::Text(text) => sql.bind(text.as_str()),
            Self::Integer(integer) => sql.bind_integer(*integer),
            Self::Day(day) => sql.bind_date(*day),
            Self::Instant(instant) => sql.bind_instant(*instant),
        }
    }
}
