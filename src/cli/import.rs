//! `clausewatch import`

mod table;

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};

use super::progress;
use crate::config::Config;
use crate::db::{Access, Db};
use crate::domain::viewer::Editor;
use crate::dossier::{self, ImportError};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Dossiers: files, or folders of *.toml files. With --from: one CSV or XLSX file.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Check everything and print what would change. Write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Import the table of a research dataset: pa-x (agreements and their topics) or pam (Peace Accords Matrix:
    /// assessments of clauses by year). See docs/RESEARCH.md.
    #[arg(long, value_name = "DATASET", hide_possible_values = true)]
    from: Option<Dataset>,
    /// With --from pam: the slug of the agreement that corresponds to an accord. Can be repeated. Default: the
    /// agreement whose external identifier in the scheme PAM matches the accord.
    #[arg(long = "agreement", value_name = "ACCORD=SLUG", requires = "from", value_parser = accord)]
    agreements: Vec<(String, String)>,
    /// With --from pam: skip accords and provisions that are linked to no record, instead of reporting them.
    #[arg(long, requires = "from")]
    linked_only: bool,
}

/// A research dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dataset {
    /// The PA-X Peace Agreements Database.
    PaX,
    /// The Peace Accords Matrix.
    Pam,
}

/// Parses `ACCORD=SLUG`: an accord and the slug of its agreement.
fn accord(text: &str) -> Result<(String, String), String> {
    match text.split_once('=').map(|(accord, slug)| (accord.trim(), slug.trim())) {
        Some((accord, slug)) if !accord.is_empty() && !slug.is_empty() => {
            Ok((accord.to_owned(), slug.to_owned()))
        }
        _ => Err(
            "write ACCORD=SLUG: the accord and the slug of its agreement, such as 3=belfast-agreement-1998"
                .to_owned(),
        ),
    }
}

/// Imports dossiers, or the table of a dataset. Prints one line for each error, starting with file and line.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    if let Some(dataset) = arguments.from {
        return table::run(config, arguments, dataset);
    }
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
