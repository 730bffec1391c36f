//! Writes a dump.

use std::io::{self, Write};

use diesel::RunQueryDsl;
use serde::Serialize;

use super::super::{DbConnection, Dialect, Error};
use super::cell::Cell;
use super::format::{ACCOUNTS, End, Failure, Header, Heading};
use super::statement::DumpStatement;
use super::table::{Table, tables};

/// The tables whose rows a dump for publication omits.
const PRIVATE: [&str; 4] = [ACCOUNTS, "webhooks", "submissions", "submission_comments"];
/// The number of rows in one read, except for tables with large rows.
const PAGE: usize = 1_000;

/// Whether a dump includes the access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accounts {
    /// Includes the names, roles and hashes of access tokens. These tokens are valid in the database into which the
    /// dump is loaded. Also includes webhooks with their secrets.
    Included,
    /// Excludes access tokens, webhooks and submissions, so that the dump can be published.
    LeftOut,
}

/// Writes the data that the connection sees, except the rows that `accounts` leaves out. Returns the number of rows.
/// The connection should be in a snapshot, so that the dump excludes concurrent writes.
///
/// # Errors
/// Database errors, and errors of `out`.
pub fn write(
    connection: &mut DbConnection,
    out: &mut impl Write,
    accounts: Accounts,
) -> Result<usize, Failure> {
    line(out, &Header::current()?)?;
    let mut rows = 0;
    for table in tables() {
        line(out, &Heading::of(&table))?;
        if accounts == Accounts::LeftOut && PRIVATE.contains(&&*table.name) {
            continue;
        }
        let mut last = None;
        loop {
            let page = page(connection, &table, last.as_deref())?;
            for row in &page {
                line(out, &row.iter().map(Cell::to_json).collect::<Vec<_>>())?;
            }
            rows += page.len();
            if page.len() < table.rows_at_once(PAGE) {
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

/// The next rows of a table, after the row `last`. If `last` is `None`, the first rows.
fn page(
    connection: &mut DbConnection,
    table: &Table,
    last: Option<&[Cell]>,
) -> Result<Vec<Vec<Cell>>, Error> {
    // The columns are known only by name, so the database converts the rows to JSON.
    let array = match connection.dialect() {
        Dialect::Sqlite => format!("json_array({})", table.names()),
        Dialect::Postgres => format!("json_build_array({})::text", table.names()),
    };
    let key = table.key.join(", ");
    let size = table.rows_at_once(PAGE);
    let mut statement =
        DumpStatement::default().text(format!("SELECT {array} FROM {}", table.name));
    if let Some(last) = last {
        statement = statement.text(format!(" WHERE ({key}) > ")).cells(table.key_of(last));
    }
    let statement = statement.text(format!(" ORDER BY {key} LIMIT {size}"));
    let rows: Vec<(String,)> = statement.load(connection)?;
    let faulty = |message: String| Error::Internal(format!("a row of {}: {message}", table.name));
    rows.iter()
        .map(|(row,)| {
            let values = serde_json::from_str(row).map_err(|error| faulty(error.to_string()))?;
            table.read(values).map_err(faulty)
        })
        .collect()
}
