//! What can go wrong in the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::domain::{Fault, Faults};

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is at fault, and its author can mend it.
    #[error("{}", .0.0.iter().map(|fault| format!("{}: {}", fault.path.join("."), fault.message)).collect::<Vec<_>>().join("; "))]
    Faults(Faults),
    /// A cursor names a record that is not here.
    #[error("the cursor is from another database")]
    ForeignCursor,
    /// A cursor names a record that the search does not find, or not any more.
    #[error("the search does not find the cursor's record")]
    LostCursor,
    /// The database cannot be reached, is busy, full or read-only. Trying again later may help.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Anything else: a defect of ours.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub(super) fn unavailable(error: impl std::fmt::Display) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Faults(fault.into())
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        // SQLite reports these conditions by message only.
        const PASSING: [&str; 4] = [
            "database is locked",
            "database or disk is full",
            "readonly database",
            "disk I/O error",
        ];
        let text = error.to_string();
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => {
                Self::Unavailable(text)
            }
            _ if PASSING.iter().any(|passing| text.contains(passing)) => Self::Unavailable(text),
            _ => Self::Internal(text),
        }
    }
}
