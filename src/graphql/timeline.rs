//! The timeline.

use async_graphql::Enum;

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
    query.field("timeline", "Timeline of all agreements and proposals: proposals, events, assessments and due dates. Sorted by day, oldest first; within a day: proposals, events, assessments, deadlines. Excludes retracted assessments and archived records.", timeline("TimelineConnection", None))
}

/// A page of the timeline of each agreement, whose id is in the column `agreement`. None: the whole timeline.
pub fn timeline(ty: &'static str, agreement: Option<Column>) -> Reader {
    let parent = agreement.map_or(Parent::None, |_| Parent::Agreement);
    mixed_connection(ty, "timeline.kind", agreement, move |call| list(call.arguments, parent))
        .argument::<Option<Date>>("from", "Returns only entries on or after this day.")
        .argument::<Option<Date>>("to", "Returns only entries on or before this day.")
        .argument::<Option<Vec<TimelineKind>>>("kinds", "Returns only entries of these kinds. Default: all kinds. An empty list returns nothing. Cursors remain valid if the kinds change.")
}

/// # Errors
/// When `from` is after `to`.
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
    Ok(TimelineList { parent, from, to, kinds })
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
