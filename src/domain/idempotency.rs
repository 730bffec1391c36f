//! Sending something again without doing it again.

use chrono::Duration;

use super::token::Digest;
use super::{ValidationErrorCode, ValidationErrors, text};

/// Largest length of a key, in characters.
pub const MAX_KEY_LENGTH: usize = 100;
/// For how long keys are remembered.
pub const RETENTION: Duration = Duration::days(7);

/// A mutation that is to be carried out once, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// What its sender calls it.
    pub key: String,
    /// What it is.
    pub digest: Digest,
}

impl IdempotencyKey {
    /// `mutation` tells one mutation with its input from every other.
    ///
    /// # Errors
    /// A key that is too long, empty or not to be stored.
    pub fn new(key: &str, mutation: &str) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        text::check(&mut errors, "idempotency_key", key, MAX_KEY_LENGTH);
        errors.into_result()?;
        Ok(Self { key: key.to_owned(), digest: Digest::of(mutation) })
    }

    /// That the key was used for something else.
    #[must_use]
    pub fn taken(&self) -> ValidationErrors {
        let mut errors = ValidationErrors::default();
        let message = format!(
            "{} was the key of another mutation in the last {} days; take a new key for each change",
            text::quote(&self.key),
            RETENTION.num_days()
        );
        errors.add(ValidationErrorCode::Duplicate, "idempotency_key", message);
        errors
    }
}
