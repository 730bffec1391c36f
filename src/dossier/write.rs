//! Writes the records of an import, each after the records to which it refers. Writes only differences.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::LocatedError;
use super::document::SourceLocation;
use super::import_set::{AssessmentItem, ImportSet, Item, UnnamedItem};
use super::order::{Linked, in_order};
use super::positions::Arrangement;
use super::summary::{AssessmentCounts, Counts, Summary};
use crate::db::assessment_import::{self, ImportedAssessment, ImportedFile};
use crate::db::record::{self, Candidate, UpdateOutcome};
use crate::db::{DbConnection, Error, Transaction, caveat, interpretation, precondition};
use crate::domain::caveat::CaveatContent;
use crate::domain::id::{CaveatId, ClauseId};
use crate::domain::{Id, Reference};

/// The maximum number of records that are written with one statement.
const WRITE_BATCH_SIZE: usize = 500;

/// Writes all records. Continues after errors that depend on other records, so that an import reports all errors. The caller
/// must roll back if there are errors.
///
/// # Errors
/// Database errors.
pub(super) fn write(
    transaction: &mut Transaction<'_>,
    mut import_set: ImportSet<'_>,
    errors: &mut Vec<LocatedError>,
) -> Result<Summary, Error> {
    complete_exchanges(transaction.connection(), &mut import_set.caveats)?;
    let clause_order = Arrangement::find(transaction.connection(), &mut import_set.clauses)?;
    let caveat_order = Arrangement::find(transaction.connection(), &mut import_set.caveats)?;
    let (items, connection) = (import_set.preconditions, transaction.connection());
    let ids = precondition::find(connection, items.iter().map(|item| &item.content))?;
    let preconditions = identified(connection, items, ids)?;
    let items = import_set.interpretations;
    let ids = interpretation::find(connection, items.iter().map(|item| &item.content))?;
    let interpretations = identified(connection, items, ids)?;
    let clauses: HashMap<ClauseId, SourceLocation<'_>> =
        import_set.clauses.iter().map(|item| (item.id, item.location)).collect();
    // Deadlines refer to events, and events refer to clauses. The clauses are written first, with their deadlines. New
    // events do not exist at that time, so they are declared as pending.
    let new = import_set.events.iter().filter(|item| !item.is_stored);
    transaction.declare_pending(new.map(|item| item.id));
    let mut writer =
        Writer { transaction, errors, failed: import_set.failed, pending: HashSet::new() };
    let summary = Summary {
        topics: writer.write(import_set.topics)?,
        sources: writer.write(import_set.sources)?,
        parties: writer.write(import_set.parties)?,
        agreements: writer.write(import_set.agreements)?,
        clauses: writer.write(import_set.clauses)?,
        proposals: writer.write(import_set.proposals)?,
        caveats: writer.write(import_set.caveats)?,
        preconditions: writer.write(preconditions)?,
        interpretations: writer.write(interpretations)?,
        events: writer.write(import_set.events)?,
        assessments: writer.assess(import_set.assessments)?,
    };
    clause_order.set(writer.transaction.connection())?;
    caveat_order.set(writer.transaction.connection())?;
    for (clause, errors) in writer.transaction.deadline_errors()? {
        // Only written records can cause errors, and each of them has a location.
        let located_errors = clauses.get(&clause).map(|location| location.located_errors(errors));
        writer.errors.extend(located_errors.unwrap_or_default());
    }
    Ok(summary)
}

