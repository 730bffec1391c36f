//! Criteria: the evidence that a status of a clause requires.

use super::content::Fields;
use super::string_enum::string_enum;
use super::{StringEnum, ValidationErrorCode, ValidationErrors, text};

string_enum! {
    /// A clause status that can have a criterion, because it results from comparing actions with the text of the
    /// clause.
    CriterionStatus {
        /// First steps were taken. Most of the clause's requirements are not met.
        Minimal = "minimal",
        /// A substantial part was done.
        Partial = "partial",
        /// Everything required was done.
        Complete = "complete",
        /// A party acted against the clause.
        Breached = "breached",
    }
}

/// The content of a criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionContent {
    /// The status.
    pub status: CriterionStatus,
    /// The required evidence. At most [`text::MAX_PROSE`] characters.
    pub text: String,
}

impl CriterionContent {
    /// The fields, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        fields.string_enum("status", self.status).text("text", &self.text)
    }
}

/// Adds the errors of a clause's criteria: repeated statuses and invalid texts.
pub fn check(errors: &mut ValidationErrors, criteria: &[CriterionContent]) {
    for (index, criterion) in criteria.iter().enumerate() {
        let path = |field: &str| format!("criteria.{index}.{field}");
        let has_same_status = |other: &CriterionContent| other.status == criterion.status;
        if let Some(first) = criteria.iter().take(index).position(has_same_status) {
            let name = criterion.status.name();
            let message = format!("item {first} of criteria already has the status {name}");
            errors.add(ValidationErrorCode::Duplicate, &path("status"), message);
        }
        text::check(errors, &path("text"), &criterion.text, text::MAX_PROSE);
    }
}
