//! The positions of clauses and caveats. The records of a dossier get the order of the dossier. Records that are not in
//! a dossier keep their order among themselves.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::import_set::Item;
use crate::db::position::{CAVEATS, CLAUSES, Positions};
use crate::db::record::Record;
use crate::db::{DbConnection, Error};
use crate::domain::caveat::CaveatContent;
use crate::domain::clause::ClauseContent;

/// A record with a position in a container.
pub(super) trait Positioned: Record {
    /// The kind of record, and its container.
    const POSITIONS: Positions;

    /// The id of the container.
    fn container(&self) -> String;

    /// Its position.
    fn position(&mut self) -> &mut i32;
}

impl Positioned for ClauseContent {
    const POSITIONS: Positions = CLAUSES;

    fn container(&self) -> String {
        self.agreement.to_string()
    }

    fn position(&mut self) -> &mut i32 {
        &mut self.position
    }
}

impl Positioned for CaveatContent {
    const POSITIONS: Positions = CAVEATS;

    fn container(&self) -> String {
        self.proposal.to_string()
    }

    fn position(&mut self) -> &mut i32 {
        &mut self.position
    }
}

/// The ids of all records of the affected containers, in their new order.
pub(super) struct Arrangement {
    positions: Positions,
    containers: HashMap<String, Vec<String>>,
}

impl Arrangement {
    /// Computes the order and sets the positions of the records. If a record already follows its predecessor, directly
    /// or not, its content keeps the stored position, even if other records shift the record. Such a shift is not a
    /// change of the record.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn find<C: Positioned>(
        connection: &mut DbConnection,
        items: &mut [Item<'_, C>],
    ) -> Result<Self, Error> {
        let names: BTreeSet<String> = items.iter().map(|item| item.content.container()).collect();
        let stored = C::POSITIONS.in_order(connection, &Vec::from_iter(names))?;
        let mut containers = stored.clone();
        // For each container, the index after the record that was placed last.
        let mut before: HashMap<String, usize> = HashMap::new();
        let mut moved = HashSet::new();
        for item in items.iter().filter(|item| !item.is_archived) {
            let container = item.content.container();
            let before = before.entry(container.clone()).or_default();
            let ids = containers.entry(container).or_default();
            let is_own = |id: &String| id == item.id.as_str();
            if item.is_stored {
                if let Some(steps) = ids.iter().skip(*before).position(is_own) {
                    *before += steps + 1;
                    continue;
                }
                if let Some(index) = ids.iter().position(is_own) {
                    ids.remove(index);
                    *before = before.saturating_sub(1);
                }
            }
            ids.insert(*before, item.id.to_string());
            *before += 1;
            moved.insert(item.id);
        }
        let (old, new) = (positions(&stored), positions(&containers));
        for item in items {
            let positions = if moved.contains(&item.id) { &new } else { &old };
            if let Some(position) = positions.get(item.id.as_str()) {
                *item.content.position() = *position;
            }
        }
        Ok(Self { positions: C::POSITIONS, containers })
    }

    /// Stores the positions. Must run after all records are written.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn set(self, connection: &mut DbConnection) -> Result<(), Error> {
        self.positions.set(connection, self.containers.into_values())
    }
}

/// The position of each record, keyed by id.
fn positions(containers: &HashMap<String, Vec<String>>) -> HashMap<&str, i32> {
    containers.values().flat_map(|ids| ids.iter().map(String::as_str).zip(1..)).collect()
}
