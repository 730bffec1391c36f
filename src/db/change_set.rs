//! What a transaction has changed, as far as the days of deadlines depend on it.

use std::collections::BTreeSet;

use super::change::Action;
use crate::domain::id::{ClauseId, EventId};
use crate::domain::{Id, Kind};

/// What a transaction has changed that deadlines may hang on.
#[derive(Debug, Default)]
pub(super) struct ChangeSet {
    /// Events.
    pub(super) events: BTreeSet<EventId>,
    /// Clauses whose history has changed.
    pub(super) assessed: BTreeSet<ClauseId>,
    /// Clauses of which something else is stated now: it may be their deadlines.
    pub(super) revised: BTreeSet<ClauseId>,
}

impl ChangeSet {
    /// Notes a change.
    pub(super) fn note<T>(&mut self, action: Action, kind: Kind, id: Id<T>) {
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
