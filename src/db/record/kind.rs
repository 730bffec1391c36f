//! The operations that all kinds of records support, and the checks before a record is written.

use std::collections::{HashMap, HashSet};

use crate::db::reference::{self, ExistingRecords};
use crate::db::search_index::{self, Searched};
use crate::db::slug::SlugOwners;
use crate::db::{DbConnection, Error, Transaction};
use crate::domain::{Content, Id, Kind, Reference, ValidationErrors, external_id};

/// A record as stored.
#[derive(Debug, Clone)]
pub struct Stored<C> {
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Whether it is archived.
    pub is_archived: bool,
    /// The content, as stated by its author.
    pub content: C,
}

/// A record that is about to be written.
pub struct Candidate<'a, R: Record> {
    /// Its id.
    pub id: Id<R::Of>,
    /// The content to write.
    pub content: &'a R,
    /// The stored content. `None` for a new record.
    pub(in crate::db) stored: Option<&'a R>,
    /// Whether the content omits references to records that do not exist yet. [`complete`](super::complete) must follow
    /// in the same transaction. That function writes the rest of the record, its entry in the search index, and its
    /// entry in the log.
    pub is_incomplete: bool,
    /// The errors found so far.
    pub errors: ValidationErrors,
}

impl<'a, R: Record> Candidate<'a, R> {
    /// A new record, not yet checked.
    #[must_use]
    pub fn new(id: Id<R::Of>, content: &'a R) -> Self {
        Self {
            id,
            content,
            stored: None,
            is_incomplete: false,
            errors: ValidationErrors::default(),
        }
    }

    /// The slug, if it differs from the stored one.
    fn new_slug(&self) -> Option<&'a str> {
        self.content.slug().filter(|slug| self.stored.and_then(R::slug) != Some(slug))
    }
}

/// The operations of a kind of record.
pub trait Record: Content {
    /// The marker type of its ids.
    type Of;
    /// The kind.
    const KIND: Kind;
    /// The texts of the record in the search index. `None` if searches do not find this kind.
    const SEARCHED: Option<Searched> = None;

    /// The slug. `None` if the record has none.
    fn slug(&self) -> Option<&str> {
        None
    }

    /// Replaces the slug with the stored slug.
    fn keep_slug(&mut self, _stored: &Self) {}

    /// Loads records, keyed by id. Omits missing records.
    ///
    /// # Errors
    /// Database errors.
    fn load(
        connection: &mut DbConnection,
        ids: &[Id<Self::Of>],
    ) -> Result<HashMap<String, Stored<Self>>, Error>;

    /// Adds the errors that a new record cannot have, because no other record refers to it: a cycle, or a day after the days
    /// of its assessments. Runs only if [`Content::check`] found no errors.
    ///
    /// # Errors
    /// Database errors.
    fn validate_update(
        &self,
        _connection: &mut DbConnection,
        _id: Id<Self::Of>,
        _errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Adds the errors that depend on other records, such as a number that another record has. Does not check the slug. A
    /// candidate may refer to other candidates. Runs only for candidates in which [`Content::check`] found no errors.
    ///
    /// # Errors
    /// Database errors.
    fn validate_in_context(
        _connection: &mut DbConnection,
        _candidates: &mut [&mut Candidate<'_, Self>],
    ) -> Result<(), Error> {
        Ok(())
    }

    /// Shifts the positions of other records so that this record can be written, and sets its own position. `old` is the
    /// stored content. `None` for a new record. Must run before the write.
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

    /// Inserts records with version 1.
    ///
    /// # Errors
    /// Database errors.
    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error>;

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

    /// Updates the search index for records that were just written, archived or restored.
    ///
    /// # Errors
    /// Database errors.
    fn index(connection: &mut DbConnection, ids: &[Id<Self::Of>]) -> Result<(), Error> {
        match &Self::SEARCHED {
            Some(searched) => search_index::index(connection, searched, ids),
            None => Ok(()),
        }
    }
}

/// Checks records and adds their errors. A candidate may refer to other candidates.
///
/// # Errors
/// Database errors.
pub fn check_all<R: Record>(
    transaction: &mut Transaction<'_>,
    candidates: &mut [Candidate<'_, R>],
) -> Result<(), Error> {
    let own: HashSet<String> =
        candidates.iter().map(|candidate| candidate.id.to_string()).collect();
    let references = |candidate: &Candidate<'_, R>| {
        let mut references = candidate.content.references();
        references.retain(|reference| {
            !transaction.is_pending(&reference.id) && !own.contains(&reference.id)
        });
        references
    };
    let references: Vec<Vec<Reference>> = candidates.iter().map(references).collect();
    let connection = transaction.connection();
    let existing = ExistingRecords::read(connection, references.iter().flatten())?;
    for (candidate, references) in candidates.iter_mut().zip(&references) {
        candidate.content.check(&mut candidate.errors);
        let stored = candidate.stored.map(Content::external_ids).unwrap_or_default();
        external_id::check(&mut candidate.errors, candidate.content.external_ids(), stored);
        reference::add_missing(references, &existing, &mut candidate.errors);
    }
    let valid = candidates.iter_mut().filter(|candidate| candidate.errors.is_empty());
    let mut valid: Vec<&mut Candidate<'_, R>> = valid.collect();
    if valid.is_empty() {
        return Ok(());
    }
    for candidate in valid.iter_mut().filter(|candidate| candidate.stored.is_some()) {
        let (id, errors) = (candidate.id, &mut candidate.errors);
        candidate.content.validate_update(connection, id, errors)?;
    }
    R::validate_in_context(connection, &mut valid)?;
    let slugs: Vec<&str> = valid.iter().filter_map(|candidate| candidate.new_slug()).collect();
    let owners = SlugOwners::read(connection, R::KIND, &slugs)?;
    for candidate in valid {
        if let Some(slug) = candidate.new_slug() {
            owners.check(slug, candidate.id, &mut candidate.errors);
        }
    }
    Ok(())
}
