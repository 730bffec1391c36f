//! Creating, updating and archiving caveats.

use async_graphql::InputObject;

use super::external_id::ExternalIdInput;
use super::input::{Given, Ids, RecordId, Text};
use super::presence::{List, Optional, Position, Required, Unordered};
use super::record_input::inputs;
use crate::domain::caveat::{CaveatClauseLinkContent, CaveatContent};
use crate::domain::id::of;
use crate::domain::provenance::Provenance;
use crate::graphql::caveat::{CaveatKind, CaveatLinkKind};

inputs! {
    "a" "caveat" "Caveat", CaveatContent;
    CreateCaveatInput {
        proposal_id => proposal: RecordId<of::Proposal>, "Id of the proposal that the caveat belongs to.";
    }
    UpdateCaveatInput, ArchiveCaveatInput { caveat_id }
    number => number: Required<String>, "Number: letters, digits, dots and hyphens. At most 32 characters. Unique within the proposal.";
    position => position: Position, "Position in the proposal. 1 to 100000. Moves the following caveats. A position beyond the last one means the last position." [" Default: after the last.", ""];
    kind => kind: Required<CaveatKind>, "Kind of caveat.";
    heading => heading: Required<Text>, "Short name. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    summary => summary: Required<Text>, "Plain-language summary of the content. At most 20000 characters.";
    text => text: Optional<Text>, "Verbatim text, if the licence of the source permits it. At most 20000 characters." ["", " Null clears it."];
    topic_id => topic: Required<RecordId<of::Topic>>, "Id of the topic.";
    #[graphql(default)]
    owed_by_ids => owed_by: List<RecordId<of::Party>>, "Ids of the parties that would have to do what the caveat says." ["", " Replaces the whole list."];
    #[graphql(default)]
    owed_to_ids => owed_to: List<RecordId<of::Party>>, "Ids of the parties to which the caveat would be owed." ["", " Replaces the whole list."];
    #[graphql(default)]
    in_exchange_for_ids => in_exchange_for: Unordered<RecordId<of::Caveat>>, "Ids of the caveats offered in exchange for this one. Symmetric: the link is stored for both caveats." ["", " Replaces the whole list."];
    #[graphql(default)]
    answers_ids => answers: List<RecordId<of::Caveat>>, "Ids of the caveats of other proposals that this caveat counters." ["", " Replaces the whole list."];
    #[graphql(default)]
    clause_links => clause_links: List<CaveatClauseLinkInput>, "Links to clauses that the caveat affects." ["", " Replaces the whole list."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
    ..provenance: Provenance;
}

/// Relation of a caveat to a clause.
#[derive(InputObject)]
pub struct CaveatClauseLinkInput {
    /// Id of the clause.
    clause_id: RecordId<of::Clause>,
    /// Kind of relation.
    kind: CaveatLinkKind,
    /// Remarks on the link. At most 20000 characters.
    note: Option<Text>,
}

impl Given<CaveatClauseLinkContent> for CaveatClauseLinkInput {
    fn read(self, ids: &mut Ids, path: &str) -> CaveatClauseLinkContent {
        CaveatClauseLinkContent {
            clause: ids.one(&format!("{path}.clause"), &self.clause_id),
            kind: self.kind.into(),
            note: self.note.map(String::from),
        }
    }
}
