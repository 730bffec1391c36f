//! Top-level errors. What a person can mend in a mutation's input is data instead (see `user_error`).
//!
//! Every error carries `extensions.code`, one of [`Code`]. What is our own fault goes to the log, once, and reaches the
//! client as "internal error" only.

use async_graphql::{Error, ErrorExtensionValues, Response, ServerError, Value};

use crate::db;
use crate::domain::viewer::Denied;

/// The codes of top-level errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document, its variables or its operation name do not fit the schema.
    ValidationFailed,
    /// An argument's value is not one that can be answered.
    BadUserInput,
    /// It is not known who asks, and this is not for everybody; or what they showed of who they are is not good.
    Unauthenticated,
    /// The viewer may not do this.
    Forbidden,
    /// The request asks for more than is allowed. `extensions.limit` names the limit, where it can be configured.
    LimitExceeded,
    /// The request took too long.
    Timeout,
    /// The database cannot be reached for now, or not be written to.
    Unavailable,
    /// Our fault.
    Internal,
}

impl Code {
    /// The code as clients see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
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
        let mut error = Error::new(message);
        error
            .extensions
            .get_or_insert_with(ErrorExtensionValues::default)
            .set("code", self.as_str());
        error
    }
}

/// What a client sees of a database error; what it must not see goes to the log.
pub fn mask(error: &db::Error) -> Error {
    match error {
        db::Error::ForeignCursor => Code::BadUserInput.error(
            "the cursor names a record that is not here; cursors are good in one database only",
        ),
        db::Error::LostCursor => Code::BadUserInput.error(
            "the cursor names a record that this search does not find: it is of another search, or the record has \
             changed since; start again without a cursor",
        ),
        db::Error::Unavailable(detail) => {
            tracing::warn!(%detail, "database unavailable");
            Code::Unavailable.error("the database is unavailable for now; try again in a moment")
        }
        db::Error::TimedOut => Code::Timeout.error(
            "the request took longer than is allowed, and was ended; ask for less at a time",
        ),
        db::Error::Full(detail) => {
            tracing::error!(%detail, "no room left to write");
            Code::Unavailable.error(
                "the disk of the database is full: nothing was written; try again when there is room",
            )
        }
        db::Error::ReadOnly(_) => {
            Code::Unavailable.error("the database is read-only: it can be read, but not written")
        }
        db::Error::Faults(_) | db::Error::Internal(_) => {
            tracing::error!(%error, "internal error");
            Code::Internal.error("internal error")
        }
    }
}

/// The top-level error of somebody who is refused.
pub fn denied(denied: Denied) -> Error {
    let code = match &denied {
        Denied::Unauthenticated(_) => Code::Unauthenticated,
        Denied::Forbidden { .. } => Code::Forbidden,
    };
    code.error(denied.to_string())
}

/// Gives a code to every error that came without one: those of the library.
pub(super) fn complete(mut response: Response, parsed: bool) -> Response {
    for error in &mut response.errors {
        if !has_code(error) {
            let code = match (parsed, error.path.is_empty()) {
                (false, _) => Code::ParseFailed,
                (true, true) => Code::ValidationFailed,
                // With a path and without a code, it is a value that a scalar refused.
                (true, false) => Code::BadUserInput,
            };
            let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
            extensions.set("code", code.as_str());
        }
    }
    response
}

/// Whether something in it failed because the database could not be reached.
pub(super) fn is_unavailable(response: &Response) -> bool {
    let unavailable = Value::from(Code::Unavailable.as_str());
    response.errors.iter().any(|error| extension(error, "code") == Some(&unavailable))
}

/// The codes of a response's errors, each once.
pub(super) fn codes(response: &Response) -> Vec<&str> {
    let mut codes = Vec::new();
    for error in &response.errors {
        if let Some(Value::String(code)) = extension(error, "code")
            && !codes.contains(&code.as_str())
        {
            codes.push(code);
        }
    }
    codes
}

/// The limit that a response was refused by, of those that there are.
pub(super) fn limit(response: &Response) -> Option<&'static str> {
    let limits = [
        "max-tokens",
        "max-depth",
        "max-aliases",
        "max-root-fields",
        "max-directives",
        "max-selections",
        "max-nodes",
        "max-fields",
    ];
    response.errors.iter().find_map(|error| match extension(error, "limit") {
        Some(Value::String(name)) => limits.into_iter().find(|limit| limit == name),
        _ => None,
    })
}

fn extension<'a>(error: &'a ServerError, name: &str) -> Option<&'a Value> {
    error.extensions.as_ref()?.get(name)
}

fn has_code(error: &ServerError) -> bool {
    extension(error, "code").is_some()
}
