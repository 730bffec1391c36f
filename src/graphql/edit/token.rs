//! Making and revoking access tokens.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::input::Ids;
use super::reader_of;
use crate::db;
use crate::domain::Kind;
use crate::domain::token::TokenContent;
use crate::graphql::Query;
use crate::graphql::node::expect;
use crate::graphql::token::{Token, TokenById};
use crate::graphql::user_error::UserError;
use crate::graphql::viewer::{Role, admin};

/// A token to make.
#[derive(Debug, InputObject)]
pub struct CreateTokenInput {
    /// The name of the account, one line of up to 100 characters. It stands beside everything that is written with the token, for everyone to see. Not `operator`, which is who runs the commands.
    name: String,
    /// What may be done with it: READER, EDITOR or ADMIN.
    role: Role,
    /// For how many days it is good, from 1 to 3650; for ever where this is left out.
    expires_in_days: Option<i32>,
}

/// A token to revoke.
#[derive(Debug, InputObject)]
pub struct RevokeTokenInput {
    /// The token.
    token_id: ID,
}

/// What became of the mutation.
#[derive(SimpleObject)]
pub struct CreateTokenPayload {
    /// The token; null where `userErrors` is not empty.
    token: Option<Token>,
    /// The text of the token, shown this once: whoever has it can do what the token's role says. Send it as `Authorization: Bearer …`.
    secret: Option<String>,
    /// What is to be mended in the input; empty when the token was made.
    user_errors: Vec<UserError>,
    /// Everything that can be read, as it is after the change.
    query: Query,
}

/// What became of the mutation.
#[derive(SimpleObject)]
pub struct RevokeTokenPayload {
    /// The token; null where `userErrors` is not empty.
    token: Option<Token>,
    /// What is to be mended in the input; empty when the token is revoked.
    user_errors: Vec<UserError>,
    /// Everything that can be read, as it is after the change.
    query: Query,
}

/// Making and revoking access tokens.
#[derive(Default)]
pub struct TokenMutation;

#[Object]
impl TokenMutation {
    /// Makes an access token. For admins; others get the error UNAUTHENTICATED or FORBIDDEN.
    async fn create_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token.")] input: CreateTokenInput,
    ) -> Result<Option<CreateTokenPayload>> {
        let admin = admin(context)?;
        let content = TokenContent {
            name: input.name,
            role: input.role.into(),
            expires_in_days: input.expires_in_days,
        };
        let outcome = reader_of(context).and_then(|reader| {
            reader.aside(|session| db::token::create(session, &admin, &content))
        });
        let (token, secret, user_errors) = match UserError::split(outcome, &[])? {
            Ok((id, secret)) => {
                let token = expect(context, TokenById, id).await?;
                (Some(token), Some(secret.reveal().to_owned()), Vec::new())
            }
            Err(errors) => (None, None, errors),
        };
        Ok(Some(CreateTokenPayload { token, secret, user_errors, query: Query::default() }))
    }

    /// Revokes an access token: it is good for nothing from now on, and browsers that signed in with it are signed out. For admins; others get the error UNAUTHENTICATED or FORBIDDEN.
    async fn revoke_token(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which.")] input: RevokeTokenInput,
    ) -> Result<Option<RevokeTokenPayload>> {
        let admin = admin(context)?;
        let mut ids = Ids::default();
        let id = ids.one(Kind::Token, "id", &input.token_id);
        let outcome = ids.into_result().and_then(|()| {
            reader_of(context)?.aside(|session| db::token::revoke(session, &admin, id))
        });
        let (token, user_errors) = match UserError::split(outcome, &[("id", "tokenId")])? {
            Ok(()) => (Some(expect(context, TokenById, id).await?), Vec::new()),
            Err(errors) => (None, errors),
        };
        Ok(Some(RevokeTokenPayload { token, user_errors, query: Query::default() }))
    }
}
