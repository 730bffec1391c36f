//! Submitting assessments for review, and publishing, declining, withdrawing and commenting on them. The change log
//! contains only published assessments.

use async_graphql::InputObject;

use super::assessment_batch::{RecordAssessmentsInput, read, rename_dates};
use super::assessment_input::{RENAMED, StatedAssessment};
use super::input::{Change, Idempotency, Ids, RecordId, Text};
use super::status::{STATUS_MUTATIONS, StatusMutations};
use super::{Payload, mutation, payload, with_errors, write, write_private};
use crate::db;
use crate::db::assessment_batch::{self, BatchItem, ItemResult};
use crate::db::submission::NewSubmission;
use crate::domain::Kind;
use crate::domain::batch::{self, AssessmentEffect};
use crate::domain::id::{SubmissionId, of};
use crate::domain::submission::{Rejection, ReviewMode};
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::{reference, reference_list, value_list};
use crate::graphql::engine::schema::Object;
use crate::graphql::error::{Code, Error};
use crate::graphql::user_error::{UserError, camel_case};

/// Checks that the mutation `name` may record a status without a review. `submitting` is the name of the mutation
/// that submits the same input for review.
///
/// # Errors
/// Fails if the server requires a review.
pub fn check_is_direct(call: &Call<'_, '_>, name: &str, submitting: &str) -> Result<(), Error> {
    if call.context.review == ReviewMode::Off {
        return Ok(());
    }
    Err(Code::ReviewRequired.error(format!(
        "this server publishes statuses after a review, so `{name}` is rejected: call `{submitting}` with the same input, and another editor can publish it with `publishSubmission`"
    )))
}

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    STATUS_MUTATIONS
        .iter()
        .fold(mutations, |mutations, of| {
            let [name, description, payload] = of.submit;
            let reader = of.reader(payload, "Content of the assessment to submit.", submit);
            mutations.field(name, description, reader)
        })
        .field(
            "submitAssessments",
            "Submits assessments for review, all or none. Each becomes a separate submission. Assessments that are already recorded with the same content are not submitted. The server checks all items in the same way as `recordAssessments`.",
            mutation("SubmitAssessmentsPayload", "Assessments to submit.", submit_batch),
        )
        .field(
            "commentOnSubmission",
            "Adds a comment to an open submission. Only editors can read the comment.",
            mutation("CommentOnSubmissionPayload", "Comment to add.", comment),
        )
        .field(
            "publishSubmission",
            "Publishes an open submission of another account: records the assessment, with the same checks as `updateClauseStatus`. The `recordedBy` of the assessment is the account that publishes it, and its `submittedBy` is the account that submitted it. The change log contains the change from then on.",
            mutation("PublishSubmissionPayload", "Submission to publish.", publish),
        )
        .field(
            "declineSubmission",
            "Declines an open submission of another account, with a reason. The public record does not change.",
            mutation("DeclineSubmissionPayload", "Submission to decline, with the reason.", |call, input: DeclineSubmissionInput| {
                let reason = Some(input.reason);
                reject(call, "declineSubmission", &input.submission_id, Rejection::Decline, reason)
            }),
        )
        .field(
            "withdrawSubmission",
            "Withdraws an open submission of the viewer. The public record does not change.",
            mutation("WithdrawSubmissionPayload", "Submission to withdraw.", |call, input: WithdrawSubmissionInput| {
                let WithdrawSubmissionInput { submission_id, reason, .. } = input;
                reject(call, "withdrawSubmission", &submission_id, Rejection::Withdraw, reason)
            }),
        )
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let with_submission = |name| {
        with_errors(Object::new(name, "Result of a mutation.").field(
            "submission",
            "The submission after the change. Null if `userErrors` is not empty.",
            reference("Submission", |payload: &Payload| payload.submission),
        ))
    };
    let batch = Object::new("SubmitAssessmentsPayload", "Result of a mutation.")
        .field(
            "items",
            "The change that each item would make if it were published now, in the order of the input. Also returned if `userErrors` is not empty. Empty if the number of items is invalid.",
            value_list("[AssessmentItemResult!]!", "AssessmentItemResult", |payload: &Payload| {
                payload.items.clone()
            }),
        )
        .field(
            "submissions",
            "The submissions, in the order of the input, without the items whose effect is UNCHANGED. Empty if this is a dry run or if `userErrors` is not empty.",
            reference_list("[Submission!]!", |payload: &Payload| payload.records.clone()),
        );
    let published = payload("PublishSubmissionPayload", "subject", "Trackable")
        .field(
            "submission",
            "The submission after the change. Null if `userErrors` is not empty.",
            reference("Submission", |payload: &Payload| payload.submission),
        )
        .field(
            "assessment",
            "The new assessment. Null if `userErrors` is not empty.",
            reference("Assessment", |payload: &Payload| payload.assessment),
        );
    let submitted = STATUS_MUTATIONS.iter().map(|of| {
        let [_, _, name] = of.submit;
        with_submission(name)
    });
    let others = [
        with_errors(batch),
        with_submission("CommentOnSubmissionPayload"),
        published,
        with_submission("DeclineSubmissionPayload"),
        with_submission("WithdrawSubmissionPayload"),
    ];
    submitted.chain(others).collect()
}

