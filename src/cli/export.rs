//! `clausewatch export`

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use super::progress;
use crate::config::Config;
use crate::db::{Access, Db};
use crate::dossier;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to write to. It must be empty or missing.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Writes the records as dossiers. Importing the dossiers restores the same state.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let folder = &arguments.folder;
    let is_used = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
    if is_used || folder.is_file() {
        bail!("{} is not an empty folder: nothing is overwritten", folder.display());
    }
    let location = config.location()?;
    location.expect_present()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let mut session = db.session(Access::Read)?;
    let connection = session.read()?;
    let (files, counts) = progress::show("exporting", || dossier::export(connection))?;
    if files.is_empty() {
        bail!("the database has no records to export");
    }
    for file in &files {
        let path = folder.join(&file.name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot create {}", parent.display()))?;
        fs::write(&path, &file.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(kind, count)| format!("{kind}: {count}")).collect();
    let mut out = std::io::stdout();
    Ok(writeln!(out, "{} files in {}\n{}", files.len(), folder.display(), counts.join("\n"))?)
}
