//! Finds and reads changes through the API, with the rights of a reader, and writes messages about them.

mod line;

use std::fmt;

use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use serde_json::{Map, Value as Json, json};
use tokio::sync::Semaphore;
use url::Url;

use self::line::{address, chat_text, described, line, shortened, text};
use crate::db::webhook::Webhook;
use crate::domain::StringEnum;
use crate::domain::webhook::{EventType, WebhookFormat, message_id, test_message_id};
use crate::graphql::{Code, Executor, PreparedDocument, Response, cursor_of_position};

/// The maximum number of webhooks whose changes are read at once. Others wait, so that many webhooks use few database
/// connections.
const READERS: usize = 2;
/// The maximum length of a value in a message, in characters.
const MAX_VALUE: usize = 500;
/// The maximum number of changed fields in a message.
const MAX_FIELDS: usize = 50;

/// Finds changes and writes messages about them.
pub struct Messages {
    executor: Executor,
    document: PreparedDocument,
    readers: Semaphore,
    /// The public address of the server. Without it, messages contain no addresses of pages.
    base: Option<Url>,
}

/// A change that matches the filter of a webhook.
pub(super) struct Change {
    pub(super) position: i64,
    /// The time when the change was recorded, in microseconds since 1970.
    microseconds: i64,
    data: Json,
}

/// A message to send.
pub(super) struct Message {
    /// The id, which is the same in every attempt.
    pub(super) id: String,
    pub(super) body: Vec<u8>,
}

/// The result of searching for the next change.
pub(super) enum Next {
    /// The first change that matches.
    Change(Change),
    /// No change matches. Contains the position of the end of the log.
    End(i64),
}

/// The reason why the next change could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// The database cannot be reached.
    Unavailable(String),
    /// Reading took too long, or revealed a defect. A later attempt may succeed.
    Failed(String),
    /// The log ends before the position at which the search starts.
    Stale(String),
    /// Reading fails until an admin changes the webhook.
    Permanent(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Unavailable(message)
        | Self::Failed(message)
        | Self::Stale(message)
        | Self::Permanent(message)) = self;
        formatter.write_str(message)
    }
}

impl Messages {
    /// Prepares the document of messages. `base` is the public address of the server, if it is known.
    ///
    /// # Errors
    /// The first error in the document.
    pub fn new(executor: &Executor, base: Option<Url>) -> Result<Self, String> {
        Ok(Self {
            executor: executor.clone(),
            document: executor.prepare_document(include_str!("message.graphql"))?,
            readers: Semaphore::new(READERS),
            base,
        })
    }

    /// Checks a filter: the argument `filter` of the query `changes`, as JSON. Searches only the changes after `after`.
    ///
    /// # Errors
    /// The reason why the filter is invalid, or cannot be checked at the moment.
    pub async fn check_filter(&self, filter: &str, after: i64) -> Result<(), ReadError> {
        self.next(filter, after).await.map(|_| ())
    }

    /// Finds the first change that matches `filter` and comes after the position `after` of the log.
    pub(super) async fn next(&self, filter: &str, after: i64) -> Result<Next, ReadError> {
        let filter: Json = serde_json::from_str(filter)
            .map_err(|failure| ReadError::Permanent(format!("the filter is invalid: {failure}")))?;
        let variables = Map::from_iter([
            ("after".to_owned(), cursor_of_position(after).into()),
            ("filter".to_owned(), filter),
        ]);
        // The semaphore is never closed.
        let _reader = self.readers.acquire().await.ok();
        let response = self.executor.read_as_server(&self.document, variables).await;
        if !response.is_ok() {
            return Err(read_error(&response));
        }
        let data: Json = serde_json::from_slice(response.data().unwrap_or_default())
            .map_err(|failure| ReadError::Failed(failure.to_string()))?;
        let Some(change) = data.pointer("/changes/nodes/0") else {
            // The query reads the end of the log in the same snapshot. An empty log has no last change.
            let end = data.pointer("/end/nodes/0/position").and_then(Json::as_i64);
            return Ok(Next::End(end.unwrap_or_default()));
        };
        let position = change.get("position").and_then(Json::as_i64);
        let recorded_at = DateTime::parse_from_rfc3339(text(change, "/recordedAt")).ok();
        let (Some(position), Some(recorded_at)) = (position, recorded_at) else {
            let message = "the change has no position or time";
            return Err(ReadError::Failed(message.to_owned()));
        };
        let microseconds = recorded_at.timestamp_micros();
        Ok(Next::Change(Change { position, microseconds, data: change.clone() }))
    }

