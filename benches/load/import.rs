//! How long imports take, and whether twice the data takes more than twice as long.

use std::path::Path;
use std::time::{Duration, Instant};

use super::database::Databases;
use super::{accounting, data, process};

/// What an import took.
pub struct Outcome {
    /// How many agreements there were.
    pub agreements: u32,
    /// By the clock.
    pub elapsed: Duration,
    /// CPU time of the command and the database.
    pub cpu: Duration,
}

/// Imports the dossiers of so many agreements into the database at `url`, which is empty.
///
/// # Errors
/// When the import fails.
pub fn import(
    databases: &Databases<'_>,
    url: &str,
    folder: &Path,
    agreements: u32,
) -> anyhow::Result<Outcome> {
    let dossiers = folder.join(format!("dossiers-{agreements}"));
    data::write_dossiers(&dossiers, agreements)?;
    let cpu = || -> anyhow::Result<Duration> {
        let postgres = databases.process().map(accounting::postgres).transpose()?;
        Ok(accounting::ended_children()? + postgres.unwrap_or_default())
    };
    let (before, began) = (cpu()?, Instant::now());
    let mut command = process::program();
    command.args(["import", "--database-url", url]).arg(&dossiers);
    process::finish(command)?;
    let elapsed = began.elapsed();
    Ok(Outcome { agreements, elapsed, cpu: cpu()?.saturating_sub(before) })
}
