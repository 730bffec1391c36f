//! Single sign-on with OpenID Connect. An identity provider confirms the identity of a person, and a claim determines the
//! role.
//!
//! Uses the authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636). The state of a sign-in is
//! stored in a cookie of the browser, not on the server.

mod error;
mod provider;
mod state;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use openidconnect::AuthorizationCode;
use serde::Deserialize;

use super::error::HttpError;
use super::origin::Origins;
use super::viewer;
use crate::domain::token::Secret;
use crate::graphql::{Executor, SIGN_IN_SECONDS};
use error::SignInError;
pub use provider::{CALLBACK_PATH, SingleSignOn};
use state::{SignInState, expired_cookie};

/// The path that redirects browsers to the provider.
pub const START_PATH: &str = "/session/sso";

/// Whether single sign-on is configured.
#[must_use]
pub fn is_configured(request: &HttpRequest) -> bool {
    request.app_data::<web::Data<SingleSignOn>>().is_some()
}

/// The query string of a request to start a sign-in.
#[derive(Deserialize)]
pub struct StartParameters {
    /// The address in the app to which the browser returns after the sign-in.
    to: Option<String>,
}

/// Redirects the browser to the provider.
pub async fn start(
    parameters: web::Query<StartParameters>,
    single_sign_on: web::Data<SingleSignOn>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let request = match single_sign_on.authorization_request().await {
        Ok(request) => request,
        Err(error) => return respond_with_error(error, &origins),
    };
    let url = request.url.to_string();
    let state = SignInState::new(request, parameters.into_inner().to);
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .cookie(state.cookie(&origins))
        .finish()
}

/// The query string with which the provider redirects the browser back.
#[derive(Deserialize)]
pub struct CallbackParameters {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Signs in after the provider has redirected the browser back. Then redirects to the page from which the sign-in started.
pub async fn finish(
    request: HttpRequest,
    parameters: web::Query<CallbackParameters>,
    single_sign_on: web::Data<SingleSignOn>,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    match sign_in(&request, parameters.into_inner(), &single_sign_on, &executor).await {
        Ok((secret, target)) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, origins.public_path(&target)))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .cookie(expired_cookie(&origins))
            .cookie(viewer::session_cookie(&origins, secret.reveal(), SIGN_IN_SECONDS))
            .finish(),
        Err(error) => respond_with_error(error, &origins),
    }
}

/// Returns the secret of the new session, and the address to redirect to.
async fn sign_in(
    request: &HttpRequest,
    parameters: CallbackParameters,
    single_sign_on: &SingleSignOn,
    executor: &Executor,
) -> Result<(Secret, String), SignInError> {
    if let Some(error) = parameters.error {
        tracing::info!(%error, "the identity provider refused a sign-in");
        return Err(SignInError::unauthorized("the identity provider did not sign you in"));
    }
    let Some(state) = SignInState::from_request(request) else {
        return Err(SignInError::unauthorized(
            "the sign-in was not started in this browser, or has expired; start again",
        ));
    };
    let is_same_sign_in = parameters.state.as_deref() == Some(state.csrf_token.secret().as_str());
    let Some(code) = parameters.code.filter(|_| is_same_sign_in) else {
        return Err(SignInError::unauthorized(
            "this response belongs to another sign-in; start again",
        ));
    };
    let target = state.redirect_target();
    let code = AuthorizationCode::new(code);
    let identity = single_sign_on.identify(code, &state.nonce, state.verifier).await?;
    let secret = executor.sign_in_as(identity.name, identity.role).await.map_err(|error| {
        let HttpError { status, message, .. } = HttpError::from(&error);
        SignInError { status, message }
    })?;
    Ok((secret, target))
}

/// Responds with the error as text, and deletes the state of the sign-in.
fn respond_with_error(error: SignInError, origins: &Origins) -> HttpResponse {
    HttpResponse::build(error.status)
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .cookie(expired_cookie(origins))
        .body(format!("You are not signed in: {}.\n", error.message))
}
