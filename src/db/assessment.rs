//! Assessments: recording and retracting them, and what is in force.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::change::Action;
use super::page::{Direction, List, Listing};
use super::query::{self, Sql};
use super::record;
use super::schema::{assessment_evidence, assessments, trackables};
use super::sort::SortKey;
use super::subject::{self, Subject};
use super::trackable::{self, Trackable};
use super::{DbConnection, Error, Transaction, view};
use crate::domain::assessment::{self, AssessmentContent, Claim, Confidence, Momentum};
use crate::domain::content::{EVENT, Fields, PARTY, SOURCE};
use crate::domain::id::{
    AgreementId, AssessmentId, EventId, PartyId, ProposalId, SourceId, TrackableId,
};
use crate::domain::source::SourceContent;
use crate::domain::status::{Status, TrackableKind};
use crate::domain::view::View;
use crate::domain::{Fault, FaultCode, Faults, Field, Kind, Reference, day, text};

/// An assessment.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessments)]
pub struct Assessment {
    /// Its id.
    pub id: AssessmentId,
    /// What is judged.
    pub trackable_id: TrackableId,
    /// Which scale the status is on.
    pub trackable_kind: TrackableKind,
    /// The status, by its database name.
    pub status: String,
    /// Since when it is so.
    pub effective_on: NaiveDate,
    /// Since when the database knows.
    pub recorded_at: NaiveDateTime,
    /// Whose view; the neutral record's where none.
    pub held_by_id: Option<PartyId>,
    /// Which way it is going.
    pub momentum: Momentum,
    /// How sure this is.
    pub confidence: Confidence,
    /// Why.
    pub note: String,
    /// The event that brought it about.
    pub event_id: Option<EventId>,
    /// The name of who recorded it.
    pub recorded_by: String,
    /// Whether it came with a dossier.
    pub imported: bool,
    /// When it was taken back.
    pub retracted_at: Option<NaiveDateTime>,
    /// The name of who took it back.
    pub retracted_by: Option<String>,
    /// Why it was taken back.
    pub retraction_reason: Option<String>,
}

impl Assessment {
    /// What the rule of what is in force needs to know of it.
    fn claim(&self) -> Claim {
        Claim {
            id: self.id,
            held_by: self.held_by_id,
            effective_on: self.effective_on,
            recorded_at: self.recorded_at,
            retracted_at: self.retracted_at,
        }
    }
}

/// What an assessment rests on.
#[derive(Debug, Clone)]
pub enum Evidence {
    /// A source that is recorded.
    Recorded(SourceId),
    /// A source that is recorded along with the assessment.
    New(SourceContent),
}

/// Where an assessment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody recorded it.
    Editor,
    /// It came with a dossier.
    Dossier,
}

/// Records an assessment, and with it the status in force.
///
/// # Errors
/// The faults of the content, a missing subject, a stale version, or those of the database.
pub fn record(
    transaction: &mut Transaction<'_>,
    mut content: AssessmentContent,
    evidence: &[Evidence],
    expected_version: Option<i32>,
    origin: Origin,
) -> Result<AssessmentId, Error> {
    content.evidence = evidence
        .iter()
        .filter_map(|item| if let Evidence::Recorded(source) = item { Some(*source) } else { None })
        .collect();
    let references = references(&content, evidence);
    let key = (content.subject, content.status.kind());
    let subject = subject::read(transaction.connection(), key, content.held_by, &references)?
        .ok_or_else(|| record::missing(kind_of(key.1), "subject", key.0))?;
    record::check_version(subject.row.version, expected_version)?;
    check(&subject, &content, evidence, &references)?;
    let mut sources = Vec::with_capacity(evidence.len());
    for item in evidence {
        sources.push(match item {
            Evidence::Recorded(source) => *source,
            Evidence::New(source) => record::create(transaction, source)?,
        });
    }
    let row = Assessment {
        id: AssessmentId::new(),
        trackable_id: content.subject,
        trackable_kind: subject.row.kind,
        status: content.status.as_str().to_owned(),
        effective_on: content.effective_on,
        recorded_at: transaction.at(),
        held_by_id: content.held_by,
        momentum: content.momentum,
        confidence: content.confidence,
        note: content.note.clone(),
        event_id: content.event,
        recorded_by: transaction.actor().to_owned(),
        imported: origin == Origin::Dossier,
        retracted_at: None,
        retracted_by: None,
        retraction_reason: None,
    };
    diesel::insert_into(assessments::table).values(&row).execute(transaction.connection())?;
    insert_evidence(transaction.connection(), row.id, &sources)?;
    keep_status(transaction.connection(), &subject, &row)?;
    let before = match &subject.in_force {
        Some((before, evidence)) => fields(before, evidence),
        None => Vec::new(),
    };
    let after = fields(&row, &sources);
    transaction.log_assessment(kind_of(key.1), &subject, &before, &after)?;
    Ok(row.id)
}

