//! `clausewatch migrate`

use std::io::Write;

use anyhow::Context;

use crate::config::Config;
use crate::db::Db;

/// Migrates the database.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let location = config.location()?;
    Db::open(&location, 1).with_context(|| format!("cannot migrate the database {location}"))?;
    writeln!(std::io::stdout(), "The database {location} is up to date.")?;
    Ok(())
}
