//! A small world of steps, parties and preconditions, named by their indexes.

use super::super::*;

/// Holder, waiting step and required step, as indexes.
pub(super) type Statement = (Option<usize>, usize, usize);

/// Steps and parties by index.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) steps: Vec<Step>,
    pub(super) parties: Vec<PartyId>,
    pub(super) statements: Vec<Statement>,
    pub(super) preconditions: Vec<Precondition>,
}

impl World {
    /// A world with these steps and preconditions. A step is given by the number of its owner and whether the step is done.
    pub(super) fn new(steps: &[(usize, bool)], statements: &[Statement]) -> Self {
        let owners: Vec<OwnerId> = (0..3).map(|_| OwnerId::new()).collect();
        let parties: Vec<PartyId> = (0..3).map(|_| PartyId::new()).collect();
        let steps: Vec<Step> = steps
            .iter()
            .map(|(owner, is_done)| Step {
                id: AssessableId::new(),
                kind: AssessableKind::Clause,
                owner: owners[*owner],
                is_begun: *is_done,
                is_done: *is_done,
                is_ended: false,
            })
            .collect();
        let precondition = |(holder, step, requires): &Statement| Precondition {
            id: PreconditionId::new(),
            step: steps[*step].id,
            requires: steps[*requires].id,
            needs: PreconditionNeed::Done,
            held_by: holder.map(|holder| parties[holder]),
        };
        let preconditions = statements.iter().map(precondition).collect();
        Self { steps, parties, statements: statements.to_vec(), preconditions }
    }

    /// The same world, but these steps have begun, and these preconditions only need the start of the required
    /// steps. Both arguments are indexes.
    pub(super) fn with_begun(mut self, steps: &[usize], preconditions: &[usize]) -> Self {
        for index in steps {
            self.steps[*index].is_begun = true;
        }
        for index in preconditions {
            self.preconditions[*index].needs = PreconditionNeed::Begun;
        }
        self
    }

    /// The same world, but the steps with these indexes have ended unless they are done.
    pub(super) fn with_ended(mut self, steps: &[usize]) -> Self {
        for index in steps {
            let step = &mut self.steps[*index];
            step.is_ended = !step.is_done;
            step.is_begun = step.is_done;
        }
        self
    }

    /// Whether a statement only needs the start of a step, and this step has begun but is not done.
    pub(super) fn has_begun(&self, statement: &Statement) -> bool {
        let index = self.statements.iter().position(|other| other == statement).unwrap();
        let step = self.steps[statement.2];
        let needs = self.preconditions[index].needs;
        needs == PreconditionNeed::Begun && step.is_begun && !step.is_done
    }

    pub(super) fn graph(&self) -> Graph {
        Graph::new(self.steps.clone(), self.preconditions.clone())
    }

    /// The question about the steps of the first step's owner, in the readings of these parties.
    pub(super) fn question(&self, readings: Option<&[usize]>, assume_done: &[usize]) -> Question {
        Question {
            owners: vec![self.steps[0].owner],
            readings: readings.map(|all| all.iter().map(|party| self.parties[*party]).collect()),
            assume_done: assume_done.iter().map(|index| self.steps[*index].id).collect(),
        }
    }

    pub(super) fn answer(&self, readings: Option<&[usize]>, assume_done: &[usize]) -> Sequence {
        self.graph().sequence(&self.question(readings, assume_done)).unwrap()
    }

    pub(super) fn index(&self, step: &Step) -> usize {
        self.steps.iter().position(|other| other.id == step.id).unwrap()
    }

    pub(super) fn indices(&self, steps: &[Step]) -> Vec<usize> {
        steps.iter().map(|step| self.index(step)).collect()
    }

    pub(super) fn cycles(&self, sequence: &Sequence) -> Vec<Vec<usize>> {
        sequence.deadlocks.iter().map(|deadlock| self.indices(&deadlock.steps)).collect()
    }

    /// The preconditions that count in the readings of these parties, whether or not they are met.
    pub(super) fn counted(&self, readings: Option<&[usize]>) -> Vec<Statement> {
        let reads_so = |party: &usize, step, requires| {
            !self.statements.contains(&(Some(*party), requires, step))
        };
        let counts = |(holder, step, requires): &Statement| match (readings, holder) {
            (None, _) => true,
            (Some(readings), Some(holder)) => readings.contains(holder),
            (Some(readings), None) => {
                readings.is_empty()
                    || readings.iter().any(|party| reads_so(party, *step, *requires))
            }
        };
        self.statements.iter().copied().filter(counts).collect()
    }
}
