//! Research data: tables of published datasets, imported as records. All rows are imported or none. docs/RESEARCH.md
//! describes the tables and how their rows become records.
//!
//! `table` finds columns and cells by name. `pa_x` and `pam` read the rows of a dataset and collect the faults. Their modules
//! `write` store what differs from the database.

mod pa_x;
mod pam;
mod records;
mod table;

use std::collections::BTreeMap;

pub use table::{Fault, LAYOUT, Table};

use crate::db::{Error, Session, Transaction};
use crate::domain::ValidationErrors;
use crate::domain::viewer::Editor;
use crate::dossier::Summary;
use crate::sheet::Writing;

/// A dataset, with its options.
#[derive(Debug, Clone)]
pub enum Dataset {
    /// The PA-X Peace Agreements Database: one row for each agreement.
    PaX,
    /// The Peace Accords Matrix: codes of accords by provision and year.
    Pam(PamOptions),
}

/// The options of the Peace Accords Matrix.
#[derive(Debug, Clone, Default)]
pub struct PamOptions {
    /// The slugs of agreements, keyed by accord. The keys are as
    /// [`look_up_key`](crate::domain::external_id::look_up_key) returns them. Agreements for other accords are found by
    /// their external identifiers.
    pub agreements: BTreeMap<String, String>,
    /// Whether to skip accords and provisions that are linked to no record, instead of reporting them.
    pub linked_only: bool,
}

/// The changes that a table makes or would make.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The counts of records. Meaningless if there are faults.
    pub summary: Summary,
    /// Remarks in order of the rows, for example about values that are not imported.
    pub notes: Vec<Note>,
    /// The faults of all rows, in order. If there are any, nothing is written.
    pub faults: Vec<Fault>,
}

/// A remark on a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The number of the row in the file.
    pub row: usize,
    /// A sentence for the user.
    pub message: String,
}

/// Imports a table in one transaction, or describes the changes that an import would make. `file` is the name of the
/// file. The reasons for retractions contain it.
///
/// # Errors
/// Database errors. The faults of rows are a part of the outcome.
pub fn import(
    session: &mut Session,
    editor: &Editor,
    (file, table): (&str, &Table),
    dataset: &Dataset,
    writing: Writing,
) -> Result<Outcome, Error> {
    let mut outcome = Outcome::default();
    let work = |transaction: &mut Transaction<'_>| {
        transaction.expect_many_rows()?;
        outcome = match dataset {
            Dataset::PaX => pa_x::import(transaction, table)?,
            Dataset::Pam(options) => pam::import(transaction, file, table, options)?,
        };
        // An error rolls the transaction back.
        if outcome.faults.is_empty() { Ok(()) } else { Err(ValidationErrors::default().into()) }
    };
    let written = match writing {
        Writing::Record => session.write(editor, work),
        Writing::DryRun => session.dry_run(editor, work),
    };
    outcome.notes.sort();
    outcome.faults.sort();
    outcome.faults.dedup();
    match written {
        Err(Error::ValidationErrors(errors)) if errors.is_empty() => Ok(outcome),
        written => written.map(|()| outcome),
    }
}
