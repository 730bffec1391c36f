//! Records and retracts assessments, and updates the neutral status in force.

use diesel::prelude::*;

use super::assessable::{self, Assessable};
use super::assessment::{self, Assessment, LinkedAssessment};
use super::change::Action;
use super::link::Links;
use super::record;
use super::reference;
use super::schema::{assessment_evidence, assessments, trackables};
use super::subject::{self, Subject};
use super::{DbConnection, Error, Transaction, perspective, search_notes};
use crate::domain::assessment::{AssessmentContent, AssessmentFacts, in_force};
use crate::domain::content::{EVENT, Fields, PARTY, SOURCE};
use crate::domain::id::{AssessableId, AssessmentId, SourceId};
use crate::domain::perspective::Perspective;
use crate::domain::source::SourceContent;
use crate::domain::status::{AssessableKind, Status};
use crate::domain::{
    Content, Field, Kind, Reference, ValidationError, ValidationErrorCode, ValidationErrors, day,
    text,
};

/// Evidence of an assessment.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A source that is already recorded.
    Recorded(SourceId),
    /// A source that is recorded together with the assessment.
    New(SourceContent),
}

/// The parties that breached the subject of an assessment.
const BREAKERS: Links = Links::new("assessment_breakers", "assessment_id", "party_id");

/// Where an assessment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An editor recorded it.
    Editor,
    /// It was imported from a dossier.
    Dossier,
}

/// Records an assessment and updates the neutral status in force. `evidence` replaces the evidence of `content`.
///
/// # Errors
/// Validation errors, a missing subject, a stale version, and database errors.
pub fn record(
    transaction: &mut Transaction<'_>,
    content: AssessmentContent,
    evidence: &[Evidence],
    expected_version: Option<i32>,
    origin: Origin,
) -> Result<AssessmentId, Error> {
    let references = references(&content, evidence);
    let (id, kind, held_by) = (content.subject, content.status.kind(), content.held_by);
    let subject = subject::read(transaction.connection(), id, kind, held_by, &references)?
        .ok_or_else(|| record::missing(kind.record_kind(), "subject", id))?;
    record::check_version(subject.row.version, expected_version)?;
    check(&subject, &content, evidence, &references)?;
    let sources = create_sources(transaction, evidence)?;
    let breached_by = content.breached_by.clone();
    let row = new_row(transaction, content, origin);
    let connection = transaction.connection();
    diesel::insert_into(assessments::table)
        .values((&row, assessments::note_words.eq(search_notes::words_of(&row.note))))
        .execute(connection)?;
    insert_evidence(connection, row.id, &sources)?;
    BREAKERS.insert(connection, row.id, &breached_by)?;
    update_status(connection, &subject, &row)?;
    let recorded = LinkedAssessment { row, evidence: sources, breached_by };
    let before = subject.in_force.as_ref().map(fields).unwrap_or_default();
    let after = fields(&recorded);
    if subject.anchors_deadlines {
        transaction.log(Action::Assessed, kind.record_kind(), id, &before, &after)?;
    } else {
        // The refresh of due dates would cost a statement that finds nothing.
        let kind = kind.record_kind();
        transaction.log_without_deadlines(Action::Assessed, kind, id, &before, &after)?;
    }
    Ok(recorded.row.id)
}

/// Creates the new sources. Returns the ids of all evidence, in order.
fn create_sources(
    transaction: &mut Transaction<'_>,
    evidence: &[Evidence],
) -> Result<Vec<SourceId>, Error> {
    let id_of = |item: &Evidence| match item {
        Evidence::Recorded(source) => Ok(*source),
        Evidence::New(source) => record::create(transaction, source),
    };
    evidence.iter().map(id_of).collect()
}

