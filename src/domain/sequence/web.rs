//! What follows from what counts: stages, what is ready or blocked, circles, keystones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use super::knot::{Circles, Knot};
use super::{Blocked, Deadlock, Graph, Place, Precondition, Sequence};
use crate::domain::id::{PartyId, TrackableId};

/// From what waits to what it requires, with every precondition that says so.
pub(super) type Edges<'a> = DiGraphMap<Place, Vec<&'a Precondition>>;

/// The steps that a question is about, and what they wait for as far as it counts.
pub(super) struct Web<'a> {
    graph: &'a Graph,
    places: BTreeSet<Place>,
    done: BTreeSet<Place>,
    unfinished: Vec<Place>,
    edges: Edges<'a>,
    /// The strongly connected components, each after those that it requires: steps by themselves, and sets of steps
    /// that all wait for each other.
    knots: Vec<Vec<Place>>,
}

impl<'a> Web<'a> {
    /// These steps of a graph, of which some are done, and what the others of them wait for.
    pub(super) fn new(
        graph: &'a Graph,
        places: BTreeSet<Place>,
        done: BTreeSet<Place>,
        edges: Edges<'a>,
    ) -> Self {
        let unfinished = places.difference(&done).copied().collect();
        let knots = kosaraju_scc(&edges);
        Self { graph, places, done, unfinished, edges, knots }
    }

    /// The answer, whose readings are these.
    pub(super) fn answer(&self, readings: Vec<PartyId>) -> Sequence {
        let blocked: Vec<Blocked> =
            self.unfinished.iter().filter_map(|place| self.blocked(*place)).collect();
        let waiting: HashSet<TrackableId> = blocked.iter().map(|blocked| blocked.step.id).collect();
        let mut ready = self.graph.steps_at(&self.unfinished);
        ready.retain(|step| !waiting.contains(&step.id));
        let mut circles = Circles::new();
        for knot in &self.knots {
            Knot::new(knot.clone(), &self.edges).add_circles(&mut circles);
        }
        let deadlocks = circles.iter().map(|(_, circle)| self.deadlock(circle, &readings));
        Sequence {
            stages: self.stages().iter().map(|stage| self.graph.steps_at(stage)).collect(),
            ready,
            blocked,
            deadlocks: deadlocks.collect(),
            keystones: self.graph.steps_at(&self.keystones()),
            readings,
        }
    }

    fn stages(&self) -> Vec<Vec<Place>> {
        let mut ranks: HashMap<Place, usize> = HashMap::new();
        for knot in &self.knots {
            let [place] = knot.as_slice() else { continue };
            // What requires something without a rank has none either; so has what requires itself.
            let rank = self.edges.neighbors(*place).try_fold(1, |rank, required| {
                ranks.get(&required).map(|below| rank.max(below + 1))
            });
            ranks.extend(rank.map(|rank| (*place, rank)));
        }
        let mut stages: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
        for place in &self.places {
            if let Some(rank) = ranks.get(place) {
                stages.entry(*rank).or_default().push(*place);
            }
        }
        stages.into_values().collect()
    }

    /// What keeps a step from being done; `None` where nothing does.
    fn blocked(&self, place: Place) -> Option<Blocked> {
        let unmet =
            self.edges.edges(place).filter(|(_, required, _)| !self.done.contains(required));
        let (required, said): (Vec<Place>, Vec<_>) =
            unmet.map(|(_, required, said)| (required, said)).unzip();
        let waiting_for = self.graph.steps_at(&required);
        let preconditions = said.into_iter().flatten().map(|said| said.id).collect();
        let step = *self.graph.steps.get(place)?;
        (!waiting_for.is_empty()).then_some(Blocked { step, waiting_for, preconditions })
    }

    fn deadlock(&self, circle: &[Place], readings: &[PartyId]) -> Deadlock {
        let following = circle.iter().cycle().skip(1);
        let said = circle
            .iter()
            .zip(following)
            .filter_map(|(place, required)| self.edges.edge_weight(*place, *required));
        let said: Vec<&Precondition> = said.flatten().copied().collect();
        let holders: HashSet<PartyId> = said.iter().filter_map(|said| said.held_by).collect();
        Deadlock {
            steps: self.graph.steps_at(circle),
            preconditions: said.iter().map(|said| said.id).collect(),
            readings: readings.iter().filter(|party| holders.contains(party)).copied().collect(),
        }
    }

    /// The unfinished steps that others wait for, by how many do, directly or not.
    fn keystones(&self) -> Vec<Place> {
        let knots = self.knots.iter().enumerate();
        let knot_of: HashMap<Place, usize> = knots
            .flat_map(|(knot, places)| places.iter().map(move |place| (*place, knot)))
            .collect();
        let number = |place: &Place| knot_of.get(place).copied().unwrap_or_default();
        // From what waits to what it requires, so that each knot has heard from all that wait for it before it passes
        // on what it heard.
        let passes: Vec<(usize, usize)> = self
            .knots
            .iter()
            .rev()
            .flatten()
            .flat_map(|place| {
                self.edges.neighbors(*place).map(move |required| (number(place), number(&required)))
            })
            .collect();
        let mut held_up = vec![0; self.knots.len()];
        // Sixty-four steps at a time, one bit each.
        for waiting in self.unfinished.chunks(64) {
            let mut heard = vec![0_u64; self.knots.len()];
            for (bit, place) in waiting.iter().enumerate() {
                if let Some(heard) = heard.get_mut(number(place)) {
                    *heard |= 1 << bit;
                }
            }
            for (from, to) in &passes {
                let passed = heard.get(*from).copied().unwrap_or_default();
                if let Some(heard) = heard.get_mut(*to) {
                    *heard |= passed;
                }
            }
            for (count, heard) in held_up.iter_mut().zip(heard) {
                *count += heard.count_ones();
            }
        }
        // Each step was counted among those that wait for it.
        let count = |place: &Place| held_up.get(number(place)).copied().unwrap_or_default();
        let mut keystones = self.unfinished.clone();
        keystones.retain(|place| count(place) > 1);
        keystones.sort_by_key(|place| Reverse(count(place)));
        keystones
    }
}
