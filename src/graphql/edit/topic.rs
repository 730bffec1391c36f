//! Creating, updating and archiving topics.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};

use super::input::{Ids, set, set_optional};
use super::{archive, create, payload, update};

use crate::domain::Kind;
use crate::domain::topic::TopicContent;
use crate::graphql::topic::{Topic, TopicById};

payload!(CreateTopicPayload, topic: Topic, TopicById);
payload!(UpdateTopicPayload, topic: Topic, TopicById);
payload!(ArchiveTopicPayload, topic: Topic, TopicById);

/// A topic to create.
#[derive(Debug, InputObject)]
pub struct CreateTopicInput {
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: String,
    /// Name, up to 300 characters.
    name: String,
    /// What belongs to it, up to 20000 characters.
    description: Option<String>,
    /// The wider topic that it is a part of.
    parent_id: Option<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// What to change in a topic. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateTopicInput {
    /// The topic.
    topic_id: ID,
    /// The version of the record that this update was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Short name for addresses: lower-case letters, digits and single hyphens, up to 80 characters. Unique.
    slug: Option<String>,
    /// Name, up to 300 characters.
    name: Option<String>,
    /// What belongs to it, up to 20000 characters. Null clears it.
    description: MaybeUndefined<String>,
    /// The wider topic that it is a part of. Null clears it.
    parent_id: MaybeUndefined<ID>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// A topic to put away, or to bring back.
#[derive(Debug, InputObject)]
pub struct ArchiveTopicInput {
    /// The topic.
    topic_id: ID,
    /// Whether it is to be archived; false brings it back.
    #[graphql(default = true)]
    archived: bool,
    /// The version of the record that this was decided on. If the record has moved on since, nothing is written, and the answer is CONFLICT.
    expected_version: Option<i32>,
    /// Makes sending again safe: of several mutations with the same key by the same account within seven days one is carried out, and the others answer as it did. Up to 100 characters, a new one for each change, such as a UUID.
    idempotency_key: Option<String>,
}

/// Changing topics.
#[derive(Default)]
pub struct TopicMutation;

#[Object]
impl TopicMutation {
    /// Creates a topic.
    async fn create_topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The topic.")] input: CreateTopicInput,
    ) -> Result<Option<CreateTopicPayload>> {
        let mut ids = Ids::default();
        let content = TopicContent {
            slug: input.slug,
            name: input.name,
            description: input.description,
            parent: ids.optional(Kind::Topic, "parent", input.parent_id.as_ref()),
        };
        CreateTopicPayload::of(context, create(context, ids, &content)?).await
    }

    /// Changes what is stated about a topic. What is left out stays as it is.
    async fn update_topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateTopicInput,
    ) -> Result<Option<UpdateTopicPayload>> {
        let mut ids = Ids::default();
        let parent = ids.maybe(Kind::Topic, "parent", input.parent_id);
        let edit = |content: &mut TopicContent| {
            set(&mut content.slug, input.slug);
            set(&mut content.name, input.name);
            set_optional(&mut content.description, input.description);
            set_optional(&mut content.parent, parent);
        };
        let record = ("topicId", &input.topic_id);
        let outcome = update(context, ids, record, input.expected_version, edit)?;
        UpdateTopicPayload::of(context, outcome).await
    }

    /// Puts a topic away, or brings it back. Archived records are left out of lists; what refers to them still shows them, and they are found by `node`.
    async fn archive_topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and whether.")] input: ArchiveTopicInput,
    ) -> Result<Option<ArchiveTopicPayload>> {
        let record = ("topicId", &input.topic_id);
        let outcome =
            archive::<TopicContent>(context, record, input.expected_version, input.archived)?;
        ArchiveTopicPayload::of(context, outcome).await
    }
}
