//! `clausewatch check`

use std::io::Write;

use anyhow::{Context, bail};

use crate::config::Config;
use crate::db::{Access, Db, integrity};

/// Prints every difference between the derived data and the records. Fails if there are differences.
pub fn run(config: &Config) -> anyhow::Result<()> {
    let location = config.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let differences = integrity::check(db.session(Access::Read)?.read()?)?;
    let mut out = std::io::stdout();
    for difference in &differences {
        writeln!(out, "{difference}")?;
    }
    if !differences.is_empty() {
        bail!("{} differences", differences.len());
    }
    writeln!(
        out,
        "The statuses in force match the assessments, the due dates match the rules of the deadlines, the change log \
         is complete, the search index contains the words of every record, and the releases are unchanged."
    )?;
    Ok(())
}
