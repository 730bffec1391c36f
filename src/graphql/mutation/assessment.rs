//! Recording and retracting assessments.

use async_graphql::{ID, InputObject};

use super::assessment_input::{StatedAssessment, assessment_id};
use super::input::{Idempotency, Text};
use super::status::{STATUS_MUTATIONS, StatusMutations};
use super::submission::check_is_direct;
use super::{Payload, mutation, payload, payload_with, write};
use crate::db;
use crate::domain::id::AssessmentId;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::reference;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    STATUS_MUTATIONS
        .iter()
        .fold(mutations, |mutations, of| {
            let [name, description, payload] = of.update;
            let reader = of.reader(payload, "Content of the new assessment.", record);
            mutations.field(name, description, reader)
        })
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
    let recorded = STATUS_MUTATIONS.iter().map(|of| {
        let [_, _, name] = of.update;
        payload(name, of.record, of.object).field(
            "assessment",
            "The new assessment. Null if `userErrors` is not empty.",
            reference(of.assessment, |payload: &Payload| payload.assessment),
        )
    });
    let retracted = payload_with(
        "RetractAssessmentPayload",
        "subject",
        "Trackable",
        "Subject of the assessment after the change. Null if `userErrors` is not empty.",
    )
    .field(
        "assessment",
        "The retracted assessment. Null if `userErrors` is not empty.",
        reference("Assessment", |payload: &Payload| payload.assessment),
    );
    recorded.chain([retracted]).collect()
}

/// Records an assessment of a clause, proposal or caveat.
fn record(
    call: &mut Call<'_, '_>,
    of: &StatusMutations,
    stated: StatedAssessment,
) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let ([name, ..], [submitting, ..]) = (of.update, of.submit);
    check_is_direct(call, name, submitting)?;
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

/// An assessment to retract, with the reason.
#[derive(InputObject)]
pub struct RetractAssessmentInput {
    /// Id of the assessment.
    assessment_id: ID,
    /// Reason for the retraction, in plain language. At most 20000 characters.
    reason: Text,
    /// Version of the assessment's subject that this change is based on. If the subject has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
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
    // If the mutation is a repetition, only the id is known, so the assessment and its subject are read again.
    let retracted = call.context.read(|connection| db::assessment::by_ids(connection, &[id]))?;
    let retracted = retracted.get(id.as_str());
    let retracted =
        retracted.ok_or_else(|| Error::internal("a retracted assessment is missing"))?;
    let kind = retracted.trackable_kind;
    Ok(Payload {
        assessment: Some(Reference::new(kind.assessment_kind(), id)),
        ..Payload::changed(Reference::new(kind.record_kind(), retracted.trackable_id))
    })
}