/// Adds to each caveat the exchanges that other imported caveats state, and the stored exchanges with caveats that are
/// not imported. Sorts the exchanges by id, as the database returns them.
fn complete_exchanges(
    connection: &mut DbConnection,
    caveats: &mut [Item<'_, CaveatContent>],
) -> Result<(), Error> {
    let imported: HashSet<CaveatId> = caveats.iter().map(|item| item.id).collect();
    let stored = caveats.iter().filter(|item| item.is_stored);
    let stored: Vec<CaveatId> = stored.map(|item| item.id).collect();
    let mut stored = caveat::exchanges_of(connection, &stored)?;
    let mut exchanges: HashMap<CaveatId, BTreeSet<CaveatId>> = HashMap::new();
    for item in caveats.iter() {
        for other in &item.content.in_exchange_for {
            exchanges.entry(item.id).or_default().insert(*other);
            exchanges.entry(*other).or_default().insert(item.id);
        }
        let stored = stored.remove(&item.id).unwrap_or_default();
        let left_out = stored.into_iter().filter(|other| !imported.contains(other));
        exchanges.entry(item.id).or_default().extend(left_out);
    }
    for item in caveats {
        let others = exchanges.remove(&item.id).unwrap_or_default();
        item.content.in_exchange_for = others.into_iter().collect();
    }
    Ok(())
}

/// Gives an id to each record without a name. `ids` has an id for each record that is in the database.
fn identified<'a, C: Linked>(
    connection: &mut DbConnection,
    items: Vec<UnnamedItem<'a, C>>,
    ids: Vec<Option<Id<C::Of>>>,
) -> Result<Vec<Item<'a, C>>, Error> {
    let stored: Vec<Id<C::Of>> = ids.iter().flatten().copied().collect();
    let stored = if stored.is_empty() { HashMap::new() } else { C::load(connection, &stored)? };
    let item = |(UnnamedItem { location, content }, id): (_, Option<Id<C::Of>>)| {
        let row = id.and_then(|id| stored.get(id.as_str()));
        Item {
            id: id.unwrap_or_default(),
            is_stored: id.is_some(),
            is_archived: row.is_some_and(|row| row.is_archived),
            location,
            content,
        }
    };
    Ok(items.into_iter().zip(ids).map(item).collect())
}

struct Writer<'w, 't> {
    transaction: &'w mut Transaction<'t>,
    errors: &'w mut Vec<LocatedError>,
    /// The ids of records that cannot be written. Records that refer to them are skipped without an error, because only the
    /// cause must be corrected.
    failed: HashSet<String>,
    /// The ids of records that will be created but do not exist yet.
    pending: HashSet<String>,
}

