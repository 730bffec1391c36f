//! The location of the database, and its connections.

use std::fmt;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use diesel::connection::{CacheSize, SimpleConnection};
use diesel::{Connection as _, ConnectionError, PgConnection, SqliteConnection};
#[cfg(unix)]
use rustix::fs;

use super::postgres_url::PostgresUrl;
use super::{DbConnection, Dialect, Error};
use crate::domain::alphabet;

/// The collation of names and titles. A migration creates it on PostgreSQL. On SQLite it is [`alphabet::compare`].
const ALPHABETICAL: &str = "alphabetical";

/// The location of the database.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A database on a PostgreSQL server.
    Postgres {
        /// The URL.
        url: PostgresUrl,
        /// The state that a connection keeps between transactions. It depends on the pooler, if there is one.
        pooling: Pooling,
    },
}

/// The state of a PostgreSQL connection that persists between two transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// The whole state: settings, prepared statements and subscriptions to notifications. For connections without a pooler,
    /// or with a pooler that shares connections by session.
    Session,
    /// No state. A pooler such as PgBouncer may use another connection for each transaction.
    Transaction,
}

/// Settings of a connection. Compiling a statement (`jit`) takes longer than running it. Data is in memory or on a
/// solid-state disk, so random reads are cheap.
const SESSION_SETTINGS: &str = "SET application_name = 'clausewatch'; SET client_min_messages = warning; SET jit = off; \
                                SET random_page_cost = 1.1;";

/// The same settings for the current transaction only, without the application's name.
pub(super) const TRANSACTION_SETTINGS: &str = "SET LOCAL client_min_messages = warning; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1";

impl Location {
    /// Parses a `DATABASE_URL`: `sqlite:PATH` or `postgres://…`. The prefix is required, because SQLite would accept any text
    /// as the name of a new file.
    ///
    /// # Errors
    /// A message that describes the valid form. It repeats no part of the URL, which may contain a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            // Users also write `sqlite:///a` and `sqlite://a`.
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(
                    "the path is missing: write sqlite:PATH, for example sqlite:clausewatch.db \
                     (a database in memory cannot be shared by several connections)"
                        .to_owned(),
                );
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PostgresUrl::parse(text)
                .map(|url| Self::Postgres { url, pooling: Pooling::Session });
        }
        Err("a database URL must start with sqlite: or postgres://: write sqlite:PATH for a file, \
             or postgres://USER:PASSWORD@HOST/DATABASE for a PostgreSQL server"
            .to_owned())
    }

    /// The SQL dialect of the database.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// The same database, through a pooler that shares connections by transaction. No effect on SQLite.
    #[must_use]
    pub fn pooled_by_transaction(self) -> Self {
        match self {
            Self::Postgres { url, .. } => Self::Postgres { url, pooling: Pooling::Transaction },
            Self::Sqlite(path) => Self::Sqlite(path),
        }
    }

    /// Whether connections keep no state between two transactions.
    #[must_use]
    pub fn is_pooled_by_transaction(&self) -> bool {
        matches!(self, Self::Postgres { pooling: Pooling::Transaction, .. })
    }

    /// Rejects a missing SQLite file, because opening it would create it.
    ///
    /// # Errors
    /// The file is missing.
    pub fn expect_present(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite(path) if !path.exists() => {
                Err(Error::Unavailable(format!("there is no file {}", path.display())))
            }
            _ => Ok(()),
        }
    }

    /// Whether this is a SQLite file that the process may only read.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists() && !is_writable(path),
            Self::Postgres { .. } => false,
        }
    }

    /// Opens a connection. The connection may write, unless the file is read-only.
    pub(super) fn connect(&self) -> Result<DbConnection, ConnectionError> {
        match self {
            Self::Sqlite(path) => {
                // An absolute path cannot be mistaken for one of SQLite's special names (`:memory:`, `file:…`).
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                // With `synchronous = FULL`, committed changes survive a power failure. With `busy_timeout`, this
                // process waits while another process writes, such as an import. Within one server, writers wait in a
                // queue.
                let (name, journal) = if self.is_read_only() {
                    (read_only_name(&path), "")
                } else {
                    let name = path.to_string_lossy().into_owned();
                    (name, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
                };
                let cannot_open = |error: &dyn fmt::Display| {
                    let path = path.display();
                    ConnectionError::BadConnection(format!("cannot open {path}: {error}"))
                };
                create_private(&path).map_err(|error| cannot_open(&error))?;
                let mut connection =
                    SqliteConnection::establish(&name).map_err(|error| cannot_open(&error))?;
                connection
                    .batch_execute(&format!(
                        "PRAGMA busy_timeout = 60000; {journal} PRAGMA foreign_keys = ON; \
                         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000;"
                    ))
                    .and_then(|()| {
                        // Diesel passes the second text first.
                        let compare = |left: &str, right: &str| alphabet::compare(right, left);
                        connection.register_collation(ALPHABETICAL, compare)
                    })
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(DbConnection::Sqlite(connection))
            }
            Self::Postgres { url, pooling } => {
                let mut connection = PgConnection::establish(url.reveal())?;
                match pooling {
                    Pooling::Session => connection
                        .batch_execute(SESSION_SETTINGS)
                        .map_err(ConnectionError::CouldntSetupConfiguration)?,
                    // An unnamed statement is prepared and run in one message, so both happen on the same connection.
                    Pooling::Transaction => {
                        connection.set_prepared_statement_cache_size(CacheSize::Disabled);
                    }
                }
                Ok(DbConnection::Postgres(connection))
            }
        }
    }
}

/// Creates the database file if it is missing. Only its owner may read it, because it contains all data. SQLite sets the same
/// permissions for its journal files.
fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.write(true).create_new(true).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Checks the permissions without opening the file: closing the file would release the locks that this process holds on
/// it.
#[cfg(unix)]
fn is_writable(path: &Path) -> bool {
    fs::access(path, fs::Access::WRITE_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// The name by which SQLite opens a read-only file. Even for reading, SQLite would create another file next to it,
/// unless the option `immutable` is set. The option is not set if a write-ahead log exists, because another process may
/// then change the file.
fn read_only_name(path: &Path) -> String {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let immutable = if Path::new(&log).exists() { "" } else { "&immutable=1" };
    let path = path.to_string_lossy();
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?mode=ro{immutable}")
}

/// Omits the user and the password.
impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "sqlite:{}", path.display()),
            Self::Postgres { url, .. } => fmt::Display::fmt(url, formatter),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}
