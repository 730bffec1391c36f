//! Lists of assessments in force that a party holds, or that name it as responsible for a breach.

use crate::db::assessment::SUBJECT_IN_USE;
use crate::db::assessment_list::NEWEST_FIRST;
use crate::db::page::{Direction, List, Listing};
use crate::db::query::Sql;
use crate::db::rows::Column;
use crate::db::sort::SortKey;
use crate::db::{DbConnection, perspective};
use crate::domain::Kind;
use crate::domain::perspective::PointInTime;

/// The relation of a party to the assessments of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyRole {
    /// The party holds the assessments.
    Holder,
    /// The assessments name the party as responsible for a breach.
    Breaker,
}

/// A list of assessments in force, newest first. Each is the latest assessment by its holder at a point in time.
/// Excludes assessments of archived records.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PartyAssessmentList {
    /// The relation of the party to the assessments.
    pub role: PartyRole,
    /// The point in time.
    pub point_in_time: PointInTime,
    /// Whether the assessments differ from the neutral record. `None` adds no condition.
    pub differs_from_neutral: Option<bool>,
}

impl List for PartyAssessmentList {
    // The kind is used only in cursors. All lists of assessments use the same kind, because their cursors have the same sort
    // values.
    const KIND: Kind = Kind::ClauseAssessment;
    const ID: Column = "assessments.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        NEWEST_FIRST
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        let mut conditions = vec![
            Sql::new(SUBJECT_IN_USE),
            perspective::is_latest_of_holder("assessments", self.point_in_time),
        ];
        if let Some(expected) = self.differs_from_neutral {
            let differs = perspective::differs_from_neutral("assessments", self.point_in_time);
            conditions.push(if expected { differs } else { Sql::not(differs) });
        }
        Listing {
            parent: Some(match self.role {
                PartyRole::Holder => "assessments.held_by_id = {parent}",
                // Only BREACHED assessments should name breakers, but an earlier version may have stored breakers with
                // other statuses.
                PartyRole::Breaker => {
                    "assessments.status = 'breached' AND assessments.id IN \
                     (SELECT assessment_breakers.assessment_id FROM assessment_breakers \
                     WHERE assessment_breakers.party_id = {parent})"
                }
            }),
            conditions,
            direction: Direction::Descending,
            ..Listing::of("assessments", self.sort_keys())
        }
    }
}
