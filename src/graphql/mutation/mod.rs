//! Mutations. Each is a transaction of its own, which its root field runs; its payload is read after the commit like the
//! result of any query.

mod agreement;
mod assessment;
mod caveat;
mod clause;
mod deadline;
mod event;
mod input;
mod party;
mod precondition;
mod presence;
mod proposal;
mod record;
mod source;
mod token;
mod topic;

use async_graphql::{InputType, Value};

use super::engine::call::{Call, Reference, Resolved};
use super::engine::coerce::Arguments;
use super::engine::link::{each, reference, value_list};
use super::engine::reader::{Reader, call};
use super::engine::schema::Object;
use super::error::Error;
use super::user_error::UserError;
use crate::db;
use crate::domain::Id;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;

/// The root of mutations.
pub fn object() -> Object {
    Object::new(
        "Mutation",
        "All changes. They require the role EDITOR; managing access tokens requires ADMIN.",
    )
    .fields(agreement::mutations)
    .fields(assessment::mutations)
    .fields(caveat::mutations)
    .fields(clause::mutations)
    .fields(event::mutations)
    .fields(party::mutations)
    .fields(precondition::mutations)
    .fields(proposal::mutations)
    .fields(source::mutations)
    .fields(token::mutations)
    .fields(topic::mutations)
}

/// The payloads of mutations.
pub fn objects() -> Vec<Object> {
    let mut objects = Vec::new();
    for names in [
        agreement::NAMES,
        caveat::NAMES,
        clause::NAMES,
        event::NAMES,
        party::NAMES,
        precondition::NAMES,
        proposal::NAMES,
        source::NAMES,
        topic::NAMES,
    ] {
        objects.extend(names.objects());
    }
    objects.extend(assessment::objects());
    objects.extend(token::objects());
    objects
}

/// What was written, or what is wrong with the input.
type Outcome<T> = Result<T, Vec<UserError>>;

/// The result of a mutation: what was written, or the errors in the input.
#[derive(Default)]
struct Payload {
    /// The record that was changed.
    record: Option<Reference>,
    /// The assessment that was recorded or retracted.
    assessment: Option<Reference>,
    /// The text of a token that was created.
    secret: Option<String>,
    errors: Vec<UserError>,
}

impl Payload {
    /// The payload after a record was changed.
    fn changed(record: Reference) -> Self {
        Self { record: Some(record), ..Self::default() }
    }

    /// The payload of a mutation with this outcome; `written` gives it if there were no errors.
    fn of<T>(outcome: Outcome<T>, written: impl FnOnce(T) -> Self) -> Self {
        outcome.map_or_else(|errors| Self { errors, ..Self::default() }, written)
    }
}

/// The type of a payload, with the record that was changed in the field `record`, of the type `ty`.
fn payload(name: &'static str, record: &'static str, ty: &'static str) -> Object {
    payload_with(
        name,
        record,
        ty,
        "The record after the change. Null if `userErrors` is not empty.",
    )
}

/// The same, with a description of the record.
fn payload_with(
    name: &'static str,
    record: &'static str,
    ty: &'static str,
    description: &'static str,
) -> Object {
    Object::new(name, "Result of a mutation.")
        .field(record, description, reference(ty, |payload: &Payload| payload.record))
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

/// A field of the root: reads the argument `input`, whose description is given, and runs the mutation.
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

/// Writes, in a transaction of its own. If the input has an `idempotencyKey` that the editor has sent before with the
/// same mutation, nothing is written, and the result is that of the first time. `name` is the field of the mutation.
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

/// The `idempotencyKey` of the input, with a digest of the mutation's name and the rest of the input.
fn idempotency_key(arguments: &Arguments, name: &str) -> Result<Option<IdempotencyKey>, db::Error> {
    let Some(Value::Object(input)) = arguments.value("input") else { return Ok(None) };
    let Some(Value::String(key)) = input.get("idempotencyKey") else { return Ok(None) };
    let mut rest = input.clone();
    rest.shift_remove("idempotencyKey");
    let rest = Value::Object(rest).into_json();
    let mut rest = rest.map_err(|error| db::Error::Internal(error.to_string()))?;
    // The digest is kept for days: it must not depend on the order in which the contract has the fields.
    rest.sort_all_objects();
    Ok(Some(IdempotencyKey::new(key, &format!("{name} {rest}"))?))
}
