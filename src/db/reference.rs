//! References of a record to others: which of them exist.

use std::collections::{BTreeMap, HashSet};

use super::kind_table::referred_table;
use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error};
use crate::domain::{GlobalId, Id, Reference, ValidationErrorCode, ValidationErrors};

/// Which of the records that something refers to exist: table and id.
#[derive(Debug, Default)]
pub(super) struct Found(HashSet<(String, String)>);

impl Found {
    /// Reads what [`existing_as_text`] selects.
    pub(super) fn parse(found: Vec<String>) -> Self {
        let pair = |text: String| {
            let (table, id) = text.split_once(' ')?;
            Some((table.to_owned(), id.to_owned()))
        };
        Self(found.into_iter().filter_map(pair).collect())
    }

    fn has(&self, reference: &Reference) -> bool {
        self.0.contains(&(referred_table(reference.kinds).to_owned(), reference.id.clone()))
    }
}

/// Selects table and id of those of the records that exist; nothing where there are no references.
fn found(dialect: Dialect, references: &[Reference]) -> Option<Sql> {
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for reference in references {
        tables.entry(referred_table(reference.kinds)).or_default().push(reference.id.as_str());
    }
    let selects = tables.into_iter().map(|(table, ids)| {
        Sql::new(format!("SELECT '{table}' AS table_name, id FROM {table} WHERE "))
            .any_of(dialect, "id", &ids)
    });
    selects.reduce(|all, select| all.text(" UNION ALL ").append(select))
}

/// The expression for a JSON array of the records that exist, each as its table, a space and its id: for a statement that
/// has something else to read.
pub(super) fn existing_as_text(dialect: Dialect, references: &[Reference]) -> Sql {
    let Some(found) = found(dialect, references) else { return Sql::new("'[]'") };
    let (before, after) = match dialect {
        Dialect::Sqlite => ("(SELECT json_group_array(table_name || ' ' || id)", ")"),
        Dialect::Postgres => {
            ("coalesce((SELECT json_agg(table_name || ' ' || id)", ")::text, '[]')")
        }
    };
    Sql::new(format!("{before} FROM (")).append(found).text(format!(") AS found{after}"))
}

/// Notes a fault for every reference to nothing, in the order of the references, with one statement where there are any.
pub(super) fn check_references(
    connection: &mut DbConnection,
    references: &[Reference],
    errors: &mut ValidationErrors,
) -> Result<(), Error> {
    let found = match found(connection.dialect(), references) {
        Some(sql) => Found(query::pairs(connection, sql)?.into_iter().collect()),
        None => return Ok(()),
    };
    note_missing(references, &found, errors);
    Ok(())
}

/// Notes a fault for every reference to nothing, in the order of the references.
pub(super) fn note_missing(references: &[Reference], found: &Found, errors: &mut ValidationErrors) {
    for reference in references {
        if found.has(reference) {
            continue;
        }
        let words: Vec<String> = reference.kinds.iter().map(|kind| kind.words()).collect();
        let id = match (reference.kinds, Id::<()>::parse(&reference.id)) {
            ([kind], Some(id)) => GlobalId::new(*kind, id).encode(),
            _ => reference.id.clone(),
        };
        let message = format!("there is no {} with the id “{id}”", words.join(" or "));
        errors.add(ValidationErrorCode::NotFound, &reference.path, message);
    }
}
