//! Citations: the sources of events and the evidence of assessments, with the place in each source.

use super::engine::link::{many, one};
use super::engine::reader::{Reader, date, text};
use super::engine::schema::Object;
use crate::db::rows::{Column, Lookup};
use crate::domain::Kind;

/// The types of citations. Citations of events and of assessments are in two tables with the same columns. Both tables are
/// read under the alias `citations`.
pub fn objects() -> Vec<Object> {
    let citation = Object::new("Citation", "Citation of a source, with the place in the source.")
        .field("source", "Cited source.", one("Source!", Kind::Source, "citations.source_id"))
        .field(
            "locator",
            "Place in the source: a paragraph, page or article, such as `annex I, point 4`. Null if none is stated.",
            text("citations.locator").nullable(),
        )
        .field(
            "quotation",
            "Verbatim quotation from the source. Null if there is none.",
            text("citations.quotation").nullable(),
        )
        .field(
            "accessedOn",
            "Day on which the source was read. Null if it is not stated.",
            date("citations.accessed_on").nullable(),
        );
    vec![citation]
}

/// The citations of the record whose id is in the column `id`, in order.
pub fn citations(id: Column, lookup: Lookup) -> Reader {
    many("[Citation!]!", "Citation", id, lookup)
}
