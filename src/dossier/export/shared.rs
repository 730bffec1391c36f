//! Writes the files of topics, parties and sources, to which the other dossiers refer. Also writes the fields that
//! several kinds of records have.

use super::Files;
use super::block::{Block, Fields, quoted};
use super::database::Database;
use super::names::Names;
use crate::domain::assessment::Confidence;
use crate::domain::citation::Citation;
use crate::domain::external_id::ExternalIdContent;
use crate::domain::party::PartyContent;
use crate::domain::provenance::Provenance;
use crate::domain::source::SourceContent;
use crate::domain::topic::TopicContent;

/// Writes topics, parties and sources.
pub(super) fn write(files: &mut Files, database: &Database, names: &Names) {
    for (slug, content) in names.in_order(&database.topics) {
        let TopicContent { slug: _, name, description, parent, external_ids } = content;
        let fields = Fields::default()
            .text("slug", slug)
            .text("name", name)
            .text_optional("description", description.as_deref())
            .text_optional("parent", names.name_optional(*parent))
            .external_ids(external_ids);
        files.add("topics.toml", Block::new("topic", fields));
    }
    for (slug, content) in names.in_order(&database.parties) {
        let PartyContent { slug: _, name, short_name, aliases, kind, represents, external_ids } =
            content;
        let fields = Fields::default()
            .text("slug", slug)
            .text("name", name)
            .text("short_name", short_name)
            .texts("aliases", aliases)
            .choice("kind", *kind)
            .text_optional("represents", names.name_optional(*represents))
            .external_ids(external_ids);
        files.add("parties.toml", Block::new("party", fields));
    }
    for (slug, content) in names.in_order(&database.sources) {
        let SourceContent {
            slug: _,
            title,
            kind,
            publisher,
            url,
            archived_url,
            published_on,
            language,
            external_ids,
        } = content;
        let fields = Fields::default()
            .text("slug", slug)
            .text("title", title)
            .choice("kind", *kind)
            .text_optional("publisher", publisher.as_deref())
            .text_optional("url", url.as_deref())
            .text_optional("archived_url", archived_url.as_deref())
            .date_optional("published_on", *published_on)
            .text_optional("language", language.as_deref())
            .external_ids(external_ids);
        files.add("sources.toml", Block::new("source", fields));
    }
}

impl Fields {
    pub(super) fn external_ids(self, ids: &[ExternalIdContent]) -> Self {
        let table = |ExternalIdContent { scheme, value }: &ExternalIdContent| {
            Self::default().text("scheme", scheme).text("value", value)
        };
        self.tables("external_ids", &ids.iter().map(table).collect::<Vec<_>>())
    }

    pub(super) fn provenance(self, provenance: &Provenance, names: &Names) -> Self {
        let Provenance { source, source_locator, confidence, note } = provenance;
        self.text_optional("source", names.name_optional(*source))
            .text_optional("source_locator", source_locator.as_deref())
            .choice_unless("confidence", *confidence, Confidence::Medium)
            .text_optional("note", note.as_deref())
    }
}

/// Each citation as an item of a list: the slug of the source, or a table that also contains the place in the source.
pub(super) fn citations(citations: &[Citation], names: &Names) -> Vec<String> {
    let item = |Citation { source, details }: &Citation| {
        let slug = names.name(*source);
        if details.locator.is_none() && details.quotation.is_none() && details.accessed_on.is_none()
        {
            return quoted(slug);
        }
        Fields::default()
            .text("source", slug)
            .text_optional("locator", details.locator.as_deref())
            .text_optional("quotation", details.quotation.as_deref())
            .date_optional("accessed_on", details.accessed_on)
            .inline()
    };
    citations.iter().map(item).collect()
}
