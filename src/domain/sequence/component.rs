//! Strongly connected components, and their cycles.

use std::collections::{BTreeSet, VecDeque};

use petgraph::Direction;

use super::analysis::Edges;
use super::{MAX_DEADLOCKS, StepIndex};

/// Cycles, ordered by length, then by their steps. A cycle begins with the step that has the lowest index. Each step requires
/// the next.
pub(super) type Cycles = BTreeSet<(usize, Vec<StepIndex>)>;

/// A strongly connected component. Its steps are renumbered from 0, in order of their indices.
pub(super) struct Component {
    indices: Vec<StepIndex>,
    /// The steps that each step requires, inside the component.
    requires: Vec<Vec<usize>>,
    /// The steps that wait for each step, inside the component.
    required_by: Vec<Vec<usize>>,
}

impl Component {
    /// The component of these steps.
    pub(super) fn new(mut indices: Vec<StepIndex>, edges: &Edges) -> Self {
        indices.sort_unstable();
        let adjacent = |direction| {
            let inside = |index: &StepIndex| {
                let neighbors = edges.neighbors_directed(*index, direction);
                neighbors.filter_map(|other| indices.binary_search(&other).ok()).collect()
            };
            indices.iter().map(inside).collect()
        };
        let (requires, required_by) =
            (adjacent(Direction::Outgoing), adjacent(Direction::Incoming));
        Self { indices, requires, required_by }
    }

    /// Adds the shortest cycle through each edge of the component. `cycles` keeps only the [`MAX_DEADLOCKS`] shortest
    /// cycles of all components.
    pub(super) fn add_cycles(&self, cycles: &mut Cycles) {
        // Every cycle through a step with one incoming and one outgoing edge also contains its neighbours. So it is
        // enough to start at the steps with several edges in or out. In a simple ring, any one step is enough.
        let numbers = 0..self.indices.len();
        let count = |lists: &[Vec<usize>], number: usize| lists.get(number).map_or(0, Vec::len);
        let is_crossing = |number: &usize| {
            count(&self.requires, *number) > 1 || count(&self.required_by, *number) > 1
        };
        let mut crossings: Vec<usize> = numbers.filter(is_crossing).collect();
        if crossings.is_empty() {
            crossings.push(0);
        }
        for start in crossings {
            // If the maximum number of cycles has been found, cycles that are longer than all of them are not needed.
            let longest = match cycles.last() {
                Some((longest, _)) if cycles.len() == MAX_DEADLOCKS => *longest,
                _ => usize::MAX,
            };
            let predecessors = self.predecessors(start, longest);
            for last in self.required_by.get(start).into_iter().flatten() {
                cycles.extend(self.trace(&predecessors, *last).map(|cycle| (cycle.len(), cycle)));
                if cycles.len() > MAX_DEADLOCKS {
                    cycles.pop_last();
                }
            }
        }
    }

    /// For each step that `start` reaches in at most `longest` edges: its predecessor on a shortest path. The predecessor of
    /// `start` is `start`.
    fn predecessors(&self, start: usize, longest: usize) -> Vec<Option<usize>> {
        let mut predecessors = vec![None; self.indices.len()];
        let mut next = VecDeque::from([(start, start, 1)]);
        while let Some((before, number, length)) = next.pop_front() {
            let Some(predecessor @ None) = predecessors.get_mut(number) else { continue };
            *predecessor = Some(before);
            if length < longest {
                let requires = self.requires.get(number).into_iter().flatten();
                next.extend(requires.map(|required| (number, *required, length + 1)));
            }
        }
        predecessors
    }

    /// The cycle that consists of a shortest path from the start to `last` and the edge from `last` to the start.
    /// `None` if no path reaches `last`.
    fn trace(&self, predecessors: &[Option<usize>], last: usize) -> Option<Vec<StepIndex>> {
        let mut cycle = Vec::new();
        let mut number = last;
        loop {
            cycle.push(*self.indices.get(number)?);
            let before = (*predecessors.get(number)?)?;
            if before == number {
                break;
            }
            number = before;
        }
        cycle.reverse();
        let first = cycle.iter().enumerate().min_by_key(|(_, index)| **index)?.0;
        cycle.rotate_left(first);
        Some(cycle)
    }
}
