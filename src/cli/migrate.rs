//! `clausewatch migrate`

use std::io::Write;

use anyhow::Context;

use crate::config::Config;
use crate::db::Db;

/// Brings the tables up to date.
pub fn run(config: &Config) -> anyhow::Result<()> {
    Db::open(&config.database_url, 1)
        .with_context(|| format!("cannot migrate the database {}", config.database_url))?;
    writeln!(std::io::stdout(), "The database {} is up to date.", config.database_url)?;
    Ok(())
}
