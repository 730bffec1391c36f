//! The connections of a server: one pool for reading and one for writing, each with a queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::log_head::LogHead;
use super::manager::Manager;
use super::{Access, Dialect, Error, Location, LogPoint, LogSubscriber, Session, migration};

/// The maximum time for which a request waits in the queue.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(10);
/// The maximum time for attempts to connect. The pool tries again after at most half of this time, so it connects soon
/// after the database is available again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);

/// A database with its connections. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    dialect: Dialect,
    readers: PoolHandle,
    writers: PoolHandle,
    statements: Arc<AtomicU64>,
    log_head: LogHead,
}

/// A pool, and the queue for its connections. Waiting in the queue blocks no thread.
#[derive(Clone)]
struct PoolHandle {
    pool: Pool<Manager>,
    manager: Manager,
    queue: Arc<Semaphore>,
}

impl PoolHandle {
    fn open(&self) -> Result<Session, Error> {
        Session::open(&self.pool, &self.manager)
    }
}

/// The right to use one connection. Dropping it passes the right to the next request in the queue.
pub struct Permit {
    handle: PoolHandle,
    // Held until the permit is dropped.
    _place: OwnedSemaphorePermit,
}

impl Db {
    /// Opens the database at `location` and runs the pending migrations.
    ///
    /// # Errors
    /// The database cannot be reached, or a newer version has migrated it.
    pub fn open(location: &Location, connections: u32) -> Result<Self, Error> {
        Self::open_within(location, connections, None)
    }

    /// Opens the database for a server whose requests time out after `request_time`.
    ///
    /// # Errors
    /// The database cannot be reached, or a newer version has migrated it.
    pub fn open_within(
        location: &Location,
        connections: u32,
        request_time: Option<Duration>,
    ) -> Result<Self, Error> {
        migration::run(location)?;
        let statements = Arc::new(AtomicU64::new(0));
        let log_head = LogHead::new(location);
        let open_pool = |size: u32, access: Access| -> Result<PoolHandle, Error> {
            let manager = Manager {
                location: Arc::new(location.clone()),
                access,
                statements: statements.clone(),
                statement_time: request_time.filter(|_| access == Access::Read),
                log_head: log_head.clone(),
                opened_read_only: Arc::default(),
            };
            let pool = Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                // A test before each use would cost a round trip. A broken connection is noticed when a statement
                // fails.
                .test_on_check_out(false)
                .connection_timeout(CONNECT_TIMEOUT)
                .build(manager.clone())
                .map_err(Error::unavailable)?;
            let permits = usize::try_from(size).unwrap_or(usize::MAX);
            Ok(PoolHandle { pool, manager, queue: Arc::new(Semaphore::new(permits)) })
        };
        let dialect = location.dialect();
        let writers = match dialect {
            // SQLite allows one writer at a time. A queue is fairer than a busy timeout.
            Dialect::Sqlite => 1,
            // Writers wait for each other's lock of the log, so fewer connections suffice.
            Dialect::Postgres => connections.div_ceil(2),
        };
        Ok(Self {
            dialect,
            readers: open_pool(connections, Access::Read)?,
            writers: open_pool(writers, Access::Write)?,
            statements,
            log_head,
        })
    }

    /// The SQL dialect of the database.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// No connection was free in time.
    pub async fn permit(&self, access: Access) -> Result<Permit, Error> {
        let handle = self.handle(access);
        let place = handle.queue.clone().acquire_owned();
        match tokio::time::timeout(QUEUE_TIMEOUT, place).await {
            Ok(Ok(place)) => Ok(Permit { handle: handle.clone(), _place: place }),
            // The queue is never closed, so this is a timeout.
            _ => Err(Error::Unavailable("every database connection is in use".to_owned())),
        }
    }

    /// Opens a session without a permit, for commands and for single short reads of a server. Blocks until a connection
    /// is free, for at most a second.
    ///
    /// # Errors
    /// The database cannot be reached, or no connection was free.
    pub fn session(&self, access: Access) -> Result<Session, Error> {
        self.handle(access).open()
    }

    /// The number of SQL statements sent by all connections since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The location of the database.
    pub(super) fn location(&self) -> &Location {
        &self.readers.manager.location
    }

    /// The number of connections for this access, and the number of idle ones.
    #[must_use]
    pub fn connections(&self, access: Access) -> (u32, u32) {
        let state = self.handle(access).pool.state();
        (state.connections, state.idle_connections)
    }

    /// Subscribes to the log. Requires a Tokio runtime.
    #[must_use]
    pub fn follow(&self) -> LogSubscriber {
        self.log_head.follow()
    }

    /// The point of the last committed change. Exact on SQLite. On PostgreSQL, the commits of other servers appear some
    /// milliseconds later.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn log_point(&self) -> Result<LogPoint, Error> {
        match self.dialect {
            Dialect::Sqlite => self.log_head.read(),
            Dialect::Postgres => {
                self.log_head.listen();
                if self.log_head.is_listening() {
                    return Ok(self.log_head.last_committed());
                }
                let point = self.session(Access::Read)?.read()?.log_point()?;
                self.log_head.advance(point);
                Ok(point)
            }
        }
    }

    /// The last position that is known to be committed.
    #[must_use]
    pub fn known_position(&self) -> i64 {
        self.log_head.last_committed().position
    }

    /// Starts to listen to PostgreSQL, so that [`Db::log_point`] needs no statement. Has no effect on SQLite.
    pub fn listen_to_log(&self) {
        if self.dialect == Dialect::Postgres {
            self.log_head.listen();
        }
    }

    /// Reports that everything up to `point` is committed. The caller has read `point` in a snapshot.
    pub fn advance_log(&self, point: LogPoint) {
        self.log_head.advance(point);
    }

    /// Whether [`Db::log_point`] may wait for a statement on another machine.
    #[must_use]
    pub fn log_point_blocks(&self) -> bool {
        self.dialect == Dialect::Postgres && !self.log_head.is_listening()
    }

    fn handle(&self, access: Access) -> &PoolHandle {
        match access {
            Access::Read => &self.readers,
            Access::Write => &self.writers,
        }
    }
}

impl Permit {
    /// Opens the session. Blocks while it connects.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(&self) -> Result<Session, Error> {
        self.handle.open()
    }

    /// Opens the session for a request that times out at `deadline`. Blocks while it connects.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open_until(&self, deadline: Instant) -> Result<Session, Error> {
        Ok(self.open()?.until(deadline))
    }
}
