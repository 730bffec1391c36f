//! The numbers of clauses and caveats. A number is unique in the agreement of the clause or in the proposal of the
//! caveat.

use std::collections::{BTreeSet, HashMap};

use diesel::query_dsl::LoadQuery;
use diesel::sql_types::Text;

use super::query::{self, Row, Sql, SqlStatement};
use super::rows::{Column, Rows};
use super::{DbConnection, Error};
use crate::domain::{Id, ValidationErrorCode, ValidationErrors};

/// A kind of record that has numbers: its table, and the columns of its container's id and its number.
#[derive(Clone, Copy)]
pub(super) struct Numbered {
    table: &'static str,
    container: &'static str,
    number: &'static str,
}

/// Clauses in agreements.
pub(super) const CLAUSES: Numbered =
    Numbered { table: "clauses", container: "clauses.agreement_id", number: "clauses.number" };

/// Caveats in proposals.
pub(super) const CAVEATS: Numbered =
    Numbered { table: "caveats", container: "caveats.proposal_id", number: "caveats.number" };

impl Numbered {
    /// The start of a statement that reads records by number. Excludes archived records.
    fn in_use(self) -> Sql {
        let Self { table, .. } = self;
        Sql::new(format!(
            "FROM {table} JOIN trackables ON trackables.id = {table}.id WHERE trackables.archived_at IS NULL AND "
        ))
    }

    /// The records with these names, keyed by name. A name is the id of the container, `/`, and the number.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn by_names<R>(
        self,
        connection: &mut DbConnection,
        names: &[impl AsRef<str>],
    ) -> Result<HashMap<String, R>, Error>
    where
        R: Row,
        SqlStatement<(Text, <R as Row>::SqlType)>: for<'q> LoadQuery<'q, DbConnection, (String, R)>,
    {
        let dialect = connection.dialect();
        let Self { container, number, .. } = self;
        let name = format!("{container} || '/' || {number}");
        let containers: Vec<&str> =
            names.iter().filter_map(|name| name.as_ref().split('/').next()).collect();
        // The condition on the container lets the database use an index.
        let tail = self
            .in_use()
            .any_of(dialect, container, &containers)
            .text(" AND ")
            .any_of(dialect, &name, names);
        Ok(query::select_keyed(connection, &name, tail)?.into_iter().collect())
    }

    /// Reads these columns of the records with this number in each of these containers. The result has an additional
    /// first column: the container's id.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn select(
        self,
        connection: &mut DbConnection,
        number: &str,
        containers: &[&str],
        columns: &[Column],
    ) -> Result<Rows, Error> {
        let dialect = connection.dialect();
        let tail = self.in_use().any_of(dialect, self.container, containers).text(" AND ").any_of(
            dialect,
            self.number,
            &[number],
        );
        Rows::select_keyed(connection, self.container, columns, tail)
    }

    /// The containers of these records. Runs at most one statement.
    pub(super) fn containers_of<T, C>(
        self,
        connection: &mut DbConnection,
        ids: &[Id<T>],
    ) -> Result<HashMap<Id<T>, Id<C>>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let Self { table, container, .. } = self;
        let sql = Sql::new(format!("SELECT {table}.id, {container} FROM {table} WHERE "))
            .one_or_any_of(connection.dialect(), &format!("{table}.id"), ids);
        let pairs = query::pairs(connection, sql)?.into_iter();
        Ok(pairs
            .filter_map(|(id, container)| Some((Id::stored(&id)?, Id::stored(&container)?)))
            .collect())
    }

    /// The records that already have these numbers. `names` are pairs of container and number.
    pub(super) fn owners(
        self,
        connection: &mut DbConnection,
        names: &[(&str, &str)],
    ) -> Result<NumberOwners, Error> {
        let Self { table, container, number } = self;
        let dialect = connection.dialect();
        let containers: BTreeSet<&str> = names.iter().map(|(container, _)| *container).collect();
        let numbers: BTreeSet<&str> = names.iter().map(|(_, number)| *number).collect();
        let sql = Sql::new(format!(
            "SELECT {container} || '/' || {number}, {table}.id FROM {table} WHERE "
        ))
        .one_or_any_of(dialect, container, &Vec::from_iter(containers))
        .text(" AND ")
        .one_or_any_of(dialect, number, &Vec::from_iter(numbers));
        Ok(NumberOwners(query::pairs(connection, sql)?.into_iter().collect()))
    }
}

/// The ids of records, keyed by name: the id of the container, `/`, and the number.
pub(super) struct NumberOwners(HashMap<String, String>);

impl NumberOwners {
    /// Adds an error if another record in the container has the number. Archived records keep their numbers.
    pub(super) fn check<T>(
        &self,
        container: &str,
        number: &str,
        own_id: Id<T>,
        errors: &mut ValidationErrors,
    ) {
        let owner = self.0.get(&format!("{container}/{number}"));
        if owner.is_some_and(|id| id.as_str() != own_id.as_str()) {
            let message = format!(
                "“{number}” is taken by another record (archived records keep their numbers)"
            );
            errors.add(ValidationErrorCode::Duplicate, "number", message);
        }
    }
}
