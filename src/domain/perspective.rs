//! Perspectives. A perspective selects assessments as of a day, as known at a time, and according to a holder.

use chrono::{NaiveDate, NaiveDateTime};

use super::assessment::AssessmentFacts;
use super::id::PartyId;

/// A point in valid time and in transaction time. Default: all recorded assessments, as known now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PointInTime {
    /// Valid time. Excludes assessments that took effect after this day.
    pub as_of: Option<NaiveDate>,
    /// Transaction time. Excludes assessments that were recorded after this time, and includes assessments that were
    /// retracted after it.
    pub known_at: Option<NaiveDateTime>,
}

impl PointInTime {
    /// The end of a day, as known now.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { as_of: Some(day), known_at: None }
    }

    /// Whether an assessment counts at this point: it has taken effect, has been recorded, and has not been retracted.
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
    /// The party whose assessments count. `None` for the neutral record.
    pub held_by: Option<PartyId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::AssessmentId;

    #[test]
    fn assessment_counts_from_its_recording_until_its_retraction() {
        let day = NaiveDate::from_ymd_opt(2022, 2, 24).unwrap();
        let at = |hour| day.and_hms_opt(hour, 0, 0).unwrap();
        let facts = AssessmentFacts {
            id: AssessmentId::new(),
            held_by: None,
            effective_on: day,
            recorded_at: at(1),
            retracted_at: Some(at(3)),
        };
        let counts = |as_of, known_at| PointInTime { as_of, known_at }.counts(&facts);
        let hours = (0..5).map(|hour| counts(None, Some(at(hour)))).collect::<Vec<_>>();
        assert_eq!(hours, [false, true, true, false, false]);
        assert!(!counts(None, None), "it is retracted now");
        assert!(counts(Some(day), Some(at(2))));
        assert!(!counts(day.pred_opt(), Some(at(2))));
    }
}
