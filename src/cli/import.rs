//! `clausewatch import`

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::config::Config;
use crate::db::{Access, Db};
use crate::domain::viewer::Editor;
use crate::dossier;

/// What to import.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Dossiers: files, or folders that are searched for *.toml.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// Imports dossiers.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let files = dossier::read(&arguments.paths)?;
    let location = config.database_url.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let summary = dossier::import(&mut db.session(Access::Write)?, &Editor::operator(), &files)?;
    writeln!(std::io::stdout(), "{summary}")?;
    Ok(())
}
