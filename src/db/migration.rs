//! Bringing the tables up to date.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel::{RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{DbConnection, Error, Location, search};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs every migration that the database lacks, and makes the search index anew where it is another version's. Several
/// servers may start at once: one does it, the others wait.
pub(super) fn run(location: &Location) -> Result<(), Error> {
    let mut connection = location.connect().map_err(Error::unavailable)?;
    match &mut connection {
        DbConnection::Sqlite(connection) => {
            connection.batch_execute("PRAGMA busy_timeout = 60000; BEGIN EXCLUSIVE; COMMIT;")?;
            migrate(connection, SQLITE)?;
        }
        DbConnection::Postgres(connection) => {
            // An arbitrary number, the same in every version.
            const LOCK: i64 = 2_015_021_200;
            sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(connection)?;
            // The lock ends with the connection.
            migrate(connection, POSTGRES)?;
        }
    }
    search::refresh(&mut connection)
}

/// The name of the last migration that this version knows.
pub(super) fn latest() -> Result<String, Error> {
    let ours = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(internal)?;
    Ok(ours.iter().map(|migration| migration.name().to_string()).max().unwrap_or_default())
}

fn migrate<DB: diesel::backend::Backend>(
    connection: &mut impl MigrationHarness<DB>,
    migrations: EmbeddedMigrations,
) -> Result<(), Error>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let ours = MigrationSource::<DB>::migrations(&migrations).map_err(internal)?;
    let ours: Vec<String> =
        ours.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = connection.applied_migrations().map_err(internal)?;
    if let Some(unknown) = applied.iter().find(|version| !ours.contains(&version.to_string())) {
        return Err(Error::Internal(format!(
            "the database was made by a newer version of Clausewatch: it has the migration {unknown}, \
             which this version does not know; start a newer version"
        )));
    }
    connection.run_pending_migrations(migrations).map_err(internal)?;
    Ok(())
}

fn internal(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Internal(format!("cannot migrate the database: {error}"))
}
