//! Submissions: assessments that wait for review. Only editors see them. No cached response contains them, because the fields
//! of `Query` that return submissions are unlogged, and a `node` field that finds a submission makes the response unlogged.

use async_graphql::{Enum, ID, InputObject};

use super::assessable;
use super::assessment::{Confidence, Momentum};
use super::edtf::edtf_date;
use super::engine::call::{
    Call, Context, Item, Linked, Objects, Reference, References, Resolved, Slot,
};
use super::engine::connection::connection_types;
use super::engine::leaf::Enumerated;
use super::engine::link::{distinct, each_list, one, one_of, reference, value_list};
use super::engine::reader::{Reader, call, date, id, instant, string_enum, text, value};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use super::source::SourceKind;
use crate::db;
use crate::db::assessment_batch::{ItemResult, Target};
use crate::db::assessment_write::Evidence;
use crate::db::rows::Column;
use crate::db::submission::{Comment, Filter, SubmissionList};
use crate::domain::citation::CitationDetails;
use crate::domain::external_id::ExternalIdContent;
use crate::domain::id::SubmissionId;
use crate::domain::source::SourceContent;
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{GlobalId, Id, Kind, StringEnum, assessment, submission, text as texts};

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::Submission, "Submission", "submissions", "submissions.id")];

const KEY: Column = "submissions.id";
const KIND: Column = "submissions.trackable_kind";
const SUBJECT: Column = "submissions.trackable_id";
const HOLDER: Column = "submissions.held_by_id";
const DAY: Column = "submissions.effective_on";
const STATUS: Column = "submissions.status";
const STATE: Column = "submissions.state";
const BREAKERS: Column = "submissions.breached_by";
const EVIDENCE: Column = "submissions.evidence";
const ASSESSMENT_KIND: Column = "submissions.trackable_kind || '_assessment'";

pub fn objects() -> Vec<Object> {
    let mut objects = connection_types!("Submission").with([object()]);
    objects.extend([comment(), evidence(), new_source(), external_id()]);
    objects
}

