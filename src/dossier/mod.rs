//! Dossiers: text files of records. Reads them, and imports all of them or nothing; docs/DOSSIERS.md says what they
//! look like and what an import promises.
//!
//! An import goes through four steps. `document` parses each text and knows the line of everything in it; `names`
//! gathers what records are called, here and in the database; `import_set` reads every record by its kind, with the help of
//! `reader`, which Adds errors instead of stopping at them; `write` writes what is new or different.

mod deadlines;
mod document;
mod events;
mod fields;
mod files;
mod import_set;
mod instruments;
mod names;
mod order;
mod positions;
mod reader;
mod summary;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

pub use files::{File, ReadError, embedded, read};
pub use summary::{AssessmentCounts, Counts, Summary};

use document::Document;
use import_set::ImportSet;
use names::Names;

use crate::db::{Error, Session, Transaction};
use crate::domain::ValidationErrors;
use crate::domain::viewer::Editor;

/// An error, and where in the dossiers it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocatedError {
    /// The name of the file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there, and what would be right.
    pub message: String,
}

/// `path/file.toml:12: message`, as compilers write it.
impl fmt::Display for LocatedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.file, self.line, self.message)
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The dossiers are at error. All errors are here, by file and line.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    ValidationErrors(Vec<LocatedError>),
    /// The database could not do it.
    #[error(transparent)]
    Db(#[from] Error),
}

/// Imports dossiers as one unit: what they define may refer to each other in any order, and either all of it is taken
/// or none. What is there already and the same is left alone, so that importing again changes nothing.
///
/// # Errors
/// Every error of the dossiers at once, or an error of the database. Nothing was written then.
pub fn import(
    session: &mut Session,
    editor: &Editor,
    files: &[File],
) -> Result<Summary, ImportError> {
    let mut errors = Vec::new();
    let files: Vec<File> = files.iter().map(File::tidied).collect();
    let documents: Vec<Document<'_>> =
        files.iter().map(|file| Document::parse(file, &mut errors)).collect();
    let outcome = session.write(editor, |transaction| {
        let summary = run(transaction, &documents, &mut errors)?;
        // Any error rolls back; which, does not matter, since the errors are at hand.
        if errors.is_empty() {
            Ok(summary)
        } else {
            Err(Error::ValidationErrors(ValidationErrors::default()))
        }
    });
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

/// Reads every record of every dossier, once it is known what all of them are called.
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
