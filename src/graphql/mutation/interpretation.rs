//! Creating, updating and archiving interpretations.

use super::input::{RecordId, Text};
use super::presence::{Optional, Required};
use super::record_input::inputs;
use crate::domain::id::of;
use crate::domain::interpretation::InterpretationContent;
use crate::domain::provenance::Provenance;
use crate::graphql::scalar::Date;

inputs! {
    "an" "interpretation" "Interpretation", InterpretationContent;
    CreateInterpretationInput {}
    UpdateInterpretationInput, ArchiveInterpretationInput { interpretation_id }
    subject_id => subject: Required<RecordId<of::Interpretable>>, "Id of the clause or caveat that is interpreted.";
    term => term: Optional<Text>, "Disputed words, on one line. At most 300 characters." [" Default: the whole clause or caveat.", " Null means the whole clause or caveat."];
    meaning => meaning: Required<Text>, "Meaning of the term, or of the whole record if `term` is null, according to the party. At most 20000 characters.";
    held_by_id => held_by: Required<RecordId<of::Party>>, "Id of the party that holds this interpretation.";
    stated_on => stated_on: Required<Date>, "Day on which the party stated the interpretation. Must not be in the future. A party has at most one interpretation of the same term for a day.";
    ..provenance: Provenance;
}
