//! The databases that are measured: a file, and a database of a PostgreSQL server that is started for the run.

#[allow(
    dead_code,
    clippy::allow_attributes,
    clippy::expect_used,
    clippy::panic,
    reason = "the tests use more of it, and a cluster that does not start ends the run"
)]
#[path = "../../tests/it/support/postgres.rs"]
mod postgres;

use std::fs;
use std::path::Path;

use anyhow::Context;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// How PostgreSQL is set up: commits are durable, as on SQLite, and nothing starts of itself while something is measured.
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
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Where databases come from.
pub enum Databases<'a> {
    /// Files in a folder.
    Sqlite(&'a Path),
    /// Databases of a server, with the number of its first process.
    Postgres { cluster: postgres::Cluster, process: u32 },
}

/// Whether PostgreSQL is installed.
pub fn has_postgres() -> bool {
    postgres::binaries().is_some()
}

impl<'a> Databases<'a> {
    /// Makes ready what databases of this kind need.
    ///
    /// # Errors
    /// When PostgreSQL does not start.
    pub fn new(engine: Engine, folder: &'a Path) -> anyhow::Result<Self> {
        if engine == Engine::Sqlite {
            return Ok(Self::Sqlite(folder));
        }
        let cluster = postgres::Cluster::start_with(SETTINGS);
        // The server's socket is in its folder, beside its data.
        let url = url::Url::parse(&cluster.url("postgres"))?;
        let folder = url.query_pairs().find(|(name, _)| name == "host");
        let (_, folder) = folder.context("the server's folder")?;
        let process = fs::read_to_string(Path::new(&*folder).join("data/postmaster.pid"))?;
        let process = process.lines().next().context("the process's number")?.trim().parse()?;
        Ok(Self::Postgres { cluster, process })
    }

    /// The kind of database.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres { .. } => Engine::Postgres,
        }
    }

    /// PostgreSQL's first process.
    pub fn process(&self) -> Option<u32> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { process, .. } => Some(*process),
        }
    }

    /// Makes an empty database, and gives its address as the program takes it.
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

    /// Lets the database know what it has, as it does of itself after some time.
    ///
    /// # Errors
    /// Database errors.
    pub fn analyze(&self, url: &str) -> anyhow::Result<()> {
        match self {
            // SQLite does not do so of itself.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres { .. } => {
                let mut connection = PgConnection::establish(url)?;
                // Two, as neither runs beside another statement.
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
                    // The latter two may be gone already.
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
