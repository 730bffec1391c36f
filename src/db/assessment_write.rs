//! Records and corrects assessments, and updates the neutral status in force.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::assessable::{self, Assessable};
use super::assessment::{Assessment, BREAKERS, LinkedAssessment, assessment_kinds};
use super::change::Action;
use super::citation::EVIDENCE;
use super::insert::insert_rows;
use super::record;
use super::reference::{self, ExistingRecords};
use super::retraction::retract;
use super::schema::assessments;
use super::subject::{Dependencies, Subject, Subjects};
use super::{DbConnection, Error, Transaction, search_notes};
use crate::domain::assessment::{AssessmentContent, AssessmentFacts, in_force};
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::content::{EVENT, Fields, PARTY, SOURCE};
use crate::domain::id::{AssessableId, AssessmentId, SourceId};
use crate::domain::perspective::Perspective;
use crate::domain::source::SourceContent;
use crate::domain::{
    Content, Field, Reference, ValidationError, ValidationErrorCode, ValidationErrors, day,
    external_id,
};

/// Evidence of an assessment.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A source that is already recorded.
    Recorded(SourceId),
    /// A source that is already recorded, with the place in the source.
    Cited(Citation),
    /// A source that is recorded together with the assessment, with the place in the source.
    New(SourceContent, CitationDetails),
}

impl Evidence {
    /// The source, if it is already recorded.
    fn recorded(&self) -> Option<SourceId> {
        match self {
            Self::Recorded(source) => Some(*source),
            Self::Cited(citation) => Some(citation.source),
            Self::New(..) => None,
        }
    }

    /// The citation, if the source is already recorded.
    fn citation(&self) -> Option<Citation> {
        match self {
            Self::Recorded(source) => Some((*source).into()),
            Self::Cited(citation) => Some(citation.clone()),
            Self::New(..) => None,
        }
    }
}

/// The origin of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An editor recorded the assessment.
    Editor,
    /// The assessment was imported from a dossier, or from a table of a research dataset.
    Dossier,
}

/// An assessment to be recorded.
#[derive(Debug, Clone)]
pub struct NewAssessment {
    /// The content. Its field `evidence` is ignored.
    pub content: AssessmentContent,
    /// The evidence, in order.
    pub evidence: Vec<Evidence>,
    /// The version that the subject must have. `None` for any.
    pub expected_version: Option<i32>,
    /// The account that submitted the assessment, if another account publishes it.
    pub submitted_by: Option<String>,
}

/// Records an assessment and updates the neutral status in force.
///
/// # Errors
/// Validation errors, a missing subject, a stale version, and database errors.
pub fn record(
    transaction: &mut Transaction<'_>,
    new: NewAssessment,
    origin: Origin,
) -> Result<AssessmentId, Error> {
    let outcome = record_all(transaction, vec![new], origin)?.pop();
    Ok(outcome.ok_or_else(|| Error::Internal("an assessment has no outcome".into()))??)
}

/// An assessment that a new one corrects.
#[derive(Debug, Clone)]
pub struct Correction {
    /// The assessment to retract. It must have the same subject as the new assessment.
    pub assessment: AssessmentId,
    /// The reason for the retraction.
    pub reason: String,
}

/// Retracts an assessment and records a new one of the same subject.
///
/// # Errors
/// The errors of [`retract`] and [`record()`]. Also fails if the assessment to retract has another subject.
pub fn correct(
    transaction: &mut Transaction<'_>,
    correction: &Correction,
    new: NewAssessment,
) -> Result<AssessmentId, Error> {
    let kind = new.content.status.kind().assessment_kind();
    let Correction { assessment, reason } = correction;
    let retracted = retract(transaction, kind, *assessment, reason, new.expected_version)
        .map_err(within_correction)?;
    if retracted.trackable_id != new.content.subject {
        let message = "is an assessment of a different record than the new assessment";
        let path = "correction.assessment_id";
        return Err(ValidationError::new(ValidationErrorCode::Invalid, path, message).into());
    }
    // No version is expected here: the retraction has checked it, and has then changed the version of the subject.
    record(transaction, NewAssessment { expected_version: None, ..new }, Origin::Editor)
}

/// Changes the paths in the errors of a retraction to the paths of the input that corrects an assessment.
fn within_correction(error: Error) -> Error {
    let Error::ValidationErrors(mut errors) = error else { return error };
    for error in &mut errors.0 {
        if error.path.first().is_some_and(|name| name == "assessment_id" || name == "reason") {
            error.path.insert(0, "correction".to_owned());
        }
    }
    Error::ValidationErrors(errors)
}

