//! Numbers: those of clauses are unique in their agreement, those of caveats in their proposal.

use std::collections::HashMap;

use diesel::query_dsl::LoadQuery;
use diesel::sql_types::Text;

use super::query::{self, Row, Sql, SqlStatement};
use super::rows::{Column, Rows};
use super::{DbConnection, Error};
use crate::domain::{Id, ValidationErrorCode, ValidationErrors};

/// The records of a kind that have numbers, and what contains them.
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

    /// The records with these names, by name. A name is the id of the container, `/`, and the number.
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
        // The condition on the container uses an index.
        let tail = self
            .in_use()
            .any_of(dialect, container, &containers)
            .text(" AND ")
            .any_of(dialect, &name, names);
        Ok(query::select_keyed(connection, &name, tail)?.into_iter().collect())
    }

    /// These columns of the records with this number in each of these containers. The container's id is at position 0.
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

    /// Adds an error if another record in the container has the number. Archived records keep their numbers.
    pub(super) fn check_taken<T>(
        self,
        connection: &mut DbConnection,
        container_id: &str,
        number: &str,
        own_id: Id<T>,
        errors: &mut ValidationErrors,
    ) -> Result<(), Error> {
        let Self { table, container, number: column } = self;
        let sql = Sql::new(format!("SELECT id, id FROM {table} WHERE {column} = "))
            .bind(number)
            .text(" AND id <> ")
            .bind(own_id.as_str())
            .text(format!(" AND {container} = "))
            .bind(container_id);
        if !query::pairs(connection, sql)?.is_empty() {
            let message = format!(
                "“{number}” is taken by another record (archived records keep their numbers)"
            );
            errors.add(ValidationErrorCode::Duplicate, "number", message);
        }
        Ok(())
    }
}