fn of_submission(id: SubmissionId) -> Payload {
    Payload { submission: Some(Reference::new(Kind::Submission, id)), ..Payload::default() }
}

/// Submits an assessment.
fn submit(
    call: &mut Call<'_, '_>,
    of: &StatusMutations,
    stated: StatedAssessment,
) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let [name, ..] = of.submit;
    let StatedAssessment { assessment, errors, renamed, .. } = stated;
    let outcome = errors.into_result().map_err(db::Error::from).and_then(|()| {
        write_private(call, name, &editor, |transaction| {
            db::submission::submit(transaction, assessment)
        })
    });
    Ok(Payload::of(UserError::split(outcome, &renamed)?, of_submission))
}

fn submit_batch(call: &mut Call<'_, '_>, input: RecordAssessmentsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut results = None;
    let is_dry_run = input.dry_run;
    let work = |transaction: &mut db::Transaction<'_>| {
        let has_date = input.has_date();
        let items = read(transaction.connection(), input.items)?;
        let checked = items.clone();
        let batch = transaction.dry_run(|transaction| {
            assessment_batch::record(transaction, checked, batch::MAX_ASSESSMENTS, batch::item_name)
        })?;
        let new = new_submissions(items, &batch.items);
        results = Some(batch.items);
        rename_dates(batch.errors, &has_date).into_result()?;
        let ids = db::submission::store(transaction, new)?;
        // A repeat with the same idempotency key finds the batch by any of its submissions.
        Ok(ids.first().copied().unwrap_or_default())
    };
    let outcome = if is_dry_run {
        call.context.session.dry_run(&editor, work)
    } else {
        write_private(call, "submitAssessments", &editor, work)
    };
    let outcome = UserError::split(outcome, RENAMED)?;
    let items = match (results, &outcome) {
        (Some(results), _) => results,
        // The mutation was repeated, so nothing was done.
        (None, Ok(_)) => {
            let input: RecordAssessmentsInput = call.arguments.get("input")?;
            call.context.read(|connection| {
                let items = read(connection, input.items)?;
                assessment_batch::preview_batch(connection, &items)
            })?
        }
        (None, Err(_)) => Vec::new(),
    };
    let without_id = |item| ItemResult { assessment: None, ..item };
    let items = items.into_iter().map(without_id).collect();
    let submitted = match &outcome {
        Ok(first) if !is_dry_run => {
            call.context.read(|connection| db::submission::submitted_with(connection, *first))?
        }
        _ => Vec::new(),
    };
    let records = submitted.into_iter().map(|id| Reference::new(Kind::Submission, id)).collect();
    Ok(Payload { records, items, ..Payload::of(outcome, |_| Payload::default()) })
}

/// The submissions of a batch, with the paths of their subjects. Omits items whose content is already recorded.
fn new_submissions(items: Vec<BatchItem>, results: &[ItemResult]) -> Vec<(String, NewSubmission)> {
    let new = items.into_iter().zip(results).enumerate().filter_map(|(index, (item, result))| {
        let new = item.new.filter(|_| result.effect != Some(AssessmentEffect::Unchanged))?;
        Some((format!("items.{index}.subject"), NewSubmission { new, correction: None }))
    });
    new.collect()
}

