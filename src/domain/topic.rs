//! Topics of clauses and caveats.

use super::content::{Fields, References, TOPIC};
use super::external_id::ExternalIdContent;
use super::id::TopicId;
use super::{Content, Field, Reference, ValidationErrors, text};

/// The content of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicContent {
    /// Short name in URLs.
    pub slug: String,
    /// Name.
    pub name: String,
    /// The scope of the topic.
    pub description: Option<String>,
    /// The broader topic. `None` at the top level.
    pub parent: Option<TopicId>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

impl Content for TopicContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_slug(errors, "slug", &self.slug);
        text::check_name(errors, "name", &self.name, text::MAX_LINE);
        text::check_optional(errors, "description", self.description.as_deref(), text::MAX_PROSE);
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add_optional(TOPIC, "parent", self.parent);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text("slug", &self.slug)
            .text("name", &self.name)
            .text_optional("description", self.description.as_ref())
            .reference("parent", TOPIC, self.parent)
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}
