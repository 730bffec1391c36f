//! Creates, updates, archives and restores records of all kinds, with validation and entries in the change log.

use diesel::prelude::*;

use super::change::Action;
use super::kind_table::versioned_table;
use super::reference::{self, ExistingRecords};
use super::search_index::{self, Searched};
use super::{DbConnection, Error, Transaction, slug};
use crate::domain::{
    Content, GlobalId, Id, Kind, ValidationError, ValidationErrorCode, ValidationErrors,
};

/// A record as stored.
#[derive(Debug, Clone)]
pub struct Stored<C> {
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Whether it is archived.
    pub is_archived: bool,
    /// The stated content.
    pub content: C,
}

/// The operations of a kind of record.
pub trait Record: Content {
    /// The marker type of its ids.
    type Of;
    /// The kind.
    const KIND: Kind;
    /// How the search index reads the record. `None` if it is not searched.
    const SEARCHED: Option<Searched> = None;

    /// The slug. `None` if the record has none.
    fn slug(&self) -> Option<&str> {
        None
    }

    /// Replaces the slug by the stored one.
    fn keep_slug(&mut self, _stored: &Self) {}

    /// Loads a record. `None` if it does not exist.
    ///
    /// # Errors
    /// Database errors.
    fn load(connection: &mut DbConnection, id: Id<Self::Of>)
    -> Result<Option<Stored<Self>>, Error>;

    /// Adds the errors that depend on other records, such as a number that is taken. Does not check whether the slug is
    /// taken. Runs only if [`Content::check`] found no errors.
    ///
    /// # Errors
    /// Database errors.
    fn validate_in_context(
        &self,
        _connection: &mut DbConnection,
        _id: Id<Self::Of>,
        _errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Shifts the positions of other records so that this one can be written, and sets its own position. `old` is the
    /// stored content; `None` for a new record. Must run before the write.
    ///
    /// # Errors
    /// Database errors.
    fn make_room(
        &mut self,
        _connection: &mut DbConnection,
        _old: Option<&Self>,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Inserts a record with version 1.
    ///
    /// # Errors
    /// Database errors.
    fn insert(&self, connection: &mut DbConnection, id: Id<Self::Of>) -> Result<(), Error>;

    /// Replaces the old content. Does not change the version.
    ///
    /// # Errors
    /// Database errors.
    fn update(
        &self,
        connection: &mut DbConnection,
        id: Id<Self::Of>,
        old: &Self,
    ) -> Result<(), Error>;
}

/// Creates a record.
///
/// # Errors
/// The errors of the content, and database errors.
pub fn create<R: Record>(
    transaction: &mut Transaction<'_>,
    content: &R,
) -> Result<Id<R::Of>, Error> {
    let id = Id::new();
    check(transaction, id, content, None)?;
    let mut content = content.clone();
    content.make_room(transaction.connection(), None)?;
    insert(transaction, id, &content)?;
    Ok(id)
}

/// Creates a record with a given id, to which other records may already refer. Keeps the stated position: the caller
/// sets the positions of the others.
///
/// # Errors
/// The errors of the content, and database errors.
pub fn create_as<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    check(transaction, id, content, None)?;
    insert(transaction, id, content)
}

fn insert<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    content.insert(transaction.connection(), id)?;
    index::<R>(transaction.connection(), id)?;
    transaction.log(Action::Created, R::KIND, id, &[], &content.fields())
}

/// Inserts a record without its references to records that do not exist yet. [`complete`] must follow in the same
/// transaction: it writes the rest and the log entry.
///
/// # Errors
/// The errors of the content, and database errors.
pub fn create_incomplete<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    check(transaction, id, content, None)?;
    content.insert(transaction.connection(), id)
}

/// Completes a record that [`create_incomplete`] has inserted.
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
    index::<R>(transaction.connection(), id)?;
    transaction.log(Action::Created, R::KIND, id, &[], &content.fields())
}

