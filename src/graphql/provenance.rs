//! The fields of the provenance, which several types have.

use super::assessment::Confidence;
use super::engine::link::one;
use super::engine::reader::text;
use super::engine::schema::Object;
use crate::db::rows::Column;
use crate::domain::Kind;

/// The columns of the provenance in a table. [`provenance!`] creates them.
pub struct Columns {
    pub source: Column,
    pub source_locator: Column,
    pub confidence: Column,
    pub note: Column,
}

/// Adds the fields `source`, `sourceLocator`, `confidence` and `note`.
pub fn add(object: Object, columns: &Columns) -> Object {
    object
        .field(
            "source",
            "Source of this record. Null if none is recorded.",
            one("Source", Kind::Source, columns.source),
        )
        .field(
            "sourceLocator",
            "Place in the source: a paragraph, page or article, such as `annex I, point 4`. Null if none is stated.",
            text(columns.source_locator).nullable(),
        )
        .field("confidence", "Confidence in this record.", Confidence::column(columns.confidence))
        .field(
            "note",
            "Uncertainties about this record. Null if none are stated.",
            text(columns.note).nullable(),
        )
}

/// Adds the fields of the provenance from the columns of a table.
macro_rules! provenance {
    ($table:literal) => {
        |object| {
            $crate::graphql::provenance::add(
                object,
                &$crate::graphql::provenance::Columns {
                    source: concat!($table, ".source_id"),
                    source_locator: concat!($table, ".source_locator"),
                    confidence: concat!($table, ".confidence"),
                    note: concat!($table, ".note"),
                },
            )
        }
    };
}
pub(super) use provenance;
