//! Access tokens.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::batch::batches;
use super::node::{global_id, shared};
use super::page::{Paging, connection};
use super::scalar::DateTime;
use super::viewer::{Role, admin};
use crate::db;
use crate::db::token::TokenList;
use crate::domain::Kind;
use crate::domain::id::TokenId;

/// An access token, without its secret.
#[derive(Clone)]
pub struct Token(Arc<db::token::Token>);

impl From<Arc<db::token::Token>> for Token {
    fn from(row: Arc<db::token::Token>) -> Self {
        Self(row)
    }
}

batches! {
    /// Tokens by id.
    TokenById: TokenId => Token, |connection, keys| db::token::by_ids(connection, keys).map(shared);
}

connection!(TokenConnection, TokenEdge, Token, TokenList);

/// An access token: who holds its text may do what its role says, under its name. The text itself is shown once, when the token is made, and is not kept.
#[Object]
impl Token {
    /// Identifies the token.
    pub async fn id(&self) -> ID {
        global_id(Kind::Token, self.0.id)
    }

    /// The name of the account, which stands beside everything that is written with the token. Several tokens may have one name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What may be done with it.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// The last four characters of its text, to tell tokens apart.
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The name of who made it; `operator` where it was done by a command.
    async fn created_by(&self) -> &str {
        &self.0.created_by
    }

    /// Until when it is good; null where it has no end.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When it was last used, to the hour; null where it never was.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }

    /// The name of who revoked it.
    async fn revoked_by(&self) -> Option<&str> {
        self.0.revoked_by.as_deref()
    }
}

/// Reading access tokens.
#[derive(Default)]
pub struct TokenQuery;

#[Object]
impl TokenQuery {
    /// Every access token, the newest first, revoked and expired ones too. For admins; others get the error UNAUTHENTICATED or FORBIDDEN.
    async fn tokens(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "How many records from the start of the list, from 0 to 200; 50 where neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only records after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many records from the end of the list, from 0 to 200. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Only records before this cursor.")] before: Option<String>,
    ) -> Result<Option<TokenConnection>> {
        admin(context)?;
        let paging = Paging { first, after, last, before };
        TokenConnection::load(context, TokenList, None, paging).await.map(Some)
    }
}
