//! `clausewatch record`

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::progress;
use crate::config::Config;
use crate::db::{Access, Db};
use crate::domain::StringEnum;
use crate::domain::batch::AssessmentEffect;
use crate::domain::viewer::Editor;
use crate::sheet::{
    self, CellRow, Format, Layout, MAX_BYTES, RowOutcome, Sheet, SheetOutcome, Writing,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// The sheet: a file that ends in .csv, .tsv, .txt, .xlsx or .xlsm.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Check every row and print what it would change. Write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Records the assessments of a sheet, and prints a line for each row with its change. If any row has a fault, records
/// nothing, and prints only a line for each fault, starting with file and row. A dry run prints the faults, and also
/// the changes of the rows without a fault.
pub fn run(config: &Config, arguments: &Arguments) -> anyhow::Result<()> {
    let file = arguments.file.display();
    let rows = rows(&arguments.file, Layout::ASSESSMENTS);
    let sheet = Sheet::new(rows.with_context(|| format!("cannot use {file}"))?);
    let mut errors = std::io::stderr();
    for name in &sheet.ignored {
        writeln!(errors, "{file}: the column “{name}” is ignored")?;
    }
    for problem in &sheet.problems {
        writeln!(errors, "{file}: {problem}")?;
    }
    if !sheet.problems.is_empty() {
        bail!("nothing was recorded");
    }
    let location = config.location()?;
    location.expect_present()?;
    let db =
        Db::open(&location, 1).with_context(|| format!("cannot open the database {location}"))?;
    let writing = if arguments.dry_run { Writing::DryRun } else { Writing::Record };
    let (mut session, editor) = (db.session(Access::Write)?, Editor::operator());
    let outcome =
        progress::show("recording", || sheet::record(&mut session, &editor, &sheet, writing))?;
    // A row with a fault has no effect, so no line is printed for it here. Its faults are printed afterwards.
    let mut out = BufWriter::new(std::io::stdout());
    if outcome.faults.is_empty() || arguments.dry_run {
        for row in outcome.rows.iter().filter(|row| row.result.effect.is_some()) {
            writeln!(out, "{}", line(row))?;
        }
    }
    report_faults(&arguments.file, &outcome)?;
    writeln!(out, "{}", summary(&outcome, writing))?;
    Ok(out.flush()?)
}

/// Reads the rows of a file. The ending of its name states the format.
pub(super) fn rows(path: &Path, layout: Layout) -> anyhow::Result<Vec<CellRow>> {
    let format = Format::of(path)?;
    // Reads at most one byte more than the limit, because a file, such as a pipe, can be endless. The extra byte shows
    // that the file is too large.
    let limit = u64::try_from(MAX_BYTES)? + 1;
    let mut content = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut content)?;
    Ok(format.rows_of(&content, layout)?)
}

/// Prints the faults. Fails if there are any.
fn report_faults(file: &Path, outcome: &SheetOutcome) -> anyhow::Result<()> {
    let mut errors = BufWriter::new(std::io::stderr());
    for fault in &outcome.faults {
        let column = fault.column.map(|column| format!("{}: ", column.as_str()));
        let (file, column) = (file.display(), column.unwrap_or_default());
        writeln!(errors, "{file}:{}: {column}{}", fault.number, fault.message)?;
    }
    errors.flush()?;
    let count = outcome.faults.len();
    if count > 0 {
        let plural = if count == 1 { "" } else { "s" };
        bail!("nothing was recorded because of {count} fault{plural}");
    }
    Ok(())
}

/// The change of a row: `row 2: minsk-2/9 from 2022-03-05, ukraine: PARTIAL → COMPLETE (new)`.
fn line(row: &RowOutcome) -> String {
    let status = |status: &Option<String>| {
        status.as_deref().map_or_else(|| "?".to_owned(), str::to_ascii_uppercase)
    };
    let date = row.date.map(|date| date.to_string()).unwrap_or_default();
    let holder = row.held_by.as_deref().unwrap_or("neutral record");
    let effect = match row.result.effect {
        Some(AssessmentEffect::New) if row.result.is_latest == Some(false) => {
            "new, before a later assessment"
        }
        Some(AssessmentEffect::New) => "new",
        Some(AssessmentEffect::Correction) => "corrects the assessment of this day",
        Some(AssessmentEffect::Unchanged) => "already recorded",
        None => "not recorded",
    };
    let (before, after) = (status(&row.result.status_before), status(&row.result.status_after));
    let (number, reference) = (row.number, &row.reference);
    format!("row {number}: {reference} from {date}, {holder}: {before} → {after} ({effect})")
}

fn summary(outcome: &SheetOutcome, writing: Writing) -> String {
    let unchanged = outcome.unchanged();
    let new = outcome.rows.len() - unchanged;
    let assessments = if new == 1 { "assessment" } else { "assessments" };
    match writing {
        Writing::Record => format!("{new} {assessments} recorded, {unchanged} already recorded."),
        Writing::DryRun => {
            format!(
                "{new} {assessments} to record, {unchanged} already recorded. Nothing was written."
            )
        }
    }
}
