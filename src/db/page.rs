//! Pages of lists. One statement reads a page of a whole table, or one page for each of many parents.

use std::collections::HashMap;
use std::hash::Hash;

use super::query::{self, Sql, json_array};
use super::rows::{self, Column};
use super::sort::{SortKey, SortValue};
use super::{DbConnection, Dialect, Error};
use crate::domain::Kind;

/// The requested page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Page {
    /// Maximum number of rows.
    pub size: i32,
    /// Whether to return the last rows instead of the first.
    pub from_end: bool,
    /// Selects only rows after the record with these sort values. The record may no longer exist.
    pub after: Option<Vec<SortValue>>,
    /// Selects only rows before the record with these sort values.
    pub before: Option<Vec<SortValue>>,
}

/// One page, in the order of the list.
#[derive(Debug, Clone)]
pub struct Rows<R> {
    /// The rows.
    pub rows: Vec<R>,
    /// Whether more rows follow in the direction of paging.
    pub more: bool,
}

impl<R> Default for Rows<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: false }
    }
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest or earliest first.
    Ascending,
    /// Largest or latest first.
    Descending,
}

/// A list that can be read page by page. The API calls it a connection.
pub trait List: Clone + Eq + Hash + Send + Sync + 'static {
    /// The kind of the listed records.
    const KIND: Kind;

    /// A number that identifies the order, if the list has several. A cursor is valid only for the order for which it was
    /// created.
    fn order_tag(&self) -> u8 {
        0
    }

    /// The sort keys. Their expressions are never null, and the last one is unique.
    fn sort_keys(&self) -> &'static [SortKey];

    /// The SQL of the list.
    fn listing(&self, connection: &DbConnection) -> Listing;

    /// The column of the records' ids.
    const ID: Column;

    /// Reads these columns of one page of each parent's list. A list without parents has one page, under the key `""`.
    ///
    /// # Errors
    /// Database errors.
    fn select(
        &self,
        connection: &mut DbConnection,
        page: &Page,
        parents: &[&str],
        columns: &[Column],
    ) -> Result<Pages, Error> {
        self.listing(connection).select(connection, page, parents, columns)
    }

    /// The number of rows of each parent's list. Parents without rows may be missing.
    ///
    /// # Errors
    /// Database errors.
    fn counts(
        &self,
        connection: &mut DbConnection,
        parents: &[&str],
    ) -> Result<HashMap<String, i64>, Error> {
        self.listing(connection).counts(connection, parents)
    }
}

/// Pages of one list, with the selected columns. The first column is the parent's id, and the second is the row's id.
#[derive(Debug, Default)]
pub struct Pages {
    /// The rows of all pages.
    pub rows: rows::Rows,
    /// Each parent's page.
    pub by_parent: HashMap<String, Selected>,
}

/// The rows of a page, in the order of the list.
#[derive(Debug, Clone, Default)]
pub struct Selected {
    /// Indexes into the rows of all pages.
    pub rows: Vec<usize>,
    /// Whether more rows follow in the direction of paging.
    pub more: bool,
}

impl Pages {
    fn new(page: &Page, rows: rows::Rows) -> Self {
        let size = usize::try_from(page.size).unwrap_or_default();
        let mut by_parent: HashMap<String, Selected> = HashMap::new();
        for row in 0..rows.len() {
            let parent = rows.text(row, 0).unwrap_or_default();
            if !by_parent.contains_key(parent) {
                by_parent.insert(parent.to_owned(), Selected::default());
            }
            let Some(selected) = by_parent.get_mut(parent) else { continue };
            if selected.rows.len() == size {
                selected.more = true;
            } else {
                selected.rows.push(row);
            }
        }
        if page.from_end {
            for selected in by_parent.values_mut() {
                selected.rows.reverse();
            }
        }
        Self { rows, by_parent }
    }
}

/// The parts of the SQL statements that read a list.
pub struct Listing {
    /// The table that contains the records.
    pub table: &'static str,
    /// The joined tables of the list.
    pub from: &'static str,
    /// The tables that the conditions and the order need, if these are fewer than the tables in `from`.
    pub keys_from: Option<&'static str>,
    /// The condition that selects a parent's rows. `{parent}` is replaced by the parent's id. `None` if the list has no
    /// parents.
    pub parent: Option<&'static str>,
    /// Conditions, all of which must hold.
    pub conditions: Vec<Sql>,
    /// The sort keys.
    pub order: &'static [SortKey],
    /// The common direction of the sort keys.
    pub direction: Direction,
}

