//! Reads the provenance of records: the source, and how certain the record is.

use super::names::Names;
use super::reader::Reader;
use crate::domain::assessment::Confidence;
use crate::domain::provenance::Provenance;

/// Reads how certain a record is. Uses the default if the field is missing.
pub(super) fn confidence(reader: &mut Reader<'_>) -> Confidence {
    reader.string_enum_optional("confidence").unwrap_or(Confidence::Medium)
}

/// Reads the source of a record, and how certain it is.
pub(super) fn provenance<'a>(reader: &mut Reader<'a>, names: &Names<'a>) -> Provenance {
    let source = reader.reference_optional("source", &names.sources);
    let source_locator = reader.text_optional("source_locator");
    // If the source was not found, a place without a source must not be reported as a second error.
    let is_lost = source.is_none() && reader.has("source");
    Provenance {
        source,
        source_locator: source_locator.filter(|_| !is_lost),
        confidence: confidence(reader),
        note: reader.text_optional("note"),
    }
}
