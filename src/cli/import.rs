//! `clausewatch import`

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use super::progress;
use crate::config::Config;
use crate::db::{Access, Db};
use crate::domain::viewer::Editor;
use crate::dossier::{self, ImportError};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Dossiers: files, or folders of *.toml files.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Check everything and print what would change. Write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Imports dossiers. Prints one line for each error, starting with file and line.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let files = dossier::read(&arguments.paths)?;
    let location = config.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let (mut session, editor) = (db.session(Access::Write)?, Editor::operator());
    let outcome = progress::show("importing", || {
        if arguments.dry_run {
            dossier::dry_run(&mut session, &editor, &files)
        } else {
            dossier::import(&mut session, &editor, &files)
        }
    });
    match outcome {
        Ok(summary) => {
            let end = if arguments.dry_run { "\nNothing was written." } else { "" };
            Ok(writeln!(std::io::stdout(), "{summary}{end}")?)
        }
        Err(ImportError::ValidationErrors(errors)) => {
            let mut out = std::io::stderr();
            for error in &errors {
                writeln!(out, "{error}")?;
            }
            let count = errors.len();
            bail!(
                "nothing was imported because of {count} error{}",
                if count == 1 { "" } else { "s" }
            );
        }
        Err(failure) => Err(failure.into()),
    }
}
