//! JSON in the bodies of requests.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::error::HttpError;
use super::media::has_json_body;
use crate::limits::Limits;

/// Reads a body that is a JSON object. `instruction` describes the valid body, and is added to error messages.
///
/// # Errors
/// 400 if the body is invalid, 408 if it is too slow, 413 if it is too large, 415 if it is compressed or has another media type.
pub async fn read_json<T: DeserializeOwned>(
    request: &HttpRequest,
    body: Payload,
    limits: &Limits,
    instruction: &str,
) -> Result<T, HttpError> {
    check_media_type(request)?;
    let body = read_bytes(request, body, limits).await?;
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(HttpError::bad_request(
            "the body is a JSON array: batches are not supported; send each operation in a separate request",
        ));
    }
    serde_json::from_slice(&body).map_err(|failure| {
        HttpError::bad_request(format!("the body is invalid: {failure}; {instruction}"))
    })
}

/// Reads the whole body within the limits of size and time.
///
/// # Errors
/// 400 if the body ends early, 408 if it is too slow, 413 if it is too large, 415 if it is compressed.
pub(super) async fn read_bytes(
    request: &HttpRequest,
    body: Payload,
    limits: &Limits,
) -> Result<Bytes, HttpError> {
    check_encoding(request)?;
    let max_bytes = limits.max_body;
    let content_length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if let Some(length) = content_length
        && usize::try_from(length).map_or(true, |length| length > max_bytes)
    {
        return Err(too_large(&format!("{length} bytes"), max_bytes));
    }
    let body_timeout = Duration::from_secs(limits.body_timeout);
    match timeout(body_timeout, body.to_bytes_limited(max_bytes)).await {
        Ok(Ok(Ok(body))) => Ok(body),
        Ok(Ok(Err(failure))) => {
            Err(HttpError::bad_request(format!("the body could not be read: {failure}")))
        }
        Ok(Err(_)) => Err(too_large("more", max_bytes)),
        Err(_) => {
            let message = format!("the body did not arrive within {} s", limits.body_timeout);
            let status = StatusCode::REQUEST_TIMEOUT;
            Err(HttpError::exceeded(status, "REQUEST_TIMEOUT", "body-timeout", message))
        }
    }
}

fn too_large(size: &str, max_bytes: usize) -> HttpError {
    let message = format!("the body has {size}, and at most {max_bytes} bytes are allowed");
    let status = StatusCode::PAYLOAD_TOO_LARGE;
    HttpError::exceeded(status, "PAYLOAD_TOO_LARGE", "max-body", message)
}

/// Checks that the media type of the body is JSON in UTF-8.
///
/// # Errors
/// 415 if the body has another media type, or none.
pub(super) fn check_media_type(request: &HttpRequest) -> Result<(), HttpError> {
    if has_json_body(request) {
        return Ok(());
    }
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.map_or_else(
        || "nothing".to_owned(),
        |value| String::from_utf8_lossy(value.as_bytes()).into_owned(),
    );
    let message =
        format!("the body's Content-Type is {content_type}; send application/json, in UTF-8");
    Err(HttpError::unsupported_media_type(message))
}

/// Rejects compressed bodies, because their size is unknown before they are decompressed.
fn check_encoding(request: &HttpRequest) -> Result<(), HttpError> {
    let encodings: Vec<String> = request
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase())
        .filter(|encoding| !encoding.is_empty() && encoding != "identity")
        .collect();
    if encodings.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the body's Content-Encoding is {}; send the body without a content encoding",
        encodings.join(", ")
    );
    Err(HttpError::unsupported_media_type(message).with_header("Accept-Encoding", "identity"))
}
