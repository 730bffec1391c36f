use chrono::Days;
use proptest::prelude::*;

use super::*;

fn day(number: u64) -> NaiveDate {
    NaiveDate::default() + Days::new(number)
}

/// A clause: its status, point and weight.
type Clause = (ClauseStatus, u8, u32);

/// The score and the numbers of assessed and counted clauses, computed independently of [`Tally`].
fn expected(clauses: &[Clause], weighting: Weighting) -> (Option<f64>, u32, u32) {
    let is_counted =
        |status: ClauseStatus| status == ClauseStatus::Unassessed || status.thirds().is_some();
    let count = |is: &dyn Fn(ClauseStatus) -> bool| {
        u32::try_from(clauses.iter().filter(|(status, ..)| is(*status)).count()).unwrap_or(u32::MAX)
    };
    let assessed = count(&|status| status.thirds().is_some());
    let counted = count(&is_counted);
    if assessed == 0 || f64::from(assessed) < f64::from(counted) / 2.0 {
        return (None, assessed, counted);
    }
    let mean = |of: Vec<&Clause>| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (status, _, weight) in of {
            let Some(thirds) = status.thirds() else { continue };
            let weight = if weighting == Weighting::Weights { f64::from(*weight) } else { 1.0 };
            sum += weight * f64::from(thirds) * 100.0 / 3.0;
            weights += weight;
        }
        (weights > 0.0).then(|| sum / weights)
    };
    let score = if weighting == Weighting::Points {
        let points: BTreeSet<u8> = clauses.iter().map(|(_, point, _)| *point).collect();
        let of = |point: u8| clauses.iter().filter(move |(_, of, _)| *of == point).collect();
        let means: Vec<f64> = points.into_iter().filter_map(|point| mean(of(point))).collect();
        let number = u32::try_from(means.len()).unwrap_or(u32::MAX);
        Some(means.iter().sum::<f64>() / f64::from(number))
    } else {
        mean(clauses.iter().collect())
    };
    (score, assessed, counted)
}

/// The share of a clause.
fn share((_, point, weight): Clause, weighting: Weighting, ended_on: Option<NaiveDate>) -> Share {
    Share {
        point: (weighting == Weighting::Points).then(|| point.to_string()),
        weight: if weighting == Weighting::Weights { weight } else { 1 },
        ended_on,
    }
}

fn is_close(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 1e-9,
        (None, None) => true,
        _ => false,
    }
}

fn weightings() -> impl Strategy<Value = Weighting> {
    prop::sample::select(vec![Weighting::Clauses, Weighting::Points, Weighting::Weights])
}

fn clauses() -> impl Strategy<Value = Vec<Clause>> {
    prop::collection::vec((prop::sample::select(ClauseStatus::ALL), 0u8..4, 1u32..=100), 0..12)
}

#[test]
fn score_is_null_if_fewer_than_half_of_the_counted_clauses_are_assessed() {
    use ClauseStatus::{Complete, NotApplicable, Overtaken, Unassessed};
    let score = |statuses: &[ClauseStatus]| {
        let mut tally = Tally::default();
        for status in statuses {
            let share = Share { weight: 1, ..Share::default() };
            tally.add(Statuses { current: *status, scored: *status }, &share, 1);
        }
        tally.figures(day(0)).score
    };
    assert_eq!(score(&[]), None);
    assert_eq!(score(&[Complete]), Some(100.0));
    assert_eq!(score(&[Complete, Unassessed]), Some(100.0));
    assert_eq!(score(&[Complete, Unassessed, Unassessed]), None);
    assert_eq!(score(&[Complete, Unassessed, NotApplicable, Overtaken]), Some(100.0));
    assert_eq!(score(&[Overtaken, NotApplicable]), None);
}

#[test]
fn weightings_give_parts_different_shares() {
    // Point 1 has one clause, point 2 has three.
    let clauses = [
        (ClauseStatus::Complete, 1, 6),
        (ClauseStatus::NotStarted, 2, 1),
        (ClauseStatus::NotStarted, 2, 1),
        (ClauseStatus::Breached, 2, 4),
    ];
    let score = |weighting| {
        let mut tally = Tally::default();
        for clause in clauses {
            let statuses = Statuses { current: clause.0, scored: clause.0 };
            tally.add(statuses, &share(clause, weighting, None), 1);
        }
        tally.figures(day(0)).score
    };
    assert_eq!(score(Weighting::Clauses), Some(25.0));
    assert_eq!(score(Weighting::Points), Some(50.0));
    assert_eq!(score(Weighting::Weights), Some(50.0));
}

