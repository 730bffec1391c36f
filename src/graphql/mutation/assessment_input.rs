//! Inputs of assessments, and the assessments that they state.

use async_graphql::{ID, InputObject};

use super::date;
use super::evidence::EvidenceInput;
use super::input::{Change, Ids, RecordId, Referred, Text};
use super::presence::{List, Reads};
use super::record::NamedId;
use crate::db::assessment_write::{Correction, Evidence, NewAssessment};
use crate::db::submission::NewSubmission;
use crate::domain::assessment::AssessmentContent;
use crate::domain::id::{AssessableId, AssessmentId, of};
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{GlobalId, Kind, ValidationErrorCode, ValidationErrors, text};
use crate::graphql::assessment::{Confidence, Momentum};
use crate::graphql::caveat::CaveatStatus;
use crate::graphql::clause::ClauseStatus;
use crate::graphql::proposal::ProposalStatus;
use crate::graphql::scalar::{Date, EdtfDate};

/// A new status: its first day, the party that holds it, and its evidence.
#[derive(InputObject)]
pub struct UpdateClauseStatusInput {
    /// Id of the clause.
    clause_id: RecordId<of::Clause>,
    /// New status.
    status: ClauseStatus,
    /// Ids of the parties responsible for the breach. Allowed only with the status BREACHED. Default: none.
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
    /// Ids of the parties responsible for the breach. Allowed only with the status BREACHED. Default: none.
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
    /// Contains placeholders for the values that could not be read.
    pub assessment: NewSubmission,
    /// The errors found when the input was read.
    pub errors: ValidationErrors,
    /// Names of content fields, each with the name of the input field that it comes from.
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
    /// First day of the status. Give either this field or `effectiveDate`. Must not be before the day on which the record was agreed or proposed. Must not be in the future: the last valid day is the current day in UTC+14.
    pub effective_on: Option<Date>,
    /// Date of the status, if only a month, a year, an interval or an approximate date is known. The status applies from the last day of this date. The limits of `effectiveOn` apply to that day. Give either this field or `effectiveOn`.
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
    /// The content of the assessment without its evidence, and separately the evidence.
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

/// Names of content fields, each with the name of the input field that it comes from. Unlike in other inputs, `subject`,
/// `heldBy` and `source` have no `Id` at the end.
pub const RENAMED: &[(&str, &str)] =
    &[("subject", "subject"), ("held_by", "heldBy"), ("event", "eventId"), ("source", "source")];

/// An assessment that a new assessment corrects. The corrected assessment stays in the history, marked as retracted.
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
