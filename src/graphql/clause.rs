//! Clauses.

use async_graphql::{Enum, ID, InputObject};

use super::assessable::{Assessable, in_force};
use super::coding;
use super::deadline;
use super::engine::call::{Call, Context};
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::link::{many, one, one_by_key};
use super::engine::reader::{Reader, call, id, instant, integer, leaf, string_enum, text, texts};
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
use crate::db::clause::{ClauseList, Parent};
use crate::domain::perspective::Perspective;
use crate::domain::status::AssessableKind;
use crate::domain::{Kind, StringEnum, clause, status};

const ASSESSABLE: Assessable = Assessable {
    kind: AssessableKind::Clause,
    id: "clauses.id",
    status: "clauses.status",
    since: "clauses.status_since",
    assessment: "ClauseAssessment",
    assessments: "[ClauseAssessment!]!",
    page: "ClauseAssessmentConnection!",
    assessment_kind: Kind::ClauseAssessment,
    status_description: "Status in force: the status of the latest assessment by `effectiveOn`, then by `recordedAt`. UNASSESSED if there is none.",
};

pub const RECORDS: [Record; 2] = [
    Record::new(
        Kind::Clause,
        "Clause",
        "clauses LEFT JOIN trackables ON trackables.id = clauses.id",
        "clauses.id",
    ),
    Record::new(Kind::Obligation, "Obligation", "obligations", "obligations.id"),
];

pub fn objects() -> Vec<Object> {
    connection_types!("Clause").with([object(), obligation()])
}

