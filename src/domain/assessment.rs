//! Assessments: dated statuses, and the rule that decides which of them is in force.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::citation::{self, Citation};
use super::content::{EVENT, PARTY, References, check_distinct};
use super::edtf::EdtfDate;
use super::id::{AssessableId, AssessmentId, EventId, PartyId};
use super::perspective::Perspective;
use super::status::{ClauseStatus, Status};
use super::string_enum::string_enum;
use super::{Reference, StringEnum, ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
    /// Whether the implementation makes progress.
    Momentum {
        /// The implementation makes progress.
        Advancing = "advancing",
        /// The implementation makes no notable progress.
        Steady = "steady",
        /// Progress was expected and has stopped.
        Stalled = "stalled",
        /// The implementation is being undone.
        Regressing = "regressing",
    }
}

string_enum! {
    /// The confidence in a record.
    Confidence {
        /// Unchecked or doubtful.
        Low = "low",
        /// Based on one source.
        Medium = "medium",
        /// Based on several independent sources.
        High = "high",
    }
}

/// The content of an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentContent {
    /// The assessed record.
    pub subject: AssessableId,
    /// The status. Valid values depend on the kind of the subject.
    pub status: Status,
    /// The parties responsible for the breach. Empty unless the status is BREACHED, and may be empty even then.
    pub breached_by: Vec<PartyId>,
    /// The date of the status. If it is less precise than a day, the status applies from the last day that the date may
    /// mean.
    pub effective_on: EdtfDate,
    /// The party whose assessment this is. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// Whether the implementation makes progress.
    pub momentum: Momentum,
    /// The confidence in the assessment.
    pub confidence: Confidence,
    /// The reason.
    pub note: String,
    /// The event that caused the status.
    pub event: Option<EventId>,
    /// The evidence, with the place in each source.
    pub evidence: Vec<Citation>,
}

impl AssessmentContent {
    /// Adds all validation errors. `begins_on` is the day on which the subject was agreed or proposed; `today` is the
    /// current day in the time zone that is furthest ahead.
    pub fn check(&self, errors: &mut ValidationErrors, begins_on: NaiveDate, today: NaiveDate) {
        text::check(errors, "note", &self.note, text::MAX_PROSE);
        let last_day = self.effective_on.last_day();
        day::check(errors, "effective_on", last_day);
        if last_day < begins_on {
            let message = format!(
                "{} is before {begins_on}, the day on which the record was agreed or proposed",
                self.effective_on.with_last_day()
            );
            errors.add(ValidationErrorCode::OutOfRange, "effective_on", message);
        }
        if last_day > today {
            let message = format!(
                "{} is in the future; the latest day is {today}",
                self.effective_on.with_last_day()
            );
            errors.add(ValidationErrorCode::OutOfRange, "effective_on", message);
        }
        self.check_breakers(errors);
        citation::check(errors, "evidence", &self.evidence);
    }

    fn check_breakers(&self, errors: &mut ValidationErrors) {
        if !self.breached_by.is_empty() && !self.status.is_breached() {
            let status = self.status.as_str().to_ascii_uppercase();
            let message =
                format!("must be empty unless the status is BREACHED; the status is {status}");
            errors.add(ValidationErrorCode::Invalid, "breached_by", message);
        }
        check_distinct(errors, "breached_by", &self.breached_by);
    }

    /// The referenced records, except the subject.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut references = self.references_without_evidence();
        citation::add_references(&mut references, "evidence", &self.evidence);
        references.0
    }

    /// The referenced records, except the subject and the evidence.
    #[must_use]
    pub fn references_without_evidence(&self) -> References {
        let mut references = References::default();
        references.add_optional(PARTY, "held_by", self.held_by);
        references.add_optional(EVENT, "event", self.event);
        references.add_all(PARTY, "breached_by", &self.breached_by);
        references
    }
}

/// The facts that decide whether an assessment is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssessmentFacts {
    /// The assessment.
    pub id: AssessmentId,
    /// The party whose assessment this is. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// The day from which the status applies.
    pub effective_on: NaiveDate,
    /// The time of recording, in UTC.
    pub recorded_at: NaiveDateTime,
    /// The time of retraction. `None` if it was not retracted.
    pub retracted_at: Option<NaiveDateTime>,
}

/// The assessment in force in a perspective. Of the holder's assessments that count at the point in time, it is the
/// last by `effective_on`, then by `recorded_at`, then by id.
///
/// `db::perspective` has the same rule in SQL. A test compares the two.
#[must_use]
pub fn in_force(facts: &[AssessmentFacts], perspective: Perspective) -> Option<&AssessmentFacts> {
    facts
        .iter()
        .filter(|facts| {
            facts.held_by == perspective.held_by && perspective.point_in_time.counts(facts)
        })
        .max_by_key(|facts| (facts.effective_on, facts.recorded_at, facts.id))
}

