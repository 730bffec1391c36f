//! Statements that bind cells.

use std::borrow::Cow;

use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use diesel::{QueryResult, RunQueryDsl};

use super::super::{DbConnection, MultiBackend};
use super::cell::Cell;

/// A statement in parts. If it is a query, it returns one text column.
#[derive(Default)]
pub(super) struct DumpStatement<'a> {
    parts: Vec<Part<'a>>,
}

enum Part<'a> {
    Text(Cow<'static, str>),
    Cell(&'a Cell),
}

impl<'a> DumpStatement<'a> {
    /// Adds a piece of text.
    pub(super) fn text(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    /// Adds values in parentheses.
    pub(super) fn cells(self, cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut statement = self.text("(");
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                statement = statement.text(", ");
            }
            statement.parts.push(Part::Cell(cell));
        }
        statement.text(")")
    }
}

impl QueryFragment<MultiBackend> for DumpStatement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_sql(text),
                Part::Cell(cell) => cell.push(&mut out)?,
            }
        }
        Ok(())
    }
}

// There is no static id, so the statement cache uses the text as its key. The text does not depend on the values.
impl QueryId for DumpStatement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for DumpStatement<'_> {
    type SqlType = (Text,);
}

impl RunQueryDsl<DbConnection> for DumpStatement<'_> {}