fn object() -> Object {
    Object::new("Clause", "A provision of an agreement.")
        .implements("Trackable")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Clause, "clauses.id"))
        .field("version", "Increases with every change to this record, including new and retracted assessments. Pass it as `expectedVersion`.", integer("trackables.version"))
        .field("reference", "Short readable reference: the short title of the agreement and the number of the clause, such as `Minsk II, 9`.", text(db::clause::REFERENCE))
        .field("agreement", "Agreement that the clause belongs to.", one("Agreement!", Kind::Agreement, "clauses.agreement_id"))
        .field("number", "Number as printed, with a dot before a letter, such as `10.a` or `11.n7`. Unique within the agreement.", text("clauses.number"))
        .field("position", "Position in the agreement. 1 to 100000.", integer("clauses.position"))
        .field("parent", "Clause that contains this clause. Null if it is not part of another clause.", one("Clause", Kind::Clause, "clauses.parent_id"))
        .field(
            "children",
            "Clauses that are parts of this clause, in order of position.",
            many("[Clause!]!", "Clause", "clauses.id", db::clause::CHILDREN_OF),
        )
        .field("heading", "Short name.", text("clauses.heading"))
        .field("aliases", "Other names and spellings, in any language, such as `кордон`. Searches and text filters match them.", texts("clauses.aliases"))
        .field("summary", "Plain-language summary of the content.", text("clauses.summary"))
        .field("text", "Verbatim text, if the licence of the source permits it. Null if it is not recorded.", text("clauses.text").nullable())
        .field("nature", "Whether the obligation is one-off or continuing.", string_enum::<ClauseNature, clause::ClauseNature>("clauses.nature"))
        .field("weight", "Weight in scores with the weighting WEIGHTS. 1 to 100. Has no effect on a clause with parts.", integer("clauses.weight"))
        .field("topic", "Topic.", one("Topic!", Kind::Topic, "clauses.topic_id"))
        .fields(provenance!("clauses"))
        .field(
            "obligations",
            "Roles of parties in carrying out the clause.",
            many("[Obligation!]!", "Obligation", "clauses.id", db::clause::OBLIGATIONS_OF),
        )
        .field(
            "deadlines",
            "Deadlines of the clause. If the parties compute a deadline differently, each version is a separate entry.",
            many("[Deadline!]!", "Deadline", "clauses.id", db::deadline::OF_CLAUSES),
        )
        .field(
            "criteria",
            "Criteria for statuses of the clause: the evidence that each status requires. At most one for each status.",
            many("[Criterion!]!", "Criterion", "clauses.id", db::criterion::OF_CLAUSES),
        )
        .field("isOverdue", "Whether the clause is overdue. START and FINISH deadlines are evaluated separately: the clause is overdue if the latest due date of either phase has passed. Deadlines without a due date are ignored. COMPLETE, NOT_APPLICABLE, VOID, OVERTAKEN, LAPSED and SUSPENDED clauses are never overdue. MINIMAL, PARTIAL and BREACHED clauses have started, so START deadlines do not apply.", is_overdue())
        .fields(|object| ASSESSABLE.fields::<ClauseStatus, status::ClauseStatus>(object))
        .field(
            "caveatLinks",
            "Links to the caveats that affect the clause.",
            many(
                "[CaveatClauseLink!]!",
                "CaveatClauseLink",
                "clauses.id",
                db::caveat::LINKS_OF_CLAUSES,
            ),
        )
        .field(
            "interpretations",
            "Interpretations of this record, or of a term in it, by parties, in order of the day on which the parties stated them.",
            interpretation::of_subject("clauses.id"),
        )
        .field(
            "events",
            "Events that concern this record, in order of day.",
            event::concerning("clauses.id"),
        )
        .field(
            "codings",
            "Codings of the clause for a day. Editors see them only after they have coded the clause for that day themselves. Everyone else sees them after two accounts have coded it for that day.",
            coding::of_clauses(),
        )
        .field("externalIds", external_id::DESCRIPTION, external_id::of("clauses.id"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("clauses.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Lists exclude archived records.", instant("trackables.archived_at").nullable())
}

fn obligation() -> Object {
    Object::new(
        "Obligation",
        "Role of a party in carrying out a clause, undisputed or in the view of one party.",
    )
    .implements("Node")
    .field("id", "Opaque global id of this entry.", id(Kind::Obligation, "obligations.id"))
    .field("party", "Party with this role.", one("Party!", Kind::Party, "obligations.party_id"))
    .field(
        "role",
        "Role of the party.",
        string_enum::<ObligationRole, clause::ObligationRole>("obligations.role"),
    )
    .field(
        "heldBy",
        "Party that holds this view. Null if undisputed.",
        one("Party", Kind::Party, "obligations.held_by_id"),
    )
    .fields(provenance!("obligations"))
}

fn is_overdue() -> Reader {
    leaf(|call: &mut Call<'_, '_>| {
        let perspective = perspective::perspective(call.context, call.arguments)?;
        let clauses = call.keys("clauses.id")?;
        let statuses: Result<Vec<_>, Error> = if perspective == Perspective::default() {
            call.column("clauses.status")?.into_iter().map(stored_status).collect()
        } else {
            let in_force = in_force(call, "clauses.id", perspective)?;
            let stored = in_force.iter().map(|row| row.as_ref().map(|row| row.status.as_str()));
            stored.map(stored_status).collect()
        };
        deadline::are_overdue(call.context, &clauses, &statuses?, perspective)
    })
    .needs(&["clauses.id", "clauses.status"])
    .argument::<Option<Date>>("asOf", "Day for which to evaluate the clause, with the status in force at the end of the day. A due date has passed if it is before this day. This argument does not change the due dates. Default: today (UTC), with the latest status.")
    .argument::<Option<DateTime>>("knownAt", "Use only assessments that had been recorded by this time, including those retracted later. These assessments also determine the completions from which deadlines are counted. Deadline rules and events are always the current ones. Default: now.")
    .arguments(perspective::known_at_release)
    .argument::<Option<ID>>("heldBy", "Id or slug of the party whose assessments are used. Default: the neutral record. The deadlines of all parties are used.")
}

/// Parses the stored name of a status. UNASSESSED if there is none.
fn stored_status(stored: Option<&str>) -> Result<status::ClauseStatus, Error> {
    let Some(name) = stored else { return Ok(status::ClauseStatus::Unassessed) };
    let status = status::ClauseStatus::parse(name);
    status.ok_or_else(|| Error::internal(format!("the stored status {name}")))
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "clause",
            "Clause with this number in this agreement. Null if it does not exist or is archived.",
            call("Clause", |call: &mut Call<'_, '_>| {
                let agreement: String = call.arguments.get("agreement")?;
                let number: String = call.arguments.get("number")?;
                let columns = call.selected.columns("Clause", &[]);
                let rows = call.context.read(|connection| {
                    db::clause::select_by_name(connection, &agreement, &number, &columns)
                })?;
                let keys = vec![Some(agreement.as_str()); call.parents.len()];
                Ok(one_by_key("Clause", &keys, rows))
            })
            .argument::<String>("agreement", "Slug of the agreement, such as `minsk-2`.")
            .argument::<String>("number", "Number as printed, such as `4.a`."),
        )
        .field(
            "clauses",
            "Clauses of all agreements. Excludes archived records.",
            connection("ClauseConnection", "Clause", None, |call| {
                list(call.context, call.arguments, Parent::None)
            })
            .arguments(list_arguments),
        )
}

/// Status of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::ClauseStatus")]
pub enum ClauseStatus {
    /// Not assessed.
    Unassessed,
    /// The clause does not apply.
    NotApplicable,
    /// Nothing was done.
    NotStarted,
    /// First steps were taken, but most requirements are not met.
    Minimal,
    /// A substantial part was done, but not everything.
    Partial,
    /// All requirements of the clause are met, or a continuing obligation is being kept.
    Complete,
    /// Breached.
    Breached,
    /// Temporarily suspended.
    Suspended,
    /// No longer in force, because an act of a competent body ended the clause, or because a party declares it void. Excludes OVERTAKEN and LAPSED, which have been separate statuses since 2026-11-29.
    Void,
    /// Events made the clause moot. Added on 2026-11-29.
    Overtaken,
    /// The term of the clause ran out. Added on 2026-11-29.
    Lapsed,
}

/// Nature of a clause: one-off or continuing obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "clause::ClauseNature")]
pub enum ClauseNature {
    /// One-off obligation, completed once.
    OneOff,
    /// Continuing obligation. The status of the clause can regress.
    Continuing,
}

