//! Topics.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};

use super::batch::{batches, reader};
use super::node::{expect_optional, global_id, shared};
use super::scalar::DateTime;
use crate::db;
use crate::domain::Kind;
use crate::domain::id::TopicId;

/// What a clause or caveat is about.
#[derive(Clone)]
pub struct Topic(Arc<db::topic::Topic>);

impl From<Arc<db::topic::Topic>> for Topic {
    fn from(row: Arc<db::topic::Topic>) -> Self {
        Self(row)
    }
}

batches! {
    /// Topics by id.
    TopicById: TopicId => Topic, |connection, keys| db::topic::by_ids(connection, keys).map(shared);
}

/// What a clause or caveat is about.
#[Object]
impl Topic {
    /// Identifies the topic.
    pub async fn id(&self) -> ID {
        global_id(Kind::Topic, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Short name for addresses and filters, such as `security`. Unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What belongs to it.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The wider topic that it is a part of.
    async fn parent(&self, context: &Context<'_>) -> Result<Option<Topic>> {
        expect_optional(context, TopicById, self.0.parent_id).await
    }

    /// When it was put away; null while it is in use. Archived records are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}

impl Topic {
    /// Its name, for sorting.
    pub fn name_text(&self) -> &str {
        &self.0.name
    }
}

/// Reading topics.
#[derive(Default)]
pub struct TopicQuery;

#[Object]
impl TopicQuery {
    /// Every topic, by name.
    async fn topics(&self, context: &Context<'_>) -> Result<Option<Vec<Topic>>> {
        let topics = reader(context)?.read(db::topic::all)?;
        Ok(Some(topics.into_iter().map(|row| Topic(Arc::new(row))).collect()))
    }
}
