//! Rows with selected columns.
//!
//! The row types of the record modules, such as `ClauseRow`, contain all columns and are used for writes. A response
//! needs few columns of many rows. So rows are read into one text buffer and a table of cells, without a Rust value for
//! each field.

use std::collections::HashMap;
use std::fmt::Write;

use chrono::{DateTime, Datelike, Days, NaiveDate};
use diesel::connection::LoadConnection;
use diesel::pg::PgValue;
use diesel::query_dsl::LoadQuery;
use diesel::row::{Field, Row};
use diesel::sql_types::{Text, Untyped};
use diesel::sqlite::{SqliteType, SqliteValue};

use super::connection::MultiRawValue;
use super::query::{self, Sql, SqlStatement};
use super::{DbConnection, Error};
use crate::domain::Id;

/// A column in SQL, such as `clauses.number`, or another expression, such as a subquery.
pub type Column = &'static str;

/// Rows with selected columns.
#[derive(Debug, Default)]
pub struct Rows {
    columns: Vec<Column>,
    cells: Vec<Cell>,
    text: String,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Null,
    Integer(i64),
    Float(f64),
    /// A range of the text buffer.
    Text {
        start: usize,
        end: usize,
    },
}

impl Rows {
    /// Runs `SELECT columns tail`. `tail` starts with `FROM`.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn select(
        connection: &mut DbConnection,
        columns: &[Column],
        tail: Sql,
    ) -> Result<Self, Error> {
        let sql = Sql::new(format!("SELECT {} ", columns.join(", "))).append(tail);
        Self::read(connection, columns.to_vec(), sql)
    }

    /// The rows whose first column is one of these ids. `from` may contain `WHERE` and a condition.
    ///
    /// # Errors
    /// Database errors.
    pub fn by_ids(
        connection: &mut DbConnection,
        from: &str,
        columns: &[Column],
        ids: &[Id<()>],
    ) -> Result<Self, Error> {
        let id = columns.first().copied().unwrap_or_default();
        let condition = if from.contains(" WHERE ") { "AND" } else { "WHERE" };
        let tail = Sql::new(format!("FROM {from} {condition} "));
        let tail = match ids {
            [only] => tail.text(format!("{id} = ")).bind(only.as_str()),
            ids => tail.any_of(connection.dialect(), id, ids),
        };
        Self::select(connection, columns, tail)
    }

    /// Like [`Rows::select`], with a key at position 0, before the columns.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn select_keyed(
        connection: &mut DbConnection,
        key: &str,
        columns: &[Column],
        tail: Sql,
    ) -> Result<Self, Error> {
        let mut names = vec!["key"];
        names.extend_from_slice(columns);
        let list = [&[key], columns].concat().join(", ");
        Self::read(connection, names, Sql::new(format!("SELECT {list} ")).append(tail))
    }

    fn read(connection: &mut DbConnection, columns: Vec<Column>, sql: Sql) -> Result<Self, Error> {
        let count = columns.len();
        let mut rows = Self { columns, ..Self::default() };
        let statement = SqlStatement::<Untyped>::new(sql);
        for row in LoadConnection::load(connection, statement)? {
            let row = row?;
            for index in 0..count {
                let field = row.get(index).ok_or(Error::Internal("a column is missing".into()))?;
                let cell = match field.value() {
                    None => Cell::Null,
                    Some(MultiRawValue::Sqlite(value)) => rows.sqlite_cell(value),
                    Some(MultiRawValue::Postgres(value)) => rows.postgres_cell(&value)?,
                };
                rows.cells.push(cell);
            }
        }
        Ok(rows)
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns.len()).unwrap_or_default()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The position of a column in each row. `None` if it was not selected.
    #[must_use]
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|selected| *selected == column)
    }

    /// The text at a position. `None` if it is null.
    #[must_use]
    pub fn text(&self, row: usize, position: usize) -> Option<&str> {
        match self.cell(row, position) {
            Cell::Text { start, end } => self.text.get(start..end),
            _ => None,
        }
    }

    /// The integer at a position. Booleans are 0 or 1. `None` if it is null.
    #[must_use]
    pub fn integer(&self, row: usize, position: usize) -> Option<i64> {
        match self.cell(row, position) {
            Cell::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// The value of a sort key at a position, as text.
    #[must_use]
    pub fn sort_text(&self, row: usize, position: usize) -> String {
        match self.cell(row, position) {
            Cell::Integer(integer) => integer.to_string(),
            _ => self.text(row, position).unwrap_or_default().to_owned(),
        }
    }

    /// The float at a position. `None` if it is null.
    #[must_use]
    pub fn float(&self, row: usize, position: usize) -> Option<f64> {
        match self.cell(row, position) {
            Cell::Float(float) => Some(float),
            _ => None,
        }
    }

    fn cell(&self, row: usize, position: usize) -> Cell {
        let index = row * self.columns.len() + position;
        self.cells.get(index).copied().unwrap_or(Cell::Null)
    }

    fn push_text(&mut self, text: &str) -> Cell {
        let start = self.text.len();
        self.text.push_str(text);
        Cell::Text { start, end: self.text.len() }
    }

    fn sqlite_cell(&mut self, mut value: SqliteValue<'_, '_, '_>) -> Cell {
        match value.value_type() {
            Some(SqliteType::Long | SqliteType::Integer | SqliteType::SmallInt) => {
                Cell::Integer(value.read_long())
            }
            Some(SqliteType::Double | SqliteType::Float) => Cell::Float(value.read_double()),
            Some(SqliteType::Text | SqliteType::Binary) => self.push_text(value.read_text()),
            None => Cell::Null,
        }
    }

    /// Converts a value from PostgreSQL's binary format to the form that SQLite uses.
    fn postgres_cell(&mut self, value: &PgValue<'_>) -> Result<Cell, Error> {
        let bytes = value.as_bytes();
        let malformed = || Error::Internal("a value has an unexpected length".into());
        let cell = match value.get_oid().get() {
            BOOLEAN => Cell::Integer(i64::from(bytes != [0])),
            SMALL_INTEGER => {
                Cell::Integer(i16::from_be_bytes(bytes.try_into().map_err(|_| malformed())?).into())
            }
            INTEGER => {
                Cell::Integer(i32::from_be_bytes(bytes.try_into().map_err(|_| malformed())?).into())
            }
            BIG_INTEGER => {
                Cell::Integer(i64::from_be_bytes(bytes.try_into().map_err(|_| malformed())?))
            }
            DOUBLE => Cell::Float(f64::from_be_bytes(bytes.try_into().map_err(|_| malformed())?)),
            DATE => {
                let days = i32::from_be_bytes(bytes.try_into().map_err(|_| malformed())?);
                let start = self.text.len();
                push_date(&mut self.text, date(days).ok_or_else(malformed)?);
                Cell::Text { start, end: self.text.len() }
            }
            TIMESTAMP => {
                let microseconds = i64::from_be_bytes(bytes.try_into().map_err(|_| malformed())?);
                let start = self.text.len();
                push_instant(&mut self.text, microseconds).ok_or_else(malformed)?;
                Cell::Text { start, end: self.text.len() }
            }
            _ => self.push_text(std::str::from_utf8(bytes).map_err(|_| malformed())?),
        };
        Ok(cell)
    }
}

/// A lookup of rows by key.
#[derive(Debug, Clone, Copy)]
pub struct Lookup {
    /// The text after `FROM`. It ends with `WHERE` or `AND`, and the condition on the key follows.
    pub from: &'static str,
    /// The column of the key.
    pub key: &'static str,
    /// The order of the rows. Empty if a key has at most one row.
    pub order: &'static str,
}

impl Lookup {
    /// Reads these columns of the rows with these keys. The result has an additional first column: the key.
    ///
    /// # Errors
    /// Database errors.
    pub fn select(
        &self,
        connection: &mut DbConnection,
        keys: &[impl AsRef<str>],
        columns: &[Column],
    ) -> Result<Rows, Error> {
        let Self { from, key, order } = self;
        let tail = Sql::new(format!("FROM {from} "));
        let tail = match keys {
            // PostgreSQL rejects texts with NUL. `any_of` omits them.
            [only] if !only.as_ref().contains('\0') => {
                tail.text(format!("{key} = ")).bind(only.as_ref())
            }
            keys => tail.any_of(connection.dialect(), key, keys),
        };
        let tail = if order.is_empty() { tail } else { tail.text(format!(" ORDER BY {order}")) };
        Rows::select_keyed(connection, key, columns, tail)
    }

    /// The complete rows with these keys, grouped by key.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn load<R>(
        &self,
        connection: &mut DbConnection,
        keys: &[impl AsRef<str>],
    ) -> Result<HashMap<String, Vec<R>>, Error>
    where
        R: query::Row,
        SqlStatement<(Text, <R as query::Row>::SqlType)>:
            for<'q> LoadQuery<'q, DbConnection, (String, R)>,
    {
        let Self { from, key, order } = self;
        query::grouped(connection, from, key, keys, order)
    }

    /// The complete rows with this key.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn load_one<R>(
        &self,
        connection: &mut DbConnection,
        key: impl AsRef<str>,
    ) -> Result<Vec<R>, Error>
    where
        R: query::Row,
        SqlStatement<(Text, <R as query::Row>::SqlType)>:
            for<'q> LoadQuery<'q, DbConnection, (String, R)>,
    {
        let mut rows = self.load(connection, &[key.as_ref()])?;
        Ok(rows.remove(key.as_ref()).unwrap_or_default())
    }
}

