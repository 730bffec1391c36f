//! The message about a change: found and read through the API, with the rights of a reader.

use chrono::{DateTime, NaiveDateTime, SecondsFormat};
use serde_json::{Map, Value as Json, json};
use tokio::sync::Semaphore;
use url::Url;

use crate::db::webhook::Webhook;
use crate::domain::StringEnum;
use crate::domain::page_address::page_address;
use crate::domain::webhook::{EventType, WebhookFormat, message_id, test_message_id};
use crate::graphql::{Code, Executor, PreparedDocument, Response, cursor_of_position};

/// Errors after which reading a change can succeed later.
const TEMPORARY: [Code; 3] = [Code::Unavailable, Code::Timeout, Code::Internal];
/// The number of webhooks that read changes at once. Others wait, so that webhooks cannot use all database connections.
const READERS: usize = 2;
/// The maximum length of a value in a message, in characters.
const MAX_VALUE: usize = 500;
/// The maximum number of changed fields in a message, before and after the change.
const MAX_FIELDS: usize = 50;
/// The maximum length of the line of text, in characters.
const MAX_TEXT: usize = 1_000;

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
    /// The time when it was recorded, in microseconds since 1970.
    microseconds: i64,
    data: Json,
}

/// A message to send.
pub(super) struct Message {
    /// The id, which is the same in every attempt.
    pub(super) id: String,
    pub(super) body: Vec<u8>,
}

/// The reason why the next change could not be read.
#[derive(Debug)]
pub enum ReadError {
    /// Reading can succeed later.
    Temporary(String),
    /// Reading fails until an admin changes the webhook.
    Permanent(String),
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

    /// Checks a filter: the argument `filter` of the query `changes`, as JSON.
    ///
    /// # Errors
    /// The reason why it is invalid, or cannot be checked at the moment.
    pub async fn check_filter(&self, filter: &str) -> Result<(), ReadError> {
        self.next(filter, 0).await.map(|_| ())
    }

    /// The first change after a position of the log that matches a filter.
    pub(super) async fn next(&self, filter: &str, after: i64) -> Result<Option<Change>, ReadError> {
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
            .map_err(|failure| ReadError::Temporary(failure.to_string()))?;
        let Some(change) = data.pointer("/changes/nodes/0") else { return Ok(None) };
        let position = change.get("position").and_then(Json::as_i64);
        let recorded_at = DateTime::parse_from_rfc3339(text(change, "/recordedAt")).ok();
        let (Some(position), Some(recorded_at)) = (position, recorded_at) else {
            let message = "the change has no position or time";
            return Err(ReadError::Temporary(message.to_owned()));
        };
        let microseconds = recorded_at.timestamp_micros();
        Ok(Some(Change { position, microseconds, data: change.clone() }))
    }

    /// The message about a change.
    pub(super) fn about(&self, webhook: &Webhook, change: &Change) -> Message {
        let mut data = change.data.clone();
        let address = self.base.as_ref().and_then(|base| address(base, data.get("subject")?));
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

/// The test message that was requested at this time.
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
    if response.has_code(&TEMPORARY) {
        ReadError::Temporary(message)
    } else {
        ReadError::Permanent(message)
    }
}

/// The type of the message about a change with this action. The API's enum `ChangeAction` has no other values.
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

fn text<'a>(data: &'a Json, pointer: &str) -> &'a str {
    data.pointer(pointer).and_then(Json::as_str).unwrap_or_default()
}

/// The address of the page of a record. None if the record has no page.
fn address(base: &Url, record: &Json) -> Option<Url> {
    let slug = text(record, "/slug");
    let segments: &[&str] = match text(record, "/type") {
        "Agreement" => &["agreements", slug],
        "Clause" => {
            &["agreements", text(record, "/agreement/slug"), "clauses", text(record, "/number")]
        }
        "Proposal" => &["proposals", slug],
        "Caveat" => &["proposals", text(record, "/proposal/slug")],
        "Event" => &["events", text(record, "/id")],
        "Party" => &["parties", slug],
        "Source" => &["sources", text(record, "/id")],
        _ => return None,
    };
    let mut url = page_address(base, segments);
    if text(record, "/type") == "Caveat" {
        url.set_fragment(Some(text(record, "/number")));
    }
    Some(url)
}

