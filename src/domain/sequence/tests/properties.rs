//! Compares answers about random graphs with answers found by brute force.

use proptest::prelude::*;

use super::*;

/// The maximum number of steps in a test.
const MOST_STEPS: usize = 7;

/// The pairs of steps with a path between them.
fn reach(edges: &[(usize, usize)]) -> [[bool; MOST_STEPS]; MOST_STEPS] {
    let mut reach = [[false; MOST_STEPS]; MOST_STEPS];
    for (from, to) in edges {
        reach[*from][*to] = true;
    }
    for over in 0..MOST_STEPS {
        for from in 0..MOST_STEPS {
            for to in 0..MOST_STEPS {
                reach[from][to] |= reach[from][over] && reach[over][to];
            }
        }
    }
    reach
}

/// The number of edges on a shortest path.
fn distance(edges: &[(usize, usize)], from: usize, to: usize) -> Option<usize> {
    let mut near = vec![from];
    for distance in 0..=MOST_STEPS {
        if near.contains(&to) {
            return Some(distance);
        }
        near = near
            .iter()
            .flat_map(|index| edges.iter().filter(move |(from, _)| from == index))
            .map(|(_, to)| *to)
            .collect();
        near.sort_unstable();
        near.dedup();
    }
    None
}

fn worlds() -> impl Strategy<Value = World> {
    (1..=MOST_STEPS)
        .prop_flat_map(|count| {
            let step = (0..3usize, prop::bool::weighted(0.25));
            let holder = prop::option::of(0..3usize);
            let statements = (holder, 0..count, 0..count);
            let statements = prop::collection::vec(statements, 0..14);
            let begun = prop::sample::subsequence((0..count).collect::<Vec<_>>(), 0..=count);
            let ended = prop::collection::vec(prop::bool::weighted(0.2), count);
            let needs = prop::collection::vec(any::<bool>(), 14);
            (prop::collection::vec(step, count), statements, begun, ended, needs)
        })
        .prop_map(|(steps, mut statements, begun, ended, needs)| {
            statements.retain(|(_, step, requires)| step != requires);
            statements.sort_unstable();
            statements.dedup();
            let needs = (0..statements.len()).filter(|index| needs[*index]);
            let needs: Vec<usize> = needs.collect();
            let ended: Vec<usize> = (0..steps.len()).filter(|index| ended[*index]).collect();
            World::new(&steps, &statements).with_begun(&begun, &needs).with_ended(&ended)
        })
}

/// The readings to select: all, or those of some parties.
fn readings() -> impl Strategy<Value = Option<Vec<usize>>> {
    prop::option::of(prop::sample::subsequence(vec![0, 1, 2], 0..=3))
}

