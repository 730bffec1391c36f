//! The worker of a server: delivers the messages of all webhooks.
//!
//! Each webhook with something to deliver has a task, which delivers its messages in order, one at a time. So a slow receiver
//! delays only its own messages. No task holds a database connection while it waits for a receiver.

mod task;

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use self::task::{Finished, Shared, Start};
use super::message::Messages;
use super::sender::Sender;
use crate::db::webhook::{self, Webhook, delivery::Attempt};
use crate::db::{Access, Db, DbConnection, Error, LogSubscriber};
use crate::domain::Id;
use crate::domain::day;
use crate::domain::id::WebhookId;
use crate::domain::public_address::AddressPolicy;
use crate::domain::webhook::RetrySchedule;
use crate::metrics::Metrics;

/// The time after which the list of webhooks is read again. Other servers, commands and the API change this list.
const REFRESH: Duration = Duration::from_secs(1);
/// The time until a webhook is tried again, if its changes cannot be read or another server has leased it.
const PAUSE: Duration = Duration::from_secs(5);
/// The time after which the worker stores the end of a search that found no match. If the filter changes or the server
/// restarts, only the changes after the stored position are searched again.
const STORE_AFTER: Duration = Duration::from_mins(1);

/// The settings of a worker.
pub struct WorkerSettings {
    /// The addresses to which messages are sent.
    pub addresses: AddressPolicy,
    /// The delays between attempts.
    pub retry: RetrySchedule,
    /// The metrics of the server.
    pub metrics: Arc<Metrics>,
}

/// Delivers the messages of all webhooks.
pub struct Worker {
    shared: Arc<Shared>,
    webhooks: Vec<Webhook>,
    /// The position of the log at the last refresh.
    head: i64,
    scans: HashMap<WebhookId, Scan>,
    paused: HashMap<WebhookId, Instant>,
    busy: HashSet<WebhookId>,
    running: JoinSet<Finished>,
    can_refresh: bool,
}

/// The result of searching for the next change. It is valid until the position or the filter of the webhook changes.
struct Scan {
    position: i64,
    filter: String,
    /// No change up to this position matches.
    end: i64,
    /// The time of the first search from `position`, or of the last attempt to store `end`.
    since: Instant,
}

impl Scan {
    fn is_valid_for(&self, webhook: &Webhook) -> bool {
        self.position == webhook.position && self.filter == webhook.filter
    }
}

/// Waits for a commit. Without a subscriber, waits forever.
async fn wait_for_commit(subscriber: Option<&mut LogSubscriber>) {
    match subscriber {
        Some(subscriber) => subscriber.wait_for_commit().await,
        None => std::future::pending().await,
    }
}

impl Worker {
    /// A worker that delivers the messages of the webhooks in this database.
    ///
    /// # Errors
    /// The HTTP client cannot be built.
    pub fn new(db: Db, messages: Messages, settings: WorkerSettings) -> anyhow::Result<Self> {
        let shared = Shared {
            db,
            messages,
            sender: Sender::new(settings.addresses)?,
            retry: settings.retry,
            metrics: settings.metrics,
            holder: Id::<()>::new().to_string(),
            is_stopping: AtomicBool::new(false),
        };
        Ok(Self {
            shared: Arc::new(shared),
            webhooks: Vec::new(),
            head: 0,
            scans: HashMap::new(),
            paused: HashMap::new(),
            busy: HashSet::new(),
            running: JoinSet::new(),
            can_refresh: true,
        })
    }

