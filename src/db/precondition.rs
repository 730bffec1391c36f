//! Preconditions: their rows, their creation and their updates.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::insert::insert_rows;
use super::provenance::PreconditionProvenance;
use super::query::{self, Sql};
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::preconditions;
use super::{DbConnection, Error};
use crate::domain::id::{AssessableId, PartyId, PreconditionId, of};
use crate::domain::precondition::{PreconditionContent, PreconditionKind, PreconditionNeed};
use crate::domain::{Kind, ValidationErrorCode};

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
#[diesel(table_name = preconditions, treat_none_as_default_value = false)]
pub struct Precondition {
    /// Primary key.
    pub id: PreconditionId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// What the step must not do until the requirement is met: begin, finish or take effect.
    pub kind: PreconditionKind,
    /// The step that waits.
    pub step_id: AssessableId,
    /// The step that must be done or have begun first.
    pub requires_id: AssessableId,
    /// Whether the required step must be done, or must only have begun.
    pub needs: PreconditionNeed,
    /// The party according to which the precondition exists. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: PreconditionProvenance,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// The preconditions with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Precondition>, Error> {
    query::by_key(connection, "preconditions WHERE", "preconditions.id", ids)
}

/// For each of these contents, the precondition with the same kind, steps and holder, archived or not.
///
/// # Errors
/// Database errors.
pub fn find<'a>(
    connection: &mut DbConnection,
    contents: impl Iterator<Item = &'a PreconditionContent> + Clone,
) -> Result<Vec<Option<PreconditionId>>, Error> {
    let steps: BTreeSet<AssessableId> = contents.clone().map(|content| content.step).collect();
    let tail = Sql::new("FROM preconditions WHERE ").one_or_any_of(
        connection.dialect(),
        "preconditions.step_id",
        &Vec::from_iter(steps),
    );
    let rows: Vec<Precondition> = query::select(connection, tail)?;
    let key = |row: &Precondition| (row.kind, row.step_id, row.requires_id, row.held_by_id);
    let ids: HashMap<_, PreconditionId> = rows.iter().map(|row| (key(row), row.id)).collect();
    let id = |content: &PreconditionContent| {
        ids.get(&(content.kind, content.step, content.requires, content.held_by)).copied()
    };
    Ok(contents.map(id).collect())
}

impl Record for PreconditionContent {
    type Of = of::Precondition;
    const KIND: Kind = Kind::Precondition;

    fn load(
        connection: &mut DbConnection,
        ids: &[PreconditionId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let stored = |(id, row): (String, Precondition)| {
            let content = Self {
                kind: row.kind,
                step: row.step_id,
                requires: row.requires_id,
                needs: row.needs,
                held_by: row.held_by_id,
                provenance: row.provenance.into(),
            };
            let is_archived = row.archived_at.is_some();
            (id, Stored { version: row.version, is_archived, content })
        };
        Ok(by_ids(connection, ids)?.into_iter().map(stored).collect())
    }

    fn validate_in_context(
        connection: &mut DbConnection,
        candidates: &mut [&mut Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let others = find(connection, candidates.iter().map(|candidate| candidate.content))?;
        for (candidate, other) in candidates.iter_mut().zip(others) {
            if other.is_some_and(|other| other != candidate.id) {
                let message = "the same precondition is already recorded for this holder (archived preconditions count, too)";
                candidate.errors.add(ValidationErrorCode::Duplicate, "requires", message);
            }
        }
        Ok(())
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| Precondition {
            id: *id,
            version: 1,
            kind: content.kind,
            step_id: content.step,
            requires_id: content.requires,
            needs: content.needs,
            held_by_id: content.held_by,
            provenance: (&content.provenance).into(),
            archived_at: None,
        };
        insert_rows!(connection, preconditions::table, candidates.iter().map(row).collect());
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
                preconditions::needs.eq(self.needs),
                preconditions::held_by_id.eq(self.held_by),
                PreconditionProvenance::from(&self.provenance),
            ))
            .execute(connection)?;
        Ok(())
    }
}
