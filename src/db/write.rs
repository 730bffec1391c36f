//! The only way to write: a transaction that refreshes due dates before its commit.

use std::collections::BTreeMap;

use super::{Error, Session, Transaction, due_dates};
use crate::domain::id::ClauseId;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;
use crate::domain::{Id, ValidationErrors};

impl Session {
    /// Runs `work` in a transaction and commits it. Rolls back if `work` fails or logs no change. Positions in the change log
    /// have no gaps and are in the order of commits. Due dates that depend on the changes are refreshed in the same
    /// transaction.
    ///
    /// # Errors
    /// Errors of `work`, deadlines that depend on a missing deadline or on themselves, and database errors.
    pub fn write<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write_changes(editor, with_due_dates(work))
    }

    /// Runs `work` like [`Session::write`], returns its outcome, and rolls back.
    ///
    /// # Errors
    /// Errors of [`Session::write`].
    pub fn dry_run<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.dry_run_changes(editor, with_due_dates(work))
    }

    /// Runs `work` for changes that the log must not show. The transaction locks the log, so it waits for other
    /// writers. Commits even if no change is logged. If the idempotency key was used before, returns the earlier
    /// outcome and writes nothing.
    ///
    /// # Errors
    /// Errors of [`Session::write_once`].
    pub fn write_private<T>(
        &mut self,
        editor: &Editor,
        key: Option<&IdempotencyKey>,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<Id<T>, Error>,
    ) -> Result<Id<T>, Error> {
        self.write_changes_once(editor, key, with_due_dates(work))
    }

    /// Runs `work` like [`Session::write`]. If the idempotency key was used before, returns the earlier outcome and
    /// writes nothing.
    ///
    /// # Errors
    /// The key was used for a different mutation, and errors of [`Session::write`].
    pub fn write_once<T>(
        &mut self,
        editor: &Editor,
        key: &IdempotencyKey,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<Id<T>, Error>,
    ) -> Result<Id<T>, Error> {
        self.write_changes_once(editor, Some(key), with_due_dates(work))
    }
}

/// Runs `work`, then refreshes due dates. The order matters: the refresh must see all changes.
fn with_due_dates<T>(
    work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
) -> impl FnOnce(&mut Transaction<'_>) -> Result<T, Error> {
    |transaction| {
        let value = work(transaction)?;
        let (connection, changes) = transaction.changes();
        due_dates::refresh(connection, changes)?;
        Ok(value)
    }
}

impl Transaction<'_> {
    /// Runs `work`, refreshes due dates as before a commit, and rolls back everything that was written and logged.
    ///
    /// # Errors
    /// Errors of [`Session::write`].
    pub fn dry_run<T>(
        &mut self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.with_rollback(with_due_dates(work))
    }

    /// The deadline errors that this transaction would cause, keyed by the clause that must be corrected. If there are
    /// errors, the transaction cannot be committed. A caller that writes many clauses can report the errors of each
    /// clause.
    ///
    /// # Errors
    /// Database errors.
    pub fn deadline_errors(&mut self) -> Result<BTreeMap<ClauseId, ValidationErrors>, Error> {
        let (connection, changes) = self.changes();
        due_dates::errors(connection, changes)
    }
}
