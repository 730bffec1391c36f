//! Opens the connections of a pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::{
    Connection as _, Instrumentation, InstrumentationEvent, SimpleConnection,
};
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::sql_types::Text;
use diesel::{ConnectionError, QueryResult};

use super::log_head::LogHead;
use super::query::{self, Sql};
use super::{DbConnection, Location};

/// Whether a request only reads or also writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only reads.
    Read,
    /// Writes, and reads its own writes.
    Write,
}

/// Opens the connections of a pool.
#[derive(Clone)]
pub(super) struct Manager {
    pub(super) location: Arc<Location>,
    pub(super) access: Access,
    pub(super) statements: Arc<AtomicU64>,
    /// The timeout for statements of PostgreSQL connections that only read. See [`Manager::session_timeout`].
    pub(super) statement_time: Option<Duration>,
    /// Receives the commits of the connections.
    pub(super) log_head: LogHead,
    /// Whether a connection for writing was opened while PostgreSQL was read-only.
    pub(super) opened_read_only: Arc<AtomicBool>,
}

impl Manager {
    /// The statement timeout that the manager sets once for each new connection. A pooler that shares connections by
    /// transaction does not keep settings, so each transaction sets the timeout instead, and this function returns
    /// `None`.
    pub(super) fn session_timeout(&self) -> Option<Duration> {
        self.statement_time.filter(|_| !self.location.is_pooled_by_transaction())
    }

    /// Whether a connection for writing is read-only. A connection that was opened while PostgreSQL was read-only
    /// remains read-only, even after PostgreSQL accepts writes again.
    pub(super) fn is_outdated(&self, connection: &mut DbConnection) -> QueryResult<bool> {
        // Runs no statement if PostgreSQL was never read-only.
        Ok(self.opened_read_only.load(Ordering::Relaxed) && is_read_only(connection)?)
    }
}

/// Whether PostgreSQL rejects writes on this connection.
fn is_read_only(connection: &mut DbConnection) -> QueryResult<bool> {
    let setting = Sql::new("SELECT current_setting('transaction_read_only')");
    let settings = query::rows::<Text, String>(connection, setting)?;
    Ok(settings.first().is_some_and(|setting| setting == "on"))
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
            (&mut connection, self.session_timeout())
        {
            connection
                .batch_execute(&format!("SET statement_timeout = {}", time.as_millis()))
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
        }
        if matches!((&connection, self.access), (DbConnection::Postgres(_), Access::Write))
            && is_read_only(&mut connection).map_err(ConnectionError::CouldntSetupConfiguration)?
        {
            self.opened_read_only.store(true, Ordering::Relaxed);
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

/// Counts statements, and logs them at the level TRACE.
struct Counter(Arc<AtomicU64>);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.fetch_add(1, Ordering::Relaxed);
            tracing::trace!(%query, "statement");
        }
    }
}
