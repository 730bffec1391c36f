//! Single sign-on by OpenID Connect: an identity provider vouches for who somebody is, and one of its claims says what
//! they may do.
//!
//! The authorization code flow with PKCE (OpenID Connect Core 1.0, section 3.1; RFC 7636). What has to be remembered
//! between the two ends of it stands in a cookie of the browser that began it, and not on the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    HttpResponse as ProviderResponse, IdTokenFields, IssuerUrl, JwsSigningAlgorithm, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use url::{Position, Url};

use super::error::HttpError;
use super::origin::Origins;
use super::viewer;
use crate::config::SingleSignOn as Config;
use crate::domain::viewer::Role;
use crate::graphql::Executor;

/// Holds what has to be remembered until the browser comes back.
const COOKIE: &str = "clausewatch_sso";
/// How long somebody may take to sign in at the provider.
const SIGN_IN_TIMEOUT: Duration = Duration::from_mins(10);
/// How long a request to the provider may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// How long what the provider says of itself is taken for current: its keys change now and then.
const CURRENT: Duration = Duration::from_mins(10);
/// The longest way back that is remembered, in bytes: a cookie must stay under 4 kB.
const MAX_REDIRECT_LENGTH: usize = 2000;
/// The page that leads here, which nobody wants to be led back to.
const SIGN_IN_PAGE: &str = "/sign-in";
/// Where browsers are sent to the provider.
pub const BEGIN: &str = "/session/sso";
/// Where the provider sends browsers back to.
pub const CALLBACK: &str = "/session/sso/callback";

/// The claims beside those that the library knows.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The library's client, with our claims.
type RelyingParty = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Signs people in by an identity provider.
pub struct SingleSignOn {
    config: Config,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: reqwest::Client,
    provider: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

/// Why somebody is not signed in. What is for the operator goes to the log.
struct SignInError(StatusCode, String);

impl SingleSignOn {
    /// With the settings, if there are any, for a server that people reach at the public address of `origins`.
    ///
    /// # Errors
    /// A sentence that names the setting that is missing.
    pub fn new(config: &Config, origins: &Origins) -> anyhow::Result<Option<Self>> {
        let Some(issuer) = &config.oidc_issuer else { return Ok(None) };
        if config.oidc_client_id.is_none() || config.oidc_roles.is_empty() {
            anyhow::bail!("--oidc-issuer requires --oidc-client-id and --oidc-roles");
        }
        let redirect = origins.public_url(CALLBACK).context(
            "--oidc-issuer requires --public-url, to which the provider sends people back",
        )?;
        let issuer = IssuerUrl::new(issuer.clone()).context("--oidc-issuer is not an address")?;
        if !issuer.url().username().is_empty() || issuer.url().password().is_some() {
            anyhow::bail!("--oidc-issuer has a user name or password, which no issuer has");
        }
        Ok(Some(Self {
            config: config.clone(),
            // As it was written: an issuer is compared letter by letter, and the type of addresses adds a slash.
            issuer,
            redirect: RedirectUrl::from_url(redirect),
            http: reqwest::Client::builder()
                // The provider's answers are final; a redirect could lead anywhere.
                .redirect(reqwest::redirect::Policy::none())
                .timeout(ANSWER_WITHIN)
                .build()?,
            provider: Mutex::new(None),
        }))
    }

