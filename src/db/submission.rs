//! Submissions: how assessments are submitted for review, and how another account publishes or declines them. They are
//! not in the change log, which everybody can read. Lists are in `list`.

mod evidence;
mod list;

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::assessment_write::{self, Correction, Evidence, NewAssessment, Origin};
use super::insert::insert_rows;
use super::query::{self, Sql};
use super::schema::{submission_comments, submissions};
use super::{DbConnection, Error, Transaction, edtf, record};
use crate::domain::assessment::{AssessmentContent, Confidence, Momentum};
use crate::domain::edtf::EdtfDate;
use crate::domain::id::{AssessableId, AssessmentId, EventId, PartId, PartyId, SubmissionId};
use crate::domain::status::{AssessableKind, Status};
use crate::domain::submission::{Rejection, SubmissionState, check_comment};
use crate::domain::{
    Kind, StringEnum, ValidationError, ValidationErrorCode, ValidationErrors, text,
};
pub use evidence::parse as parse_evidence;
pub use list::{Filter, SubmissionList};

/// A submission. It has the content of an assessment.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = submissions, treat_none_as_default_value = false)]
pub struct Submission {
    /// Primary key.
    pub id: SubmissionId,
    /// The record that is assessed.
    pub trackable_id: AssessableId,
    /// The kind of the record, which determines the valid statuses.
    pub trackable_kind: AssessableKind,
    /// The status, as stored: `not_started`.
    pub status: String,
    /// The day from which the status holds.
    pub effective_on: NaiveDate,
    /// The date in EDTF, whose last day is `effective_on`. Null if it is an exact day.
    pub edtf_date: Option<String>,
    /// The party whose assessment this is. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// Whether things get better or worse.
    pub momentum: Momentum,
    /// How certain the assessment is.
    pub confidence: Confidence,
    /// The reason for the status.
    pub note: String,
    /// The event that caused the status.
    pub event_id: Option<EventId>,
    /// The parties that breached the record, as a JSON array of ids.
    pub breached_by: String,
    /// The evidence, as a JSON array: see [`parse_evidence`].
    pub evidence: String,
    /// The assessment that is retracted when this one is published.
    pub corrects_id: Option<AssessmentId>,
    /// Why it is retracted.
    pub correction_reason: Option<String>,
    /// When it was submitted, in UTC.
    pub submitted_at: NaiveDateTime,
    /// The name of the account that submitted it.
    pub submitted_by: String,
    /// What became of it.
    pub state: SubmissionState,
    /// When it was published, declined or withdrawn. Null while it is open.
    pub ended_at: Option<NaiveDateTime>,
    /// The name of the account that did so.
    pub ended_by: Option<String>,
    /// Why it was declined or withdrawn.
    pub end_reason: Option<String>,
    /// The published assessment.
    pub assessment_id: Option<AssessmentId>,
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
    /// When it was written, in UTC.
    pub written_at: NaiveDateTime,
    /// The name of the account that wrote it.
    pub written_by: String,
}

/// An assessment to be submitted.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// The assessment.
    pub new: NewAssessment,
    /// The assessment that it corrects.
    pub correction: Option<Correction>,
}

impl NewSubmission {
    /// Records the assessment, and retracts the one that it corrects.
    ///
    /// # Errors
    /// The errors of [`assessment_write::record()`] and [`assessment_write::correct`].
    pub fn record(self, transaction: &mut Transaction<'_>) -> Result<AssessmentId, Error> {
        match &self.correction {
            Some(correction) => assessment_write::correct(transaction, correction, self.new),
            None => assessment_write::record(transaction, self.new, Origin::Editor),
        }
    }
}

/// Submits an assessment. It must be one that could be recorded now.
///
/// # Errors
/// The errors of recording the assessment, an archived subject, and database errors.
pub fn submit(
    transaction: &mut Transaction<'_>,
    submission: NewSubmission,
) -> Result<SubmissionId, Error> {
    let copy = submission.clone();
    transaction.dry_run(|transaction| copy.record(transaction))?;
    let ids = store(transaction, vec![("subject".to_owned(), submission)])?;
    ids.first().copied().ok_or_else(|| Error::Internal("a submission is missing".into()))
}

