//! Mutations. Each runs in a separate transaction. Its payload is read after the commit, like the result of a query.

mod agreement;
mod assessment;
mod assessment_batch;
mod assessment_input;
mod caveat;
mod citation;
mod clause;
mod coding;
mod date;
mod deadline;
mod event;
mod evidence;
mod external_id;
mod input;
mod interpretation;
mod outline;
mod party;
mod precondition;
mod presence;
mod proposal;
mod provenance;
mod record;
mod record_batch;
mod record_input;
mod source;
mod status;
mod status_check;
mod submission;
mod token;
mod topic;
mod topic_treatment;
mod webhook;

use async_graphql::{InputType, Value};

use super::engine::call::{Call, Reference, Resolved};
use super::engine::coerce::Arguments;
use super::engine::link::{each, reference, value_list};
use super::engine::reader::{Reader, call};
use super::engine::schema::Object;
use super::error::Error;
use super::user_error::UserError;
use crate::db;
use crate::db::assessment_batch::ItemResult;
use crate::domain::Id;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;

pub fn object() -> Object {
    Object::new(
        "Mutation",
        "All mutations. They require the role EDITOR. Managing access tokens and webhooks requires the role ADMIN.",
    )
    .fields(agreement::mutations)
    .fields(assessment::mutations)
    .fields(assessment_batch::mutations)
    .fields(caveat::mutations)
    .fields(clause::mutations)
    .fields(coding::mutations)
    .fields(event::mutations)
    .fields(interpretation::mutations)
    .fields(outline::mutations)
    .fields(party::mutations)
    .fields(precondition::mutations)
    .fields(proposal::mutations)
    .fields(record_batch::mutations)
    .fields(source::mutations)
    .fields(status_check::mutations)
    .fields(submission::mutations)
    .fields(token::mutations)
    .fields(topic::mutations)
    .fields(webhook::mutations)
}

pub fn objects() -> Vec<Object> {
    let mut objects = Vec::new();
    for names in [
        agreement::NAMES,
        caveat::NAMES,
        clause::NAMES,
        event::NAMES,
        interpretation::NAMES,
        party::NAMES,
        precondition::NAMES,
        proposal::NAMES,
        source::NAMES,
        topic::NAMES,
    ] {
        objects.extend(names.objects());
    }
    objects.extend(assessment::objects());
    objects.extend(assessment_batch::objects());
    objects.extend(coding::objects());
    objects.extend(status_check::objects());
    objects.extend(submission::objects());
    objects.extend(outline::objects());
    objects.extend(record_batch::objects());
    objects.extend(token::objects());
    objects.extend(webhook::objects());
    objects
}

type MutationResult<T> = Result<T, Vec<UserError>>;

/// The result of a mutation: the changed records, or the errors in the input.
#[derive(Default)]
struct Payload {
    record: Option<Reference>,
    /// The records, if the mutation changes several.
    records: Vec<Reference>,
    assessment: Option<Reference>,
    status_check: Option<Reference>,
    submission: Option<Reference>,
    /// The effect of each assessment, if the mutation records several.
    items: Vec<ItemResult>,
    /// The secret of a new access token or webhook.
    secret: Option<String>,
    errors: Vec<UserError>,
}

impl Payload {
    fn changed(record: Reference) -> Self {
        Self { record: Some(record), ..Self::default() }
    }

    /// The payload of an outcome. `written` creates it if there are no errors.
    fn of<T>(outcome: MutationResult<T>, written: impl FnOnce(T) -> Self) -> Self {
        outcome.map_or_else(|errors| Self { errors, ..Self::default() }, written)
    }
}

/// The type of a payload. Its field `record`, of the type `ty`, is the changed record.
fn payload(name: &'static str, record: &'static str, ty: &'static str) -> Object {
    payload_with(
        name,
        record,
        ty,
        "The record after the change. Null if `userErrors` is not empty.",
    )
}

/// The type of a payload, with a description of its record.
fn payload_with(
    name: &'static str,
    record: &'static str,
    ty: &'static str,
    description: &'static str,
) -> Object {
    let object = Object::new(name, "Result of a mutation.").field(
        record,
        description,
        reference(ty, |payload: &Payload| payload.record),
    );
    with_errors(object)
}

/// Adds the fields that every payload has.
fn with_errors(payload: Object) -> Object {
    payload
        .field(
            "userErrors",
            "Errors in the input. Empty if the change was made.",
            value_list("[UserError!]!", "UserError", |payload: &Payload| payload.errors.clone()),
        )
        .field(
            "query",
            "Root of all queries. Reads the state after the change.",
            call("Query!", |call: &mut Call<'_, '_>| {
                Ok(each("Query", vec![(); call.parents.len()]))
            }),
        )
}

/// A mutation. `description` describes the argument `input`.
fn mutation<I: InputType>(
    payload: &'static str,
    description: &'static str,
    run: impl Fn(&mut Call<'_, '_>, I) -> Result<Payload, Error> + Send + Sync + 'static,
) -> Reader {
    let resolve = move |call: &mut Call<'_, '_>| -> Result<Resolved, Error> {
        let input = call.arguments.get("input")?;
        Ok(each(payload, vec![run(call, input)?]))
    };
    call(payload, resolve).argument::<I>("input", description)
}

/// Writes in a separate transaction. If the editor has sent the same mutation with the same `idempotencyKey` before, writes
/// nothing and returns the first result. `name` is the name of the mutation.
fn write<T>(
    call: &mut Call<'_, '_>,
    name: &str,
    editor: &Editor,
    work: impl FnOnce(&mut db::Transaction<'_>) -> Result<Id<T>, db::Error>,
) -> Result<Id<T>, db::Error> {
    match idempotency_key(call.arguments, name)? {
        Some(key) => call.context.session.write_once(editor, &key, work),
        None => call.context.session.write(editor, work),
    }
}

/// Like [`write()`], for changes that the change log must not show.
fn write_private<T>(
    call: &mut Call<'_, '_>,
    name: &str,
    editor: &Editor,
    work: impl FnOnce(&mut db::Transaction<'_>) -> Result<Id<T>, db::Error>,
) -> Result<Id<T>, db::Error> {
    let key = idempotency_key(call.arguments, name)?;
    call.context.session.write_private(editor, key.as_ref(), work)
}

/// The `idempotencyKey` of the input, with a digest of the mutation's name and the rest of the input.
fn idempotency_key(arguments: &Arguments, name: &str) -> Result<Option<IdempotencyKey>, db::Error> {
    let Some(Value::Object(input)) = arguments.value("input") else { return Ok(None) };
    let Some(Value::String(key)) = input.get("idempotencyKey") else { return Ok(None) };
    let mut input = input.clone();
    input.shift_remove("idempotencyKey");
    let input = Value::Object(input).into_json();
    let mut input = input.map_err(|error| db::Error::Internal(error.to_string()))?;
    // The digest is stored for days, so it must not depend on the order of fields in the contract.
    input.sort_all_objects();
    Ok(Some(IdempotencyKey::new(key, &format!("{name} {input}"))?))
}
