//! Deliveries of webhooks: which server delivers, the outcome of each attempt, and the log of attempts.
//!
//! A server leases a webhook before it sends a message, so that only one of several servers sends it. If the server is killed,
//! the lease expires. The position of the webhook advances in the transaction that stores the successful attempt. So a
//! delivered message is sent again only if the server was killed, or could not reach the database, between the response of
//! the receiver and that transaction.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::{Webhook, locked_if_present, save, shortened};
use crate::db::schema::webhook_deliveries;
use crate::db::{DbConnection, Error, Session};
use crate::domain::day;
use crate::domain::id::{PartId, WebhookId};

/// The time after which a lease expires. A lease lasts longer than an attempt can take.
pub const LEASE: Duration = Duration::seconds(30);
/// The number of deliveries of each webhook that are kept.
pub const KEPT_DELIVERIES: i64 = 100;

/// An attempt to deliver a message.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_deliveries)]
pub struct Delivery {
    id: PartId,
    webhook_id: WebhookId,
    /// The position of the change in the log. `None` for a test message.
    pub position: Option<i64>,
    /// The number of the attempt to deliver this message, from 1.
    pub attempt: i32,
    /// The time when the attempt started, in UTC.
    pub started_at: NaiveDateTime,
    /// The duration in milliseconds.
    pub milliseconds: i32,
    /// The status of the HTTP response. `None` if there was no response.
    pub status: Option<i32>,
    /// The reason why the attempt failed. `None` if the message was delivered.
    pub error: Option<String>,
}

/// The facts of an attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The time when the attempt started.
    pub started_at: NaiveDateTime,
    /// The duration of the attempt.
    pub duration: std::time::Duration,
    /// The status of the HTTP response. `None` if there was no response.
    pub status: Option<u16>,
    /// The reason why the attempt failed. `None` if the message was delivered.
    pub error: Option<String>,
}

/// The effect of an attempt to deliver the message about a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The message was delivered.
    Delivered,
    /// The message is sent again at this time.
    Retry(NaiveDateTime),
    /// The webhook is disabled, for this reason.
    Disable(String),
}

/// A stored attempt.
pub struct Recorded {
    /// The webhook afterwards.
    pub webhook: Webhook,
    /// Whether the [`Effect`] was stored in the webhook. The effect of a failed attempt is not stored if an admin has
    /// changed the webhook in the meantime.
    pub had_effect: bool,
}

/// Leases a webhook to a server. `None` if the webhook does not exist, another server has leased it, or nothing may be sent to
/// it at the moment. A lease that the same server already has is extended.
///
/// # Errors
/// Database errors.
pub fn lease(session: &mut Session, id: WebhookId, holder: &str) -> Result<Option<Webhook>, Error> {
    session.write_unlogged(|connection| {
        let Some(mut webhook) = locked_if_present(connection, id)? else { return Ok(None) };
        let now = day::now();
        let is_leased = webhook.leased_until.is_some_and(|end| end > now)
            && webhook.lease_holder.as_deref() != Some(holder);
        if is_leased || !(webhook.is_due(now) || webhook.test_requested_at.is_some()) {
            return Ok(None);
        }
        webhook.lease_holder = Some(holder.to_owned());
        webhook.leased_until = Some(now + LEASE);
        webhook.forget_previous_secret(now);
        save(connection, &webhook)?;
        Ok(Some(webhook))
    })
}

/// Ends the lease of a server, if the server still has it.
///
/// # Errors
/// Database errors.
pub fn release(session: &mut Session, id: WebhookId, holder: &str) -> Result<(), Error> {
    change_leased(session, id, holder, |_, webhook| {
        webhook.lease_holder = None;
        webhook.leased_until = None;
        Ok(())
    })
    .map(|_| ())
}

/// Stores an attempt to deliver the message about the change at `position`, and its effect, in one transaction. `sent` is the
/// webhook as it was before the attempt. Returns `None` and stores nothing if the server no longer has the lease.
///
/// # Errors
/// Database errors.
pub fn record(
    session: &mut Session,
    sent: &Webhook,
    holder: &str,
    position: i64,
    attempt: &Attempt,
    effect: &Effect,
) -> Result<Option<Recorded>, Error> {
    let recorded = change_leased(session, sent.id, holder, |connection, webhook| {
        let number = sent.failures.saturating_add(1);
        insert(connection, sent.id, Some(position), number, attempt)?;
        // The effect of a failed attempt must not overwrite changes that an admin has made in the meantime.
        let is_unchanged = webhook.url == sent.url
            && webhook.filter == sent.filter
            && webhook.failures == sent.failures
            && webhook.disabled_at.is_none();
        match effect {
            Effect::Delivered => {
                webhook.position = webhook.position.max(position);
                webhook.reset_failures();
            }
            _ if !is_unchanged => return Ok(false),
            Effect::Retry(at) => {
                webhook.count_failure(attempt.started_at);
                webhook.next_attempt_at = Some(*at);
            }
            Effect::Disable(reason) => {
                webhook.count_failure(attempt.started_at);
                webhook.disable(day::now(), reason);
            }
        }
        Ok(true)
    })?;
    Ok(recorded.map(|(webhook, had_effect)| Recorded { webhook, had_effect }))
}

