//! Follows the change log of a PostgreSQL database.
//!
//! A connection thread sends messages to a receiver thread. It must send one regularly: if PostgreSQL disappears without
//! closing the connection, the connection thread may wait a long time for an answer. Then the receiver stops listening, so each
//! request reads the position, and starts a new connection thread. The waiting thread ends when the system closes its
//! connection (`KEEP_ALIVE` in `postgres_url.rs`).

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::{Inner, LogHead, LogPoint};
use crate::db::{DbConnection, Error};

/// How often the listener checks for notifications, and so the delay of other servers' commits.
const LISTENING: Duration = Duration::from_millis(5);
/// How often the listener asks whether the database still answers.
const ASKING: Duration = Duration::from_secs(1);
/// How often PostgreSQL is asked for the position through a pooler while anyone follows the log.
const POLLING: Duration = Duration::from_millis(100);
/// How long the database may take to connect or to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// How long to wait before a database that could not be reached is tried again.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// The channel that the trigger on `log_head` notifies.
const CHANNEL: &str = "clausewatch_log";

/// A message from the listener thread.
enum News {
    /// The database has answered. `known` was known before it was asked.
    Answer { known: LogPoint, point: LogPoint },
    /// The database has notified.
    Commit(LogPoint),
    /// The log has no subscribers, so the database was not asked.
    Idle,
}

impl LogHead {
    /// Starts the thread that listens to PostgreSQL, or asks it regularly, once.
    pub(in crate::db) fn listen(&self) {
        if self.0.has_listener.swap(true, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        let thread = thread::Builder::new().name("log-head".to_owned());
        if let Err(failure) = thread.spawn(move || follow(&inner)) {
            tracing::warn!(%failure, "the change log cannot be listened to; each request asks for its position");
        }
    }
}

/// Follows the log while the database is open. Reconnects when the connection is lost.
fn follow(inner: &Weak<Inner>) {
    while let Some(head) = inner.upgrade() {
        let is_pooled = head.location.is_pooled_by_transaction();
        drop(head);
        let (sender, news) = mpsc::channel();
        let connection = inner.clone();
        let spawned = thread::Builder::new().name("log-connection".to_owned()).spawn(move || {
            if let Err(error) = converse(&connection, is_pooled, &sender) {
                tracing::debug!(%error, "the change log is not followed at the moment");
            }
        });
        match spawned {
            Ok(_) => receive(inner, is_pooled, &news),
            Err(error) => tracing::debug!(%error, "no thread to follow the change log"),
        }
        if let Some(inner) = inner.upgrade() {
            inner.is_listening.store(false, Ordering::Release);
        }
        // The connection thread ends when it sends a message without a receiver.
        drop(news);
        thread::sleep(RECONNECT_PAUSE);
    }
}

/// Receives messages until the connection is lost or no message arrives in time.
fn receive(inner: &Weak<Inner>, is_pooled: bool, news: &Receiver<News>) {
    loop {
        let news = match news.recv_timeout(ANSWER_WITHIN) {
            Ok(news) => news,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!(
                    "PostgreSQL does not answer on the connection that follows the change log; connecting again"
                );
                return;
            }
        };
        let Some(head) = inner.upgrade().map(LogHead) else { return };
        match news {
            News::Answer { known, point } => {
                head.take_up(known, point);
                head.0.is_listening.store(!is_pooled, Ordering::Release);
            }
            News::Commit(point) => head.advance(point),
            News::Idle => {}
        }
    }
}

/// Connects, and sends messages until the connection is lost, the database is closed, or the receiver is dropped.
fn converse(inner: &Weak<Inner>, is_pooled: bool, news: &Sender<News>) -> Result<(), Error> {
    let Some(location) = inner.upgrade().map(|inner| inner.location.clone()) else { return Ok(()) };
    let mut connection = location.connect().map_err(Error::unavailable)?;
    if !is_pooled && let DbConnection::Postgres(listener) = &mut connection {
        listener.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    }
    let mut asked = None::<Instant>;
    while let Some(head) = inner.upgrade().map(LogHead) {
        let is_due = if is_pooled {
            head.0.last_committed.receiver_count() > 0
        } else {
            asked.is_none_or(|asked| asked.elapsed() >= ASKING)
        };
        let known = head.last_committed();
        drop(head);
        let mut events = Vec::new();
        if is_due {
            let point = connection.log_point()?;
            asked = Some(Instant::now());
            events.push(News::Answer { known, point });
        } else if is_pooled {
            events.push(News::Idle);
        }
        if let DbConnection::Postgres(listener) = &mut connection {
            for notification in listener.notifications_iter() {
                events.extend(LogPoint::parse(&notification?.payload).map(News::Commit));
            }
        }
        for event in events {
            if news.send(event).is_err() {
                return Ok(());
            }
        }
        thread::sleep(if is_pooled { POLLING } else { LISTENING });
    }
    Ok(())
}
