//! Creating, updating and archiving preconditions.

use super::input::{RecordId, Text, inputs};
use super::presence::{Optional, Required};
use super::record::{Names, names};
use crate::domain::id::of;
use crate::domain::precondition::PreconditionContent;
use crate::graphql::engine::schema::Object;
use crate::graphql::precondition::PreconditionKind;

/// The names of the mutations.
pub const NAMES: Names = names!("a", "precondition", "Precondition");

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    NAMES.fields::<CreatePreconditionInput, UpdatePreconditionInput, ArchivePreconditionInput>(
        mutations,
    )
}

inputs! {
    "a" "precondition", PreconditionContent;
    CreatePreconditionInput {}
    UpdatePreconditionInput, ArchivePreconditionInput { precondition_id }
    kind => kind: Required<PreconditionKind>, "What the step cannot do before the required record is done.";
    step_id => step: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that waits.";
    requires_id => requires: Required<RecordId<of::Assessable>>, "Id of the clause, caveat or proposal that must be done first.";
    held_by_id => held_by: Optional<RecordId<of::Party>>, "Id of the party whose reading this is." [" Default: the text itself.", " Null means the text itself."];
    note => note: Optional<Text>, "Remarks on the precondition. At most 20000 characters." ["", " Null clears it."];
    source_id => source: Optional<RecordId<of::Source>>, "Id of the source of this record." [" Default: none.", " Null clears it."];
}
