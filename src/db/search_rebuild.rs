//! Rebuilds the whole search index, and compares it with the records.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use super::query::{self, Sql};
use super::schema::{search_documents, search_index, search_spellings, search_words};
use super::search_index::{Searched, read, refold, stored_entries, write};
use super::{
    DbConnection, Error, agreement, caveat, clause, event, party, proposal, search_notes, source,
    transaction,
};
use crate::domain::StringEnum;
use crate::domain::search::{self, SearchKind};

/// The columns and the texts of this kind that are indexed.
#[must_use]
pub fn searched(kind: SearchKind) -> Searched {
    match kind {
        SearchKind::Agreement => agreement::SEARCHED,
        SearchKind::Clause => clause::SEARCHED,
        SearchKind::Proposal => proposal::SEARCHED,
        SearchKind::Caveat => caveat::SEARCHED,
        SearchKind::Event => event::SEARCHED,
        SearchKind::Party => party::SEARCHED,
        SearchKind::Source => source::SEARCHED,
    }
}

/// Rebuilds the index if it is missing or another version of the program built it. Locks the change log during the rebuild.
///
/// # Errors
/// Database errors.
pub(super) fn refresh(connection: &mut DbConnection) -> Result<(), Error> {
    if version(connection)? == search::VERSION {
        return Ok(());
    }
    transaction::begin(connection, "BEGIN IMMEDIATE", "BEGIN")?;
    let outcome = rebuild_if_outdated(connection);
    transaction::finish(connection, outcome)
}

fn version(connection: &mut DbConnection) -> Result<i32, Error> {
    Ok(search_index::table.select(search_index::version).first(connection)?)
}

fn rebuild_if_outdated(connection: &mut DbConnection) -> Result<(), Error> {
    transaction::lock_log(connection)?;
    if version(connection)? == search::VERSION {
        // Another server has rebuilt the index in the meantime.
        return Ok(());
    }
    rebuild(connection)
}

/// Rebuilds the index and the column `folded`. The transaction must have locked the change log.
///
/// # Errors
/// Database errors.
pub(super) fn rebuild(connection: &mut DbConnection) -> Result<(), Error> {
    diesel::delete(search_words::table).execute(connection)?;
    diesel::delete(search_spellings::table).execute(connection)?;
    diesel::delete(search_documents::table).execute(connection)?;
    for kind in SearchKind::ALL {
        let searched = searched(*kind);
        for ids in ids(connection, &searched)?.chunks(CHUNK) {
            let indexed = read(connection, &searched, ids)?;
            write(connection, &searched, &indexed)?;
            refold(connection, &searched, &indexed)?;
        }
    }
    search_notes::rebuild(connection)?;
    diesel::update(search_index::table)
        .set(search_index::version.eq(search::VERSION))
        .execute(connection)?;
    Ok(())
}

/// Describes in a sentence each difference between the actual and the expected index.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    let spellings = spellings(connection)?;
    for kind in SearchKind::ALL {
        let mut expected = BTreeMap::new();
        let searched = searched(*kind);
        for ids in ids(connection, &searched)?.chunks(CHUNK) {
            expected.extend(read(connection, &searched, ids)?);
        }
        let actual = stored_entries(connection, *kind)?;
        let folded = folded(connection, &searched)?;
        let ids: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
        for id in ids {
            let expected = expected.get(id);
            let is_indexed = expected.map(|expected| &expected.entry) == actual.get(id)
                && expected.is_none_or(|expected| {
                    expected.spellings.keys().all(|word| spellings.contains(word))
                });
            if !is_indexed {
                differences.push(format!(
                    "{} {id}: the search index differs from the record",
                    kind.as_str()
                ));
            }
            if expected.and_then(|expected| expected.folded.as_ref()) != folded.get(id) {
                differences.push(format!(
                    "{} {id}: the column of the text filter differs from the record",
                    kind.as_str()
                ));
            }
        }
    }
    differences.extend(search_notes::differences(connection, &spellings)?);
    Ok(differences)
}

/// The words that a misspelt word can match.
fn spellings(connection: &mut DbConnection) -> Result<HashSet<String>, Error> {
    let words = search_spellings::table.select(search_spellings::word).load(connection)?;
    Ok(words.into_iter().collect())
}

/// The column `folded` of each record, keyed by id. Empty if the table has no such column.
fn folded(
    connection: &mut DbConnection,
    searched: &Searched,
) -> Result<HashMap<String, String>, Error> {
    if searched.filtered.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = Sql::new(format!("SELECT id, folded FROM {}", searched.table));
    Ok(query::pairs(connection, sql)?.into_iter().collect())
}

/// The number of records in one read.
const CHUNK: usize = 500;

/// The ids of all records of the kind.
fn ids(connection: &mut DbConnection, searched: &Searched) -> Result<Vec<String>, Error> {
    let table = searched.table;
    let ids =
        query::pairs(connection, Sql::new(format!("SELECT id, id FROM {table} ORDER BY id")))?;
    Ok(ids.into_iter().map(|(id, _)| id).collect())
}
