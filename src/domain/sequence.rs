//! Sequence: the order of steps, and the steps that are blocked or deadlocked.
//!
//! The text itself states a precondition, or a party does in its reading of the text. A [`Graph`] contains the
//! preconditions of the text and of all parties. A [`Question`] selects the parties whose readings count, and the steps
//! that are assumed to be done.
//!
//! A step is open, done or ended. Done and ended steps wait for nothing, so they are never deadlocked. A step that requires
//! an ended step stays blocked.

use std::collections::{BTreeSet, HashMap, HashSet};

use self::analysis::{Analysis, Edges};
use super::Id;
use super::id::{AssessableId, PartyId, PreconditionId};
use super::precondition::PreconditionNeed;
use super::status::AssessableKind;

mod analysis;
mod component;
#[cfg(test)]
mod tests;

/// The maximum number of reported deadlocks. The shortest ones are reported.
pub const MAX_DEADLOCKS: usize = 100;

/// Marks ids of agreements and proposals.
pub enum Owner {}

/// The id of the owner of a step: an agreement or a proposal.
pub type OwnerId = Id<Owner>;

/// A clause, caveat or proposal in the order of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The id.
    pub id: AssessableId,
    /// The kind.
    pub kind: AssessableKind,
    /// The agreement of a clause, the proposal of a caveat, or the proposal itself.
    pub owner: OwnerId,
    /// Whether the step has begun. A step that is done has begun.
    pub is_begun: bool,
    /// Whether the step is done: no work is left.
    pub is_done: bool,
    /// Whether the step ended without being done, because of its own status or because its owner ended. In that case,
    /// `is_begun` is false.
    pub is_ended: bool,
}

/// A precondition between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Precondition {
    /// The id.
    pub id: PreconditionId,
    /// The step that waits.
    pub step: AssessableId,
    /// The step that must be done or begun first.
    pub requires: AssessableId,
    /// Whether the required step must be done, or must only have begun.
    pub needs: PreconditionNeed,
    /// The party whose reading this is. `None` if the text itself states the precondition.
    pub held_by: Option<PartyId>,
}

/// A question about a graph.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The owners of the steps. The steps that these steps require are included.
    pub owners: Vec<OwnerId>,
    /// Selects the preconditions that count. `None`: the preconditions of the text and of all parties. Empty: only the
    /// preconditions of the text. Otherwise: the preconditions of these parties, and the preconditions of the text that at
    /// least one of these parties does not contradict.
    pub readings: Option<Vec<PartyId>>,
    /// The steps that are assumed to be done.
    pub assume_done: Vec<AssessableId>,
}

/// The error for a record in `assume_done` that is neither a step of the owners nor required by such a step in any
/// reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAStep(pub AssessableId);

/// The sequence. Lists of steps are in the order of the graph, unless stated otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The parties whose preconditions count. They are in the order of the question, or in the order of the graph's
    /// preconditions if the question names no parties.
    pub readings: Vec<PartyId>,
    /// The steps in stages. After the first stage, each step requires at least one step of the previous stage. No step
    /// requires a step of its own or a later stage. Excludes deadlocked steps and the steps that require them.
    pub stages: Vec<Vec<Step>>,
    /// The steps that are neither done nor ended, and whose requirements are all met.
    pub ready: Vec<Step>,
    /// The steps that are neither done nor ended, and cannot be done yet.
    pub blocked: Vec<Blocked>,
    /// The steps that ended.
    pub ended: Vec<Step>,
    /// The deadlocks.
    pub deadlocks: Vec<Deadlock>,
    /// The steps that are not done and block other steps, directly or indirectly. The steps that block the most come
    /// first.
    pub keystones: Vec<Step>,
}

/// A step that cannot be done yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The step.
    pub step: Step,
    /// The required steps that are not done. A required step that must only have begun is included only if it has not begun.
    pub waiting_for: Vec<Step>,
    /// The preconditions that block the step, in the order of the required steps.
    pub preconditions: Vec<PreconditionId>,
}

/// A cycle of steps that require each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadlock {
    /// The steps. Each requires the next, and the last requires the first.
    pub steps: Vec<Step>,
    /// The preconditions between consecutive steps, in the same order.
    pub preconditions: Vec<PreconditionId>,
    /// The parties whose preconditions are in the cycle, in the order of the sequence's readings.
    pub readings: Vec<PartyId>,
}