fn new_row(
    transaction: &Transaction<'_>,
    content: AssessmentContent,
    origin: Origin,
) -> Assessment {
    Assessment {
        id: AssessmentId::new(),
        trackable_id: content.subject,
        trackable_kind: content.status.kind(),
        status: content.status.as_str().to_owned(),
        effective_on: content.effective_on,
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
    }
}

/// Writes the evidence of an assessment, with one statement.
fn insert_evidence(
    connection: &mut DbConnection,
    assessment: AssessmentId,
    sources: &[SourceId],
) -> Result<(), Error> {
    let row = |(position, source): (i32, &SourceId)| {
        (
            assessment_evidence::assessment_id.eq(assessment),
            assessment_evidence::source_id.eq(*source),
            assessment_evidence::position.eq(position),
        )
    };
    let mut rows: Vec<_> = (1..).zip(sources).map(row).collect();
    if rows.len() > 1 {
        // Diesel cannot compile an insert of several rows for both databases at once.
        let insert = diesel::insert_into(assessment_evidence::table).values(rows);
        match connection {
            DbConnection::Sqlite(connection) => insert.execute(connection)?,
            DbConnection::Postgres(connection) => insert.execute(connection)?,
        };
    } else if let Some(row) = rows.pop() {
        diesel::insert_into(assessment_evidence::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// Increments the version of the subject. Updates its status if the new assessment is the neutral one in force.
fn update_status(
    connection: &mut DbConnection,
    subject: &Subject,
    new: &Assessment,
) -> Result<(), Error> {
    let facts: Vec<AssessmentFacts> =
        subject.in_force.iter().map(|before| before.row.facts()).chain([new.facts()]).collect();
    let neutral = in_force(&facts, Perspective::default());
    let version = trackables::version.eq(subject.row.version + 1);
    let row = diesel::update(trackables::table.find(subject.row.id));
    if neutral.is_some_and(|facts| facts.id == new.id) {
        row.set((
            trackables::status.eq(&new.status),
            trackables::status_since.eq(Some(new.effective_on)),
            trackables::assessment_id.eq(Some(new.id)),
            version,
        ))
        .execute(connection)?;
    } else {
        row.set(version).execute(connection)?;
    }
    Ok(())
}

/// Retracts an assessment. It stays in the history. The status in force is computed again.
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
    let row = assessment::by_ids(transaction.connection(), &[id])?.remove(id.as_str());
    let row = row.filter(|row| row.trackable_kind.assessment_kind() == kind);
    let row = row.ok_or_else(|| record::missing(kind, "assessment_id", id))?;
    let subject = supertype_row(transaction.connection(), row.trackable_id, row.trackable_kind)?;
    record::check_version(subject.version, expected_version)?;
    let mut errors = ValidationErrors::default();
    text::check(&mut errors, "reason", reason, text::MAX_PROSE);
    if let Some(at) = row.retracted_at {
        let message = format!("is already retracted, since {}", at.date());
        errors.add(ValidationErrorCode::Invalid, "assessment_id", message);
    }
    errors.into_result()?;
    let (at, by) = (transaction.at(), transaction.actor().to_owned());
    let retracted = diesel::update(assessments::table.find(id)).set((
        assessments::retracted_at.eq(Some(at)),
        assessments::retracted_by.eq(Some(&by)),
        assessments::retraction_reason.eq(Some(reason)),
    ));
    retracted.execute(transaction.connection())?;
    refresh_status(transaction, &subject)?;
    let after = Fields::default()
        .reference("assessment", assessment_kinds(subject.kind), Some(id))
        .text("reason", reason)
        .0;
    transaction.log(Action::Retracted, subject.kind.record_kind(), subject.id, &[], &after)?;
    Ok(row)
}

/// Updates the neutral status in force of the subject, and increments its version.
fn refresh_status(transaction: &mut Transaction<'_>, subject: &Assessable) -> Result<(), Error> {
    let neutral =
        perspective::in_force(transaction.connection(), Perspective::default(), &[subject.id])?
            .remove(subject.id.as_str());
    let initial = Status::initial(subject.kind).as_str();
    diesel::update(trackables::table.find(subject.id))
        .set((
            trackables::status.eq(neutral.as_ref().map_or(initial, |row| row.status.as_str())),
            trackables::status_since.eq(neutral.as_ref().map(|row| row.effective_on)),
            trackables::assessment_id.eq(neutral.as_ref().map(|row| row.id)),
            trackables::version.eq(subject.version + 1),
        ))
        .execute(transaction.connection())?;
    Ok(())
}

/// The references of an assessment. Their paths are those of the input, where recorded and new sources share one list.
fn references(content: &AssessmentContent, evidence: &[Evidence]) -> Vec<Reference> {
    let mut references = content.references_without_evidence().0;
    for (index, item) in evidence.iter().enumerate() {
        if let Evidence::Recorded(source) = item {
            let path = format!("evidence.{index}.source_id");
            references.push(Reference::to(SOURCE, path, *source));
        }
    }
    references
}

fn check(
    subject: &Subject,
    content: &AssessmentContent,
    evidence: &[Evidence],
    references: &[Reference],
) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    content.check(&mut errors, subject.begins_on, day::latest_today());
    check_evidence(evidence, &mut errors);
    reference::add_missing(references, &subject.existing, &mut errors);
    Ok(errors.into_result()?)
}

/// Adds the errors of new sources, and of recorded ones that are repeated. The paths are those of the input, where recorded
/// and new sources share one list.
fn check_evidence(evidence: &[Evidence], errors: &mut ValidationErrors) {
    for (index, item) in evidence.iter().enumerate() {
        match item {
            Evidence::New(source) => {
                let mut source_errors = ValidationErrors::default();
                source.check(&mut source_errors);
                errors.0.extend(source_errors.0.into_iter().map(|error| {
                    let path = format!("evidence.{index}.source.{}", error.path.join("."));
                    ValidationError::new(error.code, &path, error.message)
                }));
            }
            Evidence::Recorded(source) => {
                let is_same = |other: &Evidence| matches!(other, Evidence::Recorded(other) if other == source);
                if let Some(first) = evidence.iter().take(index).position(is_same) {
                    let message = format!("repeats item {first} of evidence");
                    errors.add(
                        ValidationErrorCode::Duplicate,
                        &format!("evidence.{index}"),
                        message,
                    );
                }
            }
        }
    }
}

/// The supertype row of a subject of this kind.
fn supertype_row(
    connection: &mut DbConnection,
    id: AssessableId,
    kind: AssessableKind,
) -> Result<Assessable, Error> {
    let subject = assessable::by_ids(connection, &[id])?.remove(id.as_str());
    let subject = subject.filter(|subject| subject.kind == kind);
    subject.ok_or_else(|| record::missing(kind.record_kind(), "subject", id).into())
}

fn fields(assessment: &LinkedAssessment) -> Vec<Field> {
    let LinkedAssessment { row, evidence, breached_by } = assessment;
    Fields::default()
        .reference("assessment", assessment_kinds(row.trackable_kind), Some(row.id))
        .status("status", &row.status)
        .references("breached_by", PARTY, breached_by)
        .date("effective_on", Some(row.effective_on))
        .reference("held_by", PARTY, row.held_by_id)
        .string_enum("momentum", row.momentum)
        .string_enum("confidence", row.confidence)
        .text("note", &row.note)
        .reference("event", EVENT, row.event_id)
        .references("evidence", SOURCE, evidence)
        .0
}

/// The kinds of records that a reference to an assessment may have.
fn assessment_kinds(kind: AssessableKind) -> &'static [Kind] {
    match kind {
        AssessableKind::Clause => &[Kind::ClauseAssessment],
        AssessableKind::Caveat => &[Kind::CaveatAssessment],
        AssessableKind::Proposal => &[Kind::ProposalAssessment],
    }
}
