//! Creates, updates, archives and restores records of all kinds, with validation and entries in the change log.

mod kind;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
pub use kind::{Candidate, Record, Stored, check_all};

use super::change::Action;
use super::kind_table::{referred_table, versioned_table};
use super::{DbConnection, Error, Transaction, external_id};
use crate::domain::{GlobalId, Id, Kind, ValidationError, ValidationErrorCode};

/// Creates a record.
///
/// # Errors
/// Fails if the content is invalid, or on database errors.
pub fn create<R: Record>(
    transaction: &mut Transaction<'_>,
    content: &R,
) -> Result<Id<R::Of>, Error> {
    let id = Id::new();
    check(transaction, id, content, None)?;
    let mut content = content.clone();
    content.make_room(transaction.connection(), None)?;
    create_checked(transaction, &[Candidate::new(id, &content)])?;
    Ok(id)
}

/// Creates records in which [`check_all`] found no errors, in order. The caller must ensure that no two of them have
/// the same slug, number or precondition. Other records may already refer to their ids. Writes the positions that the
/// contents state. The caller sets the positions of the other records.
///
/// # Errors
/// Database errors.
pub fn create_checked<R: Record>(
    transaction: &mut Transaction<'_>,
    candidates: &[Candidate<'_, R>],
) -> Result<(), Error> {
    R::insert(transaction.connection(), candidates)?;
    external_id::insert(transaction.connection(), candidates)?;
    let complete = || candidates.iter().filter(|candidate| !candidate.is_incomplete);
    let ids: Vec<Id<R::Of>> = complete().map(|candidate| candidate.id).collect();
    R::index(transaction.connection(), &ids)?;
    for candidate in complete() {
        let fields = candidate.content.fields();
        transaction.log(Action::Created, R::KIND, candidate.id, &[], &fields)?;
    }
    Ok(())
}

/// Completes a record that [`create_checked`] has inserted without some of its references.
///
/// # Errors
/// The errors of the content, and database errors.
pub fn complete<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    let incomplete = expect::<R>(transaction.connection(), id, None)?.content;
    check(transaction, id, content, Some(&incomplete))?;
    if *content != incomplete {
        content.update(transaction.connection(), id, &incomplete)?;
    }
    R::index(transaction.connection(), &[id])?;
    transaction.log(Action::Created, R::KIND, id, &[], &content.fields())
}

/// The number of records that are loaded with one statement.
const LOAD_BATCH_SIZE: usize = 500;

/// Every record of a kind, keyed by id. Includes archived records.
///
/// # Errors
/// Database errors.
pub fn load_all<R: Record>(
    connection: &mut DbConnection,
) -> Result<HashMap<String, Stored<R>>, Error> {
    let table = referred_table(&[R::KIND]);
    let ids: Vec<Id<R::Of>> = diesel::sql_query(format!("SELECT id FROM {table} ORDER BY id"))
        .load::<RowId>(connection)?
        .iter()
        .filter_map(|row| Id::stored(&row.id))
        .collect();
    let mut records = HashMap::with_capacity(ids.len());
    for ids in ids.chunks(LOAD_BATCH_SIZE) {
        records.extend(R::load(connection, ids)?);
    }
    Ok(records)
}

/// The id in a row.
#[derive(QueryableByName)]
struct RowId {
    #[diesel(sql_type = diesel::sql_types::Text)]
    id: String,
}

/// The outcome of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateOutcome {
    /// The record was changed.
    Changed,
    /// The record already had this content.
    Unchanged,
}

/// Updates a record. `edit` changes the content. If `expected_version` is not the current version, nothing is written.
///
/// # Errors
/// The errors of the content, a missing record, a stale version, and database errors.
pub fn update<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    expected_version: Option<i32>,
    edit: impl FnOnce(&mut R),
) -> Result<UpdateOutcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, expected_version)?;
    let mut content = stored.content.clone();
    edit(&mut content);
    if content == stored.content {
        return Ok(UpdateOutcome::Unchanged);
    }
    check(transaction, id, &content, Some(&stored.content))?;
    content.make_room(transaction.connection(), Some(&stored.content))?;
    replace(transaction, id, &stored, &content)
}

/// The ids of the candidates that are already stored with the same content. Ignores the slug.
///
/// # Errors
/// Database errors.
pub fn unchanged<R: Record>(
    connection: &mut DbConnection,
    candidates: &[Candidate<'_, R>],
) -> Result<HashSet<Id<R::Of>>, Error> {
    let ids: Vec<Id<R::Of>> = candidates.iter().map(|candidate| candidate.id).collect();
    let stored = R::load(connection, &ids)?;
    let is_unchanged = |candidate: &&Candidate<'_, R>| {
        stored.get(candidate.id.as_str()).is_some_and(|stored| {
            let mut content = candidate.content.clone();
            content.keep_slug(&stored.content);
            content == stored.content
        })
    };
    Ok(candidates.iter().filter(is_unchanged).map(|candidate| candidate.id).collect())
}