proptest! {
    #[test]
    fn results_are_those_of_brute_force(world in worlds(), readings in readings()) {
        let readings = readings.as_deref();
        let sequence = world.answer(readings, &[]);
        let counted = world.counted(readings);
        let all: Vec<(usize, usize)> = counted.iter().map(|(_, step, requires)| (*step, *requires)).collect();
        let from_owned = reach(&all);
        let is_owned = |index: usize| world.steps[index].owner == world.steps[0].owner;
        let count = world.steps.len();
        let own_steps: Vec<usize> = (0..count)
            .filter(|index| is_owned(*index) || (0..count).any(|from| is_owned(from) && from_owned[from][*index]))
            .collect();
        let is_done = |index: usize| world.steps[index].is_done;
        let is_ended = |index: usize| world.steps[index].is_ended;
        // A precondition that only requires a step to have begun is met once the step has begun.
        let open: Vec<Statement> = counted.iter().copied().filter(|statement| !world.has_begun(statement)).collect();
        let edges: Vec<(usize, usize)> = open
            .iter()
            .map(|(_, step, requires)| (*step, *requires))
            .filter(|(step, _)| own_steps.contains(step) && !is_done(*step) && !is_ended(*step))
            .collect();
        let reach = reach(&edges);
        let required = |index: usize| edges.iter().filter(move |(step, _)| *step == index).map(|(_, required)| *required);

        // Every step is exactly one of ready, blocked, ended and done.
        let ready = world.indices(&sequence.ready);
        let blocked: Vec<usize> = sequence.blocked.iter().map(|blocked| world.index(&blocked.step)).collect();
        for &index in &own_steps {
            let is_free = required(index).all(is_done);
            let is_pending = !is_done(index) && !is_ended(index);
            prop_assert_eq!(ready.contains(&index), is_pending && is_free);
            prop_assert_eq!(blocked.contains(&index), is_pending && !is_free);
        }
        let ended = world.indices(&sequence.ended);
        prop_assert_eq!(&ended, &own_steps.iter().copied().filter(|index| is_ended(*index)).collect::<Vec<_>>());
        prop_assert_eq!(ready.len() + blocked.len() + ended.len() + own_steps.iter().filter(|index| is_done(**index)).count(), own_steps.len());
        for blocked in &sequence.blocked {
            let index = world.index(&blocked.step);
            let mut unmet: Vec<usize> = required(index).filter(|index| !is_done(*index)).collect();
            prop_assert_eq!(blocked.preconditions.len(), unmet.len());
            unmet.sort_unstable();
            unmet.dedup();
            prop_assert_eq!(world.indices(&blocked.waiting_for), unmet);
        }

        // Every deadlock is a cycle, names the parties that cause it, and is the shortest cycle through one of its
        // edges.
        let cycles = world.cycles(&sequence);
        for (cycle, deadlock) in cycles.iter().zip(&sequence.deadlocks) {
            let following = cycle.iter().cycle().skip(1);
            let pairs: Vec<(usize, usize)> = cycle.iter().copied().zip(following.copied()).collect();
            prop_assert!(pairs.iter().all(|pair| edges.contains(pair)));
            prop_assert_eq!(cycle.iter().collect::<HashSet<_>>().len(), cycle.len());
            prop_assert!(!cycle.iter().any(|index| is_done(*index) || is_ended(*index)));
            let by: HashSet<Option<usize>> = open
                .iter()
                .filter(|(_, step, requires)| pairs.contains(&(*step, *requires)))
                .map(|(holder, ..)| *holder)
                .collect();
            let named: HashSet<PartyId> = deadlock.readings.iter().copied().collect();
            prop_assert_eq!(named, by.into_iter().flatten().map(|party| world.parties[party]).collect());
            prop_assert!(pairs.iter().any(|(step, required)| distance(&edges, *required, *step) == Some(cycle.len() - 1)));
        }
        prop_assert!(cycles.is_sorted_by_key(|cycle| (cycle.len(), cycle.clone())));
        prop_assert_eq!(cycles.iter().collect::<HashSet<_>>().len(), cycles.len());
        for (step, required) in &edges {
            let closes = cycles.iter().any(|cycle| {
                let mut pairs = cycle.iter().zip(cycle.iter().cycle().skip(1));
                pairs.any(|pair| pair == (step, required)) && Some(cycle.len() - 1) == distance(&edges, *required, *step)
            });
            prop_assert_eq!(closes, reach[*required][*step]);
        }

        // Stages are as early as possible, and contain exactly the steps that do not depend on a cycle.
        let stages: Vec<Vec<usize>> = sequence.stages.iter().map(|stage| world.indices(stage)).collect();
        let rank = |index: usize| stages.iter().position(|stage| stage.contains(&index));
        for &index in &own_steps {
            let is_stuck = (0..count).any(|other| (other == index || reach[index][other]) && reach[other][other]);
            prop_assert_eq!(rank(index).is_none(), is_stuck);
            if let Some(rank) = rank(index) {
                let below = required(index).map(|required| stages.iter().position(|stage| stage.contains(&required)).unwrap() + 1);
                prop_assert_eq!(rank, below.max().unwrap_or_default());
            }
        }
        prop_assert_eq!(stages.iter().map(Vec::len).sum::<usize>(), own_steps.iter().filter(|index| rank(**index).is_some()).count());

        // Keystones are in order of the number of blocked steps.
        let held_up = |index: usize| (0..count).filter(|other| *other != index && reach[*other][index]).count();
        let mut keystones: Vec<usize> = own_steps.iter().copied().filter(|index| !is_done(*index) && held_up(*index) > 0).collect();
        keystones.sort_by_key(|index| std::cmp::Reverse(held_up(*index)));
        prop_assert_eq!(world.indices(&sequence.keystones), keystones);

        // `sequence.readings` contains the requested parties. If `readings` is `None`, it contains all parties that
        // hold preconditions of the steps in `own_steps`.
        let named: HashSet<PartyId> = sequence.readings.iter().copied().collect();
        prop_assert_eq!(named.len(), sequence.readings.len());
        let by: HashSet<usize> = match readings {
            Some(readings) => readings.iter().copied().collect(),
            None => counted.iter().filter(|(_, step, _)| own_steps.contains(step)).filter_map(|(holder, ..)| *holder).collect(),
        };
        prop_assert_eq!(named, by.into_iter().map(|party| world.parties[party]).collect());
    }

    #[test]
    fn assuming_more_steps_done_never_blocks_more(world in worlds(), readings in readings(), fewer in 0..128usize, more in 0..128usize) {
        let graph = world.graph();
        let assume = |set: usize| {
            let question = world.question(readings.as_deref(), &[]);
            let bit = |step: &&Step| set & (1 << world.index(step)) != 0;
            // Leaves out the records that `sequence` would reject, because the question does not reach them.
            let is_step = |step: &&Step| {
                graph.sequence(&Question { assume_done: vec![step.id], ..question.clone() }).is_ok()
            };
            let assume_done = world.steps.iter().filter(bit).filter(is_step).map(|step| step.id).collect();
            graph.sequence(&Question { assume_done, ..question }).unwrap()
        };
        let (before, after) = (assume(fewer), assume(fewer | more));
        let waiting = |sequence: &Sequence| -> HashSet<AssessableId> {
            sequence.blocked.iter().map(|blocked| blocked.step.id).collect()
        };
        let ids = |steps: &[Step]| -> HashSet<AssessableId> { steps.iter().map(|step| step.id).collect() };
        prop_assert!(waiting(&after).is_subset(&waiting(&before)));
        prop_assert!(ids(&before.stages.concat()).is_subset(&ids(&after.stages.concat())));
        prop_assert!(ids(&after.keystones).is_subset(&ids(&before.keystones)));
        for cycle in world.cycles(&after) {
            prop_assert!(world.cycles(&before).contains(&cycle));
        }
    }

    #[test]
    fn results_do_not_depend_on_other_owners_in_the_graph(world in worlds(), readings in readings()) {
        // `alone` contains only the first owner's steps and the steps that they require.
        let graph = world.graph();
        let everything = graph.reached(&[world.steps[0].owner], |_, _| true);
        let steps = everything.iter().map(|index| world.steps[*index]).collect();
        let alone = Graph::new(steps, world.preconditions.clone());
        let question = world.question(readings.as_deref(), &[]);
        prop_assert_eq!(graph.sequence(&question), alone.sequence(&question));
    }
}

