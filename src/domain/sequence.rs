//! Sequence: in which order steps can be taken, what waits for what, and what waits for itself in a circle.
//!
//! What must be done before what is a matter of reading. A [`Graph`] holds what the text and every party say; a
//! [`Question`] tells whose preconditions count, and what is taken to be done.

use std::collections::{BTreeSet, HashMap, HashSet};

use self::analysis::{Analysis, Edges};
use super::Id;
use super::id::{AssessableId, PartyId, PreconditionId};
use super::status::AssessableKind;

mod analysis;
mod component;
#[cfg(test)]
mod tests;

/// How many circles are reported at most: the shortest.
pub const MAX_DEADLOCKS: usize = 100;

/// Marks ids of agreements and proposals alike.
pub enum Owner {}

/// The id of what a step is a part of: an agreement or a proposal.
pub type OwnerId = Id<Owner>;

/// A clause, caveat or proposal that can be done, and be waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Which.
    pub id: AssessableId,
    /// Which of the three it is.
    pub kind: AssessableKind,
    /// A clause's agreement, a caveat's proposal; a proposal is its own.
    pub owner: OwnerId,
    /// Whether nothing is left to do.
    pub is_done: bool,
}

/// That a step cannot be done before another is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precondition {
    /// Which.
    pub id: PreconditionId,
    /// What waits.
    pub step: AssessableId,
    /// What must be done before.
    pub requires: AssessableId,
    /// In whose reading; the text's own where none.
    pub held_by: Option<PartyId>,
}

/// What is asked about a graph.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The agreements and proposals whose steps are meant, with everything that these require.
    pub owners: Vec<OwnerId>,
    /// Whose preconditions count. `None`: everyone's, and all of the text's. Empty: the text's alone. Otherwise what
    /// any of these parties says, and the text as any of them reads it: without what the party says the opposite of.
    pub readings: Option<Vec<PartyId>>,
    /// What is taken to be done.
    pub assume_done: Vec<AssessableId>,
}

/// A thing that was to be taken as done, and is none of the steps in anyone's reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAStep(pub AssessableId);

/// The answer. Lists of steps are in the order of the graph's steps where nothing else is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Whose preconditions counted beside the text's: in the question's order, or in that of the graph's preconditions.
    pub readings: Vec<PartyId>,
    /// The steps by when they can be done: each waits for some of the stage before, and for none of its own or a later
    /// one. What is in a circle, or waits for one, is left out.
    pub stages: Vec<Vec<Step>>,
    /// What is not done and could be: all that it requires is done.
    pub ready: Vec<Step>,
    /// What is not done and cannot be yet.
    pub blocked: Vec<Blocked>,
    /// The circles.
    pub deadlocks: Vec<Deadlock>,
    /// What is not done and holds others up, directly or not: what holds up most comes first.
    pub keystones: Vec<Step>,
}

/// A step that cannot be done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Which.
    pub step: Step,
    /// What it requires that is not done.
    pub waiting_for: Vec<Step>,
    /// The preconditions that say so, in the order of what they require.
    pub preconditions: Vec<PreconditionId>,
}

/// A circle of steps, none of which can be done before another of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadlock {
    /// The steps: each requires the next, and the last the first.
    pub steps: Vec<Step>,
    /// Every precondition that counts between one and the next, in the same order.
    pub preconditions: Vec<PreconditionId>,
    /// Whose preconditions are among them, in the order of the sequence's readings.
    pub readings: Vec<PartyId>,
}

/// The number of a step in its graph: where it stands in the order.
type StepIndex = usize;

/// A precondition, and where what it requires stands.
struct Wait {
    requires: StepIndex,
    precondition: Precondition,
}

/// Steps, and what everyone says about their order.
#[derive(Default)]
pub struct Graph {
    steps: Vec<Step>,
    indices: HashMap<AssessableId, StepIndex>,
    owned: HashMap<OwnerId, Vec<StepIndex>>,
    /// What each step waits for, by place.
    waits: Vec<Vec<Wait>>,
    /// Which party says of which step that it waits for which.
    said: HashSet<(PartyId, StepIndex, StepIndex)>,
    /// Everyone who says anything, in the order of the preconditions.
    holders: Vec<PartyId>,
}