/// A view of the database that assigns the rows of a list to parents. It has the columns of the list and the parent's
/// id. A row may occur several times, even for the same parent.
#[derive(Debug, Clone, Copy)]
pub struct Membership {
    /// The view.
    pub view: &'static str,
    /// The column that contains the parent's id.
    pub parent: &'static str,
}

impl Listing {
    /// All rows of a table, in ascending order.
    #[must_use]
    pub fn of(table: &'static str, order: &'static [SortKey]) -> Self {
        Self {
            table,
            from: table,
            keys_from: None,
            parent: None,
            conditions: Vec::new(),
            order,
            direction: Direction::Ascending,
        }
    }

    /// Reads these columns of one page of each parent's list.
    ///
    /// # Errors
    /// Database errors.
    pub fn select(
        self,
        connection: &mut DbConnection,
        page: &Page,
        parents: &[&str],
        columns: &[Column],
    ) -> Result<Pages, Error> {
        let dialect = connection.dialect();
        let forward = (self.direction == Direction::Ascending) != page.from_end;
        let order_by = self.order_by(if forward { "ASC" } else { "DESC" });
        let (table, from) = (self.table, self.from);
        let mut selected = vec![if self.parent.is_some() { "parent.value" } else { "''" }];
        selected.extend_from_slice(columns);
        let tail = match (self.parent, parents) {
            (None, _) => Sql::new(format!("FROM {from} WHERE "))
                .append(self.conditions(page))
                .text(format!(" ORDER BY {order_by} LIMIT "))
                // Reads one extra row to find out whether another page follows.
                .bind_integer(page.size + 1),
            (Some(_), [parent]) => {
                let text = match dialect {
                    Dialect::Sqlite => "FROM (SELECT ",
                    Dialect::Postgres => "FROM (SELECT CAST(",
                };
                let end = match dialect {
                    Dialect::Sqlite => " AS value) AS parent",
                    Dialect::Postgres => " AS text) AS value) AS parent",
                };
                Sql::new(text)
                    .bind(*parent)
                    .text(format!("{end} CROSS JOIN {from} WHERE "))
                    .append(self.conditions(page))
                    .text(format!(" ORDER BY {order_by} LIMIT "))
                    .bind_integer(page.size + 1)
            }
            (Some(_), parents) => {
                let row = row_address(dialect);
                let inside = Sql::new(format!("SELECT {table}.{row} FROM {from} WHERE "))
                    .append(self.conditions(page))
                    .text(format!(" ORDER BY {order_by} LIMIT "))
                    .bind_integer(page.size + 1);
                of_each_parent(dialect, table, from, json_array(parents), inside, &order_by)
            }
        };
        Ok(Pages::new(page, rows::Rows::select(connection, &selected, tail)?))
    }

    /// Reads these columns of one page of each parent's list. `membership` assigns rows to parents.
    ///
    /// # Errors
    /// Database errors.
    pub fn select_among(
        self,
        membership: Membership,
        connection: &mut DbConnection,
        page: &Page,
        parents: &[&str],
        columns: &[Column],
    ) -> Result<Pages, Error> {
        let (parent, tail) = self.among(membership, connection.dialect(), page, parents);
        // As in all `Pages`, the first column is the parent's id.
        let rows = rows::Rows::select_keyed(connection, &parent, columns, tail)?;
        Ok(Pages::new(page, rows))
    }

    /// The parent's column, and the part of the statement after the selected columns.
    fn among(
        self,
        membership: Membership,
        dialect: Dialect,
        page: &Page,
        parents: &[impl AsRef<str>],
    ) -> (String, Sql) {
        let forward = (self.direction == Direction::Ascending) != page.from_end;
        let order_by = self.order_by(if forward { "ASC" } else { "DESC" });
        let table = self.table;
        let parent = format!("{table}.{}", membership.parent);
        let place = format!("row_number() OVER (PARTITION BY {parent} ORDER BY {order_by})");
        let tail = Sql::new(format!("FROM (SELECT {table}.*, {place} AS place FROM ("))
            .text(format!("SELECT DISTINCT {table}.* FROM {} AS {table} WHERE ", membership.view))
            .append(self.members(&parent, dialect, page, parents))
            .text(format!(") AS {table}) AS {table} WHERE {table}.place <= "))
            // Reads one extra row to find out whether another page follows.
            .bind_integer(page.size + 1)
            .text(format!(" ORDER BY {parent}, {table}.place"));
        (parent, tail)
    }

