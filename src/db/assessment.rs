//! Assessments: their rows and reads. Lists are in [`assessment_list`](super::assessment_list), writes in
//! [`assessment_write`](super::assessment_write).

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::citation::EVIDENCE;
use super::link::Links;
use super::query::{self, Sql};
use super::schema::{assessments, caveats, clauses};
use super::{DbConnection, Error};
use crate::domain::Kind;
use crate::domain::assessment::{AssessmentContent, AssessmentFacts, Confidence, Momentum};
use crate::domain::citation::Citation;
use crate::domain::id::{AgreementId, AssessableId, AssessmentId, EventId, PartyId, ProposalId};
use crate::domain::status::AssessableKind;

/// An assessment.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = assessments, treat_none_as_default_value = false)]
pub struct Assessment {
    /// Primary key.
    pub id: AssessmentId,
    /// The record that is assessed.
    pub trackable_id: AssessableId,
    /// The kind of the record, which determines the valid statuses.
    pub trackable_kind: AssessableKind,
    /// The status, as stored, such as `not_started`.
    pub status: String,
    /// The day from which the status applies.
    pub effective_on: NaiveDate,
    /// The date as EDTF text. Its last day is `effective_on`. Null if the date is an exact day.
    pub edtf_date: Option<String>,
    /// The time of recording, in UTC.
    pub recorded_at: NaiveDateTime,
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
    /// The name of the account that recorded the assessment.
    pub recorded_by: String,
    /// Whether the assessment was imported from a dossier, or from a table of a research dataset.
    pub imported: bool,
    /// The time of retraction. Null if the assessment was not retracted.
    pub retracted_at: Option<NaiveDateTime>,
    /// The name of the account that retracted the assessment.
    pub retracted_by: Option<String>,
    /// The reason for the retraction.
    pub retraction_reason: Option<String>,
    /// The name of the account that submitted the assessment for review. Null if it was recorded without a review.
    pub submitted_by: Option<String>,
}

impl Assessment {
    /// The facts that decide whether the assessment is in force.
    pub(super) fn facts(&self) -> AssessmentFacts {
        AssessmentFacts {
            id: self.id,
            held_by: self.held_by_id,
            effective_on: self.effective_on,
            recorded_at: self.recorded_at,
            retracted_at: self.retracted_at,
        }
    }
}

/// The condition that the subject of an assessment is in use: neither it nor its agreement or proposal is archived.
pub(super) const SUBJECT_IN_USE: &str = "EXISTS (SELECT 1 FROM trackables AS subject \
     LEFT JOIN clauses ON clauses.id = subject.id \
     LEFT JOIN agreements ON agreements.id = clauses.agreement_id \
     LEFT JOIN caveats ON caveats.id = subject.id \
     LEFT JOIN trackables AS proposed ON proposed.id = caveats.proposal_id \
     WHERE subject.id = assessments.trackable_id AND subject.archived_at IS NULL \
     AND agreements.archived_at IS NULL AND proposed.archived_at IS NULL)";

/// The assessments with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Assessment>, Error> {
    query::by_key(connection, "assessments WHERE", "assessments.id", ids)
}

/// The status before each of these assessments, as stored: the status of the same holder's previous assessment of the
/// same record. Ignores retracted previous assessments. Omits assessments without a previous assessment.
///
/// # Errors
/// Database errors.
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

/// Records that share the earliest day on which a status may take effect: the clauses of an agreement, or a proposal
/// and its caveats.
#[derive(Debug, Clone, Copy)]
pub enum Scope {
    /// The clauses of an agreement.
    Agreement(AgreementId),
    /// A proposal and its caveats.
    Proposal(ProposalId),
}

/// The earliest day from which a record in the scope has a status. Ignores retracted assessments.
pub(super) fn first_effective_on(
    connection: &mut DbConnection,
    scope: Scope,
) -> Result<Option<NaiveDate>, Error> {
    let unretracted = assessments::table.filter(assessments::retracted_at.is_null());
    let first = diesel::dsl::min(assessments::effective_on);
    let day = match scope {
        Scope::Agreement(id) => {
            let members = clauses::table.filter(clauses::agreement_id.eq(id)).select(clauses::id);
            unretracted
                .filter(assessments::trackable_id.eq_any(members))
                .select(first)
                .first(connection)?
        }
        Scope::Proposal(id) => {
            let members = caveats::table.filter(caveats::proposal_id.eq(id)).select(caveats::id);
            let of_caveats: Option<NaiveDate> = unretracted
                .filter(assessments::trackable_id.eq_any(members))
                .select(first)
                .first(connection)?;
            let own: Option<NaiveDate> = unretracted
                .filter(assessments::trackable_id.eq(id.as_str()))
                .select(first)
                .first(connection)?;
            [of_caveats, own].into_iter().flatten().min()
        }
    };
    Ok(day)
}

