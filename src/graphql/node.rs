//! Records by their global ids (the GraphQL Global Object Identification Specification).

use async_graphql::ID;

use super::engine::call::{Call, Context, Reference, References, Resolved};
use super::engine::reader::call;
use super::engine::schema::{Abstract, Object};
use super::error::{Code, Error};
use crate::domain::{GlobalId, Id, Kind, text};

/// The maximum number of ids in `nodes`.
const MAX_IDS: usize = 200;

/// The interface of all records that have a global id.
pub fn interface() -> Abstract {
    Abstract {
        name: "Node",
        description: "A record with a global id, which the `node` query can fetch.",
        members: &[],
        fields: &[("id", "Opaque global id. Permanent, and unique across all types.")],
    }
}

pub fn queries(query: Object) -> Object {
    query
        .field(
            "node",
            "Record with this id, including archived records. Null if there is none, if it is an access token or a webhook and the viewer is not an admin, or if it is a submission and the viewer is not an editor.",
            call("Node", |call: &mut Call<'_, '_>| {
                let id: ID = call.arguments.get("id")?;
                let reference = find(call.context, &id)?;
                Ok(Resolved::References(vec![References::One(reference)]))
            })
            .argument::<ID>("id", "Global id of the record."),
        )
        .field(
            "nodes",
            "Records with these ids, in the same order, including archived records. Each is null if `node` returns null for its id.",
            call("[Node]", |call: &mut Call<'_, '_>| {
                let ids: Vec<ID> = call.arguments.get("ids")?;
                if ids.len() > MAX_IDS {
                    let message = format!(
                        "`ids` has {} items; at most {MAX_IDS} can be requested at once",
                        ids.len()
                    );
                    return Err(Code::BadUserInput.error(message));
                }
                let references = ids.iter().map(|id| find(call.context, id));
                Ok(Resolved::References(vec![References::List(references.collect())]))
            })
            .argument::<Vec<ID>>("ids", "Global ids of the records. At most 200."),
        )
}

/// The record with this global id. None if the viewer may not see it.
fn find(context: &Context<'_>, id: &ID) -> Result<Option<Reference>, Error> {
    let Some(GlobalId { kind, uuid }) = GlobalId::decode(id) else {
        let message =
            format!("{} is not an id of this API: use the `id` of a record", text::quote(id));
        return Err(Code::BadUserInput.error(message));
    };
    let (is_unlogged, is_hidden) = match kind {
        // Only admins may know which tokens and webhooks exist, so others get null and no error.
        Kind::Token | Kind::Webhook => (true, context.viewer.admin().is_err()),
        // Only editors may know which submissions exist.
        Kind::Submission => (true, context.viewer.editor().is_err()),
        // Releases are public, but not in the change log.
        Kind::Release => (true, false),
        _ => (false, false),
    };
    if is_unlogged {
        context.is_unlogged.set(true);
    }
    Ok((!is_hidden).then(|| Reference::new(kind, Id::<()>::from_uuid(uuid))))
}
