//! The task of one webhook: delivers its messages in order, until there are none or an attempt fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use crate::db::webhook::Webhook;
use crate::db::webhook::delivery::{self, Attempt, Effect};
use crate::db::{Access, Db, Error, Session};
use crate::domain::day;
use crate::domain::webhook::RetrySchedule;
use crate::metrics::Metrics;
use crate::webhook::message::{self, Change, Messages, ReadError};
use crate::webhook::sender::{Outcome, Sender};

/// The number of changes without a match after which the position of a webhook is stored. After a restart, at most this many
/// changes are searched again.
const SKIPPED: i64 = 1_000;
/// The number of times that the server tries to store the outcome of an attempt.
const STORE_ATTEMPTS: u32 = 5;
/// The pause between two of them. An outcome can be stored after the lease has expired, unless another server has the lease.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// What all tasks share.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) messages: Messages,
    pub(super) sender: Sender,
    pub(super) retry: RetrySchedule,
    pub(super) metrics: Arc<Metrics>,
    /// The name of this server in leases.
    pub(super) holder: String,
    pub(super) is_stopping: AtomicBool,
}

/// The start of a task.
pub(super) struct Start {
    pub(super) webhook: Webhook,
    /// No change up to this position is to be delivered.
    pub(super) after: i64,
    /// The last committed position of the log.
    pub(super) head: i64,
}

/// The result of a task.
pub(super) struct Finished {
    /// The webhook after the last message.
    pub(super) webhook: Webhook,
    /// No change after the webhook's position and up to this one matches.
    pub(super) end: i64,
    /// Whether the webhook must not be tried again at once.
    pub(super) is_paused: bool,
}

/// Whether the next message can follow.
enum Step {
    Continue,
    /// Nothing more can be delivered at the moment.
    Stop,
    /// As [`Step::Stop`], and the state of the webhook is unknown.
    Pause,
}

/// Runs the task of a webhook.
pub(super) async fn run(shared: Arc<Shared>, start: Start) -> Finished {
    let id = start.webhook.id;
    let mut task =
        Task { shared: &shared, webhook: start.webhook, after: start.after, is_leased: false };
    let step = task.deliver(start.head).await;
    let Task { webhook, after, is_leased, .. } = task;
    if is_leased {
        let holder = shared.holder.clone();
        let release = move |session: &mut Session| delivery::release(session, id, &holder);
        if let Err(error) = shared.in_session(Access::Write, release).await {
            tracing::debug!(%error, webhook = %id, "a lease could not be ended; it expires soon");
        }
    }
    Finished { webhook, end: after, is_paused: matches!(step, Step::Pause) }
}

/// The state of a task.
struct Task<'a> {
    shared: &'a Shared,
    webhook: Webhook,
    after: i64,
    is_leased: bool,
}

