//! Copies of a SQLite file that is in use. PostgreSQL has separate tools for backups.

use std::path::Path;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use super::{Error, Location, migration};

/// Copies the database at `location` into a new or empty file. Other processes may read and write meanwhile.
///
/// # Errors
/// Database errors, and a full disk.
pub fn write(location: &Location, file: &Path) -> Result<(), Error> {
    let mut connection = location.connect().map_err(Error::unavailable)?;
    sql_query("VACUUM INTO $1").bind::<Text, _>(file.to_string_lossy()).execute(&mut connection)?;
    Ok(())
}

/// Checks that a SQLite file is an intact Clausewatch database. Then runs the missing migrations.
///
/// # Errors
/// A sentence that describes the problem.
pub fn accept(file: &Path) -> Result<(), Error> {
    #[derive(QueryableByName)]
    struct Finding {
        #[diesel(sql_type = Text)]
        integrity_check: String,
    }
    let location = Location::Sqlite(file.to_owned());
    {
        let foreign =
            || Error::Internal("it is truncated, or not a Clausewatch database".to_owned());
        let mut connection = location.connect().map_err(|_| foreign())?;
        let findings: Vec<Finding> =
            sql_query("PRAGMA integrity_check(1)").load(&mut connection)?;
        if let Some(finding) = findings.iter().find(|finding| finding.integrity_check != "ok") {
            return Err(Error::Internal(format!("it is damaged: {}", finding.integrity_check)));
        }
        connection.log_position().map_err(|_| foreign())?;
    }
    migration::run(&location)
}
