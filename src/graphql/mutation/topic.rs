//! Creating, updating and archiving topics.

use super::external_id::ExternalIdInput;
use super::input::{RecordId, Text, inputs};
use super::presence::{List, Optional, Required};
use crate::domain::id::of;
use crate::domain::topic::TopicContent;

inputs! {
    "a" "topic" "Topic", TopicContent;
    CreateTopicInput {}
    UpdateTopicInput, ArchiveTopicInput { topic_id }
    slug => slug: Required<String>, "Short name for addresses: lower-case letters, digits and single hyphens. At most 80 characters. Unique among the present and former slugs of records of this type.";
    name => name: Required<Text>, "Name. At most 300 characters.";
    description => description: Optional<Text>, "Scope of the topic. At most 20000 characters." ["", " Null clears it."];
    parent_id => parent: Optional<RecordId<of::Topic>>, "Id of the wider topic that contains this topic." [" Default: none.", " Null clears it."];
    #[graphql(default)]
    external_ids => external_ids: List<ExternalIdInput>, "Identifiers of the record in other collections." ["", " Replaces the whole list."];
}
