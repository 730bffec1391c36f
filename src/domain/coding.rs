//! Codings. In a coding, an account states the status of a clause on a day, without seeing the codings of other accounts.

use chrono::NaiveDate;

use super::id::ClauseId;
use super::status::ClauseStatus;
use super::{StringEnum, ValidationErrorCode, ValidationErrors, day, text};

/// The maximum number of codings that are recorded together.
pub const MAX_ITEMS: usize = 500;

/// The content of a coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodingContent {
    /// The clause.
    pub clause: ClauseId,
    /// The status. Not UNASSESSED: a clause that was not assessed has no coding.
    pub status: ClauseStatus,
    /// Reasons. At most [`text::MAX_PROSE`] characters.
    pub note: Option<String>,
}

/// Adds the errors of codings for a day, except errors that depend on other records.
pub fn check(errors: &mut ValidationErrors, on: NaiveDate, items: &[CodingContent]) {
    day::check_past(errors, "on", on);
    if items.is_empty() || items.len() > MAX_ITEMS {
        let message = format!("has {} items; give 1 to {MAX_ITEMS}", items.len());
        errors.add(ValidationErrorCode::OutOfRange, "items", message);
    }
    for (index, item) in items.iter().enumerate() {
        let path = |field: &str| format!("items.{index}.{field}");
        if item.status == ClauseStatus::Unassessed {
            let names = ClauseStatus::names().replace("UNASSESSED, ", "");
            let message = format!("UNASSESSED is not a coding; valid values: {names}");
            errors.add(ValidationErrorCode::Invalid, &path("status"), message);
        }
        text::check_optional(errors, &path("note"), item.note.as_deref(), text::MAX_PROSE);
        let is_same = |other: &CodingContent| other.clause == item.clause;
        if let Some(first) = items.iter().take(index).position(is_same) {
            let message = format!("repeats the clause of item {first} of items");
            errors.add(ValidationErrorCode::Duplicate, &path("clause"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_of_items_is_limited() {
        let paths = |count: usize| {
            let status = ClauseStatus::Partial;
            let item = |_| CodingContent { clause: ClauseId::new(), status, note: None };
            let mut errors = ValidationErrors::default();
            check(&mut errors, day::today(), &(0..count).map(item).collect::<Vec<_>>());
            errors.0.iter().map(|error| error.path.join(".")).collect::<Vec<_>>()
        };
        assert_eq!(paths(MAX_ITEMS), [""; 0]);
        assert_eq!(paths(MAX_ITEMS + 1), ["items"]);
    }
}
