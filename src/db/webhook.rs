//! Webhooks. The change log does not contain webhooks, because everybody can read the log.

pub mod delivery;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::page::{Direction, List, Listing};
use super::rows::Lookup;
use super::schema::{webhook_deliveries, webhooks};
use super::sort::SortKey;
use super::{DbConnection, Error, Session};
use crate::domain::id::WebhookId;
use crate::domain::public_address::AddressPolicy;
use crate::domain::viewer::Admin;
use crate::domain::webhook::{
    MAX_WEBHOOKS, ROTATION_OVERLAP, WebhookContent, WebhookFormat, WebhookSecret,
};
use crate::domain::{Kind, ValidationError, ValidationErrorCode, ValidationErrors, day};

/// The deliveries of webhooks, newest first.
pub const DELIVERIES: Lookup = Lookup {
    from: "webhook_deliveries WHERE",
    key: "webhook_deliveries.webhook_id",
    order: "webhook_deliveries.id DESC",
};

/// The maximum length of a stored error or reason, in characters.
const MAX_REASON: usize = 300;

/// A webhook.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_null = true)]
pub struct Webhook {
    /// Primary key.
    pub id: WebhookId,
    /// The address to which messages are sent.
    pub url: String,
    /// What the webhook is for.
    pub description: Option<String>,
    /// The format of messages.
    pub format: WebhookFormat,
    secret: String,
    previous_secret: Option<String>,
    rotated_at: Option<NaiveDateTime>,
    /// The filter of changes as JSON.
    pub filter: String,
    /// All changes up to this position were delivered or do not match the filter.
    pub position: i64,
    /// The number of failed attempts to deliver the next message.
    pub failures: i32,
    /// The time of the first failed attempt to deliver the next message. `None` if no attempt has failed.
    pub failing_since: Option<NaiveDateTime>,
    /// The time of the next attempt. `None` if the next message may be sent at once.
    pub next_attempt_at: Option<NaiveDateTime>,
    lease_holder: Option<String>,
    leased_until: Option<NaiveDateTime>,
    /// The time when an admin requested a test message that has not been sent yet.
    pub test_requested_at: Option<NaiveDateTime>,
    /// The time when the webhook was disabled. `None` if the webhook is enabled.
    pub disabled_at: Option<NaiveDateTime>,
    /// The reason why the webhook was disabled.
    pub disabled_reason: Option<String>,
    /// The time of creation, in UTC.
    pub created_at: NaiveDateTime,
    /// The name of the account that created the webhook.
    pub created_by: String,
}

impl Webhook {
    /// The secrets that sign messages at this time: the current secret and, for a day after a rotation, the earlier
    /// secret.
    #[must_use]
    pub fn secrets(&self, at: NaiveDateTime) -> Vec<WebhookSecret> {
        let previous = self
            .previous_secret
            .clone()
            .zip(self.rotated_at)
            .filter(|(_, rotated_at)| at.signed_duration_since(*rotated_at) < ROTATION_OVERLAP);
        let previous = previous.map(|(secret, _)| secret);
        std::iter::once(self.secret.clone()).chain(previous).map(WebhookSecret::stored).collect()
    }

    /// Whether the next message may be sent at this time.
    #[must_use]
    pub fn is_due(&self, at: NaiveDateTime) -> bool {
        self.disabled_at.is_none() && self.next_attempt_at.is_none_or(|next| next <= at)
    }

    /// Forgets the earlier secret if it no longer signs messages.
    fn forget_previous_secret(&mut self, at: NaiveDateTime) {
        let is_over = |rotated_at| at.signed_duration_since(rotated_at) >= ROTATION_OVERLAP;
        if self.rotated_at.is_some_and(is_over) {
            self.previous_secret = None;
            self.rotated_at = None;
        }
    }

    fn content(&self) -> WebhookContent {
        WebhookContent {
            url: self.url.clone(),
            description: self.description.clone(),
            format: self.format,
            filter: self.filter.clone(),
        }
    }

    /// Forgets the failed attempts, so that the next message may be sent without waiting for [`Self::next_attempt_at`].
    fn reset_failures(&mut self) {
        self.failures = 0;
        self.failing_since = None;
        self.next_attempt_at = None;
    }

    /// Counts a failed attempt that started at this time.
    fn count_failure(&mut self, started_at: NaiveDateTime) {
        self.failures = self.failures.saturating_add(1);
        self.failing_since = self.failing_since.or(Some(started_at));
    }

