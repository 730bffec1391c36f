//! A session: one connection for one request, one snapshot for its reads, and the only way to write.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Instant;

use chrono::{DateTime, NaiveDateTime};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::sql_types::BigInt;

use super::change::{self, Action, CHANGES_AT_ONCE, Change, NewChange};
use super::change_set::ChangeSet;
use super::location::TRANSACTION_SETTINGS;
use super::manager::Manager;
use super::query::{self, Sql};
use super::schema::log_head;
use super::{Access, DbConnection, Dialect, Error, LogPoint, idempotency};
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;
use crate::domain::{Field, Id, Kind, day};

/// One connection for one request. Its reads all see the same snapshot, until it writes; then a fresh one.
pub struct Session {
    connection: PooledConnection<Manager>,
    manager: Manager,
    state: TransactionState,
    /// When what it is for must have ended.
    deadline: Option<Instant>,
}

/// What a session has begun and not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TransactionState {
    Nothing,
    /// A snapshot for reading.
    Snapshot,
    /// A transaction that may write, and has not written anything.
    Write,
}

impl Session {
    pub(super) fn open(pool: &Pool<Manager>, manager: &Manager) -> Result<Self, Error> {
        let connection = pool.get().map_err(Error::unavailable)?;
        Ok(Self {
            connection,
            manager: manager.clone(),
            state: TransactionState::Nothing,
            deadline: None,
        })
    }

    /// Lets no statement run beyond `deadline`, where the database can end one; and begins nothing after it.
    #[must_use]
    pub(super) fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The connection, inside the snapshot. The snapshot is taken at the first use, so that a request which reads
    /// nothing costs nothing.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn read(&mut self) -> Result<&mut DbConnection, Error> {
        if self.state != TransactionState::Snapshot {
            self.end_snapshot();
            self.begin("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            self.state = TransactionState::Snapshot;
        }
        Ok(&mut self.connection)
    }

    /// Takes a new connection in place of one that may be broken.
    ///
    /// # Errors
    /// When none can be had.
    pub fn renew(&mut self) -> Result<(), Error> {
        *self.connection = self.manager.connect().map_err(Error::unavailable)?;
        self.state = TransactionState::Nothing;
        Ok(())
    }

