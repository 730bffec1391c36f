//! Submits assessments for review, and publishes or declines submissions of other accounts. Submissions are not in the
//! change log, which everybody can read. Rows are in `stored`, and lists in `list`.

mod evidence;
mod list;
mod stored;

use std::iter;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::assessment_write::{self, Correction, Evidence, NewAssessment, Origin};
use super::insert::insert_rows;
use super::query::{self, Sql};
use super::schema::{submission_comments, submissions};
use super::{DbConnection, Error, Transaction, edtf, record};
use crate::domain::assessment::AssessmentContent;
use crate::domain::edtf::EdtfDate;
use crate::domain::id::{AssessableId, AssessmentId, PartId, SubmissionId};
use crate::domain::status::Status;
use crate::domain::submission::{Rejection, SubmissionState, check_comment};
use crate::domain::{
    Kind, StringEnum, ValidationError, ValidationErrorCode, ValidationErrors, text,
};
pub use evidence::parse as parse_evidence;
pub use list::{Filter, SubmissionList};
pub use stored::{Comment, Submission, by_ids, comments_of, parties, submitted_with};

/// An assessment to be submitted.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// The assessment.
    pub new: NewAssessment,
    /// The assessment that `new` corrects, if any.
    pub correction: Option<Correction>,
}

impl NewSubmission {
    /// Records the assessment, and retracts the assessment that it corrects.
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

/// Submits an assessment. The assessment must pass the checks for recording it.
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

/// Stores submissions whose assessments were checked. Returns their ids, in order. Each submission is paired with the
/// path of its subject in the input.
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
    let batch = SubmissionId::new();
    let with_ids = iter::once(batch).chain(iter::repeat_with(SubmissionId::new)).zip(submissions);
    let rows = with_ids.map(|(id, (_, submission))| row(transaction, id, batch, submission));
    let rows: Vec<Submission> = rows.collect::<Result<_, Error>>()?;
    let ids = rows.iter().map(|row| row.id).collect();
    insert_rows!(transaction.connection(), submissions::table, rows);
    Ok(ids)
}

const ARCHIVED: &str =
    "is archived, or its agreement or proposal is archived; restore the archived record first";

/// The ids of the subjects that are archived, or whose agreement or proposal is archived.
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

fn row(
    transaction: &Transaction<'_>,
    id: SubmissionId,
    batch_id: SubmissionId,
    submission: NewSubmission,
) -> Result<Submission, Error> {
    let NewSubmission { new: NewAssessment { content, evidence, .. }, correction } = submission;
    let (corrects_id, correction_reason) =
        correction.map(|correction| (correction.assessment, correction.reason)).unzip();
    Ok(Submission {
        id,
        trackable_id: content.subject,
        trackable_kind: content.status.kind(),
        status: content.status.as_str().to_owned(),
        effective_on: content.effective_on.last_day(),
        edtf_date: content.effective_on.text_beside_last_day(),
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
        batch_id,
    })
}

impl Submission {
    /// The submitted assessment. `expected_version` is the expected version of its subject.
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

/// Publishes a submission of another account: records its assessment with all checks.
///
/// # Errors
/// A missing submission, a submission that is not open or that the current account submitted, an archived subject, the
/// errors of recording the assessment, and database errors.
pub fn publish(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    expected_version: Option<i32>,
) -> Result<AssessmentId, Error> {
    let submission = open(transaction.connection(), id)?;
    if submission.submitted_by == transaction.actor() {
        let message = "you submitted this assessment; another editor must publish it";
        return Err(invalid(message));
    }
    if !archived_among(transaction.connection(), &[submission.trackable_id])?.is_empty() {
        return Err(invalid(format!("its subject {ARCHIVED}")));
    }
    let assessment = submission.into_input(expected_version)?.record(transaction)?;
    end(transaction, id, SubmissionState::Published, None, Some(assessment))?;
    Ok(assessment)
}

/// Declines a submission of another account, or withdraws the current account's own submission.
///
/// # Errors
/// A missing submission, a submission that is not open, an account that may not decline or withdraw this submission, an
/// invalid reason, and database errors.
pub fn reject(
    transaction: &mut Transaction<'_>,
    id: SubmissionId,
    rejection: Rejection,
    reason: Option<&str>,
) -> Result<SubmissionId, Error> {
    let submission = open(transaction.connection(), id)?;
    match (rejection, submission.submitted_by == transaction.actor()) {
        (Rejection::Decline, true) => {
            return Err(invalid("you submitted this assessment; withdraw it instead"));
        }
        (Rejection::Withdraw, false) => {
            let author = submission.submitted_by;
            return Err(invalid(format!(
                "only {author}, who submitted this assessment, can withdraw it; decline it instead"
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
/// A missing submission, a submission that is not open, an invalid text, too many comments, and database errors.
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

/// The submission, if it is open. The transaction has locked the log, so the submission stays open until the
/// transaction ends.
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
