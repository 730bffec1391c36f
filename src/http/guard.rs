//! What surrounds every request: an id, security headers, a line in the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;
use uuid::Uuid;

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

/// Gives the request an id, runs it, completes the headers of the answer, and logs one line.
///
/// # Errors
/// Those of the handlers.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let began = Instant::now();
    let id = Uuid::now_v7().simple().to_string();
    let span =
        tracing::info_span!("request", id = %id, method = %request.method(), path = request.path());
    let mut response = next.call(request).instrument(span.clone()).await?;
    let headers = response.headers_mut();
    for (name, value) in SECURITY {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    let milliseconds = began.elapsed().as_millis();
    span.in_scope(|| {
        tracing::debug!(status = response.status().as_u16(), milliseconds, "answered");
    });
    Ok(response)
}
