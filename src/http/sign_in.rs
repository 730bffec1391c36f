//! Signing in and out, for browsers: a token is shown once, and a cookie that no script can read stands for it from then
//! on.

use actix_web::http::Method;
use actix_web::http::header::{self, Allow};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::error::HttpError;
use super::graphql::read_json;
use super::media::ResponseFormat;
use super::origin::{CookieUse, Origins};
#[cfg(feature = "sso")]
use super::single_sign_on;
use super::viewer::{access_token, cookie, session, unauthenticated};
use crate::domain::StringEnum;
use crate::graphql::{Executor, SIGN_IN_SECONDS};
use crate::limits::Limits;

/// What signing in takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    token: String,
}

/// How one can sign in here: by access token always, and at the address `singleSignOn` where there is one.
pub async fn ways(request: HttpRequest, origins: web::Data<Origins>) -> HttpResponse {
    #[cfg(feature = "sso")]
    let single_sign_on =
        single_sign_on::is_set_up(&request).then(|| origins.public_path(single_sign_on::BEGIN));
    #[cfg(not(feature = "sso"))]
    let single_sign_on = None::<&str>;
    let _ = (request, origins);
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(serde_json::json!({ "singleSignOn": single_sign_on }))
}

/// Signs in whoever shows an access token.
pub async fn begin(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let signed_in = async {
        expect_own(&origins, &request)?;
        let shape = "send a JSON object with `token`";
        let parameters: Parameters = read_json(&request, body, &limits, shape).await?;
        let token = access_token(&parameters.token).map_err(unauthenticated)?;
        executor.sign_in(token.digest()).await.map_err(|error| HttpError::of(&error))
    };
    match signed_in.await {
        Ok((viewer, secret)) => HttpResponse::Ok()
            .cookie(cookie(&origins, secret.reveal(), SIGN_IN_SECONDS))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(serde_json::json!({ "name": viewer.name(), "role": viewer.role().name() })),
        Err(error) => error.respond(ResponseFormat::Json),
    }
}

/// Signs out: what the cookie holds is good for nothing from now on, and the browser forgets it.
pub async fn end(
    request: HttpRequest,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let signed_out = async {
        expect_own(&origins, &request)?;
        match session(&request) {
            Some(secret) => {
                executor.sign_out(secret.digest()).await.map_err(|error| HttpError::of(&error))
            }
            None => Ok(()),
        }
    };
    match signed_out.await {
        Ok(()) => HttpResponse::NoContent().cookie(cookie(&origins, "", 0)).finish(),
        Err(error) => error.respond(ResponseFormat::Json),
    }
}

/// Everything but GET, HEAD, POST and DELETE.
pub async fn method_not_allowed() -> HttpResponse {
    HttpResponse::MethodNotAllowed()
        .insert_header(Allow(vec![Method::GET, Method::HEAD, Method::POST, Method::DELETE]))
        .content_type("text/plain; charset=utf-8")
        .body("Ask how to sign in by GET, sign in by POST, and out by DELETE.\n")
}

/// Rejects pages of other origins: they sign nobody in or out. Programs send no header that names a page.
fn expect_own(origins: &Origins, request: &HttpRequest) -> Result<(), HttpError> {
    if !origins.page(request).lends(CookieUse::Read) {
        return Err(HttpError::foreign("signing in and out"));
    }
    Ok(())
}
