//! Sign-ins: browsers with a session cookie.

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::schema::{sign_ins, tokens};
use super::token::{self, Token};
use super::{DbConnection, Error, Session};
use crate::domain::day;
use crate::domain::id::TokenId;
use crate::domain::token::{Digest, Secret};
use crate::domain::viewer::{Role, Viewer};

/// The lifetime of a sign-in. A sign-in ends earlier if the browser signs out, or if the access token with which it
/// signed in is revoked.
pub const LIFETIME: Duration = Duration::days(30);

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins)]
struct SignIn {
    digest: String,
    token_id: Option<TokenId>,
    name: String,
    role: Role,
    created_at: NaiveDateTime,
    expires_at: NaiveDateTime,
}

/// Signs in with an access token. Returns the content of the cookie, of which only the digest is stored.
///
/// # Errors
/// [`Error::AccessDenied`] with the reason if the token is invalid. Database errors.
pub fn with_token(session: &mut Session, digest: &Digest) -> Result<(Viewer, Secret), Error> {
    let at = day::now();
    let token = token::valid_by_digest(session.read()?, digest, at)?;
    let secret = session.write_unlogged(|connection| {
        token::set_last_used(connection, token.id, at)?;
        insert(connection, Some(token.id), &token.name, token.role, at)
    })?;
    Ok((Viewer::known(token.name, token.role), secret))
}

/// Signs in a person whom an identity provider has authenticated. Returns the content of the cookie, of which only the
/// digest is stored.
///
/// # Errors
/// Database errors.
pub fn with_provider(session: &mut Session, name: &str, role: Role) -> Result<Secret, Error> {
    session.write_unlogged(|connection| insert(connection, None, name, role, day::now()))
}

fn insert(
    connection: &mut DbConnection,
    token_id: Option<TokenId>,
    name: &str,
    role: Role,
    at: NaiveDateTime,
) -> Result<Secret, Error> {
    // Deletes expired sign-ins.
    diesel::delete(sign_ins::table.filter(sign_ins::expires_at.le(at))).execute(connection)?;
    let secret = Secret::new().map_err(|failure| Error::Internal(failure.to_string()))?;
    let row = SignIn {
        digest: secret.digest().as_str().to_owned(),
        token_id,
        name: name.to_owned(),
        role,
        created_at: at,
        expires_at: at + LIFETIME,
    };
    diesel::insert_into(sign_ins::table).values(&row).execute(connection)?;
    Ok(secret)
}

/// The viewer of the sign-in with this hash. `None` if the sign-in has expired: browsers send cookies automatically, so an
/// expired cookie must not prevent reading public pages.
pub(super) fn viewer(
    connection: &mut DbConnection,
    digest: &Digest,
    at: NaiveDateTime,
) -> Result<Viewer, Error> {
    let sign_in_and_token: Option<(SignIn, Option<Token>)> = sign_ins::table
        .left_join(tokens::table.on(sign_ins::token_id.eq(tokens::id.nullable())))
        .filter(sign_ins::digest.eq(digest.as_str()))
        .select((SignIn::as_select(), Option::<Token>::as_select()))
        .first(connection)
        .optional()?;
    let is_valid = |(sign_in, token): &(SignIn, Option<Token>)| {
        sign_in.expires_at > at && token.as_ref().is_none_or(|token| token.check_valid(at).is_ok())
    };
    Ok(sign_in_and_token
        .filter(is_valid)
        .map_or_else(Viewer::anonymous, |(sign_in, _)| Viewer::known(sign_in.name, sign_in.role)))
}

/// Signs out. Unknown cookies are ignored.
///
/// # Errors
/// Database errors.
pub fn end(session: &mut Session, digest: &Digest) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        diesel::delete(sign_ins::table.find(digest.as_str())).execute(connection)?;
        Ok(())
    })
}
