//! Writes what was read: every record after those that it refers to, and no more than what is different.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::LocatedError;
use super::document::SourceLocation;
use super::import_set::{AssessmentItem, ImportSet, Item, PreconditionItem};
use super::order::{Linked, in_order};
use super::positions::Arrangement;
use super::summary::{AssessmentCounts, Counts, Summary};
use crate::db::assessment::{self, Assessment};
use crate::db::assessment_write::{self, Evidence, Origin};
use crate::db::record::{self, Outcome};
use crate::db::{DbConnection, Error, Transaction, caveat, precondition};
use crate::domain::Reference;
use crate::domain::assessment::AssessmentContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::id::{CaveatId, ClauseId, SourceId};
use crate::domain::precondition::PreconditionContent;

/// Writes everything that was read. Faults that show only beside other records are noted, and the rest is written all
/// the same, so that one import finds them all; it is for the caller to roll back.
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
    // Deadlines are counted from events, and events concern clauses: whichever comes first refers to what is yet to come.
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
        // Only what was written is to blame, and that was read somewhere.
        let located_errors = clauses.get(&clause).map(|location| location.located_errors(errors));
        writer.errors.extend(located_errors.unwrap_or_default());
    }
    Ok(summary)
}

/// Gives each caveat the exchanges that were said on the other side: in the dossiers, or, of a caveat that they leave
/// out, in the database. They are in the order in which the database gives them back.
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

/// Finds which preconditions are in the database already: they are known by what they say.
fn find<'a>(
    connection: &mut DbConnection,
    items: Vec<PreconditionItem<'a>>,
) -> Result<Vec<Item<'a, PreconditionContent>>, Error> {
    let mut found = Vec::with_capacity(items.len());
    for PreconditionItem { location, content } in items {
        let id = precondition::find(connection, &content)?;
        found.push(Item {
            id: id.unwrap_or_default(),
            is_stored: id.is_some(),
            is_archived: false,
            location,
            content,
        });
    }
    let ids: Vec<_> = found.iter().filter(|item| item.is_stored).map(|item| item.id).collect();
    let stored = precondition::by_ids(connection, &ids)?;
    for item in &mut found {
        let row = stored.get(item.id.as_str());
        item.is_archived = row.is_some_and(|row| row.archived_at.is_some());
    }
    Ok(found)
}

/// What was done with a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    Created,
    Updated,
    Unchanged,
}

impl Counts {
    fn count(&mut self, done: Done) {
        match done {
            Done::Created => self.created += 1,
            Done::Updated => self.updated += 1,
            Done::Unchanged => self.unchanged += 1,
        }
    }
}

struct Writer<'w, 't> {
    transaction: &'w mut Transaction<'t>,
    errors: &'w mut Vec<LocatedError>,
    /// The ids of what cannot be written. What refers to it is left out silently: only the cause is to be mended.
    failed: HashSet<String>,
    /// The ids of what is yet to be created.
    pending: HashSet<String>,
}

impl Writer<'_, '_> {
    /// Writes the records of one kind.
    fn write<C: Linked>(&mut self, items: Vec<Item<'_, C>>) -> Result<Counts, Error> {
        let mut tally = Counts::default();
        let new = items.iter().filter(|item| !item.is_stored);
        self.pending.extend(new.map(|item| item.id.to_string()));
        let mut incomplete = Vec::new();
        for item in in_order(items) {
            if item.is_archived {
                tally.count(Done::Unchanged);
                continue;
            }
            // A reference to a record that is yet to come has to wait until that is there. Only new records have any, as
            // they are written before the others.
            let mut begun = item.content.clone();
            begun.keep_links(|id| !self.pending.contains(id.as_str()));
            if begun == item.content {
                if let Some(done) = self.attempt(&item, |transaction| put(transaction, &item))? {
                    tally.count(done);
                }
            } else {
                let begin = |transaction: &mut Transaction<'_>| {
                    record::create_incomplete(transaction, item.id, &begun)
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
                tally.count(Done::Created);
            }
        }
        Ok(tally)
    }

