//! Access tokens.

use super::engine::call::Call;
use super::engine::connection::connection_types;
use super::engine::reader::{id, instant, string_enum, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::viewer::Role;
use crate::db::token::TokenList;
use crate::domain::{Kind, viewer};

pub const RECORDS: [Record; 1] = [Record::new(Kind::Token, "Token", "tokens", "tokens.id")];

pub fn objects() -> Vec<Object> {
    let token = Object::new("Token", "An access token. Anyone who has its secret text has its role and acts under its name. The secret is returned once, when the token is created, and is not stored.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Token, "tokens.id"))
        .field("name", "Name of the account, shown on everything written with the token. Several tokens may share a name.", text("tokens.name"))
        .field("role", "Role of the token.", string_enum::<Role, viewer::Role>("tokens.role"))
        .field("hint", "Last four characters of the secret, to tell tokens apart.", text("tokens.hint"))
        .field("createdAt", "Time of creation.", instant("tokens.created_at"))
        .field("createdBy", "Name of the account that created the token. `operator` for commands run on the server.", text("tokens.created_by"))
        .field("expiresAt", "Time of expiry. Null if the token does not expire.", instant("tokens.expires_at").nullable())
        .field("lastUsedAt", "Time of last use, to the hour. Null if the token was never used.", instant("tokens.last_used_at").nullable())
        .field("revokedAt", "Time of revocation. Null if the token is not revoked.", instant("tokens.revoked_at").nullable())
        .field("revokedBy", "Name of the account that revoked the token. Null if it is not revoked.", text("tokens.revoked_by").nullable());
    connection_types!("Token").with([token])
}

pub fn queries(query: Object) -> Object {
    query.field(
        "tokens",
        "All access tokens, newest first, including revoked and expired tokens. Requires an admin; others get an UNAUTHENTICATED or FORBIDDEN error.",
        connection("TokenConnection", "Token", None, |call: &mut Call<'_, '_>| {
            call.context.viewer.admin()?;
            Ok(TokenList)
        })
        .unlogged(),
    )
}
