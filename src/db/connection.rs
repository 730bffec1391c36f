//! Connections to both databases, and their SQL dialects.

#![expect(missing_docs, reason = "the derive generates public types without documentation")]

use diesel::{MultiConnection, PgConnection, SqliteConnection};

/// A connection to one of the databases.
#[derive(MultiConnection)]
pub enum DbConnection {
    /// A connection to SQLite.
    Sqlite(SqliteConnection),
    /// A connection to PostgreSQL.
    Postgres(PgConnection),
}

/// The SQL dialect of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The dialect of SQLite.
    Sqlite,
    /// The dialect of PostgreSQL.
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