/// Updates a record that was found by slug or number. Keeps the stored slug, because the record may have been found by a
/// former slug. Writes the position that the content states. The caller sets the positions of the other records.
///
/// # Errors
/// The errors of the content, a missing record, and database errors.
pub fn update_as<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<UpdateOutcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, None)?;
    let mut content = content.clone();
    content.keep_slug(&stored.content);
    if content == stored.content {
        return Ok(UpdateOutcome::Unchanged);
    }
    check(transaction, id, &content, Some(&stored.content))?;
    replace(transaction, id, &stored, &content)
}

fn replace<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    stored: &Stored<R>,
    content: &R,
) -> Result<UpdateOutcome, Error> {
    if *content == stored.content {
        return Ok(UpdateOutcome::Unchanged);
    }
    content.update(transaction.connection(), id, &stored.content)?;
    external_id::update(transaction.connection(), id, content, &stored.content)?;
    R::index(transaction.connection(), &[id])?;
    set_version(transaction, R::KIND, id, stored.version + 1)?;
    transaction.log(Action::Updated, R::KIND, id, &stored.content.fields(), &content.fields())?;
    Ok(UpdateOutcome::Changed)
}

/// Archives or restores a record. Lists exclude archived records. References to them remain valid.
///
/// # Errors
/// A missing record, a stale version, and database errors.
pub fn set_archived<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    expected_version: Option<i32>,
    archived: bool,
) -> Result<UpdateOutcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, expected_version)?;
    if stored.is_archived == archived {
        return Ok(UpdateOutcome::Unchanged);
    }
    let at = archived.then_some(transaction.at());
    let table = versioned_table(R::KIND);
    let connection = transaction.connection();
    diesel::sql_query(format!("UPDATE {table} SET archived_at = $1 WHERE id = $2"))
        .bind::<diesel::sql_types::Nullable<diesel::sql_types::Timestamp>, _>(at)
        .bind::<diesel::sql_types::Text, _>(id.as_str())
        .execute(connection)?;
    R::index(connection, &[id])?;
    set_version(transaction, R::KIND, id, stored.version + 1)?;
    let action = if archived { Action::Archived } else { Action::Restored };
    transaction.log(action, R::KIND, id, &[], &[])?;
    Ok(UpdateOutcome::Changed)
}

/// Rejects a stale version.
pub(super) fn check_version(current: i32, expected: Option<i32>) -> Result<(), ValidationError> {
    match expected {
        Some(expected) if expected != current => {
            let message = format!(
                "version {expected} is stale: the current version is {current}; read the record again"
            );
            Err(ValidationError::new(ValidationErrorCode::Conflict, "expected_version", message))
        }
        _ => Ok(()),
    }
}

/// The error for an id that no record has.
#[must_use]
pub fn missing<T>(kind: Kind, path: &str, id: Id<T>) -> ValidationError {
    let message =
        format!("there is no {} with the id “{}”", kind.words(), GlobalId::new(kind, id).encode());
    ValidationError::new(ValidationErrorCode::NotFound, path, message)
}

fn expect<R: Record>(
    connection: &mut DbConnection,
    id: Id<R::Of>,
    expected_version: Option<i32>,
) -> Result<Stored<R>, Error> {
    let stored = R::load(connection, &[id])?.remove(id.as_str());
    let stored = stored.ok_or_else(|| missing(R::KIND, "id", id))?;
    check_version(stored.version, expected_version)?;
    Ok(stored)
}

fn check<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
    stored: Option<&R>,
) -> Result<(), Error> {
    let mut candidates = [Candidate { stored, ..Candidate::new(id, content) }];
    check_all(transaction, &mut candidates)?;
    let [candidate] = candidates;
    Ok(candidate.errors.into_result()?)
}

pub(super) fn set_version<T>(
    transaction: &mut Transaction<'_>,
    kind: Kind,
    id: Id<T>,
    version: i32,
) -> Result<(), Error> {
    let table = versioned_table(kind);
    diesel::sql_query(format!("UPDATE {table} SET version = $1 WHERE id = $2"))
        .bind::<diesel::sql_types::Integer, _>(version)
        .bind::<diesel::sql_types::Text, _>(id.as_str())
        .execute(transaction.connection())?;
    Ok(())
}
