//! The client of an OpenID Connect provider.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use anyhow::Context;
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
use url::Url;

use super::error::SignInError;
use crate::config::SingleSignOn as Config;
use crate::domain::viewer::Role;
use crate::http::origin::Origins;

/// The path to which the provider redirects browsers back.
pub const CALLBACK_PATH: &str = "/session/sso/callback";
/// The time limit of a request to the provider.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The time for which the provider's metadata is cached. It contains the provider's keys, which change from time to time.
const METADATA_LIFETIME: Duration = Duration::from_mins(10);

/// The claims that openidconnect does not define.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Claims {}

/// The fields of a token response.
type TokenFields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// A client of the provider, which also reads claims that openidconnect does not define.
type RelyingParty = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<TokenFields, CoreTokenType>,
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

/// Signs people in with an identity provider.
pub struct SingleSignOn {
    config: Config,
    issuer: IssuerUrl,
    redirect_url: RedirectUrl,
    http: reqwest::Client,
    /// The provider's metadata, and the time at which it was read.
    metadata: Mutex<Option<(Instant, Arc<CoreProviderMetadata>)>>,
}

/// A request that a browser must send to the provider, with the secrets that verify the redirect back.
pub(super) struct AuthorizationRequest {
    /// The address of the provider's sign-in page.
    pub url: Url,
    /// The value that the provider returns unchanged. It proves that the same browser returns.
    pub csrf_token: CsrfToken,
    /// The value that the ID token must contain.
    pub nonce: Nonce,
    /// The secret of PKCE. It is sent when the code is exchanged.
    pub verifier: PkceCodeVerifier,
}

/// A person who has signed in at the provider.
pub(super) struct Identity {
    pub name: String,
    pub role: Role,
}

impl SingleSignOn {
    /// The client with these settings. None if single sign-on is not configured. The provider redirects browsers back to the
    /// public address of `origins`.
    ///
    /// # Errors
    /// A message that names the missing or invalid setting.
    pub fn new(config: &Config, origins: &Origins) -> anyhow::Result<Option<Self>> {
        let Some(issuer) = &config.oidc_issuer else { return Ok(None) };
        if config.oidc_client_id.is_none() || config.oidc_roles.is_empty() {
            anyhow::bail!("--oidc-issuer requires --oidc-client-id and --oidc-roles");
        }
        let redirect_url = origins.public_url(CALLBACK_PATH).context(
            "--oidc-issuer requires --public-url: the provider redirects browsers to it",
        )?;
        let issuer = IssuerUrl::new(issuer.clone()).context("--oidc-issuer is not an address")?;
        if !issuer.url().username().is_empty() || issuer.url().password().is_some() {
            anyhow::bail!("--oidc-issuer must not contain a user name or password");
        }
        Ok(Some(Self {
            config: config.clone(),
            // `IssuerUrl` keeps the text of the setting unchanged. Issuers are compared character by character, and `Url`
            // could add a slash.
            issuer,
            redirect_url: RedirectUrl::from_url(redirect_url),
            http: reqwest::Client::builder()
                // Redirects are not followed, because they could lead to any address, such as one in the internal network.
                .redirect(reqwest::redirect::Policy::none())
                .timeout(REQUEST_TIMEOUT)
                .build()?,
            metadata: Mutex::new(None),
        }))
    }

    /// A client with the current metadata of the provider, and the metadata.
    async fn client(&self) -> Result<(RelyingParty, Arc<CoreProviderMetadata>), SignInError> {
        let mut cache = self.metadata.lock().await;
        let current = cache.as_ref().filter(|(read_at, _)| read_at.elapsed() < METADATA_LIFETIME);
        let metadata = if let Some((_, metadata)) = current {
            metadata.clone()
        } else {
            let send = |request| self.send(request);
            let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &send).await;
            let metadata =
                Arc::new(metadata.map_err(|failure| SignInError::unreachable(&failure))?);
            *cache = Some((Instant::now(), metadata.clone()));
            metadata
        };
        let client = RelyingParty::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(self.config.oidc_client_id.clone().unwrap_or_default()),
            self.config.oidc_client_secret.clone().map(|secret| ClientSecret::new(secret.reveal())),
        );
        Ok((client.set_redirect_uri(self.redirect_url.clone()), metadata))
    }

    /// Sends the provider a request that openidconnect has built.
    async fn send(
        &self,
        request: openidconnect::HttpRequest,
    ) -> Result<ProviderResponse, reqwest::Error> {
        let response = self.http.execute(request.try_into()?).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut provider_response = ProviderResponse::new(response.bytes().await?.to_vec());
        *provider_response.status_mut() = status;
        *provider_response.headers_mut() = headers;
        Ok(provider_response)
    }

    /// Starts a sign-in.
    pub(super) async fn authorization_request(&self) -> Result<AuthorizationRequest, SignInError> {
        let (client, _) = self.client().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, csrf_token, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(["profile", "email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(challenge)
            .url();
        Ok(AuthorizationRequest { url, csrf_token, nonce, verifier })
    }

    /// Finishes a sign-in. Exchanges the code for an ID token, verifies it, and reads its claims.
    pub(super) async fn identify(
        &self,
        code: AuthorizationCode,
        nonce: &Nonce,
        verifier: PkceCodeVerifier,
    ) -> Result<Identity, SignInError> {
        let (client, metadata) = self.client().await?;
        let send = |request| self.send(request);
        let response = client
            .exchange_code(code)
            .map_err(|failure| SignInError::unreachable(&failure))?
            .set_pkce_verifier(verifier)
            .request_async(&send)
            .await
            .map_err(|failure| {
                // The error description of the provider is not logged, because it may repeat the request with its secrets.
                let failure = match &failure {
                    RequestTokenError::ServerResponse(response) => response.error().to_string(),
                    failure => failure.to_string(),
                };
                tracing::warn!(%failure, "the identity provider rejected the code");
                SignInError::unauthorized(
                    "the identity provider does not know this sign-in; start again",
                )
            })?;
        let id_token = response.id_token().ok_or_else(|| {
            tracing::warn!("the identity provider's answer has no ID token");
            SignInError::unauthorized("the identity provider did not confirm your identity")
        })?;
        let algorithms = metadata.id_token_signing_alg_values_supported();
        let algorithms = algorithms.iter().filter(|algorithm| {
            // Tokens without a signature, or with a signature from a shared secret, could be forged.
            !algorithm.uses_shared_secret() && **algorithm != CoreJwsSigningAlgorithm::None
        });
        let id_token_verifier = client.id_token_verifier().set_allowed_algs(algorithms.cloned());
        let claims = id_token.claims(&id_token_verifier, nonce).map_err(|failure| {
            tracing::warn!(%failure, "the ID token is invalid");
            SignInError::unauthorized(
                "the ID token of the identity provider cannot be trusted; start again",
            )
        })?;
        let name = claims
            .preferred_username()
            .map(|name| name.as_str())
            .or_else(|| claims.email().map(|email| email.as_str()))
            .unwrap_or(claims.subject().as_str());
        let role = self.config.role_of(&claims.additional_claims().all).ok_or_else(|| {
            let claim = &self.config.oidc_role_claim;
            let message = format!(
                "the identity provider identified you as {name}, but no value of the claim `{claim}` grants you a role"
            );
            SignInError { status: StatusCode::FORBIDDEN, message }
        })?;
        Ok(Identity { name: name.to_owned(), role })
    }
}
