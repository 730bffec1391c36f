//! Status checks. A status check states that an editor checked the status of a record on a day and found it unchanged.

use chrono::NaiveDate;

use super::id::AssessableId;
use super::{ValidationErrorCode, ValidationErrors, day, text};

/// The content of a status check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCheckContent {
    /// The clause, caveat or proposal.
    pub subject: AssessableId,
    /// The day on which the status was checked. Not in the future.
    pub checked_on: NaiveDate,
    /// The evidence that was checked. At most [`text::MAX_PROSE`] characters.
    pub note: Option<String>,
}

impl StatusCheckContent {
    /// Adds all validation errors. `begins_on` is the day on which the subject was agreed or proposed.
    pub fn check(&self, errors: &mut ValidationErrors, begins_on: NaiveDate) {
        day::check_past(errors, "checked_on", self.checked_on);
        if self.checked_on < begins_on {
            let message = format!(
                "{} is before {begins_on}, the day on which the record was agreed or proposed",
                self.checked_on
            );
            errors.add(ValidationErrorCode::OutOfRange, "checked_on", message);
        }
        text::check_optional(errors, "note", self.note.as_deref(), text::MAX_PROSE);
    }
}
