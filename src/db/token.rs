//! Access tokens: who may read and write.

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

/// How exact `last_used_at` is: a write for each use would cost more than it tells.
const TOUCH_INTERVAL: Duration = Duration::hours(1);

/// An access token, without the secret.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// The name of the account.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The hash of its text.
    pub digest: String,
    /// The last characters of its text.
    pub hint: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// By whom.
    pub created_by: String,
    /// Until when it is good; for ever where it is left out.
    pub expires_at: Option<NaiveDateTime>,
    /// When it was last used, to the hour.
    pub last_used_at: Option<NaiveDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<NaiveDateTime>,
    /// By whom.
    pub revoked_by: Option<String>,
}

impl Token {
    /// Whether it is good at that instant.
    ///
    /// # Errors
    /// The sentence that says why not.
    pub(super) fn expect_valid(&self, at: NaiveDateTime) -> Result<(), AccessError> {
        let ended = if self.revoked_at.is_some() {
            "was revoked"
        } else if self.expires_at.is_some_and(|end| end <= at) {
            "has expired"
        } else {
            return Ok(());
        };
        Err(AccessError::Unauthenticated(format!(
            "the access token “{}” that ends in {} {ended}; ask an admin for another",
            self.name, self.hint
        )))
    }

    /// Whether its use ought to be noted.
    #[must_use]
    pub fn is_touch_due(&self, at: NaiveDateTime) -> bool {
        self.last_used_at.is_none_or(|last| at - last >= TOUCH_INTERVAL)
    }
}

/// All tokens, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokenList;

impl List for TokenList {
    const KIND: Kind = Kind::Token;
    const ID: &'static str = "tokens.id";

    fn order_tag(&self) -> u8 {
        0
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::id("tokens.id")] }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        Listing {
            table: "tokens",
            from: "tokens",
            keys_from: None,
            parent: None,
            conditions: Vec::new(),
            order: self.sort_keys(),
            direction: Direction::Descending,
        }
    }
}

/// The tokens with these ids, by id.
///
/// # Errors
/// Those of the database.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Token>, Error> {
    query::by_key(connection, "tokens WHERE", "tokens.id", ids)
}

/// Every token, the newest first.
///
/// # Errors
/// Those of the database.
pub fn all(connection: &mut DbConnection) -> Result<Vec<Token>, Error> {
    Ok(tokens::table.order(tokens::id.desc()).select(Token::as_select()).load(connection)?)
}

/// Makes a token. Its secret is in the answer, and never again anywhere.
///
/// # Errors
/// The faults of the content, or those of the database.
pub fn create(
    session: &mut Session,
    admin: &Admin,
    content: &TokenContent,
) -> Result<(TokenId, Secret), Error> {
    session.write_unlogged(|connection| insert(connection, admin, content))
}

/// Makes the first token, of an admin; nothing where there ever was one. Of several servers that start at once, one
/// makes it.
///
/// # Errors
/// Those of the database.
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

/// Revokes a token, and ends the sign-ins that were done with it. One that is revoked already stays as it is.
///
/// # Errors
/// A token that is not there, or those of the database.
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

/// The token with that hash.
pub(super) fn by_digest(
    connection: &mut DbConnection,
    digest: &Digest,
) -> Result<Result<Token, AccessError>, Error> {
    let token = tokens::table
        .filter(tokens::digest.eq(digest.as_str()))
        .select(Token::as_select())
        .first(connection)
        .optional()?;
    Ok(token.ok_or_else(|| {
        AccessError::Unauthenticated("the access token is not one of this server".to_owned())
    }))
}

/// Notes that a token was used.
///
/// # Errors
/// Those of the database.
pub fn touch(session: &mut Session, id: TokenId) -> Result<(), Error> {
    session.write_unlogged(|connection| note(connection, id, day::now()))
}

pub(super) fn note(
    connection: &mut DbConnection,
    id: TokenId,
    at: NaiveDateTime,
) -> Result<(), Error> {
    diesel::update(tokens::table.find(id))
        .set(tokens::last_used_at.eq(Some(at)))
        .execute(connection)?;
    Ok(())
}
