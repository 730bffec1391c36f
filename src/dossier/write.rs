//! Writes the records of an import, each after those that it refers to. Writes only differences.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::LocatedError;
use super::document::SourceLocation;
use super::import_set::{AssessmentItem, ImportSet, Item, PreconditionItem};
use super::order::{Linked, in_order};
use super::positions::Arrangement;
use super::summary::{AssessmentCounts, Counts, Summary};
use crate::db::assessment::{self, Assessment};
use crate::db::assessment_write::{self, Evidence, NewAssessment, Origin};
use crate::db::record::{self, Outcome};
use crate::db::{DbConnection, Error, Transaction, caveat, precondition};
use crate::domain::Reference;
use crate::domain::assessment::AssessmentContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::id::{CaveatId, ClauseId, SourceId};
use crate::domain::precondition::PreconditionContent;

/// The maximum number of records that are written together.
const AT_ONCE: usize = 500;

/// Writes all records. Continues after errors that depend on other records, so that one import reports all of them. The
/// caller must roll back if there are errors.
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
    let preconditions = find(transaction.connection(), import_set.preconditions)?;
    let clauses: HashMap<ClauseId, SourceLocation<'_>> =
        import_set.clauses.iter().map(|item| (item.id, item.location)).collect();
    // Deadlines refer to events, and events refer to clauses, so one of the two must first be written without
    // references.
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

/// Adds to each caveat the exchanges that the other side states, in the dossiers or in the database. Uses the order in
/// which the database returns them.
fn complete_exchanges(
    connection: &mut DbConnection,
    caveats: &mut [Item<'_, CaveatContent>],
) -> Result<(), Error> {
    let imported: HashSet<CaveatId> = caveats.iter().map(|item| item.id).collect();
    let mut exchanges: HashMap<CaveatId, BTreeSet<CaveatId>> = HashMap::new();
    for item in caveats.iter() {
        for other in &item.content.in_exchange_for {
            exchanges.entry(item.id).or_default().insert(*other);
            exchanges.entry(*other).or_default().insert(item.id);
        }
        if item.is_stored {
            let stored = caveat::exchanges_of(connection, item.id)?;
            let left_out = stored.into_iter().filter(|other| !imported.contains(other));
            exchanges.entry(item.id).or_default().extend(left_out);
        }
    }
    for item in caveats {
        let others = exchanges.remove(&item.id).unwrap_or_default();
        item.content.in_exchange_for = others.into_iter().collect();
    }
    Ok(())
}

/// Finds the preconditions that are already in the database. Preconditions are identified by their content.
fn find<'a>(
    connection: &mut DbConnection,
    items: Vec<PreconditionItem<'a>>,
) -> Result<Vec<Item<'a, PreconditionContent>>, Error> {
    let mut preconditions = Vec::with_capacity(items.len());
    for PreconditionItem { location, content } in items {
        let id = precondition::find(connection, &content)?;
        preconditions.push(Item {
            id: id.unwrap_or_default(),
            is_stored: id.is_some(),
            is_archived: false,
            location,
            content,
        });
    }
    let ids: Vec<_> =
        preconditions.iter().filter(|item| item.is_stored).map(|item| item.id).collect();
    let stored = precondition::by_ids(connection, &ids)?;
    for item in &mut preconditions {
        let row = stored.get(item.id.as_str());
        item.is_archived = row.is_some_and(|row| row.archived_at.is_some());
    }
    Ok(preconditions)
}

/// The outcome of writing a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WriteResult {
    Created,
    Updated,
    Unchanged,
}

impl Counts {
    fn count(&mut self, result: WriteResult) {
        match result {
            WriteResult::Created => self.created += 1,
            WriteResult::Updated => self.updated += 1,
            WriteResult::Unchanged => self.unchanged += 1,
        }
    }
}

struct Writer<'w, 't> {
    transaction: &'w mut Transaction<'t>,
    errors: &'w mut Vec<LocatedError>,
    /// The ids of records that cannot be written. Records that refer to them are left out without an error: only the
    /// cause must be corrected.
    failed: HashSet<String>,
    /// The ids of records that will be created.
    pending: HashSet<String>,
}

