//! Preconditions: their rows, and how they are created and updated.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::query::{self, Sql};
use super::record::{Record, Stored};
use super::rows::Lookup;
use super::schema::preconditions;
use super::{DbConnection, Error};
use crate::domain::id::{AssessableId, PartyId, PreconditionId, SourceId, of};
use crate::domain::precondition::{PreconditionContent, PreconditionKind};
use crate::domain::{Kind, StringEnum, ValidationErrorCode, ValidationErrors};

/// The preconditions of steps. Excludes archived preconditions.
pub const OF_STEPS: Lookup = Lookup {
    from: "preconditions WHERE preconditions.archived_at IS NULL AND",
    key: "preconditions.step_id",
    order: "preconditions.id",
};

/// The preconditions that require the given steps. Excludes archived preconditions.
pub const REQUIRING: Lookup = Lookup {
    from: "preconditions WHERE preconditions.archived_at IS NULL AND",
    key: "preconditions.requires_id",
    order: "preconditions.id",
};

/// A precondition.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = preconditions)]
pub struct Precondition {
    /// Primary key.
    pub id: PreconditionId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Whether the step cannot begin, finish or take effect before.
    pub kind: PreconditionKind,
    /// The step that waits.
    pub step_id: AssessableId,
    /// The step that must be done first.
    pub requires_id: AssessableId,
    /// The party whose reading this is. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// Remarks.
    pub note: Option<String>,
    /// The source of this record.
    pub source_id: Option<SourceId>,
    /// When it was archived. Null if it is in use.
    pub archived_at: Option<NaiveDateTime>,
}

/// The preconditions with these ids, by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Precondition>, Error> {
    query::by_key(connection, "preconditions WHERE", "preconditions.id", ids)
}

/// The precondition with the same kind, steps and holder, archived or not.
///
/// # Errors
/// Database errors.
pub fn find(
    connection: &mut DbConnection,
    content: &PreconditionContent,
) -> Result<Option<PreconditionId>, Error> {
    let sql = Sql::new("SELECT id, id FROM preconditions WHERE kind = ")
        .bind(content.kind.as_str())
        .text(" AND step_id = ")
        .bind(content.step.as_str())
        .text(" AND requires_id = ")
        .bind(content.requires.as_str())
        .text(" AND coalesce(held_by_id, '') = ")
        .bind(content.held_by.map_or_else(String::new, |holder| holder.to_string()));
    let ids = query::pairs(connection, sql)?;
    Ok(ids.first().and_then(|(id, _)| PreconditionId::parse(id)))
}

impl Record for PreconditionContent {
    type Of = of::Precondition;
    const KIND: Kind = Kind::Precondition;

    fn load(
        connection: &mut DbConnection,
        id: PreconditionId,
    ) -> Result<Option<Stored<Self>>, Error> {
        let row = preconditions::table
            .find(id)
            .select(Precondition::as_select())
            .first(connection)
            .optional()?;
        Ok(row.map(|row: Precondition| Stored {
            version: row.version,
            is_archived: row.archived_at.is_some(),
            content: Self {
                kind: row.kind,
                step: row.step_id,
                requires: row.requires_id,
                held_by: row.held_by_id,
                note: row.note,
                source: row.source_id,
            },
        }))
    }

    fn validate_in_context(
        &self,
        connection: &mut DbConnection,
        id: PreconditionId,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        if find(connection, self)?.is_some_and(|other| other != id) {
            let message = "the same precondition is recorded already, for the same holder (archived ones count)";
            errors.add(ValidationErrorCode::Duplicate, "requires", message);
        }
        Ok(())
    }

    fn insert(&self, connection: &mut DbConnection, id: PreconditionId) -> Result<(), Error> {
        let row = Precondition {
            id,
            version: 1,
            kind: self.kind,
            step_id: self.step,
            requires_id: self.requires,
            held_by_id: self.held_by,
            note: self.note.clone(),
            source_id: self.source,
            archived_at: None,
        };
        diesel::insert_into(preconditions::table).values(&row).execute(connection)?;
        Ok(())
    }

    fn update(
        &self,
        connection: &mut DbConnection,
        id: PreconditionId,
        _old: &Self,
    ) -> Result<(), Error> {
        diesel::update(preconditions::table.find(id))
            .set((
                preconditions::kind.eq(self.kind),
                preconditions::step_id.eq(self.step),
                preconditions::requires_id.eq(self.requires),
                preconditions::held_by_id.eq(self.held_by),
                preconditions::note.eq(&self.note),
                preconditions::source_id.eq(self.source),
            ))
            .execute(connection)?;
        Ok(())
    }
}
