//! The messages of graphql-transport-ws.
//! See <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::graphql::Response;
use crate::http::graphql::parameters::Parameters;

/// The name of the subprotocol.
pub const NAME: &str = "graphql-transport-ws";

/// The reason phrase of the status 101, followed by the header that names the subprotocol. The header is part of the phrase,
/// because actix-web would write its name in lower case, which some clients do not accept.
pub const REASON_AND_HEADER: &str =
    "Switching Protocols\r\nSec-WebSocket-Protocol: graphql-transport-ws";

/// A message from the client.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientMessage {
    /// Initialises the connection. The payload may contain a credential.
    ConnectionInit { payload: Option<Map<String, Value>> },
    /// Requests a pong with the same payload.
    Ping { payload: Option<Map<String, Value>> },
    /// Answers a ping, or only keeps the connection alive.
    Pong {
        #[serde(rename = "payload")]
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
        // The derived code alone would also accept a JSON array of the fields' values. So the text is parsed as a map
        // first, which rejects arrays.
        let map: Map<String, Value> = serde_json::from_str(text)?;
        Self::deserialize(Value::Object(map))
    }
}

/// A message from the server about an operation.
pub enum OperationMessage {
    /// A response.
    Next(Response),
    /// The errors, as a JSON list. The operation was rejected, or cannot continue.
    Error(Vec<u8>),
    /// The operation is complete.
    Complete,
}

impl OperationMessage {
    /// The message for the errors of a response without data.
    pub fn failed(response: &Response) -> Self {
        Self::Error(response.errors_json(None))
    }

    /// The message for an operation that the socket does not execute.
    pub fn rejected(code: &str, message: &str) -> Self {
        let errors = json!([{ "message": message, "extensions": { "code": code } }]);
        Self::Error(errors.to_string().into_bytes())
    }

    /// Whether this is the last message about the operation.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// The message as JSON. `id` is the id of the operation.
    pub fn into_json(self, id: &str) -> String {
        let id = Value::from(id);
        // The payload is already JSON. Parsing it, only to write it again, would cost more than the rest of the message.
        let with_payload = |kind: &str, payload: &[u8]| {
            let payload = String::from_utf8_lossy(payload);
            format!("{{\"id\":{id},\"type\":\"{kind}\",\"payload\":{payload}}}")
        };
        match self {
            Self::Next(response) => with_payload("next", &response.into_json(None)),
            Self::Error(errors) => with_payload("error", &errors),
            Self::Complete => json!({ "id": id, "type": "complete" }).to_string(),
        }
    }
}

impl From<Response> for OperationMessage {
    fn from(response: Response) -> Self {
        if response.has_begun() { Self::Next(response) } else { Self::failed(&response) }
    }
}

/// The message that accepts a connection.
pub fn connection_ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// The answer to a ping, with the same payload.
pub fn pong(payload: Option<&Map<String, Value>>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}
