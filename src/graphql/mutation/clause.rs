//! Creating, updating and archiving clauses.

use async_graphql::InputObject;

use super::deadline::DeadlineInput;
use super::external_id::ExternalIdInput;
use super::input::{Given, Ids, RecordId, Text};
use super::presence::{List, Optional, Position, Required};
use super::provenance::ProvenanceInput;
use super::record_input::inputs;
use crate::domain::clause::{ClauseContent, DEFAULT_WEIGHT, ObligationContent};
use crate::domain::criterion::CriterionContent;
use crate::domain::id::of;
use crate::domain::provenance::Provenance;
use crate::graphql::clause::{ClauseNature, ObligationRole};
use crate::graphql::criterion::CriterionStatus;

inputs! {
    "a" "clause" "Clause", ClauseContent;
    CreateClauseInput {
        agreement_id => agreement: RecordId<of::Agreement>, "Id of the agreement that the clause belongs to.";
    }
    UpdateClauseInput, ArchiveClauseInput { clause_id }
    number => number: Required<String>, "Number as printed, with a dot before a letter, such as `10.a`. Valid characters: letters, digits, dots and hyphens. At most 32 characters. Unique within the agreement.";
    position => position: Position, "Position in the agreement. 1 to 100000. Moves the following clauses. A position beyond the last one means the last position." [" Default: after the last.", ""];
    parent_id => parent: Optional<RecordId<of::Clause>>, "Id of the clause of the same agreement that contains this clause." [" Default: none.", " Null clears it."];
    heading => heading: Required<Text>, "Short name. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    summary => summary: Required<Text>, "Plain-language summary of the content. At most 20000 characters.";
    text => text: Optional<Text>, "Verbatim text, if the licence of the source permits it. At most 20000 characters." ["", " Null clears it."];
    nature => nature: Required<ClauseNature>, "Whether the obligation is one-off or continuing.";
    topic_id => topic: Required<RecordId<of::Topic>>, "Id of the topic.";
    #[graphql(default_with = "DEFAULT_WEIGHT")]
    weight => weight: Required<i32>, "Weight in scores with the weighting WEIGHTS. 1 to 100.";
    #[graphql(default)]
    obligations => obligations: List<ObligationInput>, "Roles of parties in carrying out the clause, and the holder of each view." ["", " Replaces the whole list."];
    #[graphql(default)]
    deadlines => deadlines: List<DeadlineInput>, "Deadlines of the clause, undisputed or in the view of one party." ["", " Replaces the whole list."];
    #[graphql(default)]
    criteria => criteria: List<CriterionInput>, "Criteria for statuses of the clause: the evidence that each status requires. At most one for each status." ["", " Replaces the whole list."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
    ..provenance: Provenance;
}

/// Role of a party in carrying out a clause, undisputed or in the view of one party.
#[derive(InputObject)]
pub struct ObligationInput {
    /// Id of the party with this role.
    party_id: RecordId<of::Party>,
    /// Role of the party.
    role: ObligationRole,
    /// Id of the party that holds this view. Default: undisputed.
    held_by_id: Option<RecordId<of::Party>>,
    #[graphql(flatten)]
    provenance: ProvenanceInput,
}

impl Given<ObligationContent> for ObligationInput {
    fn read(self, ids: &mut Ids, path: &str) -> ObligationContent {
        ObligationContent {
            party: ids.one(&format!("{path}.party"), &self.party_id),
            role: self.role.into(),
            held_by: ids.optional(&format!("{path}.held_by"), self.held_by_id.as_ref()),
            provenance: self.provenance.read(ids, &format!("{path}.")),
        }
    }
}

/// Evidence required before a clause can be given a certain status.
#[derive(InputObject)]
pub struct CriterionInput {
    /// Status of the clause. Each status has at most one criterion.
    status: CriterionStatus,
    /// The required evidence, in words. At most 20000 characters.
    text: Text,
}

impl Given<CriterionContent> for CriterionInput {
    fn read(self, _ids: &mut Ids, _path: &str) -> CriterionContent {
        CriterionContent { status: self.status.into(), text: self.text.into() }
    }
}