    /// The connection, for a request of one statement, which needs no snapshot besides itself. Inside a snapshot, where one
    /// has begun, or where a pooler keeps no settings between transactions.
    ///
    /// # Errors
    /// When the time is over.
    pub fn read_alone(&mut self) -> Result<&mut DbConnection, Error> {
        if self.state != TransactionState::Nothing
            || self.manager.location.is_pooled_by_transaction()
        {
            return self.read();
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::TimedOut);
        }
        Ok(&mut self.connection)
    }

    /// The connection, for the one statement that finds out who asks. Where a write is likely to follow, it needs no
    /// snapshot of its own: on PostgreSQL it begins the transaction that the write goes on with, and on SQLite, where that
    /// would keep others from writing, it stands alone.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) fn identify(&mut self) -> Result<&mut DbConnection, Error> {
        if self.manager.access == Access::Read || self.state != TransactionState::Nothing {
            return self.read();
        }
        if self.connection.dialect() == Dialect::Postgres {
            self.begin_write()?;
            self.state = TransactionState::Write;
        }
        Ok(&mut self.connection)
    }

    /// Begins a transaction. A connection that the server has closed meanwhile is noticed here, where nothing has been
    /// done yet, and made anew.
    fn begin(&mut self, sqlite: &str, postgres: &str) -> Result<(), Error> {
        let (sqlite, postgres) = self.bounded(sqlite, postgres)?;
        let postgres = if self.manager.location.is_pooled_by_transaction() {
            format!("{postgres}; {TRANSACTION_SETTINGS}").into()
        } else {
            postgres
        };
        let (sqlite, postgres) = (&*sqlite, &*postgres);
        match begin(&mut self.connection, sqlite, postgres) {
            Err(_) if self.connection.dialect() == Dialect::Postgres => {
                *self.connection = self.manager.connect().map_err(Error::unavailable)?;
                begin(&mut self.connection, sqlite, postgres)
            }
            outcome => outcome,
        }
    }

    /// The texts that begin a transaction, with what is left of the time. On SQLite it bounds the wait for other processes
    /// that write; a statement that runs is not ended.
    fn bounded<'a>(
        &self,
        sqlite: &'a str,
        postgres: &'a str,
    ) -> Result<(Cow<'a, str>, Cow<'a, str>), Error> {
        let Some(deadline) = self.deadline else {
            return Ok((sqlite.into(), postgres.into()));
        };
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        if left == 0 {
            return Err(Error::TimedOut);
        }
        let sqlite = match sqlite {
            "BEGIN" => sqlite.into(),
            _ => format!("PRAGMA busy_timeout = {left}; {sqlite}").into(),
        };
        Ok((sqlite, format!("{postgres}; SET LOCAL statement_timeout = {left}").into()))
    }

    /// Ends what has begun; nothing was written in it.
    fn end_snapshot(&mut self) {
        if self.state != TransactionState::Nothing {
            self.state = TransactionState::Nothing;
            end(&mut self.connection, false)
                .unwrap_or_else(|error| tracing::debug!(%error, "snapshot"));
        }
    }

    /// Runs `work` in a transaction of its own and commits it: all of it, or, when it fails, nothing. Positions in the
    /// change log are taken from a row that stays locked until then, so they are gapless and in the order of commits. Does
    /// not refresh the days of deadlines: [`Session::write`] does.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub(super) fn write_changes<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.begin_write()?;
        let outcome = claim_position(&mut self.connection)
            .and_then(|claimed| transact(&mut self.connection, claimed, editor, work));
        // Nothing logged means nothing written.
        self.finish_logged(outcome, Option::is_some)
    }

    /// Runs `work` like [`Session::write_changes`], unless the same was done before: then its outcome is given, and nothing
    /// is done.
    ///
    /// # Errors
    /// A key that was used for something else, those of `work`, and of the database.
    pub(super) fn write_changes_once<T>(
        &mut self,
        editor: &Editor,
        once: &IdempotencyKey,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<Id<T>, Error>,
    ) -> Result<Id<T>, Error> {
        self.begin_write()?;
        // The lock comes first: of two that come at the same time, the second waits for what becomes of the first.
        let outcome = claim_position(&mut self.connection).and_then(|claimed| {
            let at = day::now();
            let earlier = idempotency::find(&mut self.connection, editor.name(), once, at)?;
            if let Some(id) = earlier.outcome {
                return Ok((id, None, false));
            }
            let (id, last) = transact(&mut self.connection, claimed, editor, work)?;
            if last.is_none() {
                change::reset_head(&mut self.connection, claimed.position - 1)?;
            }
            if earlier.any_expired {
                idempotency::forget_expired(&mut self.connection, at)?;
            }
            idempotency::remember(&mut self.connection, editor.name(), once, id, at)?;
            Ok((id, last, true))
        });
        let is_new = outcome.as_ref().is_ok_and(|(_, _, is_new)| *is_new);
        self.finish_logged(outcome.map(|(id, last, _)| (id, last)), |_| is_new)
    }

    /// Runs `work` like [`Session::write`], but lets it write the change log itself: for bringing in a whole database,
    /// log and all.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
    pub(super) fn bulk_load<T, E: From<Error>>(
        &mut self,
        _editor: &Editor,
        work: impl FnOnce(&mut DbConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin_write()?;
        let outcome = lock_log(&mut self.connection)
            .map_err(E::from)
            .and_then(|()| work(&mut self.connection));
        self.finish(outcome, |_| true)
    }

    /// Runs `work` in a transaction of which the change log does not tell: who may read and write, and who has signed in.
    ///
    /// # Errors
    /// Those of `work`, and of the database.
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
            self.state = TransactionState::Nothing;
            return Ok(());
        }
        self.end_snapshot();
        self.begin("BEGIN IMMEDIATE", "BEGIN")?;
        if self.manager.is_outdated(&mut self.connection)? {
            end(&mut self.connection, false)?;
            *self.connection = self.manager.connect().map_err(Error::unavailable)?;
            self.begin("BEGIN IMMEDIATE", "BEGIN")?;
        }
        Ok(())
    }

    /// Ends a transaction that may have logged something, and tells those who follow the log.
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

    /// Commits what succeeded, where that is wanted, and rolls back what failed.
    fn finish<T, E: From<Error>>(
        &mut self,
        outcome: Result<T, E>,
        commit: impl FnOnce(&T) -> bool,
    ) -> Result<T, E> {
        match outcome {
            Ok(value) => {
                end(&mut self.connection, commit(&value))?;
                Ok(value)
            }
            Err(error) => {
                if let Err(rollback) = end(&mut self.connection, false) {
                    tracing::warn!(%rollback, "could not roll back");
                }
                Err(error)
            }
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.end_snapshot();
    }
}

