//! Recording and retracting assessments.

use async_graphql::{ID, InputObject, OneofObject};

use super::citation::{CitationDetailsInput, CitationInput};
use super::external_id::ExternalIdInput;
use super::input::{Change, Given, Idempotency, Ids, RecordId, Referred, Text};
use super::presence::{List, Reads};
use super::record::NamedId;
use super::submission::check_is_direct;
use super::{Payload, date, mutation, payload, payload_with, write};
use crate::db;
use crate::db::assessment_write::{Correction, Evidence, NewAssessment};
use crate::db::submission::NewSubmission;
use crate::domain::assessment::AssessmentContent;
use crate::domain::id::{AssessableId, AssessmentId, of};
use crate::domain::source::SourceContent;
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{GlobalId, Kind, ValidationErrorCode, ValidationErrors, text};
use crate::graphql::assessment::{Confidence, Momentum};
use crate::graphql::caveat::CaveatStatus;
use crate::graphql::clause::ClauseStatus;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::reference;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::proposal::ProposalStatus;
use crate::graphql::scalar::{Date, EdtfDate};
use crate::graphql::source::SourceKind;
use crate::graphql::user_error::UserError;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    const INPUT: &str = "Content of the new assessment.";
    mutations
        .field(
            "updateClauseStatus",
            "Records a new status of a clause. Earlier assessments stay in the history. The assessment in force is the latest by `effectiveOn`, then by `recordedAt`.",
            mutation("UpdateClauseStatusPayload", INPUT, |call, input: UpdateClauseStatusInput| {
                record(call, "updateClauseStatus", input.read())
            }),
        )
        .field(
            "updateProposalStatus",
            "Records a new status of a proposal. Earlier assessments stay in the history. The assessment in force is the latest by `effectiveOn`, then by `recordedAt`.",
            mutation("UpdateProposalStatusPayload", INPUT, |call, input: UpdateProposalStatusInput| {
                record(call, "updateProposalStatus", input.read())
            }),
        )
        .field(
            "updateCaveatStatus",
            "Records a new status of a caveat. Earlier assessments stay in the history. The assessment in force is the latest by `effectiveOn`, then by `recordedAt`.",
            mutation("UpdateCaveatStatusPayload", INPUT, |call, input: UpdateCaveatStatusInput| {
                record(call, "updateCaveatStatus", input.read())
            }),
        )
        .field(
            "retractAssessment",
            "Retracts an assessment. It stays in the history, marked as retracted. The server then determines the status in force from the remaining assessments.",
            mutation("RetractAssessmentPayload", "Assessment to retract, with the reason.", |call, input| {
                retract(call, &input)
            }),
        )
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let recorded = |object: Object, ty| {
        let description = "The new assessment. Null if `userErrors` is not empty.";
        object.field(
            "assessment",
            description,
            reference(ty, |payload: &Payload| payload.assessment),
        )
    };
    vec![
        recorded(payload("UpdateClauseStatusPayload", "clause", "Clause"), "ClauseAssessment"),
        recorded(
            payload("UpdateProposalStatusPayload", "proposal", "Proposal"),
            "ProposalAssessment",
        ),
        recorded(payload("UpdateCaveatStatusPayload", "caveat", "Caveat"), "CaveatAssessment"),
        payload_with(
            "RetractAssessmentPayload",
            "subject",
            "Trackable",
            "Subject of the assessment after the change. Null if `userErrors` is not empty.",
        )
        .field(
            "assessment",
            "The retracted assessment. Null if `userErrors` is not empty.",
            reference("Assessment", |payload: &Payload| payload.assessment),
        ),
    ]
}

/// A new status: its first day, the party that holds it, and its evidence.
#[derive(InputObject)]
pub struct UpdateClauseStatusInput {
    /// Id of the clause.
    clause_id: RecordId<of::Clause>,
    /// New status.
    status: ClauseStatus,
    /// Ids of the parties that breached it. Only with the status BREACHED. Default: none.
    breached_by: Option<Vec<RecordId<of::Party>>>,
    #[graphql(flatten)]
    statement: AssessmentInput,
}

