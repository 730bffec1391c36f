//! Looks up the viewer by access token or sign-in.

use super::{Error, Session, sign_in, token};
use crate::domain::day;
use crate::domain::id::TokenId;
use crate::domain::viewer::{Credential, Viewer};

/// Looks up the viewer with this credential. Also returns the token whose `last_used_at` must be updated, if any.
///
/// # Errors
/// [`Error::AccessDenied`] with the reason if the credential is invalid. Database errors.
pub fn find(
    session: &mut Session,
    credential: &Credential,
) -> Result<(Viewer, Option<TokenId>), Error> {
    let at = day::now();
    match credential {
        Credential::None => Ok((Viewer::anonymous(), None)),
        Credential::Token(digest) => {
            let token = token::valid_by_digest(session.identify()?, digest, at)?;
            let used_token = token.must_record_use(at).then_some(token.id);
            Ok((Viewer::known(token.name, token.role), used_token))
        }
        Credential::SignIn(digest) => Ok((sign_in::viewer(session.identify()?, digest, at)?, None)),
    }
}
