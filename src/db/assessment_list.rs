//! Lists of assessments.

use chrono::NaiveDate;

use super::assessment::SUBJECT_IN_USE;
use super::filter::{Conditions, LinkTable};
use super::page::{Direction, List, Listing};
use super::query::Sql;
use super::rows::Column;
use super::sort::SortKey;
use super::{DbConnection, Dialect, perspective};
use crate::domain::Kind;
use crate::domain::id::{AssessableId, PartyId};
use crate::domain::perspective::PointInTime;

/// The kind of an assessment as the stored name of a [`Kind`], such as `clause_assessment`.
pub const RECORD_KIND: Column = "assessments.trackable_kind || '_assessment'";

/// The parent of a list of assessments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all assessments. Excludes assessments of archived records.
    None,
    /// A clause, caveat or proposal: lists its assessments.
    Subject,
    /// A source: lists the assessments that cite it as evidence. Excludes assessments of archived records.
    Source,
}

/// Conditions on assessments, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches assessments of these clauses, caveats or proposals.
    pub subjects: Option<Vec<AssessableId>>,
    /// Matches assessments of clauses of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches assessments of these proposals (by slug) or of their caveats.
    pub proposals: Option<Vec<String>>,
    /// Matches assessments held by one of these parties.
    pub held_by: Option<Vec<PartyId>>,
    /// Whether the assessment belongs to the neutral record.
    pub neutral: Option<bool>,
    /// Matches assessments effective on this day or later.
    pub effective_from: Option<NaiveDate>,
    /// Matches assessments that are effective on or before the day `as_of` and were recorded at or before the time
    /// `known_at`. Assessments that had been retracted by that time match only if the list includes retracted
    /// assessments.
    pub point_in_time: PointInTime,
}

/// The agreements of the assessed clauses.
const CLAUSES: LinkTable = LinkTable {
    listed_id: "assessments.trackable_id",
    table: "clauses",
    listed: "clauses.id",
    other: "clauses.agreement_id",
};

/// The assessed proposals, and the proposals of the assessed caveats.
const PROPOSALS: LinkTable = LinkTable {
    listed_id: "assessments.trackable_id",
    table: "(SELECT id, id AS proposal_id FROM proposals UNION ALL SELECT id, proposal_id FROM caveats) AS proposed",
    listed: "proposed.id",
    other: "proposed.proposal_id",
};

/// The sort keys of assessments, for the descending order.
pub(super) const NEWEST_FIRST: &[SortKey] = &[
    SortKey::day("assessments.effective_on"),
    SortKey::instant("assessments.recorded_at"),
    SortKey::id("assessments.id"),
];

/// A list of assessments, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AssessmentList {
    /// The parent whose assessments are listed.
    pub parent: Parent,
    /// Conditions on the assessments.
    pub filter: Filter,
    /// Whether to include retracted assessments.
    pub include_retracted: bool,
}

impl Filter {
    fn conditions(&self, dialect: Dialect, include_retracted: bool) -> Conditions {
        let PointInTime { as_of, known_at } = self.point_in_time;
        let mut conditions = Conditions::none(dialect);
        if !include_retracted {
            // Omits `as_of`: the condition on the day is added below, because it also applies if retracted assessments
            // are included.
            let known = PointInTime { as_of: None, known_at };
            conditions.push(perspective::counts("assessments", known));
        } else if let Some(known_at) = known_at {
            conditions.push(Sql::new("assessments.recorded_at <= ").bind_instant(known_at));
        }
        if let Some(subjects) = &self.subjects {
            let subject = "assessments.trackable_id";
            conditions.push(Sql::default().one_or_any_of(dialect, subject, subjects));
        }
        conditions.require_link(Kind::Agreement, CLAUSES, self.agreements.as_deref());
        conditions.require_link(Kind::Proposal, PROPOSALS, self.proposals.as_deref());
        if let Some(parties) = &self.held_by {
            let held_by = "assessments.held_by_id";
            conditions.push(Sql::default().one_or_any_of(dialect, held_by, parties));
        }
        conditions.require(self.neutral, || Sql::new("assessments.held_by_id IS NULL"));
        conditions.require_from("assessments.effective_on", self.effective_from);
        conditions.require_until("assessments.effective_on", as_of);
        conditions
    }
}

impl List for AssessmentList {
    // All three kinds of assessments share one table, and their cursors have the same sort values.
    const KIND: Kind = Kind::ClauseAssessment;
    const ID: &'static str = "assessments.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        NEWEST_FIRST
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let mut conditions = self.filter.conditions(connection.dialect(), self.include_retracted);
        // If the parent is the assessed record, its assessments are listed even if it is archived.
        if self.parent != Parent::Subject {
            conditions.push(Sql::new(SUBJECT_IN_USE));
        }
        Listing {
            parent: match self.parent {
                Parent::None => None,
                Parent::Subject => Some("assessments.trackable_id = {parent}"),
                Parent::Source => Some(
                    "assessments.id IN (SELECT assessment_evidence.assessment_id \
                     FROM assessment_evidence WHERE assessment_evidence.source_id = {parent})",
                ),
            },
            conditions: conditions.into_vec(),
            direction: Direction::Descending,
            ..Listing::of("assessments", self.sort_keys())
        }
    }
}
