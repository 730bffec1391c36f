//! Computes due dates from rules and facts, and decides whether clauses are overdue.
//!
//! The anchor is day 0: one day after 15 February is 16 February. If the anchor is an event of several days, its last day is
//! day 0.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate};

use super::StringEnum;
use super::assessment::AssessmentFacts;
use super::deadline::{Anchor, DeadlineBasis, DeadlineContent, DeadlinePhase};
use super::id::{ClauseId, EventId, PartyId};
use super::status::ClauseStatus;

/// A deadline with its clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseDeadline {
    /// The clause.
    pub clause: ClauseId,
    /// The deadline.
    pub content: DeadlineContent,
}

/// The clause and the key of a deadline. Together, they identify it.
pub type DeadlineName<'a> = (ClauseId, &'a str);

impl ClauseDeadline {
    /// The name. `None` if the deadline has no key.
    #[must_use]
    pub fn name(&self) -> Option<DeadlineName<'_>> {
        self.content.key.as_deref().map(|key| (self.clause, key))
    }

    /// The deadline that is the anchor, and the number of days after it. `None` if the anchor is not a deadline.
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

/// The facts of an assessment, and whether it states the completion of the clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletionFacts {
    /// The facts of the assessment.
    pub facts: AssessmentFacts,
    /// Whether the status is COMPLETE.
    pub is_complete: bool,
}

/// The facts that due dates depend on.
#[derive(Debug, Clone, Default)]
pub struct KnownFacts {
    /// The last day of each event.
    pub events: HashMap<EventId, NaiveDate>,
    /// The assessments that had been recorded and not retracted at the selected time, by clause. Includes the
    /// assessments of all holders.
    pub assessments: HashMap<ClauseId, Vec<CompletionFacts>>,
}

impl KnownFacts {
    /// The due date of a deadline whose anchor is not another deadline. `None` if the anchor is another deadline, or if
    /// the due date cannot be computed.
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
                        .and_then(|assessments| completed_on(assessments, deadline.held_by)),
                    Anchor::Deadline { .. } => None,
                };
                later(day?, *days)
            }
        }
    }
}

/// The day that is `days` days after `day`. `None` if that day is after the year 9999.
fn later(day: NaiveDate, days: i32) -> Option<NaiveDate> {
    let later = day.checked_add_days(Days::new(u64::try_from(days).ok()?))?;
    (later.year() <= 9999).then_some(later)
}

/// The first day on which the status was COMPLETE. Uses the holder's assessments if there are any, otherwise the neutral
/// assessments. If several assessments have the same day, the assessment that was recorded last counts.
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

/// The due dates of these deadlines, in the same order. A due date is `None` if the rule has no basis, the anchor has not
/// happened or is not in `deadlines`, the deadline depends on itself, or the date is after the year 9999.
#[must_use]
pub fn due_days(deadlines: &[ClauseDeadline], facts: &KnownFacts) -> Vec<Option<NaiveDate>> {
    let mut days = vec![None; deadlines.len()];
    let mut dependent: HashMap<DeadlineName<'_>, Vec<(usize, i32)>> = HashMap::new();
    let mut computed: Vec<(usize, NaiveDate)> = Vec::new();
    for (index, deadline) in deadlines.iter().enumerate() {
        match deadline.counted_from() {
            Some((name, count)) => dependent.entry(name).or_default().push((index, count)),
            None => computed.extend(facts.own_day(&deadline.content).map(|day| (index, day))),
        }
    }
    while let Some((index, day)) = computed.pop() {
        if let Some(day_of_deadline) = days.get_mut(index) {
            *day_of_deadline = Some(day);
        }
        let name = deadlines.get(index).and_then(ClauseDeadline::name);
        let after = name.and_then(|name| dependent.remove(&name)).unwrap_or_default();
        computed.extend(
            after.into_iter().filter_map(|(index, count)| Some((index, later(day, count)?))),
        );
    }
    days
}

/// The cycles of deadlines that depend on each other. In a cycle, each deadline depends on the next deadline, and the last
/// depends on the first.
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
        // A path that returns to one of its own steps contains a cycle.
        let first = step.and_then(|met| walk.iter().position(|index| *index == met));
        cycles.extend(first.map(|first| walk.split_off(first)));
    }
    cycles
}

/// Whether a clause with this status is overdue on a day. START and FINISH deadlines are evaluated separately. If the
/// deadlines of a phase have different due dates, the clause is overdue only after the latest one. Deadlines without a
/// due date are ignored.
///
/// A clause that is COMPLETE, NOT_APPLICABLE, VOID, OVERTAKEN, LAPSED or SUSPENDED is never overdue. A START deadline
/// can be missed only while the clause is UNASSESSED or NOT_STARTED. `db::deadline` has the same rule in SQL. A test
/// compares the two.
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
    /// Whether a deadline of this phase still applies to a clause with this status.
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
            | ClauseStatus::Overtaken
            | ClauseStatus::Lapsed
            | ClauseStatus::Suspended => false,
        }
    }
}

#[cfg(test)]
mod tests;
