//! The timeline.

use async_graphql::Enum;

use super::clause::folded_filter;
use super::engine::coerce::Arguments;
use super::engine::connection::{ConnectionTypes, connection_types};
use super::engine::reader::Reader;
use super::engine::record_list::mixed_connection;
use super::engine::schema::{Abstract, Object};
use super::error::Error;
use super::scalar::{Date, check_order};
use crate::db;
use crate::db::rows::Column;
use crate::db::timeline::{Parent, TimelineList};

pub fn objects() -> Vec<Object> {
    let types = ConnectionTypes {
        node: "TimelineEntry",
        node_type: "TimelineEntry!",
        nodes_type: "[TimelineEntry!]!",
        ..connection_types!("Timeline")
    };
    types.with([])
}

pub fn entry() -> Abstract {
    Abstract {
        name: "TimelineEntry",
        description: "An entry of a timeline. Its day is the day a proposal was made, an event started, an assessment took effect, or a deadline is due.",
        members: &[
            "Proposal",
            "Event",
            "ClauseAssessment",
            "CaveatAssessment",
            "ProposalAssessment",
            "Deadline",
        ],
        fields: &[],
    }
}

pub fn queries(query: Object) -> Object {
    let reader = timeline("TimelineConnection", None).argument::<Option<Vec<String>>>(
        "agreement",
        "Slugs of agreements. Returns only entries in the timeline of any of them. See `Agreement.timeline`.",
    );
    query.field("timeline", "Timeline of all agreements and proposals: proposals, events, assessments and due dates. Sorted by day, oldest first; within a day: proposals, events, assessments, deadlines. Excludes retracted assessments and archived records.", reader)
}

/// A page of the timeline of each agreement. The agreement's id is in the column `agreement`. None for the whole timeline.
pub fn timeline(ty: &'static str, agreement: Option<Column>) -> Reader {
    let parent = agreement.map_or(Parent::None, |_| Parent::Agreement);
    mixed_connection(ty, "timeline.kind", agreement, move |call| list(call.arguments, parent))
        .argument::<Option<Date>>("from", "Returns only entries on or after this day.")
        .argument::<Option<Date>>("to", "Returns only entries on or before this day.")
        .argument::<Option<Vec<TimelineKind>>>("kinds", "Returns only entries of these kinds. Default: all kinds. An empty list returns nothing. Cursors remain valid if the kinds change.")
        .argument::<Option<Vec<String>>>("party", "Slugs of parties. Returns only entries in which any of them takes part: proposals made by or addressed to it; events in which it acted; assessments that it holds or that name it in `breachedBy`; and assessments and due dates of clauses in which it has a role.")
        .argument::<Option<String>>("text", "Returns only entries with this text in the record, or in the clause, caveat or proposal that the record concerns. Searches the same fields as the text filters of those records. Ignores case, accents, apostrophes and invisible characters.")
}

/// # Errors
/// Fails if `from` is after `to`, or the text is too long.
fn list(arguments: &Arguments, parent: Parent) -> Result<TimelineList, Error> {
    let day = |name: &str| -> Result<_, Error> {
        Ok(arguments.get::<Option<Date>>(name)?.map(|day| day.0))
    };
    let (from, to) = (day("from")?, day("to")?);
    if let (Some(from), Some(to)) = (from, to) {
        check_order(from, to)?;
    }
    let kinds: Option<Vec<TimelineKind>> = arguments.get("kinds")?;
    let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    // Only the whole timeline has the argument `agreement`.
    let agreements = match parent {
        Parent::None => arguments.get("agreement")?,
        Parent::Agreement => None,
    };
    let text = folded_filter(arguments.get("text")?)?;
    Ok(TimelineList { parent, from, to, kinds, agreements, parties: arguments.get("party")?, text })
}

/// Kinds of timeline entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::timeline::EntryKind")]
pub enum TimelineKind {
    /// A proposal, on the day it was made.
    Proposal,
    /// An event, on its first day.
    Event,
    /// An assessment, on the day it took effect.
    Assessment,
    /// A deadline, on its due date.
    Deadline,
}
