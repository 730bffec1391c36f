//! Analysis of a graph: stages, ready and blocked steps, deadlocks, keystones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::component::{Component, Cycles};
use super::{Blocked, Deadlock, Graph, Precondition, Sequence, StepIndex};
use crate::domain::id::{AssessableId, PartyId};

/// Edges from waiting to required steps, with their preconditions.
pub(super) type Edges<'a> = DiGraphMap<StepIndex, Vec<&'a Precondition>>;

/// The steps of a question, with the preconditions that count.
pub(super) struct Analysis<'a> {
    graph: &'a Graph,
    indices: BTreeSet<StepIndex>,
    done: BTreeSet<StepIndex>,
    ended: BTreeSet<StepIndex>,
    /// The steps that are not done, including the steps that ended.
    unfinished: Vec<StepIndex>,
    edges: Edges<'a>,
    /// The strongly connected components. Each component follows the components that it requires. A component is a single
    /// step, or a set of steps that all wait for each other.
    components: Vec<Vec<StepIndex>>,
}

impl<'a> Analysis<'a> {
    /// An analysis of these steps. Only steps that are neither done nor ended have edges.
    pub(super) fn new(
        graph: &'a Graph,
        indices: BTreeSet<StepIndex>,
        done: BTreeSet<StepIndex>,
        ended: BTreeSet<StepIndex>,
        edges: Edges<'a>,
    ) -> Self {
        let unfinished = indices.difference(&done).copied().collect();
        let components = kosaraju_scc(&edges);
        Self { graph, indices, done, ended, unfinished, edges, components }
    }

    /// The sequence. `readings` are the parties whose preconditions count.
    pub(super) fn answer(&self, readings: Vec<PartyId>) -> Sequence {
        let blocked: Vec<Blocked> =
            self.unfinished.iter().filter_map(|index| self.blocked(*index)).collect();
        let waiting: HashSet<AssessableId> =
            blocked.iter().map(|blocked| blocked.step.id).collect();
        let ended: Vec<StepIndex> = self.ended.iter().copied().collect();
        let pending: Vec<StepIndex> =
            self.unfinished.iter().filter(|index| !self.ended.contains(index)).copied().collect();
        let mut ready = self.graph.steps_at(&pending);
        ready.retain(|step| !waiting.contains(&step.id));
        let mut cycles = Cycles::new();
        for component in &self.components {
            Component::new(component.clone(), &self.edges).add_cycles(&mut cycles);
        }
        let deadlocks = cycles.iter().map(|(_, cycle)| self.deadlock(cycle, &readings));
        Sequence {
            stages: self.stages().iter().map(|stage| self.graph.steps_at(stage)).collect(),
            ready,
            blocked,
            ended: self.graph.steps_at(&ended),
            deadlocks: deadlocks.collect(),
            keystones: self.graph.steps_at(&self.keystones()),
            readings,
        }
    }

    fn stages(&self) -> Vec<Vec<StepIndex>> {
        let mut ranks: HashMap<StepIndex, usize> = HashMap::new();
        for component in &self.components {
            let [index] = component.as_slice() else { continue };
            // The rank of a step is the number of its stage. A step has no rank if it requires itself
            // or a step without a rank.
            let rank = self.edges.neighbors(*index).try_fold(1, |rank, required| {
                ranks.get(&required).map(|below| rank.max(below + 1))
            });
            ranks.extend(rank.map(|rank| (*index, rank)));
        }
        let mut stages: BTreeMap<usize, Vec<StepIndex>> = BTreeMap::new();
        for index in &self.indices {
            if let Some(rank) = ranks.get(index) {
                stages.entry(*rank).or_default().push(*index);
            }
        }
        stages.into_values().collect()
    }

    /// The preconditions that block a step. `None` if the step is not blocked.
    fn blocked(&self, index: StepIndex) -> Option<Blocked> {
        let unmet =
            self.edges.edges(index).filter(|(_, required, _)| !self.done.contains(required));
        let (required, preconditions): (Vec<StepIndex>, Vec<_>) =
            unmet.map(|(_, required, preconditions)| (required, preconditions)).unzip();
        let waiting_for = self.graph.steps_at(&required);
        let preconditions =
            preconditions.into_iter().flatten().map(|precondition| precondition.id).collect();
        let step = *self.graph.steps.get(index)?;
        (!waiting_for.is_empty()).then_some(Blocked { step, waiting_for, preconditions })
    }

    fn deadlock(&self, cycle: &[StepIndex], readings: &[PartyId]) -> Deadlock {
        let following = cycle.iter().cycle().skip(1);
        let edges = cycle
            .iter()
            .zip(following)
            .filter_map(|(index, required)| self.edges.edge_weight(*index, *required));
        let preconditions: Vec<&Precondition> = edges.flatten().copied().collect();
        let holders: HashSet<PartyId> =
            preconditions.iter().filter_map(|precondition| precondition.held_by).collect();
        Deadlock {
            steps: self.graph.steps_at(cycle),
            preconditions: preconditions.iter().map(|precondition| precondition.id).collect(),
            readings: readings.iter().filter(|party| holders.contains(party)).copied().collect(),
        }
    }

    /// The unfinished steps that block other steps, directly or indirectly. The steps that block the most come first.
    fn keystones(&self) -> Vec<StepIndex> {
        let components = self.components.iter().enumerate();
        let component_of: HashMap<StepIndex, usize> = components
            .flat_map(|(component, indices)| indices.iter().map(move |index| (*index, component)))
            .collect();
        let number = |index: &StepIndex| component_of.get(index).copied().unwrap_or_default();
        // Pairs of a waiting and a required component. They are ordered so that a component has collected all steps
        // that wait for it before it passes these steps on to the components that it requires.
        let transfers: Vec<(usize, usize)> = self
            .components
            .iter()
            .rev()
            .flatten()
            .flat_map(|index| {
                self.edges.neighbors(*index).map(move |required| (number(index), number(&required)))
            })
            .collect();
        let mut blocked_counts = vec![0; self.components.len()];
        // Processes the waiting steps in groups of 64, with one bit for each.
        for waiting in self.unfinished.chunks(64) {
            let mut waiting_bits = vec![0_u64; self.components.len()];
            for (bit, index) in waiting.iter().enumerate() {
                if let Some(waiting_bits) = waiting_bits.get_mut(number(index)) {
                    *waiting_bits |= 1 << bit;
                }
            }
            for (from, to) in &transfers {
                let passed = waiting_bits.get(*from).copied().unwrap_or_default();
                if let Some(waiting_bits) = waiting_bits.get_mut(*to) {
                    *waiting_bits |= passed;
                }
            }
            for (count, waiting_bits) in blocked_counts.iter_mut().zip(waiting_bits) {
                *count += waiting_bits.count_ones();
            }
        }
        // A count above 1 means that another step waits: each step was also counted as waiting for itself.
        let count =
            |index: &StepIndex| blocked_counts.get(number(index)).copied().unwrap_or_default();
        let mut keystones = self.unfinished.clone();
        keystones.retain(|index| count(index) > 1);
        keystones.sort_by_key(|index| Reverse(count(index)));
        keystones
    }
}