impl Writer<'_, '_> {
    /// Writes the records of one kind: creates the new records, updates the others, and then adds the missing
    /// references of the new records.
    fn write<C: Linked>(&mut self, items: Vec<Item<'_, C>>) -> Result<Counts, Error> {
        let mut counts = Counts::default();
        let (stored, new): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.is_stored);
        let new = in_order(new);
        self.pending.extend(new.iter().map(|item| item.id.to_string()));
        let mut incomplete = Vec::new();
        for items in new.chunks(WRITE_BATCH_SIZE) {
            counts.created += self.create(items, &mut incomplete)?;
        }
        for items in stored.chunks(WRITE_BATCH_SIZE) {
            self.update(items, &mut counts)?;
        }
        for item in incomplete {
            let complete = |transaction: &mut Transaction<'_>| {
                record::complete(transaction, item.id, &item.content)
            };
            if self.attempt(item, complete)?.is_some() {
                counts.created += 1;
            }
        }
        Ok(counts)
    }

    /// Creates records together. References to records that do not exist yet are left out and added later. Records with
    /// such references are added to `incomplete`. Returns the number of records that are complete.
    fn create<'i, 'a, C: Linked>(
        &mut self,
        items: &'i [Item<'a, C>],
        incomplete: &mut Vec<&'i Item<'a, C>>,
    ) -> Result<usize, Error> {
        let mut contents = Vec::with_capacity(items.len());
        for item in items {
            let mut content = item.content.clone();
            content.keep_links(|id| !self.pending.contains(id.as_str()));
            self.pending.remove(item.id.as_str());
            contents.push(content);
        }
        let candidate = |(item, content): (&Item<'_, C>, _)| Candidate::new(item.id, content);
        let mut candidates: Vec<_> = items.iter().zip(&contents).map(candidate).collect();
        record::check_all(self.transaction, &mut candidates)?;
        let mut valid = Vec::with_capacity(items.len());
        let mut created = 0;
        for (item, mut candidate) in items.iter().zip(candidates) {
            if self.has_failed_reference(&item.content.references()) {
                self.failed.insert(item.id.to_string());
            } else if candidate.errors.is_empty() {
                candidate.is_incomplete = *candidate.content != item.content;
                if candidate.is_incomplete {
                    incomplete.push(item);
                } else {
                    created += 1;
                }
                valid.push(candidate);
            } else {
                self.errors.extend(item.location.located_errors(candidate.errors));
                self.failed.insert(item.id.to_string());
            }
        }
        record::create_checked(self.transaction, &valid)?;
        Ok(created)
    }

    /// Updates the records whose content differs.
    fn update<C: Linked>(
        &mut self,
        items: &[Item<'_, C>],
        counts: &mut Counts,
    ) -> Result<(), Error> {
        let candidates: Vec<_> =
            items.iter().map(|item| Candidate::new(item.id, &item.content)).collect();
        let unchanged = record::unchanged(self.transaction.connection(), &candidates)?;
        for item in items {
            if item.is_archived {
                counts.unchanged += 1;
                continue;
            }
            let update = |transaction: &mut Transaction<'_>| {
                if unchanged.contains(&item.id) {
                    Ok(UpdateOutcome::Unchanged)
                } else {
                    // Reads the record again: an earlier update may have changed its exchanges.
                    record::update_as(transaction, item.id, &item.content)
                }
            };
            match self.attempt(item, update)? {
                Some(UpdateOutcome::Changed) => counts.updated += 1,
                Some(UpdateOutcome::Unchanged) => counts.unchanged += 1,
                None => {}
            }
        }
        Ok(())
    }

    /// Writes a record that exists. `None` if the record cannot be written.
    fn attempt<C: Linked, T>(
        &mut self,
        item: &Item<'_, C>,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        if self.has_failed_reference(&item.content.references()) {
            self.failed.insert(item.id.to_string());
            return Ok(None);
        }
        let outcome = write(self.transaction);
        let outcome = self.collect_errors(item.location, outcome)?;
        if outcome.is_none() {
            self.failed.insert(item.id.to_string());
        }
        Ok(outcome)
    }

    /// Records the new assessments, and retracts the assessments that they correct.
    fn assess(&mut self, items: Vec<AssessmentItem<'_>>) -> Result<AssessmentCounts, Error> {
        let mut counts = AssessmentCounts::default();
        let (mut locations, mut imported) = (Vec::new(), Vec::new());
        for AssessmentItem { location, content, kind, is_archived } in items {
            let mut references = content.references();
            references.push(Reference::to(&[], "of", content.subject));
            if self.has_failed_reference(&references) {
                continue;
            }
            if is_archived {
                counts.unchanged += 1;
                continue;
            }
            locations.push(location);
            let file = ImportedFile::Dossier(location.document.name);
            imported.push(ImportedAssessment { content, kind, file });
        }
        let outcomes = assessment_import::record(self.transaction, imported)?;
        for (location, outcome) in locations.into_iter().zip(outcomes) {
            if let Some(errors) = counts.add(outcome) {
                self.errors.extend(location.located_errors(errors));
            }
        }
        Ok(counts)
    }

    fn has_failed_reference(&self, references: &[Reference]) -> bool {
        references.iter().any(|reference| self.failed.contains(&reference.id))
    }

    /// Converts validation errors to errors at `location`. Other errors end the import.
    fn collect_errors<T>(
        &mut self,
        location: SourceLocation<'_>,
        outcome: Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match outcome {
            Ok(outcome) => Ok(Some(outcome)),
            Err(Error::ValidationErrors(errors)) => {
                self.errors.extend(location.located_errors(errors));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
