//! Implementation of agreements: counts by status, and the score.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::StringEnum;
use super::status::ClauseStatus;

impl ClauseStatus {
    /// The degree of implementation of a clause with this status, in thirds. `None` for statuses that scores ignore:
    /// unassessed, not applicable, void, overtaken and lapsed.
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
    /// The numbers, in the order of [`ClauseStatus::ALL`].
    counts: [u32; ClauseStatus::ALL.len()],
}

impl Breakdown {
    /// Adds `number` clauses with this status.
    pub fn add(&mut self, status: ClauseStatus, number: u32) {
        if let Some(count) = self.count_mut(status) {
            *count = count.saturating_add(number);
        }
    }

    /// Moves `number` clauses from one status to another.
    fn pass(&mut self, from: ClauseStatus, to: ClauseStatus, number: u32) {
        self.add(to, number);
        if let Some(count) = self.count_mut(from) {
            *count = count.saturating_sub(number);
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

    /// The number of assessed clauses that count for the score.
    #[must_use]
    pub fn assessed(&self) -> u32 {
        self.counts().filter(|(status, _)| status.thirds().is_some()).map(|(_, count)| count).sum()
    }

    /// The number of clauses that count for the score, assessed or not.
    #[must_use]
    pub fn counted(&self) -> u32 {
        let is_unassessed = |(status, _): &(ClauseStatus, u32)| *status == ClauseStatus::Unassessed;
        let unassessed: u32 = self.counts().filter(is_unassessed).map(|(_, count)| count).sum();
        self.assessed().saturating_add(unassessed)
    }

    /// The mean degree of implementation of the assessed clauses, from 0 to 100. `None` if no clause is assessed.
    fn mean(&self) -> Option<f64> {
        let assessed = self.assessed();
        let thirds: u32 =
            self.counts().map(|(status, count)| status.thirds().unwrap_or_default() * count).sum();
        (assessed > 0).then(|| f64::from(thirds) * 100.0 / (f64::from(assessed) * 3.0))
    }
}

/// The weighting of the clauses in a score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Weighting {
    /// All clauses have the same weight.
    #[default]
    Clauses,
    /// All points have the same weight, and so do the clauses of a point. A point is a clause that is not part of another.
    Points,
    /// Each clause has its own weight.
    Weights,
}

/// The factors that decide the share of a clause in a score, besides its statuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Share {
    /// The point of the clause. All points have the same total weight. `None` if the weighting does not use points.
    pub point: Option<String>,
    /// The weight of the clause relative to the other clauses of its point.
    pub weight: u32,
    /// The first day on which the agreement was no longer in force, according to the holder. `None` if it has not
    /// ended.
    pub ended_on: Option<NaiveDate>,
}

/// The statuses of a clause at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statuses {
    /// The status on the day.
    pub current: ClauseStatus,
    /// The status that the score uses. After the end of the agreement, it is the status of the day before the end.
    pub scored: ClauseStatus,
}

/// The clauses of a group at the end of a day, by status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    current: Breakdown,
    scored: Breakdown,
    /// The total weight of the clauses, by point and scored status.
    points: BTreeMap<Option<String>, Breakdown>,
    /// The days on which the clauses' agreements ended. Contains `None` if an agreement has not ended.
    ends: BTreeSet<Option<NaiveDate>>,
}

impl Tally {
    /// Adds `number` clauses. Each has these statuses and this share.
    pub fn add(&mut self, statuses: Statuses, share: &Share, number: u32) {
        self.current.add(statuses.current, number);
        self.scored.add(statuses.scored, number);
        let weight = number.saturating_mul(share.weight);
        self.points.entry(share.point.clone()).or_default().add(statuses.scored, weight);
        self.ends.insert(share.ended_on);
    }

    /// Moves a clause with this share from the statuses `from` to the statuses `to`.
    fn pass(&mut self, from: Statuses, to: Statuses, share: &Share) {
        self.current.pass(from.current, to.current, 1);
        self.scored.pass(from.scored, to.scored, 1);
        if let Some(point) = self.points.get_mut(&share.point) {
            point.pass(from.scored, to.scored, share.weight);
        }
    }

    /// The figures at the end of a day.
    #[must_use]
    pub fn figures(&self, day: NaiveDate) -> Figures {
        Figures {
            breakdown: self.current.clone(),
            assessed: self.scored.assessed(),
            counted: self.scored.counted(),
            score: self.score(),
            ended_on: self.ended_on(day),
        }
    }

    /// The score, from 0 to 100: the mean of the scores of the points. The score of a point is the weighted mean degree
    /// of implementation of its assessed clauses. `None` if no clauses count, or if fewer than half of the clauses that
    /// count are assessed.
    fn score(&self) -> Option<f64> {
        if self.scored.assessed().saturating_mul(2) < self.scored.counted() {
            return None;
        }
        // Floating-point addition depends on the order of the terms. Sorting the means makes the sum reproducible.
        let mut means: Vec<f64> = self.points.values().filter_map(Breakdown::mean).collect();
        means.sort_by(f64::total_cmp);
        let add = |(sum, count): (f64, u32), mean: f64| (sum + mean, count + 1);
        let (sum, count) = means.into_iter().fold((0.0, 0), add);
        (count > 0).then(|| sum / f64::from(count))
    }

