//! Recording and retracting assessments.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::input::Ids;
use super::{Outcome, editor, write};
use crate::db;
use crate::db::assessment::{Evidence, Origin};
use crate::domain::assessment::AssessmentContent;
use crate::domain::id::{AssessmentId, TrackableId};
use crate::domain::source::SourceContent;
use crate::domain::status::Status;
use crate::domain::{FaultCode, Faults, GlobalId, Kind, text};
use crate::graphql::Query;
use crate::graphql::assessment::{
    Assessment, AssessmentById, CaveatAssessment, ClauseAssessment, Confidence, Momentum,
    ProposalAssessment,
};
use crate::graphql::caveat::{Caveat, CaveatById, CaveatStatus};
use crate::graphql::clause::{Clause, ClauseById, ClauseStatus};
use crate::graphql::node::expect;
use crate::graphql::proposal::{Proposal, ProposalById, ProposalStatus};
use crate::graphql::scalar::Date;
use crate::graphql::source::SourceKind;
use crate::graphql::trackable::Trackable;
use crate::graphql::user_error::UserError;

/// What an assessment rests on: either a source that is recorded, or a new one.
#[derive(Debug, InputObject)]
pub struct EvidenceInput {
    /// The id of a source that is recorded. Either this or `source`.
    source_id: Option<ID>,
    /// A source that is recorded along with the assessment. Either this or `sourceId`.
    source: Option<EvidenceSourceInput>,
}

impl EvidenceInput {
    fn read(self, ids: &mut Ids, index: usize) -> Option<Evidence> {
        match (self.source_id, self.source) {
            (Some(id), None) => {
                let path = format!("evidence.{index}.source_id");
                Some(Evidence::Recorded(ids.one(Kind::Source, &path, &id)))
            }
            (None, Some(source)) => Some(Evidence::New(SourceContent {
                slug: None,
                title: source.title,
                kind: source.kind.into(),
                publisher: source.publisher,
                url: source.url,
                archived_url: source.archived_url,
                published_on: source.published_on.map(|day| day.0),
            })),
            (both_or_neither, _) => {
                let found = if both_or_neither.is_some() { "both" } else { "neither" };
                let message =
                    format!("gives {found} of `sourceId` and `source`; exactly one is right");
                ids.note(FaultCode::Invalid, &format!("evidence.{index}"), message);
                None
            }
        }
    }
}

/// A source that comes with an assessment as evidence.
#[derive(Debug, InputObject)]
pub struct EvidenceSourceInput {
    /// Title, up to 300 characters.
    title: String,
    /// Where it comes from.
    kind: SourceKind,
    /// Who published it, up to 300 characters.
    publisher: Option<String>,
    /// Where it is: an `http` or `https` address, up to 2000 characters.
    url: Option<String>,
    /// Where a copy of it is kept: an `http` or `https` address, up to 2000 characters.
    archived_url: Option<String>,
    /// The day it was published.
    published_on: Option<Date>,
}

/// What all three status inputs say, apart from their subject and status.
struct Statement {
    effective_on: Date,
    note: String,
    held_by: Option<ID>,
    momentum: Momentum,
    confidence: Confidence,
    evidence: Vec<EvidenceInput>,
    event_id: Option<ID>,
    expected_version: Option<i32>,
}

