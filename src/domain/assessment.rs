//! Assessments: dated judgements of a status, and the rule that says which of them is in force.

use chrono::{NaiveDate, NaiveDateTime};

use super::choice::choice;
use super::content::{EVENT, PARTY, References, SOURCE};
use super::id::{AssessmentId, EventId, PartyId, SourceId, TrackableId};
use super::status::Status;
use super::{FaultCode, Faults, Reference, day, text};

choice! {
    /// Which way a thing is going.
    Momentum {
        /// Getting closer to being done.
        Advancing = "advancing",
        /// No movement worth mention.
        Steady = "steady",
        /// Movement was expected and has stopped.
        Stalled = "stalled",
        /// Getting further from being done.
        Regressing = "regressing",
    }
}

choice! {
    /// How sure a record is.
    Confidence {
        /// Not checked against a source, or doubtful.
        Low = "low",
        /// Rests on one source.
        Medium = "medium",
        /// Rests on several independent sources.
        High = "high",
    }
}

/// Everything that is stated by an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentContent {
    /// What is judged.
    pub subject: TrackableId,
    /// The status, on the subject's own scale.
    pub status: Status,
    /// Since when it is so.
    pub effective_on: NaiveDate,
    /// Whose view it is; the neutral record's where left out.
    pub held_by: Option<PartyId>,
    /// Which way it is going.
    pub momentum: Momentum,
    /// How sure this is.
    pub confidence: Confidence,
    /// Why, in plain words.
    pub note: String,
    /// The event that brought it about.
    pub event: Option<EventId>,
    /// What it rests on.
    pub evidence: Vec<SourceId>,
}

impl AssessmentContent {
    /// Notes every fault; `begins_on` is the day on which its subject came into the world, and `today` the latest day
    /// that it is anywhere.
    pub fn check(&self, faults: &mut Faults, begins_on: NaiveDate, today: NaiveDate) {
        text::check(faults, "note", &self.note, text::PROSE);
        day::check(faults, "effective_on", self.effective_on);
        if self.effective_on < begins_on {
            let message = format!(
                "{} is before {begins_on}, the day its subject was agreed or put forward",
                self.effective_on
            );
            faults.add(FaultCode::OutOfRange, "effective_on", message);
        }
        if self.effective_on > today {
            let message =
                format!("{} is in the future; the latest day is {today}", self.effective_on);
            faults.add(FaultCode::OutOfRange, "effective_on", message);
        }
    }

    /// The records that it refers to, apart from its subject.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_optional(PARTY, "held_by", self.held_by);
        references.add_optional(EVENT, "event", self.event);
        references.add_all(SOURCE, "evidence", &self.evidence);
        references.0
    }
}

/// What the rule needs to know of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Which assessment.
    pub id: AssessmentId,
    /// Whose view; the neutral record's where none.
    pub held_by: Option<PartyId>,
    /// Since when it is so.
    pub effective_on: NaiveDate,
    /// Since when it is known.
    pub recorded_at: NaiveDateTime,
    /// When it was taken back, if it was.
    pub retracted_at: Option<NaiveDateTime>,
}

/// The assessment in force for a holder: of those not retracted, the latest by `effective_on`, then by `recorded_at`,
/// then by id.
///
/// The queries in `db::assessment` say the same in SQL; a test holds the two together.
#[must_use]
pub fn in_force(claims: &[Claim], held_by: Option<PartyId>) -> Option<&Claim> {
    claims
        .iter()
        .filter(|claim| claim.held_by == held_by && claim.retracted_at.is_none())
        .max_by_key(|claim| (claim.effective_on, claim.recorded_at, claim.id))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;

    fn claims() -> impl Strategy<Value = Vec<Claim>> {
        let claim = (0i64..5, 0i64..5, any::<bool>(), any::<bool>());
        prop::collection::vec(claim, 0..12).prop_map(|parts| {
            let holder = PartyId::new();
            let start = NaiveDate::default();
            let instant = NaiveDateTime::default();
            let of = |(day, second, neutral, retracted): (i64, i64, bool, bool)| Claim {
                id: AssessmentId::new(),
                held_by: (!neutral).then_some(holder),
                effective_on: start + Duration::days(day),
                recorded_at: instant + Duration::seconds(second),
                retracted_at: retracted.then_some(instant + Duration::seconds(60)),
            };
            parts.into_iter().map(of).collect()
        })
    }

    proptest! {
        #[test]
        fn in_force_does_not_depend_on_the_order_of_claims(claims in claims()) {
            let mut reversed = claims.clone();
            reversed.reverse();
            prop_assert_eq!(in_force(&claims, None), in_force(&reversed, None));
        }

        #[test]
        fn in_force_is_none_only_without_standing_claims(claims in claims()) {
            let standing = claims.iter().any(|c| c.held_by.is_none() && c.retracted_at.is_none());
            prop_assert_eq!(in_force(&claims, None).is_some(), standing);
        }

        #[test]
        fn retracting_what_is_not_in_force_changes_nothing(claims in claims(), pick in any::<prop::sample::Index>()) {
            prop_assume!(!claims.is_empty());
            let mut after = claims.clone();
            let index = pick.index(after.len());
            let before = in_force(&claims, None).copied();
            prop_assume!(before.map(|claim| claim.id) != Some(after[index].id));
            after[index].retracted_at = Some(NaiveDateTime::default());
            prop_assert_eq!(in_force(&after, None).copied(), before);
        }
    }
}
