//! Health checks of the database.

use std::path::Path;

use super::{Db, Error, Location, migration};

/// The name of a check, and the problem if it failed.
pub type Finding = (&'static str, Result<(), String>);

impl Db {
    /// Checks the database with a separate connection, because a pool without free connections is not a failure. Blocks the
    /// thread. `least_free` is the required free disk space in bytes.
    #[must_use]
    pub fn check(&self, least_free: u64) -> Vec<Finding> {
        let location = self.location();
        let connection =
            location.expect_present().and_then(|()| location.connect().map_err(Error::unavailable));
        let mut findings = Vec::new();
        match connection.and_then(|mut connection| migration::is_current(&mut connection)) {
            Ok(true) => {
                findings.extend([("database", Ok(())), ("migrations", Ok(()))]);
            }
            Ok(false) => {
                let message = "the tables are not the tables of this version".to_owned();
                findings.extend([("database", Ok(())), ("migrations", Err(message))]);
            }
            Err(failure) => {
                tracing::warn!(%failure, "the database cannot be reached");
                findings.push(("database", Err("the database cannot be reached".to_owned())));
            }
        }
        if let Location::Sqlite(path) = location {
            findings.push(("disk", check_disk(path, least_free)));
        }
        findings
    }
}

#[cfg(unix)]
fn check_disk(path: &Path, least: u64) -> Result<(), String> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let disk = rustix::fs::statvfs(folder).map_err(|error| {
        tracing::warn!(%error, "the free disk space cannot be read");
        "the free disk space cannot be read".to_owned()
    })?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < least {
        return Err(format!("{free} bytes are free; at least {least} are required"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_disk(_path: &Path, _least: u64) -> Result<(), String> {
    Ok(())
}
