//! Reads interpretations.

use super::import_set::{ImportSet, UnnamedItem};
use super::names::{Names, Target};
use super::provenance::provenance;
use super::reader::Reader;
use crate::domain::interpretation::InterpretationContent;
use crate::domain::status::AssessableKind;

/// Reads an interpretation.
pub(super) fn interpretation<'a>(
    import_set: &mut ImportSet<'a>,
    reader: &mut Reader<'a>,
    names: &Names<'a>,
) {
    let target: Target = reader.reference("of", names).unwrap_or_default();
    if target.kind == AssessableKind::Proposal {
        let line = reader.location().map_or(reader.line(), |location| location.line_of("of"));
        reader.add_error(line, "of", "is a proposal; expected a clause or a caveat");
    }
    let content = InterpretationContent {
        subject: target.id.cast(),
        term: reader.text_optional("term"),
        meaning: reader.text("meaning"),
        held_by: reader.reference("held_by", &names.parties).unwrap_or_default(),
        stated_on: reader.date("stated_on"),
        provenance: provenance(reader, names),
    };
    let is_valid = reader.accept(&content);
    let Some(location) = reader.location().filter(|_| is_valid) else { return };
    if let Some(first) = import_set.first_interpretation(content.key(), location) {
        let message = format!(
            "the holder’s interpretation of this term for this day is already defined at {}",
            first.address()
        );
        reader.add_error(location.line(), "of", message);
        return;
    }
    import_set.interpretations.push(UnnamedItem { location, content });
}
