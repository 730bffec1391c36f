//! Tests of due dates.

use std::collections::HashSet;

use chrono::{Duration, NaiveDateTime};
use proptest::prelude::*;

use super::*;
use crate::domain::assessment::in_force;
use crate::domain::id::AssessmentId;
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::provenance::Provenance;

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
        provenance: Provenance::default(),
    }
}

/// Deadlines of two clauses. The key of each deadline is its index. A deadline has a fixed day, no basis, or a deadline
/// as its anchor. A random index names the anchor, so some anchors do not exist.
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

/// The due date of one deadline, computed recursively.
fn walk(deadlines: &[ClauseDeadline], index: usize, met: &mut HashSet<usize>) -> Option<NaiveDate> {
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
    let parts = (0i64..6, 0i64..6, any::<bool>(), any::<bool>());
    prop::collection::vec(parts, 0..12).prop_map(move |parts| {
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
    let (event, february) = (EventId::new(), |day| NaiveDate::from_ymd_opt(2015, 2, day).unwrap());
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
        let days = due_days(&deadlines, &KnownFacts::default());
        for (index, day) in days.into_iter().enumerate() {
            prop_assert_eq!(day, walk(&deadlines, index, &mut HashSet::new()), "deadline {}", index);
        }
    }

    #[test]
    fn cycles_are_the_deadlines_that_a_walk_returns_to(deadlines in deadlines()) {
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
    fn overdue_clause_stays_overdue_while_nothing_else_changes(status in status(), counts in counts(), on in 0i64..20) {
        if is_overdue(status, &counts, day(on)) {
            prop_assert!(is_overdue(status, &counts, day(on + 1)));
        }
    }

    #[test]
    fn phase_is_not_overdue_before_its_latest_due_date(
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
    fn start_deadline_applies_to_clauses_that_have_not_begun(status in status(), on in 0i64..20) {
        let past = |phase| is_overdue(status, &[(phase, Some(day(on)))], day(on + 1));
        let has_begun = !matches!(status, ClauseStatus::Unassessed | ClauseStatus::NotStarted);
        prop_assert_eq!(past(DeadlinePhase::Start), !has_begun);
        let settled = [ClauseStatus::Complete, ClauseStatus::NotApplicable, ClauseStatus::Void, ClauseStatus::Overtaken, ClauseStatus::Lapsed, ClauseStatus::Suspended];
        prop_assert_eq!(past(DeadlinePhase::Finish), !settled.contains(&status));
    }
}