    fn disable(&mut self, at: NaiveDateTime, reason: &str) {
        self.disabled_at = Some(at);
        self.disabled_reason = Some(shortened(reason));
        self.next_attempt_at = None;
    }
}

/// All webhooks, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WebhookList;

impl List for WebhookList {
    const KIND: Kind = Kind::Webhook;
    const ID: &'static str = "webhooks.id";

    fn order_tag(&self) -> u8 {
        0
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::id("webhooks.id")] }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        Listing {
            table: "webhooks",
            from: "webhooks",
            keys_from: None,
            parent: None,
            conditions: Vec::new(),
            order: self.sort_keys(),
            direction: Direction::Descending,
        }
    }
}

/// All webhooks, newest first.
///
/// # Errors
/// Database errors.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Webhook>, Error> {
    Ok(webhooks::table.order(webhooks::id.desc()).select(Webhook::as_select()).load(connection)?)
}

/// The webhook with this id.
///
/// # Errors
/// Database errors.
pub fn by_id(connection: &mut DbConnection, id: WebhookId) -> Result<Option<Webhook>, Error> {
    let webhook = webhooks::table.find(id).select(Webhook::as_select());
    Ok(webhook.first(connection).optional()?)
}

/// Creates a webhook for later changes that match its filter. Returns its secret, which is not shown again.
///
/// # Errors
/// The content is invalid, or there are too many webhooks; database errors.
pub fn create(
    session: &mut Session,
    admin: &Admin,
    content: &WebhookContent,
    addresses: AddressPolicy,
) -> Result<(WebhookId, WebhookSecret), Error> {
    check(content, addresses)?;
    let secret = new_secret()?;
    session.write_unlogged(|connection| {
        let count: i64 = webhooks::table.count().get_result(connection)?;
        if count >= MAX_WEBHOOKS {
            let message = format!(
                "there are {count} webhooks, and at most {MAX_WEBHOOKS} can exist; delete one first"
            );
            return Err(ValidationError::new(ValidationErrorCode::OutOfRange, "", message).into());
        }
        let webhook = Webhook {
            id: WebhookId::new(),
            url: content.url.clone(),
            description: content.description.clone(),
            format: content.format,
            secret: secret.reveal().to_owned(),
            previous_secret: None,
            rotated_at: None,
            filter: content.filter.clone(),
            position: connection.log_position()?,
            failures: 0,
            failing_since: None,
            next_attempt_at: None,
            lease_holder: None,
            leased_until: None,
            test_requested_at: None,
            disabled_at: None,
            disabled_reason: None,
            created_at: day::now(),
            created_by: admin.name().to_owned(),
        };
        diesel::insert_into(webhooks::table).values(&webhook).execute(connection)?;
        Ok((webhook.id, secret.clone()))
    })
}

/// A change of the description.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DescriptionChange {
    /// The description is unchanged.
    #[default]
    Keep,
    /// The description is removed.
    Clear,
    /// The description is replaced.
    Set(String),
}

/// A change of a webhook.
#[derive(Debug, Clone, Default)]
pub struct WebhookChange {
    /// The new address.
    pub url: Option<String>,
    /// The change of the description.
    pub description: DescriptionChange,
    /// The new format.
    pub format: Option<WebhookFormat>,
    /// The new filter as JSON.
    pub filter: Option<String>,
    /// Whether the webhook is enabled. Enabling a webhook resets its failed attempts. Delivery continues after the last
    /// delivered change.
    pub enabled: Option<bool>,
}

