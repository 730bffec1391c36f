//! Views: a status is asked for as of a day, as known at an instant, as one holder sees it.

use chrono::{NaiveDate, NaiveDateTime};

use super::assessment::AssessmentFacts;
use super::id::PartyId;

/// As of which day, and as known at which instant. Left out: as late as anything is recorded for, and as known now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PointInTime {
    /// Valid time: what took effect after this day does not count.
    pub as_of: Option<NaiveDate>,
    /// Transaction time: what was recorded after this instant does not count, and what was retracted after it does.
    pub known_at: Option<NaiveDateTime>,
}

impl PointInTime {
    /// The moment at the end of that day, as known now.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { as_of: Some(day), known_at: None }
    }

    /// Whether a claim counts at this moment: it had taken effect, was known, and had not been retracted.
    ///
    /// `db::perspective` says the same in SQL; a test holds the two together.
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

/// A moment, and whose eyes: the neutral record's where no holder is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Perspective {
    /// When.
    pub point_in_time: PointInTime,
    /// Whose view.
    pub held_by: Option<PartyId>,
}
