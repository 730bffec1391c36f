//! `clausewatch import --from`: the table of a research dataset.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};

use anyhow::{Context, bail};

use super::{Arguments, Dataset};
use crate::cli::{progress, record};
use crate::config::Config;
use crate::db::{Access, Db};
use crate::domain::external_id::look_up_key;
use crate::domain::viewer::Editor;
use crate::research::{self, Fault, LAYOUT, Note, PamOptions, Table};
use crate::sheet::Writing;

/// The maximum number of printed faults, and of printed notes. One wrong column of PA-X can cause thousands of faults.
const MAX_PRINTED: usize = 100;

/// Imports a table. Prints the notes and the faults. Each line starts with the file and the row.
pub(super) fn run(config: &Config, arguments: &Arguments, dataset: Dataset) -> anyhow::Result<()> {
    let [path] = arguments.paths.as_slice() else {
        bail!("--from imports one file at a time, not {}", arguments.paths.len());
    };
    let has_options = arguments.linked_only || !arguments.agreements.is_empty();
    if dataset == Dataset::PaX && has_options {
        bail!("--agreement and --linked-only are only for --from pam");
    }
    let dataset = match dataset {
        Dataset::PaX => research::Dataset::PaX,
        Dataset::Pam => research::Dataset::Pam(PamOptions {
            agreements: agreements_by_accord(&arguments.agreements)?,
            linked_only: arguments.linked_only,
        }),
    };
    let name = path.display().to_string();
    let rows = record::rows(path, LAYOUT).with_context(|| format!("cannot use {name}"))?;
    let table = Table::new(rows);
    let location = config.location()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let (mut session, editor) = (db.session(Access::Write)?, Editor::operator());
    let writing = if arguments.dry_run { Writing::DryRun } else { Writing::Record };
    let outcome = progress::show("importing", || {
        research::import(&mut session, &editor, (&name, &table), &dataset, writing)
    })?;
    print(&outcome.notes, "notes", |Note { row, message }| {
        format!("{name}:{row}: note: {message}")
    })?;
    print(&outcome.faults, "faults", |Fault { row, column, message }| match column {
        Some(column) => format!("{name}:{row}: {column}: {message}"),
        None => format!("{name}:{row}: {message}"),
    })?;
    let count = outcome.faults.len();
    if count > 0 {
        let plural = if count == 1 { "" } else { "s" };
        bail!("nothing was imported because of {count} fault{plural}");
    }
    let end = if arguments.dry_run { "\nNothing was written." } else { "" };
    Ok(writeln!(std::io::stdout(), "{}{end}", outcome.summary)?)
}

/// The slug of the agreement for each accord, keyed by [`look_up_key`]. Fails if an accord has two slugs.
fn agreements_by_accord(pairs: &[(String, String)]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut agreements = BTreeMap::new();
    for (accord, slug) in pairs {
        let earlier = agreements.insert(look_up_key(accord), slug.clone());
        if let Some(other) = earlier.filter(|other| other != slug) {
            bail!("--agreement names two agreements for the accord {accord}: {other} and {slug}");
        }
    }
    Ok(agreements)
}

/// Prints a line for each item, at most [`MAX_PRINTED`], and how many more items there are.
fn print<T>(items: &[T], noun: &str, line: impl Fn(&T) -> String) -> anyhow::Result<()> {
    let mut errors = BufWriter::new(std::io::stderr());
    for item in items.iter().take(MAX_PRINTED) {
        writeln!(errors, "{}", line(item))?;
    }
    if items.len() > MAX_PRINTED {
        writeln!(errors, "… and {} more {noun}", items.len() - MAX_PRINTED)?;
    }
    Ok(errors.flush()?)
}
