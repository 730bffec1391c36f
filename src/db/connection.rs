//! Connections: which dialect one speaks, and how a pool opens them.

#![expect(missing_docs, reason = "the derive makes public types without any")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::{Connection as _, ConnectionError, MultiConnection, PgConnection, SqliteConnection};

use super::Access;
use super::location::Location;
use super::log_head::LogHead;

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

/// Opens the connections of a pool.
#[derive(Clone)]
pub(super) struct Manager {
    pub(super) location: Arc<Location>,
    pub(super) access: Access,
    pub(super) statements: Arc<AtomicU64>,
    /// How long a statement may run outside a transaction, on PostgreSQL.
    pub(super) statement_time: Option<Duration>,
    /// Told of what the connections commit.
    pub(super) log_head: LogHead,
}

impl ManageConnection for Manager {
    type Connection = DbConnection;
    type Error = ConnectionError;

    fn connect(&self) -> Result<DbConnection, ConnectionError> {
        let mut connection = self.location.connect()?;
        if let (DbConnection::Sqlite(connection), Access::Read) = (&mut connection, self.access) {
            connection
                .batch_execute("PRAGMA query_only = ON;")
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        if let (DbConnection::Postgres(connection), Some(time)) =
            (&mut connection, self.statement_time)
        {
            connection
                .batch_execute(&format!("SET statement_timeout = {}", time.as_millis()))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        connection.set_instrumentation(Counter(self.statements.clone()));
        Ok(connection)
    }

    fn is_valid(&self, connection: &mut DbConnection) -> Result<(), ConnectionError> {
        connection.ping().map_err(ConnectionError::CouldntSetupConfiguration)
    }

    fn has_broken(&self, connection: &mut DbConnection) -> bool {
        connection.is_broken()
    }
}

/// Counts statements, and shows them to whoever sets the log level to TRACE.
struct Counter(Arc<AtomicU64>);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
            tracing::trace!(%query, "statement");
        }
    }
}
