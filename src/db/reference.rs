//! Checks that referenced records exist.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::kind_table::referred_table;
use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error};
use crate::domain::{GlobalId, Id, Reference, ValidationErrorCode, ValidationErrors};

/// The referenced records that exist, each as its table and its id.
#[derive(Debug, Default)]
pub(super) struct ExistingRecords(HashSet<(String, String)>);

impl ExistingRecords {
    /// Reads which of the referenced records exist. Runs at most one statement.
    pub(super) fn read<'a>(
        connection: &mut DbConnection,
        references: impl IntoIterator<Item = &'a Reference>,
    ) -> Result<Self, Error> {
        match existing(connection.dialect(), references) {
            Some(sql) => Ok(Self(query::pairs(connection, sql)?.into_iter().collect())),
            None => Ok(Self::default()),
        }
    }

    /// Adds the records that [`existing_as_text`] selected.
    pub(super) fn extend(&mut self, existing: Vec<String>) {
        let pair = |text: String| {
            let (table, id) = text.split_once(' ')?;
            Some((table.to_owned(), id.to_owned()))
        };
        self.0.extend(existing.into_iter().filter_map(pair));
    }

    fn has(&self, reference: &Reference) -> bool {
        self.0.contains(&(referred_table(reference.kinds).to_owned(), reference.id.clone()))
    }
}

/// Selects the table and id of the existing records. `None` if there are no references.
fn existing<'a>(
    dialect: Dialect,
    references: impl IntoIterator<Item = &'a Reference>,
) -> Option<Sql> {
    let mut tables: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for reference in references {
        tables.entry(referred_table(reference.kinds)).or_default().insert(reference.id.as_str());
    }
    let selects = tables.into_iter().map(|(table, ids)| {
        Sql::new(format!("SELECT '{table}' AS table_name, id FROM {table} WHERE ")).any_of(
            dialect,
            "id",
            &Vec::from_iter(ids),
        )
    });
    selects.reduce(|all, select| all.text(" UNION ALL ").append(select))
}

/// The expression for a JSON array of the referenced records that exist. Each element consists of the table, a space
/// and the id. The expression is used inside a larger statement.
pub(super) fn existing_as_text<'a>(
    dialect: Dialect,
    references: impl IntoIterator<Item = &'a Reference>,
) -> Sql {
    let Some(existing) = existing(dialect, references) else { return Sql::new("'[]'") };
    let (before, after) = match dialect {
        Dialect::Sqlite => ("(SELECT json_group_array(table_name || ' ' || id)", ")"),
        Dialect::Postgres => {
            ("coalesce((SELECT json_agg(table_name || ' ' || id)", ")::text, '[]')")
        }
    };
    Sql::new(format!("{before} FROM (")).append(existing).text(format!(") AS existing{after}"))
}

/// Adds an error for each reference to a missing record, in order.
pub(super) fn add_missing(
    references: &[Reference],
    existing: &ExistingRecords,
    errors: &mut ValidationErrors,
) {
    for reference in references {
        if existing.has(reference) {
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
