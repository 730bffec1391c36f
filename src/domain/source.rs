//! Sources of records and evidence of assessments.

use chrono::NaiveDate;

use super::content::{Fields, folded};
use super::external_id::ExternalIdContent;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrors, day, language, text};

string_enum! {
    /// The kind of a source, which indicates its reliability.
    SourceKind {
        /// The text of an agreement or proposal, published by its authors.
        OfficialText = "official_text",
        /// A report by monitors.
        MonitorReport = "monitor_report",
        /// A statement by a party, or by media that it controls.
        PartyStatement = "party_statement",
        /// Independent media.
        Press = "press",
        /// Research.
        Academic = "academic",
        /// Published without its author's consent.
        Leak = "leak",
    }
}

/// The content of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceContent {
    /// The short name of the source in dossiers. `None` for a source that was entered as evidence.
    pub slug: Option<String>,
    /// Title.
    pub title: String,
    /// The kind of source.
    pub kind: SourceKind,
    /// The publisher.
    pub publisher: Option<String>,
    /// The URL.
    pub url: Option<String>,
    /// The URL of an archived copy.
    pub archived_url: Option<String>,
    /// The day of publication.
    pub published_on: Option<NaiveDate>,
    /// The language, as a tag of BCP 47: `en`.
    pub language: Option<String>,
    /// Identifiers in other collections.
    pub external_ids: Vec<ExternalIdContent>,
}

impl SourceContent {
    /// The folded text in which text filters look for matches.
    #[must_use]
    pub fn folded(&self) -> String {
        folded(&[Some(&self.title), self.publisher.as_deref()], &[])
    }
}

/// The given URL, followed by the URLs that probably lead to the same page: with `http` or `https`, with or without
/// `www.`, with or without a final slash, and without a fragment. A text that is not a URL with a host is returned
/// alone.
#[must_use]
pub fn same_addresses(address: &str) -> Vec<String> {
    let mut forms = vec![address.to_owned()];
    let Some((host, url)) =
        url::Url::parse(address).ok().and_then(|url| Some((url.host_str()?.to_owned(), url)))
    else {
        return forms;
    };
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let path = url.path().trim_end_matches('/');
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    for scheme in ["https", "http"] {
        for prefix in ["", "www."] {
            for slash in ["", "/"] {
                forms.push(format!("{scheme}://{prefix}{host}{port}{path}{slash}{query}"));
            }
        }
    }
    forms
}

impl Content for SourceContent {
    fn check(&self, errors: &mut ValidationErrors) {
        if let Some(slug) = &self.slug {
            text::check_slug(errors, "slug", slug);
        }
        text::check_name(errors, "title", &self.title, text::MAX_LINE);
        text::check_name_optional(errors, "publisher", self.publisher.as_deref(), text::MAX_LINE);
        text::check_url(errors, "url", self.url.as_deref());
        text::check_url(errors, "archived_url", self.archived_url.as_deref());
        if let Some(published_on) = self.published_on {
            day::check(errors, "published_on", published_on);
        }
        language::check(errors, "language", self.language.as_deref());
    }

    fn external_ids(&self) -> &[ExternalIdContent] {
        &self.external_ids
    }

    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .text_optional("slug", self.slug.as_ref())
            .text("title", &self.title)
            .string_enum("kind", self.kind)
            .text_optional("publisher", self.publisher.as_ref())
            .text_optional("url", self.url.as_ref())
            .text_optional("archived_url", self.archived_url.as_ref())
            .date("published_on", self.published_on)
            .text_optional("language", self.language.as_ref())
            .list("external_ids", &self.external_ids, ExternalIdContent::fields)
            .0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_addresses_do_not_depend_on_the_given_form() {
        let plain = same_addresses("https://example.org/a/b?c=d");
        for other in [
            "http://example.org/a/b?c=d",
            "https://www.example.org/a/b/?c=d",
            "HTTPS://EXAMPLE.org/a/b?c=d#part",
        ] {
            assert!(plain[1..].iter().eq(same_addresses(other)[1..].iter()), "{other}");
        }
        assert!(!plain.contains(&"https://example.org/a?c=d".to_owned()));
        assert_eq!(same_addresses("https://example.org")[1], "https://example.org");
        assert_eq!(same_addresses("https://example.org:8080/")[2], "https://example.org:8080/");
        assert_eq!(same_addresses("no address"), ["no address"]);
    }
}
