//! Preconditions.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::batch::batches;
use super::node::{expect_optional, global_id, shared, shared_lists};
use super::party::{Party, PartyById};
use super::scalar::DateTime;
use super::source::{Source, SourceById};
use super::trackable::Trackable;
use crate::db;
use crate::domain::id::{PreconditionId, TrackableId};
use crate::domain::{Kind, precondition};

/// What must be done before what.
#[derive(Clone)]
pub struct Precondition(Arc<db::precondition::Precondition>);

impl From<Arc<db::precondition::Precondition>> for Precondition {
    fn from(row: Arc<db::precondition::Precondition>) -> Self {
        Self(row)
    }
}

batches! {
    /// Preconditions by id.
    PreconditionById: PreconditionId => Precondition,
        |connection, keys| db::precondition::by_ids(connection, keys).map(shared);
    /// What clauses, caveats and proposals wait for.
    PreconditionsOf: TrackableId => Vec<Precondition>,
        |connection, keys| db::precondition::of_steps(connection, keys).map(shared_lists);
    /// What waits for clauses, caveats and proposals.
    PreconditionsRequiring: TrackableId => Vec<Precondition>,
        |connection, keys| db::precondition::of_required(connection, keys).map(shared_lists);
}

/// What a step cannot do before another is done.
#[expect(clippy::enum_variant_names, reason = "the names are the contract's")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "precondition::PreconditionKind")]
pub enum PreconditionKind {
    /// It cannot begin before.
    BeforeStart,
    /// It may begin, but cannot be finished before.
    BeforeFinish,
    /// It may be finished, but cannot take effect before.
    BeforeEffect,
}

/// `step` cannot begin, finish or take effect before `requires` is done: by the text itself, or in one party's reading.
#[Object]
impl Precondition {
    /// Identifies the precondition.
    pub async fn id(&self) -> ID {
        global_id(Kind::Precondition, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the step cannot do before.
    async fn kind(&self) -> PreconditionKind {
        self.0.kind.into()
    }

    /// What waits.
    async fn step(&self, context: &Context<'_>) -> Result<Trackable> {
        Trackable::by_id(context, self.0.step_id).await
    }

    /// What must be done before.
    async fn requires(&self, context: &Context<'_>) -> Result<Trackable> {
        Trackable::by_id(context, self.0.requires_id).await
    }

    /// In whose reading; null where the text itself says so.
    async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.0.held_by_id).await
    }

    /// What to know about it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What this record rests on.
    async fn source(&self, context: &Context<'_>) -> Result<Option<Source>> {
        expect_optional(context, SourceById, self.0.source_id).await
    }

    /// When it was put away; null while it is in use. Archived records are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}
