//! Knots: steps all of which wait for each other, and the circles that they form.

use std::collections::{BTreeSet, VecDeque};

use petgraph::Direction;

use super::analysis::Edges;
use super::{MAX_DEADLOCKS, StepIndex};

/// Circles, the shortest first, then by their steps. Each begins with the step of its own that stands first, and each
/// of its steps requires the next.
pub(super) type Cycles = BTreeSet<(usize, Vec<StepIndex>)>;

/// A strongly connected component. Its steps have numbers of their own here, in the order of their places.
pub(super) struct Component {
    indices: Vec<StepIndex>,
    /// What each step requires, inside the knot.
    requires: Vec<Vec<usize>>,
    /// What requires each step, inside the knot.
    required_by: Vec<Vec<usize>>,
}

impl Component {
    /// The knot of these steps.
    pub(super) fn new(mut indices: Vec<StepIndex>, edges: &Edges) -> Self {
        indices.sort_unstable();
        let beside = |direction| {
            let inside = |index: &StepIndex| {
                let neighbors = edges.neighbors_directed(*index, direction);
                neighbors.filter_map(|other| indices.binary_search(&other).ok()).collect()
            };
            indices.iter().map(inside).collect()
        };
        let (requires, required_by) = (beside(Direction::Outgoing), beside(Direction::Incoming));
        Self { indices, requires, required_by }
    }

    /// Adds, for every edge in the knot, the shortest circle that it closes, as long as it is one of the shortest of all.
    pub(super) fn add_cycles(&self, cycles: &mut Cycles) {
        // Where there is one way in and one way out, what comes in closes the same circles as what goes out. So it is
        // enough to ask where ways meet or part; in a mere ring, anywhere.
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
            // Once there are enough, a longer one than the longest of them is of no use.
            let longest = match cycles.last() {
                Some((longest, _)) if cycles.len() == MAX_DEADLOCKS => *longest,
                _ => usize::MAX,
            };
            let ways = self.ways(start, longest);
            for last in self.required_by.get(start).into_iter().flatten() {
                cycles.extend(self.trace(&ways, *last).map(|cycle| (cycle.len(), cycle)));
                if cycles.len() > MAX_DEADLOCKS {
                    cycles.pop_last();
                }
            }
        }
    }

    /// For each step that `start` waits for on a way of at most `longest` steps, the one before it on a shortest way;
    /// `start` is before itself.
    fn ways(&self, start: usize, longest: usize) -> Vec<Option<usize>> {
        let mut ways = vec![None; self.indices.len()];
        let mut next = VecDeque::from([(start, start, 1)]);
        while let Some((before, number, length)) = next.pop_front() {
            let Some(way @ None) = ways.get_mut(number) else { continue };
            *way = Some(before);
            if length < longest {
                let requires = self.requires.get(number).into_iter().flatten();
                next.extend(requires.map(|required| (number, *required, length + 1)));
            }
        }
        ways
    }

    /// The circle that is closed by `last`, which requires the start of these ways; `None` where they do not lead to it.
    fn trace(&self, ways: &[Option<usize>], last: usize) -> Option<Vec<StepIndex>> {
        let mut cycle = Vec::new();
        let mut number = last;
        loop {
            cycle.push(*self.indices.get(number)?);
            let before = (*ways.get(number)?)?;
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