// The ids of PostgreSQL's types (`pg_type.dat`). Columns of all other types are texts.
const BOOLEAN: u32 = 16;
const BIG_INTEGER: u32 = 20;
const SMALL_INTEGER: u32 = 21;
const INTEGER: u32 = 23;
const DOUBLE: u32 = 701;
const DATE: u32 = 1082;
const TIMESTAMP: u32 = 1114;

/// The start of the year 2000, PostgreSQL's epoch, in seconds since 1970.
const EPOCH: i64 = 946_684_800;

fn date(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let count = Days::new(days.unsigned_abs().into());
    if days < 0 { epoch.checked_sub_days(count) } else { epoch.checked_add_days(count) }
}

fn push_date(text: &mut String, day: NaiveDate) {
    // Writing to a string never fails.
    let _ = write!(text, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
}

fn push_instant(text: &mut String, microseconds: i64) -> Option<()> {
    let seconds = EPOCH + microseconds.div_euclid(1_000_000);
    let fraction = microseconds.rem_euclid(1_000_000);
    let nanoseconds = u32::try_from(fraction * 1_000).ok()?;
    let instant = DateTime::from_timestamp(seconds, nanoseconds)?.naive_utc();
    push_date(text, instant.date());
    let time = instant.time();
    write!(text, " {}.{fraction:06}", time.format("%H:%M:%S")).ok()
}
