//! Creating, updating and archiving preconditions.

use super::input::{RecordId, Text, inputs};
use super::presence::{Optional, Required};
use crate::domain::id::of;
use crate::domain::precondition::PreconditionContent;
use crate::graphql::precondition::PreconditionKind;

inputs! {
    "a" "precondition" "Precondition", PreconditionContent;
    CreatePreconditionInput {}
    UpdatePreconditionInput, ArchivePreconditionInput { precondition_id }
    kind => kind: Required<PreconditionKind>, "What the step cannot do before the required record is done.";
    step_id => step: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that waits.";
    requires_id => requires: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that must be done first.";
    held_by_id => held_by: Optional<RecordId<of::Party>>, "Id of the party whose reading this is." [" Default: the text itself.", " Null means the text itself."];
    note => note: Optional<Text>, "Remarks on the precondition. At most 20000 characters." ["", " Null clears it."];
    source_id => source: Optional<RecordId<of::Source>>, "Id of the source of this record." [" Default: none.", " Null clears it."];
}