    /// Delivers messages until `stopping` completes. Then finishes the attempts that have begun, and returns.
    pub async fn run(mut self, stopping: impl Future<Output = ()>) {
        let mut stopping = pin!(stopping);
        let mut subscriber: Option<LogSubscriber> = None;
        let mut refresh_at = Instant::now();
        loop {
            // This call must come before the refresh, so that a commit during the refresh is not missed.
            let seen = subscriber.as_mut().map(LogSubscriber::mark_seen);
            if Instant::now() >= refresh_at {
                self.refresh().await;
                refresh_at = Instant::now() + REFRESH;
                // Without webhooks, the worker does not wait for commits, because SQLite would be polled for them.
                if self.webhooks.is_empty() {
                    subscriber = None;
                } else if subscriber.is_none() {
                    subscriber = Some(self.shared.db.follow());
                }
            }
            self.start_tasks(seen.map_or(self.head, |seen| seen.position.max(self.head)));
            tokio::select! {
                () = &mut stopping => break,
                Some(outcome) = self.running.join_next(), if !self.running.is_empty() => {
                    match outcome {
                        Ok(finished) => self.finish(finished),
                        Err(failure) => tracing::error!(%failure, "the delivery of a webhook failed"),
                    }
                    // If a task panicked, its webhook is unknown. So when no task runs, all webhooks are marked as
                    // free.
                    if self.running.is_empty() {
                        self.busy.clear();
                    }
                }
                () = wait_for_commit(subscriber.as_mut()) => {}
                () = tokio::time::sleep_until(refresh_at) => {}
            }
        }
        self.shared.is_stopping.store(true, Ordering::Relaxed);
        while self.running.join_next().await.is_some() {}
    }

    /// Sends a test message now, and returns the attempt. None if no webhook has this id.
    ///
    /// # Errors
    /// Database errors.
    pub async fn send_test(&self, id: WebhookId) -> Result<Option<Attempt>, Error> {
        let webhook = self
            .shared
            .in_session(Access::Read, move |session| webhook::by_id(session.read()?, id))
            .await?;
        let Some(webhook) = webhook else { return Ok(None) };
        self.shared.send_test(&webhook, day::now()).await.map(Some)
    }

    /// Reads the webhooks and the position of the log. Keeps the earlier state if the database cannot be reached.
    async fn refresh(&mut self) {
        let read = self.shared.in_session(Access::Read, |session| {
            let connection: &mut DbConnection = session.read()?;
            Ok((connection.log_position()?, webhook::all(connection)?))
        });
        match read.await {
            Ok((head, webhooks)) => {
                self.can_refresh = true;
                // The log can move back, for example by a failover to an older standby. Later positions then get other
                // changes than before.
                if head < self.head {
                    self.scans.clear();
                }
                self.head = head;
                self.webhooks = webhooks;
                let ids: HashSet<WebhookId> =
                    self.webhooks.iter().map(|webhook| webhook.id).collect();
                self.scans.retain(|id, _| ids.contains(id));
                self.paused.retain(|id, until| ids.contains(id) && *until > Instant::now());
            }
            Err(error) => {
                if std::mem::replace(&mut self.can_refresh, false) {
                    tracing::warn!(%error, "the webhooks cannot be read at the moment");
                }
            }
        }
    }

    /// Starts a task for each webhook that may have something to deliver. `head` is the last committed position of the log.
    fn start_tasks(&mut self, head: i64) {
        let now = day::now();
        for webhook in &self.webhooks {
            let is_paused =
                self.paused.get(&webhook.id).is_some_and(|until| *until > Instant::now());
            if is_paused || self.busy.contains(&webhook.id) {
                continue;
            }
            let scan = self.scans.get_mut(&webhook.id).filter(|scan| scan.is_valid_for(webhook));
            let after = scan.as_ref().map_or(webhook.position, |scan| scan.end);
            let is_store_due = after > webhook.position
                && scan.as_ref().is_some_and(|scan| scan.since.elapsed() >= STORE_AFTER);
            let has_work = webhook.is_due(now) && (after < head || is_store_due);
            if has_work || webhook.test_requested_at.is_some() {
                if let Some(scan) = scan.filter(|_| is_store_due) {
                    scan.since = Instant::now();
                }
                self.busy.insert(webhook.id);
                let start = Start { webhook: webhook.clone(), after, head, is_store_due };
                self.running.spawn(task::run(self.shared.clone(), start));
            }
        }
    }

    fn finish(&mut self, finished: Finished) {
        let Finished { webhook, end, is_paused } = finished;
        self.busy.remove(&webhook.id);
        if is_paused {
            self.paused.insert(webhook.id, Instant::now() + PAUSE);
        }
        let earlier = self.scans.get(&webhook.id).filter(|scan| scan.is_valid_for(&webhook));
        let since = earlier.map_or_else(Instant::now, |scan| scan.since);
        let scan = Scan { position: webhook.position, filter: webhook.filter.clone(), end, since };
        self.scans.insert(webhook.id, scan);
        if let Some(current) = self.webhooks.iter_mut().find(|current| current.id == webhook.id) {
            *current = webhook;
        }
    }
}
