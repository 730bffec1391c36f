//! Connections to either database, and which dialect one speaks.

#![expect(missing_docs, reason = "the derive makes public types without any")]

use diesel::{MultiConnection, PgConnection, SqliteConnection};

/// A connection to either database.
#[derive(MultiConnection)]
pub enum DbConnection {
    /// To SQLite.
    Sqlite(SqliteConnection),
    /// To PostgreSQL.
    Postgres(PgConnection),
}

/// Which SQL a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// SQLite's.
    Sqlite,
    /// PostgreSQL's.
    Postgres,
}

impl DbConnection {
    /// Which SQL it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }
}
