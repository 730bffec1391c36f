//! Who asks.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};

use super::error;
use crate::domain::viewer::{self, Admin, Editor};

/// Who sends this request.
#[derive(Debug, Clone, SimpleObject)]
pub struct Viewer {
    /// The name of the account: it stands beside everything that the viewer writes, in `recordedBy` and in the change log. Null for a viewer of whom nothing is known.
    name: Option<String>,
    /// What the viewer may do.
    role: Role,
}

/// What somebody may do. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "viewer::Role")]
pub enum Role {
    /// Nothing is known of the viewer. May read, unless the server is private.
    Anonymous,
    /// May read.
    Reader,
    /// May read and write.
    Editor,
    /// May read, write, and say who else may: makes and revokes access tokens.
    Admin,
}

/// Asking who asks.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who sends this request, by their access token or by the cookie of their browser.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer> {
        let viewer = context.data::<viewer::Viewer>()?;
        Ok(Viewer { name: viewer.name().map(str::to_owned), role: viewer.role().into() })
    }
}

/// The ability to write, of a viewer who has it.
pub(super) fn editor(context: &Context<'_>) -> Result<Editor> {
    context.data::<viewer::Viewer>()?.editor().map_err(error::denied)
}

/// The ability to say who may read and write, of a viewer who has it.
pub(super) fn admin(context: &Context<'_>) -> Result<Admin> {
    context.data::<viewer::Viewer>()?.admin().map_err(error::denied)
}
