//! Caveats.

use async_graphql::{Enum, InputObject};

use super::assessable::Assessable;
use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::link::{many, one};
use super::engine::reader::{Reader, id, instant, integer, string_enum, text, texts};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::order::{Order, order};
use super::perspective::{self, KnownAt};
use super::provenance::provenance;
use super::scalar::{Date, DateTime};
use super::text_filter::folded_filter;
use super::{change, event, external_id, interpretation};
use crate::db;
use crate::db::caveat::{CaveatList, Parent};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, caveat, status};

const ASSESSABLE: Assessable = Assessable {
    kind: AssessableKind::Caveat,
    id: ID,
    status: "trackables.status",
    since: "trackables.status_since",
    assessment: "CaveatAssessment",
    assessments: "[CaveatAssessment!]!",
    page: "CaveatAssessmentConnection!",
    assessment_kind: Kind::CaveatAssessment,
    status_description: "Status in force: the status of the latest assessment by `effectiveOn`, then by `recordedAt`. OPEN if there is none.",
};

/// The column of a caveat's id.
const ID: &str = "caveats.id";

pub const RECORDS: [Record; 2] = [
    Record::new(
        Kind::Caveat,
        "Caveat",
        "caveats LEFT JOIN trackables ON trackables.id = caveats.id",
        ID,
    ),
    Record::new(
        Kind::CaveatClauseLink,
        "CaveatClauseLink",
        "caveat_clause_links",
        "caveat_clause_links.id",
    ),
];

pub fn objects() -> Vec<Object> {
    connection_types!("Caveat").with([object(), clause_link()])
}

fn object() -> Object {
    Object::new("Caveat", "One term of a proposal: an offer, a demand, a threatened consequence, or a point to be clarified.")
        .implements("Trackable")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Caveat, ID))
        .field("version", "Increases with every change to this record, including new and retracted assessments. Pass it as `expectedVersion`.", integer("trackables.version"))
        .field("reference", "Short readable reference: the title of the proposal and the number of the caveat.", text(db::caveat::REFERENCE))
        .field("proposal", "Proposal that the caveat belongs to.", one("Proposal!", Kind::Proposal, "caveats.proposal_id"))
        .field("number", "Number, such as `UR-1`. Unique within the proposal.", text("caveats.number"))
        .field("position", "Position in the proposal. 1 to 100000.", integer("caveats.position"))
        .field("kind", "Kind of caveat.", string_enum::<CaveatKind, caveat::CaveatKind>("caveats.kind"))
        .field("heading", "Short name.", text("caveats.heading"))
        .field("aliases", "Other names and spellings, in any language, such as `кордон`. Searches and text filters match them.", texts("caveats.aliases"))
        .field("summary", "Plain-language summary of the content.", text("caveats.summary"))
        .field("text", "Verbatim text, if the licence of the source permits it. Null if it is not recorded.", text("caveats.text").nullable())
        .field("topic", "Topic.", one("Topic!", Kind::Topic, "caveats.topic_id"))
        .field("owedBy", "Parties that would have to do what the caveat says.", many("[Party!]!", "Party", ID, db::caveat::OWED_BY))
        .field("owedTo", "Parties to which the caveat would be owed.", many("[Party!]!", "Party", ID, db::caveat::OWED_TO))
        .field(
            "inExchangeFor",
            "Caveats offered in exchange for this one. Symmetric: each of them lists this caveat too.",
            many("[Caveat!]!", "Caveat", ID, db::caveat::EXCHANGED_FOR),
        )
        .field("answers", "Caveats of other proposals that this caveat counters.", many("[Caveat!]!", "Caveat", ID, db::caveat::ANSWERED_BY))
        .field(
            "clauseLinks",
            "Links to the clauses that the caveat affects.",
            many("[CaveatClauseLink!]!", "CaveatClauseLink", ID, db::caveat::LINKS_OF_CAVEATS),
        )
        .fields(provenance!("caveats"))
        .fields(|object| ASSESSABLE.fields::<CaveatStatus, status::CaveatStatus>(object))
        .field(
            "interpretations",
            "Interpretations of this record, or of a term in it, by parties, in order of the day on which the parties stated them.",
            interpretation::of_subject("caveats.id"),
        )
        .field(
            "events",
            "Events that concern this record, in order of day.",
            event::concerning(ID),
        )
        .field("externalIds", external_id::DESCRIPTION, external_id::of(ID))
        .field("changedAt", change::CHANGED_AT, change::changed_at(ID))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Lists exclude archived records.", instant("trackables.archived_at").nullable())
}

fn clause_link() -> Object {
    Object::new(
        "CaveatClauseLink",
        "Relation of a caveat of a proposal to a clause of an agreement.",
    )
    .implements("Node")
    .field(
        "id",
        "Opaque global id of this entry.",
        id(Kind::CaveatClauseLink, "caveat_clause_links.id"),
    )
    .field("caveat", "The caveat.", one("Caveat!", Kind::Caveat, "caveat_clause_links.caveat_id"))
    .field("clause", "The clause.", one("Clause!", Kind::Clause, "caveat_clause_links.clause_id"))
    .field(
        "kind",
        "Kind of relation.",
        string_enum::<CaveatLinkKind, caveat::CaveatLinkKind>("caveat_clause_links.kind"),
    )
    .field(
        "note",
        "Remarks on the link. Null if there are none.",
        text("caveat_clause_links.note").nullable(),
    )
}

