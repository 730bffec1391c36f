//! Creating and revoking access tokens. The change log does not contain them.

use async_graphql::InputObject;

use super::input::{Ids, RecordId};
use super::{Payload, mutation, payload_with};
use crate::db;
use crate::domain::Kind;
use crate::domain::id::of;
use crate::domain::token::TokenContent;
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::reader::value;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;
use crate::graphql::viewer::Role;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field("createToken", "Creates an access token. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error.", mutation("CreateTokenPayload", "Content of the new access token.", create))
        .field("revokeToken", "Revokes an access token with immediate effect. Signs out browsers that signed in with it. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error.", mutation("RevokeTokenPayload", "Token to revoke.", revoke))
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let payload = |name| {
        payload_with(name, "token", "Token", "The token. Null if `userErrors` is not empty.")
    };
    vec![
        payload("CreateTokenPayload").field(
            "secret",
            "Secret text of the token, returned only once. Anyone who has it has the role of the token. Send it as `Authorization: Bearer …`. Null if `userErrors` is not empty.",
            value(|payload: &Payload| payload.secret.clone()),
        ),
        payload("RevokeTokenPayload"),
    ]
}

/// Content of a new access token.
#[derive(InputObject)]
pub struct CreateTokenInput {
    /// Name of the account, shown publicly on everything written with the token. One line, without surrounding spaces. At most 100 characters. `operator` is reserved for commands run on the server.
    name: String,
    /// Role of the token: READER, EDITOR or ADMIN.
    role: Role,
    /// Validity in days. 1 to 3650. Default: no expiry.
    expires_in_days: Option<i32>,
}

/// An access token to revoke.
#[derive(InputObject)]
pub struct RevokeTokenInput {
    /// Id of the token.
    token_id: RecordId<of::Token>,
}

fn create(call: &mut Call<'_, '_>, input: CreateTokenInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let content = TokenContent {
        name: input.name,
        role: input.role.into(),
        expires_in_days: input.expires_in_days,
    };
    let outcome = db::token::create(call.context.session, &admin, &content);
    Ok(Payload::of(UserError::split(outcome, &[])?, |(id, secret)| Payload {
        secret: Some(secret.reveal().to_owned()),
        ..Payload::changed(Reference::new(Kind::Token, id))
    }))
}

fn revoke(call: &mut Call<'_, '_>, input: RevokeTokenInput) -> Result<Payload, Error> {
    let admin = call.context.viewer.admin()?;
    let mut ids = Ids::default();
    let id = ids.one("id", &input.token_id);
    let outcome =
        ids.into_result().and_then(|()| db::token::revoke(call.context.session, &admin, id));
    Ok(Payload::of(UserError::split(outcome, &[("id", "tokenId")])?, |()| {
        Payload::changed(Reference::new(Kind::Token, id))
    }))
}
