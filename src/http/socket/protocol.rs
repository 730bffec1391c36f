//! The messages of graphql-transport-ws.
//! See <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::graphql::Response;
use crate::http::graphql::Parameters;

/// The subprotocol's name.
pub const NAME: &str = "graphql-transport-ws";

/// The reason of the status 101, and the header that names the subprotocol.
pub const REASON_AND_HEADER: &str =
    "Switching Protocols\r\nSec-WebSocket-Protocol: graphql-transport-ws";

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Incoming {
    /// It introduces itself.
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// It asks whether somebody is there.
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    /// It is there.
    Pong {
        #[serde(default, rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    /// It wants an operation executed: a query and a mutation, too.
    Subscribe { id: String, payload: Parameters },
    /// It wants no more of an operation.
    Complete { id: String },
}

impl Incoming {
    /// Reads a message.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        // By way of a map, as an array of the fields' values would do, too.
        let map: Map<String, Value> = serde_json::from_str(text)?;
        Self::deserialize(Value::Object(map))
    }
}

/// What is said of an operation.
pub enum Outgoing {
    /// A response.
    Next(Response),
    /// Why it did not begin, or cannot go on, as a JSON list of errors; the last word.
    Error(String),
    /// There will be no more; the last word.
    Complete,
}

impl Outgoing {
    /// Whether it is the last word.
    pub fn is_last(&self) -> bool {
        !matches!(self, Self::Next(_))
    }

    /// Writes it, as said of the operation with that id.
    pub fn write(self, id: &str) -> Result<String, serde_json::Error> {
        match self {
            Self::Next(response) => with_json("next", id, text(&response.into_json(None))),
            Self::Error(errors) => with_json("error", id, &errors),
            Self::Complete => write("complete", Some(id), None::<()>),
        }
    }
}

impl From<Response> for Outgoing {
    fn from(response: Response) -> Self {
        if response.has_begun() { Self::Next(response) } else { Self::error(&response) }
    }
}

impl Outgoing {
    /// What says that an operation did not begin.
    pub fn error(response: &Response) -> Self {
        Self::Error(text(&response.errors_json(None)).to_owned())
    }

    /// The same, of a refusal by the transport itself.
    pub fn refused(code: &str, message: &str) -> Self {
        let error = serde_json::json!({ "message": message, "extensions": { "code": code } });
        Self::Error(Value::Array(vec![error]).to_string())
    }
}

/// What was written as JSON is text.
fn text(json: &[u8]) -> &str {
    std::str::from_utf8(json).unwrap_or_default()
}

/// A message whose payload is JSON already.
fn with_json(kind: &str, id: &str, payload: &str) -> Result<String, serde_json::Error> {
    let id = serde_json::to_string(id)?;
    Ok(format!("{{\"id\":{id},\"type\":\"{kind}\",\"payload\":{payload}}}"))
}

/// A message in writing.
pub fn write(
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
