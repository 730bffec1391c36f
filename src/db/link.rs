//! Ordered links from a record to other records, such as the actors of an event.

use std::collections::HashMap;

use serde_json::Value;

use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error};
use crate::domain::{Id, StringEnum};

/// A table of links. It has a column for each of the two linked records, and the column `position`, which starts at 1.
#[derive(Clone, Copy)]
pub(super) struct Links {
    table: &'static str,
    /// The column that refers to the record that owns the links.
    from: &'static str,
    /// The column that refers to the linked record.
    to: &'static str,
    role: Option<&'static str>,
}

impl Links {
    /// All links in the table, whatever their role.
    pub(super) const fn new(table: &'static str, from: &'static str, to: &'static str) -> Self {
        Self { table, from, to, role: None }
    }

    /// Only the links with this value in the column `role`.
    pub(super) fn with_role(self, role: impl StringEnum) -> Self {
        Self { role: Some(role.as_str()), ..self }
    }

    /// The linked records, in order, keyed by the record that owns the links.
    pub(super) fn load<F, T>(
        self,
        connection: &mut DbConnection,
        ids: &[Id<F>],
    ) -> Result<HashMap<String, Vec<Id<T>>>, Error> {
        let Self { table, from, to, .. } = self;
        let sql = Sql::new(format!("SELECT {from}, {to} FROM {table} WHERE ")).one_or_any_of(
            connection.dialect(),
            from,
            ids,
        );
        let sql = self.and_role(sql).text(format!(" ORDER BY {from}, position"));
        let mut links: HashMap<String, Vec<Id<T>>> = HashMap::new();
        for (id, linked) in query::pairs(connection, sql)? {
            links.entry(id).or_default().extend(Id::stored(&linked));
        }
        Ok(links)
    }

    /// Adds links to each of these records with one statement. The old links must already be deleted.
    pub(super) fn insert<'a, F: 'a, T: 'a>(
        self,
        connection: &mut DbConnection,
        links: impl Iterator<Item = (Id<F>, &'a Vec<Id<T>>)>,
    ) -> Result<(), Error> {
        let rows = links.flat_map(|(id, linked)| {
            (1..).zip(linked).map(move |(position, linked): (i32, &Id<T>)| {
                Value::from(vec![
                    Value::from(id.as_str()),
                    Value::from(linked.as_str()),
                    Value::from(position),
                ])
            })
        });
        let rows: Vec<Value> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        let Self { table, from, to, role } = self;
        let (role_column, role) = match role {
            Some(role) => (", role", format!(", '{role}'")),
            None => ("", String::new()),
        };
        let columns = [("record_id", "TEXT"), ("linked_id", "TEXT"), ("position", "INTEGER")];
        let sql = Sql::new(format!(
            "INSERT INTO {table} ({from}, {to}, position{role_column}) \
             SELECT links.record_id, links.linked_id, links.position{role} FROM ("
        ))
        .select_given(connection.dialect(), &columns, &rows.into())
        .text(") AS links");
        query::execute(connection, sql)?;
        Ok(())
    }

    /// The expression for a JSON array of the linked ids of the record whose id is in the column `id`, in order.
    pub(super) fn as_text(self, dialect: Dialect, id: &str) -> String {
        let Self { table, from, to, .. } = self;
        let role = self.role.map_or_else(String::new, |role| format!(" AND role = '{role}'"));
        let linked = format!("FROM {table} WHERE {from} = {id}{role}");
        match dialect {
            Dialect::Sqlite => {
                format!(
                    "(SELECT json_group_array({to}) FROM (SELECT {to} {linked} ORDER BY position))"
                )
            }
            Dialect::Postgres => {
                format!("coalesce((SELECT json_agg({to} ORDER BY position) {linked})::text, '[]')")
            }
        }
    }

    /// Deletes the links of a record.
    pub(super) fn delete<F>(self, connection: &mut DbConnection, id: Id<F>) -> Result<(), Error> {
        let Self { table, from, .. } = self;
        let sql = Sql::new(format!("DELETE FROM {table} WHERE {from} = ")).bind(id.as_str());
        query::execute(connection, self.and_role(sql))?;
        Ok(())
    }

    fn and_role(self, sql: Sql) -> Sql {
        match self.role {
            Some(role) => sql.text(" AND role = ").bind(role),
            None => sql,
        }
    }
}
