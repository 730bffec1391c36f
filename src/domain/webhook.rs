//! Webhooks: messages about changes, sent to addresses that admins enter. They follow the Standard Webhooks specification:
//! <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

mod retry;
mod secret;

use url::Url;

use super::id::WebhookId;
use super::public_address::AddressPolicy;
use super::string_enum::string_enum;
use super::{ValidationErrorCode, ValidationErrors, text};

pub use retry::{MAX_RETRY_AFTER, RetrySchedule, retry_after};
pub use secret::{ROTATION_OVERLAP, WebhookSecret};

/// The maximum number of webhooks.
pub const MAX_WEBHOOKS: i64 = 100;
/// The maximum length of a filter as JSON, in characters.
pub const MAX_FILTER: usize = 20_000;
/// The filter that matches all changes.
pub const NO_FILTER: &str = "{}";

string_enum! {
    /// The type of a message. Receivers depend on the names, so they never change.
    EventType {
        /// A record was created.
        RecordCreated = "record.created",
        /// The content of a record was changed.
        RecordUpdated = "record.updated",
        /// A record was archived.
        RecordArchived = "record.archived",
        /// A record was restored.
        RecordRestored = "record.restored",
        /// An assessment was recorded.
        AssessmentRecorded = "assessment.recorded",
        /// An assessment was retracted.
        AssessmentRetracted = "assessment.retracted",
        /// A status check was recorded.
        StatusCheckRecorded = "status_check.recorded",
        /// A status check was retracted.
        StatusCheckRetracted = "status_check.retracted",
        /// A test that an admin requested.
        Test = "webhook.test",
    }
}

string_enum! {
    /// The format of messages.
    WebhookFormat {
        /// The format that the specification recommends: type, time and data.
        Standard = "standard",
        /// One line of text in a field that chat services show. Some services reject messages with additional fields.
        Chat = "chat",
    }
}

/// The content of a webhook, as an admin enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookContent {
    /// The address to which messages are sent. Addresses of chat services contain a secret, so only admins see them.
    pub url: String,
    /// What the webhook is for.
    pub description: Option<String>,
    /// The format of the messages.
    pub format: WebhookFormat,
    /// The filter of changes, in the JSON form of the argument `filter` of the query `changes`. The API has checked it.
    pub filter: String,
}

impl WebhookContent {
    /// Adds an error for each invalid value. `addresses` are the addresses to which the server may send messages.
    pub fn check(&self, errors: &mut ValidationErrors, addresses: AddressPolicy) {
        let length = self.url.chars().count();
        if length > text::MAX_URL {
            let message =
                format!("has {length} characters; an address has at most {}", text::MAX_URL);
            errors.add(ValidationErrorCode::TooLong, "url", message);
        } else if let Err(message) = check_url(&self.url, addresses) {
            errors.add(ValidationErrorCode::Invalid, "url", message);
        }
        text::check_name_optional(
            errors,
            "description",
            self.description.as_deref(),
            text::MAX_LINE,
        );
        if self.description.as_ref().is_some_and(|text| text.contains(['\n', '\r', '\t'])) {
            let message = "must be one line, without tabs";
            errors.add(ValidationErrorCode::Invalid, "description", message);
        }
        let length = self.filter.chars().count();
        if length > MAX_FILTER {
            let message =
                format!("has {length} characters as JSON; a filter has at most {MAX_FILTER}");
            errors.add(ValidationErrorCode::TooLong, "filter", message);
        }
    }
}

/// Checks the address of a webhook, and parses it. If its host is a name, the addresses of the host are checked when a
/// message is sent.
///
/// # Errors
/// The address is invalid. The message does not contain the address, because the address may contain a secret.
pub fn check_url(address: &str, addresses: AddressPolicy) -> Result<Url, String> {
    let schemes = match addresses {
        AddressPolicy::Public => "https://",
        AddressPolicy::Any => "https:// or http://",
    };
    let invalid = || format!("is not an address that starts with {schemes}");
    // The parser removes or encodes these characters, so the parsed address would differ from the stored text.
    if address.contains(|character: char| character.is_control() || character.is_whitespace()) {
        return Err("contains a space or a control character".to_owned());
    }
    let url = Url::parse(address).map_err(|_| invalid())?;
    let is_valid_scheme =
        url.scheme() == "https" || (url.scheme() == "http" && addresses == AddressPolicy::Any);
    let Some(host) = url.host().filter(|_| is_valid_scheme) else { return Err(invalid()) };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "contains a user name or password; receivers verify the signature instead".to_owned()
        );
    }
    if !addresses.allows_host(&host) {
        return Err(
            "has a host that is not a public address; --webhook-private-addresses allows it"
                .to_owned(),
        );
    }
    Ok(url)
}

