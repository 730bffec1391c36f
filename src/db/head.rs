//! The head of the change log: whoever follows the log is told here that it has grown.
//!
//! What this process writes is told at once, after the commit. What others write to the same database is found by asking,
//! once a second for the whole process, and only while anyone follows.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Access, Db, DbConnection, Error};

/// How long what another process wrote may stay unseen.
const PAUSE: Duration = Duration::from_secs(1);

/// The last position that is known to be committed.
#[derive(Clone)]
pub(super) struct Head(Arc<Inner>);

struct Inner {
    known: watch::Sender<i64>,
    /// What asks for the head while anyone follows.
    asking: Mutex<Option<JoinHandle<()>>>,
}

impl Head {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner { known: watch::Sender::new(0), asking: Mutex::new(None) }))
    }

    /// Tells that everything up to `position` is committed.
    pub(super) fn advance(&self, position: i64) {
        self.0.known.send_if_modified(|known| {
            let grown = position > *known;
            *known = position.max(*known);
            grown
        });
    }

    fn asking(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.0.asking.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who follows the log.
pub struct Follower(watch::Receiver<i64>);

impl Follower {
    /// What is committed by now counts as seen: call it before looking.
    pub fn mark(&mut self) {
        self.0.mark_unchanged();
    }

    /// Waits until more is committed than was marked as seen.
    pub async fn grown(&mut self) {
        if self.0.changed().await.is_err() {
            // The database that was followed is gone, and nothing more will come.
            std::future::pending::<()>().await;
        }
    }
}

impl Db {
    /// Follows the log from now on. Must be called on a Tokio runtime, which asks for the head from then on.
    #[must_use]
    pub fn follow(&self) -> Follower {
        let mut asking = self.head.asking();
        let receiver = self.head.0.known.subscribe();
        // One that is finished ended with the runtime it was on.
        if asking.as_ref().is_none_or(JoinHandle::is_finished) {
            *asking = Some(tokio::spawn(ask(self.clone())));
        }
        Follower(receiver)
    }

    async fn ask_for_head(&self) -> Result<i64, Error> {
        let permit = self.permit(Access::Read).await?;
        let ask = move || permit.open()?.read().and_then(DbConnection::log_position);
        tokio::task::spawn_blocking(ask)
            .await
            .map_err(|failure| Error::Internal(failure.to_string()))?
    }
}

/// Asks for the head again and again, until nobody follows.
async fn ask(db: Db) {
    loop {
        tokio::time::sleep(PAUSE).await;
        {
            // Under the lock, so that nobody begins to follow in between.
            let mut asking = db.head.asking();
            if db.head.0.known.receiver_count() == 0 {
                *asking = None;
                return;
            }
        }
        match db.ask_for_head().await {
            Ok(position) => db.head.advance(position),
            Err(error) => tracing::debug!(%error, "the head of the log cannot be read for now"),
        }
    }
}
