//! What a person can mend in their input.

use super::string_enum::string_enum;

string_enum! {
    /// The kind of an error.
    ValidationErrorCode {
        /// The value is not of the form that is asked for.
        Invalid = "invalid",
        /// Nothing is there under that id, slug or number.
        NotFound = "not_found",
        /// The record has changed since the version that the input names.
        Conflict = "conflict",
        /// Another record has that slug or number, or the same thing is said twice.
        Duplicate = "duplicate",
        /// The text is longer than its bound.
        TooLong = "too_long",
        /// The date or number lies outside its bounds.
        OutOfRange = "out_of_range",
    }
}

/// One thing to mend: which field, what is wrong with its value, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationError {
    /// The kind of the error.
    pub code: ValidationErrorCode,
    /// Where: names of fields and numbers of list items, from the record inwards.
    pub path: Vec<String>,
    /// A sentence that names the offending value and what would be right.
    pub message: String,
}

impl ValidationError {
    /// An error of the field at `path`, whose steps are separated by dots.
    pub fn new(code: ValidationErrorCode, path: &str, message: impl Into<String>) -> Self {
        let path = path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        Self { code, path, message: message.into() }
    }
}

/// The errors found so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationErrors(pub Vec<ValidationError>);

impl ValidationErrors {
    /// Notes one more error.
    pub fn add(&mut self, code: ValidationErrorCode, path: &str, message: impl Into<String>) {
        self.0.push(ValidationError::new(code, path, message));
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// The errors, when there are any.
    pub fn into_result(self) -> Result<(), ValidationErrors> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<ValidationError> for ValidationErrors {
    fn from(error: ValidationError) -> Self {
        Self(vec![error])
    }
}
