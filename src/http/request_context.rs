//! The context of every request: an id, security headers, a log line, and a response if a handler panics.

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

/// The response header with the id of the request. The log contains the same id.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every response, unless the handler sets them.
const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Only pages load resources, and they set their own policy.
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
];

/// Marks a response that pages of all sites may show in a frame. The handler must also set a content security policy
/// that allows this.
#[derive(Debug, Clone, Copy)]
pub struct MayBeFramed;

/// Whether the public address of the server is HTTPS.
#[derive(Debug, Clone, Copy)]
pub struct IsHttps(pub bool);

/// The id of a request.
#[derive(Debug, Clone)]
pub struct RequestId(String);

impl RequestId {
    /// The id of the request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<String> {
        request.extensions().get::<Self>().map(|id| id.0.clone())
    }
}

/// Assigns an id to the request, runs its handler, adds headers to the response, and logs one line.
///
/// # Errors
/// Errors of the handler. If the handler panics, the error contains a response with the status 500.
pub async fn request_context(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let id = Uuid::now_v7().simple().to_string();
    let is_https = request.app_data::<web::Data<IsHttps>>().is_some_and(|is_https| is_https.0);
    let span =
        tracing::info_span!("request", id = %id, method = %request.method(), path = request.path());
    request.extensions_mut().insert(RequestId(id.clone()));
    // After a panic, the state of the request is dropped, so no code can observe it.
    let handling = AssertUnwindSafe(next.call(request).instrument(span.clone())).catch_unwind();
    let Ok(result) = handling.await else {
        span.in_scope(|| tracing::error!("a handler panicked"));
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let error = HttpError::new(status, "INTERNAL_SERVER_ERROR", "internal error");
        let mut response = error.with_request_id(Some(id.clone())).respond(ResponseFormat::Json);
        add_headers(response.headers_mut(), &id, is_https);
        return Err(InternalError::from_response("a handler panicked", response).into());
    };
    let mut response = result?;
    let may_be_framed = response.response().extensions().contains::<MayBeFramed>();
    add_headers(response.headers_mut(), &id, is_https);
    if may_be_framed {
        // The value of `X-Frame-Options` cannot allow all sites.
        response.headers_mut().remove(header::X_FRAME_OPTIONS);
    }
    let milliseconds = started.elapsed().as_millis();
    span.in_scope(|| {
        tracing::debug!(status = response.status().as_u16(), milliseconds, "answered");
    });
    Ok(response)
}

fn add_headers(headers: &mut HeaderMap, id: &str, is_https: bool) {
    for (name, value) in SECURITY_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_https {
        let one_year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, one_year);
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
    async fn panicking_handler_is_answered_with_the_request_id() {
        async fn handler(panics: web::Path<bool>) -> HttpResponse {
            assert!(!*panics, "the test requests a panic");
            HttpResponse::Ok().finish()
        }
        let app =
            App::new().route("/{panics}", web::get().to(handler)).wrap(from_fn(request_context));
        let app = test::init_service(app).await;
        for _ in 0..2 {
            let request = test::TestRequest::get().uri("/true").to_request();
            let failure =
                test::try_call_service(&app, request).await.err().expect("the handler panics");
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
