//! Exports a database as dossiers. Importing the dossiers restores the same state. docs/DOSSIERS.md lists the data that
//! dossiers cannot contain.

mod block;
mod database;
mod instruments;
mod names;
mod shared;
mod statuses;

use std::collections::BTreeMap;

use super::File;
use crate::db::{DbConnection, Error};
use block::Block;
use database::Database;
use names::Names;

/// The name of each kind of record, with the number of exported records of this kind.
pub type ExportCounts = Vec<(&'static str, usize)>;

/// The dossiers of the database, in order of name, and the number of records in them. The texts depend only on the
/// records, not on their ids.
///
/// # Errors
/// Database errors.
pub fn export(connection: &mut DbConnection) -> Result<(Vec<File>, ExportCounts), Error> {
    let database = Database::load(connection)?;
    let names = Names::of(&database);
    let mut files = Files::default();
    shared::write(&mut files, &database, &names);
    instruments::write(&mut files, &database, &names);
    statuses::write(&mut files, &database, &names);
    Ok((files.into_files(), database.counts()))
}

/// The blocks of each file.
#[derive(Default)]
struct Files(BTreeMap<String, Vec<Block>>);

impl Files {
    /// Adds a block at the end of a file.
    fn add(&mut self, name: impl Into<String>, block: Block) {
        self.0.entry(name.into()).or_default().push(block);
    }

    fn into_files(self) -> Vec<File> {
        let text = |blocks: Vec<Block>| {
            let blocks: Vec<String> = blocks.iter().map(ToString::to_string).collect();
            blocks.join("\n")
        };
        self.0.into_iter().map(|(name, blocks)| File { name, text: text(blocks) }).collect()
    }
}
