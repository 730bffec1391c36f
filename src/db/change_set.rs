//! Those changes in a transaction that can affect due dates.

use std::collections::BTreeSet;

use super::change::Action;
use crate::domain::id::{ClauseId, EventId};
use crate::domain::{Id, Kind};

/// Those changes in a transaction that can affect due dates.
#[derive(Debug, Default)]
pub(super) struct ChangeSet {
    /// Created or updated events.
    pub(super) events: BTreeSet<EventId>,
    /// Clauses with a new or retracted assessment.
    pub(super) assessed: BTreeSet<ClauseId>,
    /// Created or updated clauses, whose deadlines may have changed.
    pub(super) revised: BTreeSet<ClauseId>,
}

impl ChangeSet {
    /// Adds a change.
    pub(super) fn add<T>(&mut self, action: Action, kind: Kind, id: Id<T>) {
        match (kind, action) {
            (Kind::Event, Action::Created | Action::Updated) => {
                self.events.insert(id.cast());
            }
            (Kind::Clause, Action::Assessed | Action::Retracted) => {
                self.assessed.insert(id.cast());
            }
            (Kind::Clause, Action::Created | Action::Updated) => {
                self.revised.insert(id.cast());
            }
            _ => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.assessed.is_empty() && self.revised.is_empty()
    }
}
