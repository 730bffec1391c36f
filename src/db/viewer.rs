//! Looks up the viewer by access token or sign-in.

use super::{Error, Session, sign_in, token};
use crate::domain::day;
use crate::domain::id::TokenId;
use crate::domain::viewer::{AccessError, Credential, Viewer};

/// The viewer with this credential, and the token whose `last_used_at` must be updated.
///
/// # Errors
/// Database errors.
pub fn find(
    session: &mut Session,
    credential: &Credential,
) -> Result<Result<(Viewer, Option<TokenId>), AccessError>, Error> {
    let at = day::now();
    match credential {
        Credential::None => Ok(Ok((Viewer::anonymous(), None))),
        Credential::Token(digest) => {
            Ok(token::by_digest(session.identify()?, digest)?.and_then(|token| {
                token.expect_valid(at)?;
                let noted = token.is_touch_due(at).then_some(token.id);
                Ok((Viewer::known(token.name, token.role), noted))
            }))
        }
        Credential::SignIn(digest) => {
            Ok(Ok((sign_in::viewer(session.identify()?, digest, at)?, None)))
        }
    }
}