/// The index of a step in its graph.
type StepIndex = usize;

/// A precondition, with the index of the required step.
struct Wait {
    requires: StepIndex,
    precondition: Precondition,
}

/// Steps, and the preconditions of the text and of all parties.
#[derive(Default)]
pub struct Graph {
    steps: Vec<Step>,
    indices: HashMap<AssessableId, StepIndex>,
    owned: HashMap<OwnerId, Vec<StepIndex>>,
    /// The preconditions of each step, by its index.
    waits: Vec<Vec<Wait>>,
    /// The preconditions of parties: party, waiting step, required step.
    stated: HashSet<(PartyId, StepIndex, StepIndex)>,
    /// The parties with preconditions, in the order of the preconditions.
    holders: Vec<PartyId>,
}

impl Graph {
    /// A graph of these steps and preconditions. The order of `steps` is the order of the graph. Ignores preconditions
    /// that name a record that is not one of the steps.
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
                graph.stated.insert((holder, step, requires));
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
    /// A record in `assume_done` is neither a step of the owners nor required by such a step in any reading.
    pub fn sequence(&self, question: &Question) -> Result<Sequence, NotAStep> {
        let assumed = self.assumed(question)?;
        let counts = |step, wait: &Wait| self.counts(question.readings.as_deref(), step, wait);
        let indices = self.reached(&question.owners, counts);
        let is_done = |index: &StepIndex| {
            assumed.contains(index) || self.steps.get(*index).is_some_and(|step| step.is_done)
        };
        let done: BTreeSet<StepIndex> = indices.iter().copied().filter(is_done).collect();
        let is_ended = |index: &StepIndex| {
            !done.contains(index) && self.steps.get(*index).is_some_and(|step| step.is_ended)
        };
        let ended: BTreeSet<StepIndex> = indices.iter().copied().filter(is_ended).collect();
        let mut edges = Edges::new();
        for &index in &indices {
            edges.add_node(index);
        }
        let mut counted_holders = HashSet::new();
        for &index in &indices {
            for wait in self.waits(index).filter(|wait| counts(index, wait)) {
                counted_holders.extend(wait.precondition.held_by);
                let waits_for_nothing = done.contains(&index) || ended.contains(&index);
                if waits_for_nothing || self.has_begun(wait, &done) {
                    // No edge is needed if the step is done or ended, or if the required step has begun and need not be
                    // done.
                } else if let Some(preconditions) = edges.edge_weight_mut(index, wait.requires) {
                    preconditions.push(&wait.precondition);
                } else {
                    edges.add_edge(index, wait.requires, vec![&wait.precondition]);
                }
            }
        }
        let readings = match &question.readings {
            None => self
                .holders
                .iter()
                .filter(|party| counted_holders.contains(party))
                .copied()
                .collect(),
            Some(given) => {
                let mut seen = HashSet::new();
                given.iter().filter(|party| seen.insert(**party)).copied().collect()
            }
        };
        Ok(Analysis::new(self, indices, done, ended, edges).answer(readings))
    }

    /// The indices of the steps that are assumed to be done.
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

    /// The steps of these owners, and all steps that those steps require, directly or indirectly. Follows only the
    /// preconditions for which `counts` returns true.
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

    /// Whether a precondition of `step` counts in the readings of these parties. If `readings` is `None`, all
    /// preconditions count.
    fn counts(&self, readings: Option<&[PartyId]>, step: StepIndex, wait: &Wait) -> bool {
        match (readings, wait.precondition.held_by) {
            (None, _) | (Some([]), None) => true,
            (Some(readings), Some(holder)) => readings.contains(&holder),
            // A party that states the reverse order of the two steps contradicts the text.
            (Some(readings), None) => {
                readings.iter().any(|party| !self.stated.contains(&(*party, wait.requires, step)))
            }
        }
    }

    /// Whether the precondition needs only the start of the required step, and this step has begun but is not done.
    fn has_begun(&self, wait: &Wait, done: &BTreeSet<StepIndex>) -> bool {
        wait.precondition.needs == PreconditionNeed::Begun
            && !done.contains(&wait.requires)
            && self.steps.get(wait.requires).is_some_and(|step| step.is_begun)
    }

    fn steps_at(&self, indices: &[StepIndex]) -> Vec<Step> {
        indices.iter().filter_map(|index| self.steps.get(*index)).copied().collect()
    }
}
