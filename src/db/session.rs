//! A session: one connection for one request, one snapshot for its reads, and the only way to write.

use std::borrow::Cow;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};

use super::location::TRANSACTION_SETTINGS;
use super::manager::Manager;
use super::transaction::{self, Transaction};
use super::{Access, DbConnection, Dialect, Error, LogPoint, change, idempotency};
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;
use crate::domain::{Id, day};

/// One connection for one request. All reads see the same snapshot. After a write, a new snapshot begins.
pub struct Session {
    connection: PooledConnection<Manager>,
    manager: Manager,
    state: TransactionState,
    /// The time at which the request times out.
    deadline: Option<Instant>,
}

/// The open transaction of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TransactionState {
    /// No transaction is open.
    None,
    /// A transaction that only reads, on one snapshot.
    Snapshot,
    /// A transaction that may write, but has not written yet.
    Write,
}

impl Session {
    pub(super) fn open(pool: &Pool<Manager>, manager: &Manager) -> Result<Self, Error> {
        let connection = pool.get().map_err(Error::unavailable)?;
        Ok(Self {
            connection,
            manager: manager.clone(),
            state: TransactionState::None,
            deadline: None,
        })
    }

    /// Sets the time at which the request times out. After this time, no transaction begins. PostgreSQL also cancels
    /// statements that are still running.
    #[must_use]
    pub(super) fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The connection, inside the snapshot. The first call begins the snapshot.
    ///
    /// # Errors
    /// The database cannot be reached, or the request has timed out.
    pub fn read(&mut self) -> Result<&mut DbConnection, Error> {
        if self.state != TransactionState::Snapshot {
            self.end_snapshot();
            self.begin("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            self.state = TransactionState::Snapshot;
        }
        Ok(&mut self.connection)
    }

    /// Replaces a connection that may be broken.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn renew(&mut self) -> Result<(), Error> {
        *self.connection = self.manager.connect().map_err(Error::unavailable)?;
        self.state = TransactionState::None;
        Ok(())
    }