proptest! {
    #[test]
    fn needing_less_never_blocks_more(world in worlds(), readings in readings()) {
        let done = |precondition: &Precondition| Precondition { needs: PreconditionNeed::Done, ..*precondition };
        let strict = World { preconditions: world.preconditions.iter().map(done).collect(), ..world.clone() };
        let (strict, lenient) = (strict.answer(readings.as_deref(), &[]), world.answer(readings.as_deref(), &[]));
        let waiting = |sequence: &Sequence| -> HashSet<AssessableId> {
            sequence.blocked.iter().map(|blocked| blocked.step.id).collect()
        };
        prop_assert!(waiting(&lenient).is_subset(&waiting(&strict)));
        let staged = |sequence: &Sequence| -> HashSet<AssessableId> {
            sequence.stages.concat().iter().map(|step| step.id).collect()
        };
        prop_assert!(staged(&strict).is_subset(&staged(&lenient)));
        prop_assert!(!strict.deadlocks.is_empty() || lenient.deadlocks.is_empty());
    }
}

proptest! {
    #[test]
    fn ending_a_step_creates_no_deadlock_and_unblocks_nothing(world in worlds(), readings in readings(), index in 0..MOST_STEPS) {
        let index = index % world.steps.len();
        let after = world.clone().with_ended(&[index]);
        let (before, after) = (world.answer(readings.as_deref(), &[]), after.answer(readings.as_deref(), &[]));
        let ids = |steps: &[Step]| -> HashSet<AssessableId> { steps.iter().map(|step| step.id).collect() };
        // No other step becomes ready, because nobody will do the step that ended.
        prop_assert!(ids(&after.ready).is_subset(&ids(&before.ready)));
        let (cycles_before, cycles_after) = (world.cycles(&before), world.cycles(&after));
        let is_open = |cycle: &&Vec<usize>| !cycle.contains(&index) || world.steps[index].is_done;
        for cycle in cycles_before.iter().filter(is_open) {
            prop_assert!(cycles_after.contains(cycle));
        }
        prop_assert!(world.steps[index].is_done || cycles_after.iter().all(|cycle| !cycle.contains(&index)));
    }
}