/// Stores submissions whose assessments were checked. Returns their ids, in order. Each has the path of its subject in the
/// input.
///
/// # Errors
/// An archived subject, and database errors.
pub fn store(
    transaction: &mut Transaction<'_>,
    submissions: Vec<(String, NewSubmission)>,
) -> Result<Vec<SubmissionId>, Error> {
    let subject = |(_, submission): &(String, NewSubmission)| submission.new.content.subject;
    let subjects: Vec<AssessableId> = submissions.iter().map(subject).collect();
    let archived = archived_among(transaction.connection(), &subjects)?;
    let mut errors = ValidationErrors::default();
    for (path, submission) in &submissions {
        let subject = submission.new.content.subject;
        if archived.iter().any(|id| id == subject.as_str()) {
            errors.add(ValidationErrorCode::Invalid, path, ARCHIVED);
        }
    }
    errors.into_result()?;
    let rows = submissions.into_iter().map(|(_, submission)| row(transaction, submission));
    let rows: Vec<Submission> = rows.collect::<Result<_, Error>>()?;
    let ids = rows.iter().map(|row| row.id).collect();
    insert_rows!(transaction.connection(), submissions::table, rows);
    Ok(ids)
}

const ARCHIVED: &str = "is archived, or its agreement or proposal is: restore it first";

/// The ids of the records among these that are archived, or whose agreement or proposal is.
fn archived_among(
    connection: &mut DbConnection,
    subjects: &[AssessableId],
) -> Result<Vec<String>, Error> {
    let sql = Sql::new(
        "SELECT subject.id FROM trackables AS subject \
         LEFT JOIN clauses ON clauses.id = subject.id \
         LEFT JOIN caveats ON caveats.id = subject.id \
         LEFT JOIN trackables AS proposed ON proposed.id = caveats.proposal_id \
         WHERE (subject.archived_at IS NOT NULL OR proposed.archived_at IS NOT NULL \
         OR NOT coalesce(clauses.is_listed, TRUE)) AND ",
    )
    .any_of(connection.dialect(), "subject.id", subjects);
    Ok(query::rows::<Text, String>(connection, sql)?)
}

fn row(transaction: &Transaction<'_>, submission: NewSubmission) -> Result<Submission, Error> {
    let NewSubmission { new: NewAssessment { content, evidence, .. }, correction } = submission;
    let (corrects_id, correction_reason) =
        correction.map(|correction| (correction.assessment, correction.reason)).unzip();
    Ok(Submission {
        id: SubmissionId::new(),
        trackable_id: content.subject,
        trackable_kind: content.status.kind(),
        status: content.status.as_str().to_owned(),
        effective_on: content.effective_on.last_day(),
        edtf_date: content.effective_on.text_unless_day(),
        held_by_id: content.held_by,
        momentum: content.momentum,
        confidence: content.confidence,
        note: content.note,
        event_id: content.event,
        breached_by: query::json_array(&content.breached_by),
        evidence: evidence::to_json(&evidence)?,
        corrects_id,
        correction_reason,
        submitted_at: transaction.at(),
        submitted_by: transaction.actor().to_owned(),
        state: SubmissionState::Open,
        ended_at: None,
        ended_by: None,
        end_reason: None,
        assessment_id: None,
    })
}

impl Submission {
    /// The assessment as it was submitted. `expected_version` is the expected version of its subject.
    fn into_input(self, expected_version: Option<i32>) -> Result<NewSubmission, Error> {
        let status = Status::parse(self.trackable_kind, &self.status)
            .ok_or_else(|| Error::Internal(format!("the stored status {}", self.status)))?;
        let effective_on =
            edtf::stored(self.edtf_date.as_deref(), EdtfDate::day(self.effective_on))?;
        let breached_by = parties(&self.breached_by)?;
        let evidence: Vec<Evidence> = parse_evidence(&self.evidence)?;
        let content = AssessmentContent {
            subject: self.trackable_id,
            status,
            breached_by,
            effective_on,
            held_by: self.held_by_id,
            momentum: self.momentum,
            confidence: self.confidence,
            note: self.note,
            event: self.event_id,
            evidence: Vec::new(),
        };
        let correction = self.corrects_id.zip(self.correction_reason);
        Ok(NewSubmission {
            new: NewAssessment {
                content,
                evidence,
                expected_version,
                submitted_by: Some(self.submitted_by),
            },
            correction: correction.map(|(assessment, reason)| Correction { assessment, reason }),
        })
    }
}

/// The parties in a JSON array of the column `submissions.breached_by`.
///
/// # Errors
/// The JSON is malformed.
pub fn parties(array: &str) -> Result<Vec<PartyId>, Error> {
    Ok(query::parse_json_array(array)?.iter().filter_map(|id| PartyId::parse(id)).collect())
}

