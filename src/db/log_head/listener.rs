//! Follows the change log of a PostgreSQL database.
//!
//! A connection thread sends messages to a receiver thread. The connection thread must send messages regularly. If
//! PostgreSQL disappears without closing the connection, the connection thread may wait a long time for a response.
//! When the receiver gets no message in time, it starts a new connection thread. Until the new thread is connected,
//! each request reads the position from the database. The old thread ends when the operating system closes its
//! connection (`KEEP_ALIVE` in `postgres_url.rs`).

use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::{Inner, LogHead, LogPoint};
use crate::db::{DbConnection, Error};

/// The interval at which the listener checks for notifications. This is the maximum delay with which the commits of
/// other servers are noticed.
const NOTIFICATION_INTERVAL: Duration = Duration::from_millis(5);
/// The interval at which the listener checks that the database still answers.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);
/// If connections go through a pooler, the position is polled at this interval while the log has subscribers.
const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// The maximum time that the database may take to accept a connection or to respond.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The pause before another attempt to reach a database that could not be reached.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// The channel on which the trigger on `log_head` sends notifications.
const CHANNEL: &str = "clausewatch_log";

/// A message from the connection thread.
enum ListenerMessage {
    /// The database has answered with `point`. `known` is the last point that was known before the request.
    Answer { known: LogPoint, point: LogPoint },
    /// The database sent a notification.
    Commit(LogPoint),
    /// The log has no subscribers, so the database was not polled.
    Idle,
}

impl LogHead {
    /// Starts the thread that listens to PostgreSQL or polls it. Later calls do nothing.
    pub(in crate::db) fn listen(&self) {
        if self.0.has_listener.swap(true, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        let thread = thread::Builder::new().name("log-head".to_owned());
        if let Err(failure) = thread.spawn(move || follow(&inner)) {
            tracing::warn!(%failure, "cannot listen to the change log; the server reads the position of the log for each request");
        }
    }
}

/// Follows the log while the database is open. Reconnects if the connection is lost.
fn follow(inner: &Weak<Inner>) {
    while let Some(head) = inner.upgrade() {
        let is_pooled = head.location.is_pooled_by_transaction();
        drop(head);
        let (sender, messages) = mpsc::channel();
        let connection = inner.clone();
        let spawned = thread::Builder::new().name("log-connection".to_owned()).spawn(move || {
            if let Err(error) = send_messages(&connection, is_pooled, &sender) {
                tracing::debug!(%error, "cannot follow the change log at the moment");
            }
        });
        match spawned {
            Ok(_) => receive(inner, is_pooled, &messages),
            Err(error) => tracing::debug!(%error, "cannot start a thread to follow the change log"),
        }
        if let Some(inner) = inner.upgrade() {
            inner.is_listening.store(false, Ordering::Release);
        }
        // Without the receiver, the connection thread ends when it next sends a message.
        drop(messages);
        thread::sleep(RECONNECT_PAUSE);
    }
}

/// Receives messages until the connection is lost or no message arrives in time.
fn receive(inner: &Weak<Inner>, is_pooled: bool, messages: &Receiver<ListenerMessage>) {
    loop {
        let message = match messages.recv_timeout(ANSWER_TIMEOUT) {
            Ok(message) => message,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                tracing::warn!(
                    "PostgreSQL does not answer on the connection that follows the change log; connecting again"
                );
                return;
            }
        };
        let Some(head) = inner.upgrade().map(LogHead) else { return };
        match message {
            ListenerMessage::Answer { known, point } => {
                head.set_from_database(known, point);
                head.0.is_listening.store(!is_pooled, Ordering::Release);
            }
            ListenerMessage::Commit(point) => head.advance(point),
            ListenerMessage::Idle => {}
        }
    }
}

/// Connects, and sends messages until the connection is lost, the database is closed, or the receiver is dropped.
fn send_messages(
    inner: &Weak<Inner>,
    is_pooled: bool,
    sender: &Sender<ListenerMessage>,
) -> Result<(), Error> {
    let Some(location) = inner.upgrade().map(|inner| inner.location.clone()) else { return Ok(()) };
    let mut connection = location.connect().map_err(Error::unavailable)?;
    if !is_pooled && let DbConnection::Postgres(listener) = &mut connection {
        listener.batch_execute(&format!("LISTEN {CHANNEL}"))?;
    }
    let mut probed_at = None::<Instant>;
    while let Some(head) = inner.upgrade().map(LogHead) {
        let is_due = if is_pooled {
            head.0.last_committed.receiver_count() > 0
        } else {
            probed_at.is_none_or(|probed_at| probed_at.elapsed() >= PROBE_INTERVAL)
        };
        let known = head.last_committed();
        drop(head);
        let mut events = Vec::new();
        if is_due {
            let point = connection.log_point()?;
            probed_at = Some(Instant::now());
            events.push(ListenerMessage::Answer { known, point });
        } else if is_pooled {
            events.push(ListenerMessage::Idle);
        }
        if let DbConnection::Postgres(listener) = &mut connection {
            for notification in listener.notifications_iter() {
                events.extend(LogPoint::parse(&notification?.payload).map(ListenerMessage::Commit));
            }
        }
        for event in events {
            if sender.send(event).is_err() {
                return Ok(());
            }
        }
        thread::sleep(if is_pooled { POLL_INTERVAL } else { NOTIFICATION_INTERVAL });
    }
    Ok(())
}
