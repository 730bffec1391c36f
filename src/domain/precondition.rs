//! Preconditions: steps that must come first, according to the text itself or to one party's reading of the text.

use super::content::{ASSESSABLE, Fields, PARTY, References};
use super::id::{AssessableId, PartyId};
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{Content, Field, Reference, ValidationErrorCode, ValidationErrors};

string_enum! {
    /// Which phase of a step must wait for the required step.
    PreconditionKind {
        /// The start.
        BeforeStart = "before_start",
        /// The completion.
        BeforeFinish = "before_finish",
        /// The effect.
        BeforeEffect = "before_effect",
    }
}

string_enum! {
    /// The state that the required step must have reached.
    PreconditionNeed {
        /// It must be done.
        Done = "done",
        /// It must have begun.
        Begun = "begun",
    }
}

/// The content of a precondition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreconditionContent {
    /// Which phase of `step` must wait.
    pub kind: PreconditionKind,
    /// The clause, caveat or proposal that waits.
    pub step: AssessableId,
    /// The clause, caveat or proposal that must be done or have begun first.
    pub requires: AssessableId,
    /// Whether `requires` must be done, or must only have begun.
    pub needs: PreconditionNeed,
    /// The party whose reading this is. `None` if the text itself states the precondition.
    pub held_by: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
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
        self.provenance.check(errors, "");
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(ASSESSABLE, "step", self.step);
        references.add(ASSESSABLE, "requires", self.requires);
        references.add_optional(PARTY, "held_by", self.held_by);
        self.provenance.add_references(&mut references, "");
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .string_enum("kind", self.kind)
            .reference("step", ASSESSABLE, Some(self.step))
            .reference("requires", ASSESSABLE, Some(self.requires))
            .string_enum("needs", self.needs)
            .reference("held_by", PARTY, self.held_by)
            .append(|fields| self.provenance.fields(fields))
            .0
    }
}
