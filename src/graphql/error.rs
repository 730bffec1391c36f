//! Top-level errors. Errors in the input of a mutation are data instead (see `user_error`).
//!
//! Every error has a [`Code`] in `extensions.code`. The details of an internal error are only in the log.

use crate::db;
use crate::domain::viewer::AccessError;

/// The codes of top-level errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The parameters of the request are invalid.
    BadRequest,
    /// No trusted document has this id.
    DocumentNotFound,
    /// The server executes only trusted documents, and the request contains the text of a document.
    DocumentNotTrusted,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document, its variables or its operation name are not valid for the schema.
    ValidationFailed,
    /// The value of an argument is invalid.
    BadUserInput,
    /// The change log does not contain the position of the cursor, for example because a backup was restored. The client must
    /// read everything again.
    StaleCursor,
    /// The request requires a valid token.
    Unauthenticated,
    /// The viewer's role does not allow this.
    Forbidden,
    /// The server publishes statuses only after a review: the client must submit the status.
    ReviewRequired,
    /// The request exceeds a limit. `extensions.limit` names the limit if it is a setting.
    LimitExceeded,
    /// The request took too long.
    Timeout,
    /// The database cannot be reached, or is read-only.
    Unavailable,
    /// A defect of the server.
    Internal,
}

impl Code {
    /// The code in `extensions.code`.
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
            Self::ReviewRequired => "REVIEW_REQUIRED",
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

/// An error without its path.
#[derive(Debug, Clone)]
pub struct Error {
    /// Its code.
    pub code: Code,
    /// A message with the invalid value and the valid values.
    pub message: String,
    /// The setting that determines the exceeded limit, such as `max-depth`.
    pub limit: Option<&'static str>,
}

impl Error {
    /// A defect of the server. `detail` is only in the log.
    pub fn internal(detail: impl std::fmt::Display) -> Self {
        tracing::error!(%detail, "internal error");
        Code::Internal.error("internal error")
    }

    /// A request that exceeds a limit. `setting` is the setting that determines the limit, such as `max-depth`.
    pub fn limit(setting: &'static str, message: impl Into<String>) -> Self {
        Self { limit: Some(setting), ..Self::fixed_limit(message) }
    }

    /// A request that exceeds a fixed limit. No setting can change a fixed limit.
    pub fn fixed_limit(message: impl Into<String>) -> Self {
        Code::LimitExceeded.error(message)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        mask(&error)
    }
}

impl From<AccessError> for Error {
    fn from(denied: AccessError) -> Self {
        denied_error(&denied)
    }
}

fn denied_error(denied: &AccessError) -> Error {
    let code = match denied {
        AccessError::Unauthenticated(_) => Code::Unauthenticated,
        AccessError::Forbidden { .. } => Code::Forbidden,
    };
    code.error(denied.to_string())
}

/// Converts a database error to an error for the client. Internal details are only in the log.
pub fn mask(error: &db::Error) -> Error {
    match error {
        db::Error::AccessDenied(denied) => denied_error(denied),
        db::Error::LostCursor => Code::BadUserInput.error(
            "the cursor names a record that this search does not find: it belongs to another search, or the record has \
             changed since; start again without a cursor",
        ),
        db::Error::Unavailable(detail) => {
            tracing::warn!(%detail, "database unavailable");
            Code::Unavailable.error("the database is unavailable at the moment; try again shortly")
        }
        db::Error::TimedOut => Code::Timeout
            .error("the request exceeded the time limit and was stopped; request less data"),
        db::Error::Full(detail) => {
            tracing::error!(%detail, "no disk space left");
            Code::Unavailable.error(
                "the disk of the database is full: nothing was written; try again when there is space",
            )
        }
        db::Error::ReadOnly(_) => {
            Code::Unavailable.error("the database is read-only: it can be read, but not written")
        }
        db::Error::ValidationErrors(_) | db::Error::Internal(_) => Error::internal(error),
    }
}
