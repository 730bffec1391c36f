//! Tests of sequences with examples. Tests with random graphs are in `properties`.

mod properties;
mod world;

use self::world::{Statement, World};
use super::*;

/// Elections (0), border (1) and ceasefire (2). The text requires the elections before the border. One party states the
/// reverse; another states the same as the text.
fn border_and_elections() -> World {
    World::new(
        &[(0, false), (0, false), (0, false)],
        &[(None, 1, 0), (None, 0, 2), (Some(0), 0, 1), (Some(1), 1, 0)],
    )
}

#[test]
fn contradictory_readings_together_form_a_cycle() {
    let world = border_and_elections();
    let cycles = |readings: Option<&[usize]>| world.cycles(&world.answer(readings, &[]));
    assert!(cycles(Some(&[])).is_empty(), "the text alone");
    assert!(cycles(Some(&[0])).is_empty(), "the party with the reverse reading");
    assert!(cycles(Some(&[1])).is_empty(), "the party with the reading of the text");
    assert_eq!(cycles(Some(&[0, 1])), [[0, 1]]);
    assert_eq!(cycles(None), [[0, 1]]);
    // A party without preconditions shares the text's reading.
    assert_eq!(cycles(Some(&[0, 2])), [[0, 1]]);
}

#[test]
fn deadlock_names_its_preconditions_and_their_holders() {
    let world = border_and_elections();
    let sequence = world.answer(Some(&[1, 0]), &[]);
    let [deadlock] = sequence.deadlocks.as_slice() else { panic!("{sequence:?}") };
    let of = |at: usize| world.preconditions[at].id;
    assert_eq!(deadlock.preconditions, [of(2), of(0), of(3)]);
    assert_eq!(deadlock.readings, [world.parties[1], world.parties[0]], "in the requested order");
}

#[test]
fn assuming_a_step_done_breaks_the_cycle() {
    let world = border_and_elections();
    let sequence = world.answer(None, &[1, 2]);
    assert!(sequence.deadlocks.is_empty());
    assert_eq!(world.indices(&sequence.ready), [0]);
    assert!(sequence.blocked.is_empty());
}

#[test]
fn step_that_has_begun_unblocks_steps_that_only_need_its_start() {
    // Talks (0) must begin before the border (1), and be done before the elections (2). The talks require the border.
    let statements = [(None, 1, 0), (None, 2, 0), (None, 0, 1)];
    let world = |begun: &[usize]| {
        World::new(&[(0, false), (0, false), (0, false)], &statements).with_begun(begun, &[0])
    };
    let unbegun = world(&[]);
    assert_eq!(unbegun.cycles(&unbegun.answer(None, &[])), [[0, 1]], "neither has begun");
    let world = world(&[0]);
    let after = world.answer(None, &[]);
    assert!(after.deadlocks.is_empty());
    assert_eq!(world.indices(&after.ready), [1]);
    let blocked: Vec<usize> = after.blocked.iter().map(|step| world.index(&step.step)).collect();
    assert_eq!(blocked, [0, 2]);
}

#[test]
fn deadlock_ends_with_one_of_its_steps() {
    let world = border_and_elections().with_ended(&[1]);
    let sequence = world.answer(None, &[]);
    assert!(sequence.deadlocks.is_empty());
    assert_eq!(world.indices(&sequence.ended), [1]);
    let blocked: Vec<usize> = sequence.blocked.iter().map(|step| world.index(&step.step)).collect();
    assert_eq!(blocked, [0], "it waits for a step that has ended");
    assert_eq!(world.indices(&sequence.ready), [2]);
    assert_eq!(world.indices(&sequence.keystones), [1, 2]);
    // If the ended step is assumed to be done, the other step is ready.
    assert_eq!(world.indices(&world.answer(None, &[1, 2]).ready), [0]);
}

#[test]
fn record_that_is_not_a_step_cannot_be_assumed_done() {
    let world = World::new(&[(0, false), (1, false), (1, false)], &[(Some(0), 0, 1)]);
    let graph = world.graph();
    let ask = |index| graph.sequence(&world.question(Some(&[]), &[index]));
    assert!(ask(1).is_ok(), "this step exists only in a reading that was not requested");
    assert_eq!(ask(2), Err(NotAStep(world.steps[2].id)));
}

#[test]
fn only_the_shortest_cycles_are_reported() {
    // Each of these steps waits for all the others.
    let count = 20;
    let pairs = (0..count).flat_map(|step| (0..count).map(move |required| (None, step, required)));
    let statements: Vec<Statement> = pairs.filter(|(_, step, required)| step != required).collect();
    let world = World::new(&vec![(0, false); count], &statements);
    let cycles = world.cycles(&world.answer(None, &[]));
    assert_eq!(cycles.len(), MAX_DEADLOCKS);
    assert!(cycles.iter().all(|cycle| cycle.len() == 2));
    assert_eq!(cycles[0], [0, 1]);
}

#[test]
fn chains_and_cycles_of_thousands_of_steps_are_computed() {
    let count = 4_000;
    let mut statements: Vec<Statement> = (1..count).map(|step| (None, step, step - 1)).collect();
    let row = World::new(&vec![(0, false); count], &statements);
    let sequence = row.answer(None, &[]);
    assert_eq!((sequence.stages.len(), sequence.ready.len()), (count, 1));
    assert_eq!(sequence.keystones.len(), count - 1);
    assert_eq!(row.index(&sequence.keystones[0]), 0);
    statements.push((None, 0, count - 1));
    let cycle = World::new(&vec![(0, false); count], &statements);
    let sequence = cycle.answer(None, &[]);
    assert_eq!(sequence.deadlocks.len(), 1);
    assert_eq!(sequence.deadlocks[0].steps.len(), count);
    assert!(sequence.stages.is_empty() && sequence.ready.is_empty());
}