impl UpdateClauseStatusInput {
    /// The assessment that the input states.
    pub fn read(self) -> StatedAssessment {
        let Self { clause_id, status, breached_by, statement } = self;
        let subject = NamedId { field: "clauseId", id: &clause_id };
        statement.read(subject, Status::Clause(status.into()), breached_by.unwrap_or_default())
    }
}

/// A new status: its first day, the party that holds it, and its evidence.
#[derive(InputObject)]
pub struct UpdateProposalStatusInput {
    /// Id of the proposal.
    proposal_id: RecordId<of::Proposal>,
    /// New status.
    status: ProposalStatus,
    #[graphql(flatten)]
    statement: AssessmentInput,
}

impl UpdateProposalStatusInput {
    /// The assessment that the input states.
    pub fn read(self) -> StatedAssessment {
        let Self { proposal_id, status, statement } = self;
        let subject = NamedId { field: "proposalId", id: &proposal_id };
        // A proposal has no status that means a breach.
        statement.read(subject, Status::Proposal(status.into()), Vec::new())
    }
}

/// A new status: its first day, the party that holds it, and its evidence.
#[derive(InputObject)]
pub struct UpdateCaveatStatusInput {
    /// Id of the caveat.
    caveat_id: RecordId<of::Caveat>,
    /// New status.
    status: CaveatStatus,
    /// Ids of the parties that breached it. Only with the status BREACHED. Default: none.
    breached_by: Option<Vec<RecordId<of::Party>>>,
    #[graphql(flatten)]
    statement: AssessmentInput,
}

impl UpdateCaveatStatusInput {
    /// The assessment that the input states.
    pub fn read(self) -> StatedAssessment {
        let Self { caveat_id, status, breached_by, statement } = self;
        let subject = NamedId { field: "caveatId", id: &caveat_id };
        statement.read(subject, Status::Caveat(status.into()), breached_by.unwrap_or_default())
    }
}

/// The common fields of the three status inputs: all except subject and status.
#[derive(InputObject)]
struct AssessmentInput {
    #[graphql(flatten)]
    details: AssessmentDetailsInput,
    /// Assessment of the same record that this one corrects. The server retracts it and records this one, or does neither. Default: none.
    correction: Option<CorrectionInput>,
    #[graphql(flatten)]
    change: Change,
}

/// The assessment that an input states.
pub struct StatedAssessment {
    pub kind: AssessableKind,
    pub subject: AssessableId,
    /// Values that could not be read have placeholders.
    pub assessment: NewSubmission,
    /// The errors found when the input was read.
    pub errors: ValidationErrors,
    /// The names of fields of the content and of the input, if they differ.
    pub renamed: Vec<(&'static str, &'static str)>,
}

impl AssessmentInput {
    fn read<T: Referred>(
        self,
        named: NamedId<'_, T>,
        status: Status,
        breached_by: Vec<RecordId<of::Party>>,
    ) -> StatedAssessment {
        let mut ids = Ids::default();
        let kind = status.kind();
        let subject: AssessableId = ids.one("subject", named.id).cast();
        let (content, evidence) = self.details.read(&mut ids, subject, status, breached_by);
        let correction = self.correction.as_ref();
        let correction = correction.map(|given| given.read(&mut ids, kind.assessment_kind()));
        let expected_version = self.change.expected_version;
        let new = NewAssessment { content, evidence, expected_version, submitted_by: None };
        let mut renamed = vec![("subject", named.field)];
        renamed.extend(ids.renamed());
        renamed.extend(RENAMED);
        let assessment = NewSubmission { new, correction };
        StatedAssessment { kind, subject, assessment, errors: ids.into_errors(), renamed }
    }
}

/// The fields of an assessment other than subject, status and `breachedBy`.
#[derive(InputObject)]
pub struct AssessmentDetailsInput {
    /// First day of the status. Give it or `effectiveDate`. Must not be before the day its subject was agreed or proposed. Must not be in the future: the last valid day is the current day in UTC+14.
    pub effective_on: Option<Date>,
    /// Date of the status, if only a month, a year, an interval or an approximate date is known. The status applies from the last day of this date. The limits of `effectiveOn` apply to that day. Give it or `effectiveOn`.
    pub effective_date: Option<EdtfDate>,
    /// Reason for the assessment, in plain language. At most 20000 characters.
    note: Text,
    /// Id of the party that holds this assessment. Default: the neutral record.
    pub held_by: Option<RecordId<of::Party>>,
    /// Direction of progress.
    #[graphql(default_with = "Momentum::Steady")]
    momentum: Momentum,
    /// Confidence in this assessment.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// Sources that support this assessment.
    #[graphql(default)]
    pub evidence: Vec<EvidenceInput>,
    /// Id of the event that caused the status. Default: none.
    event_id: Option<RecordId<of::Event>>,
}