/// Stores an attempt to deliver a test message that was requested at `requested_at`. The attempt has no effect on other
/// messages.
///
/// # Errors
/// Database errors.
pub fn record_test(
    session: &mut Session,
    id: WebhookId,
    requested_at: Option<NaiveDateTime>,
    attempt: &Attempt,
) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        let Some(mut webhook) = locked_if_present(connection, id)? else { return Ok(()) };
        insert(connection, id, None, 1, attempt)?;
        if requested_at.is_some() && webhook.test_requested_at == requested_at {
            webhook.test_requested_at = None;
        }
        save(connection, &webhook)
    })
}

/// Stores that no change up to `position` matches the filter. Returns `false` and stores nothing if the webhook has
/// changed, or if a server is delivering at the moment.
///
/// # Errors
/// Database errors.
pub fn skip_to(session: &mut Session, seen: &Webhook, position: i64) -> Result<bool, Error> {
    session.write_unlogged(|connection| {
        let Some(mut webhook) = locked_if_present(connection, seen.id)? else { return Ok(false) };
        let is_unchanged = webhook.filter == seen.filter && webhook.position == seen.position;
        let is_leased = webhook.leased_until.is_some_and(|end| end > day::now());
        if !is_unchanged || is_leased {
            return Ok(false);
        }
        webhook.position = position;
        save(connection, &webhook)?;
        Ok(true)
    })
}

/// The latest deliveries of a webhook, newest first.
///
/// # Errors
/// Database errors.
pub fn latest(connection: &mut DbConnection, id: WebhookId) -> Result<Vec<Delivery>, Error> {
    let deliveries = webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(id))
        .order(webhook_deliveries::id.desc())
        .limit(KEPT_DELIVERIES)
        .select(Delivery::as_select());
    Ok(deliveries.load(connection)?)
}

/// Changes a webhook that the server has leased, and returns it with the result of `change`. Returns `None` and changes
/// nothing if the server no longer has the lease.
fn change_leased<T>(
    session: &mut Session,
    id: WebhookId,
    holder: &str,
    change: impl FnOnce(&mut DbConnection, &mut Webhook) -> Result<T, Error>,
) -> Result<Option<(Webhook, T)>, Error> {
    session.write_unlogged(|connection| {
        let webhook = locked_if_present(connection, id)?;
        let leased = webhook.filter(|webhook| webhook.lease_holder.as_deref() == Some(holder));
        let Some(mut webhook) = leased else { return Ok(None) };
        let result = change(connection, &mut webhook)?;
        save(connection, &webhook)?;
        Ok(Some((webhook, result)))
    })
}

/// Stores an attempt, and deletes the oldest attempts of the webhook beyond [`KEPT_DELIVERIES`].
fn insert(
    connection: &mut DbConnection,
    webhook_id: WebhookId,
    position: Option<i64>,
    number: i32,
    attempt: &Attempt,
) -> Result<(), Error> {
    let delivery = Delivery {
        id: PartId::new(),
        webhook_id,
        position,
        attempt: number,
        started_at: attempt.started_at,
        milliseconds: i32::try_from(attempt.duration.as_millis()).unwrap_or(i32::MAX),
        status: attempt.status.map(i32::from),
        error: attempt.error.as_deref().map(shortened),
    };
    diesel::insert_into(webhook_deliveries::table).values(&delivery).execute(connection)?;
    let newest: Vec<PartId> = webhook_deliveries::table
        .filter(webhook_deliveries::webhook_id.eq(webhook_id))
        .order(webhook_deliveries::id.desc())
        .limit(KEPT_DELIVERIES)
        .select(webhook_deliveries::id)
        .load(connection)?;
    if let Some(oldest_kept) = newest.last() {
        let older = webhook_deliveries::table
            .filter(webhook_deliveries::webhook_id.eq(webhook_id))
            .filter(webhook_deliveries::id.lt(oldest_kept));
        diesel::delete(older).execute(connection)?;
    }
    Ok(())
}
