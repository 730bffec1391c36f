//! Reads where records come from, and how certain they are.

use super::names::Names;
use super::reader::Reader;
use crate::domain::assessment::Confidence;
use crate::domain::provenance::Provenance;

/// Reads how certain a record is, with the default.
pub(super) fn confidence(reader: &mut Reader<'_>) -> Confidence {
    reader.string_enum_optional("confidence").unwrap_or(Confidence::Medium)
}

/// Reads where a record comes from, and how certain it is.
pub(super) fn provenance<'a>(reader: &mut Reader<'a>, names: &Names<'a>) -> Provenance {
    let source = reader.reference_optional("source", &names.sources);
    let source_locator = reader.text_optional("source_locator");
    // A place in a source that was not found must not also be reported as one without a source.
    let is_lost = source.is_none() && reader.has("source");
    Provenance {
        source,
        source_locator: source_locator.filter(|_| !is_lost),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
    }
}