impl AssessmentDetailsInput {
    /// The content of the assessment, without its evidence, and the evidence.
    pub fn read(
        self,
        ids: &mut Ids,
        subject: AssessableId,
        status: Status,
        breached_by: Vec<RecordId<of::Party>>,
    ) -> (AssessmentContent, Vec<Evidence>) {
        let content = AssessmentContent {
            subject,
            status,
            breached_by: List::created(breached_by, ids, "breached_by"),
            effective_on: date::effective_on(ids, self.effective_on, self.effective_date),
            held_by: ids.optional("held_by", self.held_by.as_ref()),
            momentum: self.momentum.into(),
            confidence: self.confidence.into(),
            note: self.note.into(),
            event: ids.optional("event", self.event_id.as_ref()),
            evidence: Vec::new(),
        };
        (content, List::created(self.evidence, ids, "evidence"))
    }
}

/// Unlike in other inputs, `heldBy`, `breachedBy` and `source` have no `Id` at the end.
pub const RENAMED: &[(&str, &str)] =
    &[("subject", "subject"), ("held_by", "heldBy"), ("event", "eventId"), ("source", "source")];

/// An assessment that a new one corrects. It stays in the history, marked as retracted.
#[derive(InputObject)]
pub struct CorrectionInput {
    /// Id of the assessment to retract.
    assessment_id: ID,
    /// Reason for the retraction, in plain language. At most 20000 characters.
    reason: Text,
}

impl CorrectionInput {
    /// The correction of an assessment of this kind.
    fn read(&self, ids: &mut Ids, kind: Kind) -> Correction {
        let quoted = text::quote(&self.assessment_id);
        let message = match assessment_id(&self.assessment_id, "assessment_id") {
            Ok((given, assessment)) if given == kind => {
                return Correction { assessment, reason: self.reason.as_ref().to_owned() };
            }
            Ok((given, _)) => {
                let (given, expected) = (given.words(), kind.words());
                format!("{quoted} is an id of kind {given}, not {expected}")
            }
            Err(errors) => errors.0.into_iter().map(|error| error.message).collect(),
        };
        ids.note(ValidationErrorCode::Invalid, "correction.assessment_id", message);
        Correction { assessment: AssessmentId::new(), reason: String::new() }
    }
}

/// Evidence for an assessment: a recorded source or a new source.
#[derive(OneofObject)]
pub enum EvidenceInput {
    /// Id of a recorded source.
    SourceId(RecordId<of::Source>),
    /// New source, recorded together with the assessment, with the place in it.
    Source(EvidenceSourceInput),
    /// Recorded source, with the place in it.
    Citation(CitationInput),
}

impl EvidenceInput {
    /// The source, if it is a recorded one.
    pub fn recorded_source(&self) -> Option<&RecordId<of::Source>> {
        match self {
            Self::SourceId(source) => Some(source),
            Self::Citation(citation) => Some(citation.source()),
            Self::Source(_) => None,
        }
    }
}

impl Given<Evidence> for EvidenceInput {
    fn read(self, ids: &mut Ids, path: &str) -> Evidence {
        match self {
            Self::SourceId(id) => Evidence::Recorded(ids.one(&format!("{path}.source_id"), &id)),
            Self::Citation(citation) => {
                Evidence::Cited(citation.read(ids, &format!("{path}.citation")))
            }
            Self::Source(source) => Evidence::New(
                SourceContent {
                    slug: None,
                    title: source.title.into(),
                    kind: source.kind.into(),
                    publisher: source.publisher.map(String::from),
                    url: source.url,
                    archived_url: source.archived_url,
                    published_on: source.published_on.map(|day| day.0),
                    language: source.language,
                    external_ids: List::created(source.external_ids, ids, path),
                },
                source.details.into(),
            ),
        }
    }
}

