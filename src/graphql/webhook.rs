//! Webhooks.

use async_graphql::Enum;

use super::engine::call::Call;
use super::engine::connection::connection_types;
use super::engine::link::many;
use super::engine::reader::{id, instant, integer, string_enum, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use crate::db::rows::Column;
use crate::db::webhook::{DELIVERIES, WebhookList};
use crate::domain::{Kind, webhook};

const ID: Column = "webhooks.id";

pub const RECORDS: [Record; 1] = [Record::new(Kind::Webhook, "Webhook", "webhooks", ID)];

pub fn objects() -> Vec<Object> {
    let object = Object::new("Webhook", "A webhook: the server sends a signed message to its address for each matching change of the change log, in order, according to the Standard Webhooks specification. The secret is returned once, when the webhook is created. Added on 2026-11-30.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Webhook, ID))
        .field("url", "Address to which messages are sent. The addresses of chat services contain a secret.", text("webhooks.url"))
        .field("description", "What the webhook is for. Null if nothing is stated.", text("webhooks.description").nullable())
        .field("format", "Format of messages.", string_enum::<WebhookFormat, webhook::WebhookFormat>("webhooks.format"))
        .field("filter", "Filter of the changes as JSON: the value of the argument `filter` of `changes`. `{}` matches all changes.", text("webhooks.filter"))
        .field("position", "Position in the change log up to which all matching changes were delivered. After changes that do not match, the position may advance with a delay.", integer("webhooks.position"))
        .field("failures", "Number of failed attempts to deliver the next message. 0 if no attempt has failed.", integer("webhooks.failures"))
        .field("failingSince", "Time of the first attempt that `failures` counts. Null if `failures` is 0.", instant("webhooks.failing_since").nullable())
        .field("nextAttemptAt", "Earliest time of the next attempt. Null if no attempt has failed, or if the webhook is disabled.", instant("webhooks.next_attempt_at").nullable())
        .field("disabledAt", "Time when the webhook was disabled. Null if it is enabled.", instant("webhooks.disabled_at").nullable())
        .field("disabledReason", "Reason why the webhook was disabled. An admin can disable it. The server disables it after too many failed attempts, after the status 410 (Gone), or if the filter is no longer valid. Null if it is enabled.", text("webhooks.disabled_reason").nullable())
        .field("createdAt", "Time of creation.", instant("webhooks.created_at"))
        .field("createdBy", "Name of the account that created the webhook. `operator` for commands run on the server.", text("webhooks.created_by"))
        .field("deliveries", "Latest attempts to deliver messages, newest first. The server keeps the latest 100.", many("[WebhookDelivery!]!", "WebhookDelivery", ID, DELIVERIES));
    let delivery = Object::new(
        "WebhookDelivery",
        "An attempt to deliver a message to a webhook. Added on 2026-11-30.",
    )
    .field(
        "position",
        "Position of the change in the change log. If the change could not be read, its position is unknown, and this is the earliest possible position. Null for a test message.",
        integer("webhook_deliveries.position").nullable(),
    )
    .field(
        "attempt",
        "Number of the attempt to deliver this message, from 1.",
        integer("webhook_deliveries.attempt"),
    )
    .field("startedAt", "Time when the attempt started.", instant("webhook_deliveries.started_at"))
    .field("milliseconds", "Duration in milliseconds.", integer("webhook_deliveries.milliseconds"))
    .field(
        "status",
        "HTTP status of the response. Null if there was no response.",
        integer("webhook_deliveries.status").nullable(),
    )
    .field(
        "error",
        "Reason why the attempt failed, or why the change could not be read. Null if the message was delivered.",
        text("webhook_deliveries.error").nullable(),
    );
    connection_types!("Webhook").with([object, delivery])
}

pub fn queries(query: Object) -> Object {
    query.field(
        "webhooks",
        "All webhooks, newest first, including disabled webhooks. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error. Added on 2026-11-30.",
        connection("WebhookConnection", "Webhook", None, |call: &mut Call<'_, '_>| {
            call.context.viewer.admin()?;
            Ok(WebhookList)
        })
        .unlogged(),
    )
}

/// Format of the messages of a webhook. Added on 2026-11-30.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "webhook::WebhookFormat")]
pub enum WebhookFormat {
    /// Type, time and data of the change, and one line of text, as the Standard Webhooks specification recommends.
    Standard,
    /// Only one line of text, in the field `text`, which Slack, Mattermost and other chat services show.
    Chat,
}
