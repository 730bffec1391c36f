//! Records the assessments in imported files, except those that earlier imports have recorded.

use std::collections::BTreeSet;

use super::assessment::{self, Assessment, LinkedAssessment};
use super::assessment_write::{self, Evidence, NewAssessment, Origin};
use super::{Error, Transaction, retraction};
use crate::domain::ValidationErrors;
use crate::domain::assessment::AssessmentContent;
use crate::domain::status::AssessableKind;

/// The maximum number of assessments that are written together.
const WRITE_BATCH_SIZE: usize = 500;

/// A file that contains assessments.
#[derive(Debug, Clone, Copy)]
pub enum ImportedFile<'a> {
    /// A dossier with this name.
    Dossier(&'a str),
    /// A table with this name, from a research dataset.
    Table(&'a str),
}

/// The reason for a retraction by an import starts with one of these texts: the first for a dossier, the second for a
/// table. The name of the file follows.
const CORRECTED: [&str; 2] = ["Corrected in the dossier", "Corrected in the table"];

impl ImportedFile<'_> {
    /// The reason for the retraction of an assessment that this file corrects.
    fn reason(self) -> String {
        let [in_dossier, in_table] = CORRECTED;
        match self {
            Self::Dossier(name) => format!("{in_dossier} {name}"),
            Self::Table(name) => format!("{in_table} {name}"),
        }
    }
}

/// Whether an import has retracted the assessment.
fn is_correction(row: &Assessment) -> bool {
    let reason = row.retraction_reason.as_deref();
    reason.is_some_and(|reason| CORRECTED.iter().any(|start| reason.starts_with(start)))
}

/// An assessment of an imported file.
#[derive(Debug, Clone)]
pub struct ImportedAssessment<'a> {
    /// The content, with its evidence.
    pub content: AssessmentContent,
    /// The kind of the assessed record.
    pub kind: AssessableKind,
    /// The file that contains the assessment.
    pub file: ImportedFile<'a>,
}

/// The outcome of importing an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportOutcome {
    /// An import has already recorded the assessment.
    Unchanged,
    /// The assessment was recorded.
    Recorded,
    /// The assessment was recorded, and the holder's imported assessment of the same day was retracted.
    Corrected,
    /// The assessment is invalid, or the earlier assessment cannot be retracted.
    Failed(ValidationErrors),
}

/// Records the new assessments, and retracts the imported assessments that they correct. Returns the outcome of each.
/// If an assessment failed, the caller must roll back.
///
/// # Errors
/// Database errors.
pub fn record(
    transaction: &mut Transaction<'_>,
    items: Vec<ImportedAssessment<'_>>,
) -> Result<Vec<ImportOutcome>, Error> {
    let subjects: BTreeSet<_> = items.iter().map(|item| item.content.subject).collect();
    let subjects: Vec<_> = subjects.into_iter().collect();
    let imported = assessment::imported_of(transaction.connection(), &subjects)?;
    let mut outcomes = Vec::with_capacity(items.len());
    let mut new = Vec::new();
    for ImportedAssessment { content, kind, file } in items {
        let earlier = imported.get(content.subject.as_str()).map_or(&[][..], Vec::as_slice);
        let outdated = earlier.iter().map(|earlier| &earlier.row).find(|row| {
            row.retracted_at.is_none()
                && (row.held_by_id, row.effective_on)
                    == (content.held_by, content.effective_on.last_day())
        });
        // A manual retraction is final: the assessment is not recorded again. If an import has retracted the
        // assessment, it is recorded again, but only to replace another assessment of the import.
        let is_recorded = earlier.iter().filter(|earlier| earlier.has_content(&content)).any(
            |LinkedAssessment { row, .. }| {
                row.retracted_at.is_none() || outdated.is_none() || !is_correction(row)
            },
        );
        if is_recorded {
            outcomes.push(ImportOutcome::Unchanged);
            continue;
        }
        let mut outcome = ImportOutcome::Recorded;
        if let Some(outdated) = outdated {
            // A retraction reads the earlier assessments from the database, so the assessments in `new` must be written
            // first.
            record_new(transaction, &mut new, &mut outcomes)?;
            let kind = kind.assessment_kind();
            match retraction::retract(transaction, kind, outdated.id, &file.reason(), None) {
                Ok(_) => outcome = ImportOutcome::Corrected,
                Err(Error::ValidationErrors(errors)) => {
                    outcomes.push(ImportOutcome::Failed(errors));
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        new.push((outcomes.len(), content));
        outcomes.push(outcome);
        if new.len() >= WRITE_BATCH_SIZE {
            record_new(transaction, &mut new, &mut outcomes)?;
        }
    }
    record_new(transaction, &mut new, &mut outcomes)?;
    Ok(outcomes)
}

/// Records the assessments in `new`, and empties the list. Each assessment is paired with the index of its outcome.
fn record_new(
    transaction: &mut Transaction<'_>,
    new: &mut Vec<(usize, AssessmentContent)>,
    outcomes: &mut [ImportOutcome],
) -> Result<(), Error> {
    let (indexes, contents): (Vec<usize>, Vec<AssessmentContent>) = new.drain(..).unzip();
    let contents = contents.into_iter().map(|content| {
        let evidence = content.evidence.iter().cloned().map(Evidence::Cited).collect();
        NewAssessment { content, evidence, expected_version: None, submitted_by: None }
    });
    let recorded = assessment_write::record_all(transaction, contents.collect(), Origin::Dossier)?;
    for (index, outcome) in indexes.into_iter().zip(recorded) {
        if let (Err(errors), Some(of_item)) = (outcome, outcomes.get_mut(index)) {
            *of_item = ImportOutcome::Failed(errors);
        }
    }
    Ok(())
}
