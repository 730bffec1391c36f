//! `clausewatch restore`

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::file;
use crate::config::Config;
use crate::db::{Location, backup};

#[derive(Debug, Args)]
pub struct Arguments {
    /// File written by `backup`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Restores a backup. The database must not exist.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let location = config.location()?;
    let Location::Sqlite(database) = &location else {
        bail!(
            "restore a PostgreSQL database with pg_restore; load a file of `clausewatch dump` with \
             `clausewatch load FILE`"
        );
    };
    let backup = arguments.file.display();
    // SQLite keeps these files beside a database that is open or was not closed cleanly.
    for (file, meaning) in [
        (
            with_suffix(&arguments.file, "-wal"),
            "the given file is a database that is in use or was not closed cleanly, not a backup",
        ),
        (
            with_suffix(database, "-wal"),
            "a database or part of one already exists and is not overwritten",
        ),
        (
            with_suffix(database, "-shm"),
            "a database or part of one already exists and is not overwritten",
        ),
    ] {
        if file.exists() {
            bail!("the file {} exists: {meaning}", file.display());
        }
    }
    file::create(database, |copy| {
        let mut original =
            File::open(&arguments.file).with_context(|| format!("cannot open {backup}"))?;
        std::io::copy(&mut original, copy)?;
        backup::accept(copy.path()).with_context(|| format!("cannot restore {backup}"))
    })?;
    writeln!(std::io::stdout(), "Restored {backup} to {location}.")?;
    Ok(())
}

/// The path with `suffix` added to the file name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