impl Task<'_> {
    async fn deliver(&mut self, head: i64) -> Step {
        if self.webhook.test_requested_at.is_some() {
            match self.deliver_test().await {
                Step::Continue => {}
                step => return step,
            }
        }
        while !self.shared.is_stopping.load(Ordering::Relaxed) && self.webhook.is_due(day::now()) {
            let step = match self.shared.messages.next(&self.webhook.filter, self.after).await {
                Ok(Some(change)) => self.deliver_change(&change).await,
                Ok(None) => {
                    self.after = self.after.max(head);
                    self.store_end().await;
                    Step::Stop
                }
                Err(ReadError::Temporary(error)) => {
                    tracing::warn!(webhook = %self.webhook.id, error, "a change for a webhook cannot be read");
                    Step::Pause
                }
                Err(ReadError::Permanent(reason)) => self.disable(reason).await,
            };
            match step {
                Step::Continue => {}
                step => return step,
            }
        }
        Step::Stop
    }

    /// Leases the webhook, or extends the lease.
    ///
    /// # Errors
    /// The step that follows if it cannot be leased.
    async fn lease(&mut self) -> Result<Webhook, Step> {
        let (id, holder) = (self.webhook.id, self.shared.holder.clone());
        let lease = move |session: &mut Session| delivery::lease(session, id, &holder);
        match self.shared.in_session(Access::Write, lease).await {
            Ok(Some(webhook)) => {
                self.is_leased = true;
                Ok(webhook)
            }
            // Deleted, disabled, not due, or leased by another server.
            Ok(None) => Err(Step::Pause),
            Err(error) => {
                tracing::warn!(%error, webhook = %id, "a webhook cannot be leased at the moment");
                Err(Step::Pause)
            }
        }
    }

    /// Takes the state of the leased webhook. Returns whether the change that was found is still the next one. Otherwise another
    /// server has delivered it, or an admin has changed the filter.
    fn take(&mut self, leased: Webhook) -> bool {
        let is_current =
            leased.position == self.webhook.position && leased.filter == self.webhook.filter;
        if !is_current {
            self.after = leased.position;
        }
        self.webhook = leased;
        is_current
    }

    async fn deliver_change(&mut self, change: &Change) -> Step {
        let leased = match self.lease().await {
            Ok(leased) => leased,
            Err(step) => return step,
        };
        if !self.take(leased) {
            return Step::Continue;
        }
        if !self.webhook.is_due(day::now()) {
            return Step::Stop;
        }
        let message = self.shared.messages.about(&self.webhook, change);
        let outcome = self.shared.sender.send(&self.webhook, message).await;
        let effect = self.shared.effect(&self.webhook, &outcome);
        self.shared.count(&self.webhook, &outcome, &effect);
        if !self.store(change.position, outcome.attempt, effect.clone()).await {
            return Step::Pause;
        }
        match effect {
            Effect::Delivered => {
                self.webhook.position = change.position;
                self.webhook.failures = 0;
                self.webhook.failing_since = None;
                self.webhook.next_attempt_at = None;
                self.after = change.position;
                Step::Continue
            }
            Effect::Retry(at) => {
                self.webhook.next_attempt_at = Some(at);
                self.webhook.failures += 1;
                Step::Stop
            }
            Effect::Disable(_) => {
                self.webhook.disabled_at = Some(day::now());
                Step::Stop
            }
        }
    }

    /// Stores the outcome of an attempt. The receiver has the message, so the server tries several times: otherwise it would
    /// send it again. Returns whether the outcome was stored.
    async fn store(&self, position: i64, attempt: Attempt, effect: Effect) -> bool {
        let id = self.webhook.id;
        for tries in 1..=STORE_ATTEMPTS {
            let (holder, attempt, effect) =
                (self.shared.holder.clone(), attempt.clone(), effect.clone());
            let record = move |session: &mut Session| {
                delivery::record(session, id, &holder, position, &attempt, &effect)
            };
            match self.shared.in_session(Access::Write, record).await {
                Ok(is_stored) => return is_stored,
                Err(error) => {
                    tracing::warn!(%error, webhook = %id, tries, "the delivery of a message could not be stored");
                }
            }
            tokio::time::sleep(STORE_PAUSE).await;
        }
        false
    }

    async fn deliver_test(&mut self) -> Step {
        let leased = match self.lease().await {
            Ok(leased) => leased,
            Err(step) => return step,
        };
        // Otherwise another server has sent it.
        if let Some(requested_at) = leased.test_requested_at
            && let Err(error) = self.shared.send_test(&leased, requested_at).await
        {
            tracing::warn!(%error, webhook = %leased.id, "the delivery of a test could not be stored");
            return Step::Pause;
        }
        self.take(leased);
        self.webhook.test_requested_at = None;
        Step::Continue
    }

    /// Stores that no change up to `after` matches, if many were skipped.
    async fn store_end(&mut self) {
        let end = self.after;
        if end - self.webhook.position < SKIPPED || self.is_leased {
            return;
        }
        let webhook = self.webhook.clone();
        let skip = move |session: &mut Session| delivery::skip_to(session, &webhook, end);
        match self.shared.in_session(Access::Write, skip).await {
            Ok(true) => self.webhook.position = end,
            Ok(false) => {}
            Err(error) => tracing::debug!(%error, "the position of a webhook cannot be stored"),
        }
    }

    /// Disables the webhook, because the next change cannot be read.
    async fn disable(&mut self, reason: String) -> Step {
        let leased = match self.lease().await {
            Ok(leased) => leased,
            Err(step) => return step,
        };
        if !self.take(leased) {
            return Step::Continue;
        }
        let (id, holder) = (self.webhook.id, self.shared.holder.clone());
        tracing::warn!(webhook = %id, reason, "a webhook was disabled");
        let disable = move |session: &mut Session| delivery::disable(session, id, &holder, &reason);
        if let Err(error) = self.shared.in_session(Access::Write, disable).await {
            tracing::warn!(%error, webhook = %id, "a webhook could not be disabled");
        }
        Step::Pause
    }
}

impl Shared {
    /// What follows from an attempt.
    fn effect(&self, webhook: &Webhook, outcome: &Outcome) -> Effect {
        let Some(error) = &outcome.attempt.error else { return Effect::Delivered };
        if outcome.is_gone {
            return Effect::Disable("the receiver wants no more messages: 410 Gone".to_owned());
        }
        let failures = webhook.failures.saturating_add(1);
        let Some(delay) = self.retry.delay_after(failures) else {
            return Effect::Disable(format!(
                "{failures} attempts have failed, the last with: {error}"
            ));
        };
        let delay = delay.max(outcome.retry_after.unwrap_or_default());
        let delay = TimeDelta::from_std(delay).unwrap_or_default();
        Effect::Retry(day::now() + delay)
    }

    /// Counts and logs an attempt. The log contains no addresses, which may be secrets.
    fn count(&self, webhook: &Webhook, outcome: &Outcome, effect: &Effect) {
        self.metrics.count_delivery(*effect == Effect::Delivered);
        let error = outcome.attempt.error.as_deref().unwrap_or_default();
        match effect {
            Effect::Delivered => tracing::debug!(webhook = %webhook.id, "a message was delivered"),
            Effect::Retry(at) => {
                tracing::info!(webhook = %webhook.id, error, next = %at, "a message was not delivered");
            }
            Effect::Disable(reason) => {
                self.metrics.count_disabled_webhook();
                tracing::warn!(webhook = %webhook.id, reason, "a webhook was disabled");
            }
        }
    }

    /// Sends a test message that was requested at this time, and stores the attempt.
    pub(super) async fn send_test(
        &self,
        webhook: &Webhook,
        requested_at: NaiveDateTime,
    ) -> Result<Attempt, Error> {
        let outcome = self.sender.send(webhook, message::test(webhook, requested_at)).await;
        let attempt = outcome.attempt;
        self.metrics.count_delivery(attempt.error.is_none());
        let (id, stored) = (webhook.id, attempt.clone());
        self.in_session(Access::Write, move |session| {
            delivery::record_test(session, id, Some(requested_at), &stored)
        })
        .await?;
        Ok(attempt)
    }

    /// Runs `work` with a new session on a thread that may block.
    pub(super) async fn in_session<T: Send + 'static>(
        &self,
        access: Access,
        work: impl FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.db.permit(access).await?;
        let outcome = tokio::task::spawn_blocking(move || work(&mut permit.open()?)).await;
        outcome.unwrap_or_else(|failure| Err(Error::Internal(failure.to_string())))
    }
}