    /// The client, by what the provider says of itself.
    async fn client(&self) -> Result<(RelyingParty, Arc<CoreProviderMetadata>), SignInError> {
        let mut known = self.provider.lock().await;
        let current = known.as_ref().filter(|(since, _)| since.elapsed() < CURRENT);
        let metadata = if let Some((_, metadata)) = current {
            metadata.clone()
        } else {
            let send = |request| self.send(request);
            let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &send).await;
            let metadata = Arc::new(metadata.map_err(|failure| unreachable(&failure))?);
            *known = Some((Instant::now(), metadata.clone()));
            metadata
        };
        let client = RelyingParty::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(self.config.oidc_client_id.clone().unwrap_or_default()),
            self.config.oidc_client_secret.clone().map(|secret| ClientSecret::new(secret.reveal())),
        );
        Ok((client.set_redirect_uri(self.redirect.clone()), metadata))
    }

    async fn send(
        &self,
        request: openidconnect::HttpRequest,
    ) -> Result<ProviderResponse, reqwest::Error> {
        let response = self.http.execute(request.try_into()?).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut answer = ProviderResponse::new(response.bytes().await?.to_vec());
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer)
    }

    /// Where to sign in, and what to remember until then.
    async fn begin(&self) -> Result<(Url, String), SignInError> {
        let (client, _) = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        Ok((url, [state.secret(), nonce.secret(), verifier.secret()].map(String::as_str).join(".")))
    }

    /// Who came back: their name, and what they may do.
    async fn end(
        &self,
        code: String,
        nonce: &str,
        verifier: &str,
    ) -> Result<(String, Role), SignInError> {
        let (client, metadata) = self.client().await?;
        let send = |request| self.send(request);
        let response = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|failure| unreachable(&failure))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()))
            .request_async(&send)
            .await
            .map_err(|failure| {
                // The provider's own sentence is not logged: it may repeat what it was sent.
                let failure = match &failure {
                    RequestTokenError::ServerResponse(answer) => answer.error().to_string(),
                    failure => failure.to_string(),
                };
                tracing::warn!(%failure, "the identity provider did not take its code back");
                refused("the identity provider does not know this sign-in; start again")
            })?;
        let token = response.id_token().ok_or_else(|| {
            tracing::warn!("the identity provider's answer has no ID token");
            refused("the identity provider did not say who you are")
        })?;
        let signed = metadata.id_token_signing_alg_values_supported().iter().filter(|algorithm| {
            // With a shared secret or without any signature, others could write what the provider is to have said.
            !algorithm.uses_shared_secret() && **algorithm != CoreJwsSigningAlgorithm::None
        });
        let verifier = client.id_token_verifier().set_allowed_algs(signed.cloned());
        let claims = token.claims(&verifier, &Nonce::new(nonce.to_owned())).map_err(|failure| {
            tracing::warn!(%failure, "an ID token that cannot be trusted");
            refused("what the identity provider said cannot be trusted; start again")
        })?;
        let name = claims
            .preferred_username()
            .map(|name| name.as_str())
            .or_else(|| claims.email().map(|email| email.as_str()))
            .unwrap_or(claims.subject().as_str());
        let role = self.config.role_of(&claims.additional_claims().all).ok_or_else(|| {
            let claim = &self.config.oidc_role_claim;
            let message = format!(
                "you are known here as {name}, but nothing in your claim `{claim}` gives you a role"
            );
            SignInError(StatusCode::FORBIDDEN, message)
        })?;
        Ok((name.to_owned(), role))
    }
}

/// Whether there is a provider.
#[must_use]
pub fn is_configured(request: &HttpRequest) -> bool {
    request.app_data::<web::Data<SingleSignOn>>().is_some()
}

/// Where somebody was when they began.
#[derive(Deserialize)]
pub struct SignInStart {
    to: Option<String>,
}

/// Sends the browser to the provider.
pub async fn begin(
    start: web::Query<SignInStart>,
    sso: web::Data<SingleSignOn>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let way = start
        .into_inner()
        .to
        .filter(|target| target.len() <= MAX_REDIRECT_LENGTH)
        .unwrap_or_default();
    match sso.begin().await {
        Ok((url, secrets)) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, url.as_str()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .cookie(remember(
                &origins,
                format!("{secrets}.{}", URL_SAFE_NO_PAD.encode(way)),
                SIGN_IN_TIMEOUT,
            ))
            .finish(),
        Err(error) => error.respond(&origins),
    }
}

