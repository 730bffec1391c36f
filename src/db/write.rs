//! The only way to write: a transaction of a session that ends with the days of the deadlines it has moved.

use std::collections::BTreeMap;

use super::{Error, Session, Transaction, due_dates};
use crate::domain::id::ClauseId;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::viewer::Editor;
use crate::domain::{Id, ValidationErrors};

impl Session {
    /// Runs `work` in a transaction of its own and commits it: all of it, or, when it fails, nothing. Positions in the
    /// change log are taken from a row that stays locked until then, so they are gapless and in the order of commits. The
    /// days of the deadlines that depend on what was changed are refreshed in the same transaction.
    ///
    /// # Errors
    /// Those of `work`, deadlines that depend on nothing or on themselves, and those of the database.
    pub fn write<T>(
        &mut self,
        editor: &Editor,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.write_changes(editor, with_due_dates(work))
    }

    /// Runs `work` like [`Session::write`], unless the same was done before: then its outcome is given, and nothing is done.
    ///
    /// # Errors
    /// A key that was used for something else, and those of [`Session::write`].
    pub fn write_once<T>(
        &mut self,
        editor: &Editor,
        once: &IdempotencyKey,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<Id<T>, Error>,
    ) -> Result<Id<T>, Error> {
        self.write_changes_once(editor, once, with_due_dates(work))
    }
}

/// `work`, and after it the refresh of the days that it has moved.
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
    /// The faults of deadlines that hang on nothing or on themselves, as far as this transaction is to blame, by the clause
    /// whose deadlines have to be mended. While there are any, it cannot be committed; whoever writes many clauses at once
    /// can ask before.
    ///
    /// # Errors
    /// Those of the database.
    pub fn deadline_errors(&mut self) -> Result<BTreeMap<ClauseId, ValidationErrors>, Error> {
        let (connection, changes) = self.changes();
        due_dates::errors(connection, changes)
    }
}
