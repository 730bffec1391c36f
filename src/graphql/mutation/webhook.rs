//! Creating, changing and testing webhooks. The change log does not contain them.

use async_graphql::{InputObject, MaybeUndefined, Value};

use super::input::{Ids, RecordId};
use super::{Payload, mutation, payload_with, with_errors};
use crate::db;
use crate::db::webhook::{DescriptionChange, WebhookChange};
use crate::domain::Kind;
use crate::domain::id::{WebhookId, of};
use crate::domain::webhook::{NO_FILTER, WebhookContent};
use crate::graphql::change_filter::ChangeFilter;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::reader::value;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;
use crate::graphql::webhook::WebhookFormat;

/// The names of content fields that differ from the names of the input fields.
const RENAMED: [(&str, &str); 1] = [("id", "webhookId")];

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field("createWebhook", "Creates a webhook for all later changes. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.", mutation("CreateWebhookPayload", "Content of the new webhook.", create))
        .field("updateWebhook", "Changes, disables or enables a webhook. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.", mutation("UpdateWebhookPayload", "Fields to change. Omitted fields are unchanged.", update))
        .field("deleteWebhook", "Deletes a webhook and its deliveries. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.", mutation("DeleteWebhookPayload", "Webhook to delete.", delete))
        .field("rotateWebhookSecret", "Replaces the secret of a webhook. For 24 hours, messages are signed with both secrets. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.", mutation("RotateWebhookSecretPayload", "Webhook whose secret is replaced.", rotate))
        .field("sendTestWebhook", "Requests a message of the type `webhook.test`, which a server sends within seconds, even if the webhook is disabled. `deliveries` then shows the outcome. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.", mutation("SendTestWebhookPayload", "Webhook to test.", send_test))
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let payload = |name| {
        payload_with(name, "webhook", "Webhook", "The webhook. Null if `userErrors` is not empty.")
    };
    let with_secret = |object: Object| {
        object.field(
            "secret",
            "Secret with which the server signs messages and receivers verify them: `whsec_` followed by Base64. Returned only once. Null if `userErrors` is not empty.",
            value(|payload: &Payload| payload.secret.clone()),
        )
    };
    vec![
        with_secret(payload("CreateWebhookPayload")),
        payload("UpdateWebhookPayload"),
        with_errors(Object::new("DeleteWebhookPayload", "Result of a mutation.")),
        with_secret(payload("RotateWebhookSecretPayload")),
        payload("SendTestWebhookPayload"),
    ]
}

/// Content of a new webhook.
#[derive(InputObject)]
pub struct CreateWebhookInput {
    /// Address to which messages are sent. It must use HTTPS and have a public host, unless the server allows private addresses. At most 2000 characters.
    url: String,
    /// What the webhook is for. One line. At most 300 characters.
    description: Option<String>,
    /// Format of the messages. Default: STANDARD.
    format: Option<WebhookFormat>,
    /// Sends messages only for matching changes. Default: all changes.
    filter: Option<ChangeFilter>,
}

/// Changes to a webhook. Omitted fields are unchanged.
#[derive(InputObject)]
pub struct UpdateWebhookInput {
    /// Id of the webhook.
    webhook_id: RecordId<of::Webhook>,
    /// New address. A message that waits to be sent again is then sent at once.
    url: Option<String>,
    /// New description. Null clears it.
    description: MaybeUndefined<String>,
    /// New format of the messages.
    format: Option<WebhookFormat>,
    /// New filter. Applies to the changes after the webhook's `position`. Null matches all changes.
    filter: MaybeUndefined<ChangeFilter>,
    /// Whether the webhook is enabled. `true` also resets the count of failed attempts, so a message that waits to be sent again is sent at once. A webhook that is enabled again continues after the last delivered change.
    enabled: Option<bool>,
}

/// A webhook to delete.
#[derive(InputObject)]
pub struct DeleteWebhookInput {
    /// Id of the webhook.
    webhook_id: RecordId<of::Webhook>,
}

/// A webhook whose secret is replaced.
#[derive(InputObject)]
pub struct RotateWebhookSecretInput {
    /// Id of the webhook.
    webhook_id: RecordId<of::Webhook>,
}

