//! The lines of a dump that are not rows, and what can be wrong with one.

use std::io;

use serde::{Deserialize, Serialize};

use super::super::{Error, migration};
use super::table::Table;

/// The table that holds the access tokens.
pub(super) const ACCOUNTS: &str = "tokens";

/// The first line's `format`.
pub(super) const FORMAT: &str = "clausewatch dump";
/// The version of the format; that of the tables is another one.
pub(super) const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u32,
    /// The last migration of the tables.
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
