//! Creating, updating and archiving parties.

use super::external_id::ExternalIdInput;
use super::input::{RecordId, Text, inputs};
use super::presence::{List, Optional, Required};
use crate::domain::id::of;
use crate::domain::party::PartyContent;
use crate::graphql::party::PartyKind;

inputs! {
    "a" "party" "Party", PartyContent;
    CreatePartyInput {}
    UpdatePartyInput, ArchivePartyInput { party_id }
    slug => slug: Required<String>, "Short name for addresses: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of records of this type.";
    name => name: Required<Text>, "Full name. At most 300 characters.";
    short_name => short_name: Required<Text>, "Name for tables. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    kind => kind: Required<PartyKind>, "Kind of party.";
    represents_id => represents: Optional<RecordId<of::Party>>, "Id of the party that a PERSON represents. Only valid for a PERSON." [" Default: none.", " Null clears it."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
}