/// The parties responsible for breaches, linked to the assessments that name them.
pub(super) const BREAKERS: Links = Links::new("assessment_breakers", "assessment_id", "party_id");

/// An assessment, with its linked records.
#[derive(Debug, Clone)]
pub struct LinkedAssessment {
    /// Its row.
    pub row: Assessment,
    /// The evidence, in order.
    pub evidence: Vec<Citation>,
    /// The parties responsible for the breach, in order.
    pub breached_by: Vec<PartyId>,
}

impl LinkedAssessment {
    /// Whether the assessment has this content.
    #[must_use]
    pub fn has_content(&self, content: &AssessmentContent) -> bool {
        let Self { row, evidence, breached_by } = self;
        row.status == content.status.as_str()
            && row.effective_on == content.effective_on.last_day()
            && row.edtf_date == content.effective_on.text_beside_last_day()
            && row.held_by_id == content.held_by
            && row.momentum == content.momentum
            && row.confidence == content.confidence
            && row.note == content.note
            && row.event_id == content.event
            && *evidence == content.evidence
            && *breached_by == content.breached_by
    }
}

/// These assessments with their linked records, in order.
pub(super) fn with_links(
    connection: &mut DbConnection,
    rows: Vec<Assessment>,
) -> Result<Vec<LinkedAssessment>, Error> {
    let ids: Vec<AssessmentId> = rows.iter().map(|row| row.id).collect();
    let mut evidence = EVIDENCE.load(connection, &ids)?;
    let mut breakers = BREAKERS.load(connection, &ids)?;
    let linked = rows.into_iter().map(|row| LinkedAssessment {
        evidence: evidence.remove(row.id.as_str()).unwrap_or_default(),
        breached_by: breakers.remove(row.id.as_str()).unwrap_or_default(),
        row,
    });
    Ok(linked.collect())
}

/// The imported assessments of these subjects, keyed by subject. Includes retracted assessments, because an import must
/// not repeat them.
///
/// # Errors
/// Database errors.
pub fn imported_of(
    connection: &mut DbConnection,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<LinkedAssessment>>, Error> {
    let rows: HashMap<String, Vec<Assessment>> = query::grouped(
        connection,
        "assessments WHERE assessments.imported AND",
        "assessments.trackable_id",
        subjects,
        "assessments.recorded_at, assessments.id",
    )?;
    let mut imported: HashMap<String, Vec<LinkedAssessment>> = HashMap::new();
    for linked in with_links(connection, rows.into_values().flatten().collect())? {
        imported.entry(linked.row.trackable_id.to_string()).or_default().push(linked);
    }
    Ok(imported)
}

/// All assessments that are not retracted and whose subject is in use, with their linked records. Sorted by subject, holder
/// and day. If several have the same subject, holder and day, the last is in force.
///
/// # Errors
/// Database errors.
pub fn in_use(connection: &mut DbConnection) -> Result<Vec<LinkedAssessment>, Error> {
    let tail = format!(
        "FROM assessments WHERE assessments.retracted_at IS NULL AND {SUBJECT_IN_USE} \
         ORDER BY assessments.trackable_id, assessments.held_by_id, assessments.effective_on, \
         assessments.recorded_at, assessments.id"
    );
    let rows: Vec<Assessment> = query::select(connection, Sql::new(tail))?;
    let mut linked = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let step = rows.by_ref().take(1000).collect();
        linked.append(&mut with_links(connection, step)?);
    }
    Ok(linked)
}

/// The kind of assessment that a record of this kind has. Returns a slice, because references accept several kinds.
pub(super) fn assessment_kinds(kind: AssessableKind) -> &'static [Kind] {
    match kind {
        AssessableKind::Clause => &[Kind::ClauseAssessment],
        AssessableKind::Caveat => &[Kind::CaveatAssessment],
        AssessableKind::Proposal => &[Kind::ProposalAssessment],
    }
}
