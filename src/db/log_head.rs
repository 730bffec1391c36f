//! The head of the change log: its last position, and a signal when it grows.
//!
//! This process knows its own commits immediately. It learns of other processes' commits by the means of the database.
//! SQLite: `PRAGMA data_version` shows within microseconds whether another connection has committed; it is read before
//! each use. PostgreSQL: a trigger notifies all listeners. While the listener is disconnected, each use reads the
//! position with a statement. A pooler that shares connections by transaction does not support listeners; then each use
//! reads the position, and a thread polls it while subscribers exist.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::query::{self, Sql};
use super::schema::log_head;
use super::{DbConnection, Dialect, Error, Location};

/// How often the listener checks for notifications on PostgreSQL. This is the delay of other servers' commits.
const LISTEN_INTERVAL: Duration = Duration::from_millis(5);
/// How often SQLite is checked for other processes' commits while subscribers exist.
const WATCH_INTERVAL: Duration = Duration::from_millis(20);
/// How often PostgreSQL is polled through a pooler while subscribers exist.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// The pause before the next attempt to connect.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

/// The channel that the trigger on `log_head` notifies.
const CHANNEL: &str = "clausewatch_log";

/// A point of the change log: a position and the time of its entry. After a backup is restored, new entries reuse
/// positions; the time distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LogPoint {
    /// Position. 0 if the log is empty.
    pub position: i64,
    /// Time of the entry, in microseconds since 1970.
    pub microseconds: i64,
}

impl LogPoint {
    /// Parses the payload of a notification.
    fn parse(payload: &str) -> Option<Self> {
        let (position, microseconds) = payload.split_once(' ')?;
        Some(Self { position: position.parse().ok()?, microseconds: microseconds.parse().ok()? })
    }
}

impl DbConnection {
    /// Whether nothing was ever written to this database.
    ///
    /// # Errors
    /// Database errors.
    pub fn is_untouched(&mut self) -> Result<bool, Error> {
        Ok(self.log_position()? == 0)
    }

    /// The position of the last change. 0 if there is none.
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

/// The last point that is known to be committed, shared by all connections.
#[derive(Clone)]
pub(super) struct LogHead(Arc<Inner>);

struct Inner {
    location: Location,
    last_committed: watch::Sender<LogPoint>,
    /// Whether notifications keep the point up to date.
    is_listening: AtomicBool,
    /// Whether the listener was started.
    has_listener: AtomicBool,
    /// The connection that watches SQLite for other processes' commits, and its last result.
    watcher: Mutex<Option<DataVersionWatcher>>,
    /// The task that watches SQLite while subscribers exist.
    watching: Mutex<Option<JoinHandle<()>>>,
}

/// A connection that shows whether other connections have committed.
struct DataVersionWatcher {
    connection: DbConnection,
    version: i64,
}

impl LogHead {
    pub(super) fn new(location: &Location) -> Self {
        Self(Arc::new(Inner {
            location: location.clone(),
            last_committed: watch::Sender::new(LogPoint::default()),
            is_listening: AtomicBool::new(false),
            has_listener: AtomicBool::new(false),
            watcher: Mutex::new(None),
            watching: Mutex::new(None),
        }))
    }

    /// Publishes that everything up to `point` is committed.
    pub(super) fn advance(&self, point: LogPoint) {
        self.0.last_committed.send_if_modified(|last_committed| {
            let has_grown = point > *last_committed;
            *last_committed = point.max(*last_committed);
            has_grown
        });
    }

    /// Checks SQLite for other processes' commits. Reads the position if there are any.
    pub(super) fn watch(&self) -> Result<LogPoint, Error> {
        let mut watcher = self.0.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let watcher = match &mut *watcher {
            Some(watcher) => watcher,
            none => {
                let connection = self.0.location.connect().map_err(Error::unavailable)?;
                none.insert(DataVersionWatcher { connection, version: -1 })
            }
        };
        let version = number(&mut watcher.connection, "PRAGMA data_version")?;
        if version != watcher.version {
            self.catch_up(&mut watcher.connection)?;
            watcher.version = version;
        }
        Ok(self.last_committed())
    }

    /// Reads the point on a connection that is kept for this purpose.
    fn read_point(&self, connection: &mut Option<DbConnection>) -> Result<(), Error> {
        let connection = match connection {
            Some(connection) => connection,
            none => none.insert(self.0.location.connect().map_err(Error::unavailable)?),
        };
        self.catch_up(connection)
    }

    /// Reads the current point of the database and publishes it. If the known point no longer exists, the database was
    /// replaced.
    fn catch_up(&self, connection: &mut DbConnection) -> Result<(), Error> {
        // The order matters: the point that is known before the read is part of what the read shows.
        let last_committed = self.last_committed();
        let point = connection.log_point()?;
        if point < last_committed {
            self.0.last_committed.send_replace(point);
        }
        self.advance(point);
        Ok(())
    }

