//! Creating, updating and archiving preconditions.

use super::input::{RecordId, inputs};
use super::presence::{Optional, Required};
use crate::domain::id::of;
use crate::domain::precondition::PreconditionContent;
use crate::domain::provenance::Provenance;
use crate::graphql::precondition::{PreconditionKind, PreconditionNeed};

inputs! {
    "a" "precondition" "Precondition", PreconditionContent;
    CreatePreconditionInput {}
    UpdatePreconditionInput, ArchivePreconditionInput { precondition_id }
    kind => kind: Required<PreconditionKind>, "Phase of the step that must wait until the required record reaches the state in `needs`.";
    step_id => step: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that waits.";
    requires_id => requires: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that must be done, or have begun, first.";
    #[graphql(default_with = "PreconditionNeed::Done")]
    needs => needs: Required<PreconditionNeed>, "Whether the required record must be done, or must only have begun.";
    held_by_id => held_by: Optional<RecordId<of::Party>>, "Id of the party whose reading this is." [" Default: the text itself.", " Null means the text itself."];
    ..provenance: Provenance;
}