/// A webhook to test.
#[derive(InputObject)]
pub struct SendTestWebhookInput {
    /// Id of the webhook.
    webhook_id: RecordId<of::Webhook>,
}

fn create(call: &mut Call<'_, '_>, input: CreateWebhookInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let filter = read_filter(call, input.filter)?;
    let content = WebhookContent {
        url: input.url,
        description: input.description,
        format: input.format.unwrap_or(WebhookFormat::Standard).into(),
        filter,
    };
    let addresses = call.context.webhook_addresses;
    let outcome = db::webhook::create(call.context.session, &admin, &content, addresses);
    Ok(Payload::of(UserError::split(outcome, &[])?, |(id, secret)| Payload {
        secret: Some(secret.reveal().to_owned()),
        ..Payload::changed(Reference::new(Kind::Webhook, id))
    }))
}

fn update(call: &mut Call<'_, '_>, input: UpdateWebhookInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let filter = match input.filter {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(NO_FILTER.to_owned()),
        MaybeUndefined::Value(filter) => Some(read_filter(call, Some(filter))?),
    };
    let description = match input.description {
        MaybeUndefined::Undefined => DescriptionChange::Keep,
        MaybeUndefined::Null => DescriptionChange::Clear,
        MaybeUndefined::Value(description) => DescriptionChange::Set(description),
    };
    let change = WebhookChange {
        url: input.url,
        description,
        format: input.format.map(Into::into),
        filter,
        enabled: input.enabled,
    };
    let addresses = call.context.webhook_addresses;
    let outcome = read_id(&input.webhook_id).and_then(|id| {
        db::webhook::update(call.context.session, &admin, id, &change, addresses).map(|()| id)
    });
    changed(outcome)
}

fn delete(call: &mut Call<'_, '_>, input: DeleteWebhookInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let outcome = read_id(&input.webhook_id)
        .and_then(|id| db::webhook::delete(call.context.session, &admin, id));
    Ok(Payload::of(UserError::split(outcome, &RENAMED)?, |()| Payload::default()))
}

fn rotate(call: &mut Call<'_, '_>, input: RotateWebhookSecretInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let outcome = read_id(&input.webhook_id).and_then(|id| {
        let secret = db::webhook::rotate_secret(call.context.session, &admin, id)?;
        Ok((id, secret))
    });
    Ok(Payload::of(UserError::split(outcome, &RENAMED)?, |(id, secret)| Payload {
        secret: Some(secret.reveal().to_owned()),
        ..Payload::changed(Reference::new(Kind::Webhook, id))
    }))
}

fn send_test(call: &mut Call<'_, '_>, input: SendTestWebhookInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let outcome = read_id(&input.webhook_id)
        .and_then(|id| db::webhook::request_test(call.context.session, &admin, id).map(|()| id));
    changed(outcome)
}

/// The payload of a mutation that changed the webhook with this id.
fn changed(outcome: Result<WebhookId, db::Error>) -> Result<Payload, Error> {
    Ok(Payload::of(UserError::split(outcome, &RENAMED)?, |id| {
        Payload::changed(Reference::new(Kind::Webhook, id))
    }))
}

fn read_id(given: &RecordId<of::Webhook>) -> Result<WebhookId, db::Error> {
    let mut ids = Ids::default();
    let id = ids.one("id", given);
    ids.into_result()?;
    Ok(id)
}

/// Checks the filter of the input, and returns it as JSON.
///
/// # Errors
/// Fails if the query `changes` would reject the filter.
fn read_filter(call: &mut Call<'_, '_>, filter: Option<ChangeFilter>) -> Result<String, Error> {
    let Some(filter) = filter else { return Ok(NO_FILTER.to_owned()) };
    filter.read(call.context)?;
    let Some(Value::Object(input)) = call.arguments.value("input") else {
        return Err(Error::internal("the input is missing"));
    };
    let filter = input.get("filter").cloned().unwrap_or_default();
    filter.into_json().map(|json| json.to_string()).map_err(Error::internal)
}
