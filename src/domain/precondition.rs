//! Preconditions: what must be done first, in the text itself or in one party's reading.

use super::content::{ASSESSABLE, Fields, PARTY, References, SOURCE};
use super::id::{AssessableId, PartyId, SourceId};
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors, text};

string_enum! {
    /// What a step cannot do before the required step is done.
    PreconditionKind {
        /// Begin.
        BeforeStart = "before_start",
        /// Finish.
        BeforeFinish = "before_finish",
        /// Take effect.
        BeforeEffect = "before_effect",
    }
}

/// The stated content of a precondition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreconditionContent {
    /// What the step cannot do before.
    pub kind: PreconditionKind,
    /// The clause, caveat or proposal that waits.
    pub step: AssessableId,
    /// The clause, caveat or proposal that must be done.
    pub requires: AssessableId,
    /// The party whose reading this is. Default: none, the text itself.
    pub held_by: Option<PartyId>,
    /// Remarks.
    pub note: Option<String>,
    /// The source of this record.
    pub source: Option<SourceId>,
}

impl Content for PreconditionContent {
    fn check(&self, errors: &mut ValidationErrors) {
        if self.step == self.requires {
            errors.add(
                ValidationErrorCode::Invalid,
                "requires",
                "is the step itself; a step cannot require itself",
            );
        }
        text::check_optional(errors, "note", self.note.as_deref(), text::MAX_PROSE);
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(ASSESSABLE, "step", self.step);
        references.add(ASSESSABLE, "requires", self.requires);
        references.add_optional(PARTY, "held_by", self.held_by);
        references.add_optional(SOURCE, "source", self.source);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .string_enum("kind", self.kind)
            .reference("step", ASSESSABLE, Some(self.step))
            .reference("requires", ASSESSABLE, Some(self.requires))
            .reference("held_by", PARTY, self.held_by)
            .text_optional("note", self.note.as_ref())
            .reference("source", SOURCE, self.source)
            .0
    }
}