/// Records assessments like [`record()`], in order. Returns the outcome of each. The number of statements depends on the
/// kinds of subjects, the holders and the new sources, not on the number of assessments.
///
/// # Errors
/// Database errors.
pub fn record_all(
    transaction: &mut Transaction<'_>,
    new: Vec<NewAssessment>,
    origin: Origin,
) -> Result<Vec<Result<AssessmentId, ValidationErrors>>, Error> {
    let dependencies: Vec<Dependencies> = new.iter().map(NewAssessment::dependencies).collect();
    let subjects = Subjects::read(transaction.connection(), &dependencies)?;
    let mut batch = Batch { subjects, ..Batch::default() };
    let mut outcomes = Vec::with_capacity(new.len());
    for (new, dependencies) in new.into_iter().zip(dependencies) {
        outcomes.push(match batch.record(transaction, new, &dependencies, origin) {
            Ok(id) => Ok(id),
            Err(Error::ValidationErrors(errors)) => Err(errors),
            Err(error) => return Err(error),
        });
    }
    batch.write(transaction.connection())?;
    Ok(outcomes)
}

impl NewAssessment {
    /// Whether a stored assessment has the same content. A new source always differs from recorded sources.
    pub(super) fn is_stored_as(&self, stored: &LinkedAssessment) -> bool {
        let evidence: Option<Vec<Citation>> =
            self.evidence.iter().map(Evidence::citation).collect();
        evidence.is_some_and(|evidence| {
            stored.has_content(&AssessmentContent { evidence, ..self.content.clone() })
        })
    }

    /// The records on which the assessment depends. The paths of the references are paths of the input, in which
    /// recorded and new sources share one list.
    fn dependencies(&self) -> Dependencies {
        let mut references = self.content.references_without_evidence().0;
        for (index, item) in self.evidence.iter().enumerate() {
            let path = match item {
                Evidence::Cited(_) => format!("evidence.{index}.citation.source_id"),
                _ => format!("evidence.{index}.source_id"),
            };
            references.extend(item.recorded().map(|source| Reference::to(SOURCE, path, source)));
        }
        Dependencies {
            subject: self.content.subject,
            kind: self.content.status.kind(),
            held_by: self.content.held_by,
            references,
        }
    }
}

/// Assessments that are recorded together. Validates each assessment against the state after the previous assessments,
/// and writes all of them with few statements.
#[derive(Default)]
struct Batch {
    /// The state of the subjects after the assessments that were validated so far.
    subjects: Subjects,
    /// The subjects whose neutral status in force changes.
    with_new_status: BTreeSet<AssessableId>,
    /// The assessed subjects.
    assessed: BTreeSet<AssessableId>,
    new: Vec<LinkedAssessment>,
}

impl Batch {
    fn record(
        &mut self,
        transaction: &mut Transaction<'_>,
        new: NewAssessment,
        dependencies: &Dependencies,
        origin: Origin,
    ) -> Result<AssessmentId, Error> {
        let Dependencies { subject: id, kind, held_by, references } = dependencies;
        let subject = self.subjects.by_id.get_mut(id).filter(|subject| subject.row.kind == *kind);
        let subject = subject.ok_or_else(|| record::missing(kind.record_kind(), "subject", *id))?;
        record::check_version(subject.stored_version, new.expected_version)?;
        check(subject, &self.subjects.existing, &new, references)?;
        let new = LinkedAssessment {
            evidence: create_sources(transaction, new.evidence)?,
            breached_by: new.content.breached_by.clone(),
            row: new_row(transaction, new.content, origin, new.submitted_by),
        };
        let in_force_before = self.subjects.in_force.get(&(*id, *held_by));
        let before = in_force_before.map(fields).unwrap_or_default();
        let after = fields(&new);
        if subject.anchors_deadlines {
            transaction.log(Action::Assessed, kind.record_kind(), *id, &before, &after)?;
        } else {
            // Skips the refresh of due dates, because no deadline depends on the subject.
            let kind = kind.record_kind();
            transaction.log_without_deadlines(Action::Assessed, kind, *id, &before, &after)?;
        }
        subject.row.version += 1;
        subject.row.mark_checked(new.row.recorded_at.date(), &new.row.recorded_by);
        self.assessed.insert(*id);
        let facts = in_force_before.iter().map(|before| before.row.facts());
        let facts: Vec<AssessmentFacts> = facts.chain([new.row.facts()]).collect();
        let perspective = Perspective { held_by: *held_by, ..Perspective::default() };
        if in_force(&facts, perspective).is_some_and(|facts| facts.id == new.row.id) {
            if held_by.is_none() {
                subject.row.status.clone_from(&new.row.status);
                subject.row.status_since = Some(new.row.effective_on);
                subject.row.assessment_id = Some(new.row.id);
                self.with_new_status.insert(*id);
            }
            self.subjects.in_force.insert((*id, *held_by), new.clone());
        }
        let id = new.row.id;
        self.new.push(new);
        Ok(id)
    }

