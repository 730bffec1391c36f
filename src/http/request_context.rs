//! What surrounds every request: an id, security headers, a line in the log, and an answer even where a handler panics.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use futures_util::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use super::error::HttpError;
use super::media::ResponseFormat;

/// Names the request in the answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers that every answer carries unless its handler has set them itself.
const SECURITY: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Answers are data; only pages, which set their own policy, load anything.
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Whether people reach the server by TLS.
#[derive(Debug, Clone, Copy)]
pub struct Secure(pub bool);

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(String);

impl RequestId {
    /// That of this request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<String> {
        request.extensions().get::<Self>().map(|id| id.0.clone())
    }
}

/// Gives the request an id, runs it, completes the headers of the answer, and logs one line.
///
/// # Errors
/// Those of the handlers; and an answer, where one panicked.
pub async fn request_context(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let id = Uuid::now_v7().simple().to_string();
    let secure = request.app_data::<web::Data<Secure>>().is_some_and(|secure| secure.0);
    let span =
        tracing::info_span!("request", id = %id, method = %request.method(), path = request.path());
    request.extensions_mut().insert(RequestId(id.clone()));
    // What a panic leaves behind is dropped with the request.
    let running = AssertUnwindSafe(next.call(request).instrument(span.clone())).catch_unwind();
    let Ok(outcome) = running.await else {
        span.in_scope(|| tracing::error!("a handler panicked"));
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let error = HttpError::new(status, "INTERNAL_SERVER_ERROR", "internal error");
        let mut response = error.identified(Some(id.clone())).respond(ResponseFormat::Json);
        complete(response.headers_mut(), &id, secure);
        return Err(InternalError::from_response("a handler panicked", response).into());
    };
    let mut response = outcome?;
    complete(response.headers_mut(), &id, secure);
    let milliseconds = started.elapsed().as_millis();
    span.in_scope(|| {
        tracing::debug!(status = response.status().as_u16(), milliseconds, "answered");
    });
    Ok(response)
}

fn complete(headers: &mut HeaderMap, id: &str, secure: bool) {
    for (name, value) in SECURITY {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test};

    use super::*;

    #[actix_web::test]
    async fn handler_that_panics_is_answered_for() {
        async fn fall(fall: web::Path<bool>) -> HttpResponse {
            assert!(!*fall, "this one falls");
            HttpResponse::Ok().finish()
        }
        let app = App::new().route("/{fall}", web::get().to(fall)).wrap(from_fn(request_context));
        let app = test::init_service(app).await;
        for _ in 0..2 {
            let request = test::TestRequest::get().uri("/true").to_request();
            let failure = test::try_call_service(&app, request).await.err().expect("it falls");
            let response = failure.error_response();
            assert_eq!(response.status(), 500);
            let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
            let id = header("x-request-id").to_owned();
            assert_eq!(header("x-content-type-options"), "nosniff");
            let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let extensions = &body["errors"][0]["extensions"];
            assert_eq!(extensions["code"], "INTERNAL_SERVER_ERROR");
            assert_eq!(extensions["requestId"], id.as_str());

            let request = test::TestRequest::get().uri("/false").to_request();
            assert_eq!(test::call_service(&app, request).await.status(), 200);
        }
    }
}
