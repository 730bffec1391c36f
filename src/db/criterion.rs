//! Criteria of clauses: their rows.

use diesel::prelude::*;

use super::insert::insert_rows;
use super::rows::Lookup;
use super::schema::criteria;
use super::{DbConnection, Error};
use crate::domain::criterion::{CriterionContent, CriterionStatus};
use crate::domain::id::ClauseId;

/// The criteria of clauses, in the order of the input.
pub const OF_CLAUSES: Lookup =
    Lookup { from: "criteria WHERE", key: "criteria.clause_id", order: "criteria.position" };

/// A criterion of a clause.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = criteria, treat_none_as_default_value = false)]
pub(super) struct Criterion {
    clause_id: ClauseId,
    status: CriterionStatus,
    /// Position in the list, from 1.
    position: i32,
    text: String,
}

impl From<Criterion> for CriterionContent {
    fn from(row: Criterion) -> Self {
        Self { status: row.status, text: row.text }
    }
}

/// Inserts the criteria of clauses that have no stored criteria.
pub(super) fn insert<'a>(
    connection: &mut DbConnection,
    clauses: impl Iterator<Item = (ClauseId, &'a Vec<CriterionContent>)>,
) -> Result<(), Error> {
    let rows = clauses.flat_map(|(clause_id, contents)| {
        (1..).zip(contents).map(move |(position, content): (i32, &CriterionContent)| Criterion {
            clause_id,
            status: content.status,
            position,
            text: content.text.clone(),
        })
    });
    insert_rows!(connection, criteria::table, rows.collect());
    Ok(())
}

/// Replaces the criteria of a clause.
pub(super) fn replace(
    connection: &mut DbConnection,
    clause: ClauseId,
    contents: &Vec<CriterionContent>,
) -> Result<(), Error> {
    diesel::delete(criteria::table.filter(criteria::clause_id.eq(clause))).execute(connection)?;
    insert(connection, std::iter::once((clause, contents)))
}
