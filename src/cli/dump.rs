//! `clausewatch dump`

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::file;
use crate::config::Config;
use crate::db::dump::Accounts;
use crate::db::{Access, Db, dump};

#[derive(Debug, Args)]
pub struct Arguments {
    /// File to write. Must not exist. Default: standard output.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Omit access tokens, webhooks and pending submissions, so that the dump can be published.
    #[arg(long)]
    without_tokens: bool,
}

/// Writes a snapshot of the database. A server may write to the database meanwhile.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let location = config.location()?;
    location.expect_present()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let accounts = if arguments.without_tokens { Accounts::LeftOut } else { Accounts::Included };
    let mut session = db.session(Access::Read)?;
    let Some(path) = &arguments.file else {
        dump::write(session.read()?, &mut BufWriter::new(std::io::stdout()), accounts)?;
        return Ok(());
    };
    let rows = file::create(path, |file| {
        Ok(dump::write(session.read()?, &mut BufWriter::new(file), accounts)?)
    })?;
    writeln!(std::io::stdout(), "Dumped {rows} rows to {}.", path.display())?;
    Ok(())
}
