//! Citations: the sources of events and the evidence of assessments, with the place in each source.

use chrono::NaiveDate;

use super::content::{Field, Fields, References, SOURCE, Value, ValueKind, check_distinct};
use super::id::SourceId;
use super::provenance::MAX_LOCATOR;
use super::{ValidationErrors, day, text};

/// The maximum length of a quotation, in characters.
pub const MAX_QUOTATION: usize = 500;

/// A citation of a source. A record cites a source at most once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The source.
    pub source: SourceId,
    /// The place in the source, with a quotation.
    pub details: CitationDetails,
}

/// The place in a cited source, with a quotation and the day on which the source was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CitationDetails {
    /// The paragraph, page or article.
    pub locator: Option<String>,
    /// A verbatim quotation from the source.
    pub quotation: Option<String>,
    /// The day on which the source was read. Not in the future.
    pub accessed_on: Option<NaiveDate>,
}

impl From<SourceId> for Citation {
    fn from(source: SourceId) -> Self {
        Self { source, details: CitationDetails::default() }
    }
}

/// The default source is a new id, so a default citation equals no other citation.
impl Default for Citation {
    fn default() -> Self {
        SourceId::default().into()
    }
}

impl CitationDetails {
    /// Adds all errors. `path` is the prefix of the field names: empty, or a path that ends with a dot.
    pub fn check(&self, errors: &mut ValidationErrors, path: &str) {
        let (locator, quotation) = (self.locator.as_deref(), self.quotation.as_deref());
        text::check_name_optional(errors, &format!("{path}locator"), locator, MAX_LOCATOR);
        text::check_optional(errors, &format!("{path}quotation"), quotation, MAX_QUOTATION);
        if let Some(accessed_on) = self.accessed_on {
            day::check_past(errors, &format!("{path}accessed_on"), accessed_on);
        }
    }
}

/// Adds the errors of a record's citations, except errors that depend on other records. `field` is the name of the
/// list.
pub fn check(errors: &mut ValidationErrors, field: &str, citations: &[Citation]) {
    for (index, citation) in citations.iter().enumerate() {
        citation.details.check(errors, &format!("{field}.{index}."));
    }
    let sources: Vec<SourceId> = citations.iter().map(|citation| citation.source).collect();
    check_distinct(errors, field, &sources);
}

/// Adds the cited sources.
pub fn add_references(references: &mut References, field: &str, citations: &[Citation]) {
    let sources: Vec<SourceId> = citations.iter().map(|citation| citation.source).collect();
    references.add_all(SOURCE, field, &sources);
}

impl Fields {
    /// Adds citations. The source of a citation has the path of the citation in the list, such as `evidence.0`. Each detail
    /// has this path followed by its name, such as `evidence.0.locator`.
    #[must_use]
    pub fn citations(mut self, name: &'static str, citations: &[Citation]) -> Self {
        let values = citations.iter().enumerate().flat_map(|(index, citation)| {
            let Citation { source, details } = citation;
            let details = Self::default()
                .text_optional("locator", details.locator.as_ref())
                .text_optional("quotation", details.quotation.as_ref())
                .date("accessed_on", details.accessed_on);
            let details = details.0.into_iter().flat_map(|field| field.values).map(move |value| {
                Value { path: format!("{name}.{index}.{}", value.path), ..value }
            });
            let source = Value {
                path: format!("{name}.{index}"),
                kind: ValueKind::Reference,
                refers_to: SOURCE,
                text: source.to_string(),
            };
            std::iter::once(source).chain(details)
        });
        self.0.push(Field { name, values: values.collect() });
        self
    }
}
