//! Due dates: the days of deadlines from their rules and from what has happened, and what is overdue.
//!
//! The day that is counted from is day 0: one day after 15 February is 16 February. What lasts for several days has
//! happened on the last of them.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate};

use super::StringEnum;
use super::assessment::AssessmentFacts;
use super::deadline::{Anchor, DeadlineBasis, DeadlineContent, DeadlinePhase};
use super::id::{ClauseId, EventId, PartyId};
use super::status::ClauseStatus;

/// A deadline, and the clause that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseDeadline {
    /// The clause.
    pub clause: ClauseId,
    /// The deadline.
    pub content: DeadlineContent,
}

/// What names a deadline among those of all clauses: its clause and its key.
pub type DeadlineName<'a> = (ClauseId, &'a str);

impl ClauseDeadline {
    /// Its name, if it has a key.
    #[must_use]
    pub fn name(&self) -> Option<DeadlineName<'_>> {
        self.content.key.as_deref().map(|key| (self.clause, key))
    }

    /// The deadline that it is counted from, and by how many days it comes after that.
    #[must_use]
    pub fn counted_from(&self) -> Option<(DeadlineName<'_>, i32)> {
        match &self.content.basis {
            Some(DeadlineBasis::After { days, anchor: Anchor::Deadline { clause, key } }) => {
                Some(((clause.unwrap_or(self.clause), key.as_str()), *days))
            }
            _ => None,
        }
    }
}

/// An assessment of a clause, as far as the clause's completion goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletionFacts {
    /// Whose it is, and when it counts.
    pub facts: AssessmentFacts,
    /// Whether it says COMPLETE.
    pub is_complete: bool,
}

/// What deadlines are counted from, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct KnownFacts {
    /// The last day of each event.
    pub events: HashMap<EventId, NaiveDate>,
    /// The assessments of each clause, by any holder, that count at the moment that is asked about.
    pub assessments: HashMap<ClauseId, Vec<CompletionFacts>>,
}

impl KnownFacts {
    /// The day of a deadline that depends on no other.
    fn own_day(&self, deadline: &DeadlineContent) -> Option<NaiveDate> {
        match deadline.basis.as_ref()? {
            DeadlineBasis::Day(day) => Some(*day),
            DeadlineBasis::EndOf { period, containing } => period.last_day(*containing),
            DeadlineBasis::After { days, anchor } => {
                let day = match anchor {
                    Anchor::Event(event) => self.events.get(event).copied(),
                    Anchor::Completion(clause) => self
                        .assessments
                        .get(clause)
                        .and_then(|said| completed_on(said, deadline.held_by)),
                    Anchor::Deadline { .. } => None,
                };
                later(day?, *days)
            }
        }
    }
}

/// The day that comes so many days later; none after the year 9999.
fn later(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    let later = day.checked_add_days(Days::new(u64::try_from(days).ok()?))?;
    (later.year() <= 9999).then_some(later)
}

/// The first day on which a clause's status was COMPLETE: in the holder's own record where that says anything of the
/// clause, or else in the neutral one. Of several assessments for the same day, the one recorded last says what was so.
#[must_use]
pub fn completed_on(
    assessments: &[CompletionFacts],
    held_by: Option<PartyId>,
) -> Option<NaiveDate> {
    let holder = held_by
        .filter(|_| assessments.iter().any(|assessment| assessment.facts.held_by == held_by));
    let mut days: BTreeMap<NaiveDate, &CompletionFacts> = BTreeMap::new();
    for assessment in assessments.iter().filter(|assessment| assessment.facts.held_by == holder) {
        let rank =
            |assessment: &CompletionFacts| (assessment.facts.recorded_at, assessment.facts.id);
        let last = days.entry(assessment.facts.effective_on).or_insert(assessment);
        if rank(assessment) > rank(last) {
            *last = assessment;
        }
    }
    days.into_iter().find(|(_, last)| last.is_complete).map(|(day, _)| day)
}

