//! The head of the change log: its last position, and a signal when it grows.
//!
//! This process knows its own commits at once. Those of other processes come by the database's own means: on SQLite,
//! `PRAGMA data_version` tells within microseconds whether another connection has committed, so it is asked before each use;
//! on PostgreSQL a trigger notifies everyone who listens. While the listener is not connected, the position is read by a
//! statement each time. Through a pooler that shares connections by transactions nobody can listen: then the position is
//! always read by a statement, and regularly while anyone follows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::location::Location;
use super::query::{self, Sql};
use super::{Access, Db, DbConnection, Dialect, Error};

/// How often the listener looks for notifications: so late other servers' commits are seen on PostgreSQL.
const LISTENING: Duration = Duration::from_millis(5);
/// How often SQLite is asked for other processes' commits while anyone follows the log.
const WATCHING: Duration = Duration::from_millis(20);
/// How often PostgreSQL is asked for the position through a pooler while anyone follows the log.
const POLLING: Duration = Duration::from_millis(100);
/// How long to wait before a database that could not be reached is tried again.
const RECONNECTING: Duration = Duration::from_secs(1);

/// The channel that the trigger on `log_head` notifies.
const CHANNEL: &str = "clausewatch_log";

/// The last position that is known to be committed.
#[derive(Clone)]
pub(super) struct LogHead(Arc<Inner>);

struct Inner {
    location: Location,
    known: watch::Sender<i64>,
    /// Whether `known` follows every commit by itself.
    is_listening: AtomicBool,
    /// Whether the listener was started.
    has_listener: AtomicBool,
    /// What asks SQLite, and what it said last time.
    watcher: Mutex<Option<Watcher>>,
    /// The task that asks SQLite while anyone follows.
    watching: Mutex<Option<JoinHandle<()>>>,
}

/// A connection that sees whether others have committed.
struct Watcher {
    connection: DbConnection,
    version: i64,
}

impl LogHead {
    pub(super) fn new(location: &Location) -> Self {
        Self(Arc::new(Inner {
            location: location.clone(),
            known: watch::Sender::new(0),
            is_listening: AtomicBool::new(false),
            has_listener: AtomicBool::new(false),
            watcher: Mutex::new(None),
            watching: Mutex::new(None),
        }))
    }

    /// Tells that everything up to `position` is committed.
    pub(super) fn advance(&self, position: i64) {
        self.0.known.send_if_modified(|known| {
            let has_grown = position > *known;
            *known = position.max(*known);
            has_grown
        });
    }

    fn known(&self) -> i64 {
        *self.0.known.borrow()
    }

    /// Asks SQLite whether others have committed, and if so for the position.
    fn watch(&self) -> Result<i64, Error> {
        let mut watcher = self.0.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let watcher = match &mut *watcher {
            Some(watcher) => watcher,
            none => {
                let connection = self.0.location.connect().map_err(Error::unavailable)?;
                none.insert(Watcher { connection, version: -1 })
            }
        };
        let version = number(&mut watcher.connection, "PRAGMA data_version")?;
        if version != watcher.version {
            self.advance(watcher.connection.log_position()?);
            watcher.version = version;
        }
        Ok(self.known())
    }

    /// Asks for the position by a connection that is kept for this.
    fn ask(&self, connection: &mut Option<DbConnection>) -> Result<(), Error> {
        let connection = match connection {
            Some(connection) => connection,
            none => none.insert(self.0.location.connect().map_err(Error::unavailable)?),
        };
        self.advance(connection.log_position()?);
        Ok(())
    }

