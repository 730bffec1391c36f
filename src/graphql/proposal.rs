//! Proposals.

use async_graphql::{Enum, InputObject};

use super::assessable::Assessable;
use super::caveat;
use super::engine::call::Context;
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::link::{many, one, one_by_argument, one_by_parent_and_argument};
use super::engine::reader::{
    Reader, boolean, date, id, instant, integer, string_enum, text, texts,
};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::order::{Order, order};
use super::perspective::{self, KnownAt};
use super::provenance::provenance;
use super::scalar::{Date, DateTime};
use super::text_filter::folded_filter;
use super::{change, event, external_id};
use crate::db;
use crate::db::proposal::{Parent, ProposalList};
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, proposal, status};

const ASSESSABLE: Assessable = Assessable {
    kind: AssessableKind::Proposal,
    id: ID,
    status: "trackables.status",
    since: "trackables.status_since",
    assessment: "ProposalAssessment",
    assessments: "[ProposalAssessment!]!",
    page: "ProposalAssessmentConnection!",
    assessment_kind: Kind::ProposalAssessment,
    status_description: "Status in force: the status of the latest assessment by `effectiveOn`, then by `recordedAt`. FLOATED if there is none.",
};

/// The column of a proposal's id.
const ID: &str = "proposals.id";

pub const RECORDS: [Record; 1] = [Record::new(
    Kind::Proposal,
    "Proposal",
    "proposals LEFT JOIN trackables ON trackables.id = proposals.id",
    ID,
)];

pub fn objects() -> Vec<Object> {
    connection_types!("Proposal").with([object()])
}

fn object() -> Object {
    Object::new("Proposal", "An offer or plan, with its caveats.")
        .implements("Trackable")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Proposal, ID))
        .field("version", "Increases with every change to this record, including new and retracted assessments. Pass it as `expectedVersion`.", integer("trackables.version"))
        .field("reference", "Short readable reference: the title.", text("proposals.title"))
        .field("slug", "Short name for addresses and filters, such as `us-reply-2022`. Unique among agreements and proposals.", text("proposals.slug"))
        .field("title", "Title.", text("proposals.title"))
        .field("aliases", "Other names and spellings, in any language, such as `кордон`. Searches and text filters match them.", texts("proposals.aliases"))
        .field("summary", "Plain-language summary.", text("proposals.summary"))
        .field("standing", "Whether the proposal is official or unofficial.", string_enum::<ProposalStanding, proposal::ProposalStanding>("proposals.standing"))
        .field("isPackage", "Whether the proposal must be accepted or rejected as a whole.", boolean("proposals.is_package"))
        .field("madeOn", "Day the proposal was made.", date("proposals.made_on"))
        .field(
            "proposedBy",
            "Parties that made the proposal.",
            many("[Party!]!", "Party", ID, db::proposal::PROPOSERS_OF),
        )
        .field(
            "addressedTo",
            "Parties asked to answer.",
            many("[Party!]!", "Party", ID, db::proposal::ADDRESSEES_OF),
        )
        .fields(provenance!("proposals"))
        .fields(|object| ASSESSABLE.fields::<ProposalStatus, status::ProposalStatus>(object))
        .field(
            "caveats",
            "Caveats of the proposal, in order of position.",
            connection("CaveatConnection!", "Caveat", Some(ID), |call| {
                caveat::list(call.context, call.arguments, db::caveat::Parent::Proposal)
            })
            .arguments(caveat::filter_argument),
        )
        .field("caveat", "Caveat with this number. Null if it does not exist or is archived.", caveat_by_number())
        .field(
            "agreements",
            "Agreements that the proposal is about.",
            many("[Agreement!]!", "Agreement", ID, db::agreement::OF_PROPOSALS),
        )
        .field("respondsTo", "Proposal that this one answers. Null if there is none.", one("Proposal", Kind::Proposal, "proposals.responds_to_id"))
        .field(
            "responses",
            "Proposals that answer this one, in order of the day they were made.",
            many("[Proposal!]!", "Proposal", ID, db::proposal::RESPONSES_TO),
        )
        .field(
            "events",
            "Events that concern this record, in order of day.",
            event::concerning(ID),
        )
        .field("externalIds", external_id::DESCRIPTION, external_id::of(ID))
        .field("changedAt", change::CHANGED_AT, change::changed_at(ID))
        .field("archivedAt", "Time of archiving. Null if the proposal is not archived. Lists exclude archived proposals and their caveats.", instant("trackables.archived_at").nullable())
}

