//! Creating, updating and archiving agreements.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, contents, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::agreement::AgreementContent;
use crate::domain::agreement::{
    AgreementPartyContent, AgreementRelationContent, ExternalIdContent,
};
use crate::graphql::agreement::{
    Agreement, AgreementById, AgreementKind, AgreementRelationKind, AgreementRole,
};
use crate::graphql::assessment::Confidence;
use crate::graphql::scalar::Date;

payload!(CreateAgreementPayload, agreement: Agreement, AgreementById);
payload!(UpdateAgreementPayload, agreement: Agreement, AgreementById);
payload!(ArchiveAgreementPayload, agreement: Agreement, AgreementById);

/// An agreement to create.
#[derive(Debug, InputObject)]
pub struct CreateAgreementInput {
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: String,
    /// Full title, up to 300 characters.
    title: String,
    /// Title for tables, up to 300 characters.
    short_title: String,
    /// What it is.
    kind: AgreementKind,
    /// How it was adopted, in a sentence; up to 20000 characters.
    adoption: String,
    /// The day it was agreed. Not after the day since when one of its clauses has a status.
    agreed_on: Date,
    /// Where it was agreed, up to 300 characters.
    place: Option<String>,
    /// What it is about, in plain words; up to 20000 characters.
    summary: String,
    /// What this record rests on.
    source_id: Option<ID>,
    /// How sure this record is.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// What is uncertain about this record, up to 20000 characters.
    note: Option<String>,
    /// Its identifiers elsewhere.
    #[graphql(default)]
    external_ids: Vec<ExternalIdInput>,
    /// Who takes part in it, as what, according to whom.
    #[graphql(default)]
    parties: Vec<AgreementPartyInput>,
    /// What it is to other agreements.
    #[graphql(default)]
    relations: Vec<AgreementRelationInput>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in an agreement. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateAgreementInput {
    /// The agreement.
    agreement_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// Full title, up to 300 characters.
    title: Option<String>,
    /// Title for tables, up to 300 characters.
    short_title: Option<String>,
    /// What it is.
    kind: Option<AgreementKind>,
    /// How it was adopted, in a sentence; up to 20000 characters.
    adoption: Option<String>,
    /// The day it was agreed. Not after the day since when one of its clauses has a status.
    agreed_on: Option<Date>,
    /// Where it was agreed, up to 300 characters. Null clears it.
    place: MaybeUndefined<String>,
    /// What it is about, in plain words; up to 20000 characters.
    summary: Option<String>,
    /// What this record rests on. Null clears it.
    source_id: MaybeUndefined<ID>,
    /// How sure this record is.
    confidence: Option<Confidence>,
    /// What is uncertain about this record, up to 20000 characters. Null clears it.
    note: MaybeUndefined<String>,
    /// Its identifiers elsewhere. Replaces the whole list.
    external_ids: Option<Vec<ExternalIdInput>>,
    /// Who takes part in it, as what, according to whom. Replaces the whole list.
    parties: Option<Vec<AgreementPartyInput>>,
    /// What it is to other agreements. Replaces the whole list.
    relations: Option<Vec<AgreementRelationInput>>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// An agreement to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveAgreementInput {
    /// The agreement.
    agreement_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// An identifier of an agreement in someone else's numbering.
#[derive(Debug, InputObject)]
pub struct ExternalIdInput {
    /// Whose numbering, such as `PA-X`; up to 300 characters.
    scheme: String,
    /// The identifier there, up to 300 characters.
    value: String,
}

impl ExternalIdInput {
    fn content(self, _ids: &mut Ids, _path: &str) -> ExternalIdContent {
        ExternalIdContent { scheme: self.scheme, value: self.value }
    }
}

/// A party's part in an agreement, according to someone.
#[derive(Debug, InputObject)]
pub struct AgreementPartyInput {
    /// Who takes part.
    party_id: ID,
    /// As what.
    role: AgreementRole,
    /// In which capacity, in words; up to 20000 characters.
    capacity: Option<String>,
    /// According to whom: the id of a party. Undisputed where left out.
    held_by_id: Option<ID>,
}

impl AgreementPartyInput {
    fn content(self, ids: &mut Ids, path: &str) -> AgreementPartyContent {
        AgreementPartyContent {
            party: ids.one(Kind::Party, &format!("{path}.party"), &self.party_id),
            role: self.role.into(),
            capacity: self.capacity,
            held_by: ids.optional(
                Kind::Party,
                &format!("{path}.held_by"),
                self.held_by_id.as_ref(),
            ),
        }
    }
}

/// What an agreement is to another.
#[derive(Debug, InputObject)]
pub struct AgreementRelationInput {
    /// What it is to the other.
    kind: AgreementRelationKind,
    /// The other agreement.
    agreement_id: ID,
}

impl AgreementRelationInput {
    fn content(self, ids: &mut Ids, path: &str) -> AgreementRelationContent {
        AgreementRelationContent {
            kind: self.kind.into(),
            agreement: ids.one(Kind::Agreement, &format!("{path}.agreement"), &self.agreement_id),
        }
    }
}

/// Changing agreements.
#[derive(Default)]
pub struct AgreementMutation;

#[Object]
impl AgreementMutation {
    /// Creates an agreement.
    async fn create_agreement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agreement.")] input: CreateAgreementInput,
    ) -> Result<Option<CreateAgreementPayload>> {
        let mut ids = Ids::default();
        let content = AgreementContent {
            slug: input.slug,
            title: input.title,
            short_title: input.short_title,
            kind: input.kind.into(),
            adoption: input.adoption,
            agreed_on: input.agreed_on.0,
            place: input.place,
            summary: input.summary,
            source: ids.optional(Kind::Source, "source", input.source_id.as_ref()),
            confidence: input.confidence.into(),
            note: input.note,
            external_ids: contents(
                input.external_ids,
                &mut ids,
                "external_ids",
                ExternalIdInput::content,
            ),
            parties: contents(input.parties, &mut ids, "parties", AgreementPartyInput::content),
            relations: contents(
                input.relations,
                &mut ids,
                "relations",
                AgreementRelationInput::content,
            ),
        };
        CreateAgreementPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about an agreement. What is left out stays as it is.
    async fn update_agreement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateAgreementInput,
    ) -> Result<Option<UpdateAgreementPayload>> {
        let mut ids = Ids::default();
        let source = ids.maybe(Kind::Source, "source", input.source_id);
        let external_ids = input
            .external_ids
            .map(|list| contents(list, &mut ids, "external_ids", ExternalIdInput::content));
        let parties = input
            .parties
            .map(|list| contents(list, &mut ids, "parties", AgreementPartyInput::content));
        let relations = input
            .relations
            .map(|list| contents(list, &mut ids, "relations", AgreementRelationInput::content));
        let edit = |content: &mut AgreementContent| {
            set(&mut content.slug, input.slug);
            set(&mut content.title, input.title);
            set(&mut content.short_title, input.short_title);
            set(&mut content.kind, input.kind);
            set(&mut content.adoption, input.adoption);
            set(&mut content.agreed_on, input.agreed_on.map(|day| day.0));
            set_optional(&mut content.place, input.place);
            set(&mut content.summary, input.summary);
            set_optional(&mut content.source, source);
            set(&mut content.confidence, input.confidence);
            set_optional(&mut content.note, input.note);
            set(&mut content.external_ids, external_ids);
            set(&mut content.parties, parties);
            set(&mut content.relations, relations);
        };
        let record = ("agreementId", &input.agreement_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateAgreementPayload::of(context, outcome).await
    }

    /// Puts an agreement away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_agreement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveAgreementInput,
    ) -> Result<Option<ArchiveAgreementPayload>> {
        let record = ("agreementId", &input.agreement_id);
        let outcome =
            archive::<AgreementContent>(context, record, input.expected_version, input.archived)?;
        ArchiveAgreementPayload::of(context, outcome).await
    }
}
