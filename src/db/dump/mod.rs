//! Everything in the database as text that both databases write alike and both can load: see [`write()`] and
//! [`load()`].
//!
//! A dump is JSON, one value a line. The first line names the format and the tables' version. Then follows table by
//! table: a line with its name and its columns, and a line for each row, an array, in the order of the primary key. The
//! last line says how many rows there are, so that a dump that was cut off is known by its missing end. Nothing in it
//! tells when or from which database it was made: two dumps are the same if and only if the contents are.

mod load;
mod statement;
mod table;

use std::io::{self, Write};

use diesel::RunQueryDsl;
use serde::{Deserialize, Serialize};

pub use load::load;
use statement::Statement;
use table::{Cell, Table, tables};

use super::{DbConnection, Dialect, Error, migration};

/// Whether a dump has the access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// Their names, roles and hashes: who could write can write where the dump is loaded.
    Included,
    /// None of them: for giving the data away.
    LeftOut,
}

/// The table that holds them.
const ACCOUNTS: &str = "tokens";

/// The first line's `format`.
const FORMAT: &str = "clausewatch dump";
/// The version of the format; that of the tables is another one.
const VERSION: u32 = 1;
/// How many rows are read at once.
const PAGE: usize = 1_000;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
    /// The last migration of the tables.
    schema: String,
}

/// The line before the rows of a table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    rows: usize,
}

impl Header {
    fn current() -> Result<Self, Error> {
        Ok(Self { format: FORMAT.to_owned(), version: VERSION, schema: migration::latest()? })
    }
}

impl Heading {
    fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|column| column.name.to_string()).collect();
        Self { table: table.name.to_string(), columns }
    }
}

/// What stopped a dump, or the loading of one.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A line that is not what it should be.
    #[error("line {line}: {message}")]
    Line {
        /// Its number; the first is 1.
        line: usize,
        /// What is wrong with it, and what would be right.
        message: String,
    },
    /// A table has rows already.
    #[error(
        "the database is not empty (there are rows in the table {0}): a dump is loaded into a new one"
    )]
    NotEmpty(String),
    /// Rows refer to others that the dump does not have.
    #[error("{0}")]
    Dangling(String),
    /// The file cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Writes everything that the connection sees, and gives the number of rows. In a snapshot that is the state of one
/// instant, while others go on writing.
///
/// # Errors
/// Those of the database, and of `out`.
pub fn write(
    connection: &mut DbConnection,
    out: &mut impl Write,
    accounts: Accounts,
) -> Result<usize, Failure> {
    line(out, &Header::current()?)?;
    let mut rows = 0;
    for table in tables() {
        line(out, &Heading::of(&table))?;
        if table.name == ACCOUNTS && accounts == Accounts::LeftOut {
            continue;
        }
        let mut last = None;
        loop {
            let page = page(connection, &table, last.as_deref())?;
            for row in &page {
                line(out, &row.iter().map(Cell::to_json).collect::<Vec<_>>())?;
            }
            rows += page.len();
            if page.len() < PAGE {
                break;
            }
            last = page.into_iter().last();
        }
    }
    line(out, &End { rows })?;
    out.flush()?;
    Ok(rows)
}

fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// The rows of a table that follow `last`.
fn page(
    connection: &mut DbConnection,
    table: &Table,
    last: Option<&[Cell]>,
) -> Result<Vec<Vec<Cell>>, Error> {
    // Each database can make JSON of a row whose columns are known only by name.
    let array = match connection.dialect() {
        Dialect::Sqlite => format!("json_array({})", table.names()),
        Dialect::Postgres => format!("json_build_array({})::text", table.names()),
    };
    let key = table.key.join(", ");
    let mut statement = Statement::default().text(format!("SELECT {array} FROM {}", table.name));
    if let Some(last) = last {
        statement = statement.text(format!(" WHERE ({key}) > ")).cells(table.key_of(last));
    }
    let statement = statement.text(format!(" ORDER BY {key} LIMIT {PAGE}"));
    let rows: Vec<(String,)> = statement.load(connection)?;
    let faulty = |message: String| Error::Internal(format!("a row of {}: {message}", table.name));
    rows.iter()
        .map(|(row,)| {
            let values = serde_json::from_str(row).map_err(|error| faulty(error.to_string()))?;
            table.read(values).map_err(faulty)
        })
        .collect()
}
