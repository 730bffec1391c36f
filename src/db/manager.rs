//! How the connections of a pool are opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::ConnectionError;
use diesel::connection::{
    Connection as _, Instrumentation, InstrumentationEvent, SimpleConnection,
};
use diesel::r2d2::{ManageConnection, R2D2Connection};

use super::log_head::LogHead;
use super::{DbConnection, Location};

/// Whether a request reads only or writes too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reads only.
    Read,
    /// Writes, and reads what it wrote.
    Write,
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
