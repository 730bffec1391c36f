//! Retracts assessments, and updates the neutral status in force.

use std::collections::{BTreeSet, HashMap};

use super::assessable::{self, Assessable};
use super::assessment::{self, Assessment, assessment_kinds};
use super::change::Action;
use super::query::{self, Sql};
use super::{DbConnection, Error, Transaction, perspective, record, status_check};
use crate::domain::content::Fields;
use crate::domain::id::{AssessableId, AssessmentId};
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::status::Status;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors, text};

/// An assessment to retract.
#[derive(Debug, Clone, Copy)]
pub struct Retraction {
    /// The kind of the assessment.
    pub kind: Kind,
    /// The assessment.
    pub id: AssessmentId,
    /// The version that the subject of the assessment must have. `None` for any.
    pub expected_version: Option<i32>,
}

/// Retracts an assessment. The assessment stays in the history. The status in force is recomputed.
///
/// # Errors
/// A missing or already retracted assessment, a stale version of the subject, an invalid reason, and database errors.
pub fn retract(
    transaction: &mut Transaction<'_>,
    kind: Kind,
    id: AssessmentId,
    reason: &str,
    expected_version: Option<i32>,
) -> Result<Assessment, Error> {
    let outcome = retract_all(transaction, &[Retraction { kind, id, expected_version }], reason)?;
    let outcome = outcome.into_iter().next();
    Ok(outcome.ok_or_else(|| Error::Internal("a retraction has no outcome".into()))??)
}

/// Retracts assessments like [`retract()`], in order. Returns the outcome of each. The number of statements does not depend
/// on the number of assessments.
///
/// # Errors
/// Database errors.
pub fn retract_all(
    transaction: &mut Transaction<'_>,
    retractions: &[Retraction],
    reason: &str,
) -> Result<Vec<Result<Assessment, ValidationErrors>>, Error> {
    let ids: Vec<AssessmentId> = retractions.iter().map(|retraction| retraction.id).collect();
    let rows = assessment::by_ids(transaction.connection(), &ids)?;
    let subjects: BTreeSet<AssessableId> = rows.values().map(|row| row.trackable_id).collect();
    let mut subjects = assessable::by_ids(transaction.connection(), &Vec::from_iter(subjects))?;
    let outcomes: Vec<Result<Assessment, ValidationErrors>> = retractions
        .iter()
        .map(|retraction| check_retraction(retraction, &rows, &subjects, reason))
        .collect();
    let retracted: Vec<&Assessment> = outcomes.iter().flatten().collect();
    if retracted.is_empty() {
        return Ok(outcomes);
    }
    let ids: Vec<AssessmentId> = retracted.iter().map(|row| row.id).collect();
    let sql = Sql::new("UPDATE assessments SET retracted_at = ")
        .bind_instant(transaction.at())
        .text(", retracted_by = ")
        .bind(transaction.actor())
        .text(", retraction_reason = ")
        .bind(reason)
        .text(" WHERE ")
        .one_or_any_of(transaction.connection().dialect(), "id", &ids);
    query::execute(transaction.connection(), sql)?;
    subjects.retain(|id, _| retracted.iter().any(|row| row.trackable_id.as_str() == id));
    for row in &retracted {
        if let Some(subject) = subjects.get_mut(row.trackable_id.as_str()) {
            subject.version += 1;
        }
    }
    refresh_statuses(transaction.connection(), subjects.into_values().collect())?;
    for row in retracted {
        let after = Fields::default()
            .reference("assessment", assessment_kinds(row.trackable_kind), Some(row.id))
            .text("reason", reason)
            .0;
        let kind = row.trackable_kind.record_kind();
        transaction.log(Action::Retracted, kind, row.trackable_id, &[], &after)?;
    }
    Ok(outcomes)
}

/// Returns the assessment, or the errors that prevent the retraction.
fn check_retraction(
    retraction: &Retraction,
    rows: &HashMap<String, Assessment>,
    subjects: &HashMap<String, Assessable>,
    reason: &str,
) -> Result<Assessment, ValidationErrors> {
    let Retraction { kind, id, expected_version } = *retraction;
    let row = rows.get(id.as_str()).filter(|row| row.trackable_kind.assessment_kind() == kind);
    let row = row.ok_or_else(|| record::missing(kind, "assessment_id", id))?;
    let subject = subjects.get(row.trackable_id.as_str());
    let subject =
        subject.filter(|subject| subject.kind == row.trackable_kind).ok_or_else(|| {
            record::missing(row.trackable_kind.record_kind(), "subject", row.trackable_id)
        })?;
    record::check_version(subject.version, expected_version)?;
    let mut errors = ValidationErrors::default();
    text::check(&mut errors, "reason", reason, text::MAX_PROSE);
    if let Some(at) = row.retracted_at {
        let message = format!("was already retracted on {}", at.date());
        errors.add(ValidationErrorCode::Invalid, "assessment_id", message);
    }
    errors.into_result()?;
    Ok(row.clone())
}

/// Updates the versions, the neutral statuses in force and the latest checks of these subjects.
fn refresh_statuses(
    connection: &mut DbConnection,
    mut subjects: Vec<Assessable>,
) -> Result<(), Error> {
    let ids: Vec<AssessableId> = subjects.iter().map(|subject| subject.id).collect();
    let neutral = perspective::in_force(connection, Perspective::default(), &ids)?;
    let checked = status_check::latest(connection, PointInTime::default(), Some(&ids))?;
    for subject in &mut subjects {
        let row = neutral.get(subject.id.as_str());
        let initial = || Status::initial(subject.kind).as_str().to_owned();
        subject.status = row.map_or_else(initial, |row| row.status.clone());
        subject.status_since = row.map(|row| row.effective_on);
        subject.assessment_id = row.map(|row| row.id);
        let check = checked.get(subject.id.as_str());
        subject.checked_on = check.map(|check| check.day);
        subject.checked_by = check.map(|check| check.by.clone());
    }
    assessable::set_statuses(connection, &subjects.iter().collect::<Vec<_>>())
}