    /// Writes the assessments with their evidence and breakers, and the new versions and statuses of their subjects.
    fn write(self, connection: &mut DbConnection) -> Result<(), Error> {
        let with_words = |row: &Assessment| {
            (row.clone(), assessments::note_words.eq(search_notes::words_of(&row.note)))
        };
        let rows = self.new.iter().map(|new| with_words(&new.row));
        insert_rows!(connection, assessments::table, rows.collect());
        EVIDENCE.insert(connection, self.new.iter().map(|new| (new.row.id, &new.evidence)))?;
        BREAKERS.insert(connection, self.new.iter().map(|new| (new.row.id, &new.breached_by)))?;
        let row = |id| self.subjects.by_id.get(id).map(|subject| &subject.row);
        let unchanged = self.assessed.difference(&self.with_new_status);
        let unchanged: Vec<&Assessable> = unchanged.filter_map(row).collect();
        let changed: Vec<&Assessable> = self.with_new_status.iter().filter_map(row).collect();
        assessable::set_versions(connection, &unchanged)?;
        assessable::set_statuses(connection, &changed)
    }
}

/// Creates the new sources. Returns all evidence, in order.
fn create_sources(
    transaction: &mut Transaction<'_>,
    evidence: Vec<Evidence>,
) -> Result<Vec<Citation>, Error> {
    let cited = |item| match item {
        Evidence::Recorded(source) => Ok(source.into()),
        Evidence::Cited(citation) => Ok(citation),
        Evidence::New(source, details) => {
            Ok(Citation { source: record::create(transaction, &source)?, details })
        }
    };
    evidence.into_iter().map(cited).collect()
}

fn new_row(
    transaction: &Transaction<'_>,
    content: AssessmentContent,
    origin: Origin,
    submitted_by: Option<String>,
) -> Assessment {
    Assessment {
        id: AssessmentId::new(),
        trackable_id: content.subject,
        trackable_kind: content.status.kind(),
        status: content.status.as_str().to_owned(),
        effective_on: content.effective_on.last_day(),
        edtf_date: content.effective_on.text_beside_last_day(),
        recorded_at: transaction.at(),
        held_by_id: content.held_by,
        momentum: content.momentum,
        confidence: content.confidence,
        note: content.note,
        event_id: content.event,
        recorded_by: transaction.actor().to_owned(),
        imported: origin == Origin::Dossier,
        retracted_at: None,
        retracted_by: None,
        retraction_reason: None,
        submitted_by,
    }
}

fn check(
    subject: &Subject,
    existing: &ExistingRecords,
    new: &NewAssessment,
    references: &[Reference],
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    new.content.check(&mut errors, subject.begins_on, day::latest_today());
    check_evidence(&new.evidence, &mut errors);
    reference::add_missing(references, existing, &mut errors);
    Ok(errors.into_result()?)
}

/// Adds the errors of new sources and of citations, and an error for each repeated source. An index in
/// the path of an error counts recorded and new sources together, because the input has them in one list.
fn check_evidence(evidence: &[Evidence], errors: &mut ValidationErrors) {
    for (index, item) in evidence.iter().enumerate() {
        match item {
            Evidence::New(source, details) => {
                let mut source_errors = ValidationErrors::default();
                source.check(&mut source_errors);
                external_id::check(&mut source_errors, &source.external_ids, &[]);
                details.check(&mut source_errors, "");
                errors.0.extend(source_errors.0.into_iter().map(|error| {
                    let path = format!("evidence.{index}.source.{}", error.path.join("."));
                    ValidationError::new(error.code, &path, error.message)
                }));
            }
            Evidence::Cited(Citation { details, .. }) => {
                details.check(errors, &format!("evidence.{index}.citation."));
            }
            Evidence::Recorded(_) => {}
        }
        let is_same = |other: &Evidence| {
            item.recorded().is_some_and(|source| other.recorded() == Some(source))
        };
        if let Some(first) = evidence.iter().take(index).position(is_same) {
            let message = format!("repeats item {first} of evidence");
            errors.add(ValidationErrorCode::Duplicate, &format!("evidence.{index}"), message);
        }
    }
}

fn fields(assessment: &LinkedAssessment) -> Vec<Field> {
    let LinkedAssessment { row, evidence, breached_by } = assessment;
    Fields::default()
        .reference("assessment", assessment_kinds(row.trackable_kind), Some(row.id))
        .status("status", &row.status)
        .references("breached_by", PARTY, breached_by)
        .date("effective_on", Some(row.effective_on))
        .text_optional("effective_date", row.edtf_date.as_ref())
        .reference("held_by", PARTY, row.held_by_id)
        .string_enum("momentum", row.momentum)
        .string_enum("confidence", row.confidence)
        .text("note", &row.note)
        .reference("event", EVENT, row.event_id)
        .citations("evidence", evidence)
        .text_optional("submitted_by", row.submitted_by.as_ref())
        .0
}
