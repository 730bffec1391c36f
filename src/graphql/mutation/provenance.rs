//! The input fields of the provenance, which several inputs contain.

use async_graphql::{InputObject, MaybeUndefined};

use super::input::{Edit, Given, Ids, RecordId, Text};
use super::presence::{Optional, Presence, Reads, Shared};
use crate::domain::id::of;
use crate::domain::provenance::Provenance;
use crate::graphql::assessment::Confidence;

/// The source of a record, and the confidence in it. Included in inputs that create records or parts of records.
#[derive(InputObject)]
pub struct ProvenanceInput {
    /// Id of the source of this record. Default: none.
    source_id: Option<RecordId<of::Source>>,
    /// Place in the source: a paragraph, page or article, such as `annex I, point 4`. Only valid with a source. At most 300 characters.
    source_locator: Option<Text>,
    /// Confidence in this record.
    #[graphql(default_with = "Confidence::Medium")]
    confidence: Confidence,
    /// Uncertainties about this record. At most 20000 characters.
    note: Option<Text>,
}

/// Changes to the source of a record and to the confidence in it. Included in inputs that update records.
#[derive(InputObject)]
pub struct ProvenanceChanges {
    /// Id of the source of this record. Null clears it.
    source_id: MaybeUndefined<RecordId<of::Source>>,
    /// Place in the source: a paragraph, page or article, such as `annex I, point 4`. Only valid with a source. At most 300 characters. Null clears it.
    source_locator: MaybeUndefined<Text>,
    /// Confidence in this record.
    confidence: Option<Confidence>,
    /// Uncertainties about this record. At most 20000 characters. Null clears it.
    note: MaybeUndefined<Text>,
}

impl ProvenanceInput {
    /// Converts the fields. `path` is the prefix of their names. It is empty, or the path of a part with a dot at the end.
    pub fn read(self, ids: &mut Ids, path: &str) -> Provenance {
        Provenance {
            source: ids.optional(&format!("{path}source"), self.source_id.as_ref()),
            source_locator: self.source_locator.map(String::from),
            confidence: self.confidence.into(),
            note: self.note.map(String::from),
        }
    }
}

impl Presence for Provenance {
    type Create = ProvenanceInput;
    type Update = ProvenanceChanges;
}

impl Shared for Provenance {
    fn created(given: ProvenanceInput, ids: &mut Ids) -> Self {
        given.read(ids, "")
    }

    fn edit(given: ProvenanceChanges, ids: &mut Ids) -> Edit<Self> {
        let source = Optional::updated(given.source_id, ids, "source");
        let source_locator = Optional::updated(given.source_locator, ids, "source_locator");
        let confidence = given.confidence.map(|confidence| confidence.read(ids, "confidence"));
        let note = Optional::updated(given.note, ids, "note");
        Box::new(move |provenance| {
            provenance.source = source.unwrap_or(provenance.source);
            if let Some(source_locator) = source_locator {
                provenance.source_locator = source_locator;
            }
            provenance.confidence = confidence.unwrap_or(provenance.confidence);
            if let Some(note) = note {
                provenance.note = note;
            }
        })
    }
}