#[test]
fn group_has_ended_when_all_its_agreements_have() {
    let ended_on = |ends: &[Option<u64>], on: u64| {
        let mut tally = Tally::default();
        let status = ClauseStatus::Partial;
        for end in ends {
            let share = Share { point: None, weight: 1, ended_on: end.map(day) };
            tally.add(Statuses { current: status, scored: status }, &share, 1);
        }
        tally.figures(day(on)).ended_on
    };
    assert_eq!(ended_on(&[], 9), None);
    assert_eq!(ended_on(&[Some(3), Some(5)], 4), None);
    assert_eq!(ended_on(&[Some(3), Some(5)], 5), Some(day(5)));
    assert_eq!(ended_on(&[Some(3), None], 9), None);
}

proptest! {
    #[test]
    fn scores_follow_the_formula_of_their_weighting(clauses in clauses(), weighting in weightings()) {
        let mut tally = Tally::default();
        for clause in &clauses {
            tally.add(Statuses { current: clause.0, scored: clause.0 }, &share(*clause, weighting, None), 1);
        }
        let found = tally.figures(day(0));
        let (score, assessed, counted) = expected(&clauses, weighting);
        prop_assert!(is_close(found.score, score), "{:?}, not {:?}", found.score, score);
        prop_assert_eq!((found.assessed, found.counted), (assessed, counted));
        prop_assert!(found.score.is_none_or(|score| (0.0..=100.0 + 1e-9).contains(&score)));
    }

    #[test]
    fn points_of_a_history_are_those_of_each_day_alone(
        clauses in prop::collection::vec((0u8..3, 1u32..5, prop::option::of(0u64..20)), 1..5),
        turns in prop::collection::vec((0u64..20, 0usize..5, prop::sample::select(ClauseStatus::ALL)), 0..30),
        mut days in prop::collection::btree_set(0u64..22, 1..10),
        weighting in weightings()
    ) {
        let mut turns: Vec<_> = turns.into_iter().filter(|(_, clause, _)| *clause < clauses.len()).collect();
        turns.sort_by_key(|(day, _, _)| *day);
        let share_of = |(point, weight, ended_on): (u8, u32, Option<u64>)| {
            share((ClauseStatus::Unassessed, point, weight), weighting, ended_on.map(day))
        };
        let mut history = History::of(clauses.iter().copied().map(share_of).collect());
        for (since, clause, status) in &turns {
            history.add_turn(*clause, day(*since), *status);
        }
        days.insert(21);
        let found = history.figures(&days.iter().map(|number| day(*number)).collect::<Vec<_>>());
        for (on, found) in days.iter().zip(found) {
            let mut tally = Tally::default();
            for (index, clause) in clauses.iter().enumerate() {
                let status_before = |limit: u64| {
                    let last = turns.iter().rfind(|(since, of, _)| *since < limit && *of == index);
                    last.map_or(ClauseStatus::Unassessed, |(_, _, status)| *status)
                };
                // After the end, the score uses the status of the day before the end.
                let current = status_before(on + 1);
                let scored = clause.2.filter(|ended_on| ended_on <= on).map_or(current, status_before);
                tally.add(Statuses { current, scored }, &share_of(*clause), 1);
            }
            prop_assert_eq!(&found, &tally.figures(day(*on)), "day {}", on);
        }
    }
}

/// Histories of several groups. Each has its first day, and its changes of status: day, clause and status.
type Groups = Vec<(u64, Vec<(u64, usize, ClauseStatus)>)>;

proptest! {
    #[test]
    fn merged_histories_count_each_clause_from_its_first_day(
        groups in prop::collection::vec(
            (0u64..40, prop::collection::vec((0u64..60, 0usize..3, prop::sample::select(ClauseStatus::ALL)), 0..8)), 0..4),
        days in prop::collection::btree_set(0u64..70, 1..6),
    ) {
        let groups: Groups = groups;
        let history = |turns: &[(u64, usize, ClauseStatus)]| {
            let mut history = History::of(vec![Share { weight: 1, ..Share::default() }; 3]);
            let mut turns = turns.to_vec();
            turns.sort_by_key(|(since, ..)| *since);
            for (since, clause, status) in turns {
                history.add_turn(clause, day(since), status);
            }
            history
        };
        let merged = History::merge(groups.iter().map(|(first, turns)| history(turns).starting_on(day(*first))));
        prop_assert_eq!(merged.first_day(), groups.iter().map(|(first, _)| day(*first)).min());
        let days: Vec<NaiveDate> = days.into_iter().map(day).collect();
        for (at, figures) in days.iter().zip(merged.figures(&days)) {
            let mut expected = Breakdown::default();
            for (_, turns) in groups.iter().filter(|(first, _)| day(*first) <= *at) {
                for (status, count) in history(turns).figures(&[*at])[0].breakdown.counts() {
                    expected.add(status, count);
                }
            }
            prop_assert_eq!(figures.breakdown, expected);
        }
    }
}
