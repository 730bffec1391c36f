//! Conditions that the filters of several lists share.

use chrono::NaiveDate;

use super::query::Sql;
use super::{Dialect, slug};
use crate::domain::{Kind, StringEnum};

/// The conditions of a list, all of which must hold. If a field of the filter is `None`, it adds no condition.
pub(super) struct Conditions {
    dialect: Dialect,
    conditions: Vec<Sql>,
}

/// A table that links the records of a list to other records.
#[derive(Clone, Copy)]
pub(super) struct LinkTable {
    /// The column of the listed records' ids, such as `clauses.id`.
    pub(super) listed_id: &'static str,
    /// The table, several joined tables, or a subquery.
    pub(super) table: &'static str,
    /// The column of the table that refers to the listed record.
    pub(super) listed: &'static str,
    /// The column of the table that refers to the other record.
    pub(super) other: &'static str,
}

impl LinkTable {
    /// The condition that a record is linked to a record of `kind` with one of these slugs.
    pub(super) fn condition(self, dialect: Dialect, kind: Kind, slugs: &[String]) -> Sql {
        let Self { listed_id, table, listed, other } = self;
        Sql::new(format!("{listed_id} IN (SELECT {listed} FROM {table} WHERE {other} IN ("))
            .append(slug::ids_of(dialect, kind, slugs))
            .text("))")
    }
}

impl Conditions {
    /// No conditions yet.
    pub(super) fn none(dialect: Dialect) -> Self {
        Self { dialect, conditions: Vec::new() }
    }

    /// Starts with `is_in_use`, the condition that excludes archived records.
    pub(super) fn new(dialect: Dialect, is_in_use: impl Into<Sql>) -> Self {
        Self { dialect, conditions: vec![is_in_use.into()] }
    }

    /// Adds a condition.
    pub(super) fn push(&mut self, condition: Sql) {
        self.conditions.push(condition);
    }

    /// Adds the condition that the column has one of these values.
    pub(super) fn require_one_of<T: StringEnum>(&mut self, column: &str, values: Option<&[T]>) {
        let Some(values) = values else { return };
        let names = T::stored_names(values);
        self.push(Sql::default().one_or_any_of(self.dialect, column, &names));
    }

    /// Adds the condition that the column refers to a record with one of these slugs, current or former.
    pub(super) fn require_slugs(&mut self, kind: Kind, column: &str, slugs: Option<&[String]>) {
        let Some(slugs) = slugs else { return };
        // A slug belongs to one record, so a single slug does not need `IN`.
        let comparison = if slugs.len() == 1 { "=" } else { "IN" };
        let ids = slug::ids_of(self.dialect, kind, slugs);
        self.push(Sql::new(format!("{column} {comparison} (")).append(ids).text(")"));
    }

    /// Adds the condition that the record is linked to a record with one of these slugs, current or former.
    pub(super) fn require_link(&mut self, kind: Kind, link: LinkTable, slugs: Option<&[String]>) {
        if let Some(slugs) = slugs {
            self.push(link.condition(self.dialect, kind, slugs));
        }
    }

    /// Adds the condition that the expression is this day or later.
    pub(super) fn require_from(&mut self, expression: impl Into<Sql>, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.push(expression.into().text(" >= ").bind_date(day));
        }
    }

    /// Adds the condition that the expression is this day or earlier.
    pub(super) fn require_until(&mut self, expression: impl Into<Sql>, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.push(expression.into().text(" <= ").bind_date(day));
        }
    }

    /// Adds the condition that the column contains this text. Both must be folded.
    pub(super) fn require_text(&mut self, column: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.push(Sql::default().contains(column, text));
        }
    }

    /// Adds the condition, or its negation if `expected` is `Some(false)`.
    pub(super) fn require(&mut self, expected: Option<bool>, condition: impl FnOnce() -> Sql) {
        match expected {
            Some(true) => self.push(condition()),
            Some(false) => self.push(Sql::not(condition())),
            None => {}
        }
    }

    /// The conditions.
    pub(super) fn into_vec(self) -> Vec<Sql> {
        self.conditions
    }
}