/// Runs `work` in the transaction that has begun and has claimed its place in the log. Gives the point of the last change
/// that it logged, if any; if none, the log's head is still at the position that was claimed.
fn transact<T>(
    connection: &mut DbConnection,
    claimed: Claimed,
    editor: &Editor,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
) -> Result<(T, Option<LogPoint>), Error> {
    let mut transaction = Transaction {
        connection,
        editor,
        at: claimed.at,
        position: claimed.position - 1,
        new_changes: Vec::new(),
        pending: HashSet::new(),
        changes: ChangeSet::default(),
    };
    let value = work(&mut transaction)?;
    let Transaction { position: last, new_changes, .. } = transaction;
    if last < claimed.position {
        return Ok((value, None));
    }
    change::append(connection, &new_changes)?;
    if last > claimed.position {
        set_head(connection, last)?;
    }
    let microseconds = claimed.at.and_utc().timestamp_micros();
    Ok((value, Some(LogPoint { position: last, microseconds })))
}

/// A transaction's place in the log.
#[derive(Clone, Copy)]
struct Claimed {
    /// The position of its first change.
    position: i64,
    /// When its changes are recorded.
    at: NaiveDateTime,
}

/// Keeps others from writing until the transaction ends, and claims its place in the log. Most transactions have one change,
/// and then the head of the log is where it belongs. What is recorded later has a later time, even if the clock went back
/// or another server's clock is behind: of two entries, the later one in the log counts.
fn claim_position(connection: &mut DbConnection) -> Result<Claimed, Error> {
    let greatest = match connection.dialect() {
        Dialect::Sqlite => "max",
        Dialect::Postgres => "greatest",
    };
    let now = day::now().and_utc().timestamp_micros();
    let sql = Sql::new(format!(
        "UPDATE log_head SET position = position + 1, recorded_microseconds = {greatest}(recorded_microseconds + 1, CAST("
    ))
    .bind(now.to_string())
    .text(" AS BIGINT)) RETURNING position, recorded_microseconds");
    let claimed = query::rows::<(BigInt, BigInt), (i64, i64)>(connection, sql)?;
    let claimed = claimed.first().and_then(|(position, microseconds)| {
        let at = DateTime::from_timestamp_micros(*microseconds)?.naive_utc();
        Some(Claimed { position: *position, at })
    });
    claimed.ok_or_else(|| Error::Internal("the head of the change log is missing".into()))
}

fn set_head(connection: &mut DbConnection, position: i64) -> Result<(), Error> {
    diesel::update(log_head::table).set(log_head::position.eq(position)).execute(connection)?;
    Ok(())
}

