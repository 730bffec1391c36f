//! The state of a sign-in. A cookie stores it until the provider redirects the browser back.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use url::{Position, Url};

use super::provider::AuthorizationRequest;
use crate::http::origin::Origins;

/// The name of the cookie.
const COOKIE: &str = "clausewatch_sso";
/// The maximum time for signing in at the provider.
const SIGN_IN_TIMEOUT: Duration = Duration::from_mins(10);
/// The maximum length of the redirect target in bytes, because a cookie must be shorter than 4 kB.
const MAX_TARGET_LENGTH: usize = 2000;
/// The page from which sign-ins start. This page is not a useful redirect target.
const SIGN_IN_PAGE: &str = "/sign-in";

/// The state of a sign-in.
pub(super) struct SignInState {
    pub(super) csrf_token: CsrfToken,
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
    /// The address in the app to which the browser returns after the sign-in. Not validated.
    target: String,
}

impl SignInState {
    /// The state of the sign-in that `request` starts. A target that is too long is dropped.
    pub(super) fn new(request: AuthorizationRequest, target: Option<String>) -> Self {
        let AuthorizationRequest { csrf_token, nonce, verifier, .. } = request;
        let target = target.filter(|target| target.len() <= MAX_TARGET_LENGTH).unwrap_or_default();
        Self { csrf_token, nonce, verifier, target }
    }

    /// The state in the cookie of the request. None if the cookie is missing or malformed.
    pub(super) fn from_request(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(COOKIE)?;
        let mut parts = cookie.value().split('.');
        let (Some(csrf_token), Some(nonce), Some(verifier), Some(target), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let target = URL_SAFE_NO_PAD.decode(target).ok();
        Some(Self {
            csrf_token: CsrfToken::new(csrf_token.to_owned()),
            nonce: Nonce::new(nonce.to_owned()),
            verifier: PkceCodeVerifier::new(verifier.to_owned()),
            target: target.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default(),
        })
    }

    /// The cookie with the state.
    pub(super) fn cookie(&self, origins: &Origins) -> Cookie<'static> {
        let target = URL_SAFE_NO_PAD.encode(&self.target);
        let parts: [&str; 4] =
            [self.csrf_token.secret(), self.nonce.secret(), self.verifier.secret(), &target];
        cookie(origins, parts.join("."), SIGN_IN_TIMEOUT)
    }

    /// The address to which the browser is redirected after the sign-in, relative to the public path of the server. Only
    /// addresses of this app are valid, so neither a link nor a cookie can redirect to another site. The web app has the same
    /// rule in `web/src/api/redirect.ts`.
    pub(super) fn redirect_target(&self) -> String {
        let base = Url::parse("https://here.invalid").ok();
        let target = base.filter(|_| self.target.starts_with('/')).and_then(|base| {
            let url = base.join(&self.target).ok()?;
            let path = url.path();
            // Browsers interpret a path that begins with two slashes as another host.
            let is_valid = url.origin() == base.origin()
                && !path.starts_with("//")
                && !path.starts_with(SIGN_IN_PAGE);
            is_valid.then(|| url[Position::BeforePath..].to_owned())
        });
        target.unwrap_or_else(|| "/".to_owned())
    }
}

/// A cookie that deletes the state.
pub(super) fn expired_cookie(origins: &Origins) -> Cookie<'static> {
    cookie(origins, String::new(), Duration::ZERO)
}

fn cookie(origins: &Origins, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path(origins.cookie_path("/session"))
        .http_only(true)
        // The provider is another site and redirects the browser back. Browsers send `Lax` cookies with such a request.
        .same_site(SameSite::Lax)
        .secure(origins.is_https())
        .max_age(max_age.try_into().unwrap_or_default())
        .finish()
}