/// Publishes a submission of another account: records its assessment with all checks.
///
/// # Errors
/// A missing submission, one that is not open or that the same account submitted, an archived subject, the errors of
/// recording the assessment, and database errors.
pub fn publish(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    expected_version: Option<i32>,
) -> Result<AssessmentId, Error> {
    let submission = open(transaction.connection(), id)?;
    if submission.submitted_by == transaction.actor() {
        let message = "you submitted it: another editor must publish it";
        return Err(invalid(message));
    }
    if !archived_among(transaction.connection(), &[submission.trackable_id])?.is_empty() {
        return Err(invalid(format!("its subject {ARCHIVED}")));
    }
    let assessment = submission.into_input(expected_version)?.record(transaction)?;
    end(transaction, id, SubmissionState::Published, None, Some(assessment))?;
    Ok(assessment)
}

/// Declines a submission of another account, or withdraws an own one.
///
/// # Errors
/// A missing submission, one that is not open or of the wrong account, an invalid reason, and database errors.
pub fn reject(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    rejection: Rejection,
    reason: Option<&str>,
) -> Result<SubmissionId, Error> {
    let submission = open(transaction.connection(), id)?;
    match (rejection, submission.submitted_by == transaction.actor()) {
        (Rejection::Decline, true) => {
            return Err(invalid("you submitted it: withdraw it instead"));
        }
        (Rejection::Withdraw, false) => {
            let author = submission.submitted_by;
            return Err(invalid(format!(
                "only {author}, who submitted it, can withdraw it: decline it instead"
            )));
        }
        _ => {}
    }
    let mut errors = ValidationErrors::default();
    text::check_optional(&mut errors, "reason", reason, text::MAX_PROSE);
    errors.into_result()?;
    end(transaction, id, rejection.state(), reason, None)?;
    Ok(id)
}

/// Adds a comment to an open submission.
///
/// # Errors
/// A missing submission or one that is not open, an invalid text, too many comments, and database errors.
pub fn comment(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    comment: &str,
) -> Result<SubmissionId, Error> {
    open(transaction.connection(), id)?;
    let connection = transaction.connection();
    let count: i64 = submission_comments::table
        .filter(submission_comments::submission_id.eq(id))
        .count()
        .get_result(connection)?;
    let mut errors = ValidationErrors::default();
    check_comment(&mut errors, comment, usize::try_from(count).unwrap_or(usize::MAX));
    errors.into_result()?;
    let comment = Comment {
        id: PartId::new(),
        submission_id: id,
        text: comment.to_owned(),
        written_at: transaction.at(),
        written_by: transaction.actor().to_owned(),
    };
    insert_rows!(transaction.connection(), submission_comments::table, vec![comment]);
    Ok(id)
}

fn invalid(message: impl Into<String>) -> Error {
    ValidationError::new(ValidationErrorCode::Invalid, "submission_id", message).into()
}

/// The submission, if it is open. The transaction has locked the log, so it stays open until the transaction ends.
fn open(connection: &mut DbConnection, id: SubmissionId) -> Result<Submission, Error> {
    let submission = by_ids(connection, &[id])?.remove(id.as_str());
    let submission =
        submission.ok_or_else(|| record::missing(Kind::Submission, "submission_id", id))?;
    if submission.state == SubmissionState::Open {
        return Ok(submission);
    }
    let state = submission.state.in_words();
    let by = submission.ended_by.unwrap_or_default();
    let message = format!("was {state} by {by} in the meantime");
    Err(ValidationError::new(ValidationErrorCode::Conflict, "submission_id", message).into())
}

fn end(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    state: SubmissionState,
    reason: Option<&str>,
    assessment: Option<AssessmentId>,
) -> Result<(), Error> {
    let (at, by) = (transaction.at(), transaction.actor().to_owned());
    diesel::update(submissions::table.find(id))
        .set((
            submissions::state.eq(state),
            submissions::ended_at.eq(Some(at)),
            submissions::ended_by.eq(Some(by)),
            submissions::end_reason.eq(reason),
            submissions::assessment_id.eq(assessment),
        ))
        .execute(transaction.connection())?;
    Ok(())
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

/// The submissions that were submitted together with this one, in order. Empty if there is no such submission.
///
/// # Errors
/// Database errors.
pub fn submitted_with(
    connection: &mut DbConnection,
    id: SubmissionId,
) -> Result<Vec<SubmissionId>, Error> {
    let sql = Sql::new(
        "SELECT together.id FROM submissions JOIN submissions AS together \
         ON together.submitted_at = submissions.submitted_at \
         AND together.submitted_by = submissions.submitted_by WHERE submissions.id = ",
    )
    .bind(id.as_str())
    .text(" ORDER BY together.id");
    Ok(query::rows::<Text, SubmissionId>(connection, sql)?)
}

/// The comments on these submissions, by submission, in order.
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
