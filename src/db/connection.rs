//! Connections to both databases, and their SQL dialects.

#![expect(missing_docs, reason = "the derive makes public types without any")]

use diesel::{MultiConnection, PgConnection, SqliteConnection};

/// A connection to one of the databases.
#[derive(MultiConnection)]
pub enum DbConnection {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// The SQL dialect of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite's.
    Sqlite,
    /// PostgreSQL's.
    Postgres,
}

impl DbConnection {
    /// The SQL dialect of the connection.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }
}
