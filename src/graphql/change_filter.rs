//! The filter of the change log.

use async_graphql::{Enum, ID, InputObject};

use super::change::ChangeAction;
use super::clause::ClauseFilter;
use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::reader::Reader;
use super::error::{Code, Error};
use super::scalar::{Date, check_order};
use crate::db::change_list::Filter;
use crate::domain::{GlobalId, Id, Kind, text};

/// The maximum number of ids in `about`.
const MAX_IDS: usize = 200;

/// Filter for the change log. A change must match all given conditions.
#[derive(InputObject)]
pub struct ChangeFilter {
    /// Names of accounts. Matches changes that any of them made.
    actor: Option<Vec<String>>,
    /// Names of accounts. Excludes the changes that any of them made.
    except_actor: Option<Vec<String>>,
    /// Matches changes with any of these actions.
    action: Option<Vec<ChangeAction>>,
    /// Matches changes of records of any of these kinds.
    kind: Option<Vec<ChangedRecordKind>>,
    /// Slugs of agreements. Matches changes of the agreements, of their clauses, and of the preconditions and interpretations of these clauses.
    agreement: Option<Vec<String>>,
    /// Ids of records. At most 200. Matches changes of these records, of the records that belong to them, and of the preconditions and interpretations of all these records. The records that belong to a record are: for an agreement, its clauses; for a proposal, its caveats; for a topic, the clauses and caveats about it; for a party, the clauses in which it has a role, and its proposals and caveats; for a source, the records whose assessments cite it, and the events that cite it; for an event, the records whose assessments name it.
    about: Option<Vec<ID>>,
    /// Matches changes of the clauses that currently match this filter.
    clauses: Option<ClauseFilter>,
    /// Matches changes recorded on or after this day (UTC).
    from: Option<Date>,
    /// Matches changes recorded on or before this day (UTC).
    to: Option<Date>,
}

/// Kind of record in the change log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ChangedRecordKind {
    /// An agreement.
    Agreement,
    /// A clause.
    Clause,
    /// A proposal.
    Proposal,
    /// A caveat.
    Caveat,
    /// A party.
    Party,
    /// A topic.
    Topic,
    /// A source.
    Source,
    /// An event.
    Event,
    /// A precondition.
    Precondition,
    /// An interpretation.
    Interpretation,
}

impl From<ChangedRecordKind> for Kind {
    fn from(kind: ChangedRecordKind) -> Self {
        match kind {
            ChangedRecordKind::Agreement => Self::Agreement,
            ChangedRecordKind::Clause => Self::Clause,
            ChangedRecordKind::Proposal => Self::Proposal,
            ChangedRecordKind::Caveat => Self::Caveat,
            ChangedRecordKind::Party => Self::Party,
            ChangedRecordKind::Topic => Self::Topic,
            ChangedRecordKind::Source => Self::Source,
            ChangedRecordKind::Event => Self::Event,
            ChangedRecordKind::Precondition => Self::Precondition,
            ChangedRecordKind::Interpretation => Self::Interpretation,
        }
    }
}

/// Adds the argument `filter`.
pub fn argument(reader: Reader) -> Reader {
    reader.argument::<Option<ChangeFilter>>("filter", "Returns only matching changes.")
}

/// The filter in the arguments.
///
/// # Errors
/// Fails if the filter is invalid.
pub fn filter(context: &mut Context<'_>, arguments: &Arguments) -> Result<Filter, Error> {
    let filter: Option<ChangeFilter> = arguments.get("filter")?;
    Ok(filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default())
}

impl ChangeFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `about` has too many items or an item that is not an id, `from` is after `to`, or `clauses` is invalid.
    pub fn read(self, context: &mut Context<'_>) -> Result<Filter, Error> {
        let (from, to) = (self.from.map(|day| day.0), self.to.map(|day| day.0));
        if let (Some(from), Some(to)) = (from, to) {
            check_order(from, to)?;
        }
        let kinds = self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect());
        Ok(Filter {
            actors: self.actor,
            except_actors: self.except_actor,
            actions: self.action.map(|actions| actions.into_iter().map(Into::into).collect()),
            kinds,
            agreements: self.agreement,
            about: self.about.as_deref().map(records).transpose()?,
            clauses: self.clauses.map(|filter| filter.read(context)).transpose()?,
            from,
            to,
        })
    }
}

/// The kinds and ids of the records in `about`.
///
/// # Errors
/// Fails if an item is not an id, or there are too many items.
fn records(ids: &[ID]) -> Result<Vec<(Kind, Id<()>)>, Error> {
    if ids.len() > MAX_IDS {
        let message = format!("`about` has {} items; at most {MAX_IDS} are valid", ids.len());
        return Err(Code::BadUserInput.error(message));
    }
    let records = ids.iter().map(|id| match GlobalId::decode(id) {
        Some(GlobalId { kind, uuid }) => Ok((kind, Id::from_uuid(uuid))),
        None => Err(Code::BadUserInput.error(format!(
            "`about: {}` is not an id of this API: use the `id` of a record",
            text::quote(id)
        ))),
    });
    records.collect()
}