fn object() -> Object {
    Object::new("Submission", "An assessment that an editor submitted for review. It is not part of the public record until another editor publishes it. Only editors can read it.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Submission, KEY))
        .field("subject", "Clause, caveat or proposal whose status is assessed.", one_of("Trackable!", KIND, SUBJECT))
        .field("status", "Submitted status: a value of `ClauseStatus`, `CaveatStatus` or `ProposalStatus`.", text("upper(submissions.status)"))
        .field("effectiveOn", "Day from which the status applies. This is the last day of `effectiveDate`.", date(DAY))
        .field("effectiveDate", "Date of the status with its precision: a day, a month, a year or an interval, exact or approximate.", edtf_date("submissions.edtf_date", DAY, None))
        .field("heldBy", "Party that holds the assessment. Null for the neutral record.", one("Party", Kind::Party, HOLDER))
        .field("breachedBy", "Parties responsible for the breach. Empty if none is named.", breakers())
        .field("momentum", "Direction of progress.", string_enum::<Momentum, assessment::Momentum>("submissions.momentum"))
        .field("confidence", "Confidence in the assessment.", Confidence::column("submissions.confidence"))
        .field("note", "Reason for the assessment, in plain language.", text("submissions.note"))
        .field("evidence", "Sources that support the assessment, in order.", evidence_list())
        .field("event", "Event that caused the status. Null if none is stated.", one("Event", Kind::Event, "submissions.event_id"))
        .field("corrects", "Assessment that is retracted when this one is published. Null if there is none.", one_of("Assessment", ASSESSMENT_KIND, "submissions.corrects_id"))
        .field("correctionReason", "Reason for retracting the assessment in `corrects`. Null if there is none.", text("submissions.correction_reason").nullable())
        .field("change", "Change that publishing would make now. Null if the submission is not open.", change())
        .field("submittedAt", "Time of submission.", instant("submissions.submitted_at"))
        .field("submittedBy", "Name of the account that submitted the assessment.", text("submissions.submitted_by"))
        .field("state", "State of the submission.", string_enum::<SubmissionState, submission::SubmissionState>(STATE))
        .field("endedAt", "Time at which the submission was published, declined or withdrawn. Null if it is open.", instant("submissions.ended_at").nullable())
        .field("endedBy", "Name of the account that published, declined or withdrew the submission. Null if it is open.", text("submissions.ended_by").nullable())
        .field("endReason", "Reason for declining or withdrawing the submission. Null if it was neither declined nor withdrawn, or if no reason was given.", text("submissions.end_reason").nullable())
        .field("assessment", "Published assessment. Null if the submission is not published.", one_of("Assessment", ASSESSMENT_KIND, "submissions.assessment_id"))
        .field("comments", "Comments, oldest first. At most 200.", comments())
}

fn comment() -> Object {
    Object::new("SubmissionComment", "A comment of an editor on a submission.")
        .field("text", "Text of the comment.", value(|comment: &Comment| comment.text.clone()))
        .field(
            "writtenAt",
            "Time of the comment.",
            value(|comment: &Comment| DateTime(comment.written_at)),
        )
        .field(
            "writtenBy",
            "Name of the account that wrote the comment.",
            value(|comment: &Comment| comment.written_by.clone()),
        )
}

fn evidence() -> Object {
    Object::new(
        "SubmissionEvidence",
        "A source that supports a submitted assessment, with the place in the source.",
    )
    .field(
        "source",
        "Recorded source. Null if `newSource` is not null.",
        reference("Source", |evidence: &Evidence| match evidence {
            Evidence::Recorded(source) => Some(Reference::new(Kind::Source, *source)),
            Evidence::Cited(citation) => Some(Reference::new(Kind::Source, citation.source)),
            Evidence::New(..) => None,
        }),
    )
    .field(
        "newSource",
        "Source that is recorded when the submission is published. Null if `source` is not null.",
        call("SubmissionSource", |call: &mut Call<'_, '_>| {
            let new = |evidence: &Evidence| match evidence {
                Evidence::New(source, _) => Some(source.clone()),
                Evidence::Recorded(_) | Evidence::Cited(_) => None,
            };
            Ok(optional("SubmissionSource", call.values::<Evidence>()?.iter().map(new).collect()))
        }),
    )
    .field(
        "locator",
        "Place in the source: a paragraph, page or article. Null if none is stated.",
        value(|evidence: &Evidence| details(evidence).locator),
    )
    .field(
        "quotation",
        "Verbatim quotation from the source. Null if there is none.",
        value(|evidence: &Evidence| details(evidence).quotation),
    )
    .field(
        "accessedOn",
        "Day on which the source was read. Null if it is not stated.",
        value(|evidence: &Evidence| details(evidence).accessed_on.map(Date)),
    )
}

fn details(evidence: &Evidence) -> CitationDetails {
    match evidence {
        Evidence::Recorded(_) => CitationDetails::default(),
        Evidence::Cited(citation) => citation.details.clone(),
        Evidence::New(_, details) => details.clone(),
    }
}

fn new_source() -> Object {
    Object::new("SubmissionSource", "A source that is recorded when the submission is published.")
        .field("title", "Title.", value(|source: &SourceContent| source.title.clone()))
        .field(
            "kind",
            "Kind of source.",
            value(|source: &SourceContent| Enumerated(SourceKind::from(source.kind))),
        )
        .field(
            "publisher",
            "Publisher. Null if none is stated.",
            value(|source: &SourceContent| source.publisher.clone()),
        )
        .field(
            "url",
            "Address. Null if none is stated.",
            value(|source: &SourceContent| source.url.clone()),
        )
        .field(
            "archivedUrl",
            "Archived copy. Null if there is none.",
            value(|source: &SourceContent| source.archived_url.clone()),
        )
        .field(
            "publishedOn",
            "Day of publication. Null if it is not stated.",
            value(|source: &SourceContent| source.published_on.map(Date)),
        )
        .field(
            "language",
            "Language, as a tag of BCP 47. Null if it is not stated.",
            value(|source: &SourceContent| source.language.clone()),
        )
        .field(
            "externalIds",
            "Identifiers of the source in other collections.",
            value_list(
                "[SubmissionExternalId!]!",
                "SubmissionExternalId",
                |source: &SourceContent| source.external_ids.clone(),
            ),
        )
}

fn external_id() -> Object {
    Object::new("SubmissionExternalId", "Identifier of a new source in another collection.")
        .field(
            "scheme",
            "Scheme of the identifier, such as `DOI`.",
            value(|id: &ExternalIdContent| id.scheme.clone()),
        )
        .field(
            "value",
            "Identifier in that scheme.",
            value(|id: &ExternalIdContent| id.value.clone()),
        )
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "submissions",
            "Submissions, oldest first, including submissions for archived records. Requires an editor; others get an UNAUTHENTICATED or FORBIDDEN error.",
            connection("SubmissionConnection", "Submission", None, |call: &mut Call<'_, '_>| {
                call.context.viewer.editor()?;
                let filter: Option<SubmissionFilter> = call.arguments.get("filter")?;
                let filter = filter.map(|filter| filter.read(call.context)).transpose()?;
                Ok(SubmissionList { filter: filter.unwrap_or_default() })
            })
            .argument::<Option<SubmissionFilter>>("filter", "Returns only matching submissions.")
            .unlogged(),
        )
        .field(
            "submission",
            "Submission with this id. Null if there is none. Requires an editor; others get an UNAUTHENTICATED or FORBIDDEN error.",
            call("Submission", |call: &mut Call<'_, '_>| {
                call.context.viewer.editor()?;
                let id: ID = call.arguments.get("id")?;
                let Some(GlobalId { kind: Kind::Submission, uuid }) = GlobalId::decode(&id) else {
                    let message = format!("{} is not the id of a submission", texts::quote(&id));
                    return Err(Code::BadUserInput.error(message));
                };
                let reference = Reference::new(Kind::Submission, SubmissionId::from_uuid(uuid));
                Ok(Resolved::References(vec![References::One(Some(reference))]))
            })
            .argument::<ID>("id", "Id of the submission.")
            .unlogged(),
        )
}

