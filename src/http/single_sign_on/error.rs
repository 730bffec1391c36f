//! Errors of a sign-in. They are shown in the browser.

use actix_web::http::StatusCode;

/// The reason why a sign-in failed. Details for the operator are only in the log.
pub(super) struct SignInError {
    pub(super) status: StatusCode,
    pub(super) message: String,
}

impl SignInError {
    /// The error 401.
    pub(super) fn unauthorized(message: &str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, message: message.to_owned() }
    }

    /// The error 502. Logs the failure with its causes.
    pub(super) fn unreachable(failure: &dyn std::error::Error) -> Self {
        let mut chain = failure.to_string();
        let mut source = failure.source();
        while let Some(cause) = source {
            chain = format!("{chain}: {cause}");
            source = cause.source();
        }
        tracing::error!(failure = %chain, "the identity provider cannot be reached");
        let message = "the identity provider cannot be reached for now; try again in a moment";
        Self { status: StatusCode::BAD_GATEWAY, message: message.to_owned() }
    }
}
