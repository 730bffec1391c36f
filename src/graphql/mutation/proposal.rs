//! Creating, updating and archiving proposals.

use super::external_id::ExternalIdInput;
use super::input::{RecordId, Text};
use super::presence::{List, Optional, Required};
use super::record_input::inputs;
use crate::domain::id::of;
use crate::domain::proposal::ProposalContent;
use crate::domain::provenance::Provenance;
use crate::graphql::proposal::ProposalStanding;
use crate::graphql::scalar::Date;

inputs! {
    "a" "proposal" "Proposal", ProposalContent;
    CreateProposalInput {}
    UpdateProposalInput, ArchiveProposalInput { proposal_id }
    slug => slug: Required<String>, "Short name for addresses: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of agreements and proposals.";
    title => title: Required<Text>, "Title. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    summary => summary: Required<Text>, "Plain-language summary. At most 20000 characters.";
    standing => standing: Required<ProposalStanding>, "Whether the proposal is official or unofficial.";
    #[graphql(default)]
    is_package => is_package: Required<bool>, "Whether the proposal must be accepted or rejected as a whole.";
    made_on => made_on: Required<Date>, "Day the proposal was made. Must not be after the first day of any status of the proposal or of its caveats.";
    proposed_by_ids => proposed_by: List<RecordId<of::Party>>, "Ids of the parties that made the proposal. At least one." ["", " Replaces the whole list."];
    #[graphql(default)]
    addressed_to_ids => addressed_to: List<RecordId<of::Party>>, "Ids of the parties asked to answer." ["", " Replaces the whole list."];
    #[graphql(default)]
    agreement_ids => agreements: List<RecordId<of::Agreement>>, "Ids of the agreements that the proposal is about." ["", " Replaces the whole list."];
    responds_to_id => responds_to: Optional<RecordId<of::Proposal>>, "Id of the proposal that this one answers." [" Default: none.", " Null clears it."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
    ..provenance: Provenance;
}
