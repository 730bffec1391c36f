//! The records to export: the records in use, and the archived records to which they refer.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::ExportCounts;
use crate::db::assessment::{self, LinkedAssessment};
use crate::db::record::{Record, Stored, load_all};
use crate::db::{DbConnection, Error};
use crate::domain::Content;
use crate::domain::agreement::AgreementContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::clause::ClauseContent;
use crate::domain::event::EventContent;
use crate::domain::interpretation::InterpretationContent;
use crate::domain::party::PartyContent;
use crate::domain::precondition::PreconditionContent;
use crate::domain::proposal::ProposalContent;
use crate::domain::source::SourceContent;
use crate::domain::topic::TopicContent;

/// Records of a kind, keyed by id.
pub(super) type ById<C> = HashMap<String, C>;

/// The exported records.
pub(super) struct Database {
    pub(super) topics: ById<TopicContent>,
    pub(super) parties: ById<PartyContent>,
    pub(super) sources: ById<SourceContent>,
    pub(super) agreements: ById<AgreementContent>,
    pub(super) clauses: ById<ClauseContent>,
    pub(super) proposals: ById<ProposalContent>,
    pub(super) caveats: ById<CaveatContent>,
    pub(super) events: ById<EventContent>,
    pub(super) preconditions: ById<PreconditionContent>,
    pub(super) interpretations: ById<InterpretationContent>,
    /// At most one assessment for each subject, holder and day.
    pub(super) assessments: Vec<LinkedAssessment>,
}

/// Calls a macro with the records of each kind to which other records may refer.
macro_rules! each_named_kind {
    ($database:expr, $each:ident) => {
        $each!($database.topics);
        $each!($database.parties);
        $each!($database.sources);
        $each!($database.agreements);
        $each!($database.clauses);
        $each!($database.proposals);
        $each!($database.caveats);
        $each!($database.events);
    };
}

impl Database {
    pub(super) fn load(connection: &mut DbConnection) -> Result<Self, Error> {
        let mut archived = HashSet::new();
        let mut database = Self {
            topics: load(connection, &mut archived)?,
            parties: load(connection, &mut archived)?,
            sources: load(connection, &mut archived)?,
            agreements: load(connection, &mut archived)?,
            clauses: load(connection, &mut archived)?,
            proposals: load(connection, &mut archived)?,
            caveats: load(connection, &mut archived)?,
            events: load(connection, &mut archived)?,
            preconditions: load(connection, &mut archived)?,
            interpretations: load(connection, &mut archived)?,
            assessments: last_of_each_day(assessment::in_use(connection)?),
        };
        database.archive_parts(&mut archived);
        database.remove_archived(&mut archived);
        Ok(database)
    }

    /// Marks the clauses of archived agreements and the caveats of archived proposals as archived.
    fn archive_parts(&self, archived: &mut HashSet<String>) {
        for (id, clause) in &self.clauses {
            if archived.contains(clause.agreement.as_str()) {
                archived.insert(id.clone());
            }
        }
        for (id, caveat) in &self.caveats {
            if archived.contains(caveat.proposal.as_str()) {
                archived.insert(id.clone());
            }
        }
    }

    /// Removes the archived records, except those to which other exported records refer.
    fn remove_archived(&mut self, archived: &mut HashSet<String>) {
        let is_archived = |id: &str| archived.contains(id);
        // Removes the preconditions and interpretations of archived records, and the references of events to them.
        // Otherwise, the archived records would be exported, too, and an import would restore them.
        self.preconditions.retain(|id, content| {
            ![id.as_str(), content.step.as_str(), content.requires.as_str()]
                .into_iter()
                .any(is_archived)
        });
        self.interpretations
            .retain(|id, content| !is_archived(id) && !is_archived(content.subject.as_str()));
        for event in self.events.values_mut() {
            event.concerns.retain(|id| !is_archived(id.as_str()));
        }
        // Archived records that must be exported may refer to further archived records.
        let mut new: Vec<String> = self.needed_by_others();
        macro_rules! add_needed {
            ($records:expr) => {
                let live = $records.iter().filter(|(id, _)| !archived.contains(*id));
                new.extend(live.flat_map(|(_, content)| references(content)));
            };
        }
        each_named_kind!(self, add_needed);
        while let Some(id) = new.pop() {
            if !archived.remove(&id) {
                continue;
            }
            macro_rules! add_its_own {
                ($records:expr) => {
                    new.extend(
                        $records.get(&id).into_iter().flat_map(|content| references(content)),
                    );
                };
            }
            each_named_kind!(self, add_its_own);
        }
        macro_rules! retain {
            ($records:expr) => {
                $records.retain(|id, _| !archived.contains(id));
            };
        }
        each_named_kind!(self, retain);
    }

    /// The ids of the records to which preconditions, interpretations and assessments refer.
    fn needed_by_others(&self) -> Vec<String> {
        let of_preconditions = self.preconditions.values().flat_map(references);
        let of_interpretations = self.interpretations.values().flat_map(references);
        let of_assessments =
            self.assessments.iter().flat_map(|LinkedAssessment { row, evidence, breached_by }| {
                let parties = row.held_by_id.iter().chain(breached_by).map(ToString::to_string);
                let sources = evidence.iter().map(|citation| citation.source.to_string());
                parties.chain(sources).chain(row.event_id.map(|event| event.to_string()))
            });
        of_preconditions.chain(of_interpretations).chain(of_assessments).collect()
    }

    pub(super) fn counts(&self) -> ExportCounts {
        vec![
            ("topics", self.topics.len()),
            ("parties", self.parties.len()),
            ("sources", self.sources.len()),
            ("agreements", self.agreements.len()),
            ("clauses", self.clauses.len()),
            ("proposals", self.proposals.len()),
            ("caveats", self.caveats.len()),
            ("preconditions", self.preconditions.len()),
            ("interpretations", self.interpretations.len()),
            ("events", self.events.len()),
            ("assessments", self.assessments.len()),
        ]
    }
}

/// The records of a kind. Adds the ids of archived records to `archived`.
fn load<C: Record>(
    connection: &mut DbConnection,
    archived: &mut HashSet<String>,
) -> Result<ById<C>, Error> {
    let stored = load_all::<C>(connection)?;
    let is_archived = stored.iter().filter(|(_, stored)| stored.is_archived);
    archived.extend(is_archived.map(|(id, _)| id.clone()));
    Ok(stored.into_iter().map(|(id, Stored { content, .. })| (id, content)).collect())
}

/// The ids of the records to which a record refers, and of the agreement or proposal that contains it.
fn references<C: Content>(content: &C) -> BTreeSet<String> {
    content.references().into_iter().map(|reference| reference.id).collect()
}

/// Keeps the last assessment of each subject, holder and day.
fn last_of_each_day(assessments: Vec<LinkedAssessment>) -> Vec<LinkedAssessment> {
    let mut last: Vec<LinkedAssessment> = Vec::new();
    for assessment in assessments {
        let key = |LinkedAssessment { row, .. }: &LinkedAssessment| {
            (row.trackable_id, row.held_by_id, row.effective_on)
        };
        if last.last().map(key) == Some(key(&assessment)) {
            last.pop();
        }
        last.push(assessment);
    }
    last
}
