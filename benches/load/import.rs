//! Measures the cost of an import. Imports of two sizes show whether the time more than doubles when the data doubles.

use std::path::Path;
use std::time::{Duration, Instant};

use super::database::Databases;
use super::{accounting, data, process};

/// The cost of an import.
pub struct Outcome {
    /// The number of agreements.
    pub agreements: u32,
    /// The elapsed time.
    pub elapsed: Duration,
    /// The CPU time of the command and the database.
    pub cpu: Duration,
}

/// Imports the dossiers of `agreements` agreements into the empty database at `url`.
///
/// # Errors
/// If the import fails.
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