/// The id of the message about the change at `position` of the log. `microseconds` is the time of the change, counted from
/// 1970. The id is the same in every attempt, so receivers can recognize a message that they already have. The time
/// distinguishes histories: after a backup is restored, other changes get the positions of the lost changes.
#[must_use]
pub fn message_id(webhook: WebhookId, position: i64, microseconds: i64) -> String {
    format!("msg_{webhook}_{position}_{microseconds}")
}

/// The id of a test message. `microseconds` is the time of the request, counted from 1970.
#[must_use]
pub fn test_message_id(webhook: WebhookId, microseconds: i64) -> String {
    format!("msg_{webhook}_test_{microseconds}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::StringEnum;

    #[test]
    fn addresses_need_https_and_a_public_host() {
        for url in ["https://hooks.example/T0/B0/secret?x=1", "https://hooks.example:8443"] {
            assert!(check_url(url, AddressPolicy::Public).is_ok(), "{url}");
        }
        for (url, part) in [
            ("", "is not an address that starts with https://"),
            ("hooks.example", "is not an address that starts with https://"),
            ("http://hooks.example", "is not an address that starts with https://"),
            ("ftp://hooks.example", "is not an address that starts with https://"),
            ("https://", "is not an address that starts with https://"),
            ("https://hooks.example/a b", "a space or a control character"),
            ("https://hooks.example/\n", "a space or a control character"),
            ("https://me:hunter2@hooks.example", "a user name or password"),
            ("https://hunter2@hooks.example", "a user name or password"),
            ("https://localhost/", "has a host that is not a public address"),
            ("https://[::1]/", "has a host that is not a public address"),
        ] {
            let message = check_url(url, AddressPolicy::Public).unwrap_err();
            assert!(message.contains(part), "{url}: {message}");
            assert!(!message.contains("hunter2"), "{message}");
        }
        assert!(check_url("http://localhost:8000/", AddressPolicy::Any).is_ok());
        assert!(check_url("ftp://localhost:8000/", AddressPolicy::Any).is_err());
    }

    #[test]
    fn addresses_and_filters_have_a_maximum_length() {
        let invalid = |url: usize, filter: usize| {
            let start = "https://hooks.example/";
            let content = WebhookContent {
                url: format!("{start}{}", "x".repeat(url - start.len())),
                description: None,
                format: WebhookFormat::ALL[0],
                filter: "x".repeat(filter),
            };
            let mut errors = ValidationErrors::default();
            content.check(&mut errors, AddressPolicy::Public);
            errors.0.into_iter().map(|error| error.path.join(".")).collect::<Vec<_>>()
        };
        assert_eq!(invalid(text::MAX_URL, MAX_FILTER), [""; 0]);
        assert_eq!(invalid(text::MAX_URL + 1, MAX_FILTER + 1), ["url", "filter"]);
    }

    #[test]
    fn ids_of_test_messages_name_the_webhook_and_the_time() {
        let webhook = WebhookId::new();
        assert_eq!(test_message_id(webhook, 5), format!("msg_{webhook}_test_5"));
    }

    #[test]
    fn types_are_delimited_by_full_stops() {
        for event in EventType::ALL {
            let name = event.as_str();
            assert_eq!(name.matches('.').count(), 1, "{name}");
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte)));
        }
    }

    proptest! {
        #[test]
        fn any_address_is_read_without_panic(text in ".{0,80}") {
            let _ = check_url(&text, AddressPolicy::Public);
        }

        #[test]
        fn ids_of_messages_contain_no_full_stop(position in 1_i64.., microseconds in any::<i64>()) {
            // In the signed text, a full stop separates the id from the time.
            prop_assert!(!message_id(WebhookId::new(), position, microseconds).contains('.'));
        }
    }
}
