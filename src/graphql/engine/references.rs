//! References of a level: records of the same kind are read with one statement.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::call::{Item, Reference, References};
use crate::db::rows::{Column, Rows};
use crate::domain::{Id, Kind};
use crate::graphql::error::Error;

pub(super) fn references(all: &[References]) -> impl Iterator<Item = Reference> {
    all.iter().flat_map(|references| match references {
        References::One(reference) => reference.iter().copied().collect::<Vec<_>>(),
        References::List(list) => {
            list.iter().filter_map(|item| item.as_ref().ok().copied().flatten()).collect()
        }
    })
}

/// Records of one kind to read.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) ids: Vec<Id<()>>,
    known: HashSet<Id<()>>,
    pub(super) columns: Vec<Column>,
}

impl Batch {
    pub(super) fn add(&mut self, id: Id<()>) {
        if self.known.insert(id) {
            self.ids.push(id);
        }
    }
}

/// Records of one kind that were read.
pub(super) struct Read {
    pub(super) object: &'static str,
    pub(super) rows: Rc<Rows>,
    pub(super) by_id: HashMap<Id<()>, usize>,
}

/// Selects the records to which one field refers.
pub(super) struct Linker<'a> {
    pub(super) read: &'a HashMap<Kind, Result<Read, Error>>,
    pub(super) sets: Vec<PickedRows>,
    pub(super) index: HashMap<Reference, Item>,
}

pub(super) struct PickedRows {
    kind: Kind,
    pub(super) object: &'static str,
    pub(super) rows: Rc<Rows>,
    pub(super) picked: Vec<usize>,
}

impl Linker<'_> {
    pub(super) fn item(&mut self, reference: Reference) -> Item {
        if let Some(item) = self.index.get(&reference) {
            return item.clone();
        }
        let item = match self.read.get(&reference.kind) {
            Some(Ok(read)) => match read.by_id.get(&reference.id) {
                Some(row) => self.pick(reference.kind, read, *row),
                None => Item::Null,
            },
            Some(Err(failure)) => Item::Failed(failure.clone()),
            None => Item::Null,
        };
        self.index.insert(reference, item.clone());
        item
    }

    fn pick(&mut self, kind: Kind, read: &Read, row: usize) -> Item {
        let position = self.sets.iter().position(|set| set.kind == kind);
        let set = position.unwrap_or_else(|| {
            let (object, rows) = (read.object, read.rows.clone());
            self.sets.push(PickedRows { kind, object, rows, picked: Vec::new() });
            self.sets.len() - 1
        });
        let Some(target) = self.sets.get_mut(set) else { return Item::Null };
        target.picked.push(row);
        Item::Object { set, index: target.picked.len() - 1 }
    }
}