/// Keeps others from writing until the transaction ends, without a change of its own.
pub(super) fn lock_log(connection: &mut DbConnection) -> Result<(), Error> {
    diesel::update(log_head::table)
        .set(log_head::position.eq(log_head::position))
        .execute(connection)?;
    Ok(())
}

/// A transaction that writes.
pub struct Transaction<'a> {
    connection: &'a mut DbConnection,
    editor: &'a Editor,
    at: NaiveDateTime,
    position: i64,
    /// Changes that the log does not have yet: they are appended together, at the latest before the commit.
    new_changes: Vec<NewChange>,
    pending: HashSet<String>,
    changes: ChangeSet,
}

impl Transaction<'_> {
    /// The connection.
    pub fn connection(&mut self) -> &mut DbConnection {
        self.connection
    }

    /// The instant at which everything in this transaction is recorded.
    #[must_use]
    pub fn at(&self) -> NaiveDateTime {
        self.at
    }

    /// The name of who writes.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.editor.name()
    }

    /// Makes PostgreSQL look rows up by their indexes from now on. It would plan by the sizes that tables had when the
    /// transaction began, and read those that grow in it from end to end for every row.
    ///
    /// # Errors
    /// Those of the database.
    pub fn expect_many_rows(&mut self) -> Result<(), Error> {
        if self.connection.dialect() == Dialect::Postgres {
            self.connection.batch_execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
                 SET LOCAL enable_mergejoin = off",
            )?;
        }
        Ok(())
    }

    /// Announces records that will be there when the transaction ends, so that others can refer to them before. That a
    /// promise is kept, the foreign keys see to, where they can wait for the commit.
    pub fn declare_pending<T>(&mut self, ids: impl Iterator<Item = Id<T>>) {
        self.pending.extend(ids.map(|id| id.to_string()));
    }

    /// Whether a record will be there.
    pub(super) fn is_pending(&self, id: &str) -> bool {
        self.pending.contains(id)
    }

    /// The connection, and what was changed so far.
    pub(super) fn changes(&mut self) -> (&mut DbConnection, &ChangeSet) {
        (self.connection, &self.changes)
    }

    /// Appends a change to the log.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn log<T>(
        &mut self,
        action: Action,
        kind: Kind,
        id: Id<T>,
        before: &[Field],
        after: &[Field],
    ) -> Result<(), Error> {
        self.changes.note(action, kind, id);
        self.log_without_deadlines(action, kind, id, before, after)
    }

    /// Appends a change to the log on which the day of no deadline depends.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn log_without_deadlines<T>(
        &mut self,
        action: Action,
        kind: Kind,
        id: Id<T>,
        before: &[Field],
        after: &[Field],
    ) -> Result<(), Error> {
        self.position += 1;
        let change = Change {
            position: self.position,
            recorded_at: self.at,
            actor: self.editor.name().to_owned(),
            action,
            subject_kind: kind,
            subject_id: id.cast(),
        };
        let new_change = NewChange::new(self.connection, change, before, after)?;
        self.new_changes.push(new_change);
        if self.new_changes.len() >= CHANGES_AT_ONCE {
            change::append(self.connection, &self.new_changes)?;
            self.new_changes.clear();
        }
        Ok(())
    }
}

/// Begins a transaction, by the text for the connection's dialect.
pub(super) fn begin(
    connection: &mut DbConnection,
    sqlite: &str,
    postgres: &str,
) -> Result<(), Error> {
    match connection {
        DbConnection::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, sqlite)?;
        }
        DbConnection::Postgres(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, postgres)?;
        }
    }
    Ok(())
}

/// Commits a transaction, or rolls it back.
pub(super) fn end(connection: &mut DbConnection, commit: bool) -> Result<(), Error> {
    type Manager = <DbConnection as Connection>::TransactionManager;
    if commit {
        Manager::commit_transaction(connection)?;
    } else {
        Manager::rollback_transaction(connection)?;
    }
    Ok(())
}