/// A comment to add to a submission.
#[derive(InputObject)]
pub struct CommentOnSubmissionInput {
    /// Id of the submission.
    submission_id: RecordId<of::Submission>,
    /// Text, in plain language. At most 20000 characters.
    text: Text,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

fn comment(call: &mut Call<'_, '_>, input: CommentOnSubmissionInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let id = ids.one("submission_id", &input.submission_id);
    let outcome = ids.into_result().and_then(|()| {
        write_private(call, "commentOnSubmission", &editor, |transaction| {
            db::submission::comment(transaction, id, input.text.as_ref())
        })
    });
    Ok(Payload::of(UserError::split(outcome, &[])?, of_submission))
}

/// A submission to publish.
#[derive(InputObject)]
pub struct PublishSubmissionInput {
    /// Id of the submission.
    submission_id: RecordId<of::Submission>,
    #[graphql(flatten)]
    change: Change,
}

fn publish(call: &mut Call<'_, '_>, input: PublishSubmissionInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let id: SubmissionId = ids.one("submission_id", &input.submission_id);
    let expected_version = input.change.expected_version;
    let outcome = ids.into_result().and_then(|()| {
        let outcome = write(call, "publishSubmission", &editor, |transaction| {
            db::submission::publish(transaction, id, expected_version)
        });
        outcome.map_err(within_submission)
    });
    let assessment = match UserError::split(outcome, &[])? {
        Ok(assessment) => assessment,
        Err(errors) => return Ok(Payload { errors, ..Payload::default() }),
    };
    let published =
        call.context.read(|connection| db::assessment::by_ids(connection, &[assessment]))?;
    let published = published.get(assessment.as_str());
    let published =
        published.ok_or_else(|| Error::internal("a published assessment is missing"))?;
    let kind = published.trackable_kind;
    Ok(Payload {
        record: Some(Reference::new(kind.record_kind(), published.trackable_id)),
        assessment: Some(Reference::new(kind.assessment_kind(), assessment)),
        ..of_submission(id)
    })
}

/// Converts the errors of an assessment that was valid when it was submitted. The input of `publishSubmission` has no
/// fields of the assessment, so the message names the invalid field.
fn within_submission(error: db::Error) -> db::Error {
    let db::Error::ValidationErrors(mut errors) = error else { return error };
    for error in &mut errors.0 {
        let is_own = error.path.first().is_some_and(|name| {
            matches!(name.as_str(), "submission_id" | "expected_version" | "idempotency_key")
        });
        if !is_own {
            let steps: Vec<String> = error.path.iter().map(|step| camel_case(step)).collect();
            error.message = format!("cannot be published: {}: {}", steps.join("."), error.message);
            error.path = vec!["submission_id".to_owned()];
        }
    }
    db::Error::ValidationErrors(errors)
}

/// A submission to decline, with the reason.
#[derive(InputObject)]
pub struct DeclineSubmissionInput {
    /// Id of the submission.
    submission_id: RecordId<of::Submission>,
    /// Reason, in plain language. At most 20000 characters.
    reason: Text,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// A submission to withdraw.
#[derive(InputObject)]
pub struct WithdrawSubmissionInput {
    /// Id of the submission.
    submission_id: RecordId<of::Submission>,
    /// Reason, in plain language. At most 20000 characters. Default: none.
    reason: Option<Text>,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

fn reject(
    call: &mut Call<'_, '_>,
    name: &str,
    submission: &RecordId<of::Submission>,
    rejection: Rejection,
    reason: Option<Text>,
) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let id = ids.one("submission_id", submission);
    let outcome = ids.into_result().and_then(|()| {
        write_private(call, name, &editor, |transaction| {
            let reason = reason.as_ref().map(AsRef::as_ref);
            db::submission::reject(transaction, id, rejection, reason)
        })
    });
    Ok(Payload::of(UserError::split(outcome, &[])?, of_submission))
}
