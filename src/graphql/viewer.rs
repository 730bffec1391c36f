//! The account that sends a request.

use async_graphql::Enum;

use super::engine::call::Call;
use super::engine::leaf::Enumerated;
use super::engine::link::each;
use super::engine::reader::{call, leaf, value};
use super::engine::schema::Object;
use crate::domain::submission::ReviewMode;
use crate::domain::viewer::{self, Viewer};

pub fn objects() -> Vec<Object> {
    vec![
        Object::new("Viewer", "Account that sent this request.")
            .field("name", "Name of the account, shown on everything it writes: in `recordedBy` and in the change log. Null for an anonymous viewer.", value(|viewer: &Viewer| viewer.name().map(str::to_owned)))
            .field("role", "Role of the account.", value(|viewer: &Viewer| Enumerated(Role::from(viewer.role()))))
            .field("reviewRequired", "Whether the server publishes new statuses only after a review. True if it runs with `--review`. Then `updateClauseStatus`, `updateCaveatStatus`, `updateProposalStatus` and `recordAssessments` are rejected with the error REVIEW_REQUIRED, for editors and admins alike. Call `submitClauseStatus`, `submitCaveatStatus`, `submitProposalStatus` or `submitAssessments` instead.", leaf(|call: &mut Call<'_, '_>| {
                Ok(vec![call.context.review == ReviewMode::Required; call.parents.len()])
            })),
    ]
}

pub fn queries(query: Object) -> Object {
    query.field(
        "viewer",
        "Account that sent this request, identified by its access token or its session cookie.",
        call("Viewer!", |call: &mut Call<'_, '_>| {
            Ok(each("Viewer", vec![call.context.viewer.clone()]))
        })
        .unlogged(),
    )
}

/// Role of an account. ADMIN includes EDITOR, EDITOR includes READER, and READER includes ANONYMOUS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "viewer::Role")]
pub enum Role {
    /// No account. Can read, unless the server runs with `--private`.
    Anonymous,
    /// Can read.
    Reader,
    /// Can read and write.
    Editor,
    /// Can read and write, and can manage access tokens and webhooks.
    Admin,
}
