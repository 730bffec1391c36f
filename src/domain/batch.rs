//! Limits and checks of batches: changes of several records in one transaction.

use std::collections::HashMap;
use std::hash::Hash;

use super::string_enum::string_enum;
use super::{ValidationErrorCode, ValidationErrors};

/// The maximum number of assessments that are recorded or retracted together.
pub const MAX_ASSESSMENTS: usize = 1000;
/// The maximum number of records that are archived or updated together. They are written one by one.
pub const MAX_RECORDS: usize = 200;

string_enum! {
    /// The effect of a new assessment on its holder's history.
    AssessmentEffect {
        /// The holder has no assessment of the record for this day.
        New = "new",
        /// The holder has another assessment of the record for this day. The new assessment supersedes it.
        Correction = "correction",
        /// The holder already has an assessment with the same content.
        Unchanged = "unchanged",
    }
}

/// Adds an error if the list has no items or too many. `path` is the path of the list.
pub fn check_count(errors: &mut ValidationErrors, path: &str, count: usize, maximum: usize) {
    if count == 0 || count > maximum {
        let message = format!("has {count} items; give 1 to {maximum}");
        errors.add(ValidationErrorCode::OutOfRange, path, message);
    }
}

/// The name of an item in messages.
#[must_use]
pub fn item_name(index: usize) -> String {
    format!("item {index}")
}

/// Adds an error for each item with the same key as an earlier item. Ignores items without a key. In the
/// message, `shared` describes the repeated key. `name` returns the name of the item at an index.
pub fn check_repeats<K: Eq + Hash>(
    errors: &mut ValidationErrors,
    path: &str,
    keys: impl Iterator<Item = Option<K>>,
    name: impl Fn(usize) -> String,
    shared: &str,
) {
    let mut first_index_by_key = HashMap::new();
    for (index, key) in keys.enumerate() {
        let Some(key) = key else { continue };
        let first = *first_index_by_key.entry(key).or_insert(index);
        if first != index {
            let message = format!("{} repeats {}: both are for {shared}", name(index), name(first));
            errors.add(ValidationErrorCode::Duplicate, &format!("{path}.{index}"), message);
        }
    }
}

impl ValidationErrors {
    /// Adds the errors of an item. `path` is the path of the item.
    pub fn extend_at(&mut self, path: &str, errors: Self) {
        self.0.extend(errors.0.into_iter().map(|mut error| {
            let steps = path.split('.').map(str::to_owned);
            error.path = steps.chain(error.path).collect();
            error
        }));
    }
}