/// Writes what an assessment rests on, with one statement.
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
        // A statement of many rows does not compile for the two databases at once.
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

/// Counts the subject's version up, and writes the status of a new assessment into it where that is now the neutral one in
/// force.
fn keep_status(
    connection: &mut DbConnection,
    subject: &Subject,
    new: &Assessment,
) -> Result<(), Error> {
    let claims: Vec<Claim> =
        subject.in_force.iter().map(|(before, _)| before.claim()).chain([new.claim()]).collect();
    let neutral = assessment::in_force(&claims, View::default());
    let version = trackables::version.eq(subject.row.version + 1);
    let row = diesel::update(trackables::table.find(subject.row.id));
    if neutral.is_some_and(|claim| claim.id == new.id) {
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

/// Takes an assessment back. It stays in the history, marked, and the status in force is found anew.
///
/// # Errors
/// A missing assessment, one that was taken back before, a stale version of its subject, a faulty reason, or those of
/// the database.
pub fn retract(
    transaction: &mut Transaction<'_>,
    kind: Kind,
    id: AssessmentId,
    reason: &str,
    expected_version: Option<i32>,
) -> Result<Assessment, Error> {
    let row = by_ids(transaction.connection(), &[id])?.remove(id.as_str());
    let row = row.filter(|row| assessment_kind(row.trackable_kind) == kind);
    let row = row.ok_or_else(|| record::missing(kind, "assessment_id", id))?;
    let subject = supertype_row(transaction.connection(), row.trackable_id, row.trackable_kind)?;
    record::check_version(subject.version, expected_version)?;
    let mut faults = Faults::default();
    text::check(&mut faults, "reason", reason, text::PROSE);
    if let Some(at) = row.retracted_at {
        let message = format!("was retracted before, on {}", at.date());
        faults.add(FaultCode::Invalid, "assessment_id", message);
    }
    faults.into_result()?;
    let (at, by) = (transaction.at(), transaction.actor().to_owned());
    let retracted = diesel::update(assessments::table.find(id)).set((
        assessments::retracted_at.eq(Some(at)),
        assessments::retracted_by.eq(Some(&by)),
        assessments::retraction_reason.eq(Some(reason)),
    ));
    retracted.execute(transaction.connection())?;
    settle(transaction, &subject)?;
    let after = Fields::default()
        .reference("assessment", assessment_kinds(subject.kind), Some(id))
        .text("reason", reason)
        .0;
    transaction.log(Action::Retracted, kind_of(subject.kind), subject.id, &[], &after)?;
    Ok(row)
}

/// Writes the neutral status in force into the subject, and counts its version up.
fn settle(transaction: &mut Transaction<'_>, subject: &Trackable) -> Result<(), Error> {
    let neutral = view::in_force(transaction.connection(), View::default(), &[subject.id])?
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

/// What an assessment refers to, by the paths of the input's list, in which new sources stand between recorded ones.
fn references(content: &AssessmentContent, evidence: &[Evidence]) -> Vec<Reference> {
    let mut references: Vec<Reference> = content
        .references()
        .into_iter()
        .filter(|reference| !reference.path.starts_with("evidence"))
        .collect();
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
    let mut faults = Faults::default();
    content.check(&mut faults, subject.begins_on, day::latest_today());
    for (index, item) in evidence.iter().enumerate() {
        if let Evidence::New(source) = item {
            use crate::domain::Content;
            let mut inner = Faults::default();
            source.check(&mut inner);
            faults.0.extend(inner.0.into_iter().map(|fault| {
                let path = format!("evidence.{index}.source.{}", fault.path.join("."));
                Fault::new(fault.code, &path, fault.message)
            }));
        }
    }
    // Paths follow the input's list, in which new sources stand between recorded ones.
    for (index, item) in evidence.iter().enumerate() {
        let Evidence::Recorded(source) = item else { continue };
        let is_same =
            |other: &Evidence| matches!(other, Evidence::Recorded(other) if other == source);
        if let Some(first) = evidence.iter().take(index).position(is_same) {
            let message = format!("says the same as item {first} of evidence");
            faults.add(FaultCode::Duplicate, &format!("evidence.{index}"), message);
        }
    }
    record::note_missing(references, &subject.found, &mut faults);
    Ok(faults.into_result()?)
}

/// The supertype row of a subject, if it is of this kind.
fn supertype_row(
    connection: &mut DbConnection,
    id: TrackableId,
    kind: TrackableKind,
) -> Result<Trackable, Error> {
    let subject = trackable::by_ids(connection, &[id])?.remove(id.as_str());
    let subject = subject.filter(|subject| subject.kind == kind);
    subject.ok_or_else(|| record::missing(kind_of(kind), "subject", id).into())
}

fn fields(row: &Assessment, evidence: &[SourceId]) -> Vec<Field> {
    Fields::default()
        .reference("assessment", assessment_kinds(row.trackable_kind), Some(row.id))
        .status("status", &row.status)
        .date("effective_on", Some(row.effective_on))
        .reference("held_by", PARTY, row.held_by_id)
        .choice("momentum", row.momentum)
        .choice("confidence", row.confidence)
        .text("note", &row.note)
        .reference("event", EVENT, row.event_id)
        .references("evidence", SOURCE, evidence)
        .0
}

/// The kind of record that a trackable is.
#[must_use]
pub fn kind_of(kind: TrackableKind) -> Kind {
    match kind {
        TrackableKind::Clause => Kind::Clause,
        TrackableKind::Caveat => Kind::Caveat,
        TrackableKind::Proposal => Kind::Proposal,
    }
}

/// The kind of record that an assessment of a trackable is.
#[must_use]
pub fn assessment_kind(kind: TrackableKind) -> Kind {
    match kind {
        TrackableKind::Clause => Kind::ClauseAssessment,
        TrackableKind::Caveat => Kind::CaveatAssessment,
        TrackableKind::Proposal => Kind::ProposalAssessment,
    }
}

/// The same, as what a reference may refer to.
fn assessment_kinds(kind: TrackableKind) -> &'static [Kind] {
    match kind {
        TrackableKind::Clause => &[Kind::ClauseAssessment],
        TrackableKind::Caveat => &[Kind::CaveatAssessment],
        TrackableKind::Proposal => &[Kind::ProposalAssessment],
    }
}

/// The history of a clause, caveat or proposal, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssessmentList {
    /// Whether those that were taken back are among them.
    pub include_retracted: bool,
}

impl List for AssessmentList {
    // One table for all three scales; the parent tells which.
    const KIND: Kind = Kind::ClauseAssessment;
    const ID: &'static str = "assessments.id";

    fn order_tag(&self) -> u8 {
        0
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        const {
            &[
                SortKey::day("assessments.effective_on"),
                SortKey::instant("assessments.recorded_at"),
                SortKey::id("assessments.id"),
            ]
        }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        let standing = Sql::new("assessments.retracted_at IS NULL");
        Listing {
            table: "assessments",
            from: "assessments",
            keys_from: None,
            parent: Some("assessments.trackable_id = {parent}"),
            conditions: if self.include_retracted { Vec::new() } else { vec![standing] },
            order: self.sort_keys(),
            direction: Direction::Descending,
        }
    }
}

/// The assessments with these ids, by id.
///
/// # Errors
/// Those of the database.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Assessment>, Error> {
    query::by_key(connection, "assessments WHERE", "assessments.id", ids)
}

