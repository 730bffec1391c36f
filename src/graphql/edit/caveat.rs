//! Creating, updating and archiving caveats.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, contents, set, set_optional};
use super::{archive, create, payload, update};
use crate::db;
use crate::domain::Kind;
use crate::domain::caveat::CaveatClauseLinkContent;
use crate::domain::caveat::CaveatContent;
use crate::domain::id::CaveatId;
use crate::graphql::assessment::Confidence;
use crate::graphql::batch::reader;
use crate::graphql::caveat::{Caveat, CaveatById, CaveatKind, CaveatLinkKind};

payload!(CreateCaveatPayload, caveat: Caveat, CaveatById);
payload!(UpdateCaveatPayload, caveat: Caveat, CaveatById);
payload!(ArchiveCaveatPayload, caveat: Caveat, CaveatById);

/// A caveat to create.
#[derive(Debug, InputObject)]
pub struct CreateCaveatInput {
    /// The proposal that it is of.
    proposal_id: ID,
    /// The number: letters, digits, dots and hyphens, up to 32 characters. Unique in the proposal.
    number: String,
    /// Its place in the proposal, from 1. After the last where left out.
    position: Option<i32>,
    /// What it does.
    kind: CaveatKind,
    /// A short name, up to 300 characters.
    heading: String,
    /// What it says, in plain words; up to 20000 characters.
    summary: String,
    /// What it says, verbatim, where the source's licence allows; up to 20000 characters.
    text: Option<String>,
    /// What it is about.
    topic_id: ID,
    /// Who would have to do it.
    #[graphql(default)]
    owed_by_ids: Vec<ID>,
    /// To whom it would be owed.
    #[graphql(default)]
    owed_to_ids: Vec<ID>,
    /// What would be given for it. Said on one side, it holds on both.
    #[graphql(default)]
    in_exchange_for_ids: Vec<ID>,
    /// The caveats of other proposals that it counters.
    #[graphql(default)]
    answers_ids: Vec<ID>,
    /// The clauses that it touches.
    #[graphql(default)]
    clause_links: Vec<CaveatClauseLinkInput>,
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

/// What to change in a caveat. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateCaveatInput {
    /// The caveat.
    caveat_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// The number: letters, digits, dots and hyphens, up to 32 characters. Unique in the proposal.
    number: Option<String>,
    /// Its place in the proposal, from 1.
    position: Option<i32>,
    /// What it does.
    kind: Option<CaveatKind>,
    /// A short name, up to 300 characters.
    heading: Option<String>,
    /// What it says, in plain words; up to 20000 characters.
    summary: Option<String>,
    /// What it says, verbatim, where the source's licence allows; up to 20000 characters. Null clears it.
    text: MaybeUndefined<String>,
    /// What it is about.
    topic_id: Option<ID>,
    /// Who would have to do it. Replaces the whole list.
    owed_by_ids: Option<Vec<ID>>,
    /// To whom it would be owed. Replaces the whole list.
    owed_to_ids: Option<Vec<ID>>,
    /// What would be given for it. Said on one side, it holds on both. Replaces the whole list.
    in_exchange_for_ids: Option<Vec<ID>>,
    /// The caveats of other proposals that it counters. Replaces the whole list.
    answers_ids: Option<Vec<ID>>,
    /// The clauses that it touches. Replaces the whole list.
    clause_links: Option<Vec<CaveatClauseLinkInput>>,
    /// What this record rests on. Null clears it.
    source_id: MaybeUndefined<ID>,
    /// How sure this record is.
    confidence: Option<Confidence>,
    /// What is uncertain about this record, up to 20000 characters. Null clears it.
    note: MaybeUndefined<String>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A caveat to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveCaveatInput {
    /// The caveat.
    caveat_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What a caveat is to a clause.
#[derive(Debug, InputObject)]
pub struct CaveatClauseLinkInput {
    /// The clause.
    clause_id: ID,
    /// What the caveat is to it.
    kind: CaveatLinkKind,
    /// What to know about the link, up to 20000 characters.
    note: Option<String>,
}

impl CaveatClauseLinkInput {
    fn content(self, ids: &mut Ids, path: &str) -> CaveatClauseLinkContent {
        CaveatClauseLinkContent {
            clause: ids.one(Kind::Clause, &format!("{path}.clause"), &self.clause_id),
            kind: self.kind.into(),
            note: self.note,
        }
    }
}

/// Changing caveats.
#[derive(Default)]
pub struct CaveatMutation;

#[Object]
impl CaveatMutation {
    /// Creates a caveat.
    async fn create_caveat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The caveat.")] input: CreateCaveatInput,
    ) -> Result<Option<CreateCaveatPayload>> {
        let mut ids = Ids::default();
        let proposal = ids.one(Kind::Proposal, "proposal", &input.proposal_id);
        let position = match input.position {
            Some(position) => position,
            None => {
                reader(context)?
                    .read(|connection| db::caveat::last_position(connection, proposal))?
                    + 1
            }
        };
        let content = CaveatContent {
            proposal,
            number: input.number,
            position,
            kind: input.kind.into(),
            heading: input.heading,
            summary: input.summary,
            text: input.text,
            topic: ids.one(Kind::Topic, "topic", &input.topic_id),
            owed_by: ids.list(Kind::Party, "owed_by", &input.owed_by_ids),
            owed_to: ids.list(Kind::Party, "owed_to", &input.owed_to_ids),
            in_exchange_for: ids.list(Kind::Caveat, "in_exchange_for", &input.in_exchange_for_ids),
            answers: ids.list(Kind::Caveat, "answers", &input.answers_ids),
            clause_links: contents(
                input.clause_links,
                &mut ids,
                "clause_links",
                CaveatClauseLinkInput::content,
            ),
            source: ids.optional(Kind::Source, "source", input.source_id.as_ref()),
            confidence: input.confidence.into(),
            note: input.note,
        };
        CreateCaveatPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a caveat. What is left out stays as it is.
    async fn update_caveat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCaveatInput,
    ) -> Result<Option<UpdateCaveatPayload>> {
        let mut ids = Ids::default();
        let topic = input.topic_id.as_ref().map(|id| ids.one(Kind::Topic, "topic", id));
        let owed_by = ids.maybe_list(Kind::Party, "owed_by", input.owed_by_ids);
        let owed_to = ids.maybe_list(Kind::Party, "owed_to", input.owed_to_ids);
        let in_exchange_for =
            ids.maybe_list(Kind::Caveat, "in_exchange_for", input.in_exchange_for_ids);
        let answers = ids.maybe_list(Kind::Caveat, "answers", input.answers_ids);
        let clause_links = input
            .clause_links
            .map(|list| contents(list, &mut ids, "clause_links", CaveatClauseLinkInput::content));
        let source = ids.maybe(Kind::Source, "source", input.source_id);
        let edit = |content: &mut CaveatContent| {
            set(&mut content.number, input.number);
            set(&mut content.position, input.position);
            set(&mut content.kind, input.kind);
            set(&mut content.heading, input.heading);
            set(&mut content.summary, input.summary);
            set_optional(&mut content.text, input.text);
            set(&mut content.topic, topic);
            set(&mut content.owed_by, owed_by);
            set(&mut content.owed_to, owed_to);
            // It has no order of its own: the same caveats in another order are no change.
            let same = |given: &Vec<CaveatId>| {
                given.len() == content.in_exchange_for.len()
                    && content.in_exchange_for.iter().all(|other| given.contains(other))
            };
            let in_exchange_for = in_exchange_for.filter(|given| !same(given));
            set(&mut content.in_exchange_for, in_exchange_for);
            set(&mut content.answers, answers);
            set(&mut content.clause_links, clause_links);
            set_optional(&mut content.source, source);
            set(&mut content.confidence, input.confidence);
            set_optional(&mut content.note, input.note);
        };
        let record = ("caveatId", &input.caveat_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateCaveatPayload::of(context, outcome).await
    }

    /// Puts a caveat away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_caveat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveCaveatInput,
    ) -> Result<Option<ArchiveCaveatPayload>> {
        let record = ("caveatId", &input.caveat_id);
        let outcome =
            archive::<CaveatContent>(context, record, input.expected_version, input.archived)?;
        ArchiveCaveatPayload::of(context, outcome).await
    }
}
