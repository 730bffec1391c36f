//! Signing browsers in and out. This is not part of the GraphQL contract.

use super::error::{Code, Error};
use super::executor::Executor;
use crate::db::{Access, sign_in};
use crate::domain::ValidationErrors;
use crate::domain::token::{Digest, Secret, TokenContent};
use crate::domain::viewer::{Role, Viewer};

/// The lifetime of a sign-in, in seconds. A sign-in ends earlier if the browser signs out, or if its token is revoked or
/// expires.
pub const SIGN_IN_SECONDS: i64 = sign_in::LIFETIME.num_seconds();

impl Executor {
    /// Signs in the holder of the access token with this hash. Returns the secret for the cookie. Only the digest of
    /// the secret is stored.
    ///
    /// # Errors
    /// Fails if the token is unknown, expired or revoked, or the database fails.
    pub async fn sign_in(&self, token: Digest) -> Result<(Viewer, Secret), Error> {
        let sign_in = move |session: &mut _| Ok(sign_in::with_token(session, &token)?);
        self.in_session(Access::Write, sign_in).await
    }

    /// Signs in an account that an identity provider has authenticated. Returns the secret for the cookie. Only the
    /// digest of the secret is stored.
    ///
    /// # Errors
    /// Fails if the name is not a valid name of an account, or the database fails.
    pub async fn sign_in_as(&self, name: String, role: Role) -> Result<Secret, Error> {
        let mut errors = ValidationErrors::default();
        TokenContent { name: name.clone(), role, expires_in_days: None }.check(&mut errors);
        if let Some(error) = errors.0.into_iter().next() {
            let message = format!("this name is not valid for an account: {}", error.message);
            return Err(Code::Forbidden.error(message));
        }
        let sign_in = move |session: &mut _| Ok(sign_in::with_provider(session, &name, role)?);
        self.in_session(Access::Write, sign_in).await
    }

    /// Signs out the browser whose cookie has this hash. Does nothing if the sign-in has already ended.
    ///
    /// # Errors
    /// Database errors.
    pub async fn sign_out(&self, cookie: Digest) -> Result<(), Error> {
        let sign_out = move |session: &mut _| Ok(sign_in::end(session, &cookie)?);
        self.in_session(Access::Write, sign_out).await
    }
}
