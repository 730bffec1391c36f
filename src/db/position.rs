//! The positions of clauses in agreements and of caveats in proposals: 1, 2, 3 and so on, without gaps.
//!
//! Inserting or moving a record shifts the records that follow it. Archived records keep their positions. Writers hold the
//! lock of the change log, so only one transaction at a time reads and sets positions.

use std::collections::HashMap;

use serde_json::Value;

use super::query::{self, Sql};
use super::{DbConnection, Error};

/// A kind of record that has positions: its table, and the column of its container's id.
#[derive(Debug, Clone, Copy)]
pub struct Positions {
    table: &'static str,
    container: &'static str,
}

/// Clauses in agreements.
pub const CLAUSES: Positions = Positions { table: "clauses", container: "agreement_id" };

/// Caveats in proposals.
pub const CAVEATS: Positions = Positions { table: "caveats", container: "proposal_id" };

impl Positions {
    /// Shifts the other records of a container so that a record can get the position `to`. Returns the position that
    /// the record gets: `to`, but at most the last position. `from` is the record's current position, or `None` for a
    /// new record. Must run before the record is written.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn make_room(
        self,
        connection: &mut DbConnection,
        container: &str,
        from: Option<i32>,
        to: i32,
    ) -> Result<i32, Error> {
        if from == Some(to) {
            return Ok(to);
        }
        let last = self.last(connection, container)?;
        let (step, first, end) = match from {
            Some(from) if to < from => ("+ 1", to, from - 1),
            Some(from) => ("- 1", from + 1, to.min(last)),
            None => ("+ 1", to, last),
        };
        let Self { table, container: column } = self;
        if first <= end {
            let sql = Sql::new(format!(
                "UPDATE {table} SET position = position {step} WHERE {column} = "
            ))
            .bind(container)
            .text(" AND position BETWEEN ")
            .bind_integer(first)
            .text(" AND ")
            .bind_integer(end);
            query::execute(connection, sql)?;
        }
        Ok(to.min(if from.is_some() { last } else { last + 1 }))
    }

    /// The last position in a container. 0 if it is empty.
    pub(super) fn last(self, connection: &mut DbConnection, container: &str) -> Result<i32, Error> {
        let Self { table, container: column } = self;
        let sql = Sql::new(format!(
            "SELECT '', CAST(coalesce(max(position), 0) AS BIGINT) FROM {table} WHERE {column} = "
        ))
        .bind(container);
        let last = query::counts(connection, sql)?.pop().map_or(0, |(_, last)| last);
        Ok(i32::try_from(last).unwrap_or(i32::MAX - 1))
    }

    /// The ids of the records in each of these containers, in order, keyed by container.
    ///
    /// # Errors
    /// Database errors.
    pub fn in_order(
        self,
        connection: &mut DbConnection,
        containers: &[impl AsRef<str>],
    ) -> Result<HashMap<String, Vec<String>>, Error> {
        let Self { table, container } = self;
        let sql = Sql::new(format!("SELECT {container}, id FROM {table} WHERE "))
            .any_of(connection.dialect(), container, containers)
            .text(format!(" ORDER BY {container}, position, id"));
        let mut ids: HashMap<String, Vec<String>> = HashMap::new();
        for (container, id) in query::pairs(connection, sql)? {
            ids.entry(container).or_default().push(id);
        }
        Ok(ids)
    }

    /// Sets the positions of these records to 1, 2, 3 and so on with one statement. Each list must contain the ids of
    /// all records of a container.
    ///
    /// # Errors
    /// Database errors.
    pub fn set(
        self,
        connection: &mut DbConnection,
        containers: impl Iterator<Item = Vec<String>>,
    ) -> Result<(), Error> {
        let rows = containers.flat_map(|ids| {
            (1..)
                .zip(ids)
                .map(|(position, id): (i32, String)| {
                    Value::from(vec![Value::from(id), Value::from(position)])
                })
                .collect::<Vec<_>>()
        });
        let rows: Value = rows.collect();
        let table = self.table;
        let columns = [("id", "TEXT"), ("position", "INTEGER")];
        let sql = Sql::new(format!("UPDATE {table} SET position = placed.position FROM ("))
            .select_given(connection.dialect(), &columns, &rows)
            .text(format!(
                ") AS placed WHERE placed.id = {table}.id AND placed.position <> {table}.position"
            ));
        query::execute(connection, sql)?;
        Ok(())
    }

    /// Describes in a sentence each container whose positions are not 1, 2, 3 and so on.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn differences(self, connection: &mut DbConnection) -> Result<Vec<String>, Error> {
        let Self { table, container } = self;
        let sql = Sql::new(format!(
            "SELECT {container}, CAST(count(*) AS TEXT) FROM {table} GROUP BY {container} \
             HAVING count(DISTINCT position) <> count(*) OR max(position) <> count(*) ORDER BY {container}"
        ));
        let sentence = |(container, number): (String, String)| {
            format!("{table} of {container}: the positions are not 1 to {number}")
        };
        Ok(query::pairs(connection, sql)?.into_iter().map(sentence).collect())
    }
}