    /// The message about a change.
    pub(super) fn about(&self, webhook: &Webhook, change: &Change) -> Message {
        let mut data = change.data.clone();
        let address =
            self.base.as_ref().and_then(|base| address(base, described(data.get("subject")?)));
        let line = line(&data, address.as_ref());
        let timestamp = data.get("recordedAt").cloned().unwrap_or_default();
        let event = event_type(text(&data, "/action"));
        if let (Some(Json::Object(subject)), Some(address)) = (data.get_mut("subject"), address) {
            subject.insert("address".to_owned(), address.as_str().into());
        }
        for side in ["before", "after"] {
            if let Some(Json::Array(fields)) = data.get_mut(side) {
                fields.truncate(MAX_FIELDS);
                fields.iter_mut().for_each(shorten_texts);
            }
        }
        Message {
            id: message_id(webhook.id, change.position, change.microseconds),
            body: body(webhook.format, event, &timestamp, &line, data),
        }
    }
}

/// The test message for a request at the time `requested_at`.
pub(super) fn test(webhook: &Webhook, requested_at: NaiveDateTime) -> Message {
    let time = requested_at.and_utc();
    let timestamp = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let name = webhook.description.as_deref().unwrap_or("no description");
    let line = format!("Test of a Clausewatch webhook ({name})");
    let data =
        json!({ "webhook": { "id": webhook.id.as_str(), "description": webhook.description } });
    Message {
        id: test_message_id(webhook.id, time.timestamp_micros()),
        body: body(webhook.format, EventType::Test, &timestamp.into(), &chat_text(&line), data),
    }
}

fn body(
    format: WebhookFormat,
    event: EventType,
    timestamp: &Json,
    line: &str,
    data: Json,
) -> Vec<u8> {
    let message = match format {
        WebhookFormat::Standard => json!({
            "type": event.as_str(),
            "timestamp": timestamp,
            "text": line,
            "data": data,
        }),
        WebhookFormat::Chat => json!({ "text": line }),
    };
    message.to_string().into_bytes()
}

fn read_error(response: &Response) -> ReadError {
    let messages: Vec<&str> =
        response.errors.iter().map(|error| error.error.message.as_str()).collect();
    let message = messages.join("; ");
    if response.has_code(&[Code::Unavailable]) {
        ReadError::Unavailable(message)
    } else if response.has_code(&[Code::Timeout, Code::Internal]) {
        ReadError::Failed(message)
    } else if response.has_code(&[Code::StaleCursor]) {
        ReadError::Stale(message)
    } else {
        ReadError::Permanent(message)
    }
}

/// The type of the message about a change with this action. The remaining value of the API's enum `ChangeAction` is
/// `UPDATED`.
fn event_type(action: &str) -> EventType {
    match action {
        "CREATED" => EventType::RecordCreated,
        "ARCHIVED" => EventType::RecordArchived,
        "RESTORED" => EventType::RecordRestored,
        "ASSESSED" => EventType::AssessmentRecorded,
        "RETRACTED" => EventType::AssessmentRetracted,
        "CHECKED" => EventType::StatusCheckRecorded,
        "CHECK_RETRACTED" => EventType::StatusCheckRetracted,
        _ => EventType::RecordUpdated,
    }
}

/// Shortens all texts in a value.
fn shorten_texts(value: &mut Json) {
    match value {
        Json::String(text) if text.chars().nth(MAX_VALUE).is_some() => {
            *text = shortened(text, MAX_VALUE);
        }
        Json::Array(items) => items.iter_mut().for_each(shorten_texts),
        Json::Object(fields) => fields.values_mut().for_each(shorten_texts),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_action_has_a_type() {
        let actions = [
            ("CREATED", "record.created"),
            ("UPDATED", "record.updated"),
            ("ARCHIVED", "record.archived"),
            ("RESTORED", "record.restored"),
            ("ASSESSED", "assessment.recorded"),
            ("RETRACTED", "assessment.retracted"),
            ("CHECKED", "status_check.recorded"),
            ("CHECK_RETRACTED", "status_check.retracted"),
        ];
        for (action, expected) in actions {
            assert_eq!(event_type(action).as_str(), expected);
        }
    }

    #[test]
    fn chat_messages_have_only_a_text() {
        let data = json!({ "a": 1 });
        let body = body(WebhookFormat::Chat, EventType::Test, &Json::Null, "line", data);
        assert_eq!(body, br#"{"text":"line"}"#);
    }

    proptest! {
        #[test]
        fn long_texts_are_shortened(text in ".{0,1200}") {
            let mut value = json!([{ "value": text }]);
            shorten_texts(&mut value);
            let short = value[0]["value"].as_str().unwrap();
            prop_assert!(short.chars().count() <= MAX_VALUE + 1);
            let start: String = text.chars().take(MAX_VALUE).collect();
            prop_assert!(short.starts_with(&start));
            prop_assert_eq!(short.ends_with('…') && short.chars().count() == MAX_VALUE + 1, text.chars().count() > MAX_VALUE);
        }
    }
}
