//! Top-level errors. What a person can correct in a mutation's input is data instead (see `user_error`).
//!
//! Every error carries `extensions.code`, one of [`Code`]. The details of our own faults go to the log, once; the client
//! sees "internal error" only.

use crate::db;
use crate::domain::viewer::AccessError;

/// The codes of top-level errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The parameters of the request are invalid.
    BadRequest,
    /// The server knows no document by that id.
    DocumentNotFound,
    /// The server executes trusted documents only, and this one was sent as text.
    DocumentNotTrusted,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document, its variables or its operation name do not fit the schema.
    ValidationFailed,
    /// The value of an argument is invalid.
    BadUserInput,
    /// The cursor names a place in the change log that this database does not have, such as after a backup was restored.
    /// The client must start anew.
    StaleCursor,
    /// The request needs a valid token and has none.
    Unauthenticated,
    /// The viewer may not do this.
    Forbidden,
    /// The request asks for more than is allowed. `extensions.limit` names the limit, where it can be configured.
    LimitExceeded,
    /// The request took too long.
    Timeout,
    /// The database cannot be reached at the moment, or not be written to.
    Unavailable,
    /// A defect of the server.
    Internal,
}

impl Code {
    /// The code as clients see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::DocumentNotFound => "DOCUMENT_NOT_FOUND",
            Self::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::StaleCursor => "STALE_CURSOR",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// An error with this code.
    pub fn error(self, message: impl Into<String>) -> Error {
        Error { code: self, message: message.into(), limit: None }
    }
}

/// An error as a client sees it, without its place in the answer.
#[derive(Debug, Clone)]
pub struct Error {
    /// Its code.
    pub code: Code,
    /// What is wrong, with the value, and what is valid.
    pub message: String,
    /// The flag of the limit that was exceeded.
    pub limit: Option<&'static str>,
}

impl Error {
    /// A defect of the server: `detail` goes to the log.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        tracing::error!(%detail, "internal error");
        Code::Internal.error("internal error")
    }

    /// A request that exceeds a limit, by the name of its flag; empty for one that cannot be configured.
    pub fn limit(limit: &'static str, message: impl Into<String>) -> Self {
        let limit = Some(limit).filter(|limit| !limit.is_empty());
        Self { limit, ..Code::LimitExceeded.error(message) }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        mask(&error)
    }
}

impl From<AccessError> for Error {
    fn from(denied: AccessError) -> Self {
        let code = match &denied {
            AccessError::Unauthenticated(_) => Code::Unauthenticated,
            AccessError::Forbidden { .. } => Code::Forbidden,
        };
        code.error(denied.to_string())
    }
}

/// What a client sees of a database error; what it must not see goes to the log.
pub fn mask(error: &db::Error) -> Error {
    match error {
        db::Error::LostCursor => Code::BadUserInput.error(
            "the cursor names a record that this search does not find: it is of another search, or the record has \
             changed since; start again without a cursor",
        ),
        db::Error::Unavailable(detail) => {
            tracing::warn!(%detail, "database unavailable");
            Code::Unavailable.error("the database is unavailable at the moment; try again shortly")
        }
        db::Error::TimedOut => Code::Timeout
            .error("the request took longer than is allowed and was ended; ask for less at a time"),
        db::Error::Full(detail) => {
            tracing::error!(%detail, "no room left to write");
            Code::Unavailable.error(
                "the disk of the database is full: nothing was written; try again when there is room",
            )
        }
        db::Error::ReadOnly(_) => {
            Code::Unavailable.error("the database is read-only: it can be read, but not written")
        }
        db::Error::ValidationErrors(_) | db::Error::Internal(_) => Error::internal(error),
    }
}
