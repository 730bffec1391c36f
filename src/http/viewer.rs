//! Who is asking: what a request shows of it.

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

/// The name of the cookie of a browser that has signed in.
pub const COOKIE: &str = "clausewatch_session";

/// Who sends the request: the owner of an access token, else of the session that a cookie stands for, else nobody. A cookie that
/// the page may not use for this `purpose` is ignored when reading.
///
/// # Errors
/// 401 if the `Authorization` header has no access token; 403 if the request would write by a cookie that its page may not use.
/// A malformed cookie is ignored, because its sender cannot correct it.
pub fn credential(
    request: &HttpRequest,
    origins: &Origins,
    purpose: CookieUse,
) -> Result<Credential, HttpError> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        return bearer(request.headers())
            .map(|secret| Credential::Token(secret.digest()))
            .map_err(unauthenticated);
    }
    let Some(session) = session(request) else { return Ok(Credential::None) };
    if origins.page(request).lends(purpose) {
        return Ok(Credential::SignIn(session.digest()));
    }
    match purpose {
        CookieUse::Write => Err(HttpError::foreign("writing")),
        CookieUse::Read | CookieUse::Socket => Ok(Credential::None),
    }
}

/// The session that the request's cookie stands for.
pub fn session(request: &HttpRequest) -> Option<Secret> {
    request.cookie(COOKIE).and_then(|cookie| Secret::parse(cookie.value()))
}

/// The refusal of what is no access token.
pub fn unauthenticated(message: String) -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, Code::Unauthenticated.as_str(), message)
}

fn bearer(headers: &HeaderMap) -> Result<Secret, String> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err("there are several Authorization headers; send one".to_owned());
    };
    let words = value.to_str().ok().and_then(|value| value.trim().split_once(' '));
    match words {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case("bearer") => access_token(text.trim()),
        _ => Err("the Authorization header is not of the form `Bearer cwt_…`".to_owned()),
    }
}

/// The access token that somebody has written.
///
/// # Errors
/// The sentence that says that it is none.
pub fn access_token(text: &str) -> Result<Secret, String> {
    // What was sent instead may be another service's secret: it is not repeated.
    Secret::parse(text).ok_or_else(|| {
        "what was sent is not an access token: those begin with cwt_ and have 52 characters, and a checksum in them \
         that shows mistakes of copying"
            .to_owned()
    })
}

/// What the payload of a socket's `connection_init` message shows, for clients that cannot set headers:
/// `{"authorization": "Bearer cwt_…"}` or `{"token": "cwt_…"}`. Nothing where it has neither.
///
/// # Errors
/// The sentence that says that what is there is no access token.
pub fn credential_in(payload: &Map<String, Value>) -> Result<Option<Credential>, String> {
    let found =
        ["authorization", "Authorization", "token"].iter().find_map(|key| payload.get(*key));
    let Some(found) = found.filter(|found| !found.is_null()) else { return Ok(None) };
    let text = found.as_str().unwrap_or_default().trim();
    let text = match text.split_once(' ') {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case("bearer") => text.trim(),
        _ => text,
    };
    access_token(text).map(|secret| Some(Credential::Token(secret.digest())))
}

/// The cookie that stands for somebody who has signed in.
pub(super) fn cookie<'a>(origins: &Origins, value: &'a str, seconds: i64) -> Cookie<'a> {
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

    fn shown(request: TestRequest) -> Result<Credential, String> {
        credential(&request.to_http_request(), &Origins::default(), CookieUse::Read)
            .map_err(|error| error.message)
    }

    #[test]
    fn a_token_goes_before_a_cookie_and_a_cookie_before_nothing() {
        let (token, cookie) = (Secret::new().unwrap(), Secret::new().unwrap());
        let header = |scheme: &str| ("authorization", format!("{scheme} {}", token.reveal()));
        let request = || TestRequest::get().cookie(Cookie::new(COOKIE, cookie.reveal().to_owned()));
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let shown = shown(request().insert_header(header(scheme)));
            assert_eq!(shown, Ok(Credential::Token(token.digest())));
        }
        assert_eq!(shown(request()), Ok(Credential::SignIn(cookie.digest())));
        assert_eq!(shown(TestRequest::get()), Ok(Credential::None));
        let foreign = TestRequest::get().cookie(Cookie::new(COOKIE, "something"));
        assert_eq!(shown(foreign), Ok(Credential::None));
    }

    #[test]
    fn what_is_no_token_is_refused_and_not_repeated() {
        let twice = TestRequest::get()
            .append_header(("authorization", "Bearer a"))
            .append_header(("authorization", "Bearer b"));
        assert!(shown(twice).unwrap_err().contains("several"));
        for value in ["", "Bearer", "Basic c2VjcmV0", "Bearer hunter2secret"] {
            let refused = shown(TestRequest::get().insert_header(("authorization", value)));
            let message = refused.unwrap_err();
            assert!(!message.contains("c2VjcmV0") && !message.contains("hunter2"), "{message}");
        }
    }
}
