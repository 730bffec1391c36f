//! Signing in and out: no part of the contract, but of whom the API answers.

use async_graphql::Error;

use super::Executor;
use super::error::{self, Code};
use crate::db::{self, Access, Session, sign_in};
use crate::domain::Faults;
use crate::domain::token::{Digest, Secret, TokenContent};
use crate::domain::viewer::{Role, Viewer};

/// For how many seconds who signs in stays signed in, unless that or the token is ended before.
pub const SIGN_IN_SECONDS: i64 = sign_in::LASTS.num_seconds();

impl Executor {
    /// Signs in who holds the access token with this hash. What the cookie is to hold is in the answer, and never again
    /// anywhere.
    ///
    /// # Errors
    /// As the API tells them: a token that is good for nothing, or those of the database.
    pub async fn sign_in(&self, token: Digest) -> Result<(Viewer, Secret), Error> {
        let signed_in = self.in_session(Access::Write, move |session| {
            let signed_in = sign_in::with_token(session, &token);
            signed_in.map_err(|failure| error::mask(&failure))?.map_err(error::denied)
        });
        signed_in.await
    }

    /// Signs in somebody for whom somebody else vouches. What the cookie is to hold is in the answer.
    ///
    /// # Errors
    /// As the API tells them: a name that nobody can have, or those of the database.
    pub async fn sign_in_as(&self, name: String, role: Role) -> Result<Secret, Error> {
        let mut faults = Faults::default();
        TokenContent { name: name.clone(), role, expires_in_days: None }.check(&mut faults);
        if let Some(fault) = faults.0.into_iter().next() {
            let message = format!("you cannot have that name here: {}", fault.message);
            return Err(Code::Forbidden.error(message));
        }
        let signed_in = self.in_session(Access::Write, move |session| {
            sign_in::vouched_for(session, &name, role).map_err(|failure| error::mask(&failure))
        });
        signed_in.await
    }

    /// Signs out whose cookie has this hash. One that means nothing any more is left at that.
    ///
    /// # Errors
    /// As the API tells them: those of the database.
    pub async fn sign_out(&self, cookie: Digest) -> Result<(), Error> {
        let signed_out = self.in_session(Access::Write, move |session| {
            sign_in::end(session, &cookie).map_err(|failure| error::mask(&failure))
        });
        signed_out.await
    }

    /// Does something in a session of its own, where blocking is allowed.
    pub(super) async fn in_session<T: Send + 'static>(
        &self,
        access: Access,
        work: impl FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let masked = |failure: db::Error| error::mask(&failure);
        let permit = self.db.permit(access).await.map_err(masked)?;
        let done = tokio::task::spawn_blocking(move || {
            permit.open().map_err(masked).and_then(|mut session| work(&mut session))
        });
        done.await.unwrap_or_else(|failure| {
            tracing::error!(%failure, "what was to be done in a session ended early");
            Err(Code::Internal.error("internal error"))
        })
    }
}
