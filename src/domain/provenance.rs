//! Provenance: where a record comes from, and how certain it is.

use super::assessment::Confidence;
use super::content::{Fields, References, SOURCE};
use super::id::SourceId;
use super::{ValidationErrorCode, ValidationErrors, text};

/// The maximum length of a locator, in characters.
pub const MAX_LOCATOR: usize = 300;

/// The source of a record, and the confidence in it. Part of the content of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// The source of this record.
    pub source: Option<SourceId>,
    /// The place in the source: a paragraph, page or article. Valid only with a source.
    pub source_locator: Option<String>,
    /// The confidence in this record.
    pub confidence: Confidence,
    /// A remark on the uncertainty of this record.
    pub note: Option<String>,
}

impl Default for Provenance {
    fn default() -> Self {
        Self { source: None, source_locator: None, confidence: Confidence::Medium, note: None }
    }
}

impl Provenance {
    /// Adds the errors that do not depend on other records. `path` is the prefix of the field names. It is empty for a
    /// record. For a part of a record, it is the path of the part with a dot at the end.
    pub fn check(&self, errors: &mut ValidationErrors, path: &str) {
        let locator = format!("{path}source_locator");
        text::check_name_optional(errors, &locator, self.source_locator.as_deref(), MAX_LOCATOR);
        if let (Some(place), None) = (&self.source_locator, self.source) {
            let message =
                format!("{} is a place in a source, but no source is given", text::quote(place));
            errors.add(ValidationErrorCode::Invalid, &locator, message);
        }
        let note = format!("{path}note");
        text::check_optional(errors, &note, self.note.as_deref(), text::MAX_PROSE);
    }

    /// Adds the source. `path` is as in [`Self::check`].
    pub fn add_references(&self, references: &mut References, path: &str) {
        references.add_optional(SOURCE, &format!("{path}source"), self.source);
    }

    /// Adds the fields, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        fields
            .reference("source", SOURCE, self.source)
            .text_optional("source_locator", self.source_locator.as_ref())
            .string_enum("confidence", self.confidence)
            .text_optional("note", self.note.as_ref())
    }
}
