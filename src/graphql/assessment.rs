//! Assessments.

use async_graphql::{Enum, EnumType, InputObject, InputType};

use super::assessable;
use super::caveat::CaveatStatus;
use super::citation::citations;
use super::clause::ClauseStatus;
use super::edtf::edtf_date;
use super::engine::call::{Call, Context};
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::leaf::Enumerated;
use super::engine::link::{distinct, many, one};
use super::engine::reader::{Reader, date, id, instant, leaf, string_enum, text};
use super::engine::record_list::mixed_connection;
use super::engine::schema::{Abstract, Object, Record};
use super::error::Error;
use super::perspective::{self, KnownAt, point_in_time, time_arguments};
use super::proposal::ProposalStatus;
use super::scalar::{Date, DateTime};
use crate::db;
use crate::db::assessment_list::{AssessmentList, Filter, Parent, RECORD_KIND};
use crate::db::party::{PartyAssessmentList, PartyRole};
use crate::db::rows::Column;
use crate::domain::perspective::PointInTime;
use crate::domain::{Kind, StringEnum, assessment, status};

pub const RECORDS: [Record; 3] = [
    Record::new(
        Kind::ClauseAssessment,
        "ClauseAssessment",
        "assessments WHERE assessments.trackable_kind = 'clause'",
        "assessments.id",
    ),
    Record::new(
        Kind::CaveatAssessment,
        "CaveatAssessment",
        "assessments WHERE assessments.trackable_kind = 'caveat'",
        "assessments.id",
    ),
    Record::new(
        Kind::ProposalAssessment,
        "ProposalAssessment",
        "assessments WHERE assessments.trackable_kind = 'proposal'",
        "assessments.id",
    ),
];

/// The interface of assessments.
pub fn interface() -> Abstract {
    Abstract {
        name: "Assessment",
        description: "A dated judgement of the status of a clause, caveat or proposal. Assessments held by no party form the neutral record. Append-only: a retraction marks an assessment and never deletes it.",
        members: &[],
        fields: &[
            ("id", ID),
            ("effectiveOn", EFFECTIVE_ON),
            ("effectiveDate", EFFECTIVE_DATE),
            ("recordedAt", RECORDED_AT),
            ("heldBy", HELD_BY),
            ("breachedBy", BREACHED_BY),
            ("momentum", MOMENTUM),
            ("confidence", CONFIDENCE),
            ("note", NOTE),
            ("evidence", EVIDENCE),
            ("citations", CITATIONS),
            ("event", EVENT),
            ("recordedBy", RECORDED_BY),
            ("submittedBy", SUBMITTED_BY),
            ("retractedAt", RETRACTED_AT),
            ("retractedBy", RETRACTED_BY),
            ("retractionReason", RETRACTION_REASON),
        ],
    }
}

const ID: &str = "Opaque global id. Permanent, and unique across all types.";
const EFFECTIVE_ON: &str = "Valid time: the day from which the status applies. This is the last day of `effectiveDate`. Lists, `asOf` and the status in force are based on this day.";
const EFFECTIVE_DATE: &str = "Date of the status with its precision: a day, a month, a year or an interval, exact or approximate.";
const RECORDED_AT: &str = "Transaction time: the time at which the assessment was recorded.";
const HELD_BY: &str = "Party that holds this assessment. Null for the neutral record.";
const BREACHED_BY: &str = "Parties responsible for the breach, according to this assessment. Empty if it names none or if the status is not BREACHED.";
const MOMENTUM: &str = "Direction of progress.";
const CONFIDENCE: &str = "Confidence in this assessment.";
const NOTE: &str = "Reason for the assessment, in plain language.";
const EVIDENCE: &str =
    "Sources that support this assessment. `citations` contains the place in each.";
const CITATIONS: &str =
    "Sources that support this assessment, with the place in each. In the order of `evidence`.";
const EVENT: &str = "Event that caused the status. Null if none is recorded.";
const RECORDED_BY: &str = "Name of the account that recorded the assessment. If another account submitted it, this is the account that published it.";
const SUBMITTED_BY: &str = "Name of the account that submitted the assessment for review. The account in `recordedBy` published it. Null if it was recorded without a review.";
const RETRACTED_AT: &str = "Time of retraction. Null if the assessment is not retracted.";
const RETRACTED_BY: &str =
    "Name of the account that retracted the assessment. Null if it is not retracted.";
const RETRACTION_REASON: &str =
    "Reason for the retraction. Null if the assessment is not retracted.";

