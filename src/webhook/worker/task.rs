//! The task of one webhook: delivers its messages in order, until there are none or an attempt fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};

use crate::db::webhook::Webhook;
use crate::db::webhook::delivery::{self, Attempt, Effect, Recorded};
use crate::db::{Access, Db, Error, Session};
use crate::domain::day;
use crate::domain::webhook::RetrySchedule;
use crate::metrics::Metrics;
use crate::webhook::message::{self, Change, Messages, Next, ReadError};
use crate::webhook::sender::{Outcome, Sender};

/// If a search skips at least this number of changes, its end is stored at once as the position of the webhook. With
/// fewer changes, the worker stores the position after `STORE_AFTER`.
const SKIPPED: i64 = 1_000;
/// The number of times that the server tries to store the outcome of an attempt.
const STORE_ATTEMPTS: u32 = 5;
/// The pause between two tries to store an outcome. An outcome can be stored after the lease has expired, unless
/// another server has the lease.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// The state that all tasks share.
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

/// The webhook and the positions with which a task starts.
pub(super) struct Start {
    pub(super) webhook: Webhook,
    /// No change up to this position needs to be delivered.
    pub(super) after: i64,
    /// The last committed position of the log.
    pub(super) head: i64,
    /// Whether to store the end of the search, even if few changes were skipped.
    pub(super) is_store_due: bool,
}

/// The result of a task.
pub(super) struct Finished {
    /// The webhook after the last message.
    pub(super) webhook: Webhook,
    /// No change after the webhook's position and up to this position matches.
    pub(super) end: i64,
    /// Whether the webhook must not be tried again at once.
    pub(super) is_paused: bool,
}

/// Whether the next message can follow.
enum Step {
    Continue,
    /// Nothing more can be delivered at the moment.
    Stop,
    /// Like [`Step::Stop`], but the webhook must not be tried again at once.
    Pause,
}