/// The change in one line: `Eve assessed minsk-2/9: Breached since 2022-02-24 (neutral record) https://…`.
fn line(change: &Json, address: Option<&Url>) -> String {
    let verb = match text(change, "/action") {
        "RETRACTED" => "retracted an assessment of".to_owned(),
        "CHECK_RETRACTED" => "retracted a check of".to_owned(),
        action => action.to_lowercase(),
    };
    let name = match text(change, "/subject/name") {
        "" => text(change, "/subject/type"),
        name => name,
    };
    let actor = text(change, "/actor");
    let mut line = format!("{actor} {verb} {name}{}", assessment(change).unwrap_or_default());
    line = chat_text(&line);
    if let Some(address) = address {
        line = format!("{line} {address}");
    }
    line
}

/// The assessment that was recorded or retracted: `: Breached since 2022-02-24 (view of Ukraine)`. None if there is none.
fn assessment(change: &Json) -> Option<String> {
    let mut records =
        change.get("after")?.as_array()?.iter().filter_map(|field| field.get("record"));
    let record = records.find(|record| record.get("effectiveDate").is_some())?;
    let status = ["/clauseStatus", "/caveatStatus", "/proposalStatus"]
        .iter()
        .map(|pointer| text(record, pointer))
        .find(|status| !status.is_empty())?;
    let view = match text(record, "/heldBy/name") {
        "" => "neutral record".to_owned(),
        holder => format!("view of {holder}"),
    };
    Some(format!(": {} since {} ({view})", words(status), text(record, "/effectiveDate")))
}

/// A code in words: `NOT_STARTED` is “Not started”.
fn words(code: &str) -> String {
    let words = code.replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A text for chat services: one line, shortened. Slack reads angle brackets as commands, such as `<!channel>`.
fn chat_text(text: &str) -> String {
    let characters = text.chars().map(|character| match character {
        '<' => '‹',
        '>' => '›',
        character if character.is_control() => ' ',
        character => character,
    });
    shortened(&characters.collect::<String>(), MAX_TEXT)
}

fn shortened(text: &str, length: usize) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(length).collect();
    let ellipsis = characters.next().map(|_| '…');
    start.chars().chain(ellipsis).collect()
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

    fn change() -> Json {
        json!({
            "position": 7,
            "recordedAt": "2026-11-30T10:00:00.000000Z",
            "actor": "Eve",
            "action": "ASSESSED",
            "subject": { "type": "Clause", "id": "c", "name": "minsk-2/9", "number": "9", "agreement": { "slug": "minsk-2" } },
            "before": [],
            "after": [
                { "name": "assessment", "value": "a", "record": {
                    "type": "ClauseAssessment", "clauseStatus": "NOT_STARTED", "effectiveDate": "2022-02-24",
                    "heldBy": { "name": "<!channel>" }, "note": "n",
                } },
            ],
        })
    }

    #[test]
    fn line_has_the_change_and_the_address_and_no_commands() {
        let base = Url::parse("https://example.org/track/").unwrap();
        let change = change();
        let address = address(&base, &change["subject"]);
        assert_eq!(
            line(&change, address.as_ref()),
            "Eve assessed minsk-2/9: Not started since 2022-02-24 (view of ‹!channel›) \
             https://example.org/track/agreements/minsk-2/clauses/9"
        );
        assert!(line(&change, None).ends_with("(view of ‹!channel›)"));
    }

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
            prop_assert!(!chat_text(&text).contains(['<', '>', '\n']));
        }
    }
}
