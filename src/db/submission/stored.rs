//! Stored submissions and their comments.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::super::query::{self, Sql};
use super::super::schema::{submission_comments, submissions};
use super::super::{DbConnection, Error};
use crate::domain::assessment::{Confidence, Momentum};
use crate::domain::id::{AssessableId, AssessmentId, EventId, PartId, PartyId, SubmissionId};
use crate::domain::status::AssessableKind;
use crate::domain::submission::SubmissionState;

/// A submission. It contains the content of an assessment.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = submissions, treat_none_as_default_value = false)]
pub struct Submission {
    /// Primary key.
    pub id: SubmissionId,
    /// The record that is assessed.
    pub trackable_id: AssessableId,
    /// The kind of the record, which determines the valid statuses.
    pub trackable_kind: AssessableKind,
    /// The status, as stored, such as `not_started`.
    pub status: String,
    /// The day from which the status applies.
    pub effective_on: NaiveDate,
    /// The date in EDTF, whose last day is `effective_on`. Null if the date is an exact day.
    pub edtf_date: Option<String>,
    /// The party whose assessment this is. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// Whether the implementation makes progress.
    pub momentum: Momentum,
    /// The confidence in the assessment.
    pub confidence: Confidence,
    /// The reason for the status.
    pub note: String,
    /// The event that caused the status.
    pub event_id: Option<EventId>,
    /// The parties responsible for the breach, as a JSON array of ids.
    pub breached_by: String,
    /// The evidence, as a JSON array: see [`parse_evidence`](super::parse_evidence).
    pub evidence: String,
    /// The assessment that is retracted when this submission is published.
    pub corrects_id: Option<AssessmentId>,
    /// The reason for retracting the assessment `corrects_id`.
    pub correction_reason: Option<String>,
    /// The time of submission, in UTC.
    pub submitted_at: NaiveDateTime,
    /// The name of the account that submitted the assessment.
    pub submitted_by: String,
    /// The state of the submission.
    pub state: SubmissionState,
    /// The time at which the submission was published, declined or withdrawn. Null while the submission is open.
    pub ended_at: Option<NaiveDateTime>,
    /// The name of the account that published, declined or withdrew the submission.
    pub ended_by: Option<String>,
    /// The reason for declining or withdrawing the submission.
    pub end_reason: Option<String>,
    /// The published assessment.
    pub assessment_id: Option<AssessmentId>,
    /// The first of the submissions that were submitted together.
    pub batch_id: SubmissionId,
}

/// A comment on a submission.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = submission_comments, treat_none_as_default_value = false)]
pub struct Comment {
    /// Primary key.
    pub id: PartId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// The text.
    pub text: String,
    /// The time of writing, in UTC.
    pub written_at: NaiveDateTime,
    /// The name of the account that wrote the comment.
    pub written_by: String,
}

/// The parties in a JSON array of the column `submissions.breached_by`.
///
/// # Errors
/// The JSON is malformed.
pub fn parties(array: &str) -> Result<Vec<PartyId>, Error> {
    Ok(query::parse_json_array(array)?.iter().filter_map(|id| PartyId::parse(id)).collect())
}

/// The submissions with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Submission>, Error> {
    query::by_key(connection, "submissions WHERE", "submissions.id", ids)
}

/// This submission and those that were submitted together with it, in order. Empty if no submission has this id.
///
/// # Errors
/// Database errors.
pub fn submitted_with(
    connection: &mut DbConnection,
    id: SubmissionId,
) -> Result<Vec<SubmissionId>, Error> {
    let sql = Sql::new(
        "SELECT together.id FROM submissions JOIN submissions AS together \
         ON together.batch_id = submissions.batch_id WHERE submissions.id = ",
    )
    .bind(id.as_str())
    .text(" ORDER BY together.id");
    Ok(query::rows::<Text, SubmissionId>(connection, sql)?)
}

/// The comments on these submissions, keyed by submission, in order.
///
/// # Errors
/// Database errors.
pub fn comments_of(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<Comment>>, Error> {
    query::grouped(
        connection,
        "submission_comments WHERE",
        "submission_comments.submission_id",
        ids,
        "submission_comments.written_at, submission_comments.id",
    )
}