/// Filter for submissions. A submission must match all given conditions.
#[derive(Debug, InputObject)]
pub struct SubmissionFilter {
    /// Matches submissions in any of these states.
    state: Option<Vec<SubmissionState>>,
    /// Name of an account. Matches submissions of this account.
    submitted_by: Option<String>,
    /// Name of an account. Excludes submissions of this account.
    not_submitted_by: Option<String>,
    /// Ids of clauses, caveats or proposals, or names such as `minsk-2/9`, `us-reply-2022/UR-4` or `us-reply-2022`. Matches submissions for any of them.
    subject: Option<Vec<ID>>,
}

impl SubmissionFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if an item of `subject` is neither the id nor the name of a clause, caveat or proposal.
    fn read(self, context: &mut Context<'_>) -> Result<Filter, Error> {
        let subjects = self.subject.as_deref();
        let subjects = subjects.map(|names| assessable::named(context, "subject", names));
        let states = |states: Vec<SubmissionState>| states.into_iter().map(Into::into).collect();
        Ok(Filter {
            states: self.state.map(states),
            submitted_by: self.submitted_by,
            not_submitted_by: self.not_submitted_by,
            subjects: subjects.transpose()?,
        })
    }
}

/// State of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "submission::SubmissionState")]
pub enum SubmissionState {
    /// The submission waits for review.
    Open,
    /// Another editor published the assessment.
    Published,
    /// Another editor declined the submission.
    Declined,
    /// The account that submitted the assessment withdrew the submission.
    Withdrawn,
}