/// Role of a party in carrying out a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "clause::ObligationRole")]
pub enum ObligationRole {
    /// Must carry out the clause.
    Obliged,
    /// Monitors whether the clause is carried out.
    Monitor,
    /// Helps to carry out the clause.
    Facilitator,
    /// Benefits from the clause.
    Beneficiary,
}

/// Filter for clauses. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct ClauseFilter {
    /// Slugs of agreements. Matches clauses of any of them.
    agreement: Option<Vec<String>>,
    /// Matches records whose status in force is any of these.
    status: Option<Vec<ClauseStatus>>,
    /// Ids or slugs of parties. Matches clauses whose status in force is BREACHED and whose assessment names any of them in `breachedBy`.
    breached_by: Option<Vec<ID>>,
    /// Slugs of topics. Matches records with any of them.
    topic: Option<Vec<String>>,
    /// Slugs of parties. Matches clauses in which any of them has any role.
    party: Option<Vec<String>>,
    /// Matches records whose status in force began on or after this day. Excludes clauses without an assessment in force.
    status_since_from: Option<Date>,
    /// Matches records whose status in force began on or before this day. Excludes clauses without an assessment in force.
    status_since_to: Option<Date>,
    /// Matches records with this text in heading, aliases, summary, text or note. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
    /// Whether parties disagree about the status or about who breached the clause. See `isContested`.
    contested: Option<bool>,
    /// Whether clauses are blocked. A clause is blocked if it is neither done nor ended, and a precondition of the text or of any party is not met. See `PreconditionNeed.DONE` and `Sequence.ended`.
    blocked: Option<bool>,
    /// Whether clauses are overdue. See `isOverdue`.
    overdue: Option<bool>,
    /// Matches clauses whose `checkedOn` is before this day or null.
    checked_before: Option<Date>,
    /// Evaluate `status`, `breachedBy`, `statusSinceFrom`, `statusSinceTo`, `contested`, `blocked`, `overdue` and `checkedBefore` at the end of this day. Default: no limit; for `overdue`, today (UTC).
    as_of: Option<Date>,
    /// Use only assessments that had been recorded by this time, including assessments retracted later. Default: now. Preconditions and deadlines are always the current ones.
    known_at: Option<DateTime>,
    /// Name of a release, such as `2026-11`. The time of that release is used as `knownAt`. Cannot be combined with `knownAt`. Added on 2026-11-30.
    known_at_release: Option<String>,
    /// Id or slug of the party whose assessments determine the statuses. Default: the neutral record.
    held_by: Option<ID>,
}

/// Fields by which clauses can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::clause::Order")]
pub enum ClauseOrderField {
    /// Agreements in order of the day of agreement, and the clauses of an agreement in order of position.
    Position,
    /// First day of the status in force in the neutral record. Records without an assessment in force sort as earliest.
    StatusSince,
    /// Earliest due date. Clauses without a due date sort as latest.
    Deadline,
    /// Day of the latest status check or recorded assessment. See `checkedOn`. Clauses without such a day sort as earliest.
    CheckedOn,
}

/// Adds the arguments `filter` and `orderBy`.
pub fn list_arguments(reader: Reader) -> Reader {
    arguments(reader, "Sort order. Default: by agreement, then by position.")
}

/// Adds the arguments `filter` and `orderBy` to the clauses of an agreement.
pub fn list_arguments_of_agreement(reader: Reader) -> Reader {
    arguments(reader, "Sort order. Default: by position.")
}

fn arguments(reader: Reader, order: &'static str) -> Reader {
    reader
        .argument::<Option<ClauseFilter>>("filter", "Returns only matching records.")
        .argument::<Option<Order<ClauseOrderField>>>("orderBy", order)
}

/// The list of clauses that the arguments select.
///
/// # Errors
/// Fails if the filter is invalid.
pub fn list(
    context: &mut Context<'_>,
    arguments: &Arguments,
    parent: Parent,
) -> Result<ClauseList, Error> {
    let filter: Option<ClauseFilter> = arguments.get("filter")?;
    let (order, direction) = order::<ClauseOrderField, _>(arguments, db::clause::Order::Position)?;
    Ok(ClauseList {
        parent,
        filter: filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default(),
        order,
        direction,
    })
}

impl ClauseFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text` is too long, or `heldBy` or an item of `breachedBy` is not a party.
    pub fn read(self, context: &mut Context<'_>) -> Result<db::clause::Filter, Error> {
        let known_at = KnownAt { instant: self.known_at, release: self.known_at_release };
        let perspective = perspective::of_filter(context, self.as_of, known_at, self.held_by)?;
        let breakers = self.breached_by.as_deref();
        let breakers = breakers.map(|ids| perspective::parties(context, "breachedBy", ids));
        Ok(db::clause::Filter {
            agreements: self.agreement,
            statuses: self.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            breached_by: breakers.transpose()?,
            topics: self.topic,
            parties: self.party,
            status_since_from: self.status_since_from.map(|day| day.0),
            status_since_to: self.status_since_to.map(|day| day.0),
            text: folded_filter(self.text)?,
            contested: self.contested,
            blocked: self.blocked,
            overdue: self.overdue,
            checked_before: self.checked_before.map(|day| day.0),
            perspective,
        })
    }
}