    /// The number of rows of each parent's list. `membership` assigns rows to parents. Excludes parents without rows.
    ///
    /// # Errors
    /// Database errors.
    pub fn counts_among(
        self,
        membership: Membership,
        connection: &mut DbConnection,
        parents: &[impl AsRef<str>],
    ) -> Result<HashMap<String, i64>, Error> {
        let everything = Page { size: 0, from_end: false, after: None, before: None };
        let table = self.table;
        let parent = format!("{table}.{}", membership.parent);
        let sql = Sql::new(format!("SELECT {parent}, count(DISTINCT {table}.id) "))
            .text(format!("FROM {} AS {table} WHERE ", membership.view))
            .append(self.members(&parent, connection.dialect(), &everything, parents))
            .text(format!(" GROUP BY {parent}"));
        Ok(query::counts(connection, sql)?.into_iter().collect())
    }

    /// The condition that a row belongs to one of these parents and to the page.
    fn members(
        self,
        parent: &str,
        dialect: Dialect,
        page: &Page,
        parents: &[impl AsRef<str>],
    ) -> Sql {
        Sql::default().any_of(dialect, parent, parents).text(" AND ").append(self.conditions(page))
    }

    /// The number of rows of each parent's list. Excludes parents without rows.
    ///
    /// # Errors
    /// Database errors.
    pub fn counts(
        self,
        connection: &mut DbConnection,
        parents: &[impl AsRef<str>],
    ) -> Result<HashMap<String, i64>, Error> {
        let dialect = connection.dialect();
        let everything = Page { size: 0, from_end: false, after: None, before: None };
        let (table, parent) = (self.table, self.parent);
        let from = self.keys_from.unwrap_or(self.from);
        let conditions = self.conditions(&everything);
        let sql = if parent.is_some() {
            let head = Sql::new(format!("SELECT parent.value, count({table}.id) FROM "));
            head.each(dialect, "parent", parents)
                .text(format!(" CROSS JOIN {from} WHERE "))
                .append(conditions)
                .text(" GROUP BY parent.value")
        } else {
            Sql::new(format!("SELECT '', count({table}.id) FROM {from} WHERE ")).append(conditions)
        };
        Ok(query::counts(connection, sql)?.into_iter().collect())
    }

    fn order_by(&self, direction: &str) -> String {
        let keys: Vec<String> =
            self.order.iter().map(|key| format!("{} {direction}", key.expression)).collect();
        keys.join(", ")
    }

    fn conditions(self, page: &Page) -> Sql {
        let mut sql = match self.parent {
            Some(parent) => Sql::new(parent.replace("{parent}", "parent.value")),
            None => Sql::new("1 = 1"),
        };
        let keys: Vec<&str> = self.order.iter().map(|key| key.expression).collect();
        let (after, before) = match self.direction {
            Direction::Ascending => (">", "<"),
            Direction::Descending => ("<", ">"),
        };
        for (cursor, comparison) in [(&page.after, after), (&page.before, before)] {
            let Some(values) = cursor else { continue };
            sql = sql.text(format!(" AND ({}) {comparison} (", keys.join(", ")));
            for (index, value) in values.iter().enumerate() {
                sql = value.bind(if index == 0 { sql } else { sql.text(", ") });
            }
            sql = sql.text(")");
        }
        for condition in self.conditions {
            sql = sql.text(" AND ").append(condition);
        }
        sql
    }
}

/// The physical address of a stored row. Finding a row by its address needs no index. The address is valid within one
/// statement.
fn row_address(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "rowid",
        Dialect::Postgres => "ctid",
    }
}

/// The part of a statement after the selected columns. The statement reads one page for each of several parents.
fn of_each_parent(
    dialect: Dialect,
    table: &str,
    from: &str,
    parents: String,
    inside: Sql,
    order_by: &str,
) -> Sql {
    match dialect {
        Dialect::Sqlite => Sql::new("FROM json_each(")
            .bind(parents)
            .text(format!(") AS parent CROSS JOIN {from} WHERE {table}.rowid IN ("))
            .append(inside)
            .text(format!(") ORDER BY parent.key, {order_by}")),
        Dialect::Postgres => Sql::new("FROM json_array_elements_text(")
            .bind(parents)
            .text("::json) WITH ORDINALITY AS parent (value, key) CROSS JOIN LATERAL (")
            .append(inside)
            .text(format!(
                ") AS page (address) CROSS JOIN {from} WHERE {table}.ctid = page.address"
            ))
            .text(format!(" ORDER BY parent.key, {order_by}")),
    }
}