impl Graph {
    /// A graph of these steps and preconditions, whose orders become those of the answers. A precondition of or for
    /// what is no step is left out.
    #[must_use]
    pub fn new(steps: Vec<Step>, preconditions: Vec<Precondition>) -> Self {
        let mut graph = Self::default();
        for (index, step) in steps.iter().enumerate() {
            graph.indices.insert(step.id, index);
            graph.owned.entry(step.owner).or_default().push(index);
            graph.waits.push(Vec::new());
        }
        graph.steps = steps;
        let mut holders = HashSet::new();
        for precondition in preconditions {
            let index = |id| graph.indices.get(&id).copied();
            let (Some(step), Some(requires)) =
                (index(precondition.step), index(precondition.requires))
            else {
                continue;
            };
            if let Some(holder) = precondition.held_by {
                graph.said.insert((holder, step, requires));
                if holders.insert(holder) {
                    graph.holders.push(holder);
                }
            }
            if let Some(waits) = graph.waits.get_mut(step) {
                waits.push(Wait { requires, precondition });
            }
        }
        for waits in &mut graph.waits {
            waits.sort_by_key(|wait| wait.requires);
        }
        graph
    }

    /// Answers a question.
    ///
    /// # Errors
    /// When something is to be taken as done that is no step, whoever's preconditions count.
    pub fn sequence(&self, question: &Question) -> Result<Sequence, NotAStep> {
        let assumed = self.assumed(question)?;
        let counts = |step, wait: &Wait| self.counts(question.readings.as_deref(), step, wait);
        let indices = self.reached(&question.owners, counts);
        let is_done = |index: &StepIndex| {
            assumed.contains(index) || self.steps.get(*index).is_some_and(|step| step.is_done)
        };
        let done: BTreeSet<StepIndex> = indices.iter().copied().filter(is_done).collect();
        let mut edges = Edges::new();
        for &index in &indices {
            edges.add_node(index);
        }
        let mut said_by = HashSet::new();
        for &index in &indices {
            for wait in self.waits(index).filter(|wait| counts(index, wait)) {
                said_by.extend(wait.precondition.held_by);
                if done.contains(&index) {
                    // What is done waits for nothing any more.
                } else if let Some(said) = edges.edge_weight_mut(index, wait.requires) {
                    said.push(&wait.precondition);
                } else {
                    edges.add_edge(index, wait.requires, vec![&wait.precondition]);
                }
            }
        }
        let readings = match &question.readings {
            None => self.holders.iter().filter(|party| said_by.contains(party)).copied().collect(),
            Some(given) => {
                let mut seen = HashSet::new();
                given.iter().filter(|party| seen.insert(**party)).copied().collect()
            }
        };
        Ok(Analysis::new(self, indices, done, edges).answer(readings))
    }

    /// Where what is taken to be done stands.
    fn assumed(&self, question: &Question) -> Result<HashSet<StepIndex>, NotAStep> {
        if question.assume_done.is_empty() {
            return Ok(HashSet::new());
        }
        let steps = self.reached(&question.owners, |_, _| true);
        let index = |id: &AssessableId| {
            let index = self.indices.get(id).copied();
            index.filter(|index| steps.contains(index)).ok_or(NotAStep(*id))
        };
        question.assume_done.iter().map(index).collect()
    }

    /// The steps of these owners, and whatever they require by the preconditions that count.
    fn reached(
        &self,
        owners: &[OwnerId],
        counts: impl Fn(StepIndex, &Wait) -> bool,
    ) -> BTreeSet<StepIndex> {
        let mut reached: BTreeSet<StepIndex> =
            owners.iter().filter_map(|owner| self.owned.get(owner)).flatten().copied().collect();
        let mut next: Vec<StepIndex> = reached.iter().copied().collect();
        while let Some(index) = next.pop() {
            for wait in self.waits(index) {
                if counts(index, wait) && reached.insert(wait.requires) {
                    next.push(wait.requires);
                }
            }
        }
        reached
    }

    fn waits(&self, index: StepIndex) -> impl Iterator<Item = &Wait> {
        self.waits.get(index).into_iter().flatten()
    }

    /// Whether what `step` waits for counts in these readings.
    fn counts(&self, readings: Option<&[PartyId]>, step: StepIndex, wait: &Wait) -> bool {
        match (readings, wait.precondition.held_by) {
            (None, _) | (Some([]), None) => true,
            (Some(readings), Some(holder)) => readings.contains(&holder),
            // A party that puts the same two steps the other way round does not read the text so.
            (Some(readings), None) => {
                readings.iter().any(|party| !self.said.contains(&(*party, wait.requires, step)))
            }
        }
    }

    fn steps_at(&self, indices: &[StepIndex]) -> Vec<Step> {
        indices.iter().filter_map(|index| self.steps.get(*index)).copied().collect()
    }
}
