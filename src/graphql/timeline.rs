//! The timeline.

use async_graphql::Enum;

use super::engine::coerce::Arguments;
use super::engine::connection::{ConnectionTypes, connection_types};
use super::engine::reader::Reader;
use super::engine::record_list::mixed_connection;
use super::engine::schema::{Abstract, Object};
use super::error::Error;
use super::scalar::{Date, check_order};
use super::text_filter::folded_filter;
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
        description: "An entry of a timeline. Its day is the day on which the proposal was made, the event started, the assessment took effect, or the deadline is due.",
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
    query.field("timeline", "Timeline of all agreements and proposals: proposals, events, assessments and due dates. Entries are sorted by day, oldest first. Within a day, proposals come first, then events, assessments and deadlines. Excludes retracted assessments and archived records.", reader)
}

/// A page of the timeline of each agreement, whose id is in the column `agreement`. If `agreement` is None, a page of the
/// timeline of all agreements and proposals.
pub fn timeline(ty: &'static str, agreement: Option<Column>) -> Reader {
    let parent = agreement.map_or(Parent::None, |_| Parent::Agreement);
    mixed_connection(ty, "timeline.kind", agreement, move |call| list(call.arguments, parent))
        .argument::<Option<Date>>("from", "Returns only entries on or after this day.")
        .argument::<Option<Date>>("to", "Returns only entries on or before this day.")
        .argument::<Option<Vec<TimelineKind>>>("kinds", "Returns only entries of these kinds. Default: all kinds. An empty list returns nothing. Cursors remain valid if the kinds change.")
        .argument::<Option<Vec<String>>>("party", "Slugs of parties. Returns only entries in which at least one of these parties takes part: proposals made by or addressed to the party; events in which it acted; assessments that it holds or that name it in `breachedBy`; and assessments and due dates of clauses in which it has a role.")
        .argument::<Option<String>>("text", "Returns only proposals and events that contain this text, and assessments and deadlines of clauses, caveats and proposals that contain it. Searches the same fields as the text filters of these records. Ignores case, accents, apostrophes and invisible characters.")
}

/// The timeline that the arguments select.
///
/// # Errors
/// Fails if `from` is after `to`, or the text is too long or contains NUL.
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
    // Only the timeline of all agreements and proposals has the argument `agreement`.
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
