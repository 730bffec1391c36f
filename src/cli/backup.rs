//! `clausewatch backup`

use std::io::Write;
use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::file;
use crate::config::Config;
use crate::db::{Location, backup};

/// Where the copy goes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file to write, which must not be there yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies the database as it is at this instant; a server may go on writing meanwhile.
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
