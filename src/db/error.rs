//! Errors of the database layer.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::domain::viewer::AccessError;
use crate::domain::{ValidationError, ValidationErrors};

/// The reason why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input is invalid. The client can correct it.
    #[error("{}", .0.0.iter().map(|error| format!("{}: {}", error.path.join("."), error.message)).collect::<Vec<_>>().join("; "))]
    ValidationErrors(ValidationErrors),
    /// The credential is invalid, or the viewer lacks a role.
    #[error(transparent)]
    AccessDenied(#[from] AccessError),
    /// The record that a cursor names is not, or is no longer, among the results of the search.
    #[error("the cursor's record is not in the search results")]
    LostCursor,
    /// The database cannot be reached, or is busy. A retry may succeed.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The request has timed out.
    #[error("the request took too long")]
    TimedOut,
    /// The disk is full.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    /// The database is read-only.
    #[error("the database is read-only: {0}")]
    ReadOnly(String),
    /// A bug.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    pub(super) fn unavailable(error: impl std::fmt::Display) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<ValidationError> for Error {
    fn from(error: ValidationError) -> Self {
        Self::ValidationErrors(error.into())
    }
}

impl From<ValidationErrors> for Error {
    fn from(errors: ValidationErrors) -> Self {
        Self::ValidationErrors(errors)
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        use DatabaseErrorKind::{ClosedConnection, ReadOnlyTransaction, UnableToSendCommand};

        let text = match &error {
            // The error of the commit is more informative than the error of the subsequent rollback.
            DieselError::RollbackErrorOnCommit { commit_error, .. } => commit_error.to_string(),
            error => error.to_string(),
        };
        // Diesel has no kinds for these errors, so only the message distinguishes them.
        let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
        match error {
            DieselError::DatabaseError(ReadOnlyTransaction, _) => Self::ReadOnly(text),
            DieselError::DatabaseError(ClosedConnection | UnableToSendCommand, _)
            | DieselError::BrokenTransactionManager => Self::Unavailable(text),
            _ if says(&["due to statement timeout"]) => Self::TimedOut,
            _ if says(&["readonly database"]) => Self::ReadOnly(text),
            _ if says(&["database or disk is full", "No space left on device"]) => Self::Full(text),
            _ if says(&[
                "database is locked",
                "disk I/O error",
                "server closed the connection",
            ]) =>
            {
                Self::Unavailable(text)
            }
            _ => Self::Internal(text),
        }
    }
}