    /// The latest day on which one of the clauses' agreements ended. `None` if any of these agreements has not ended by
    /// `day`.
    fn ended_on(&self, day: NaiveDate) -> Option<NaiveDate> {
        // `None` sorts before every day.
        (*self.ends.first()?)?;
        (*self.ends.last()?).filter(|ended_on| *ended_on <= day)
    }
}

/// The figures of a group of clauses at the end of a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// The number of clauses by their status on the day.
    pub breakdown: Breakdown,
    /// The number of clauses that the score is based on.
    pub assessed: u32,
    /// The number of clauses that count for the score, assessed or not.
    pub counted: u32,
    /// The score, from 0 to 100.
    pub score: Option<f64>,
    /// The latest day on which one of the clauses' agreements ended. `None` if any of these agreements has not ended by
    /// the day of the figures.
    pub ended_on: Option<NaiveDate>,
}

/// A clause of a group, and the day from which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    share: Share,
    /// The first day on which the clause counts. `None` if it always counts.
    starts_on: Option<NaiveDate>,
}

/// The statuses of a group of clauses over time, for one holder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The clauses of the group.
    clauses: Vec<Member>,
    /// Changes of status: day, index of the clause, new status. For the same clause and day, the last change counts.
    turns: Vec<(NaiveDate, usize, ClauseStatus)>,
}

impl History {
    /// A group of clauses that have no assessments.
    #[must_use]
    pub fn of(clauses: Vec<Share>) -> Self {
        let member = |share| Member { share, starts_on: None };
        Self { clauses: clauses.into_iter().map(member).collect(), turns: Vec::new() }
    }

    /// Makes all clauses count from `day`.
    #[must_use]
    pub fn starting_on(mut self, day: NaiveDate) -> Self {
        for clause in &mut self.clauses {
            clause.starts_on = Some(day);
        }
        self
    }

    /// The earliest day from which a clause counts. `None` if a clause always counts, or if there are no clauses.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.clauses.iter().map(|clause| clause.starts_on).min().flatten()
    }

    /// Combines the histories of several groups.
    #[must_use]
    pub fn merge(histories: impl IntoIterator<Item = Self>) -> Self {
        let mut merged = Self::default();
        for history in histories {
            let offset = merged.clauses.len();
            merged.clauses.extend(history.clauses);
            let turns = history.turns.into_iter();
            merged.turns.extend(turns.map(|(day, clause, status)| (day, offset + clause, status)));
        }
        // The sort is stable: it keeps the order of changes of the same clause and day.
        merged.turns.sort_by_key(|(day, ..)| *day);
        merged
    }

    /// Adds a change of status. Changes must be added in order of day, then of recording.
    pub fn add_turn(&mut self, clause: usize, since: NaiveDate, status: ClauseStatus) {
        self.turns.push((since, clause, status));
    }

    /// The figures at the end of each of these days, which must be in ascending order.
    #[must_use]
    pub fn figures(&self, days: &[NaiveDate]) -> Vec<Figures> {
        let unassessed =
            Statuses { current: ClauseStatus::Unassessed, scored: ClauseStatus::Unassessed };
        let mut tally = Tally::default();
        let mut clauses: Vec<(&Member, Statuses)> = Vec::with_capacity(self.clauses.len());
        let mut starts: Vec<(NaiveDate, usize)> = Vec::new();
        for (index, member) in self.clauses.iter().enumerate() {
            match member.starts_on {
                Some(day) => starts.push((day, index)),
                None => tally.add(unassessed, &member.share, 1),
            }
            clauses.push((member, unassessed));
        }
        starts.sort_unstable();
        let mut starts = starts.into_iter().peekable();
        let mut counted_until: Option<NaiveDate> = None;
        let mut turns = self.turns.iter().peekable();
        let mut figures = Vec::with_capacity(days.len());
        for day in days {
            while let Some((since, clause, status)) = turns.next_if(|(since, _, _)| since <= day) {
                let Some((Member { share, starts_on }, statuses)) = clauses.get_mut(*clause) else {
                    continue;
                };
                let is_scored = share.ended_on.is_none_or(|ended_on| *since < ended_on);
                let scored = if is_scored { *status } else { statuses.scored };
                let next = Statuses { current: *status, scored };
                // Skips clauses that do not count yet. The loop below adds each on the first of `days` on which it
                // counts, with its status on that day.
                if starts_on.is_none_or(|day| counted_until.is_some_and(|last| day <= last)) {
                    tally.pass(*statuses, next, share);
                }
                *statuses = next;
            }
            while let Some((_, clause)) = starts.next_if(|(starts_on, _)| starts_on <= day) {
                if let Some((member, statuses)) = clauses.get(clause) {
                    tally.add(*statuses, &member.share, 1);
                }
            }
            counted_until = Some(*day);
            figures.push(tally.figures(*day));
        }
        figures
    }
}

#[cfg(test)]
mod tests;
