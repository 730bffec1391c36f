//! Dossiers: text files of records. An import writes all records or none. The format and the guarantees are in
//! docs/DOSSIERS.md.
//!
//! An import has four steps. `document` parses each text and keeps line numbers. `names` collects the names of the
//! records in the dossiers and in the database. `import_set` reads all records by kind, with `reader`, which collects
//! errors instead of stopping at the first. `write` writes new and changed records.

mod citation;
mod deadlines;
mod document;
mod events;
mod export;
mod fields;
mod files;
mod import_set;
mod instruments;
mod interpretations;
mod names;
mod order;
mod positions;
mod provenance;
mod reader;
mod schema;
mod summary;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

pub use export::{ExportCounts, export};
pub use files::{File, ReadError, embedded, read};
pub use schema::json_schema;
pub use summary::{AssessmentCounts, Counts, Summary};

use document::Document;
use import_set::ImportSet;
use names::Names;

use crate::db::{Error, Session, Transaction};
use crate::domain::ValidationErrors;
use crate::domain::viewer::Editor;

/// An error with its location.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocatedError {
    /// The name of the file.
    pub file: String,
    /// The line number, from 1.
    pub line: usize,
    /// The error and the valid values.
    pub message: String,
}

/// `path/file.toml:12: message`, the format of compiler messages.
impl fmt::Display for LocatedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// The reason why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The dossiers have errors. All errors are included, in order of file and line.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    ValidationErrors(Vec<LocatedError>),
    /// A database operation failed.
    #[error(transparent)]
    Db(#[from] Error),
}

/// Imports dossiers in one transaction, all or nothing. Records may refer to each other in any order. Unchanged records
/// are not written, so repeating an import has no effect.
///
/// # Errors
/// All errors of the dossiers, or a database error. In both cases, nothing was written.
pub fn import(
    session: &mut Session,
    editor: &Editor,
    files: &[File],
) -> Result<Summary, ImportError> {
    let summary = import_with(files, |work| session.write(editor, work))?;
    if !summary.is_unchanged() {
        session.update_statistics();
    }
    Ok(summary)
}

/// Checks dossiers like [`import`], but writes nothing. The summary describes what an import would write.
///
/// # Errors
/// The same errors as [`import`].
pub fn dry_run(
    session: &mut Session,
    editor: &Editor,
    files: &[File],
) -> Result<Summary, ImportError> {
    import_with(files, |work| session.dry_run(editor, work))
}

/// The work of an import in its transaction.
type Work<'w> = Box<dyn FnOnce(&mut Transaction<'_>) -> Result<Summary, Error> + 'w>;

fn import_with(
    files: &[File],
    write: impl FnOnce(Work<'_>) -> Result<Summary, Error>,
) -> Result<Summary, ImportError> {
    let mut errors = Vec::new();
    let files: Vec<File> = files.iter().map(File::tidied).collect();
    let documents: Vec<Document<'_>> =
        files.iter().map(|file| Document::parse(file, &mut errors)).collect();
    let outcome = write(Box::new(|transaction| {
        let summary = run(transaction, &documents, &mut errors)?;
        // Any error rolls back the transaction. In that case, the summary is not used, because the errors are in `errors`.
        if errors.is_empty() {
            Ok(summary)
        } else {
            Err(Error::ValidationErrors(ValidationErrors::default()))
        }
    }));
    match outcome {
        Err(Error::ValidationErrors(_)) => {
            errors.sort();
            errors.dedup();
            Err(ImportError::ValidationErrors(errors))
        }
        outcome => Ok(outcome?),
    }
}

fn run(
    transaction: &mut Transaction<'_>,
    documents: &[Document<'_>],
    errors: &mut Vec<LocatedError>,
) -> Result<Summary, Error> {
    let names = Names::stored(transaction.connection())?;
    let import_set = read_all(documents, names, errors);
    transaction.expect_many_rows()?;
    write::write(transaction, import_set, errors)
}

/// Reads all records of all dossiers. Defines the names in all dossiers first, so that records can refer to records in later
/// files.
fn read_all<'a>(
    documents: &'a [Document<'a>],
    mut names: Names<'a>,
    errors: &mut Vec<LocatedError>,
) -> ImportSet<'a> {
    for document in documents {
        names.define(document, errors);
    }
    let mut import_set = ImportSet::default();
    import_set.failed.extend(names.check_slugs(errors));
    for document in documents {
        import_set.read(document, &names, errors);
    }
    import_set
}
