//! The database that a server works on: its connections, one pool for reading and one for writing, and the queues in front.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::r2d2::Pool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::log_head::LogHead;
use super::manager::Manager;
use super::{Access, Dialect, Error, Location, LogPoint, LogSubscriber, Session, migration};

/// How long a request may wait in the queue.
const QUEUE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may take to be made. Half of it is the longest pause between two attempts: so soon are they back
/// after a database server was away.
const CONNECTING: Duration = Duration::from_secs(1);

/// The database that a server works on. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    dialect: Dialect,
    readers: PoolHandle,
    writers: PoolHandle,
    statements: Arc<AtomicU64>,
    log_head: LogHead,
}

/// A pool, and a queue in front of it: waiting happens in the queue, where it blocks no thread.
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

/// The right to one connection; given back when dropped.
pub struct Permit {
    handle: PoolHandle,
    _queue: OwnedSemaphorePermit,
}

impl Db {
    /// Opens the database at `location` and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, or was made by a newer version.
    pub fn open(location: &Location, connections: u32) -> Result<Self, Error> {
        Self::open_within(location, connections, None)
    }

    /// The same for a server, whose requests, and so the statements of each, may take so long.
    ///
    /// # Errors
    /// When the database cannot be reached, or was made by a newer version.
    pub fn open_within(
        location: &Location,
        connections: u32,
        request_time: Option<Duration>,
    ) -> Result<Self, Error> {
        migration::run(location)?;
        let statements = Arc::new(AtomicU64::new(0));
        let log_head = LogHead::new(location);
        let handle = |size: u32, access: Access| -> Result<PoolHandle, Error> {
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
                // A question before each use would cost a round trip; a broken connection is noticed when it is used.
                .test_on_check_out(false)
                .connection_timeout(CONNECTING)
                .build(manager.clone())
                .map_err(Error::unavailable)?;
            let permits = usize::try_from(size).unwrap_or(usize::MAX);
            Ok(PoolHandle { pool, manager, queue: Arc::new(Semaphore::new(permits)) })
        };
        let dialect = location.dialect();
        let writers = match dialect {
            // SQLite has one writer at a time; a queue is better than a busy timeout.
            Dialect::Sqlite => 1,
            Dialect::Postgres => connections.div_ceil(2),
        };
        Ok(Self {
            dialect,
            readers: handle(connections, Access::Read)?,
            writers: handle(writers, Access::Write)?,
            statements,
            log_head,
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Waits for the right to a connection.
    ///
    /// # Errors
    /// When none gets free in time.
    pub async fn permit(&self, access: Access) -> Result<Permit, Error> {
        let handle = self.handle(access);
        let queue = tokio::time::timeout(QUEUE_TIMEOUT, handle.queue.clone().acquire_owned());
        match queue.await {
            Ok(Ok(permit)) => Ok(Permit { handle: handle.clone(), _queue: permit }),
            _ => Err(Error::Unavailable("every database connection is in use".to_owned())),
        }
    }

    /// Opens a session without waiting in the queue: for commands that have the database to themselves.
    ///
    /// # Errors
    /// When no connection can be had.
    pub fn session(&self, access: Access) -> Result<Session, Error> {
        self.handle(access).open()
    }

    /// How many SQL statements were sent since the start, by all connections.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Where it is.
    pub(super) fn location(&self) -> &Location {
        &self.readers.manager.location
    }

    /// How many connections there are for this, and how many of them are idle.
    #[must_use]
    pub fn connections(&self, access: Access) -> (u32, u32) {
        let state = self.handle(access).pool.state();
        (state.connections, state.idle_connections)
    }

    /// Follows the log from now on. Must be called on a Tokio runtime.
    #[must_use]
    pub fn follow(&self) -> LogSubscriber {
        self.log_head.follow()
    }

    /// The point of the last change that is committed. Exact on SQLite; on PostgreSQL behind other servers by
    /// milliseconds.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn log_point(&self) -> Result<LogPoint, Error> {
        match self.dialect {
            Dialect::Sqlite => self.log_head.watch(),
            Dialect::Postgres => {
                self.log_head.listen();
                if self.log_head.is_listening() {
                    return Ok(self.log_head.known());
                }
                let point = self.session(Access::Read)?.read()?.log_point()?;
                self.log_head.advance(point);
                Ok(point)
            }
        }
    }

    /// The last position that this process knows of: everything up to it is committed.
    #[must_use]
    pub fn known_position(&self) -> i64 {
        self.log_head.known().position
    }

    /// Starts to listen to PostgreSQL, so that [`Db::log_point`] needs no statement. SQLite is asked each time.
    pub fn listen_to_log(&self) {
        if self.dialect == Dialect::Postgres {
            self.log_head.listen();
        }
    }

    /// Tells that a snapshot has shown everything up to `point` to be committed.
    pub fn advance_log(&self, point: LogPoint) {
        self.log_head.advance(point);
    }

    /// Whether [`Db::log_point`] asks the database on another machine, and so must be called where blocking is allowed.
    #[must_use]
    pub fn position_blocks(&self) -> bool {
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
    /// Opens the session. Blocks while a connection is established, so call it where blocking is allowed.
    ///
    /// # Errors
    /// When no connection can be had.
    pub fn open(&self) -> Result<Session, Error> {
        self.handle.open()
    }

    /// Opens the session for a request that must have ended by then.
    ///
    /// # Errors
    /// When no connection can be had.
    pub fn open_until(&self, deadline: Instant) -> Result<Session, Error> {
        Ok(self.open()?.until(deadline))
    }
}
