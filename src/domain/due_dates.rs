//! Reckoning: the days of deadlines from their rules and from what has happened, and what is overdue.
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
    /// The day of a deadline that hangs on no other.
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
/// counted from has not happened or is not among `deadlines`, where it hangs on itself, and after the year 9999.
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

/// The deadlines that hang on themselves, circle by circle: each deadline of a circle hangs on the next one, and the last
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
mod tests {
    use std::collections::HashSet;

    use chrono::{Duration, NaiveDateTime};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::assessment::in_force;
    use crate::domain::id::AssessmentId;
    use crate::domain::perspective::{Perspective, PointInTime};

    fn day(number: i64) -> NaiveDate {
        NaiveDate::default() + Duration::days(number)
    }

    fn content(basis: Option<DeadlineBasis>) -> DeadlineContent {
        DeadlineContent {
            key: None,
            rule: "In time".to_owned(),
            phase: DeadlinePhase::Finish,
            basis,
            held_by: None,
            note: None,
        }
    }

    /// Deadlines of two clauses, each with its number as its key. Each has a day of its own, none, or so many days after
    /// the one with that number; some numbers nothing has.
    fn deadlines() -> impl Strategy<Value = Vec<ClauseDeadline>> {
        let rule = (0i64..60, 0i32..30, 0usize..12, 0u8..4);
        prop::collection::vec(rule, 0..10).prop_map(|rules| {
            let clauses = [ClauseId::new(), ClauseId::new()];
            let of = |number: usize| clauses[number % 2];
            let placed = |(index, (own, days, other, kind)): (usize, (i64, i32, usize, u8))| {
                let after = Anchor::Deadline { clause: Some(of(other)), key: other.to_string() };
                let basis = match kind {
                    0 => None,
                    1 => Some(DeadlineBasis::Day(day(own))),
                    _ => Some(DeadlineBasis::After { days, anchor: after }),
                };
                let content = DeadlineContent { key: Some(index.to_string()), ..content(basis) };
                ClauseDeadline { clause: of(index), content }
            };
            rules.into_iter().enumerate().map(placed).collect()
        })
    }

    /// The day of one deadline, found the slow way.
    fn walk(
        deadlines: &[ClauseDeadline],
        index: usize,
        met: &mut HashSet<usize>,
    ) -> Option<NaiveDate> {
        if !met.insert(index) {
            return None;
        }
        match (deadlines[index].counted_from(), &deadlines[index].content.basis) {
            (Some((name, days)), _) => {
                let other = deadlines.iter().position(|other| other.name() == Some(name))?;
                Some(walk(deadlines, other, met)? + Duration::days(days.into()))
            }
            (None, Some(DeadlineBasis::Day(day))) => Some(*day),
            _ => None,
        }
    }

    fn assessments(holder: PartyId) -> impl Strategy<Value = Vec<CompletionFacts>> {
        let said = (0i64..6, 0i64..6, any::<bool>(), any::<bool>());
        prop::collection::vec(said, 0..12).prop_map(move |parts| {
            let of = |(on, second, neutral, is_complete): (i64, i64, bool, bool)| CompletionFacts {
                facts: AssessmentFacts {
                    id: AssessmentId::new(),
                    held_by: (!neutral).then_some(holder),
                    effective_on: day(on),
                    recorded_at: NaiveDateTime::default() + Duration::seconds(second),
                    retracted_at: None,
                },
                is_complete,
            };
            parts.into_iter().map(of).collect()
        })
    }

    fn counts() -> impl Strategy<Value = Vec<(DeadlinePhase, Option<NaiveDate>)>> {
        let count = (prop::sample::select(DeadlinePhase::ALL), prop::option::of(0i64..20));
        prop::collection::vec(count.prop_map(|(phase, on)| (phase, on.map(day))), 0..6)
    }

    fn status() -> impl Strategy<Value = ClauseStatus> {
        prop::sample::select(ClauseStatus::ALL)
    }

    #[test]
    fn day_that_is_counted_from_is_day_0() {
        let (event, february) =
            (EventId::new(), |day| NaiveDate::from_ymd_opt(2015, 2, day).unwrap());
        let facts =
            KnownFacts { events: HashMap::from([(event, february(12))]), ..KnownFacts::default() };
        let after = |days| ClauseDeadline {
            clause: ClauseId::new(),
            content: content(Some(DeadlineBasis::After { days, anchor: Anchor::Event(event) })),
        };
        let days = due_days(&[after(0), after(1), after(30)], &facts);
        let march = NaiveDate::from_ymd_opt(2015, 3, 14);
        assert_eq!(days, [Some(february(12)), Some(february(13)), march]);
        assert_eq!(due_days(&[after(0)], &KnownFacts::default()), [None]);
    }