/// The outcome of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
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
) -> Result<Outcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, expected_version)?;
    let mut content = stored.content.clone();
    edit(&mut content);
    if content == stored.content {
        return Ok(Outcome::Unchanged);
    }
    check(transaction, id, &content, Some(&stored.content))?;
    content.make_room(transaction.connection(), Some(&stored.content))?;
    replace(transaction, id, &stored, &content)
}

/// Updates a record that was found by slug or number. Keeps the stored slug, since the record may have been found by a
/// former slug. Keeps the stated position: the caller sets the positions of the others.
///
/// # Errors
/// The errors of the content, a missing record, and database errors.
pub fn update_as<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<Outcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, None)?;
    let mut content = content.clone();
    content.keep_slug(&stored.content);
    if content == stored.content {
        return Ok(Outcome::Unchanged);
    }
    check(transaction, id, &content, Some(&stored.content))?;
    replace(transaction, id, &stored, &content)
}

fn replace<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    stored: &Stored<R>,
    content: &R,
) -> Result<Outcome, Error> {
    if *content == stored.content {
        return Ok(Outcome::Unchanged);
    }
    content.update(transaction.connection(), id, &stored.content)?;
    index::<R>(transaction.connection(), id)?;
    set_version(transaction, R::KIND, id, stored.version + 1)?;
    transaction.log(Action::Updated, R::KIND, id, &stored.content.fields(), &content.fields())?;
    Ok(Outcome::Changed)
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
) -> Result<Outcome, Error> {
    let stored = expect::<R>(transaction.connection(), id, expected_version)?;
    if stored.is_archived == archived {
        return Ok(Outcome::Unchanged);
    }
    let at = archived.then_some(transaction.at());
    let table = versioned_table(R::KIND);
    let connection = transaction.connection();
    diesel::sql_query(format!("UPDATE {table} SET archived_at = $1 WHERE id = $2"))
        .bind::<diesel::sql_types::Nullable<diesel::sql_types::Timestamp>, _>(at)
        .bind::<diesel::sql_types::Text, _>(id.as_str())
        .execute(connection)?;
    set_version(transaction, R::KIND, id, stored.version + 1)?;
    let action = if archived { Action::Archived } else { Action::Restored };
    transaction.log(action, R::KIND, id, &[], &[])?;
    Ok(Outcome::Changed)
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

/// The error for an id of a missing record.
#[must_use]
pub fn missing<T>(kind: Kind, path: &str, id: Id<T>) -> ValidationError {
    let message =
        format!("there is no {} with the id “{}”", kind.words(), GlobalId::new(kind, id).encode());
    ValidationError::new(ValidationErrorCode::NotFound, path, message)
}

/// Updates the search index for a record that was just written.
fn index<R: Record>(connection: &mut DbConnection, id: Id<R::Of>) -> Result<(), Error> {
    match &R::SEARCHED {
        Some(searched) => search_index::index(connection, searched, &[id]),
        None => Ok(()),
    }
}

fn expect<R: Record>(
    connection: &mut DbConnection,
    id: Id<R::Of>,
    expected_version: Option<i32>,
) -> Result<Stored<R>, Error> {
    let stored = R::load(connection, id)?.ok_or_else(|| missing(R::KIND, "id", id))?;
    check_version(stored.version, expected_version)?;
    Ok(stored)
}

fn check<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
    stored: Option<&R>,
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    content.check(&mut errors);
    let mut references = content.references();
    references.retain(|reference| !transaction.is_pending(&reference.id));
    let existing = ExistingRecords::read(transaction.connection(), &references)?;
    reference::add_missing(&references, &existing, &mut errors);
    if errors.is_empty() {
        content.validate_in_context(transaction.connection(), id, &mut errors)?;
        let new_slug = content.slug().filter(|slug| stored.and_then(R::slug) != Some(slug));
        if let Some(slug) = new_slug {
            slug::check_taken(transaction.connection(), R::KIND, slug, id, &mut errors)?;
        }
    }
    Ok(errors.into_result()?)
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