/// An object or null for each parent.
fn optional<T: 'static>(object: &'static str, values: Vec<Option<T>>) -> Resolved {
    let mut present = Vec::new();
    let slots = values.into_iter().map(|value| {
        Slot::One(value.map_or(Item::Null, |value| {
            present.push(value);
            Item::Object { set: 0, index: present.len() - 1 }
        }))
    });
    let slots = slots.collect();
    Resolved::Linked(Linked {
        sets: vec![(object, Objects::values(present))],
        slots,
        items: Vec::new(),
    })
}

fn breakers() -> Reader {
    call("[Party!]!", |call: &mut Call<'_, '_>| {
        let lists = call.keys(BREAKERS)?.into_iter().map(|array| {
            let parties = db::submission::parties(array)?.into_iter();
            Ok(References::list(parties.map(|party| Reference::new(Kind::Party, party))))
        });
        Ok(Resolved::References(lists.collect::<Result<_, Error>>()?))
    })
    .needs(&[BREAKERS])
    .reads_nothing()
}

fn evidence_list() -> Reader {
    call("[SubmissionEvidence!]!", |call: &mut Call<'_, '_>| {
        let lists = call.keys(EVIDENCE)?.into_iter();
        let lists = lists.map(|json| Ok(db::submission::parse_evidence(json)?));
        Ok(each_list("SubmissionEvidence", lists.collect::<Result<_, Error>>()?))
    })
    .needs(&[EVIDENCE])
    .reads_nothing()
}

fn comments() -> Reader {
    call("[SubmissionComment!]!", |call: &mut Call<'_, '_>| {
        let keys = call.keys(KEY)?;
        let ids = distinct(keys.iter().copied());
        let comments =
            call.context.read(|connection| db::submission::comments_of(connection, &ids))?;
        let lists = keys.iter().map(|key| comments.get(*key).cloned().unwrap_or_default());
        Ok(each_list("SubmissionComment", lists.collect()))
    })
    .needs(&[KEY])
    .reads_once()
}

/// The change that publishing each open submission would make.
fn change() -> Reader {
    call("AssessmentItemResult", |call: &mut Call<'_, '_>| {
        let columns = [KIND, SUBJECT, HOLDER, DAY, STATUS, STATE];
        let columns: Vec<Vec<Option<&str>>> =
            columns.iter().map(|column| call.column(column)).collect::<Result<_, Error>>()?;
        let [kinds, subjects, holders, days, statuses, states] = columns.as_slice() else {
            return Err(Error::internal("a column of a submission is missing"));
        };
        let mut targets = Vec::new();
        let mut is_open = Vec::new();
        let rows = kinds.iter().zip(subjects).zip(holders).zip(days).zip(statuses).zip(states);
        for (((((kind, subject), holder), day), status), state) in rows {
            is_open.push(*state == Some(submission::SubmissionState::Open.as_str()));
            if is_open.last() == Some(&true) {
                let target = target(*kind, *subject, *holder, *day, *status);
                targets.push(target.ok_or_else(|| Error::internal("a malformed submission"))?);
            }
        }
        let results =
            call.context.read(|connection| db::assessment_batch::preview(connection, &targets))?;
        let mut results = results.into_iter();
        let changes: Vec<Option<ItemResult>> =
            is_open.into_iter().map(|is_open| is_open.then(|| results.next()).flatten()).collect();
        Ok(optional("AssessmentItemResult", changes))
    })
    .needs(&[KIND, SUBJECT, HOLDER, DAY, STATUS, STATE])
}

/// The target of a submission. None if a stored value is malformed.
fn target(
    kind: Option<&str>,
    subject: Option<&str>,
    holder: Option<&str>,
    day: Option<&str>,
    status: Option<&str>,
) -> Option<Target> {
    let kind = AssessableKind::parse(kind?)?;
    Some(Target {
        kind,
        subject: Id::stored(subject?)?,
        held_by: holder.and_then(Id::stored),
        day: Date::stored(day?).ok()?.0,
        status: Status::parse(kind, status?)?,
    })
}