    /// Starts the thread that listens to PostgreSQL or polls it. Later calls have no effect.
    pub(super) fn listen(&self) {
        if self.0.has_listener.swap(true, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("log-head".to_owned());
        let follow = if self.0.location.is_pooled_by_transaction() { poll } else { listen };
        if let Err(failure) = thread.spawn(move || follow(&inner)) {
            tracing::warn!(%failure, "cannot listen to the change log; each request reads its position");
        }
    }
}

fn number(connection: &mut DbConnection, text: &'static str) -> Result<i64, Error> {
    let numbers = query::rows::<BigInt, i64>(connection, Sql::new(text))?;
    numbers.first().copied().ok_or_else(|| Error::Internal(format!("{text} gives nothing")))
}

/// Listens until the database is closed. Connects again when the connection is lost.
fn listen(inner: &Weak<Inner>) {
    while let Some(head) = inner.upgrade().map(LogHead) {
        let ended = follow_notifications(head, inner);
        if let Err(error) = ended {
            tracing::debug!(%error, "the connection that listens to the change log is lost; connecting again");
        }
        if let Some(inner) = inner.upgrade() {
            inner.is_listening.store(false, Ordering::Release);
        }
        std::thread::sleep(RECONNECT_DELAY);
    }
}

/// Polls the position while subscribers exist, until the database is closed.
fn poll(inner: &Weak<Inner>) {
    let mut connection = None;
    while let Some(head) = inner.upgrade().map(LogHead) {
        if head.0.last_committed.receiver_count() > 0
            && let Err(error) = head.read_point(&mut connection)
        {
            tracing::debug!(%error, "cannot read the head of the change log");
            connection = None;
            drop(head);
            std::thread::sleep(RECONNECT_DELAY);
            continue;
        }
        drop(head);
        std::thread::sleep(POLL_INTERVAL);
    }
}

/// Listens until the connection is lost or the database is closed.
fn follow_notifications(head: LogHead, inner: &Weak<Inner>) -> Result<(), Error> {
    let mut connection = head.0.location.connect().map_err(Error::unavailable)?;
    let DbConnection::Postgres(listener) = &mut connection else { return Ok(()) };
    listener.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    // Reads what was committed before the first notification.
    head.catch_up(&mut connection)?;
    head.0.is_listening.store(true, Ordering::Release);
    drop(head);
    let DbConnection::Postgres(listener) = &mut connection else { return Ok(()) };
    while let Some(head) = inner.upgrade().map(LogHead) {
        for notification in listener.notifications_iter() {
            if let Some(point) = LogPoint::parse(&notification?.payload) {
                head.advance(point);
            }
        }
        drop(head);
        std::thread::sleep(LISTEN_INTERVAL);
    }
    Ok(())
}

/// A subscriber to the log.
pub struct LogSubscriber(watch::Receiver<LogPoint>);

impl LogSubscriber {
    /// Marks everything that is known to be committed as seen, and returns the point. Call this before reading the log.
    pub fn mark_seen(&mut self) -> LogPoint {
        *self.0.borrow_and_update()
    }

    /// Waits for a commit after the point that was marked as seen.
    pub async fn wait_for_commit(&mut self) {
        if self.0.changed().await.is_err() {
            // The database is closed: no commit will follow.
            std::future::pending::<()>().await;
        }
    }
}

impl LogHead {
    /// Subscribes to the log. Requires a Tokio runtime.
    pub(super) fn follow(&self) -> LogSubscriber {
        let receiver = self.0.last_committed.subscribe();
        match self.0.location.dialect() {
            Dialect::Postgres => self.listen(),
            Dialect::Sqlite => {
                let mut watching = self.0.watching.lock().unwrap_or_else(PoisonError::into_inner);
                // A finished task means that all subscribers are gone or that its runtime has shut down.
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

    /// Whether notifications keep the point up to date.
    pub(super) fn is_listening(&self) -> bool {
        self.0.is_listening.load(Ordering::Acquire)
    }
}

/// Checks SQLite repeatedly while subscribers exist.
async fn watch(head: LogHead) {
    loop {
        tokio::time::sleep(WATCH_INTERVAL).await;
        {
            // Under the lock: no subscriber can start in between.
            let mut watching = head.0.watching.lock().unwrap_or_else(PoisonError::into_inner);
            if head.0.last_committed.receiver_count() == 0 {
                *watching = None;
                return;
            }
        }
        if let Err(error) = head.watch() {
            tracing::debug!(%error, "cannot read the head of the change log");
        }
    }
}
