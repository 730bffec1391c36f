//! Preconditions: what must be done before what, by the text itself or in one party's reading.

use super::choice::choice;
use super::content::{Fields, PARTY, References, SOURCE, TRACKABLE};
use super::id::{PartyId, SourceId, TrackableId};
use super::{Content, FaultCode, Faults, Field, Reference, text};

choice! {
    /// What a step cannot do before another is done.
    PreconditionKind {
        /// Begin.
        BeforeStart = "before_start",
        /// Be finished.
        BeforeFinish = "before_finish",
        /// Take effect.
        BeforeEffect = "before_effect",
    }
}

/// Everything that is stated about a precondition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreconditionContent {
    /// What the step cannot do before.
    pub kind: PreconditionKind,
    /// The clause, caveat or proposal that waits.
    pub step: TrackableId,
    /// The clause, caveat or proposal that must be done.
    pub requires: TrackableId,
    /// In whose reading; the text's own where left out.
    pub held_by: Option<PartyId>,
    /// What to know about it.
    pub note: Option<String>,
    /// What this record rests on.
    pub source: Option<SourceId>,
}

impl Content for PreconditionContent {
    fn check(&self, faults: &mut Faults) {
        if self.step == self.requires {
            faults.add(
                FaultCode::Invalid,
                "requires",
                "names the step itself; nothing can wait for itself",
            );
        }
        text::check_optional(faults, "note", self.note.as_deref(), text::PROSE);
    }

    fn references(&self) -> Vec<Reference> {
        let mut references = References::default();
        references.add(TRACKABLE, "step", self.step);
        references.add(TRACKABLE, "requires", self.requires);
        references.add_optional(PARTY, "held_by", self.held_by);
        references.add_optional(SOURCE, "source", self.source);
        references.0
    }

    fn fields(&self) -> Vec<Field> {
        Fields::default()
            .choice("kind", self.kind)
            .reference("step", TRACKABLE, Some(self.step))
            .reference("requires", TRACKABLE, Some(self.requires))
            .reference("held_by", PARTY, self.held_by)
            .text_optional("note", self.note.as_ref())
            .reference("source", SOURCE, self.source)
            .0
    }
}
