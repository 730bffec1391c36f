//! Answers to what is not executed.

use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::Map;

use super::media::ResponseFormat;
use crate::graphql::{Code, Error};

/// A request that cannot be executed: its status, a code, and a sentence.
pub struct HttpError {
    pub(super) status: StatusCode,
    code: &'static str,
    /// The limit that it goes over, by the name of its flag.
    pub(super) limit: Option<&'static str>,
    /// The request's id, where the log has more to say.
    request: Option<String>,
    pub(super) message: String,
    /// The encoding that the body of a request may have.
    accepted_encoding: Option<&'static str>,
}

impl HttpError {
    /// One with that code, and a sentence.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, limit: None, request: None, message, accepted_encoding: None }
    }

    /// The same with the request's id in it.
    pub fn identified(self, request: Option<String>) -> Self {
        Self { request, ..self }
    }

    /// The refusal of a request that goes over a limit, by the name of its flag.
    pub fn exceeded(
        status: StatusCode,
        code: &'static str,
        limit: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { limit: Some(limit), ..Self::new(status, code, message) }
    }

    /// Of a request that is not what it should be.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// Of something that a foreign page may not make a browser do.
    pub(super) fn foreign(what: &str) -> Self {
        let message = format!(
            "{what} with a cookie is allowed only from this server's own pages, which the Origin header must show; \
             programs send an access token instead, as `Authorization: Bearer cwt_…`"
        );
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden.as_str(), message)
    }

    /// Of a request that failed as a whole.
    pub(super) fn of(error: &Error) -> Self {
        let (code, status) = match error.code {
            code @ Code::Unauthenticated => (code, StatusCode::UNAUTHORIZED),
            code @ Code::Forbidden => (code, StatusCode::FORBIDDEN),
            code @ Code::Unavailable => (code, StatusCode::SERVICE_UNAVAILABLE),
            code @ Code::Timeout => (code, StatusCode::GATEWAY_TIMEOUT),
            _ => (Code::Internal, StatusCode::INTERNAL_SERVER_ERROR),
        };
        Self::new(status, code.as_str(), error.message.clone())
    }

    /// The same with the encoding that a body may have, as `Accept-Encoding`.
    pub(super) fn accepting(self, encoding: &'static str) -> Self {
        Self { accepted_encoding: Some(encoding), ..self }
    }

    /// The answer that says so.
    pub fn respond(self, format: ResponseFormat) -> HttpResponse {
        let mut extensions = Map::new();
        extensions.insert("code".to_owned(), self.code.into());
        extensions.extend(self.limit.map(|limit| ("limit".to_owned(), limit.into())));
        extensions.extend(self.request.map(|id| ("requestId".to_owned(), id.into())));
        let body = serde_json::json!({
            "errors": [{ "message": self.message, "extensions": extensions }]
        });
        let mut response = HttpResponse::build(self.status);
        match self.status {
            StatusCode::METHOD_NOT_ALLOWED => {
                response.insert_header((header::ALLOW, "GET, HEAD, POST"));
            }
            StatusCode::UNAUTHORIZED => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            _ => {}
        }
        if let Some(encoding) = self.accepted_encoding {
            response.insert_header((header::ACCEPT_ENCODING, encoding));
        }
        finish(&mut response, format, body.to_string().into())
    }
}

/// The answer with that body, which is for nobody to keep.
pub(super) fn finish(
    response: &mut HttpResponseBuilder,
    format: ResponseFormat,
    body: Bytes,
) -> HttpResponse {
    response
        .insert_header((header::CONTENT_TYPE, format.content_type()))
        .insert_header((header::VARY, "Accept, Accept-Encoding"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
