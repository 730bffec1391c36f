//! Mutations that create several clauses at once, with or without their agreement.

use async_graphql::InputObject;

use super::agreement::CreateAgreementInput;
use super::input::{Idempotency, Ids, RecordId, Text};
use super::record_input::CreateInput;
use super::{Payload, mutation, payload, write};
use crate::db::outline;
use crate::domain::Kind;
use crate::domain::id::{AgreementId, of};
use crate::domain::outline::{OutlineClause, find_parents};
use crate::graphql::clause::ClauseNature;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;

const CREATE_AGREEMENT: &str = "createAgreementWithClauses";
const CREATE_CLAUSES: &str = "createClauses";

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field(
            CREATE_AGREEMENT,
            "Creates an agreement with its clauses, all or none.",
            mutation(
                "CreateAgreementWithClausesPayload",
                "Content of the new agreement and its clauses.",
                create_agreement,
            ),
        )
        .field(
            CREATE_CLAUSES,
            "Creates clauses after the last clause of an agreement, all or none.",
            mutation("CreateClausesPayload", "New clauses.", create_clauses),
        )
}

/// The types of the payloads.
pub fn objects() -> [Object; 2] {
    ["CreateAgreementWithClausesPayload", "CreateClausesPayload"]
        .map(|name| payload(name, "agreement", "Agreement"))
}

/// A new agreement with its clauses.
#[derive(InputObject)]
pub struct CreateAgreementWithClausesInput {
    #[graphql(flatten)]
    agreement: CreateAgreementInput,
    /// Clauses of the agreement, in order. 1 to 1000.
    clauses: Vec<OutlineClauseInput>,
}

/// New clauses of an agreement.
#[derive(InputObject)]
pub struct CreateClausesInput {
    /// Id of the agreement.
    agreement_id: RecordId<of::Agreement>,
    /// Clauses, in order. 1 to 1000.
    clauses: Vec<OutlineClauseInput>,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// Content of a new clause that is created together with others. `updateClause` sets the other fields.
#[derive(InputObject)]
pub struct OutlineClauseInput {
    /// Number as printed, with a dot before a letter, such as `10.a`. Valid characters: letters, digits, dots and hyphens. At most 32 characters. Unique within the agreement.
    number: String,
    /// Number of an earlier item that contains this clause. Default: none.
    parent_number: Option<String>,
    /// Short name. At most 300 characters.
    heading: Text,
    /// Plain-language summary of the content. At most 20000 characters.
    summary: Text,
    /// Verbatim text, if the licence of the source permits it. At most 20000 characters.
    text: Option<Text>,
    /// Whether the obligation is one-off or continuing.
    nature: ClauseNature,
    /// Id of the topic.
    topic_id: RecordId<of::Topic>,
}

fn create_agreement(
    call: &mut Call<'_, '_>,
    input: CreateAgreementWithClausesInput,
) -> Result<Payload, Error> {
    let mut ids = Ids::default();
    let content = input.agreement.content(&mut ids);
    let clauses = read(input.clauses, &mut ids);
    create(call, CREATE_AGREEMENT, ids, |transaction| {
        outline::create_agreement(transaction, &content, &clauses)
    })
}

fn create_clauses(call: &mut Call<'_, '_>, input: CreateClausesInput) -> Result<Payload, Error> {
    let mut ids = Ids::default();
    let agreement = ids.one("agreement", &input.agreement_id);
    let clauses = read(input.clauses, &mut ids);
    create(call, CREATE_CLAUSES, ids, |transaction| {
        outline::create_clauses(transaction, agreement, &clauses)?;
        Ok(agreement)
    })
}

fn read(inputs: Vec<OutlineClauseInput>, ids: &mut Ids) -> Vec<OutlineClause> {
    let mut clauses: Vec<OutlineClause> = inputs
        .into_iter()
        .enumerate()
        .map(|(index, input)| OutlineClause {
            number: input.number,
            parent: input.parent_number,
            parent_index: None,
            heading: input.heading.into(),
            summary: input.summary.into(),
            text: input.text.map(Into::into),
            nature: input.nature.into(),
            topic: ids.one(&format!("clauses.{index}.topic"), &input.topic_id),
        })
        .collect();
    find_parents(&mut clauses);
    clauses
}

fn create(
    call: &mut Call<'_, '_>,
    name: &str,
    mut ids: Ids,
    work: impl FnOnce(&mut crate::db::Transaction<'_>) -> Result<AgreementId, crate::db::Error>,
) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    ids.rename("parent", "parentNumber");
    let renamed = ids.renamed();
    let outcome = ids.into_result().and_then(|()| write(call, name, &editor, work));
    let outcome = UserError::split(outcome, &renamed)?;
    Ok(Payload::of(outcome, |id| Payload::changed(Reference::new(Kind::Agreement, id))))
}