/// Content of a new source, given as evidence for an assessment.
#[derive(InputObject)]
pub struct EvidenceSourceInput {
    /// Title. At most 300 characters.
    title: Text,
    /// Kind of source.
    kind: SourceKind,
    /// Publisher. At most 300 characters.
    publisher: Option<Text>,
    /// Address: an `http` or `https` URL. At most 2000 characters.
    url: Option<String>,
    /// Archived copy: an `http` or `https` URL. At most 2000 characters.
    archived_url: Option<String>,
    /// Day of publication. Default: none.
    published_on: Option<Date>,
    /// Language: a tag of BCP 47 with a language of ISO 639, such as `en`. At most 35 characters. Default: none.
    language: Option<String>,
    /// Identifiers of the source in other collections.
    #[graphql(default)]
    external_ids: Vec<ExternalIdInput>,
    #[graphql(flatten)]
    details: CitationDetailsInput,
}

/// Records an assessment of a clause, proposal or caveat. `name` is the name of the mutation.
fn record(call: &mut Call<'_, '_>, name: &str, stated: StatedAssessment) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    check_is_direct(call, name)?;
    let StatedAssessment { kind, subject, assessment, errors, renamed } = stated;
    let outcome = errors
        .into_result()
        .map_err(db::Error::from)
        .and_then(|()| write(call, name, &editor, |transaction| assessment.record(transaction)));
    Ok(Payload::of(UserError::split(outcome, &renamed)?, |assessment| Payload {
        assessment: Some(Reference::new(kind.assessment_kind(), assessment)),
        ..Payload::changed(Reference::new(kind.record_kind(), subject))
    }))
}

/// Retracts an assessment.
#[derive(InputObject)]
pub struct RetractAssessmentInput {
    /// Id of the assessment.
    assessment_id: ID,
    /// Reason for the retraction, in plain language. At most 20000 characters.
    reason: Text,
    /// Version of the subject of the assessment that this change is based on. If the subject has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    expected_version: Option<i32>,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// Retracts an assessment.
fn retract(call: &mut Call<'_, '_>, input: &RetractAssessmentInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let outcome = assessment_id(&input.assessment_id, "assessment_id")
        .map_err(db::Error::from)
        .and_then(|(kind, id)| {
            let (reason, expected_version) = (&input.reason, input.expected_version);
            write(call, "retractAssessment", &editor, |transaction| {
                let retracted = db::retraction::retract(
                    transaction,
                    kind,
                    id,
                    reason.as_ref(),
                    expected_version,
                );
                retracted.map(|retracted| retracted.id)
            })
        });
    let id: AssessmentId = match UserError::split(outcome, &[])? {
        Ok(id) => id,
        Err(errors) => return Ok(Payload { errors, ..Payload::default() }),
    };
    // A repeated mutation gives only the id, so the subject is read again.
    let retracted = call.context.read(|connection| db::assessment::by_ids(connection, &[id]))?;
    let retracted = retracted.get(id.as_str());
    let retracted = retracted.ok_or_else(|| Error::internal("a retracted assessment is gone"))?;
    let kind = retracted.trackable_kind;
    Ok(Payload {
        assessment: Some(Reference::new(kind.assessment_kind(), id)),
        ..Payload::changed(Reference::new(kind.record_kind(), retracted.trackable_id))
    })
}

/// The kind and id in an assessment's global id. `path` is the path of the id in the input.
pub fn assessment_id(id: &ID, path: &str) -> Result<(Kind, AssessmentId), ValidationErrors> {
    let quoted = text::quote(id);
    let message = match GlobalId::decode(id) {
        Some(GlobalId { kind, uuid })
            if matches!(
                kind,
                Kind::ClauseAssessment | Kind::ProposalAssessment | Kind::CaveatAssessment
            ) =>
        {
            return Ok((kind, AssessmentId::from_uuid(uuid)));
        }
        Some(GlobalId { kind, .. }) => {
            let kind = kind.words();
            format!("{quoted} is an id of kind {kind}, not of an assessment")
        }
        None => format!("{quoted} is not an id: give the `id` of an assessment"),
    };
    let mut errors = ValidationErrors::default();
    errors.add(ValidationErrorCode::Invalid, path, message);
    Err(errors)
}
