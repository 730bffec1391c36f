//! The search index as a whole: made anew from the records, and compared with them.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::query::{self, Sql};
use super::schema::{search_documents, search_index, search_words};
use super::search::{Searched, index, kept, read};
use super::{DbConnection, Error, agreement, caveat, clause, event, proposal, session, source};
use crate::domain::Choice;
use crate::domain::search::{self, SearchKind};

/// How records of this kind are searched.
#[must_use]
pub fn searched(kind: SearchKind) -> Searched {
    match kind {
        SearchKind::Agreement => agreement::SEARCHED,
        SearchKind::Clause => clause::SEARCHED,
        SearchKind::Proposal => proposal::SEARCHED,
        SearchKind::Caveat => caveat::SEARCHED,
        SearchKind::Event => event::SEARCHED,
        SearchKind::Source => source::SEARCHED,
    }
}

/// Makes the index anew where it was made by another version of the code, or not yet. Nobody writes meanwhile.
///
/// # Errors
/// Those of the database.
pub(super) fn refresh(connection: &mut DbConnection) -> Result<(), Error> {
    if version(connection)? == search::VERSION {
        return Ok(());
    }
    session::begin(connection, "BEGIN IMMEDIATE", "BEGIN")?;
    let outcome = rebuild(connection);
    session::end(connection, outcome.is_ok())?;
    outcome
}

fn version(connection: &mut DbConnection) -> Result<i32, Error> {
    Ok(search_index::table.select(search_index::version).first(connection)?)
}

fn rebuild(connection: &mut DbConnection) -> Result<(), Error> {
    session::lock_log(connection)?;
    if version(connection)? == search::VERSION {
        // Another server was faster.
        return Ok(());
    }
    make(connection)
}

/// Makes the index anew, in a transaction that has locked the change log.
///
/// # Errors
/// Those of the database.
pub(super) fn make(connection: &mut DbConnection) -> Result<(), Error> {
    diesel::delete(search_words::table).execute(connection)?;
    diesel::delete(search_documents::table).execute(connection)?;
    for kind in SearchKind::ALL {
        let searched = searched(*kind);
        for ids in ids(connection, &searched)?.chunks(CHUNK) {
            index(connection, &searched, ids)?;
        }
    }
    diesel::update(search_index::table)
        .set(search_index::version.eq(search::VERSION))
        .execute(connection)?;
    Ok(())
}

/// Compares what the index has with what it should have. Each difference is a sentence.
///
/// # Errors
/// Those of the database.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let mut differences = Vec::new();
    for kind in SearchKind::ALL {
        let mut right = BTreeMap::new();
        let searched = searched(*kind);
        for ids in ids(connection, &searched)?.chunks(CHUNK) {
            right.extend(read(connection, &searched, ids)?);
        }
        let found = kept(connection, *kind)?;
        let ids: BTreeSet<&String> = right.keys().chain(found.keys()).collect();
        for id in ids.into_iter().filter(|id| right.get(*id) != found.get(*id)) {
            differences.push(format!(
                "{} {id}: the search index does not have what the record says",
                kind.as_str()
            ));
        }
    }
    Ok(differences)
}

/// How many records are read at once.
const CHUNK: usize = 500;

/// The ids of all records that are searched so.
fn ids(connection: &mut DbConnection, searched: &Searched) -> Result<Vec<String>, Error> {
    let table = searched.table;
    let ids =
        query::pairs(connection, Sql::new(format!("SELECT id, id FROM {table} ORDER BY id")))?;
    Ok(ids.into_iter().map(|(id, _)| id).collect())
}
