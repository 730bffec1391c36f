//! `clausewatch load`

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::config::Config;
use crate::db::{Access, Db, dump};
use crate::domain::viewer::Editor;

#[derive(Debug, Args)]
pub struct Arguments {
    /// File written by `dump`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Loads a dump into an empty database.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let path = arguments.file.display();
    let file = File::open(&arguments.file).with_context(|| format!("cannot open {path}"))?;
    let location = config.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let mut session = db.session(Access::Write)?;
    let rows = dump::load(&mut session, &Editor::operator(), BufReader::new(file))
        .with_context(|| format!("nothing was loaded from {path}"))?;
    writeln!(std::io::stdout(), "Loaded {rows} rows into {location}.")?;
    Ok(())
}