/// For each of these assessments the status, by its database name, that the same holder's assessments gave before it
/// took effect; one that is the holder's first is left out.
///
/// # Errors
/// Those of the database.
pub fn previous_statuses(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, String>, Error> {
    let sql = Sql::new(
        "SELECT assessments.id, coalesce((SELECT earlier.status FROM assessments earlier \
         WHERE earlier.trackable_id = assessments.trackable_id AND earlier.retracted_at IS NULL \
         AND coalesce(earlier.held_by_id, '') = coalesce(assessments.held_by_id, '') \
         AND (earlier.effective_on, earlier.recorded_at, earlier.id) \
         < (assessments.effective_on, assessments.recorded_at, assessments.id) \
         ORDER BY earlier.effective_on DESC, earlier.recorded_at DESC, earlier.id DESC LIMIT 1), '') \
         FROM assessments WHERE ",
    )
    .any_of(connection.dialect(), "assessments.id", ids);
    let pairs = query::pairs(connection, sql)?;
    Ok(pairs.into_iter().filter(|(_, status)| !status.is_empty()).collect())
}

/// What belongs together for the check that nothing has a status before it exists.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// An agreement's clauses.
    Agreement(AgreementId),
    /// A proposal and its caveats.
    Proposal(ProposalId),
}

/// The earliest day since when anything in the scope has a status, retracted ones apart.
pub(super) fn first_effective_on(
    connection: &mut DbConnection,
    scope: Scope,
) -> Result<Option<NaiveDate>, Error> {
    use super::schema::{caveats, clauses};
    let standing = assessments::table.filter(assessments::retracted_at.is_null());
    let first = diesel::dsl::min(assessments::effective_on);
    let day = match scope {
        Scope::Agreement(id) => {
            let members = clauses::table.filter(clauses::agreement_id.eq(id)).select(clauses::id);
            standing
                .filter(assessments::trackable_id.eq_any(members))
                .select(first)
                .first(connection)?
        }
        Scope::Proposal(id) => {
            let members = caveats::table.filter(caveats::proposal_id.eq(id)).select(caveats::id);
            let of_caveats: Option<NaiveDate> = standing
                .filter(assessments::trackable_id.eq_any(members))
                .select(first)
                .first(connection)?;
            let own: Option<NaiveDate> = standing
                .filter(assessments::trackable_id.eq(id.as_str()))
                .select(first)
                .first(connection)?;
            [of_caveats, own].into_iter().flatten().min()
        }
    };
    Ok(day)
}

