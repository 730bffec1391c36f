//! Creating, updating and archiving agreements.

use async_graphql::InputObject;

use super::external_id::ExternalIdInput;
use super::input::{Given, Ids, RecordId, Text};
use super::presence::{List, Optional, Required};
use super::provenance::ProvenanceInput;
use super::record_input::inputs;
use super::topic_treatment::TopicTreatmentInput;
use crate::domain::agreement::{AgreementContent, AgreementPartyContent, AgreementRelationContent};
use crate::domain::ending::EndingContent;
use crate::domain::id::of;
use crate::domain::provenance::Provenance;
use crate::graphql::agreement::{AgreementKind, AgreementRelationKind, AgreementRole};
use crate::graphql::ending::EndingKind;
use crate::graphql::scalar::Date;

inputs! {
    "an" "agreement" "Agreement", AgreementContent;
    CreateAgreementInput {}
    UpdateAgreementInput, ArchiveAgreementInput { agreement_id }
    slug => slug: Required<String>, "Short name for addresses: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of agreements and proposals.";
    title => title: Required<Text>, "Full title. At most 300 characters.";
    short_title => short_title: Required<Text>, "Title for tables. At most 300 characters.";
    #[graphql(default)]
    aliases => aliases: List<String>, "Other names and spellings, in any language. At most 50, of at most 300 characters each." ["", " Replaces the whole list."];
    kind => kind: Required<AgreementKind>, "Kind of agreement.";
    adoption => adoption: Required<Text>, "How the agreement was adopted, in one sentence. At most 20000 characters.";
    agreed_on => agreed_on: Required<Date>, "Day of agreement. Must not be after the first day of any status of its clauses.";
    place => place: Optional<Text>, "Place of agreement. At most 300 characters." ["", " Null clears it."];
    summary => summary: Required<Text>, "Plain-language summary. At most 20000 characters.";
    covered_from => covered_from: Optional<Date>, "First day that the record of the agreement covers." ["", " Null clears it."];
    covered_to => covered_to: Optional<Date>, "Last day that the record of the agreement covers. Must not be before `coveredFrom`. A record that is kept up to date has no such day." ["", " Null clears it."];
    not_covered => not_covered: Optional<Text>, "Matters that the record of the agreement does not cover. At most 20000 characters." ["", " Null clears it."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
    #[graphql(default)]
    parties => parties: List<AgreementPartyInput>, "Parties to the agreement, their roles, and the holder of each view." ["", " Replaces the whole list."];
    #[graphql(default)]
    relations => relations: List<AgreementRelationInput>, "Relations of the agreement to other agreements." ["", " Replaces the whole list."];
    #[graphql(default)]
    endings => endings: List<AgreementEndingInput>, "Endings of the agreement: at most one in the neutral record, and at most one in the view of each party." ["", " Replaces the whole list."];
    #[graphql(default)]
    topic_treatments => topic_treatments: List<TopicTreatmentInput>, "How fully the text of the agreement treats each topic, as coded by a research dataset such as PA-X. At most 1000." ["", " Replaces the whole list."];
    ..provenance: Provenance;
}

/// Role of a party in an agreement, undisputed or in the view of one party.
#[derive(InputObject)]
pub struct AgreementPartyInput {
    /// Id of the party with this role.
    party_id: RecordId<of::Party>,
    /// Role of the party.
    role: AgreementRole,
    /// Capacity in which the party takes part, in words. At most 20000 characters.
    capacity: Option<Text>,
    /// Id of the party that holds this view. Default: undisputed.
    held_by_id: Option<RecordId<of::Party>>,
    #[graphql(flatten)]
    provenance: ProvenanceInput,
}

impl Given<AgreementPartyContent> for AgreementPartyInput {
    fn read(self, ids: &mut Ids, path: &str) -> AgreementPartyContent {
        AgreementPartyContent {
            party: ids.one(&format!("{path}.party"), &self.party_id),
            role: self.role.into(),
            capacity: self.capacity.map(String::from),
            held_by: ids.optional(&format!("{path}.held_by"), self.held_by_id.as_ref()),
            provenance: self.provenance.read(ids, &format!("{path}.")),
        }
    }
}

/// Relation of an agreement to another agreement.
#[derive(InputObject)]
pub struct AgreementRelationInput {
    /// Kind of relation to the other agreement.
    kind: AgreementRelationKind,
    /// Id of the other agreement.
    agreement_id: RecordId<of::Agreement>,
}

impl Given<AgreementRelationContent> for AgreementRelationInput {
    fn read(self, ids: &mut Ids, path: &str) -> AgreementRelationContent {
        AgreementRelationContent {
            kind: self.kind.into(),
            agreement: ids.one(&format!("{path}.agreement"), &self.agreement_id),
        }
    }
}

/// Ending of an agreement, in the neutral record or in the view of one party.
#[derive(InputObject)]
pub struct AgreementEndingInput {
    /// First day on which the agreement was no longer in force. Must not be before the day of agreement or in the future.
    ended_on: Date,
    /// Kind of the ending.
    kind: EndingKind,
    /// Id of the party that holds this view. Default: the neutral record.
    held_by_id: Option<RecordId<of::Party>>,
    #[graphql(flatten)]
    provenance: ProvenanceInput,
}

impl Given<EndingContent> for AgreementEndingInput {
    fn read(self, ids: &mut Ids, path: &str) -> EndingContent {
        EndingContent {
            ended_on: self.ended_on.into(),
            kind: self.kind.into(),
            held_by: ids.optional(&format!("{path}.held_by"), self.held_by_id.as_ref()),
            provenance: self.provenance.read(ids, &format!("{path}.")),
        }
    }
}
