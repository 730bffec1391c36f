//! The life of a record, the same for every kind: created, updated, archived and restored, each with its checks and
//! its entry in the change log.

use diesel::prelude::*;

use super::change::Action;
use super::kind_table::versioned_table;
use super::reference::check_references;
use super::search_index::{self, Searched};
use super::{DbConnection, Error, Transaction, slug};
use crate::domain::{
    Content, GlobalId, Id, Kind, ValidationError, ValidationErrorCode, ValidationErrors,
};

/// A record as it stands.
#[derive(Debug, Clone)]
pub struct Stored<C> {
    /// Counts up with every change.
    pub version: i32,
    /// Whether it is put away.
    pub is_archived: bool,
    /// What is stated about it.
    pub content: C,
}

/// What the life of a record needs from its kind.
pub trait Record: Content {
    /// What its ids are ids of.
    type Of;
    /// Its kind.
    const KIND: Kind;
    /// How it is searched; none where it is not.
    const SEARCHED: Option<Searched> = None;

    /// Its slug, if it has one.
    fn slug(&self) -> Option<&str> {
        None
    }

    /// States the slug that the record has already.
    fn keep_slug(&mut self, _stored: &Self) {}

    /// The record as it stands.
    ///
    /// # Errors
    /// Those of the database.
    fn load(connection: &mut DbConnection, id: Id<Self::Of>)
    -> Result<Option<Stored<Self>>, Error>;

    /// Notes every fault that shows only beside other records, but a slug that is taken: a number that is, a parent elsewhere.
    ///
    /// # Errors
    /// Those of the database.
    fn validate_in_context(
        &self,
        _connection: &mut DbConnection,
        _id: Id<Self::Of>,
        _faults: &mut ValidationErrors,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Moves the other records among which this one has a position, so that it can be written there, and states the
    /// position that it gets. `old` is what was stated before; none for a new record.
    ///
    /// # Errors
    /// Those of the database.
    fn make_room(
        &mut self,
        _connection: &mut DbConnection,
        _old: Option<&Self>,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Writes a new record, of version 1.
    ///
    /// # Errors
    /// Those of the database.
    fn insert(&self, connection: &mut DbConnection, id: Id<Self::Of>) -> Result<(), Error>;

    /// Writes the new content over the old.
    ///
    /// # Errors
    /// Those of the database.
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
/// The faults of the content, or those of the database.
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

/// Creates a record under an id that was made for it before, so that others could refer to it already. Its position is
/// taken as it is given: the caller arranges the others.
///
/// # Errors
/// The faults of the content, or those of the database.
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

/// Begins to create a record, with as much of its content as does not refer to records that are yet to come. Nothing is in
/// the change log before [`complete`] has written the rest, in the same transaction.
///
/// # Errors
/// The faults of the content, or those of the database.
pub fn create_incomplete<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    check(transaction, id, content, None)?;
    content.insert(transaction.connection(), id)
}

/// Completes a record that [`create_incomplete`] has begun.
///
/// # Errors
/// The faults of the content, or those of the database.
pub fn complete<R: Record>(
    transaction: &mut Transaction<'_>,
    id: Id<R::Of>,
    content: &R,
) -> Result<(), Error> {
    let begun = expect::<R>(transaction.connection(), id, None)?.content;
    check(transaction, id, content, Some(&begun))?;
    if *content != begun {
        content.update(transaction.connection(), id, &begun)?;
    }
    index::<R>(transaction.connection(), id)?;
    transaction.log(Action::Created, R::KIND, id, &[], &content.fields())
}

/// What an update did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The record was changed.
    Changed,
    /// It was as it should be already.
    Unchanged,
}

/// Updates a record: `edit` changes what is stated about it. Where `expected_version` is given and the record has moved
/// on, nothing is written.
///
/// # Errors
/// The faults of the content, a missing record, a stale version, or those of the database.
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

/// Updates a record that was found by its slug or number to what is stated about it now. It may have been found by an old
/// slug, so it keeps the one that it has. Its position is taken as it is given: the caller arranges the others.
///
/// # Errors
/// The faults of the content, a missing record, or those of the database.
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

/// Puts a record away, or brings it back. An archived record is left out of lists; what refers to it still finds it.
///
/// # Errors
/// A missing record, a stale version, or those of the database.
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

/// Refuses a version that is not the current one.
pub(super) fn check_version(current: i32, expected: Option<i32>) -> Result<(), ValidationError> {
    match expected {
        Some(expected) if expected != current => {
            let message = format!(
                "version {expected} is stale: the record is at version {current}; read it again, and decide anew"
            );
            Err(ValidationError::new(ValidationErrorCode::Conflict, "expected_version", message))
        }
        _ => Ok(()),
    }
}

/// The fault of an id that nothing has.
#[must_use]
pub fn missing<T>(kind: Kind, path: &str, id: Id<T>) -> ValidationError {
    let message =
        format!("there is no {} with the id “{}”", kind.words(), GlobalId::new(kind, id).encode());
    ValidationError::new(ValidationErrorCode::NotFound, path, message)
}

/// Brings the search index up to date with a record that was just written.
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
    check_references(transaction.connection(), &references, &mut errors)?;
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
