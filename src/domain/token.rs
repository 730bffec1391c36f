//! Access tokens and other secrets.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::viewer::{OPERATOR, Role};
use super::{StringEnum, ValidationErrorCode, ValidationErrors, text};

/// The prefix of tokens, by which people and secret scanners recognize them.
const PREFIX: &str = "cwt_";
/// The number of random bytes. 256 bits cannot be guessed, so a fast hash is sufficient.
const RANDOM_BYTES: usize = 32;
/// The number of bytes of the checksum, which distinguishes a mistyped token from an unknown one.
const CHECKSUM_BYTES: usize = 4;
/// The number of characters at the end of a token that are stored to identify it in lists.
const HINT_LENGTH: usize = 4;

/// The maximum length of a token's name, in characters.
pub const MAX_NAME_LENGTH: usize = 100;
/// The maximum validity of a token, in days.
pub const MAX_VALIDITY_DAYS: i32 = 3_650;

/// A secret: an access token or the content of a session cookie. It is shown once and not stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The SHA-256 hash of a secret, in hexadecimal. Only the hash is stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Secret {
    /// A random secret.
    ///
    /// # Errors
    /// The operating system's source of random numbers fails.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random)?;
        Ok(Self::of(&random))
    }

    fn of(random: &[u8]) -> Self {
        let bytes = [random, &checksum(random)].concat();
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Parses a secret. `None` if its form or checksum is invalid.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (random, stored_checksum) = bytes.split_at_checked(RANDOM_BYTES)?;
        (checksum(random) == *stored_checksum).then(|| Self(text.to_owned()))
    }

    /// The text of the secret, to be shown once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash to store.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }

    /// The last characters, which identify the token in lists.
    #[must_use]
    pub fn hint(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(HINT_LENGTH)..).unwrap_or_default()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}…{}", self.hint())
    }
}

impl Digest {
    /// The digest of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(hex(&Sha256::digest(text.as_bytes())))
    }

    /// The hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn checksum(random: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let hash: [u8; 32] = Sha256::new().chain_update(PREFIX).chain_update(random).finalize().into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The content of a new token, as its creator enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenContent {
    /// The name of the account. Records show it as their author.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The validity in days, from 1 to [`MAX_VALIDITY_DAYS`]. `None`: the token does not expire.
    pub expires_in_days: Option<i32>,
}

impl TokenContent {
    /// Adds the validation errors of the content to `errors`.
    pub fn check(&self, errors: &mut ValidationErrors) {
        text::check_name(errors, "name", &self.name, MAX_NAME_LENGTH);
        if self.name.contains(['\n', '\r', '\t']) || self.name.trim() != self.name {
            let message = format!(
                "{} is not a valid name; valid: one line without spaces at its start or end",
                text::quote(&self.name)
            );
            errors.add(ValidationErrorCode::Invalid, "name", message);
        } else if self.name == OPERATOR {
            let message =
                format!("“{OPERATOR}” is reserved for the command line; choose another name");
            errors.add(ValidationErrorCode::Invalid, "name", message);
        }
        if self.role == Role::Anonymous {
            errors.add(
                ValidationErrorCode::Invalid,
                "role",
                format!(
                    "{} is the role of requests without a token; choose READER, EDITOR or ADMIN",
                    self.role.name()
                ),
            );
        }
        if let Some(days) =
            self.expires_in_days.filter(|days| !(1..=MAX_VALIDITY_DAYS).contains(days))
        {
            let message = format!("{days} is out of range: from 1 to {MAX_VALIDITY_DAYS} days");
            errors.add(ValidationErrorCode::OutOfRange, "expires_in_days", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_are_unique_and_hidden_in_debug_output() {
        let (first, second) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert_ne!(first, second);
        assert_eq!(first.reveal().len(), 52);
        let last_characters = first.reveal().get(48..).unwrap();
        assert_eq!(format!("{first:?}"), format!("cwt_…{last_characters}"));
    }

    #[test]
    fn the_digest_is_sha_256() {
        // The hash of `abc`, from FIPS 180-4.
        assert_eq!(
            Secret("abc".to_owned()).digest().as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    proptest! {
        #[test]
        fn secret_is_parsed_as_it_was_written(random in any::<[u8; RANDOM_BYTES]>()) {
            let secret = Secret::of(&random);
            prop_assert_eq!(Secret::parse(secret.reveal()), Some(secret));
        }

        #[test]
        fn mistyped_secret_is_not_parsed(random in any::<[u8; RANDOM_BYTES]>(), at in 4_usize..52, letter in "[A-Za-z0-9_-]") {
            let secret = Secret::of(&random);
            let mut text = secret.reveal().to_owned();
            text.replace_range(at..=at, &letter);
            prop_assume!(text != secret.reveal());
            prop_assert_eq!(Secret::parse(&text), None);
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,80}") {
            prop_assert_eq!(Secret::parse(&text), None);
        }
    }
}
