//! Errors of the transport: requests that are rejected before their operation is executed.

use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::Map;

use super::media::ResponseFormat;
use crate::graphql::{Code, Error};

/// An error of a request, as a status code and one GraphQL error.
pub struct HttpError {
    pub(super) status: StatusCode,
    code: &'static str,
    /// The name of the flag that sets the exceeded limit.
    pub(super) limit: Option<&'static str>,
    /// The id of the request, if the log contains details.
    request_id: Option<String>,
    pub(super) message: String,
    /// A header that describes valid requests.
    header: Option<(&'static str, &'static str)>,
}

impl HttpError {
    /// An error with this status, code and message.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, limit: None, request_id: None, message, header: None }
    }

    /// An error because the request exceeds a limit. `limit` is the name of the flag that sets the limit.
    pub fn exceeded(
        status: StatusCode,
        code: &'static str,
        limit: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { limit: Some(limit), ..Self::new(status, code, message) }
    }

    /// The error 400 for an invalid request.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// The error 400 for a missing or invalid `Host` header.
    pub(super) fn invalid_host() -> Self {
        Self::bad_request("the Host header is missing or invalid: send the host of this server")
    }

    /// The error 403 for a page of another origin that requests an action with a cookie. The message begins with
    /// `action`.
    pub(super) fn foreign_page(action: &str) -> Self {
        let message = format!(
            "{action} with a cookie is allowed only from this server's own pages, as the Origin header must show; \
             programs send an access token instead, as `Authorization: Bearer cwt_…`"
        );
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden.as_str(), message)
    }

    /// The error 405. `allowed` is the value of the header `Allow`.
    pub(super) fn method_not_allowed(allowed: &'static str, message: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
            .with_header("Allow", allowed)
    }

    /// The error 415 for the body of a request.
    pub(super) fn unsupported_media_type(message: String) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    }

    /// Includes the id of the request in the response.
    pub fn with_request_id(self, request_id: Option<String>) -> Self {
        Self { request_id, ..self }
    }

    /// Adds a header to the response.
    pub(super) fn with_header(self, name: &'static str, value: &'static str) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// The response with the error as JSON.
    pub fn respond(self, format: ResponseFormat) -> HttpResponse {
        let mut extensions = Map::new();
        extensions.insert("code".to_owned(), self.code.into());
        extensions.extend(self.limit.map(|limit| ("limit".to_owned(), limit.into())));
        extensions.extend(self.request_id.map(|id| ("requestId".to_owned(), id.into())));
        let body = serde_json::json!({
            "errors": [{ "message": self.message, "extensions": extensions }]
        });
        let mut builder = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(header) = self.header {
            builder.insert_header(header);
        }
        finish(&mut builder, format, body.to_string().into())
    }
}

impl From<&Error> for HttpError {
    fn from(error: &Error) -> Self {
        let (code, status) = match error.code {
            code @ Code::Unauthenticated => (code, StatusCode::UNAUTHORIZED),
            code @ Code::Forbidden => (code, StatusCode::FORBIDDEN),
            code @ Code::Unavailable => (code, StatusCode::SERVICE_UNAVAILABLE),
            code @ (Code::BadUserInput | Code::ValidationFailed) => (code, StatusCode::BAD_REQUEST),
            code @ Code::Timeout => (code, StatusCode::GATEWAY_TIMEOUT),
            _ => (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR),
        };
        Self::new(status, code.as_str(), error.message.clone())
    }
}

/// Sets the body of a response, and forbids caches to store it.
pub(super) fn finish(
    builder: &mut HttpResponseBuilder,
    format: ResponseFormat,
    body: Bytes,
) -> HttpResponse {
    builder
        .insert_header((header::CONTENT_TYPE, format.content_type()))
        .insert_header((header::VARY, "Accept, Accept-Encoding"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
