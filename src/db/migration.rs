//! Migrations.

use diesel::migration::MigrationSource;
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;
use diesel::{RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error, Location, search_rebuild, transaction};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs all pending migrations in one transaction. Then rebuilds the search index if another version built it. If several
/// servers start at once, one of them migrates and the others wait.
pub(super) fn run(location: &Location) -> Result<(), Error> {
    let mut connection = location.connect().map_err(Error::unavailable)?;
    if location.is_read_only() {
        return expect_current(&mut connection);
    }
    expect_unicode(&mut connection)?;
    transaction::begin(&mut connection, "BEGIN EXCLUSIVE", "BEGIN")?;
    let outcome = match &mut connection {
        DbConnection::Sqlite(connection) => migrate(connection, SQLITE),
        DbConnection::Postgres(connection) => {
            // The key of the lock: an arbitrary number that must be the same in every version.
            const LOCK: i64 = 2_015_021_200;
            sql_query(format!("SELECT pg_advisory_xact_lock({LOCK})"))
                .execute(connection)
                .map_err(Error::from)
                .and_then(|_| migrate(connection, POSTGRES))
        }
    };
    transaction::finish(&mut connection, outcome)?;
    search_rebuild::refresh(&mut connection)
}

/// Whether the database has the tables of this version or of a newer one.
pub(super) fn is_current(connection: &mut DbConnection) -> Result<bool, Error> {
    let pending = match connection {
        DbConnection::Sqlite(connection) => connection.has_pending_migration(SQLITE),
        DbConnection::Postgres(connection) => connection.has_pending_migration(POSTGRES),
    };
    Ok(!pending.map_err(internal)?)
}

/// Rejects a read-only database that lacks migrations.
fn expect_current(connection: &mut DbConnection) -> Result<(), Error> {
    if !is_current(connection)? {
        let message = "it lacks migrations that this version requires; start the server once with write access to apply them";
        return Err(Error::ReadOnly(message.to_owned()));
    }
    Ok(())
}

/// Rejects a PostgreSQL database whose encoding is not Unicode. SQLite always uses Unicode.
fn expect_unicode(connection: &mut DbConnection) -> Result<(), Error> {
    if connection.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let encoding = Sql::new("SELECT current_setting('server_encoding')");
    let encodings = query::rows::<Text, String>(connection, encoding)?;
    match encodings.first().map(String::as_str) {
        Some("UTF8") => Ok(()),
        encoding => Err(Error::Internal(format!(
            "its encoding is {}, but must be UTF8; create another with: createdb --encoding=UTF8 --template=template0 NAME",
            encoding.unwrap_or("unknown")
        ))),
    }
}

/// The name of the newest migration of this version.
pub(super) fn latest() -> Result<String, Error> {
    Ok(names()?.into_iter().max().unwrap_or_default())
}

/// The names of all migrations of this version.
pub(super) fn names() -> Result<Vec<String>, Error> {
    let ours = MigrationSource::<Sqlite>::migrations(&SQLITE).map_err(internal)?;
    Ok(ours.iter().map(|migration| migration.name().to_string()).collect())
}

/// Reverts the migrations after `name`, inside the current transaction. This version must know the migration `name`.
pub(super) fn revert_to(connection: &mut DbConnection, name: &str) -> Result<(), Error> {
    let later = names()?.iter().filter(|other| other.as_str() > name).count();
    for _ in 0..later {
        match connection {
            DbConnection::Sqlite(connection) => connection.revert_last_migration(SQLITE),
            DbConnection::Postgres(connection) => connection.revert_last_migration(POSTGRES),
        }
        .map_err(internal)?;
    }
    Ok(())
}

/// Runs all missing migrations inside the current transaction.
pub(super) fn run_pending(connection: &mut DbConnection) -> Result<(), Error> {
    match connection {
        DbConnection::Sqlite(connection) => connection.run_pending_migrations(SQLITE).map(drop),
        DbConnection::Postgres(connection) => connection.run_pending_migrations(POSTGRES).map(drop),
    }
    .map_err(internal)
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
            "the database was created by a newer version of Clausewatch: it has the migration {unknown}, \
             which this version does not know; start a newer version"
        )));
    }
    connection.run_pending_migrations(migrations).map_err(internal)?;
    Ok(())
}

fn internal(error: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::Internal(format!("cannot migrate the database: {error}"))
}
