//! The lines of a dump other than rows, and the errors of dumps and loads.

use std::io;

use serde::{Deserialize, Serialize};

use super::super::{Error, migration};
use super::table::Table;

/// The table of access tokens.
pub(super) const ACCOUNTS: &str = "tokens";

/// The value of `format` in the first line.
pub(super) const FORMAT: &str = "clausewatch dump";
/// The version of the format. The version of the tables is separate.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u32,
    /// The name of the last migration.
    pub(super) schema: String,
}

/// The line before the rows of a table.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heading {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
}

/// The last line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) rows: usize,
}

impl Header {
    pub(super) fn current() -> Result<Self, Error> {
        Ok(Self { format: FORMAT.to_owned(), version: VERSION, schema: migration::latest()? })
    }
}

impl Heading {
    pub(super) fn of(table: &Table) -> Self {
        let columns = table.columns.iter().map(|column| column.name.to_string()).collect();
        Self { table: table.name.to_string(), columns }
    }
}

/// The reason why a dump or load has failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A line is invalid.
    #[error("line {line}: {message}")]
    Line {
        /// The line number, from 1.
        line: usize,
        /// The error and the valid values.
        message: String,
    },
    /// A table is not empty.
    #[error(
        "the database is not empty (the table {0} has rows); load the dump into a new database"
    )]
    NotEmpty(String),
    /// A row refers to a row that the dump does not contain.
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
