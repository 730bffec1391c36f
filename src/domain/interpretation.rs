//! Interpretations: the meaning of a clause or caveat according to a party.

use chrono::NaiveDate;

use super::content::{Fields, INTERPRETABLE, PARTY, References};
use super::id::{InterpretableId, PartyId};
use super::provenance::Provenance;
use super::{Content, Field, Reference, ValidationErrors, day, text};

/// The content of an interpretation. On one day, a holder states at most one interpretation of each term of a
/// subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpretationContent {
    /// The clause or caveat.
    pub subject: InterpretableId,
    /// The disputed words. `None` for the whole clause or caveat. At most [`text::MAX_LINE`] characters.
    pub term: Option<String>,
    /// The meaning of the term, or of the whole record if there is no term, according to the party. At most
    /// [`text::MAX_PROSE`] characters.
    pub meaning: String,
    /// The party that holds this interpretation.
    pub held_by: PartyId,
    /// The day on which the party stated this interpretation. Not in the future.
    pub stated_on: NaiveDate,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
}

/// The key of an interpretation: subject, holder, day and term.
pub type InterpretationKey = (InterpretableId, PartyId, NaiveDate, Option<String>);

impl InterpretationContent {
    /// The key of this interpretation.
    #[must_use]
    pub fn key(&self) -> InterpretationKey {
        (self.subject, self.held_by, self.stated_on, self.term.clone())
    }
}

impl Content for InterpretationContent {
    fn check(&self, errors: &mut ValidationErrors) {
        text::check_name_optional(errors, "term", self.term.as_deref(), text::MAX_LINE);
        text::check(errors, "meaning", &self.meaning, text::MAX_PROSE);
        day::check_past(errors, "stated_on", self.stated_on);
        self.provenance.check(errors, "");
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(INTERPRETABLE, "subject", self.subject);
        references.add(PARTY, "held_by", self.held_by);
        self.provenance.add_references(&mut references, "");
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .reference("subject", INTERPRETABLE, Some(self.subject))
            .text_optional("term", self.term.as_ref())
            .text("meaning", &self.meaning)
            .reference("held_by", PARTY, Some(self.held_by))
            .date("stated_on", Some(self.stated_on))
            .append(|fields| self.provenance.fields(fields))
            .0
    }
}