pub fn objects() -> Vec<Object> {
    let clause = Object::new("ClauseAssessment", "A dated judgement of the status of a clause. Append-only: a retraction marks an assessment and never deletes it.")
        .field("clause", "Subject of the assessment.", subject("Clause!", Kind::Clause))
        .fields(|object| fields::<ClauseStatus, status::ClauseStatus>(object, Kind::ClauseAssessment));
    let caveat = Object::new("CaveatAssessment", "A dated judgement of the status of a caveat. Append-only: a retraction marks an assessment and never deletes it.")
        .field("caveat", "Subject of the assessment.", subject("Caveat!", Kind::Caveat))
        .fields(|object| fields::<CaveatStatus, status::CaveatStatus>(object, Kind::CaveatAssessment));
    let proposal = Object::new("ProposalAssessment", "A dated judgement of the status of a proposal. Append-only: a retraction marks an assessment and never deletes it.")
        .field("proposal", "Subject of the assessment.", subject("Proposal!", Kind::Proposal))
        .fields(|object| fields::<ProposalStatus, status::ProposalStatus>(object, Kind::ProposalAssessment));
    let connections = [
        connection_types!("ClauseAssessment").with([clause]),
        connection_types!("CaveatAssessment").with([caveat]),
        connection_types!("ProposalAssessment").with([proposal]),
        connection_types!("Assessment").with([]),
    ];
    connections.into_iter().flatten().collect()
}

/// The list of assessments that the arguments select.
///
/// # Errors
/// Fails if the argument `includeRetracted` is invalid.
pub fn list(arguments: &Arguments, parent: Parent) -> Result<AssessmentList, Error> {
    let include_retracted = arguments.get("includeRetracted")?;
    Ok(AssessmentList { parent, filter: Filter::default(), include_retracted })
}

pub fn queries(query: Object) -> Object {
    query.field(
        "assessments",
        "Assessments of clauses, caveats and proposals, newest first by `effectiveOn`, then by `recordedAt`. Excludes assessments of archived records.",
        mixed_connection("AssessmentConnection", RECORD_KIND, None, |call| {
            let filter: Option<AssessmentFilter> = call.arguments.get("filter")?;
            let filter = filter.map(|filter| filter.read(call.context)).transpose()?;
            let list = list(call.arguments, Parent::None)?;
            Ok(AssessmentList { filter: filter.unwrap_or_default(), ..list })
        })
        .argument::<Option<AssessmentFilter>>("filter", "Returns only matching assessments.")
        .arguments(include_retracted_argument),
    )
}

/// Filter for assessments. An assessment must match all given conditions.
#[derive(Debug, InputObject)]
pub struct AssessmentFilter {
    /// Ids of clauses, caveats or proposals, or names such as `minsk-2/9`, `us-reply-2022/UR-4` or `us-reply-2022`. Matches assessments of any of them.
    subject: Option<Vec<async_graphql::ID>>,
    /// Slugs of agreements. Matches assessments of clauses of any of them.
    agreement: Option<Vec<String>>,
    /// Slugs of proposals. Matches assessments of any of them and of their caveats.
    proposal: Option<Vec<String>>,
    /// Ids or slugs of parties. Matches assessments held by any of them.
    held_by: Option<Vec<async_graphql::ID>>,
    /// True matches assessments of the neutral record. False matches assessments held by parties.
    neutral: Option<bool>,
    /// Matches assessments effective on or after this day.
    effective_from: Option<Date>,
    /// Matches assessments effective on or before this day.
    as_of: Option<Date>,
    /// Use only what had been recorded by this time, including assessments retracted later. Default: now.
    known_at: Option<DateTime>,
    /// Name of a release, such as `2026-11`. The time of that release is used as `knownAt`. Cannot be combined with `knownAt`. Added on 2026-11-30.
    known_at_release: Option<String>,
}

impl AssessmentFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if an item of `subject` or of `heldBy` does not exist.
    fn read(self, context: &mut Context<'_>) -> Result<Filter, Error> {
        let known_at = KnownAt { instant: self.known_at, release: self.known_at_release };
        let subjects = self.subject.as_deref();
        let subjects = subjects.map(|names| assessable::named(context, "subject", names));
        let holders = self.held_by.as_deref();
        let holders = holders.map(|ids| perspective::parties(context, "heldBy", ids));
        Ok(Filter {
            subjects: subjects.transpose()?,
            agreements: self.agreement,
            proposals: self.proposal,
            held_by: holders.transpose()?,
            neutral: self.neutral,
            effective_from: self.effective_from.map(|day| day.0),
            point_in_time: PointInTime {
                as_of: self.as_of.map(|day| day.0),
                known_at: known_at.read(context)?,
            },
        })
    }
}

/// Adds the argument `includeRetracted` of lists of assessments.
pub fn include_retracted_argument(reader: Reader) -> Reader {
    reader.argument_or::<bool>(
        "includeRetracted",
        "false",
        "Whether to include retracted assessments.",
    )
}

/// The assessments that cite a source as evidence. The source's id is in the column `source`.
pub fn citing(source: Column) -> Reader {
    mixed_connection("AssessmentConnection!", RECORD_KIND, Some(source), |call| {
        list(call.arguments, Parent::Source)
    })
    .arguments(include_retracted_argument)
}