impl Statement {
    /// Records the statement about `subject`.
    fn record(
        self,
        context: &Context<'_>,
        (kind, field, subject): (Kind, &'static str, &ID),
        status: Status,
    ) -> Result<Outcome<(TrackableId, AssessmentId)>> {
        let editor = editor(context)?;
        let mut ids = Ids::default();
        let subject: TrackableId = ids.one(kind, "subject", subject);
        let content = AssessmentContent {
            subject,
            status,
            effective_on: self.effective_on.0,
            held_by: ids.optional(Kind::Party, "held_by", self.held_by.as_ref()),
            momentum: self.momentum.into(),
            confidence: self.confidence.into(),
            note: self.note,
            event: ids.optional(Kind::Event, "event", self.event_id.as_ref()),
            evidence: Vec::new(),
        };
        let mut evidence = Vec::with_capacity(self.evidence.len());
        for (index, item) in self.evidence.into_iter().enumerate() {
            evidence.extend(item.read(&mut ids, index));
        }
        let expected_version = self.expected_version;
        let outcome = ids.into_result().and_then(|()| {
            write(context, &editor, |transaction| {
                db::assessment::record(
                    transaction,
                    content,
                    &evidence,
                    expected_version,
                    Origin::Editor,
                )
            })
        });
        let outcome = outcome.map(|assessment| (subject, assessment));
        // Here, unlike elsewhere, the input's names for these are those of the contract.
        UserError::split(
            outcome,
            &[
                ("subject", field),
                ("held_by", "heldBy"),
                ("event", "eventId"),
                ("source", "source"),
            ],
        )
    }
}

/// Defines one of the three status mutations' input and payload.
macro_rules! status_update {
    ($input:ident, $payload:ident, $kind:ident, $field:ident, $id:ident, $name:literal, $status:ident, $assessment:ident, $batch:ident) => {
        /// A new status: since when it is so, whose view it is, and what it rests on.
        #[derive(Debug, InputObject)]
        pub struct $input {
            /// What it is the status of.
            $id: ID,
            /// The status.
            status: $status,
            /// Since when it is so. Not before its subject was agreed or put forward, and not in the future (the latest day that it is anywhere on Earth).
            effective_on: Date,
            /// Why, in plain words; up to 20000 characters.
            note: String,
            /// Whose view it is: the id of a party. The neutral record where left out.
            held_by: Option<ID>,
            /// Which way it is going.
            #[graphql(default_with = "Momentum::Steady")]
            momentum: Momentum,
            /// How sure it is.
            #[graphql(default_with = "Confidence::Medium")]
            confidence: Confidence,
            /// What it rests on.
            #[graphql(default)]
            evidence: Vec<EvidenceInput>,
            /// The event that brought it about.
            event_id: Option<ID>,
            /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
            expected_version: Option<i32>,
            /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
            idempotency_key: Option<String>,
        }

        /// What became of the mutation.
        #[derive(SimpleObject)]
        pub struct $payload {
            /// The record as it is now; null where `userErrors` is not empty.
            $field: Option<$kind>,
            /// The assessment that was recorded; null where `userErrors` is not empty.
            assessment: Option<$assessment>,
            /// What is to be mended in the input; empty when the change was made.
            user_errors: Vec<UserError>,
            /// Everything that can be read, as it is after the change.
            query: Query,
        }

        impl $input {
            async fn apply(self, context: &Context<'_>) -> Result<Option<$payload>> {
                let statement = Statement {
                    effective_on: self.effective_on,
                    note: self.note,
                    held_by: self.held_by,
                    momentum: self.momentum,
                    confidence: self.confidence,
                    evidence: self.evidence,
                    event_id: self.event_id,
                    expected_version: self.expected_version,
                };
                let status = Status::$kind(self.status.into());
                let outcome = statement.record(context, (Kind::$kind, $name, &self.$id), status)?;
                let query = Query::default();
                // What is not selected is not read.
                let is_selected = |field: &str| context.look_ahead().field(field).exists();
                Ok(Some(match outcome {
                    Ok((subject, assessment)) => $payload {
                        $field: if is_selected(stringify!($field)) {
                            Some(expect(context, $batch, subject.cast()).await?)
                        } else {
                            None
                        },
                        assessment: if is_selected("assessment") {
                            let row = expect(context, AssessmentById, assessment).await?;
                            Some($assessment::from(row))
                        } else {
                            None
                        },
                        user_errors: Vec::new(),
                        query,
                    },
                    Err(user_errors) => {
                        $payload { $field: None, assessment: None, user_errors, query }
                    }
                }))
            }
        }
    };
}

status_update!(
    UpdateClauseStatusInput,
    UpdateClauseStatusPayload,
    Clause,
    clause,
    clause_id,
    "clauseId",
    ClauseStatus,
    ClauseAssessment,
    ClauseById
);
status_update!(
    UpdateProposalStatusInput,
    UpdateProposalStatusPayload,
    Proposal,
    proposal,
    proposal_id,
    "proposalId",
    ProposalStatus,
    ProposalAssessment,
    ProposalById
);
status_update!(
    UpdateCaveatStatusInput,
    UpdateCaveatStatusPayload,
    Caveat,
    caveat,
    caveat_id,
    "caveatId",
    CaveatStatus,
    CaveatAssessment,
    CaveatById
);

/// An assessment to take back.
#[derive(Debug, InputObject)]
pub struct RetractAssessmentInput {
    /// The assessment.
    assessment_id: ID,
    /// Why it is taken back, in plain words; up to 20000 characters.
    reason: String,
    /// The version of the assessment's subject that this was decided on. If the subject has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What became of the mutation.
#[derive(SimpleObject)]
pub struct RetractAssessmentPayload {
    /// The assessment, marked as retracted; null where `userErrors` is not empty.
    assessment: Option<Assessment>,
    /// Its subject as it is now; null where `userErrors` is not empty.
    subject: Option<Trackable>,
    /// What is to be mended in the input; empty when the change was made.
    user_errors: Vec<UserError>,
    /// Everything that can be read, as it is after the change.
    query: Query,
}

/// Recording statuses.
#[derive(Default)]
pub struct AssessmentMutation;

#[Object]
impl AssessmentMutation {
    /// Records what became of a clause. Earlier assessments stay in the history; the one in force is the latest by `effectiveOn`, then by `recordedAt`.
    async fn update_clause_status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The new status.")] input: UpdateClauseStatusInput,
    ) -> Result<Option<UpdateClauseStatusPayload>> {
        input.apply(context).await
    }

