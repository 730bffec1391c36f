//! The messages of graphql-transport-ws.
//! See <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::graphql::Response;
use crate::http::graphql::parameters::Parameters;

/// The name of the subprotocol.
pub const NAME: &str = "graphql-transport-ws";

/// The reason phrase of the status 101, followed by the header that names the subprotocol.
pub const REASON_AND_HEADER: &str =
    "Switching Protocols\r\nSec-WebSocket-Protocol: graphql-transport-ws";

/// A message from the client.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Initialises the connection. The payload may contain a credential.
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Requests a pong with the same payload.
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// Answers a ping, or only keeps the connection alive.
    Pong {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// Requests the execution of a query, a mutation or a subscription.
    Subscribe { id: String, payload: Parameters },
    /// Cancels an operation.
    Complete { id: String },
}

impl ClientMessage {
    /// Parses a message.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        // The derived code alone would also accept a JSON array of the fields' values. Parsing a map first rejects arrays.
        let map: Map<String, Value> = serde_json::from_str(text)?;
        Self::deserialize(Value::Object(map))
    }
}

/// A message from the server about an operation.
pub enum OperationMessage {
    /// A response.
    Next(Response),
    /// A JSON list of errors. The operation was rejected, or cannot continue.
    Error(String),
    /// The operation is complete.
    Complete,
}

impl OperationMessage {
    /// The `error` message for a response without data.
    pub fn error(response: &Response) -> Self {
        Self::Error(json_text(&response.errors_json(None)).to_owned())
    }

    /// The `error` message for an operation that the socket rejects.
    pub fn rejected(code: &str, message: &str) -> Self {
        let error = serde_json::json!({ "message": message, "extensions": { "code": code } });
        Self::Error(Value::Array(vec![error]).to_string())
    }

    /// Whether this is the last message about the operation.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// The message as JSON. `id` is the id of the operation.
    pub fn into_json(self, id: &str) -> Result<String, serde_json::Error> {
        match self {
            Self::Next(response) => {
                with_json_payload("next", id, json_text(&response.into_json(None)))
            }
            Self::Error(errors) => with_json_payload("error", id, &errors),
            Self::Complete => message_json("complete", Some(id), None::<()>),
        }
    }
}

impl From<Response> for OperationMessage {
    fn from(response: Response) -> Self {
        if response.has_begun() { Self::Next(response) } else { Self::error(&response) }
    }
}

/// JSON bytes as text. The engine writes only UTF-8.
fn json_text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap_or_default()
}

/// A message whose payload is already JSON.
fn with_json_payload(kind: &str, id: &str, payload: &str) -> Result<String, serde_json::Error> {
    let id = serde_json::to_string(id)?;
    Ok(format!("{{\"id\":{id},\"type\":\"{kind}\",\"payload\":{payload}}}"))
}

/// A message as JSON. `id` is the id of the operation, if the message concerns one.
pub fn message_json(
    kind: &'static str,
    id: Option<&str>,
    payload: Option<impl Serialize>,
) -> Result<String, serde_json::Error> {
    #[derive(Serialize)]
    struct Message<'a, P> {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        r#type: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<P>,
    }
    serde_json::to_string(&Message { id, r#type: kind, payload })
}
