//! Creating, updating and archiving clauses.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::deadline::DeadlineInput;
use super::input::{Ids, contents, set, set_optional};
use super::{archive, create, payload, update};
use crate::db;
use crate::domain::Kind;
use crate::domain::clause::{ClauseContent, ObligationContent};
use crate::graphql::assessment::Confidence;
use crate::graphql::batch::reader;
use crate::graphql::clause::{Clause, ClauseById, ClauseNature, ObligationRole};

payload!(CreateClausePayload, clause: Clause, ClauseById);
payload!(UpdateClausePayload, clause: Clause, ClauseById);
payload!(ArchiveClausePayload, clause: Clause, ClauseById);

/// A clause to create.
#[derive(Debug, InputObject)]
pub struct CreateClauseInput {
    /// The agreement that it is of.
    agreement_id: ID,
    /// The number as printed, with a dot before a letter: letters, digits, dots and hyphens, up to 32 characters. Unique in the agreement.
    number: String,
    /// Its place in the agreement, from 1. After the last where left out.
    position: Option<i32>,
    /// The clause of the same agreement that it is a part of.
    parent_id: Option<ID>,
    /// A short name, up to 300 characters.
    heading: String,
    /// What it says, in plain words; up to 20000 characters.
    summary: String,
    /// What it says, verbatim, where the source's licence allows; up to 20000 characters.
    text: Option<String>,
    /// Whether it can be done once and for all.
    nature: ClauseNature,
    /// What it is about.
    topic_id: ID,
    /// What this record rests on.
    source_id: Option<ID>,
    /// How sure this record is.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// What is uncertain about this record, up to 20000 characters.
    note: Option<String>,
    /// Who has what to do with it, according to whom.
    #[graphql(default)]
    obligations: Vec<ObligationInput>,
    /// When it is due, as each side counts.
    #[graphql(default)]
    deadlines: Vec<DeadlineInput>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a clause. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateClauseInput {
    /// The clause.
    clause_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// The number as printed, with a dot before a letter: letters, digits, dots and hyphens, up to 32 characters. Unique in the agreement.
    number: Option<String>,
    /// Its place in the agreement, from 1.
    position: Option<i32>,
    /// The clause of the same agreement that it is a part of. Null clears it.
    parent_id: MaybeUndefined<ID>,
    /// A short name, up to 300 characters.
    heading: Option<String>,
    /// What it says, in plain words; up to 20000 characters.
    summary: Option<String>,
    /// What it says, verbatim, where the source's licence allows; up to 20000 characters. Null clears it.
    text: MaybeUndefined<String>,
    /// Whether it can be done once and for all.
    nature: Option<ClauseNature>,
    /// What it is about.
    topic_id: Option<ID>,
    /// What this record rests on. Null clears it.
    source_id: MaybeUndefined<ID>,
    /// How sure this record is.
    confidence: Option<Confidence>,
    /// What is uncertain about this record, up to 20000 characters. Null clears it.
    note: MaybeUndefined<String>,
    /// Who has what to do with it, according to whom. Replaces the whole list.
    obligations: Option<Vec<ObligationInput>>,
    /// When it is due, as each side counts. Replaces the whole list.
    deadlines: Option<Vec<DeadlineInput>>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A clause to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveClauseInput {
    /// The clause.
    clause_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What a party has to do with a clause, according to someone.
#[derive(Debug, InputObject)]
pub struct ObligationInput {
    /// Who.
    party_id: ID,
    /// What they have to do with it.
    role: ObligationRole,
    /// According to whom: the id of a party. Undisputed where left out.
    held_by_id: Option<ID>,
}

impl ObligationInput {
    fn content(self, ids: &mut Ids, path: &str) -> ObligationContent {
        ObligationContent {
            party: ids.one(Kind::Party, &format!("{path}.party"), &self.party_id),
            role: self.role.into(),
            held_by: ids.optional(
                Kind::Party,
                &format!("{path}.held_by"),
                self.held_by_id.as_ref(),
            ),
        }
    }
}

/// Changing clauses.
#[derive(Default)]
pub struct ClauseMutation;

#[Object]
impl ClauseMutation {
    /// Creates a clause.
    async fn create_clause(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The clause.")] input: CreateClauseInput,
    ) -> Result<Option<CreateClausePayload>> {
        let mut ids = Ids::default();
        let agreement = ids.one(Kind::Agreement, "agreement", &input.agreement_id);
        let position = match input.position {
            Some(position) => position,
            None => {
                reader(context)?
                    .read(|connection| db::clause::last_position(connection, agreement))?
                    + 1
            }
        };
        let content = ClauseContent {
            agreement,
            number: input.number,
            position,
            parent: ids.optional(Kind::Clause, "parent", input.parent_id.as_ref()),
            heading: input.heading,
            summary: input.summary,
            text: input.text,
            nature: input.nature.into(),
            topic: ids.one(Kind::Topic, "topic", &input.topic_id),
            source: ids.optional(Kind::Source, "source", input.source_id.as_ref()),
            confidence: input.confidence.into(),
            note: input.note,
            obligations: contents(
                input.obligations,
                &mut ids,
                "obligations",
                ObligationInput::content,
            ),
            deadlines: contents(input.deadlines, &mut ids, "deadlines", |input, ids, path| {
                input.content(None, ids, path)
            }),
        };
        CreateClausePayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a clause. What is left out stays as it is.
    async fn update_clause(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateClauseInput,
    ) -> Result<Option<UpdateClausePayload>> {
        let mut ids = Ids::default();
        let parent = ids.maybe(Kind::Clause, "parent", input.parent_id);
        let topic = input.topic_id.as_ref().map(|id| ids.one(Kind::Topic, "topic", id));
        let source = ids.maybe(Kind::Source, "source", input.source_id);
        let obligations = input
            .obligations
            .map(|list| contents(list, &mut ids, "obligations", ObligationInput::content));
        let own = Some(&input.clause_id);
        let deadlines = input.deadlines.map(|list| {
            contents(list, &mut ids, "deadlines", |input, ids, path| input.content(own, ids, path))
        });
        let edit = |content: &mut ClauseContent| {
            set(&mut content.number, input.number);
            set(&mut content.position, input.position);
            set_optional(&mut content.parent, parent);
            set(&mut content.heading, input.heading);
            set(&mut content.summary, input.summary);
            set_optional(&mut content.text, input.text);
            set(&mut content.nature, input.nature);
            set(&mut content.topic, topic);
            set_optional(&mut content.source, source);
            set(&mut content.confidence, input.confidence);
            set_optional(&mut content.note, input.note);
            set(&mut content.obligations, obligations);
            set(&mut content.deadlines, deadlines);
        };
        let record = ("clauseId", &input.clause_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateClausePayload::of(context, outcome).await
    }

    /// Puts a clause away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_clause(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveClauseInput,
    ) -> Result<Option<ArchiveClausePayload>> {
        let record = ("clauseId", &input.clause_id);
        let outcome =
            archive::<ClauseContent>(context, record, input.expected_version, input.archived)?;
        ArchiveClausePayload::of(context, outcome).await
    }
}