    /// The connection for a request that runs a single statement and so needs no snapshot. Uses a snapshot if one has already
    /// begun, or if a pooler keeps no settings between transactions.
    ///
    /// # Errors
    /// The request has timed out, and errors of [`Session::read`].
    pub fn read_alone(&mut self) -> Result<&mut DbConnection, Error> {
        if self.state != TransactionState::None || self.manager.location.is_pooled_by_transaction()
        {
            return self.read();
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::TimedOut);
        }
        Ok(&mut self.connection)
    }

    /// The connection for the statement that looks up the viewer. If a write is likely to follow, the write transaction
    /// begins here on PostgreSQL, which saves a round trip. On SQLite, the open transaction would block other writers.
    ///
    /// # Errors
    /// The database cannot be reached, or the request has timed out.
    pub(super) fn identify(&mut self) -> Result<&mut DbConnection, Error> {
        if self.manager.access == Access::Read || self.state != TransactionState::None {
            return self.read();
        }
        if self.connection.dialect() == Dialect::Postgres {
            self.begin_write()?;
            self.state = TransactionState::Write;
        }
        Ok(&mut self.connection)
    }

    /// Begins a transaction. If PostgreSQL has closed the connection, connects again, because no work is lost yet.
    fn begin(&mut self, sqlite: &str, postgres: &str) -> Result<(), Error> {
        let (sqlite, postgres) = self.with_timeout(sqlite, postgres)?;
        let postgres = if self.manager.location.is_pooled_by_transaction() {
            format!("{postgres}; {TRANSACTION_SETTINGS}").into()
        } else {
            postgres
        };
        let (sqlite, postgres) = (&*sqlite, &*postgres);
        match transaction::begin(&mut self.connection, sqlite, postgres) {
            Err(_) if self.connection.dialect() == Dialect::Postgres => {
                *self.connection = self.manager.connect().map_err(Error::unavailable)?;
                transaction::begin(&mut self.connection, sqlite, postgres)
            }
            outcome => outcome,
        }
    }

    /// The statements that begin a transaction, with the remaining time as their timeout. On SQLite, the timeout limits
    /// only the wait for other writers. On PostgreSQL, a connection usually has a timeout already: see
    /// [`Manager::session_timeout`]. This timeout is kept while at least 90% of the request's time remains. So a statement
    /// can exceed the deadline by at most a tenth of the request's time.
    fn with_timeout<'a>(
        &self,
        sqlite: &'a str,
        postgres: &'a str,
    ) -> Result<(Cow<'a, str>, Cow<'a, str>), Error> {
        let Some(deadline) = self.deadline else {
            return Ok((sqlite.into(), postgres.into()));
        };
        let remaining = deadline.saturating_duration_since(Instant::now());
        let milliseconds = remaining.as_millis();
        if milliseconds == 0 {
            return Err(Error::TimedOut);
        }
        let sqlite = match sqlite {
            "BEGIN" => sqlite.into(),
            _ => format!("PRAGMA busy_timeout = {milliseconds}; {sqlite}").into(),
        };
        let is_covered =
            self.manager.session_timeout().is_some_and(|time| remaining >= time.mul_f32(0.9));
        let postgres = if is_covered {
            postgres.into()
        } else {
            format!("{postgres}; SET LOCAL statement_timeout = {milliseconds}").into()
        };
        Ok((sqlite, postgres))
    }

    /// Ends the open transaction without writing.
    fn end_snapshot(&mut self) {
        if self.state != TransactionState::None {
            self.state = TransactionState::None;
            transaction::roll_back(&mut self.connection)
                .unwrap_or_else(|error| tracing::debug!(%error, "snapshot"));
        }
    }

    /// Runs `work` in a transaction and commits it. Rolls back if `work` fails or logs no change. The head of the log stays
    /// locked until the commit, so positions have no gaps and are in the order of commits. Unlike [`Session::write`],
    /// does not refresh due dates.
    ///
    /// # Errors
    /// Errors of `work`, and database errors.
    pub(super) fn write_changes<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.begin_write()?;
        let outcome = transaction::claim_position(&mut self.connection).and_then(|claimed| {
            transaction::log_changes(&mut self.connection, claimed, editor, work)
        });
        self.finish_logged(outcome, Option::is_some)
    }

    /// Runs `work` like [`Session::write_changes`], returns its outcome, and rolls back.
    ///
    /// # Errors
    /// Errors of `work`, and database errors.
    pub(super) fn dry_run_changes<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.begin_write()?;
        let outcome = transaction::claim_position(&mut self.connection).and_then(|claimed| {
            transaction::log_changes(&mut self.connection, claimed, editor, work)
        });
        Ok(self.finish(outcome, |_| false)?.0)
    }

    /// Runs `work` like [`Session::write_changes`], but commits even if no change is logged. If the idempotency key was used
    /// before, returns the earlier outcome and writes nothing.
    ///
    /// # Errors
    /// The key was used for a different mutation; errors of `work`, and database errors.
    pub(super) fn write_changes_once<T>(
        &mut self,
        editor: &Editor,
        key: Option<&IdempotencyKey>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<Id<T>, Error>,
    ) -> Result<Id<T>, Error> {
        self.begin_write()?;
        // The order matters: claiming the position locks the log, so a concurrent request with the same key waits here
        // for the outcome.
        let outcome = transaction::claim_position(&mut self.connection).and_then(|claimed| {
            let at = day::now();
            let find = |key| idempotency::find(&mut self.connection, editor.name(), key, at);
            let earlier = key.map(find).transpose()?;
            if let Some(id) = earlier.as_ref().and_then(|earlier| earlier.outcome) {
                return Ok((id, None, false));
            }
            let (id, last) = transaction::log_changes(&mut self.connection, claimed, editor, work)?;
            if last.is_none() {
                change::reset_head(&mut self.connection, claimed.position - 1)?;
            }
            if earlier.is_some_and(|earlier| earlier.any_expired) {
                idempotency::delete_expired(&mut self.connection, at)?;
            }
            if let Some(key) = key {
                idempotency::store(&mut self.connection, editor.name(), key, id, at)?;
            }
            Ok((id, last, true))
        });
        let is_new = outcome.as_ref().is_ok_and(|(_, _, is_new)| *is_new);
        self.finish_logged(outcome.map(|(id, last, _)| (id, last)), |_| is_new)
    }

    /// Loads a dump: runs `work` in a transaction. `work` itself writes the entries of the change log. In other
    /// transactions, the session writes them.
    ///
    /// # Errors
    /// Errors of `work`, and database errors.
    pub(super) fn bulk_load<T, E: From<Error>>(
        &mut self,
        _editor: &Editor,
        work: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin_write()?;
        let outcome = transaction::lock_log(&mut self.connection)
            .map_err(E::from)
            .and_then(|()| work(&mut self.connection));
        self.finish(outcome, |_| true)
    }

    /// Updates the statistics of PostgreSQL's planner, after tables were filled. PostgreSQL would update them by
    /// itself, but up to a minute later, and never for tables of fewer than 50 rows. With outdated statistics, the
    /// timeline of an agreement takes 50 times longer. A failure is only logged, because the data is complete.
    pub(crate) fn update_statistics(&mut self) {
        if self.connection.dialect() == Dialect::Postgres {
            self.write_unlogged(|connection| Ok(connection.batch_execute("ANALYZE")?))
                .unwrap_or_else(|error| tracing::warn!(%error, "cannot update the statistics"));
        }
    }

    /// Runs `work` in a transaction that is not logged, for access tokens, webhooks, sign-ins and codings.
    ///
    /// # Errors
    /// Errors of `work`, and database errors.
    pub(super) fn write_unlogged<T>(
        &mut self,
        work: impl FnOnce(&mut DbConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.begin_write()?;
        let outcome = work(&mut self.connection);
        self.finish(outcome, |_| true)
    }

    /// Begins a transaction that writes.
    fn begin_write(&mut self) -> Result<(), Error> {
        if self.state == TransactionState::Write {
            self.state = TransactionState::None;
            return Ok(());
        }
        self.end_snapshot();
        self.begin("BEGIN IMMEDIATE", "BEGIN")?;
        if self.manager.is_outdated(&mut self.connection)? {
            transaction::roll_back(&mut self.connection)?;
            *self.connection = self.manager.connect().map_err(Error::unavailable)?;
            self.begin("BEGIN IMMEDIATE", "BEGIN")?;
        }
        Ok(())
    }

    /// Ends a transaction that may have logged changes, and notifies the subscribers of the log.
    fn finish_logged<T>(
        &mut self,
        outcome: Result<(T, Option<LogPoint>), Error>,
        commit: impl FnOnce(&Option<LogPoint>) -> bool,
    ) -> Result<T, Error> {
        let (value, last) = self.finish(outcome, |(_, last)| commit(last))?;
        if let Some(point) = last {
            self.manager.log_head.advance(point);
        }
        Ok(value)
    }

    /// Ends a transaction. Commits if `outcome` is `Ok` and `commit` approves its value. Otherwise rolls back.
    fn finish<T, E: From<Error>>(
        &mut self,
        outcome: Result<T, E>,
        commit: impl FnOnce(&T) -> bool,
    ) -> Result<T, E> {
        match outcome {
            Ok(value) if !commit(&value) => {
                transaction::roll_back(&mut self.connection)?;
                Ok(value)
            }
            outcome => transaction::finish(&mut self.connection, outcome),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end_snapshot();
    }
}