impl Writer<'_, '_> {
    /// Writes the records of one kind.
    fn write<C: Linked>(&mut self, items: Vec<Item<'_, C>>) -> Result<Counts, Error> {
        let mut counts = Counts::default();
        let new = items.iter().filter(|item| !item.is_stored);
        self.pending.extend(new.map(|item| item.id.to_string()));
        let mut incomplete = Vec::new();
        for item in in_order(items) {
            if item.is_archived {
                counts.count(WriteResult::Unchanged);
                continue;
            }
            // References to records that do not exist yet are added later. Only new records have any, because they are
            // written first.
            let mut content = item.content.clone();
            content.keep_links(|id| !self.pending.contains(id.as_str()));
            if content == item.content {
                if let Some(outcome) =
                    self.attempt(&item, |transaction| create_or_update(transaction, &item))?
                {
                    counts.count(outcome);
                }
            } else {
                let begin = |transaction: &mut Transaction<'_>| {
                    record::create_incomplete(transaction, item.id, &content)
                };
                if self.attempt(&item, begin)?.is_some() {
                    incomplete.push(item);
                }
            }
        }
        for item in incomplete {
            let complete = |transaction: &mut Transaction<'_>| {
                record::complete(transaction, item.id, &item.content)
            };
            if self.attempt(&item, complete)?.is_some() {
                counts.count(WriteResult::Created);
            }
        }
        Ok(counts)
    }

    /// Writes a record or a part of one. `None` if that is impossible.
    fn attempt<C: Linked, T>(
        &mut self,
        item: &Item<'_, C>,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let key = item.id.to_string();
        if self.has_failed_reference(&item.content.references()) {
            self.failed.insert(key);
            return Ok(None);
        }
        let outcome = write(self.transaction);
        let outcome = self.collect_errors(item.location, outcome)?;
        match outcome {
            Some(_) => self.pending.remove(&key),
            None => self.failed.insert(key),
        };
        Ok(outcome)
    }

    /// Records the new assessments, and retracts those that they correct.
    fn assess(&mut self, items: Vec<AssessmentItem<'_>>) -> Result<AssessmentCounts, Error> {
        let mut counts = AssessmentCounts::default();
        let subjects: BTreeSet<_> = items.iter().map(|item| item.content.subject).collect();
        let subjects: Vec<_> = subjects.into_iter().collect();
        let imported = assessment::imported_of(self.transaction.connection(), &subjects)?;
        let mut new = Vec::new();
        for AssessmentItem { location, content, kind, is_archived } in items {
            let mut references = content.references();
            references.push(Reference::to(&[], "of", content.subject));
            if self.has_failed_reference(&references) {
                continue;
            }
            let earlier = imported.get(content.subject.as_str()).map_or(&[][..], Vec::as_slice);
            let outdated = earlier.iter().map(|(row, _)| row).find(|row| {
                row.retracted_at.is_none()
                    && (row.held_by_id, row.effective_on) == (content.held_by, content.effective_on)
            });
            // A manual retraction is final. A retraction by an import is not: if the dossier has its old assessment
            // again, it is recorded again.
            let is_recorded = earlier
                .iter()
                .filter(|(row, evidence)| has_content_of(&content, row, evidence))
                .any(|(row, _)| {
                    row.retracted_at.is_none() || outdated.is_none() || !is_correction(row)
                });
            if is_archived || is_recorded {
                counts.unchanged += 1;
                continue;
            }
            if let Some(outdated) = outdated {
                // A retraction reads what was recorded before.
                self.record(&mut new, &mut counts)?;
                let kind = kind.assessment_kind();
                let reason = format!("{CORRECTED} {}", location.document.name);
                let outcome =
                    assessment_write::retract(self.transaction, kind, outdated.id, &reason, None);
                if self.collect_errors(location, outcome)?.is_none() {
                    continue;
                }
                counts.retracted += 1;
            }
            new.push((location, content));
            if new.len() >= AT_ONCE {
                self.record(&mut new, &mut counts)?;
            }
        }
        self.record(&mut new, &mut counts)?;
        Ok(counts)
    }

    /// Records new assessments, and removes them from the list.
    fn record(
        &mut self,
        new: &mut Vec<(SourceLocation<'_>, AssessmentContent)>,
        counts: &mut AssessmentCounts,
    ) -> Result<(), Error> {
        let (locations, contents): (Vec<_>, Vec<_>) = new.drain(..).unzip();
        let new = contents.into_iter().map(|content| {
            let evidence = content.evidence.iter().copied().map(Evidence::Recorded).collect();
            NewAssessment { content, evidence, expected_version: None }
        });
        let outcomes =
            assessment_write::record_all(self.transaction, new.collect(), Origin::Dossier)?;
        for (location, outcome) in locations.into_iter().zip(outcomes) {
            match outcome {
                Ok(_) => counts.recorded += 1,
                Err(errors) => self.errors.extend(location.located_errors(errors)),
            }
        }
        Ok(())
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

/// Creates or updates a record.
fn create_or_update<C: Linked>(
    transaction: &mut Transaction<'_>,
    item: &Item<'_, C>,
) -> Result<WriteResult, Error> {
    if !item.is_stored {
        return record::create_as(transaction, item.id, &item.content)
            .map(|()| WriteResult::Created);
    }
    let outcome = record::update_as(transaction, item.id, &item.content)?;
    Ok(match outcome {
        Outcome::Changed => WriteResult::Updated,
        Outcome::Unchanged => WriteResult::Unchanged,
    })
}

/// The reason of a retraction by an import. The name of the dossier follows.
const CORRECTED: &str = "Corrected in the dossier";

/// Whether an import has retracted the assessment.
fn is_correction(row: &Assessment) -> bool {
    row.retraction_reason.as_deref().is_some_and(|reason| reason.starts_with(CORRECTED))
}

/// Whether a stored assessment has the same content.
fn has_content_of(content: &AssessmentContent, row: &Assessment, evidence: &[SourceId]) -> bool {
    row.status == content.status.as_str()
        && row.effective_on == content.effective_on
        && row.held_by_id == content.held_by
        && row.momentum == content.momentum
        && row.confidence == content.confidence
        && row.note == content.note
        && row.event_id == content.event
        && evidence == content.evidence
}