/// The days of these deadlines, in their order. A deadline has none where its rule is words alone, where what it is
/// counted from has not happened or is not among `deadlines`, where it depends on itself, and after the year 9999.
#[must_use]
pub fn due_days(deadlines: &[ClauseDeadline], facts: &KnownFacts) -> Vec<Option<NaiveDate>> {
    let mut days = vec![None; deadlines.len()];
    let mut dependent: HashMap<DeadlineName<'_>, Vec<(usize, i32)>> = HashMap::new();
    let mut known: Vec<(usize, NaiveDate)> = Vec::new();
    for (index, deadline) in deadlines.iter().enumerate() {
        match deadline.counted_from() {
            Some((name, count)) => dependent.entry(name).or_default().push((index, count)),
            None => known.extend(facts.own_day(&deadline.content).map(|day| (index, day))),
        }
    }
    while let Some((index, day)) = known.pop() {
        if let Some(slot) = days.get_mut(index) {
            *slot = Some(day);
        }
        let name = deadlines.get(index).and_then(ClauseDeadline::name);
        let after = name.and_then(|name| dependent.remove(&name)).unwrap_or_default();
        known.extend(
            after.into_iter().filter_map(|(other, count)| Some((other, later(day, count)?))),
        );
    }
    days
}

/// The deadlines that depend on themselves, circle by circle: each deadline of a circle depends on the next one, and the last
/// on the first.
#[must_use]
pub fn cycles(deadlines: &[ClauseDeadline]) -> Vec<Vec<usize>> {
    let named: HashMap<DeadlineName<'_>, usize> = deadlines
        .iter()
        .enumerate()
        .filter_map(|(index, deadline)| Some((deadline.name()?, index)))
        .collect();
    let next = |index: &usize| -> Option<usize> {
        let (name, _) = deadlines.get(*index)?.counted_from()?;
        named.get(&name).copied()
    };
    let mut seen = vec![false; deadlines.len()];
    let mut cycles = Vec::new();
    for start in 0..deadlines.len() {
        let mut walk = Vec::new();
        let mut step = Some(start);
        while let Some(index) = step {
            let Some(seen) = seen.get_mut(index).filter(|seen| !**seen) else { break };
            *seen = true;
            walk.push(index);
            step = next(&index);
        }
        // A walk that ends at one of its own steps has gone round.
        let first = step.and_then(|met| walk.iter().position(|index| *index == met));
        cycles.extend(first.map(|first| walk.split_off(first)));
    }
    cycles
}

/// Whether a clause of that status is overdue on a day: by one phase's deadlines, taken by themselves, the latest day that
/// can be told is past. So as long as one of several rival counts leaves time, it is not overdue, and a count without a
/// day neither helps nor harms.
///
/// What is COMPLETE, NOT_APPLICABLE, VOID or SUSPENDED is not waited for. A deadline to begin is missed only by what has
/// not begun: what is UNASSESSED or NOT_STARTED. `db::deadline` says the same in SQL; a test holds the two together.
#[must_use]
pub fn is_overdue(
    status: ClauseStatus,
    counts: &[(DeadlinePhase, Option<NaiveDate>)],
    on: NaiveDate,
) -> bool {
    DeadlinePhase::ALL.iter().filter(|phase| phase.is_awaited(status)).any(|phase| {
        let days = counts.iter().filter(|(of, _)| of == phase).filter_map(|(_, day)| *day);
        days.max().is_some_and(|latest| latest < on)
    })
}

impl DeadlinePhase {
    /// Whether a clause of that status has still to do what a deadline of this phase is for.
    #[must_use]
    pub fn is_awaited(self, status: ClauseStatus) -> bool {
        match status {
            ClauseStatus::Unassessed | ClauseStatus::NotStarted => true,
            ClauseStatus::Minimal | ClauseStatus::Partial | ClauseStatus::Breached => {
                self == Self::Finish
            }
            ClauseStatus::Complete
            | ClauseStatus::NotApplicable
            | ClauseStatus::Void
            | ClauseStatus::Suspended => false,
        }
    }
}

#[cfg(test)]
mod tests;
