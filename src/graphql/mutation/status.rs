//! The mutations that take a new status. Each kind of record with a status has two such mutations, with the same input. One
//! records the status, and the other submits it for review.

use super::assessment_input::{
    StatedAssessment, UpdateCaveatStatusInput, UpdateClauseStatusInput, UpdateProposalStatusInput,
};
use super::{Payload, mutation};
use crate::graphql::engine::call::Call;
use crate::graphql::engine::reader::Reader;
use crate::graphql::error::Error;

/// The mutations of the statuses of one kind of record.
pub(super) struct StatusMutations {
    /// `clause`.
    pub(super) record: &'static str,
    /// `Clause`.
    pub(super) object: &'static str,
    /// `ClauseAssessment`.
    pub(super) assessment: &'static str,
    /// The name of the mutation that records a status, its description, and the name of its payload.
    pub(super) update: [&'static str; 3],
    /// The same for the mutation that submits a status for review.
    pub(super) submit: [&'static str; 3],
    reader: fn(&'static Self, &'static str, &'static str, Run) -> Reader,
}

/// Executes a mutation with the assessment of its input.
type Run = fn(&mut Call<'_, '_>, &StatusMutations, StatedAssessment) -> Result<Payload, Error>;

impl StatusMutations {
    /// One of the two mutations: `run` executes it. Both have the same input. `description` describes the argument `input`.
    pub(super) fn reader(
        &'static self,
        payload: &'static str,
        description: &'static str,
        run: Run,
    ) -> Reader {
        (self.reader)(self, payload, description, run)
    }
}

/// Names the mutations of a kind of record: `status_mutations!("clause", "Clause", UpdateClauseStatusInput)`.
macro_rules! status_mutations {
    ($record:literal, $object:literal, $input:ident) => {
        StatusMutations {
            record: $record,
            object: $object,
            assessment: concat!($object, "Assessment"),
            update: [
                concat!("update", $object, "Status"),
                concat!("Records a new status of a ", $record, ". Earlier assessments stay in the history. The assessment in force is the latest by `effectiveOn`, then by `recordedAt`."),
                concat!("Update", $object, "StatusPayload"),
            ],
            submit: [
                concat!("submit", $object, "Status"),
                concat!("Submits a new status of a ", $record, " for review. The server performs the checks of `update", $object, "Status`. The public record does not change until another editor publishes the submission with `publishSubmission`."),
                concat!("Submit", $object, "StatusPayload"),
            ],
            reader: |of, payload, description, run| {
                mutation(payload, description, move |call, input: $input| run(call, of, input.read()))
            },
        }
    };
}

/// The mutations of each kind of record that has a status.
pub(super) static STATUS_MUTATIONS: [StatusMutations; 3] = [
    status_mutations!("clause", "Clause", UpdateClauseStatusInput),
    status_mutations!("proposal", "Proposal", UpdateProposalStatusInput),
    status_mutations!("caveat", "Caveat", UpdateCaveatStatusInput),
];
