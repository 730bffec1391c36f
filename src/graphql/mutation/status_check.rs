//! Recording and retracting status checks.

use async_graphql::InputObject;

use super::input::{Change, Ids, RecordId, Text};
use super::{Payload, mutation, payload_with, write};
use crate::db;
use crate::domain::id::{AssessableId, StatusCheckId, of};
use crate::domain::status::AssessableKind;
use crate::domain::status_check::StatusCheckContent;
use crate::domain::{GlobalId, Kind};
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::reference;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::scalar::Date;
use crate::graphql::user_error::UserError;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field(
            "recordStatusCheck",
            "Records that the status of a clause, caveat or proposal was checked on a day and is unchanged. The status and the assessment in force do not change.",
            mutation("RecordStatusCheckPayload", "Content of the new status check.", record),
        )
        .field(
            "retractStatusCheck",
            "Retracts a status check. It stays in the history, marked as retracted.",
            mutation("RetractStatusCheckPayload", "Status check to retract, with the reason.", retract),
        )
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let with_check = |name, description| {
        payload_with(
            name,
            "subject",
            "Trackable",
            "Subject of the status check after the change. Null if `userErrors` is not empty.",
        )
        .field(
            "statusCheck",
            description,
            reference("StatusCheck", |payload: &Payload| payload.status_check),
        )
    };
    vec![
        with_check(
            "RecordStatusCheckPayload",
            "The new status check. Null if `userErrors` is not empty.",
        ),
        with_check(
            "RetractStatusCheckPayload",
            "The retracted status check. Null if `userErrors` is not empty.",
        ),
    ]
}

/// A check that found the status unchanged.
#[derive(InputObject)]
pub struct RecordStatusCheckInput {
    /// Id of the clause, caveat or proposal.
    subject_id: RecordId<of::Assessable>,
    /// Day on which the status was checked. Must not be before the day on which the record was agreed or proposed. Must not be in the future: the last valid day is the current day in UTC+14.
    checked_on: Date,
    /// Evidence that was checked, in plain language. At most 20000 characters. Default: none.
    note: Option<Text>,
    #[graphql(flatten)]
    change: Change,
}

fn record(call: &mut Call<'_, '_>, input: RecordStatusCheckInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let subject: AssessableId = ids.one("subject", &input.subject_id);
    let kind = GlobalId::decode(input.subject_id.given()).map(|id| id.kind);
    let kind = match kind {
        Some(Kind::Caveat) => AssessableKind::Caveat,
        Some(Kind::Proposal) => AssessableKind::Proposal,
        // `ids` contains an error for other kinds, so this value is not used.
        _ => AssessableKind::Clause,
    };
    let content = StatusCheckContent {
        subject,
        checked_on: input.checked_on.0,
        note: input.note.map(String::from),
    };
    let expected_version = input.change.expected_version;
    let outcome = ids.into_result().and_then(|()| {
        write(call, "recordStatusCheck", &editor, |transaction| {
            db::status_check::record(transaction, kind, content, expected_version)
        })
    });
    let renamed = [("subject", "subjectId")];
    Ok(Payload::of(UserError::split(outcome, &renamed)?, |id| {
        payload(id, Reference::new(kind.record_kind(), subject))
    }))
}

fn payload(id: StatusCheckId, subject: Reference) -> Payload {
    Payload {
        status_check: Some(Reference::new(Kind::StatusCheck, id)),
        ..Payload::changed(subject)
    }
}

/// A status check to retract, with the reason.
#[derive(InputObject)]
pub struct RetractStatusCheckInput {
    /// Id of the status check.
    status_check_id: RecordId<of::StatusCheck>,
    /// Reason for the retraction, in plain language. At most 20000 characters.
    reason: Text,
    #[graphql(flatten)]
    change: Change,
}

fn retract(call: &mut Call<'_, '_>, input: RetractStatusCheckInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let id = ids.one("status_check_id", &input.status_check_id);
    let expected_version = input.change.expected_version;
    let outcome = ids.into_result().and_then(|()| {
        write(call, "retractStatusCheck", &editor, |transaction| {
            db::status_check::retract(transaction, id, input.reason.as_ref(), expected_version)
        })
    });
    let id = match UserError::split(outcome, &[])? {
        Ok(id) => id,
        Err(errors) => return Ok(Payload { errors, ..Payload::default() }),
    };
    let (check, subjects) = call.context.read(|connection| {
        let check = db::status_check::by_ids(connection, &[id])?.remove(id.as_str());
        let subjects: Vec<AssessableId> = check.iter().map(|check| check.trackable_id).collect();
        Ok((check, db::assessable::by_ids(connection, &subjects)?))
    })?;
    let missing = || Error::internal("a retracted status check is missing");
    let check = check.ok_or_else(missing)?;
    let subject = subjects.get(check.trackable_id.as_str()).ok_or_else(missing)?;
    Ok(payload(id, Reference::new(subject.kind.record_kind(), subject.id)))
}