fn caveat_by_number() -> Reader {
    one_by_parent_and_argument("Caveat", ID, "number", db::caveat::select_by_number)
        .argument::<String>("number", "Number, such as `UR-1`.")
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "proposal",
            "Proposal with this slug, present or former. Null if it does not exist or is archived.",
            one_by_argument("Proposal", "slug", db::proposal::BY_SLUG)
                .argument::<String>("slug", "Slug of the proposal, such as `us-reply-2022`."),
        )
        .field(
            "proposals",
            "Proposals. Excludes archived records.",
            connection("ProposalConnection", "Proposal", None, |call| {
                list(call.context, call.arguments, Parent::None)
            })
            .argument::<Option<ProposalFilter>>("filter", "Returns only matching records.")
            .argument::<Option<Order<ProposalOrderField>>>(
                "orderBy",
                "Sort order. Default: by the day the proposal was made.",
            ),
        )
}

/// The list of the proposals that the arguments select.
///
/// # Errors
/// Fails if the filter is invalid.
pub fn list(
    context: &mut Context<'_>,
    arguments: &Arguments,
    parent: Parent,
) -> Result<ProposalList, Error> {
    let filter: Option<ProposalFilter> = arguments.get("filter")?;
    let (order, direction) =
        order::<ProposalOrderField, _>(arguments, db::proposal::Order::MadeOn)?;
    Ok(ProposalList {
        parent,
        filter: filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default(),
        order,
        direction,
    })
}

/// Status of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::ProposalStatus")]
pub enum ProposalStatus {
    /// Mentioned informally. Also the status if there is no assessment.
    Floated,
    /// Formally put forward.
    Tabled,
    /// Under negotiation between the sides.
    UnderNegotiation,
    /// Accepted as it is.
    Accepted,
    /// Accepted in part.
    PartlyAccepted,
    /// Answered with another proposal.
    Countered,
    /// Rejected.
    Rejected,
    /// Withdrawn by its authors.
    Withdrawn,
    /// Overtaken by events.
    Lapsed,
}

/// Standing of a proposal: official or unofficial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "proposal::ProposalStanding")]
pub enum ProposalStanding {
    /// Made by a party itself.
    Official,
    /// Made by a commentator, or known only from a leak.
    Unofficial,
}

/// Filter for proposals. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct ProposalFilter {
    /// Matches records whose status in force is any of these.
    status: Option<Vec<ProposalStatus>>,
    /// Matches proposals with this standing.
    standing: Option<ProposalStanding>,
    /// Slugs of parties. Matches proposals made by or addressed to any of them.
    party: Option<Vec<String>>,
    /// Slugs of agreements. Matches proposals about any of them.
    agreement: Option<Vec<String>>,
    /// Matches proposals made on or after this day.
    made_from: Option<Date>,
    /// Matches proposals made on or before this day.
    made_to: Option<Date>,
    /// Matches records with this text in title, aliases, summary or note. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
    /// Evaluate `status` at the end of this day. Default: no limit.
    as_of: Option<Date>,
    /// Use only assessments that had been recorded by this time, including assessments retracted later. Default: now.
    known_at: Option<DateTime>,
    /// Name of a release, such as `2026-11`. The time of that release is used as `knownAt`. Cannot be combined with `knownAt`. Added on 2026-11-30.
    known_at_release: Option<String>,
    /// Id or slug of the party whose assessments determine the statuses. Default: the neutral record.
    held_by: Option<async_graphql::ID>,
}

/// Fields by which proposals can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::proposal::Order")]
pub enum ProposalOrderField {
    /// Day the proposal was made.
    MadeOn,
    /// First day of the status in force in the neutral record. Records without an assessment in force sort as earliest.
    StatusSince,
}

impl ProposalFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text`, `knownAt`, `knownAtRelease` or `heldBy` is invalid.
    fn read(self, context: &mut Context<'_>) -> Result<db::proposal::Filter, Error> {
        let known_at = KnownAt { instant: self.known_at, release: self.known_at_release };
        let perspective = perspective::of_filter(context, self.as_of, known_at, self.held_by)?;
        Ok(db::proposal::Filter {
            statuses: self.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            standing: self.standing.map(Into::into),
            parties: self.party,
            agreements: self.agreement,
            made_from: self.made_from.map(|day| day.0),
            made_to: self.made_to.map(|day| day.0),
            text: folded_filter(self.text)?,
            perspective,
        })
    }
}