/// Runs the task of a webhook.
pub(super) async fn run(shared: Arc<Shared>, start: Start) -> Finished {
    let id = start.webhook.id;
    let mut task =
        Task { shared: &shared, webhook: start.webhook, after: start.after, is_leased: false };
    let step = task.deliver(start.head, start.is_store_due).await;
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
    async fn deliver(&mut self, head: i64, is_store_due: bool) -> Step {
        while !self.shared.is_stopping() {
            let step = if self.webhook.test_requested_at.is_some() {
                self.deliver_test().await
            } else if self.webhook.is_due(day::now()) {
                self.deliver_next(head, is_store_due).await
            } else {
                Step::Stop
            };
            match step {
                Step::Continue => {}
                step => return step,
            }
        }
        Step::Stop
    }

    /// Delivers the message about the next change.
    async fn deliver_next(&mut self, head: i64, is_store_due: bool) -> Step {
        match self.shared.messages.next(&self.webhook.filter, self.after).await {
            Ok(Next::Change(change)) => self.deliver_change(&change).await,
            Ok(Next::End(end)) => {
                self.after = end;
                self.store_end(is_store_due).await;
                // `end` is less than `head` if the log has moved back, for example by a failover to an older standby.
                if end < head { Step::Pause } else { Step::Stop }
            }
            Err(ReadError::Unavailable(error)) => {
                tracing::warn!(webhook = %self.webhook.id, error, "a change for a webhook cannot be read");
                Step::Pause
            }
            // The log has moved back, so other changes now have the skipped positions.
            Err(ReadError::Stale(_)) if self.after > self.webhook.position => {
                self.after = self.webhook.position;
                Step::Continue
            }
            Err(error) => self.fail_to_read(error).await,
        }
    }

    /// Leases the webhook, or extends the lease.
    ///
    /// # Errors
    /// The step that follows if the webhook cannot be leased.
    async fn lease(&mut self) -> Result<Webhook, Step> {
        let (id, holder) = (self.webhook.id, self.shared.holder.clone());
        let lease = move |session: &mut Session| delivery::lease(session, id, &holder);
        match self.shared.in_session(Access::Write, lease).await {
            Ok(Some(webhook)) => {
                self.is_leased = true;
                // A stopping server begins no attempt.
                if self.shared.is_stopping() { Err(Step::Stop) } else { Ok(webhook) }
            }
            // The webhook is deleted, disabled, not due, or leased by another server.
            Ok(None) => Err(Step::Pause),
            Err(error) => {
                tracing::warn!(%error, webhook = %id, "a webhook cannot be leased at the moment");
                Err(Step::Pause)
            }
        }
    }

    /// Replaces the state of the webhook with the leased state. Returns whether the change that was found is still the
    /// next one. If it is not, another server has delivered it, or an admin has changed the filter.
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
            return Step::Continue;
        }
        let message = self.shared.messages.about(&self.webhook, change);
        let outcome = self.shared.sender.send(&self.webhook, message).await;
        let effect = self.shared.effect(&self.webhook, &outcome);
        self.conclude(change.position, outcome.attempt, effect).await
    }

    /// Stores that the next change could not be read. The change is read again after the delays of the retry schedule.
    /// If no later try can succeed, the webhook is disabled.
    async fn fail_to_read(&mut self, error: ReadError) -> Step {
        let leased = match self.lease().await {
            Ok(leased) => leased,
            Err(step) => return step,
        };
        if !self.take(leased) || !self.webhook.is_due(day::now()) {
            return Step::Continue;
        }
        let (is_permanent, reason) = match error {
            ReadError::Failed(reason) | ReadError::Unavailable(reason) => (false, reason),
            ReadError::Stale(reason) | ReadError::Permanent(reason) => (true, reason),
        };
        let attempt = Attempt {
            started_at: day::now(),
            duration: Duration::ZERO,
            status: None,
            error: Some(format!("the next change cannot be read: {reason}")),
        };
        let outcome = Outcome { attempt, retry_after: None, is_gone: false };
        let effect = if is_permanent {
            Effect::Disable(reason)
        } else {
            self.shared.effect(&self.webhook, &outcome)
        };
        // The position of the change is unknown, so the attempt gets the first position that was not searched.
        self.conclude(self.after.saturating_add(1), outcome.attempt, effect).await
    }

    /// Stores an attempt and its effect, and replaces the state of the webhook with the stored state.
    async fn conclude(&mut self, position: i64, attempt: Attempt, effect: Effect) -> Step {
        let recorded = self.store(position, &attempt, &effect).await;
        let had_effect = recorded.as_ref().is_some_and(|recorded| recorded.had_effect);
        self.shared.count(&self.webhook, &attempt, &effect, had_effect);
        let Some(recorded) = recorded else { return Step::Pause };
        self.take(recorded.webhook);
        Step::Continue
    }

    /// Stores the outcome of an attempt. Tries several times, because a message whose delivery was not stored is sent
    /// again. A stopping server does not try again. `None` if the outcome was not stored.
    async fn store(&self, position: i64, attempt: &Attempt, effect: &Effect) -> Option<Recorded> {
        let id = self.webhook.id;
        for tries in 1..=STORE_ATTEMPTS {
            let (sent, holder) = (self.webhook.clone(), self.shared.holder.clone());
            let (attempt, effect) = (attempt.clone(), effect.clone());
            let record = move |session: &mut Session| {
                delivery::record(session, &sent, &holder, position, &attempt, &effect)
            };
            match self.shared.in_session(Access::Write, record).await {
                Ok(recorded) => return recorded,
                Err(error) => {
                    tracing::warn!(%error, webhook = %id, tries, "the delivery of a message could not be stored");
                }
            }
            if self.shared.is_stopping() {
                break;
            }
            tokio::time::sleep(STORE_PAUSE).await;
        }
        None
    }

    async fn deliver_test(&mut self) -> Step {
        let leased = match self.lease().await {
            Ok(leased) => leased,
            Err(step) => return step,
        };
        // If there is no request, another server has sent the test message.
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

    /// Stores that no change up to `after` matches, if many changes were skipped or if `is_store_due`.
    async fn store_end(&mut self, is_store_due: bool) {
        let end = self.after;
        let skipped = end - self.webhook.position;
        if skipped <= 0 || (skipped < SKIPPED && !is_store_due) || self.is_leased {
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
}

impl Shared {
    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// The effect of an attempt on the webhook: the message is delivered, a retry is due later, or the webhook is
    /// disabled.
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

    /// Counts and logs an attempt. The log contains no addresses, which may be secrets. `had_effect` is false if the effect was
    /// not stored.
    fn count(&self, webhook: &Webhook, attempt: &Attempt, effect: &Effect, had_effect: bool) {
        self.metrics.count_delivery(*effect == Effect::Delivered);
        let error = attempt.error.as_deref().unwrap_or_default();
        match effect {
            Effect::Delivered => tracing::debug!(webhook = %webhook.id, "a message was delivered"),
            _ if !had_effect => {
                tracing::info!(webhook = %webhook.id, error, "an attempt failed; its effect was not stored");
            }
            Effect::Retry(at) => {
                tracing::info!(webhook = %webhook.id, error, next = %at, "a message was not delivered");
            }
            Effect::Disable(reason) => {
                self.metrics.count_disabled_webhook();
                tracing::warn!(webhook = %webhook.id, reason, "a webhook was disabled");
            }
        }
    }

    /// Sends the test message for a request at the time `requested_at`, and stores the attempt.
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
