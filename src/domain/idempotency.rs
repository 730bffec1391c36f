//! Idempotency keys of mutations.

use chrono::Duration;

use super::token::Digest;
use super::{ValidationErrorCode, ValidationErrors, text};

/// The maximum length of a key, in characters.
pub const MAX_KEY_LENGTH: usize = 100;
/// The time for which keys are kept.
pub const RETENTION: Duration = Duration::days(7);

/// A key, and the hash of the mutation with which it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The key that the client chose.
    pub key: String,
    /// The hash of the mutation and its input.
    pub digest: Digest,
}

impl IdempotencyKey {
    /// Checks the key, and hashes the mutation. `mutation` is the name and the input of the mutation.
    ///
    /// # Errors
    /// The key is empty, too long, or contains characters that cannot be stored.
    pub fn new(key: &str, mutation: &str) -> Result<Self, ValidationErrors> {
        let mut errors = ValidationErrors::default();
        text::check(&mut errors, "idempotency_key", key, MAX_KEY_LENGTH);
        errors.into_result()?;
        Ok(Self { key: key.to_owned(), digest: Digest::of(mutation) })
    }

    /// The error for a key that was used for a different mutation.
    #[must_use]
    pub fn taken(&self) -> ValidationErrors {
        let mut errors = ValidationErrors::default();
        let message = format!(
            "{} was used for a different mutation in the last {} days; use a new key for each mutation",
            text::quote(&self.key),
            RETENTION.num_days()
        );
        errors.add(ValidationErrorCode::Duplicate, "idempotency_key", message);
        errors
    }
}
