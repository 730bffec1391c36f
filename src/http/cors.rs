//! Pages of other origins: none may read answers, but for those that are named.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::middleware::Condition;
use url::Url;

use super::graphql::MIN_POSITION;
use super::sse::LAST_EVENT_ID;

/// Opens the API to pages of these origins. They send tokens, never cookies.
#[must_use]
pub fn open_to(origins: &[String]) -> Condition<Cors> {
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

/// Reads an origin.
///
/// # Errors
/// A sentence that says what is right.
pub fn read_origin(text: &str) -> Result<String, String> {
    // Where several are listed, a space may follow the comma.
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
