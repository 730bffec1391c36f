//! Reads the sources of events and the evidence of assessments.

use super::names::Names;
use super::reader::Reader;
use crate::domain::citation::{Citation, CitationDetails};

/// Reads citations. An item is the slug of a source, or a table with the source and the place in it.
pub(super) fn citations<'a>(
    reader: &mut Reader<'a>,
    field: &'static str,
    names: &Names<'a>,
) -> Vec<Citation> {
    reader.references_or_parts(field, "a citation", &names.sources, |reader| Citation {
        source: reader.reference("source", &names.sources).unwrap_or_default(),
        details: CitationDetails {
            locator: reader.text_optional("locator"),
            quotation: reader.text_optional("quotation"),
            accessed_on: reader.date_optional("accessed_on"),
        },
    })
}