/// Changes a webhook. A new address or filter also forgets the failed attempts.
///
/// # Errors
/// The content is invalid, or no webhook has this id; database errors.
pub fn update(
    session: &mut Session,
    admin: &Admin,
    id: WebhookId,
    change: &WebhookChange,
    addresses: AddressPolicy,
) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        let mut webhook = locked(connection, id)?;
        if let Some(url) = &change.url {
            if *url != webhook.url {
                webhook.reset_failures();
            }
            webhook.url.clone_from(url);
        }
        match &change.description {
            DescriptionChange::Keep => {}
            DescriptionChange::Clear => webhook.description = None,
            DescriptionChange::Set(description) => webhook.description = Some(description.clone()),
        }
        webhook.format = change.format.unwrap_or(webhook.format);
        if let Some(filter) = &change.filter {
            if *filter != webhook.filter {
                webhook.reset_failures();
            }
            webhook.filter.clone_from(filter);
        }
        // The content is checked only if it changes. So a webhook can be disabled even if the server no longer allows its
        // address.
        let has_content = change.url.is_some()
            || change.description != DescriptionChange::Keep
            || change.filter.is_some();
        if has_content {
            check(&webhook.content(), addresses)?;
        }
        match change.enabled {
            Some(true) => {
                webhook.disabled_at = None;
                webhook.disabled_reason = None;
                webhook.reset_failures();
                // If an earlier state of the log was restored, the position can be beyond the end of the log.
                webhook.position = webhook.position.min(connection.log_position()?);
            }
            Some(false) if webhook.disabled_at.is_none() => {
                webhook.disable(day::now(), &format!("disabled by {}", admin.name()));
            }
            _ => {}
        }
        save(connection, &webhook)
    })
}

/// Deletes a webhook and its deliveries.
///
/// # Errors
/// No webhook has this id; database errors.
pub fn delete(session: &mut Session, _admin: &Admin, id: WebhookId) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        locked(connection, id)?;
        let deliveries = webhook_deliveries::table.filter(webhook_deliveries::webhook_id.eq(id));
        diesel::delete(deliveries).execute(connection)?;
        diesel::delete(webhooks::table.find(id)).execute(connection)?;
        Ok(())
    })
}

/// Replaces the secret of a webhook, and returns the new one. For [`ROTATION_OVERLAP`], messages are signed with both
/// secrets.
///
/// # Errors
/// No webhook has this id; database errors.
pub fn rotate_secret(
    session: &mut Session,
    _admin: &Admin,
    id: WebhookId,
) -> Result<WebhookSecret, Error> {
    let secret = new_secret()?;
    session.write_unlogged(|connection| {
        let mut webhook = locked(connection, id)?;
        let previous = std::mem::replace(&mut webhook.secret, secret.reveal().to_owned());
        webhook.previous_secret = Some(previous);
        webhook.rotated_at = Some(day::now());
        save(connection, &webhook)?;
        Ok(secret.clone())
    })
}

/// Requests a test message. A server sends the message soon afterwards, even if the webhook is disabled.
///
/// # Errors
/// No webhook has this id; database errors.
pub fn request_test(session: &mut Session, _admin: &Admin, id: WebhookId) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        let mut webhook = locked(connection, id)?;
        webhook.test_requested_at = Some(day::now());
        save(connection, &webhook)
    })
}

fn check(content: &WebhookContent, addresses: AddressPolicy) -> Result<(), Error> {
    let mut errors = ValidationErrors::default();
    content.check(&mut errors, addresses);
    Ok(errors.into_result()?)
}

fn new_secret() -> Result<WebhookSecret, Error> {
    WebhookSecret::new().map_err(|failure| Error::Internal(failure.to_string()))
}

/// Locks a webhook until the transaction ends, and reads it.
///
/// # Errors
/// No webhook has this id; database errors.
fn locked(connection: &mut DbConnection, id: WebhookId) -> Result<Webhook, Error> {
    locked_if_present(connection, id)?.ok_or_else(|| {
        let message = format!("there is no webhook with the id {id}");
        ValidationError::new(ValidationErrorCode::NotFound, "id", message).into()
    })
}

/// Locks a webhook until the transaction ends, and reads it. `None` if it does not exist. The lock must come first.
/// Otherwise, PostgreSQL could read an old version of a row that another server is changing.
fn locked_if_present(
    connection: &mut DbConnection,
    id: WebhookId,
) -> Result<Option<Webhook>, Error> {
    diesel::update(webhooks::table.find(id))
        .set(webhooks::position.eq(webhooks::position))
        .execute(connection)?;
    by_id(connection, id)
}

fn save(connection: &mut DbConnection, webhook: &Webhook) -> Result<(), Error> {
    diesel::update(webhooks::table.find(webhook.id)).set(webhook).execute(connection)?;
    Ok(())
}

/// A text to be stored: at least one character, at most [`MAX_REASON`], without control characters.
fn shortened(text: &str) -> String {
    let visible =
        text.chars().map(|character| if character.is_control() { ' ' } else { character });
    let short: String = visible.take(MAX_REASON).collect();
    if short.is_empty() { "unknown error".to_owned() } else { short }
}
