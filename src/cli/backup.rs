//! `clausewatch backup`

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::file;
use crate::config::Config;
use crate::db::{Location, backup};

/// The arguments of `backup`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write. It must not exist yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies the database as of one instant. Servers can write meanwhile.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let location = config.location()?;
    if let Location::Postgres { .. } = location {
        bail!(
            "a PostgreSQL database is backed up with PostgreSQL's own pg_dump, which can be restored faster than \
             anything else; a copy that any database can load is made with `clausewatch dump FILE`"
        );
    }
    location.expect_present()?;
    file::create(&arguments.file, |file| Ok(backup::write(&location, file.path())?))?;
    let path = arguments.file.display();
    writeln!(std::io::stdout(), "Copied the database {location} to {path}.")?;
    Ok(())
}
