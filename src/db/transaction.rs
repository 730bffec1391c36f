//! The transaction that writes: its position in the change log, and the changes that it has logged.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDateTime};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::change::{self, Action, Change, NewChange};
use super::change_set::ChangeSet;
use super::insert::MAX_ROWS_PER_STATEMENT;
use super::query::{self, Sql};
use super::schema::log_head;
use super::{DbConnection, Dialect, Error, LogPoint};
use crate::domain::viewer::Editor;
use crate::domain::{Field, Id, Kind, day};

/// A transaction that writes records and logs their changes.
pub struct Transaction<'a> {
    connection: &'a mut DbConnection,
    editor: &'a Editor,
    /// The time of all changes of the transaction.
    at: NaiveDateTime,
    /// The position of the last change. Before the first change, this is the last position of the log before the
    /// transaction.
    position: i64,
    /// Changes that are not yet in the log. They are appended in batches, the last batch before the commit.
    new_changes: Vec<NewChange>,
    /// The ids of records that the transaction will create.
    pending: HashSet<String>,
    changes: ChangeSet,
}

impl Transaction<'_> {
    /// The connection.
    pub fn connection(&mut self) -> &mut DbConnection {
        self.connection
    }

    /// The time of all changes of this transaction, in UTC.
    #[must_use]
    pub fn at(&self) -> NaiveDateTime {
        self.at
    }

    /// The name of the account that writes.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.editor.name()
    }

    /// Makes PostgreSQL use indexes for the rest of the transaction. Otherwise, it may keep plans that fully scan the tables,
    /// because the tables were empty when an import began.
    ///
    /// # Errors
    /// Database errors.
    pub fn expect_many_rows(&mut self) -> Result<(), Error> {
        if self.connection.dialect() == Dialect::Postgres {
            self.connection.batch_execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
                 SET LOCAL enable_mergejoin = off",
            )?;
        }
        Ok(())
    }

    /// Declares records that the transaction will create, so that other records can refer to them first. At the commit,
    /// deferred foreign keys check that these records exist.
    pub fn declare_pending<T>(&mut self, ids: impl Iterator<Item = Id<T>>) {
        self.pending.extend(ids.map(|id| id.to_string()));
    }

    /// Whether the transaction will create the record.
    pub(super) fn is_pending(&self, id: &str) -> bool {
        self.pending.contains(id)
    }

    /// The connection, and the changes so far.
    pub(super) fn changes(&mut self) -> (&mut DbConnection, &ChangeSet) {
        (self.connection, &self.changes)
    }

    /// Runs `work`, and rolls back everything that it wrote and logged.
    ///
    /// # Errors
    /// Errors of `work`, and database errors.
    pub(super) fn with_rollback<T>(
        &mut self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.connection.batch_execute("SAVEPOINT rehearsal")?;
        let outcome = work(&mut Transaction {
            connection: self.connection,
            editor: self.editor,
            at: self.at,
            position: self.position,
            new_changes: Vec::new(),
            pending: self.pending.clone(),
            changes: ChangeSet::default(),
        });
        let undo = "ROLLBACK TO SAVEPOINT rehearsal; RELEASE SAVEPOINT rehearsal";
        self.connection.batch_execute(undo)?;
        outcome
    }

    /// Appends a change to the log.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn log<T>(
        &mut self,
        action: Action,
        kind: Kind,
        id: Id<T>,
        before: &[Field],
        after: &[Field],
    ) -> Result<(), Error> {
        self.changes.add(action, kind, id);
        self.log_without_deadlines(action, kind, id, before, after)
    }

    /// Appends to the log a change that affects no deadline.
    ///
    /// # Errors
    /// Database errors.
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
        self.new_changes.push(NewChange::new(change, before, after));
        if self.new_changes.len() >= MAX_ROWS_PER_STATEMENT {
            change::append(self.connection, &self.new_changes)?;
            self.new_changes.clear();
        }
        Ok(())
    }
}

/// The first position in the log that a transaction may use.
#[derive(Clone, Copy)]
pub(super) struct ClaimedPosition {
    /// The position of the first change.
    pub(super) position: i64,
    /// The time of the changes.
    at: NaiveDateTime,
}

/// Locks the log until the transaction ends, and claims the next position. Must run first, because data that is read before
/// the lock is acquired may still change.
///
/// Most transactions log one change. For them, the claimed position is also the new head of the log. Each change has a
/// later time than the previous change, even if the clock was set back or another server's clock is slow.
pub(super) fn claim_position(connection: &mut DbConnection) -> Result<ClaimedPosition, Error> {
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
    let heads = query::rows::<(BigInt, BigInt), (i64, i64)>(connection, sql)?;
    let claimed = heads.first().and_then(|(position, microseconds)| {
        let at = DateTime::from_timestamp_micros(*microseconds)?.naive_utc();
        Some(ClaimedPosition { position: *position, at })
    });
    claimed.ok_or_else(|| Error::Internal("the head of the change log is missing".into()))
}

/// Runs `work` and appends its changes to the log. Returns the point of the last change. `None` if no change was
/// logged. In that case, the caller must roll back, or move the head of the log back by one. [`claim_position`] must
/// run first, in the same transaction.
pub(super) fn log_changes<T>(
    connection: &mut DbConnection,
    claimed: ClaimedPosition,
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

fn set_head(connection: &mut DbConnection, position: i64) -> Result<(), Error> {
    diesel::update(log_head::table).set(log_head::position.eq(position)).execute(connection)?;
    Ok(())
}

/// Locks the log until the transaction ends, without claiming a position.
pub(super) fn lock_log(connection: &mut DbConnection) -> Result<(), Error> {
    diesel::update(log_head::table)
        .set(log_head::position.eq(log_head::position))
        .execute(connection)?;
    Ok(())
}

/// Begins a transaction with the statement for the connection's dialect.
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

/// Commits a transaction if its work succeeded. Otherwise rolls back.
pub(super) fn finish<T, E: From<Error>>(
    connection: &mut DbConnection,
    outcome: Result<T, E>,
) -> Result<T, E> {
    match outcome {
        Ok(value) => {
            TransactionManagerOf::commit_transaction(connection).map_err(Error::from)?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = roll_back(connection) {
                tracing::warn!(%rollback, "could not roll back");
            }
            Err(error)
        }
    }
}

/// Rolls back a transaction.
pub(super) fn roll_back(connection: &mut DbConnection) -> Result<(), Error> {
    Ok(TransactionManagerOf::rollback_transaction(connection)?)
}

type TransactionManagerOf = <DbConnection as Connection>::TransactionManager;
