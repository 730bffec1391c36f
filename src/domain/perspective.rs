//! Perspectives: as of a day, as known at a time, according to a holder.

use chrono::{NaiveDate, NaiveDateTime};

use super::assessment::AssessmentFacts;
use super::id::PartyId;

/// A point in two times: valid time and transaction time. Default: all recorded assessments, as known now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PointInTime {
    /// Valid time. Excludes assessments that took effect after this day.
    pub as_of: Option<NaiveDate>,
    /// Transaction time. Excludes assessments that were recorded later, and includes assessments that were retracted later.
    pub known_at: Option<NaiveDateTime>,
}

impl PointInTime {
    /// The end of a day, as known now.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { as_of: Some(day), known_at: None }
    }

    /// Whether an assessment counts: it has taken effect, was recorded, and was not retracted.
    ///
    /// `db::perspective` has the same rule in SQL. A test compares the two.
    #[must_use]
    pub fn counts(self, facts: &AssessmentFacts) -> bool {
        let had_taken_effect = self.as_of.is_none_or(|day| facts.effective_on <= day);
        let was_known = match self.known_at {
            Some(instant) => {
                facts.recorded_at <= instant && facts.retracted_at.is_none_or(|at| at > instant)
            }
            None => facts.retracted_at.is_none(),
        };
        had_taken_effect && was_known
    }
}

/// A point in time and a holder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Perspective {
    /// The point in time.
    pub point_in_time: PointInTime,
    /// The party whose assessments count. Default: none, the neutral record.
    pub held_by: Option<PartyId>,
}
