//! Changes many records together, all or none.

use super::record::{self, UpdateOutcome};
use super::{Error, Transaction};
use crate::domain::agreement::AgreementContent;
use crate::domain::batch;
use crate::domain::caveat::CaveatContent;
use crate::domain::clause::ClauseContent;
use crate::domain::event::EventContent;
use crate::domain::id::{ClauseId, TopicId};
use crate::domain::interpretation::InterpretationContent;
use crate::domain::party::PartyContent;
use crate::domain::precondition::PreconditionContent;
use crate::domain::proposal::ProposalContent;
use crate::domain::source::SourceContent;
use crate::domain::topic::TopicContent;
use crate::domain::{Id, Kind, ValidationErrors};

/// The kinds of records that can be archived.
pub const ARCHIVABLE: &[Kind] = &[
    Kind::Agreement,
    Kind::Clause,
    Kind::Proposal,
    Kind::Caveat,
    Kind::Party,
    Kind::Topic,
    Kind::Source,
    Kind::Event,
    Kind::Precondition,
    Kind::Interpretation,
];

/// A record to archive or restore.
#[derive(Debug, Clone, Copy)]
pub struct ArchivedRecord {
    /// The kind, which must be one of [`ARCHIVABLE`].
    pub kind: Kind,
    /// The id.
    pub id: Id<()>,
    /// The version that the record must have. `None` for any.
    pub expected_version: Option<i32>,
}

/// Archives or restores records.
///
/// # Errors
/// The errors of all records, and database errors. Paths start with `records` and the index of the record.
pub fn set_archived(
    transaction: &mut Transaction<'_>,
    records: &[ArchivedRecord],
    archived: bool,
) -> Result<(), Error> {
    check(records, "records", |record| record.id, "the same record")?;
    each(records, "records", |ArchivedRecord { kind, id, expected_version }| {
        let version = *expected_version;
        macro_rules! set {
            ($content:ty) => {
                record::set_archived::<$content>(transaction, id.cast(), version, archived)
            };
        }
        match kind {
            Kind::Agreement => set!(AgreementContent),
            Kind::Clause => set!(ClauseContent),
            Kind::Proposal => set!(ProposalContent),
            Kind::Caveat => set!(CaveatContent),
            Kind::Party => set!(PartyContent),
            Kind::Topic => set!(TopicContent),
            Kind::Source => set!(SourceContent),
            Kind::Event => set!(EventContent),
            Kind::Precondition => set!(PreconditionContent),
            Kind::Interpretation => set!(InterpretationContent),
            kind => Err(Error::Internal(format!("a {} cannot be archived", kind.words()))),
        }
    })
}

/// A clause and its new topic.
#[derive(Debug, Clone, Copy)]
pub struct ClauseTopic {
    /// The clause.
    pub clause: ClauseId,
    /// The topic.
    pub topic: TopicId,
    /// The version that the clause must have. `None` for any.
    pub expected_version: Option<i32>,
}

/// Sets the topics of clauses.
///
/// # Errors
/// The errors of all clauses, and database errors. Paths start with `items` and the index of the clause.
pub fn set_topics(transaction: &mut Transaction<'_>, items: &[ClauseTopic]) -> Result<(), Error> {
    check(items, "items", |item| item.clause, "the same clause")?;
    each(items, "items", |ClauseTopic { clause, topic, expected_version }| {
        let edit = |content: &mut ClauseContent| content.topic = *topic;
        record::update(transaction, *clause, *expected_version, edit)
    })
}

/// Rejects an empty list, too many items, and repeated items.
fn check<T, K: Eq + std::hash::Hash>(
    items: &[T],
    path: &str,
    key: impl Fn(&T) -> K,
    shared: &str,
) -> Result<(), ValidationErrors> {
    let mut errors = ValidationErrors::default();
    batch::check_count(&mut errors, path, items.len(), batch::MAX_RECORDS);
    let keys = items.iter().map(|item| Some(key(item)));
    batch::check_repeats(&mut errors, path, keys, batch::item_name, shared);
    errors.into_result()
}

/// Changes each item, and collects the errors of all items.
fn each<T>(
    items: &[T],
    path: &str,
    mut change: impl FnMut(&T) -> Result<UpdateOutcome, Error>,
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    for (index, item) in items.iter().enumerate() {
        match change(item) {
            Ok(_) => {}
            Err(Error::ValidationErrors(of_item)) => {
                errors.extend_at(&format!("{path}.{index}"), of_item);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(errors.into_result()?)
}