/// The status of a subject and its breakers (the parties responsible for a breach), from one holder's assessment in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewpoint {
    /// The holder. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// The status, as stored.
    pub status: String,
    /// The parties responsible for the breach.
    pub breached_by: BTreeSet<PartyId>,
}

/// Whether the parties' statuses in force differ, or the parties name different breakers.
///
/// The neutral record is not a party. A party without an assessment in force, or with the status UNASSESSED, is
/// ignored. An assessment with an empty `breachedBy` does not contradict an assessment that names breakers.
///
/// `db::perspective` has the same rule in SQL. A test compares the two.
#[must_use]
pub fn is_contested(viewpoints: &[Viewpoint]) -> bool {
    let unassessed = ClauseStatus::Unassessed.as_str();
    let of_parties = || {
        viewpoints
            .iter()
            .filter(|viewpoint| viewpoint.held_by.is_some() && viewpoint.status != unassessed)
    };
    let breakers = of_parties().map(|viewpoint| &viewpoint.breached_by);
    differ(of_parties().map(|viewpoint| &viewpoint.status))
        || differ(breakers.filter(|breakers| !breakers.is_empty()))
}

fn differ<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let first = values.next();
    values.any(|value| first.as_ref() != Some(&value))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::super::perspective::PointInTime;
    use super::*;

    fn facts() -> impl Strategy<Value = Vec<AssessmentFacts>> {
        let facts = (0i64..5, 0i64..5, any::<bool>(), any::<bool>());
        prop::collection::vec(facts, 0..12).prop_map(|parts| {
            let holder = PartyId::new();
            let start = NaiveDate::default();
            let instant = NaiveDateTime::default();
            let of = |(day, second, neutral, retracted): (i64, i64, bool, bool)| AssessmentFacts {
                id: AssessmentId::new(),
                held_by: (!neutral).then_some(holder),
                effective_on: start + Duration::days(day),
                recorded_at: instant + Duration::seconds(second),
                retracted_at: retracted.then_some(instant + Duration::seconds(60)),
            };
            parts.into_iter().map(of).collect()
        })
    }

    #[test]
    fn different_statuses_of_parties_are_contested() {
        let (first, second) = (Some(PartyId::new()), Some(PartyId::new()));
        let viewpoint = |held_by, status: &str| viewpoint(held_by, status, &[]);
        assert!(is_contested(&[viewpoint(first, "partial"), viewpoint(second, "breached")]));
        assert!(!is_contested(&[viewpoint(first, "partial"), viewpoint(second, "partial")]));
        // The neutral record and UNASSESSED are ignored.
        assert!(!is_contested(&[viewpoint(first, "partial"), viewpoint(None, "breached")]));
        assert!(!is_contested(&[viewpoint(first, "partial"), viewpoint(second, "unassessed")]));
        assert!(!is_contested(&[]));
    }

    fn viewpoint(held_by: Option<PartyId>, status: &str, breached_by: &[PartyId]) -> Viewpoint {
        let breached_by = breached_by.iter().copied().collect();
        Viewpoint { held_by, status: status.to_owned(), breached_by }
    }

    #[test]
    fn different_breakers_of_parties_are_contested() {
        let (one, other) = (PartyId::new(), PartyId::new());
        let (first, second) = (Some(one), Some(other));
        let breached =
            |held_by, breached_by: &[PartyId]| viewpoint(held_by, "breached", breached_by);
        assert!(is_contested(&[breached(first, &[other]), breached(second, &[one])]));
        assert!(is_contested(&[breached(first, &[other]), breached(second, &[one, other])]));
        // The order of the breakers has no meaning.
        assert!(!is_contested(&[breached(first, &[other, one]), breached(second, &[one, other])]));
        // A party that names no breaker contradicts nobody. The neutral record is ignored.
        assert!(!is_contested(&[breached(first, &[other]), breached(second, &[])]));
        assert!(!is_contested(&[breached(first, &[other]), breached(None, &[one])]));
    }

    /// The facts of an assessment in the neutral record.
    fn neutral(day: i64, second: i64) -> AssessmentFacts {
        AssessmentFacts {
            id: AssessmentId::new(),
            held_by: None,
            effective_on: NaiveDate::default() + Duration::days(day),
            recorded_at: NaiveDateTime::default() + Duration::seconds(second),
            retracted_at: None,
        }
    }

    /// Asserts that the second of two assessments is in force, whatever their order in the list.
    fn assert_second_is_in_force(facts: [AssessmentFacts; 2]) {
        let [first, second] = facts;
        for facts in [[first, second], [second, first]] {
            assert_eq!(in_force(&facts, Perspective::default()), Some(&second), "{facts:#?}");
        }
    }

    #[test]
    fn assessment_that_took_effect_later_is_in_force_even_if_it_was_recorded_first() {
        let (early, late) = (neutral(0, 0), neutral(1, 0));
        assert_second_is_in_force([early, late]);
        let (late, early) = (neutral(1, 0), neutral(0, 5));
        assert_second_is_in_force([early, late]);
    }

    #[test]
    fn assessment_of_the_same_day_that_was_recorded_later_is_in_force_even_if_its_id_is_lower() {
        let (first, second) = (neutral(1, 0), neutral(1, 1));
        assert_second_is_in_force([first, second]);
        let (second, first) = (neutral(1, 1), neutral(1, 0));
        assert!(second.id < first.id, "ids grow");
        assert_second_is_in_force([first, second]);
    }

    #[test]
    fn assessment_of_the_same_day_and_instant_with_the_higher_id_is_in_force() {
        let (first, second) = (neutral(1, 1), neutral(1, 1));
        assert!(first.id < second.id, "ids grow");
        assert_second_is_in_force([first, second]);
    }

    #[test]
    fn assessment_that_took_effect_last_by_the_requested_day_is_in_force() {
        let facts = [neutral(0, 0), neutral(1, 0), neutral(2, 0)];
        let on = |day: i64| Perspective {
            point_in_time: PointInTime::on(NaiveDate::default() + Duration::days(day)),
            held_by: None,
        };
        for (day, expected) in [(-1, None), (0, Some(0)), (1, Some(1)), (2, Some(2)), (9, Some(2))]
        {
            let expected = expected.map(|index: usize| &facts[index]);
            assert_eq!(in_force(&facts, on(day)), expected, "day {day}");
        }
    }

    #[test]
    fn assessment_of_each_holder_is_in_force_only_in_its_own_view() {
        let (one, other) = (PartyId::new(), PartyId::new());
        let of = |held_by| AssessmentFacts { held_by, ..neutral(0, 0) };
        let facts = [of(None), of(Some(one)), of(Some(other))];
        for (held_by, index) in [(None, 0), (Some(one), 1), (Some(other), 2)] {
            let perspective = Perspective { point_in_time: PointInTime::default(), held_by };
            assert_eq!(in_force(&facts, perspective), Some(&facts[index]));
        }
        let perspective =
            Perspective { point_in_time: PointInTime::default(), held_by: Some(PartyId::new()) };
        assert_eq!(in_force(&facts, perspective), None);
    }

    proptest! {
        #[test]
        fn in_force_is_the_latest_assessment_that_is_not_retracted(facts in facts()) {
            let mut unretracted: Vec<&AssessmentFacts> = facts.iter().filter(|c| c.held_by.is_none() && c.retracted_at.is_none()).collect();
            unretracted.sort_by_key(|c| (c.effective_on, c.recorded_at, c.id));
            prop_assert_eq!(in_force(&facts, Perspective::default()), unretracted.last().copied());
        }

        #[test]
        fn in_force_does_not_depend_on_the_order_of_assessments(facts in facts()) {
            let mut reversed = facts.clone();
            reversed.reverse();
            prop_assert_eq!(in_force(&facts, Perspective::default()), in_force(&reversed, Perspective::default()));
        }

        #[test]
        fn in_force_is_none_only_without_unretracted_assessments(facts in facts()) {
            let has_neutral = facts.iter().any(|c| c.held_by.is_none() && c.retracted_at.is_none());
            prop_assert_eq!(in_force(&facts, Perspective::default()).is_some(), has_neutral);
        }

        #[test]
        fn retracting_an_assessment_that_is_not_in_force_changes_nothing(facts in facts(), pick in any::<prop::sample::Index>()) {
            prop_assume!(!facts.is_empty());
            let mut after = facts.clone();
            let index = pick.index(after.len());
            let before = in_force(&facts, Perspective::default()).copied();
            prop_assume!(before.map(|facts| facts.id) != Some(after[index].id));
            after[index].retracted_at = Some(NaiveDateTime::default());
            prop_assert_eq!(in_force(&after, Perspective::default()).copied(), before);
        }

        #[test]
        fn later_recording_does_not_change_earlier_knowledge(facts in facts(), day in 0i64..5, second in 0i64..5) {
            let known_at = NaiveDateTime::default() + Duration::seconds(second);
            let as_of = NaiveDate::default() + Duration::days(day);
            let point_in_time = PointInTime { as_of: Some(as_of), known_at: Some(known_at) };
            let perspective = Perspective { point_in_time, held_by: None };
            let recorded: Vec<AssessmentFacts> = facts.iter().filter(|c| c.recorded_at <= known_at).copied().collect();
            prop_assert_eq!(in_force(&facts, perspective), in_force(&recorded, perspective));
        }

        #[test]
        fn retracted_assessment_counts_before_its_retraction(facts in facts()) {
            // Each history is recorded within five seconds. Retractions follow after a minute.
            let before = PointInTime { as_of: None, known_at: Some(NaiveDateTime::default() + Duration::seconds(59)) };
            let kept: Vec<AssessmentFacts> = facts.iter().map(|c| AssessmentFacts { retracted_at: None, ..*c }).collect();
            let then = in_force(&facts, Perspective { point_in_time: before, held_by: None });
            let never_retracted = in_force(&kept, Perspective::default());
            prop_assert_eq!(then.map(|c| c.id), never_retracted.map(|c| c.id));
        }
    }
}