    /// Records what became of a proposal. Earlier assessments stay in the history; the one in force is the latest by `effectiveOn`, then by `recordedAt`.
    async fn update_proposal_status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The new status.")] input: UpdateProposalStatusInput,
    ) -> Result<Option<UpdateProposalStatusPayload>> {
        input.apply(context).await
    }

    /// Records what became of a caveat. Earlier assessments stay in the history; the one in force is the latest by `effectiveOn`, then by `recordedAt`.
    async fn update_caveat_status(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The new status.")] input: UpdateCaveatStatusInput,
    ) -> Result<Option<UpdateCaveatStatusPayload>> {
        input.apply(context).await
    }

    /// Takes an assessment back. It stays in the history, marked, and the status in force is that of the assessments that stand.
    async fn retract_assessment(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to take back, and why.")] input: RetractAssessmentInput,
    ) -> Result<Option<RetractAssessmentPayload>> {
        let editor = editor(context)?;
        let outcome =
            assessment_id(&input.assessment_id).map_err(db::Error::from).and_then(|(kind, id)| {
                write(context, &editor, |transaction| {
                    db::assessment::retract(
                        transaction,
                        kind,
                        id,
                        &input.reason,
                        input.expected_version,
                    )
                    .map(|retracted| retracted.id)
                })
            });
        let query = Query::default();
        Ok(Some(match UserError::split(outcome, &[])? {
            Ok(id) => {
                let retracted = expect(context, AssessmentById, id).await?;
                let (subject, kind) = (retracted.trackable_id, retracted.trackable_kind);
                RetractAssessmentPayload {
                    subject: Some(Trackable::of(context, subject, kind).await?),
                    assessment: Some(retracted.into()),
                    user_errors: Vec::new(),
                    query,
                }
            }
            Err(user_errors) => {
                RetractAssessmentPayload { assessment: None, subject: None, user_errors, query }
            }
        }))
    }
}

/// The kind and id that an assessment's global id stands for.
fn assessment_id(id: &ID) -> std::result::Result<(Kind, AssessmentId), Faults> {
    let mut faults = Faults::default();
    match GlobalId::decode(id) {
        Some(GlobalId { kind, uuid })
            if matches!(
                kind,
                Kind::ClauseAssessment | Kind::ProposalAssessment | Kind::CaveatAssessment
            ) =>
        {
            return Ok((kind, AssessmentId::from_uuid(uuid)));
        }
        Some(GlobalId { kind, .. }) => {
            let message = format!(
                "{} is the id of a record of the kind {}, not of an assessment",
                text::quote(id),
                kind.words()
            );
            faults.add(FaultCode::Invalid, "assessment_id", message);
        }
        None => {
            let message =
                format!("{} is not an id: give the `id` of an assessment", text::quote(id));
            faults.add(FaultCode::Invalid, "assessment_id", message);
        }
    }
    Err(faults)
}