    /// Starts the thread that listens to PostgreSQL, or asks it regularly, once.
    fn listen(&self) {
        if self.0.has_listener.swap(true, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        let thread = std::thread::Builder::new().name("log-head".to_owned());
        let follow = if self.0.location.is_pooled_by_transaction() { poll } else { listen };
        if let Err(failure) = thread.spawn(move || follow(&inner)) {
            tracing::warn!(%failure, "the change log cannot be listened to; each request asks for its position");
        }
    }
}

fn number(connection: &mut DbConnection, text: &'static str) -> Result<i64, Error> {
    let numbers = query::rows::<BigInt, i64>(connection, Sql::new(text))?;
    numbers.first().copied().ok_or_else(|| Error::Internal(format!("{text} gives nothing")))
}

/// Listens for as long as the database is open, and connects again whenever the connection is lost.
fn listen(inner: &Weak<Inner>) {
    while let Some(head) = inner.upgrade().map(LogHead) {
        let ended = follow_notifications(head, inner);
        if let Err(error) = ended {
            tracing::debug!(%error, "the change log is not listened to at the moment");
        }
        if let Some(inner) = inner.upgrade() {
            inner.is_listening.store(false, Ordering::Release);
        }
        std::thread::sleep(RECONNECTING);
    }
}

/// Asks for the position while anyone follows, for as long as the database is open.
fn poll(inner: &Weak<Inner>) {
    let mut connection = None;
    while let Some(head) = inner.upgrade().map(LogHead) {
        if head.0.known.receiver_count() > 0
            && let Err(error) = head.ask(&mut connection)
        {
            tracing::debug!(%error, "the head of the log cannot be read at the moment");
            connection = None;
            drop(head);
            std::thread::sleep(RECONNECTING);
            continue;
        }
        drop(head);
        std::thread::sleep(POLLING);
    }
}

/// Listens until the connection is lost, or the database is closed.
fn follow_notifications(head: LogHead, inner: &Weak<Inner>) -> Result<(), Error> {
    let mut connection = head.0.location.connect().map_err(Error::unavailable)?;
    let DbConnection::Postgres(listener) = &mut connection else { return Ok(()) };
    listener.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    // What was committed before the first notification can come.
    let position = connection.log_position()?;
    head.advance(position);
    head.0.is_listening.store(true, Ordering::Release);
    drop(head);
    let DbConnection::Postgres(listener) = &mut connection else { return Ok(()) };
    while let Some(head) = inner.upgrade().map(LogHead) {
        for notification in listener.notifications_iter() {
            if let Ok(position) = notification?.payload.parse() {
                head.advance(position);
            }
        }
        drop(head);
        std::thread::sleep(LISTENING);
    }
    Ok(())
}

/// Follows the log.
pub struct Follower(watch::Receiver<i64>);

impl Follower {
    /// Counts everything that is known to be committed as seen: call it before looking. Gives the position.
    pub fn mark(&mut self) -> i64 {
        *self.0.borrow_and_update()
    }

    /// Waits until more is committed than was marked as seen.
    pub async fn grown(&mut self) {
        if self.0.changed().await.is_err() {
            // The database that was followed is closed, and nothing more will come.
            std::future::pending::<()>().await;
        }
    }
}

impl Db {
    /// Follows the log from now on. Must be called on a Tokio runtime.
    #[must_use]
    pub fn follow(&self) -> Follower {
        let receiver = self.log_head.0.known.subscribe();
        match self.dialect {
            Dialect::Postgres => self.log_head.listen(),
            Dialect::Sqlite => {
                let watching = &self.log_head.0.watching;
                let mut watching = watching.lock().unwrap_or_else(PoisonError::into_inner);
                // A finished task means that nobody followed any more, or that its runtime has shut down.
                if watching.as_ref().is_none_or(JoinHandle::is_finished) {
                    *watching = Some(tokio::spawn(watch(self.log_head.clone())));
                }
            }
        }
        Follower(receiver)
    }

    /// The position of the last change that is committed. Exact on SQLite; on PostgreSQL behind other servers by
    /// milliseconds.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn position(&self) -> Result<i64, Error> {
        match self.dialect {
            Dialect::Sqlite => self.log_head.watch(),
            Dialect::Postgres => {
                self.log_head.listen();
                if self.log_head.0.is_listening.load(Ordering::Acquire) {
                    return Ok(self.log_head.known());
                }
                let position = self.session(Access::Read)?.read()?.log_position()?;
                self.log_head.advance(position);
                Ok(position)
            }
        }
    }

    /// The last position that this process knows of: everything up to it is committed.
    #[must_use]
    pub fn known_position(&self) -> i64 {
        self.log_head.known()
    }

    /// Starts to listen to PostgreSQL, so that [`Db::position`] needs no statement. SQLite is asked each time.
    pub fn listen_to_log(&self) {
        if self.dialect == Dialect::Postgres {
            self.log_head.listen();
        }
    }

    /// Tells that a snapshot has shown everything up to `position` to be committed.
    pub fn advance_position(&self, position: i64) {
        self.log_head.advance(position);
    }

    /// Whether [`Db::position`] asks the database on another machine, and so must be called where blocking is allowed.
    #[must_use]
    pub fn position_blocks(&self) -> bool {
        self.dialect == Dialect::Postgres && !self.log_head.0.is_listening.load(Ordering::Acquire)
    }
}

/// Asks SQLite again and again, until nobody follows.
async fn watch(head: LogHead) {
    loop {
        tokio::time::sleep(WATCHING).await;
        {
            // Under the lock, so that nobody begins to follow in between.
            let mut watching = head.0.watching.lock().unwrap_or_else(PoisonError::into_inner);
            if head.0.known.receiver_count() == 0 {
                *watching = None;
                return;
            }
        }
        if let Err(error) = head.watch() {
            tracing::debug!(%error, "the head of the log cannot be read at the moment");
        }
    }
}