    #[test]
    fn no_day_lies_after_the_year_9999() {
        let (event, last) = (EventId::new(), NaiveDate::from_ymd_opt(9999, 12, 31).unwrap());
        let facts = KnownFacts { events: HashMap::from([(event, last)]), ..KnownFacts::default() };
        let after = |days| ClauseDeadline {
            clause: ClauseId::new(),
            content: content(Some(DeadlineBasis::After { days, anchor: Anchor::Event(event) })),
        };
        assert_eq!(due_days(&[after(0), after(1)], &facts), [Some(last), None]);
    }

    proptest! {
        #[test]
        fn days_are_those_that_a_walk_from_each_deadline_finds(deadlines in deadlines()) {
            let found = due_days(&deadlines, &KnownFacts::default());
            for (index, found) in found.into_iter().enumerate() {
                prop_assert_eq!(found, walk(&deadlines, index, &mut HashSet::new()), "deadline {}", index);
            }
        }

        #[test]
        fn circles_are_what_a_walk_comes_back_to(deadlines in deadlines()) {
            let cycles = cycles(&deadlines);
            let members: HashSet<usize> = cycles.iter().flatten().copied().collect();
            prop_assert_eq!(members.len(), cycles.iter().map(Vec::len).sum::<usize>());
            let next = |index: usize| {
                let (name, _) = deadlines[index].counted_from()?;
                deadlines.iter().position(|other| other.name() == Some(name))
            };
            for start in 0..deadlines.len() {
                let mut step = next(start);
                let mut steps = 0;
                while step != Some(start) && step.is_some() && steps < deadlines.len() {
                    step = step.and_then(next);
                    steps += 1;
                }
                prop_assert_eq!(step == Some(start), members.contains(&start), "deadline {}", start);
            }
            for cycle in cycles {
                for (index, member) in cycle.iter().enumerate() {
                    prop_assert_eq!(next(*member), Some(cycle[(index + 1) % cycle.len()]));
                }
            }
        }

        #[test]
        fn completion_is_the_first_day_on_which_complete_was_in_force(
            (holder, said) in Just(PartyId::new()).prop_flat_map(|holder| (Just(holder), assessments(holder)))
        ) {
            let facts: Vec<AssessmentFacts> = said.iter().map(|said| said.facts).collect();
            let first = |held_by: Option<PartyId>| {
                (0..6).map(day).find(|on| {
                    let point_in_time = PointInTime { as_of: Some(*on), known_at: None };
                    let facts = in_force(&facts, Perspective { point_in_time, held_by });
                    said.iter().any(|said| facts == Some(&said.facts) && said.is_complete)
                })
            };
            prop_assert_eq!(completed_on(&said, None), first(None));
            let speaks = facts.iter().any(|facts| facts.held_by == Some(holder));
            let expected = if speaks { first(Some(holder)) } else { first(None) };
            prop_assert_eq!(completed_on(&said, Some(holder)), expected);
        }

        #[test]
        fn what_is_overdue_stays_so_while_nothing_else_changes(status in status(), counts in counts(), on in 0i64..20) {
            if is_overdue(status, &counts, day(on)) {
                prop_assert!(is_overdue(status, &counts, day(on + 1)));
            }
        }

        #[test]
        fn count_that_leaves_time_keeps_a_phase_from_being_overdue(
            status in status(), counts in counts(), on in 0i64..20
        ) {
            let mut with_time = counts.clone();
            with_time.extend(DeadlinePhase::ALL.iter().map(|phase| (*phase, Some(day(on)))));
            prop_assert!(!is_overdue(status, &with_time, day(on)));
            let mut with_unknown = counts.clone();
            with_unknown.extend(DeadlinePhase::ALL.iter().map(|phase| (*phase, None)));
            prop_assert_eq!(is_overdue(status, &with_unknown, day(on)), is_overdue(status, &counts, day(on)));
        }

        #[test]
        fn deadline_to_begin_binds_what_has_not_begun(status in status(), on in 0i64..20) {
            let past = |phase| is_overdue(status, &[(phase, Some(day(on)))], day(on + 1));
            let begun = !matches!(status, ClauseStatus::Unassessed | ClauseStatus::NotStarted);
            prop_assert_eq!(past(DeadlinePhase::Start), !begun);
            let settled = [ClauseStatus::Complete, ClauseStatus::NotApplicable, ClauseStatus::Void, ClauseStatus::Suspended];
            prop_assert_eq!(past(DeadlinePhase::Finish), !settled.contains(&status));
        }
    }
}
