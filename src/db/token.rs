//! Access tokens.

use std::collections::HashMap;

use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;

use super::page::{Direction, List, Listing};
use super::schema::{sign_ins, tokens};
use super::sort::SortKey;
use super::transaction::lock_log;
use super::{DbConnection, Error, Session, query};
use crate::domain::id::TokenId;
use crate::domain::token::{Digest, Secret, TokenContent};
use crate::domain::viewer::{AccessError, Admin, Role};
use crate::domain::{Kind, ValidationError, ValidationErrorCode, ValidationErrors, day};

/// The minimum time between two updates of `last_used_at`. A write for each use would be too expensive.
const USE_UPDATE_INTERVAL: Duration = Duration::hours(1);

/// An access token, without the secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens)]
pub struct Token {
    /// Primary key.
    pub id: TokenId,
    /// The name of the account.
    pub name: String,
    /// The role, which determines the account's rights.
    pub role: Role,
    /// The hash of the token.
    pub digest: String,
    /// The last characters of the token.
    pub hint: String,
    /// The time of creation, in UTC.
    pub created_at: NaiveDateTime,
    /// The name of the account that created the token.
    pub created_by: String,
    /// The time of expiry. `None` if the token does not expire.
    pub expires_at: Option<NaiveDateTime>,
    /// The time of the last recorded use. Uses within an hour after that time are not recorded. `None` if the token was
    /// never used.
    pub last_used_at: Option<NaiveDateTime>,
    /// The time of revocation. `None` if the token was not revoked.
    pub revoked_at: Option<NaiveDateTime>,
    /// The name of the account that revoked the token.
    pub revoked_by: Option<String>,
}

impl Token {
    /// Checks that the token is neither expired nor revoked at this time.
    ///
    /// # Errors
    /// The token was revoked or has expired.
    pub(super) fn check_valid(&self, at: NaiveDateTime) -> Result<(), AccessError> {
        let reject = |reason| {
            let Self { name, hint, .. } = self;
            Err(AccessError::Unauthenticated(format!(
                "the access token “{name}” that ends in {hint} {reason}; ask an admin for another"
            )))
        };
        if self.revoked_at.is_some() {
            return reject("was revoked");
        }
        if self.expires_at.is_some_and(|end| end <= at) {
            return reject("has expired");
        }
        Ok(())
    }

    /// Whether `last_used_at` must be updated: the last update was at least an hour ago.
    #[must_use]
    pub fn must_record_use(&self, at: NaiveDateTime) -> bool {
        self.last_used_at.is_none_or(|last| at - last >= USE_UPDATE_INTERVAL)
    }
}

/// All tokens, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenList;

impl List for TokenList {
    const KIND: Kind = Kind::Token;
    const ID: &'static str = "tokens.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::id("tokens.id")] }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        Listing { direction: Direction::Descending, ..Listing::of("tokens", self.sort_keys()) }
    }
}

/// The tokens with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Token>, Error> {
    query::by_key(connection, "tokens WHERE", "tokens.id", ids)
}

/// All tokens, newest first.
///
/// # Errors
/// Database errors.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Token>, Error> {
    Ok(tokens::table.order(tokens::id.desc()).select(Token::as_select()).load(connection)?)
}

/// Creates a token. Returns its secret, of which only the digest is stored.
///
/// # Errors
/// The content is invalid; database errors.
pub fn create(
    session: &mut Session,
    admin: &Admin,
    content: &TokenContent,
) -> Result<(TokenId, Secret), Error> {
    session.write_unlogged(|connection| insert(connection, admin, content))
}

/// Creates the first token, for an admin. Returns `None` if any token was created before. If several servers start at
/// once, one of them creates the token.
///
/// # Errors
/// Database errors.
pub fn create_first(
    session: &mut Session,
    content: &TokenContent,
) -> Result<Option<Secret>, Error> {
    let any = |connection: &mut DbConnection| -> Result<bool, Error> {
        Ok(tokens::table.count().get_result::<i64>(connection)? > 0)
    };
    if any(session.read()?)? {
        return Ok(None);
    }
    session.write_unlogged(|connection| {
        lock_log(connection)?;
        if any(connection)? {
            return Ok(None);
        }
        insert(connection, &Admin::operator(), content).map(|(_, secret)| Some(secret))
    })
}

fn insert(
    connection: &mut DbConnection,
    admin: &Admin,
    content: &TokenContent,
) -> Result<(TokenId, Secret), Error> {
    let mut errors = ValidationErrors::default();
    content.check(&mut errors);
    errors.into_result()?;
    let secret = Secret::new().map_err(|failure| Error::Internal(failure.to_string()))?;
    let now = day::now();
    let token = Token {
        id: TokenId::new(),
        name: content.name.clone(),
        role: content.role,
        digest: secret.digest().as_str().to_owned(),
        hint: secret.hint().to_owned(),
        created_at: now,
        created_by: admin.name().to_owned(),
        expires_at: content.expires_in_days.map(|days| now + Duration::days(days.into())),
        last_used_at: None,
        revoked_at: None,
        revoked_by: None,
    };
    diesel::insert_into(tokens::table).values(&token).execute(connection)?;
    Ok((token.id, secret))
}

/// Revokes a token, and deletes its sign-ins. If the token was already revoked, keeps the time and account of that
/// revocation.
///
/// # Errors
/// No token has this id; database errors.
pub fn revoke(session: &mut Session, admin: &Admin, id: TokenId) -> Result<(), Error> {
    session.write_unlogged(|connection| {
        let token: Option<Token> =
            tokens::table.find(id).select(Token::as_select()).first(connection).optional()?;
        let token = token.ok_or_else(|| {
            ValidationError::new(
                ValidationErrorCode::NotFound,
                "id",
                format!("there is no token with the id {id}"),
            )
        })?;
        diesel::delete(sign_ins::table.filter(sign_ins::token_id.eq(id))).execute(connection)?;
        if token.revoked_at.is_none() {
            diesel::update(tokens::table.find(id))
                .set((
                    tokens::revoked_at.eq(Some(day::now())),
                    tokens::revoked_by.eq(Some(admin.name())),
                ))
                .execute(connection)?;
        }
        Ok(())
    })
}

/// The token with this hash, if it is neither revoked nor expired.
///
/// # Errors
/// [`Error::AccessDenied`] with the reason if the token is invalid. Database errors.
pub(super) fn valid_by_digest(
    connection: &mut DbConnection,
    digest: &Digest,
    at: NaiveDateTime,
) -> Result<Token, Error> {
    let token: Option<Token> = tokens::table
        .filter(tokens::digest.eq(digest.as_str()))
        .select(Token::as_select())
        .first(connection)
        .optional()?;
    let token = token.ok_or_else(|| {
        AccessError::Unauthenticated("the access token is unknown to this server".to_owned())
    })?;
    token.check_valid(at)?;
    Ok(token)
}

/// Updates `last_used_at`.
///
/// # Errors
/// Database errors.
pub fn record_use(session: &mut Session, id: TokenId) -> Result<(), Error> {
    session.write_unlogged(|connection| set_last_used(connection, id, day::now()))
}

pub(super) fn set_last_used(
    connection: &mut DbConnection,
    id: TokenId,
    at: NaiveDateTime,
) -> Result<(), Error> {
    diesel::update(tokens::table.find(id))
        .set(tokens::last_used_at.eq(Some(at)))
        .execute(connection)?;
    Ok(())
}
