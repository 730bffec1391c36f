//! The secrets that sign messages.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The prefix of secrets, by which people, libraries and secret scanners recognize them.
const PREFIX: &str = "whsec_";
/// The number of random bytes. The specification requires 24 to 64.
const RANDOM_BYTES: usize = 32;
/// The version of the signature scheme: HMAC with SHA-256.
const SCHEME: &str = "v1";

/// The time after a rotation during which messages are also signed with the earlier secret.
pub const ROTATION_OVERLAP: Duration = Duration::days(1);

/// The secret of a webhook. It is shown only once. The database stores it, because the server signs messages with it.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(String);

impl WebhookSecret {
    /// A random secret.
    ///
    /// # Errors
    /// The operating system's source of random numbers fails.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random)?;
        Ok(Self(format!("{PREFIX}{}", STANDARD.encode(random))))
    }

    /// A secret from the database.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text of the secret: to be shown once, and to be stored.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The signature of a message, as in the header `webhook-signature`. `timestamp` is the time of the attempt in seconds
    /// since 1970. None if the secret is malformed.
    #[must_use]
    pub fn sign(&self, message_id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
        let key = STANDARD.decode(self.0.strip_prefix(PREFIX)?).ok()?;
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&key).ok()?;
        mac.update(format!("{message_id}.{timestamp}.").as_bytes());
        mac.update(body);
        Some(format!("{SCHEME},{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}…")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn signature_is_that_of_the_reference_libraries() {
        // The example in the tests of the reference libraries.
        let secret = WebhookSecret::stored("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = secret.sign(id, 1_614_265_330, br#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature.as_deref(), Some(expected));
    }

    #[test]
    fn secrets_are_unique_and_hidden_in_debug_output() {
        let (first, second) = (WebhookSecret::new().unwrap(), WebhookSecret::new().unwrap());
        assert_ne!(first, second);
        assert_eq!(first.reveal().len(), 50);
        assert_eq!(format!("{first:?}"), "whsec_…");
    }

    proptest! {
        #[test]
        fn signature_depends_on_every_part(body in any::<Vec<u8>>(), timestamp in 0_i64..10_000_000_000) {
            let secret = WebhookSecret::new().unwrap();
            let signature = secret.sign("msg_1", timestamp, &body);
            prop_assert!(signature.is_some());
            prop_assert_eq!(&signature, &secret.sign("msg_1", timestamp, &body));
            prop_assert_ne!(&signature, &secret.sign("msg_2", timestamp, &body));
            prop_assert_ne!(&signature, &secret.sign("msg_1", timestamp + 1, &body));
            let longer = [body.as_slice(), b"x"].concat();
            prop_assert_ne!(&signature, &secret.sign("msg_1", timestamp, &longer));
        }

        #[test]
        fn malformed_secret_signs_nothing(text in "[^w]{0,60}") {
            prop_assert_eq!(WebhookSecret::stored(text).sign("msg_1", 0, b""), None);
        }
    }
}
