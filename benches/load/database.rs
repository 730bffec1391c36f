//! The measured databases: a SQLite file, and a database on a PostgreSQL server that the bench starts.

#[allow(
    dead_code,
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::panic,
    reason = "the tests use more of this module, and a cluster that does not start ends the run"
)]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;

use std::fs;
use std::path::Path;

use anyhow::Context;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// The settings of PostgreSQL. Commits are durable, as on SQLite, and no background task starts during a measurement.
const SETTINGS: &str = "-c max_connections=100 -c shared_buffers=256MB -c autovacuum=off";

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// A SQLite file.
    Sqlite,
    /// A PostgreSQL database.
    Postgres,
}

impl Engine {
    /// The name of the engine.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// The location of the databases.
pub enum Databases<'a> {
    /// Files in a folder.
    Sqlite(&'a Path),
    /// Databases of a server, with the id of its main process.
    Postgres { cluster: postgres::Cluster, process: u32 },
}

/// Whether PostgreSQL is installed.
pub fn has_postgres() -> bool {
    postgres::binaries().is_some()
}

impl<'a> Databases<'a> {
    /// Prepares the location for databases of this engine.
    ///
    /// # Errors
    /// If PostgreSQL does not start.
    pub fn new(engine: Engine, folder: &'a Path) -> anyhow::Result<Self> {
        if engine == Engine::Sqlite {
            return Ok(Self::Sqlite(folder));
        }
        let cluster = postgres::Cluster::start_with(SETTINGS);
        // The URL names the folder of the server's socket. That folder also contains the server's data, with its
        // process id.
        let url = url::Url::parse(&cluster.url("postgres"))?;
        let folder = url.query_pairs().find(|(name, _)| name == "host");
        let (_, folder) = folder.context("the URL has no folder")?;
        let process = fs::read_to_string(Path::new(&*folder).join("data/postmaster.pid"))?;
        let process =
            process.lines().next().context("the file contains no process id")?.trim().parse()?;
        Ok(Self::Postgres { cluster, process })
    }

    /// The database engine.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    /// PostgreSQL's main process.
    pub fn process(&self) -> Option<u32> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { process, .. } => Some(*process),
        }
    }

    /// Creates an empty database and returns its URL.
    ///
    /// # Errors
    /// Database errors.
    pub fn create(&self, name: &str) -> anyhow::Result<String> {
        match self {
            Self::Sqlite(folder) => {
                Ok(format!("sqlite:{}", folder.join(format!("{name}.db")).display()))
            }
            Self::Postgres { cluster, .. } => {
                let mut admin = PgConnection::establish(&cluster.url("postgres"))?;
                admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0"))?;
                Ok(cluster.url(name))
            }
        }
    }

    /// Vacuums a PostgreSQL database, updates its table statistics and writes a checkpoint. A server with autovacuum
    /// would update the statistics itself after some time.
    ///
    /// # Errors
    /// Database errors.
    pub fn analyze(&self, url: &str) -> anyhow::Result<()> {
        match self {
            // SQLite never updates statistics by itself, so the bench measures it without them.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { .. } => {
                let mut connection = PgConnection::establish(url)?;
                // `VACUUM` and `CHECKPOINT` need separate calls, because neither can be sent together with another
                // statement.
                connection.batch_execute("VACUUM ANALYZE")?;
                Ok(connection.batch_execute("CHECKPOINT")?)
            }
        }
    }

    /// Removes a database.
    ///
    /// # Errors
    /// Database errors.
    pub fn remove(&self, name: &str) -> anyhow::Result<()> {
        match self {
            Self::Sqlite(folder) => {
                for ending in ["db", "db-wal", "db-shm"] {
                    // SQLite may already have deleted the last two files.
                    let _ = fs::remove_file(folder.join(format!("{name}.{ending}")));
                }
                Ok(())
            }
            Self::Postgres { cluster, .. } => {
                let mut admin = PgConnection::establish(&cluster.url("postgres"))?;
                Ok(admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))?)
            }
        }
    }
}