/// What each of these assessments rests on, in order, by assessment.
fn evidence_of(
    connection: &mut DbConnection,
    ids: &[AssessmentId],
) -> Result<HashMap<String, Vec<SourceId>>, Error> {
    let sql = Sql::new("SELECT assessment_id, source_id FROM assessment_evidence WHERE ")
        .any_of(connection.dialect(), "assessment_id", ids)
        .text(" ORDER BY assessment_id, position");
    let mut evidence: HashMap<String, Vec<SourceId>> = HashMap::new();
    for (of, source) in query::pairs(connection, sql)? {
        evidence.entry(of).or_default().extend(SourceId::parse(&source));
    }
    Ok(evidence)
}

/// An assessment, and what it rests on.
pub type WithEvidence = (Assessment, Vec<SourceId>);

/// What dossiers have said of each of these subjects, retracted or not, by subject: for an import to see what it has
/// said already.
///
/// # Errors
/// Those of the database.
pub fn imported_of(
    connection: &mut DbConnection,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<WithEvidence>>, Error> {
    let rows: HashMap<String, Vec<Assessment>> = query::grouped(
        connection,
        "assessments WHERE assessments.imported AND",
        "assessments.trackable_id",
        subjects,
        "assessments.recorded_at, assessments.id",
    )?;
    let ids: Vec<AssessmentId> = rows.values().flatten().map(|row| row.id).collect();
    let mut evidence = evidence_of(connection, &ids)?;
    let mut with_evidence = |row: Assessment| {
        let sources = evidence.remove(row.id.as_str()).unwrap_or_default();
        (row, sources)
    };
    let of_subject = |(subject, rows): (String, Vec<Assessment>)| {
        (subject, rows.into_iter().map(&mut with_evidence).collect())
    };
    Ok(rows.into_iter().map(of_subject).collect())
}
