//! Cross-origin requests. Pages of other origins may read responses only if the settings allow the origin.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::middleware::Condition;
use url::Url;

use super::graphql::MIN_POSITION;
use super::mcp;
use super::sse::LAST_EVENT_ID;

/// Lets pages of these origins use the API with access tokens. The pages cannot use cookies.
#[must_use]
pub fn allow_origins(origins: &[String]) -> Condition<Cors> {
    let cors = Cors::default()
        .allowed_methods([Method::HEAD, Method::GET, Method::POST])
        .allowed_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_NONE_MATCH,
            LAST_EVENT_ID,
            MIN_POSITION,
        ])
        .allowed_headers(mcp::HEADERS)
        .expose_headers([
            "etag",
            "retry-after",
            "x-cache",
            "x-clausewatch-position",
            "x-request-id",
        ])
        .max_age(3600);
    let cors = origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin));
    Condition::new(!origins.is_empty(), cors)
}

/// Parses an origin.
///
/// # Errors
/// A message that states the valid form.
pub fn parse_origin(text: &str) -> Result<String, String> {
    // A list may contain spaces after the commas.
    let text = text.trim();
    let origin = Url::parse(text).map(|url| url.origin());
    match origin {
        Ok(origin) if origin.is_tuple() && origin.ascii_serialization() == text => {
            Ok(text.to_owned())
        }
        Ok(origin) if origin.is_tuple() => {
            Err(format!("an origin has no path: write {}", origin.ascii_serialization()))
        }
        _ => Err("write an origin, like https://app.example".to_owned()),
    }
}
