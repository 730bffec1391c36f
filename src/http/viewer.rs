//! The credential of a request.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use serde_json::{Map, Value};

use super::error::HttpError;
use super::origin::{CookieUse, Origins};
use crate::domain::token::Secret;
use crate::domain::viewer::Credential;
use crate::graphql::Code;

/// The name of the session cookie, which a browser receives when it signs in.
pub const COOKIE: &str = "clausewatch_session";

/// The credential of the request: the access token, otherwise the session cookie, otherwise none. A malformed cookie is
/// ignored, because its sender cannot correct it. For reading and for opening a socket, a cookie that the page may not use is
/// ignored, too.
///
/// # Errors
/// 401 if the `Authorization` header contains no access token. 403 if the request would write with a cookie that its page may
/// not use.
pub fn credential(
    request: &HttpRequest,
    origins: &Origins,
    purpose: CookieUse,
) -> Result<Credential, HttpError> {
    if let Some(token) = token(request)? {
        return Ok(token);
    }
    let Some(secret) = session_secret(request) else { return Ok(Credential::None) };
    if origins.page(request).may_use_cookie(purpose) {
        return Ok(Credential::SignIn(secret.digest()));
    }
    match purpose {
        CookieUse::Write => Err(HttpError::foreign_page("writing")),
        CookieUse::Read | CookieUse::Socket => Ok(Credential::None),
    }
}

/// The access token of the request. None if the request has no `Authorization` header.
///
/// # Errors
/// 401 if the `Authorization` header contains no access token.
pub fn token(request: &HttpRequest) -> Result<Option<Credential>, HttpError> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return Ok(None);
    }
    bearer_token(request.headers())
        .map(|secret| Some(Credential::Token(secret.digest())))
        .map_err(unauthenticated)
}

/// The secret in the session cookie. None if the cookie is missing or malformed.
pub fn session_secret(request: &HttpRequest) -> Option<Secret> {
    request.cookie(COOKIE).and_then(|cookie| Secret::parse(cookie.value()))
}

/// The error 401 for an invalid credential.
pub fn unauthenticated(message: String) -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated.as_str(), message)
}

fn bearer_token(headers: &HeaderMap) -> Result<Secret, String> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err("the request has several Authorization headers; send one".to_owned());
    };
    let parts = value.to_str().ok().and_then(|value| value.trim().split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            parse_access_token(token.trim())
        }
        _ => Err("the Authorization header is not of the form `Bearer cwt_…`".to_owned()),
    }
}

/// Parses an access token.
///
/// # Errors
/// A message that describes access tokens.
pub fn parse_access_token(text: &str) -> Result<Secret, String> {
    // The message does not repeat the text, which may be the secret of another service.
    Secret::parse(text).ok_or_else(|| {
        "the value is not an access token: access tokens begin with cwt_ and have 52 characters, including a checksum"
            .to_owned()
    })
}

/// The credential in the payload of a `connection_init` message, for clients that cannot set headers:
/// `{"authorization": "Bearer cwt_…"}` or `{"token": "cwt_…"}`. None if the payload has neither.
///
/// # Errors
/// A message that describes access tokens, if the value is not one.
pub fn credential_from_payload(payload: &Map<String, Value>) -> Result<Option<Credential>, String> {
    let mut values =
        ["authorization", "Authorization", "token"].iter().filter_map(|key| payload.get(*key));
    let Some(value) = values.find(|value| !value.is_null()) else { return Ok(None) };
    let text = value.as_str().unwrap_or_default().trim();
    let token = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => text,
    };
    parse_access_token(token).map(|secret| Some(Credential::Token(secret.digest())))
}

/// The session cookie with this value. The browser keeps the cookie for `seconds`. With 0 seconds, the browser deletes
/// the cookie.
pub(super) fn session_cookie<'a>(origins: &Origins, value: &'a str, seconds: i64) -> Cookie<'a> {
    Cookie::build(COOKIE, value)
        .path(origins.cookie_path("/"))
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(origins.is_https())
        .max_age(actix_web::cookie::time::Duration::seconds(seconds))
        .finish()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read_credential(request: TestRequest) -> Result<Credential, String> {
        credential(&request.to_http_request(), &Origins::default(), CookieUse::Read)
            .map_err(|error| error.message)
    }

    #[test]
    fn token_takes_precedence_over_cookie() {
        let (token, cookie) = (Secret::new().unwrap(), Secret::new().unwrap());
        let header = |scheme: &str| ("authorization", format!("{scheme} {}", token.reveal()));
        let request = || TestRequest::get().cookie(Cookie::new(COOKIE, cookie.reveal().to_owned()));
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let credential = read_credential(request().insert_header(header(scheme)));
            assert_eq!(credential, Ok(Credential::Token(token.digest())));
        }
        assert_eq!(read_credential(request()), Ok(Credential::SignIn(cookie.digest())));
        assert_eq!(read_credential(TestRequest::get()), Ok(Credential::None));
        let malformed = TestRequest::get().cookie(Cookie::new(COOKIE, "something"));
        assert_eq!(read_credential(malformed), Ok(Credential::None));
    }

    #[test]
    fn invalid_token_is_rejected_and_not_repeated() {
        let twice = TestRequest::get()
            .append_header(("authorization", "Bearer a"))
            .append_header(("authorization", "Bearer b"));
        assert!(read_credential(twice).unwrap_err().contains("several"));
        for value in ["", "Bearer", "Basic c2VjcmV0", "Bearer hunter2secret"] {
            let result =
                read_credential(TestRequest::get().insert_header(("authorization", value)));
            let message = result.unwrap_err();
            assert!(!message.contains("c2VjcmV0") && !message.contains("hunter2"), "{message}");
        }
    }

    #[test]
    fn null_in_a_payload_does_not_hide_the_token() {
        let token = Secret::new().unwrap();
        let credential = Ok(Some(Credential::Token(token.digest())));
        for payload in [
            serde_json::json!({ "authorization": null, "token": token.reveal() }),
            serde_json::json!({ "Authorization": format!("Bearer {}", token.reveal()) }),
        ] {
            assert_eq!(credential_from_payload(payload.as_object().unwrap()), credential);
        }
        let payload = serde_json::json!({ "token": null });
        assert_eq!(credential_from_payload(payload.as_object().unwrap()), Ok(None));
    }
}
