//! Rows of which only the selected columns were read.
//!
//! The row types of the nouns have every column; they serve the writes. An answer shows a few columns of many rows, so
//! it is read into one text buffer and a table of cells, without a Rust value for each field.

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

/// A column as SQL names it: `clauses.number`. An expression of constant text is a column, too.
pub type Column = &'static str;

/// The selected columns of some rows.
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
    /// Part of the text buffer.
    Text {
        start: usize,
        end: usize,
    },
}

impl Rows {
    /// Runs `SELECT columns tail`, where `tail` begins with `FROM`.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn select(
        connection: &mut DbConnection,
        columns: &[Column],
        tail: Sql,
    ) -> Result<Self, Error> {
        let sql = Sql::new(format!("SELECT {} ", columns.join(", "))).append(tail);
        Self::read(connection, columns.to_vec(), sql)
    }

    /// The rows whose first column is any of these ids. `from` may have a condition after `WHERE`.
    ///
    /// # Errors
    /// Those of the database.
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

    /// The same, with a key before the columns, which is found at position 0.
    ///
    /// # Errors
    /// Those of the database.
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

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.columns.len()).unwrap_or_default()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Where in each row a column stands; none where it was not selected.
    #[must_use]
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|selected| *selected == column)
    }

    /// The text at that position; none where it is null.
    #[must_use]
    pub fn text(&self, row: usize, position: usize) -> Option<&str> {
        match self.cell(row, position) {
            Cell::Text { start, end } => self.text.get(start..end),
            _ => None,
        }
    }

    /// The whole number at that position; none where it is null. A truth value is 0 or 1.
    #[must_use]
    pub fn integer(&self, row: usize, position: usize) -> Option<i64> {
        match self.cell(row, position) {
            Cell::Integer(integer) => Some(integer),
            _ => None,
        }
    }

    /// The value of a sort key at that position, as text.
    #[must_use]
    pub fn sort_text(&self, row: usize, position: usize) -> String {
        match self.cell(row, position) {
            Cell::Integer(integer) => integer.to_string(),
            _ => self.text(row, position).unwrap_or_default().to_owned(),
        }
    }

    /// The number at that position; none where it is null.
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

    /// Brings a value of PostgreSQL's binary format into the form in which SQLite keeps it.
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

/// How rows are found by a key.
#[derive(Debug, Clone, Copy)]
pub struct Lookup {
    /// What follows `FROM`, up to and including `WHERE` or `AND`.
    pub from: &'static str,
    /// The column that holds the key.
    pub key: &'static str,
    /// What the rows are ordered by; empty where a key has at most one row.
    pub order: &'static str,
}

impl Lookup {
    /// The rows with these keys, each with its key at position 0.
    ///
    /// # Errors
    /// Those of the database.
    pub fn select(
        &self,
        connection: &mut DbConnection,
        keys: &[impl AsRef<str>],
        columns: &[Column],
    ) -> Result<Rows, Error> {
        let Self { from, key, order } = self;
        let tail = Sql::new(format!("FROM {from} "));
        let tail = match keys {
            // PostgreSQL refuses texts with NUL; `any_of` leaves them out.
            [only] if !only.as_ref().contains('\0') => {
                tail.text(format!("{key} = ")).bind(only.as_ref())
            }
            keys => tail.any_of(connection.dialect(), key, keys),
        };
        let tail = if order.is_empty() { tail } else { tail.text(format!(" ORDER BY {order}")) };
        Rows::select_keyed(connection, key, columns, tail)
    }

    /// The complete rows with these keys, by key.
    ///
    /// # Errors
    /// Those of the database.
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
    /// Those of the database.
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

// PostgreSQL's numbers of its types (`pg_type.dat`); all others that we read are texts.
const BOOLEAN: u32 = 16;
const BIG_INTEGER: u32 = 20;
const SMALL_INTEGER: u32 = 21;
const INTEGER: u32 = 23;
const DOUBLE: u32 = 701;
const DATE: u32 = 1082;
const TIMESTAMP: u32 = 1114;

/// The first second of the year 2000, from which PostgreSQL counts, in seconds since 1970.
const EPOCH: i64 = 946_684_800;

fn date(days: i32) -> Option<NaiveDate> {
    let epoch = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let count = Days::new(days.unsigned_abs().into());
    if days < 0 { epoch.checked_sub_days(count) } else { epoch.checked_add_days(count) }
}

fn push_date(text: &mut String, day: NaiveDate) {
    // A text can always be written to.
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
