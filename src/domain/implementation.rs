//! Implementation of agreements: counts by status, and the score.

use chrono::NaiveDate;

use super::StringEnum;
use super::status::ClauseStatus;

impl ClauseStatus {
    /// How far a clause with this status is implemented, in thirds. `None` if the clause does not count: it is
    /// unassessed, not applicable, void, overtaken or lapsed.
    #[must_use]
    pub fn thirds(self) -> Option<u32> {
        match self {
            Self::Unassessed
            | Self::NotApplicable
            | Self::Void
            | Self::Overtaken
            | Self::Lapsed => None,
            Self::NotStarted | Self::Breached | Self::Suspended => Some(0),
            Self::Minimal => Some(1),
            Self::Partial => Some(2),
            Self::Complete => Some(3),
        }
    }
}

/// The number of clauses by status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// In the order of [`ClauseStatus::ALL`].
    counts: [u32; ClauseStatus::ALL.len()],
}

impl Breakdown {
    /// Adds `number` clauses with this status.
    pub fn add(&mut self, status: ClauseStatus, number: u32) {
        if let Some(count) = self.count_mut(status) {
            *count = count.saturating_add(number);
        }
    }

    /// Moves one clause from a status to another.
    fn pass(&mut self, from: ClauseStatus, to: ClauseStatus) {
        self.add(to, 1);
        if let Some(count) = self.count_mut(from) {
            *count = count.saturating_sub(1);
        }
    }

    fn count_mut(&mut self, status: ClauseStatus) -> Option<&mut u32> {
        let mut scale = ClauseStatus::ALL.iter().zip(&mut self.counts);
        scale.find(|(other, _)| **other == status).map(|(_, count)| count)
    }

    /// All statuses in order, with the number of clauses.
    pub fn counts(&self) -> impl Iterator<Item = (ClauseStatus, u32)> + '_ {
        ClauseStatus::ALL.iter().copied().zip(self.counts)
    }

    /// The number of clauses.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts().map(|(_, count)| count).sum()
    }

    /// The number of clauses that count for the score.
    #[must_use]
    pub fn assessed(&self) -> u32 {
        self.counts().filter(|(status, _)| status.thirds().is_some()).map(|(_, count)| count).sum()
    }

    /// The score, from 0 to 100: the mean over the clauses that count. `None` if there are none.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        let assessed = self.assessed();
        let thirds: u32 =
            self.counts().map(|(status, count)| status.thirds().unwrap_or_default() * count).sum();
        (assessed > 0).then(|| f64::from(thirds) * 100.0 / (f64::from(assessed) * 3.0))
    }
}

/// The statuses of a group of clauses over time, for one holder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The number of clauses.
    clauses: usize,
    /// Changes of status: day, index of the clause, new status. For the same clause and day, the last one counts.
    turns: Vec<(NaiveDate, usize, ClauseStatus)>,
}

impl History {
    /// A group of clauses without assessments.
    #[must_use]
    pub fn of(clauses: usize) -> Self {
        Self { clauses, turns: Vec::new() }
    }

    /// Adds a change of status. Changes must be added in order of day, then of recording.
    pub fn add_turn(&mut self, clause: usize, since: NaiveDate, status: ClauseStatus) {
        self.turns.push((since, clause, status));
    }

    /// The breakdown at the end of each of these days, which must be in ascending order.
    #[must_use]
    pub fn breakdowns(&self, days: &[NaiveDate]) -> Vec<Breakdown> {
        let mut statuses = vec![ClauseStatus::Unassessed; self.clauses];
        let mut breakdown = Breakdown::default();
        breakdown.add(ClauseStatus::Unassessed, u32::try_from(self.clauses).unwrap_or(u32::MAX));
        let mut turns = self.turns.iter().peekable();
        let mut breakdowns = Vec::with_capacity(days.len());
        for day in days {
            while let Some((_, clause, status)) = turns.next_if(|(since, _, _)| since <= day) {
                if let Some(current) = statuses.get_mut(*clause) {
                    breakdown.pass(*current, *status);
                    *current = *status;
                }
            }
            breakdowns.push(breakdown.clone());
        }
        breakdowns
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn score_is_the_mean_of_what_counts() {
        let mut breakdown = Breakdown::default();
        assert_eq!((breakdown.score(), breakdown.assessed(), breakdown.total()), (None, 0, 0));
        breakdown.add(ClauseStatus::Void, 2);
        breakdown.add(ClauseStatus::Overtaken, 1);
        breakdown.add(ClauseStatus::Lapsed, 1);
        breakdown.add(ClauseStatus::Unassessed, 1);
        breakdown.add(ClauseStatus::NotApplicable, 1);
        assert_eq!((breakdown.score(), breakdown.assessed(), breakdown.total()), (None, 0, 6));
        breakdown.add(ClauseStatus::Complete, 1);
        breakdown.add(ClauseStatus::Partial, 1);
        breakdown.add(ClauseStatus::Minimal, 1);
        breakdown.add(ClauseStatus::Breached, 1);
        assert_eq!(
            (breakdown.score(), breakdown.assessed(), breakdown.total()),
            (Some(50.0), 4, 10)
        );
    }

    proptest! {
        #[test]
        fn scores_lie_between_nothing_and_all(counts in prop::collection::vec(0u32..50, ClauseStatus::ALL.len())) {
            let mut breakdown = Breakdown::default();
            for (status, count) in ClauseStatus::ALL.iter().zip(counts) {
                breakdown.add(*status, count);
            }
            prop_assert_eq!(breakdown.score().is_some(), breakdown.assessed() > 0);
            prop_assert!(breakdown.score().is_none_or(|score| (0.0..=100.0).contains(&score)));
        }

        #[test]
        fn breakdowns_are_those_of_each_day_alone(
            clauses in 1usize..5,
            turns in prop::collection::vec((0u64..20, 0usize..5, prop::sample::select(ClauseStatus::ALL)), 0..30),
            mut days in prop::collection::btree_set(0u64..22, 1..10)
        ) {
            let on = |number: u64| NaiveDate::default() + Days::new(number);
            let mut turns: Vec<_> = turns.into_iter().filter(|(_, clause, _)| *clause < clauses).collect();
            turns.sort_by_key(|(day, _, _)| *day);
            let mut history = History::of(clauses);
            for (day, clause, status) in &turns {
                history.add_turn(*clause, on(*day), *status);
            }
            days.insert(21);
            let found = history.breakdowns(&days.iter().map(|day| on(*day)).collect::<Vec<_>>());
            for (day, found) in days.iter().zip(found) {
                let mut expected = Breakdown::default();
                for clause in 0..clauses {
                    let last = turns.iter().rfind(|(since, of, _)| since <= day && *of == clause);
                    expected.add(last.map_or(ClauseStatus::Unassessed, |(_, _, status)| *status), 1);
                }
                prop_assert!(found.counts().eq(expected.counts()), "day {}", day);
            }
        }
    }
}
