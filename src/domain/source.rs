//! Sources: what a record or an assessment rests on.

use chrono::NaiveDate;

use super::choice::choice;
use super::content::Fields;
use super::{Content, Faults, Field, Reference, day, text};

choice! {
    /// Where a source comes from, and so how far it carries.
    SourceKind {
        /// The text of an agreement or proposal, as its authors published it.
        OfficialText = "official_text",
        /// A report of monitors.
        MonitorReport = "monitor_report",
        /// The word of a party, or of media that a party controls.
        PartyStatement = "party_statement",
        /// Independent press.
        Press = "press",
        /// Research.
        Academic = "academic",
        /// Published against its author's will.
        Leak = "leak",
    }
}

/// Everything that is stated about a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceContent {
    /// Short name in dossiers; a source that came as evidence has none.
    pub slug: Option<String>,
    /// Title.
    pub title: String,
    /// Where it comes from.
    pub kind: SourceKind,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it is.
    pub url: Option<String>,
    /// Where a copy is kept.
    pub archived_url: Option<String>,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
}

impl Content for SourceContent {
    fn check(&self, faults: &mut Faults) {
        if let Some(slug) = &self.slug {
            text::check_slug(faults, "slug", slug);
        }
        text::check_name(faults, "title", &self.title, text::LINE);
        text::check_name_optional(faults, "publisher", self.publisher.as_deref(), text::LINE);
        text::check_url(faults, "url", self.url.as_deref());
        text::check_url(faults, "archived_url", self.archived_url.as_deref());
        if let Some(published_on) = self.published_on {
            day::check(faults, "published_on", published_on);
        }
    }

    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text_optional("slug", self.slug.as_ref())
            .text("title", &self.title)
            .choice("kind", self.kind)
            .text_optional("publisher", self.publisher.as_ref())
            .text_optional("url", self.url.as_ref())
            .text_optional("archived_url", self.archived_url.as_ref())
            .date("published_on", self.published_on)
            .0
    }
}
