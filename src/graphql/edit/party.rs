//! Creating, updating and archiving parties.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::party::PartyContent;
use crate::graphql::party::{Party, PartyById, PartyKind};

payload!(CreatePartyPayload, party: Party, PartyById);
payload!(UpdatePartyPayload, party: Party, PartyById);
payload!(ArchivePartyPayload, party: Party, PartyById);

/// A party to create.
#[derive(Debug, InputObject)]
pub struct CreatePartyInput {
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: String,
    /// Full name, up to 300 characters.
    name: String,
    /// Name for tables, up to 300 characters.
    short_name: String,
    /// What it is.
    kind: PartyKind,
    /// Of a PERSON: the party that they speak for.
    represents_id: Option<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a party. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdatePartyInput {
    /// The party.
    party_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// Full name, up to 300 characters.
    name: Option<String>,
    /// Name for tables, up to 300 characters.
    short_name: Option<String>,
    /// What it is.
    kind: Option<PartyKind>,
    /// Of a PERSON: the party that they speak for. Null clears it.
    represents_id: MaybeUndefined<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A party to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchivePartyInput {
    /// The party.
    party_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing parties.
#[derive(Default)]
pub struct PartyMutation;

#[Object]
impl PartyMutation {
    /// Creates a party.
    async fn create_party(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The party.")] input: CreatePartyInput,
    ) -> Result<Option<CreatePartyPayload>> {
        let mut ids = Ids::default();
        let content = PartyContent {
            slug: input.slug,
            name: input.name,
            short_name: input.short_name,
            kind: input.kind.into(),
            represents: ids.optional(Kind::Party, "represents", input.represents_id.as_ref()),
        };
        CreatePartyPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a party. What is left out stays as it is.
    async fn update_party(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdatePartyInput,
    ) -> Result<Option<UpdatePartyPayload>> {
        let mut ids = Ids::default();
        let represents = ids.maybe(Kind::Party, "represents", input.represents_id);
        let edit = |content: &mut PartyContent| {
            set(&mut content.slug, input.slug);
            set(&mut content.name, input.name);
            set(&mut content.short_name, input.short_name);
            set(&mut content.kind, input.kind);
            set_optional(&mut content.represents, represents);
        };
        let record = ("partyId", &input.party_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdatePartyPayload::of(context, outcome).await
    }

    /// Puts a party away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_party(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchivePartyInput,
    ) -> Result<Option<ArchivePartyPayload>> {
        let record = ("partyId", &input.party_id);
        let outcome =
            archive::<PartyContent>(context, record, input.expected_version, input.archived)?;
        ArchivePartyPayload::of(context, outcome).await
    }
}
