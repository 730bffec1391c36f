//! Validation errors: errors in input that a client can correct.

use super::string_enum::string_enum;

string_enum! {
    /// The code of an error.
    ValidationErrorCode {
        /// The value is invalid.
        Invalid = "invalid",
        /// No record has this id, slug or number.
        NotFound = "not_found",
        /// The record has changed since the expected version.
        Conflict = "conflict",
        /// Another record has this slug or number, or an item is repeated.
        Duplicate = "duplicate",
        /// The text is too long.
        TooLong = "too_long",
        /// The date or number is out of range.
        OutOfRange = "out_of_range",
    }
}

/// An error in one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// The code.
    pub code: ValidationErrorCode,
    /// The path: names of fields and indexes of items, starting at the record.
    pub path: Vec<String>,
    /// A sentence that names the value and the valid values.
    pub message: String,
}

impl ValidationError {
    /// An error at `path`, whose names and indexes are separated by dots.
    pub fn new(code: ValidationErrorCode, path: &str, message: impl Into<String>) -> Self {
        let path = path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        Self { code, path, message: message.into() }
    }
}

/// The errors of an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationErrors(pub Vec<ValidationError>);

impl ValidationErrors {
    /// Adds an error.
    pub fn add(&mut self, code: ValidationErrorCode, path: &str, message: impl Into<String>) {
        self.0.push(ValidationError::new(code, path, message));
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` if there are no errors.
    ///
    /// # Errors
    /// The errors, if there are any.
    pub fn into_result(self) -> Result<(), ValidationErrors> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<ValidationError> for ValidationErrors {
    fn from(error: ValidationError) -> Self {
        Self(vec![error])
    }
}