/// What the provider sends the browser back with.
#[derive(Deserialize)]
pub struct SignInReturn {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

/// Takes the browser back, signs in whom the provider vouches for, and leads to where they were.
pub async fn end(
    request: HttpRequest,
    returned: web::Query<SignInReturn>,
    sso: web::Data<SingleSignOn>,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let signed_in = async {
        let SignInReturn { code, state, error } = returned.into_inner();
        if let Some(error) = error {
            tracing::info!(%error, "the identity provider refused a sign-in");
            return Err(refused("the identity provider did not sign you in"));
        }
        let remembered = request.cookie(COOKIE).map(|cookie| cookie.value().to_owned());
        let remembered = remembered.as_deref().unwrap_or_default();
        let mut parts = remembered.split('.');
        let (Some(expected), Some(nonce), Some(verifier), Some(way), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refused(
                "this browser did not begin to sign in, or too long ago; start again",
            ));
        };
        let (Some(code), Some(_)) = (code, state.filter(|state| state == expected)) else {
            return Err(refused("this is the end of another sign-in; start again"));
        };
        let (name, role) = sso.end(code, nonce, verifier).await?;
        let secret = executor.sign_in_as(name, role).await.map_err(|error| {
            let HttpError { status, message, .. } = HttpError::from(&error);
            SignInError(status, message)
        })?;
        Ok((secret, redirect_target(way)))
    };
    match signed_in.await {
        Ok((secret, way)) => HttpResponse::SeeOther()
            .insert_header((header::LOCATION, origins.public_path(&way)))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .cookie(remember(&origins, String::new(), Duration::ZERO))
            .cookie(viewer::session_cookie(
                &origins,
                secret.reveal(),
                crate::graphql::SIGN_IN_SECONDS,
            ))
            .finish(),
        Err(error) => error.respond(&origins),
    }
}

/// Where to go after the sign-in, below the path of the server: only an address of this app, so that neither a link nor a
/// cookie can lead to another site. The web app has the same rule, in `web/src/api/redirect.ts`.
fn redirect_target(remembered: &str) -> String {
    let decoded = URL_SAFE_NO_PAD.decode(remembered).ok();
    let way = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let way = way.filter(|way| way.starts_with('/')).and_then(|way| {
        let base = Url::parse("https://here.invalid").ok()?;
        let url = base.join(&way).ok()?;
        // A path that begins with two slashes is again another host to whoever reads it.
        let path = url.path();
        let own = url.origin() == base.origin()
            && !path.starts_with("//")
            && !path.starts_with(SIGN_IN_PAGE);
        own.then(|| url[Position::BeforePath..].to_owned())
    });
    way.unwrap_or_else(|| "/".to_owned())
}

fn remember(origins: &Origins, value: String, lasts: Duration) -> Cookie<'static> {
    Cookie::build(COOKIE, value)
        .path(origins.cookie_path("/session"))
        .http_only(true)
        // It has to come along when the provider sends the browser back, which is another site.
        .same_site(SameSite::Lax)
        .secure(origins.is_https())
        .max_age(lasts.try_into().unwrap_or_default())
        .finish()
}

fn refused(message: &str) -> SignInError {
    SignInError(StatusCode::UNAUTHORIZED, message.to_owned())
}

fn unreachable(failure: &dyn std::error::Error) -> SignInError {
    let mut chain = failure.to_string();
    let mut source = failure.source();
    while let Some(cause) = source {
        chain = format!("{chain}: {cause}");
        source = cause.source();
    }
    tracing::error!(failure = %chain, "the identity provider cannot be asked");
    let message = "the identity provider cannot be reached for now; try again in a moment";
    SignInError(StatusCode::BAD_GATEWAY, message.to_owned())
}

impl SignInError {
    fn respond(self, origins: &Origins) -> HttpResponse {
        HttpResponse::build(self.0)
            .content_type("text/plain; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .cookie(remember(origins, String::new(), Duration::ZERO))
            .body(format!("You are not signed in: {}.\n", self.1))
    }
}
