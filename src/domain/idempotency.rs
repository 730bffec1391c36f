//! Sending something again without doing it again.

use chrono::Duration;

use super::token::Digest;
use super::{FaultCode, Faults, text};

/// Largest length of a key, in characters.
pub const KEY: usize = 100;
/// For how long keys are remembered.
pub const REMEMBERED: Duration = Duration::days(7);

/// A mutation that is to be carried out once, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// What its sender calls it.
    pub key: String,
    /// What it is.
    pub digest: Digest,
}

impl Once {
    /// `mutation` tells one mutation with its input from every other.
    ///
    /// # Errors
    /// A key that is too long, empty or not to be stored.
    pub fn new(key: &str, mutation: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        text::check(&mut faults, "idempotency_key", key, KEY);
        faults.into_result()?;
        Ok(Self { key: key.to_owned(), digest: Digest::of(mutation) })
    }

    /// That the key was used for something else.
    #[must_use]
    pub fn taken(&self) -> Faults {
        let mut faults = Faults::default();
        let message = format!(
            "{} was the key of another mutation in the last {} days; take a new key for each change",
            text::quote(&self.key),
            REMEMBERED.num_days()
        );
        faults.add(FaultCode::Duplicate, "idempotency_key", message);
        faults
    }
}