/// Adds the argument `filter`.
pub fn filter_argument(reader: Reader) -> Reader {
    reader.argument::<Option<CaveatFilter>>("filter", "Returns only matching records.")
}

pub fn queries(query: Object) -> Object {
    query.field(
        "caveats",
        "Caveats of all proposals. Excludes archived records.",
        connection("CaveatConnection", "Caveat", None, |call| {
            list(call.context, call.arguments, Parent::None)
        })
        .arguments(filter_argument)
        .argument::<Option<Order<CaveatOrderField>>>(
            "orderBy",
            "Sort order. Default: by proposal, then by position.",
        ),
    )
}

/// The list of caveats that the arguments select.
///
/// # Errors
/// Fails if the filter is invalid.
pub fn list(
    context: &mut Context<'_>,
    arguments: &Arguments,
    parent: Parent,
) -> Result<CaveatList, Error> {
    let filter: Option<CaveatFilter> = arguments.get("filter")?;
    let (order, direction) = order::<CaveatOrderField, _>(arguments, db::caveat::Order::Position)?;
    Ok(CaveatList {
        parent,
        filter: filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default(),
        order,
        direction,
    })
}

/// Status of a caveat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::CaveatStatus")]
pub enum CaveatStatus {
    /// Still open, without an answer. Also the status if there is no assessment.
    Open,
    /// Under negotiation between the sides.
    UnderNegotiation,
    /// Accepted as it is.
    Accepted,
    /// Answered with another caveat.
    Countered,
    /// Rejected.
    Rejected,
    /// Fulfilled or clarified.
    Satisfied,
    /// Accepted and then breached. A party's own assurance can be breached without having been accepted.
    Breached,
    /// Withdrawn by its authors.
    Withdrawn,
    /// Overtaken by events.
    Lapsed,
}

/// Kind of a caveat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caveat::CaveatKind")]
pub enum CaveatKind {
    /// An offer.
    Offer,
    /// A demand.
    Demand,
    /// A threatened consequence.
    Consequence,
    /// A point that must be clarified.
    Clarification,
}

/// Kind of relation of a caveat to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caveat::CaveatLinkKind")]
pub enum CaveatLinkKind {
    /// Would implement the clause.
    Implements,
    /// Partly requires the same as the clause.
    Overlaps,
    /// Is incompatible with the clause.
    Conflicts,
}

/// Filter for caveats. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct CaveatFilter {
    /// Slugs of proposals. Matches caveats of any of them.
    proposal: Option<Vec<String>>,
    /// Matches records of any of these kinds.
    kind: Option<Vec<CaveatKind>>,
    /// Matches records whose status in force is any of these.
    status: Option<Vec<CaveatStatus>>,
    /// Slugs of topics. Matches records with any of them.
    topic: Option<Vec<String>>,
    /// Slugs of parties. Matches caveats owed by or to any of them.
    party: Option<Vec<String>>,
    /// Matches records whose status in force began on or after this day. Excludes caveats without an assessment in force.
    status_since_from: Option<Date>,
    /// Matches records whose status in force began on or before this day. Excludes caveats without an assessment in force.
    status_since_to: Option<Date>,
    /// Matches records with this text in heading, aliases, summary, text or note. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
    /// Evaluate `status`, `statusSinceFrom` and `statusSinceTo` at the end of this day. Default: no limit.
    as_of: Option<Date>,
    /// Use only assessments that had been recorded by this time, including assessments retracted later. Default: now.
    known_at: Option<DateTime>,
    /// Name of a release, such as `2026-11`. The time of that release is used as `knownAt`. Cannot be combined with `knownAt`. Added on 2026-11-30.
    known_at_release: Option<String>,
    /// Id or slug of the party whose assessments determine the statuses. Default: the neutral record.
    held_by: Option<async_graphql::ID>,
}

/// Fields by which caveats can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::caveat::Order")]
pub enum CaveatOrderField {
    /// Proposals in order of the day on which they were made, and the caveats of a proposal in order of position.
    Position,
    /// First day of the status in force in the neutral record. Records without an assessment in force sort as earliest.
    StatusSince,
}

impl CaveatFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text` is too long, or `heldBy` is not a party.
    fn read(self, context: &mut Context<'_>) -> Result<db::caveat::Filter, Error> {
        let known_at = KnownAt { instant: self.known_at, release: self.known_at_release };
        let perspective = perspective::of_filter(context, self.as_of, known_at, self.held_by)?;
        Ok(db::caveat::Filter {
            proposals: self.proposal,
            kinds: self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            statuses: self.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            topics: self.topic,
            parties: self.party,
            status_since_from: self.status_since_from.map(|day| day.0),
            status_since_to: self.status_since_to.map(|day| day.0),
            text: folded_filter(self.text)?,
            perspective,
        })
    }
}
