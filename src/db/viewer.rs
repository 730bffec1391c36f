//! Looks up the viewer by access token or sign-in.

use super::{Error, Session, sign_in, token};
use crate::domain::day;
use crate::domain::id::TokenId;
use crate::domain::viewer::{AccessError, Credential, Viewer};

/// The viewer and the token whose `last_used_at` must be updated, if any; or why the credential is invalid.
pub type Authentication = Result<(Viewer, Option<TokenId>), AccessError>;

/// Looks up the viewer with this credential.
///
/// # Errors
/// Database errors.
pub fn find(session: &mut Session, credential: &Credential) -> Result<Authentication, Error> {
    let at = day::now();
    match credential {
        Credential::None => Ok(Ok((Viewer::anonymous(), None))),
        Credential::Token(digest) => {
            Ok(token::by_digest(session.identify()?, digest)?.and_then(|token| {
                token.check_valid(at)?;
                let token_to_touch = token.is_touch_due(at).then_some(token.id);
                Ok((Viewer::known(token.name, token.role), token_to_touch))
            }))
        }
        Credential::SignIn(digest) => {
            Ok(Ok((sign_in::viewer(session.identify()?, digest, at)?, None)))
        }
    }
}
