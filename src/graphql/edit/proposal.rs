//! Creating, updating and archiving proposals.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::proposal::ProposalContent;
use crate::graphql::assessment::Confidence;
use crate::graphql::proposal::{Proposal, ProposalById, ProposalStanding};
use crate::graphql::scalar::Date;

payload!(CreateProposalPayload, proposal: Proposal, ProposalById);
payload!(UpdateProposalPayload, proposal: Proposal, ProposalById);
payload!(ArchiveProposalPayload, proposal: Proposal, ProposalById);

/// A proposal to create.
#[derive(Debug, InputObject)]
pub struct CreateProposalInput {
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: String,
    /// Title, up to 300 characters.
    title: String,
    /// What it is about, in plain words; up to 20000 characters.
    summary: String,
    /// In whose name it speaks.
    standing: ProposalStanding,
    /// Whether it is put forward as all or nothing.
    #[graphql(default)]
    is_package: bool,
    /// The day it was made. Not after the day since when it or one of its caveats has a status.
    made_on: Date,
    /// Who put it forward; at least one.
    proposed_by_ids: Vec<ID>,
    /// Who is asked for an answer.
    #[graphql(default)]
    addressed_to_ids: Vec<ID>,
    /// The instruments that it is about.
    #[graphql(default)]
    agreement_ids: Vec<ID>,
    /// The proposal that it answers.
    responds_to_id: Option<ID>,
    /// What this record rests on.
    source_id: Option<ID>,
    /// How sure this record is.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// What is uncertain about this record, up to 20000 characters.
    note: Option<String>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a proposal. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// Title, up to 300 characters.
    title: Option<String>,
    /// What it is about, in plain words; up to 20000 characters.
    summary: Option<String>,
    /// In whose name it speaks.
    standing: Option<ProposalStanding>,
    /// Whether it is put forward as all or nothing.
    is_package: Option<bool>,
    /// The day it was made. Not after the day since when it or one of its caveats has a status.
    made_on: Option<Date>,
    /// Who put it forward; at least one. Replaces the whole list.
    proposed_by_ids: Option<Vec<ID>>,
    /// Who is asked for an answer. Replaces the whole list.
    addressed_to_ids: Option<Vec<ID>>,
    /// The instruments that it is about. Replaces the whole list.
    agreement_ids: Option<Vec<ID>>,
    /// The proposal that it answers. Null clears it.
    responds_to_id: MaybeUndefined<ID>,
    /// What this record rests on. Null clears it.
    source_id: MaybeUndefined<ID>,
    /// How sure this record is.
    confidence: Option<Confidence>,
    /// What is uncertain about this record, up to 20000 characters. Null clears it.
    note: MaybeUndefined<String>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A proposal to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveProposalInput {
    /// The proposal.
    proposal_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing proposals.
#[derive(Default)]
pub struct ProposalMutation;

#[Object]
impl ProposalMutation {
    /// Creates a proposal.
    async fn create_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: CreateProposalInput,
    ) -> Result<Option<CreateProposalPayload>> {
        let mut ids = Ids::default();
        let content = ProposalContent {
            slug: input.slug,
            title: input.title,
            summary: input.summary,
            standing: input.standing.into(),
            is_package: input.is_package,
            made_on: input.made_on.0,
            proposed_by: ids.list(Kind::Party, "proposed_by", &input.proposed_by_ids),
            addressed_to: ids.list(Kind::Party, "addressed_to", &input.addressed_to_ids),
            agreements: ids.list(Kind::Agreement, "agreements", &input.agreement_ids),
            responds_to: ids.optional(Kind::Proposal, "responds_to", input.responds_to_id.as_ref()),
            source: ids.optional(Kind::Source, "source", input.source_id.as_ref()),
            confidence: input.confidence.into(),
            note: input.note,
        };
        CreateProposalPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a proposal. What is left out stays as it is.
    async fn update_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateProposalInput,
    ) -> Result<Option<UpdateProposalPayload>> {
        let mut ids = Ids::default();
        let proposed_by = ids.maybe_list(Kind::Party, "proposed_by", input.proposed_by_ids);
        let addressed_to = ids.maybe_list(Kind::Party, "addressed_to", input.addressed_to_ids);
        let agreements = ids.maybe_list(Kind::Agreement, "agreements", input.agreement_ids);
        let responds_to = ids.maybe(Kind::Proposal, "responds_to", input.responds_to_id);
        let source = ids.maybe(Kind::Source, "source", input.source_id);
        let edit = |content: &mut ProposalContent| {
            set(&mut content.slug, input.slug);
            set(&mut content.title, input.title);
            set(&mut content.summary, input.summary);
            set(&mut content.standing, input.standing);
            set(&mut content.is_package, input.is_package);
            set(&mut content.made_on, input.made_on.map(|day| day.0));
            set(&mut content.proposed_by, proposed_by);
            set(&mut content.addressed_to, addressed_to);
            set(&mut content.agreements, agreements);
            set_optional(&mut content.responds_to, responds_to);
            set_optional(&mut content.source, source);
            set(&mut content.confidence, input.confidence);
            set_optional(&mut content.note, input.note);
        };
        let record = ("proposalId", &input.proposal_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateProposalPayload::of(context, outcome).await
    }

    /// Puts a proposal away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveProposalInput,
    ) -> Result<Option<ArchiveProposalPayload>> {
        let record = ("proposalId", &input.proposal_id);
        let outcome =
            archive::<ProposalContent>(context, record, input.expected_version, input.archived)?;
        ArchiveProposalPayload::of(context, outcome).await
    }
}
