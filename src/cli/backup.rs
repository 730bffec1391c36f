//! `clausewatch backup`

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::file;
use crate::config::Config;
use crate::db::{Location, backup};

#[derive(Debug, Args)]
pub struct Arguments {
    /// File to write. Must not exist.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies a snapshot of the database. A server may write to the database meanwhile.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let location = config.location()?;
    if let Location::Postgres { .. } = location {
        bail!(
            "back up a PostgreSQL database with pg_dump; for a copy that SQLite and PostgreSQL can load, use \
             `clausewatch dump FILE`"
        );
    }
    location.expect_present()?;
    file::create(&arguments.file, |file| Ok(backup::write(&location, file.path())?))?;
    let path = arguments.file.display();
    writeln!(std::io::stdout(), "Copied the database {location} to {path}.")?;
    Ok(())
}
