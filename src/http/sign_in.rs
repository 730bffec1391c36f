//! Signing browsers in and out. A browser sends an access token once, and receives a session cookie that scripts cannot read.

use actix_web::http::Method;
use actix_web::http::header::{self, Allow};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::error::HttpError;
use super::json_body::read_json;
use super::media::ResponseFormat;
use super::origin::{CookieUse, Origins};
#[cfg(feature = "sso")]
use super::single_sign_on;
use super::viewer::{parse_access_token, session_cookie, session_secret, unauthenticated};
use crate::domain::StringEnum;
use crate::graphql::{Executor, SIGN_IN_SECONDS};
use crate::limits::Limits;

/// The body of a request to sign in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    token: String,
}

/// Describes how a browser can sign in. Signing in with an access token is always possible. `singleSignOn` is the address
/// that starts single sign-on, or null.
pub async fn describe(request: HttpRequest, origins: web::Data<Origins>) -> HttpResponse {
    #[cfg(feature = "sso")]
    let single_sign_on = single_sign_on::is_configured(&request)
        .then(|| origins.public_path(single_sign_on::START_PATH));
    #[cfg(not(feature = "sso"))]
    let single_sign_on = None::<&str>;
    let _ = (request, origins);
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "singleSignOn": single_sign_on }))
}

/// Signs in with an access token.
pub async fn create_session(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let sign_in = async {
        expect_own_page(&origins, &request)?;
        let instruction = "send a JSON object with `token`";
        let parameters: Parameters = read_json(&request, body, &limits, instruction).await?;
        let token = parse_access_token(&parameters.token).map_err(unauthenticated)?;
        executor.sign_in(token.digest()).await.map_err(|error| HttpError::from(&error))
    };
    match sign_in.await {
        Ok((viewer, secret)) => HttpResponse::Ok()
            .cookie(session_cookie(&origins, secret.reveal(), SIGN_IN_SECONDS))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(serde_json::json!({ "name": viewer.name(), "role": viewer.role().name() })),
        Err(error) => error.respond(ResponseFormat::Json),
    }
}

/// Signs out. Revokes the session of the cookie, and deletes the cookie.
pub async fn delete_session(
    request: HttpRequest,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let sign_out = async {
        expect_own_page(&origins, &request)?;
        match session_secret(&request) {
            Some(secret) => {
                executor.sign_out(secret.digest()).await.map_err(|error| HttpError::from(&error))
            }
            None => Ok(()),
        }
    };
    match sign_out.await {
        Ok(()) => HttpResponse::NoContent().cookie(session_cookie(&origins, "", 0)).finish(),
        Err(error) => error.respond(ResponseFormat::Json),
    }
}

/// Responds to all methods except GET, HEAD, POST and DELETE.
pub async fn method_not_allowed() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header(Allow(vec![Method::GET, Method::HEAD, Method::POST, Method::DELETE]))
        .content_type("text/plain; charset=utf-8")
        .body("GET returns the ways to sign in, POST signs in, DELETE signs out.\n")
}

/// Rejects pages of other origins, which must not sign people in or out. Allows requests of programs, which
/// send no header that identifies a page.
fn expect_own_page(origins: &Origins, request: &HttpRequest) -> Result<(), HttpError> {
    if !origins.page(request).may_use_cookie(CookieUse::Read) {
        return Err(HttpError::foreign_page("signing in and out"));
    }
    Ok(())
}
