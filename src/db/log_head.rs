//! The head of the change log: its last position, and a notification when it advances.
//!
//! This process knows its own commits immediately. The database reports the commits of other processes. On SQLite,
//! [`LogHead::read`] queries the database each time, which takes a few microseconds. On PostgreSQL, a trigger notifies
//! all listeners (`listener.rs`), so the database is queried only while the listener is disconnected. A pooler that
//! shares connections by transaction does not support listeners. Behind such a pooler, every read is a query, and a
//! thread polls the head while there are subscribers.

mod listener;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::schema::log_head;
use super::{DbConnection, Dialect, Error, Location};
use crate::domain::day;

/// While there are subscribers, a task checks SQLite at this interval for commits of other processes.
const WATCH_INTERVAL: Duration = Duration::from_millis(20);

/// A point in the change log: a position, and the time of its entry. The time distinguishes histories: after a backup is
/// restored, new entries get the positions of lost entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogPoint {
    /// The position; 0 if the log is empty.
    pub position: i64,
    /// Microseconds since 1970.
    pub microseconds: i64,
}

impl LogPoint {
    /// The time of the entry, in UTC. `None` if it is out of range.
    #[must_use]
    pub fn time(self) -> Option<NaiveDateTime> {
        DateTime::from_timestamp_micros(self.microseconds).map(|time| time.naive_utc())
    }

    /// Parses the payload of a notification.
    fn parse(payload: &str) -> Option<Self> {
        let (position, microseconds) = payload.split_once(' ')?;
        Some(Self { position: position.parse().ok()?, microseconds: microseconds.parse().ok()? })
    }
}

impl DbConnection {
    /// Whether no entry was ever written to the log of this database.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_untouched(&mut self) -> Result<bool, Error> {
        Ok(self.log_position()? == 0)
    }

    /// The position of the last change. 0 if the log is empty.
    ///
    /// # Errors
    /// Database errors.
    pub fn log_position(&mut self) -> Result<i64, Error> {
        Ok(self.log_point()?.position)
    }

    /// The point of the last change.
    ///
    /// # Errors
    /// Database errors.
    pub fn log_point(&mut self) -> Result<LogPoint, Error> {
        let columns = (log_head::position, log_head::recorded_microseconds);
        let (position, microseconds) = log_head::table.select(columns).first(self)?;
        Ok(LogPoint { position, microseconds })
    }
}

/// The time by which the log may be ahead of the clock without a message. The clocks of several servers differ a
/// little.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(1);

impl DbConnection {
    /// A message if the last entry of the log is ahead of this machine's clock. In that case, the clock of a server is
    /// or was wrong. New entries still get later times than the last entry.
    ///
    /// # Errors
    /// Database errors.
    pub fn time_ahead(&mut self) -> Result<Option<String>, Error> {
        let microseconds = self.log_point()?.microseconds;
        let last = DateTime::from_timestamp_micros(microseconds).unwrap_or_default().naive_utc();
        let now = day::now();
        Ok((last - now > MAX_AHEAD).then(|| {
            let [last, now] = [last, now].map(|time| time.format("%Y-%m-%dT%H:%M:%SZ"));
            format!(
                "the last entry of the change log has the time {last}, but this machine's clock shows {now}: new entries get times \
                 after {last} until the clock has passed it"
            )
        }))
    }
}

/// The last point that is known to be committed.
#[derive(Clone)]
pub(super) struct LogHead(Arc<Inner>);

struct Inner {
    location: Location,
    last_committed: watch::Sender<LogPoint>,
    /// Whether `last_committed` is updated after every commit, so that no query is needed.
    is_listening: AtomicBool,
    /// Whether the listener was started.
    has_listener: AtomicBool,
    /// Idle connections that read the head on SQLite.
    readers: Mutex<Vec<DbConnection>>,
    /// The task that polls SQLite while there are subscribers.
    watching: Mutex<Option<JoinHandle<()>>>,
}

impl LogHead {
    pub(super) fn new(location: &Location) -> Self {
        Self(Arc::new(Inner {
            location: location.clone(),
            last_committed: watch::Sender::new(LogPoint::default()),
            is_listening: AtomicBool::new(false),
            has_listener: AtomicBool::new(false),
            readers: Mutex::default(),
            watching: Mutex::new(None),
        }))
    }

    /// Reports that everything up to `point` is committed.
    pub(super) fn advance(&self, point: LogPoint) {
        self.0.last_committed.send_if_modified(|last_committed| {
            let has_grown = point > *last_committed;
            *last_committed = point.max(*last_committed);
            has_grown
        });
    }

    /// Reads the head on SQLite. Each thread uses a separate connection: waiting for another thread would take longer than
    /// the statement.
    pub(super) fn read(&self) -> Result<LogPoint, Error> {
        let readers = || self.0.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = readers().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => self.0.location.connect().map_err(Error::unavailable)?,
        };
        let known = self.last_committed();
        let point = reader.log_point()?;
        readers().push(reader);
        if point != known {
            self.set_from_database(known, point);
        }
        Ok(self.last_committed())
    }

    /// Sets the head to a point that was read from the database. `known` is a point that was known to be committed
    /// before the read. If `point` is before `known`, the database was replaced with another database, and the head
    /// moves back.
    fn set_from_database(&self, known: LogPoint, point: LogPoint) {
        if point < known {
            self.0.last_committed.send_replace(point);
        }
        self.advance(point);
    }
}

/// A subscriber to the log.
pub struct LogSubscriber(watch::Receiver<LogPoint>);

impl LogSubscriber {
    /// Marks everything known to be committed as seen, and returns the last point. Call it before reading the log.
    pub fn mark_seen(&mut self) -> LogPoint {
        *self.0.borrow_and_update()
    }

    /// Waits for a commit after the last point that was marked as seen.
    pub async fn wait_for_commit(&mut self) {
        if self.0.changed().await.is_err() {
            // The database is closed, so no more commits will follow.
            std::future::pending::<()>().await;
        }
    }
}

impl LogHead {
    /// Subscribes to the log from now on. Must be called on a Tokio runtime.
    pub(super) fn follow(&self) -> LogSubscriber {
        let receiver = self.0.last_committed.subscribe();
        match self.0.location.dialect() {
            Dialect::Postgres => self.listen(),
            Dialect::Sqlite => {
                let mut watching = self.0.watching.lock().unwrap_or_else(PoisonError::into_inner);
                // A finished task means that there were no subscribers, or that its runtime has shut down.
                if watching.as_ref().is_none_or(JoinHandle::is_finished) {
                    *watching = Some(tokio::spawn(watch(self.clone())));
                }
            }
        }
        LogSubscriber(receiver)
    }

    /// The last point that is known to be committed.
    pub(super) fn last_committed(&self) -> LogPoint {
        *self.0.last_committed.borrow()
    }

    /// Whether `last_committed` is updated after every commit, so that no query is needed.
    pub(super) fn is_listening(&self) -> bool {
        self.0.is_listening.load(Ordering::Acquire)
    }
}

/// Polls SQLite while there are subscribers.
async fn watch(head: LogHead) {
    loop {
        tokio::time::sleep(WATCH_INTERVAL).await;
        {
            // The lock ensures that a subscriber added after this check starts a new task.
            let mut watching = head.0.watching.lock().unwrap_or_else(PoisonError::into_inner);
            if head.0.last_committed.receiver_count() == 0 {
                *watching = None;
                return;
            }
        }
        if let Err(error) = head.read() {
            tracing::debug!(%error, "the head of the log cannot be read at the moment");
        }
    }
}