/// The assessments in force that a party holds. The party's id is in the column `party`.
pub fn of_holder(party: Column) -> Reader {
    of_party(party, PartyRole::Holder).argument::<Option<bool>>(
        "differsFromNeutral",
        "True returns only assessments that differ from the neutral record. False returns only assessments that do not. An assessment differs if its status differs from the neutral status, or if it and the neutral assessment both name parties in `breachedBy`, and these parties differ. Without a neutral assessment, the neutral status is UNASSESSED, OPEN or FLOATED. An assessment with the status UNASSESSED does not differ. Default: all assessments.",
    )
}

/// The assessments in force that name a party in `breachedBy`. The party's id is in the column `party`.
pub fn of_breaker(party: Column) -> Reader {
    of_party(party, PartyRole::Breaker)
}

fn of_party(party: Column, role: PartyRole) -> Reader {
    mixed_connection("AssessmentConnection!", RECORD_KIND, Some(party), move |call| {
        let differs_from_neutral = match role {
            PartyRole::Holder => call.arguments.get("differsFromNeutral")?,
            PartyRole::Breaker => None,
        };
        let point_in_time = point_in_time(call.context, call.arguments)?;
        Ok(PartyAssessmentList { role, point_in_time, differs_from_neutral })
    })
    .arguments(time_arguments)
}

fn subject(ty: &'static str, kind: Kind) -> Reader {
    one(ty, kind, "assessments.trackable_id")
}

/// Adds the fields that all kinds of assessments have. `E` is the GraphQL enum of the subject's statuses. `S` is the enum of
/// their stored names.
fn fields<E, S>(object: Object, kind: Kind) -> Object
where
    E: EnumType + InputType + From<S>,
    S: StringEnum + From<E>,
{
    object
        .implements("Node")
        .implements("Assessment")
        .field("id", ID, id(kind, "assessments.id"))
        .field("status", "Assessed status.", string_enum::<E, S>("assessments.status"))
        .field("previousStatus", "Status according to the same holder before this assessment took effect. Null for the first assessment.", previous_status::<E, S>())
        .field("effectiveOn", EFFECTIVE_ON, date("assessments.effective_on"))
        .field("effectiveDate", EFFECTIVE_DATE, edtf_date("assessments.edtf_date", "assessments.effective_on", None))
        .field("recordedAt", RECORDED_AT, instant("assessments.recorded_at"))
        .field("heldBy", HELD_BY, one("Party", Kind::Party, "assessments.held_by_id"))
        .field("breachedBy", BREACHED_BY, many("[Party!]!", "Party", "assessments.id", db::party::BREAKERS_OF))
        .field("momentum", MOMENTUM, string_enum::<Momentum, assessment::Momentum>("assessments.momentum"))
        .field("confidence", CONFIDENCE, Confidence::column("assessments.confidence"))
        .field("note", NOTE, text("assessments.note"))
        .field("evidence", EVIDENCE, many("[Source!]!", "Source", "assessments.id", db::source::EVIDENCE_OF))
        .field("citations", CITATIONS, citations("assessments.id", db::citation::OF_ASSESSMENTS))
        .field("event", EVENT, one("Event", Kind::Event, "assessments.event_id"))
        .field("recordedBy", RECORDED_BY, text("assessments.recorded_by"))
        .field("submittedBy", SUBMITTED_BY, text("assessments.submitted_by").nullable())
        .field("retractedAt", RETRACTED_AT, instant("assessments.retracted_at").nullable())
        .field("retractedBy", RETRACTED_BY, text("assessments.retracted_by").nullable())
        .field("retractionReason", RETRACTION_REASON, text("assessments.retraction_reason").nullable())
}

/// The status before each assessment took effect, according to the earlier assessments of the same holder.
fn previous_status<E, S>() -> Reader
where
    E: EnumType + InputType + From<S>,
    S: StringEnum,
{
    leaf(|call: &mut Call<'_, '_>| {
        let assessments = call.keys("assessments.id")?;
        let ids = distinct(assessments.iter().copied());
        let previous =
            call.context.read(|connection| db::assessment::previous_statuses(connection, &ids))?;
        let statuses = assessments.into_iter().map(|id| {
            let Some(stored) = previous.get(id) else { return Ok(None) };
            let status = S::parse(stored).map(|status| Enumerated(E::from(status)));
            status.map(Some).ok_or_else(|| Error::internal(format!("the stored status {stored}")))
        });
        statuses.collect::<Result<Vec<_>, Error>>()
    })
    .needs(&["assessments.id"])
}

/// Direction of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "assessment::Momentum")]
pub enum Momentum {
    /// Progress towards completion.
    Advancing,
    /// No significant movement.
    Steady,
    /// Progress was expected but has stopped.
    Stalled,
    /// Movement away from completion.
    Regressing,
}

/// Confidence in a record or assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "assessment::Confidence")]
pub enum Confidence {
    /// Not checked against a source, or doubtful.
    Low,
    /// Supported by one source.
    Medium,
    /// Supported by several independent sources.
    High,
}

impl Confidence {
    /// A column of confidence.
    pub fn column(of: Column) -> Reader {
        string_enum::<Self, assessment::Confidence>(of)
    }
}