    /// Writes a record, or a part of one; `None` where it cannot be written.
    fn attempt<C: Linked, T>(
        &mut self,
        item: &Item<'_, C>,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let key = item.id.to_string();
        if self.is_stuck(&item.content.references()) {
            self.failed.insert(key);
            return Ok(None);
        }
        let outcome = write(self.transaction);
        let done = self.noted(item.location, outcome)?;
        match done {
            Some(_) => self.pending.remove(&key),
            None => self.failed.insert(key),
        };
        Ok(done)
    }

    /// Records the assessments that no import has brought, and retracts what they correct.
    fn assess(&mut self, items: Vec<AssessmentItem<'_>>) -> Result<AssessmentCounts, Error> {
        let mut tally = AssessmentCounts::default();
        let subjects: BTreeSet<_> = items.iter().map(|item| item.content.subject).collect();
        let subjects: Vec<_> = subjects.into_iter().collect();
        let imported = assessment::imported_of(self.transaction.connection(), &subjects)?;
        for AssessmentItem { location, content, kind, is_archived } in items {
            let mut references = content.references();
            references.push(Reference::to(&[], "of", content.subject));
            if self.is_stuck(&references) {
                continue;
            }
            let said = imported.get(content.subject.as_str()).map_or(&[][..], Vec::as_slice);
            let outdated = said.iter().map(|(row, _)| row).find(|row| {
                row.retracted_at.is_none()
                    && (row.held_by_id, row.effective_on) == (content.held_by, content.effective_on)
            });
            // What was retracted by hand stays so. What an import took back, because the dossier said something else
            // then, is said anew when that stands in its place and the dossier has gone back to the first.
            let is_said = said.iter().filter(|(row, evidence)| says(&content, row, evidence)).any(
                |(row, _)| row.retracted_at.is_none() || outdated.is_none() || !is_correction(row),
            );
            if is_archived || is_said {
                tally.unchanged += 1;
                continue;
            }
            if let Some(outdated) = outdated {
                let kind = kind.assessment_kind();
                let reason = format!("{CORRECTED} {}", location.document.name);
                let done =
                    assessment_write::retract(self.transaction, kind, outdated.id, &reason, None);
                if self.noted(location, done)?.is_none() {
                    continue;
                }
                tally.retracted += 1;
            }
            let evidence: Vec<_> =
                content.evidence.iter().map(|source| Evidence::Recorded(*source)).collect();
            let done = assessment_write::record(
                self.transaction,
                content,
                &evidence,
                None,
                Origin::Dossier,
            );
            if self.noted(location, done)?.is_some() {
                tally.recorded += 1;
            }
        }
        Ok(tally)
    }

    fn is_stuck(&self, references: &[Reference]) -> bool {
        references.iter().any(|reference| self.failed.contains(&reference.id))
    }

    /// Notes the errors of what was read at `location`; other errors end the import.
    fn noted<T>(
        &mut self,
        location: SourceLocation<'_>,
        done: Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(Error::ValidationErrors(errors)) => {
                self.errors.extend(location.located_errors(errors));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// Creates a record, or brings it up to date.
fn put<C: Linked>(transaction: &mut Transaction<'_>, item: &Item<'_, C>) -> Result<Done, Error> {
    if !item.is_stored {
        return record::create_as(transaction, item.id, &item.content).map(|()| Done::Created);
    }
    let outcome = record::update_as(transaction, item.id, &item.content)?;
    Ok(match outcome {
        Outcome::Changed => Done::Updated,
        Outcome::Unchanged => Done::Unchanged,
    })
}

/// The reason for which an import takes an assessment back, before the name of the dossier.
const CORRECTED: &str = "Corrected in the dossier";

/// Whether it was an import that took an assessment back.
fn is_correction(row: &Assessment) -> bool {
    row.retraction_reason.as_deref().is_some_and(|reason| reason.starts_with(CORRECTED))
}

/// Whether an assessment in the database says the same.
fn says(content: &AssessmentContent, row: &Assessment, evidence: &[SourceId]) -> bool {
    row.status == content.status.as_str()
        && row.effective_on == content.effective_on
        && row.held_by_id == content.held_by
        && row.momentum == content.momentum
        && row.confidence == content.confidence
        && row.note == content.note
        && row.event_id == content.event
        && evidence == content.evidence
}
