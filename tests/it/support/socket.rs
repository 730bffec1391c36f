//! A WebSocket client.

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::error::ProtocolError;
use tungstenite::handshake::HandshakeError;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

/// The time limit for messages that must arrive.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An open socket.
pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    /// Opens a WebSocket with these headers. If the server rejects the handshake, returns the status and the body.
    pub fn handshake(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, (u16, Value)> {
        let address = url.trim_start_matches("http://");
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let host = address.split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(HandshakeError::Failure(Error::Http(response))) => {
                let body = response.body().as_deref().unwrap_or_default();
                let body = serde_json::from_slice(body).unwrap_or(Value::Null);
                Err((response.status().as_u16(), body))
            }
            Err(failure) => panic!("{failure}"),
        }
    }

    /// Opens a socket without sending `connection_init`.
    pub fn open(url: &str) -> Self {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        Self::handshake(url, &[protocol]).expect("the socket opens")
    }

    /// Opens a socket and sends `connection_init`.
    pub fn ready(url: &str) -> Self {
        let mut socket = Self::open(url);
        socket.send_json(json!({ "type": "connection_init" }));
        assert_eq!(socket.receive(), json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends a JSON message.
    pub fn send_json(&mut self, message: Value) {
        self.send(Message::text(message.to_string()));
    }

    /// Sends a message or frame of any kind.
    pub fn send(&mut self, message: Message) {
        self.0.send(message).expect("the socket is open");
    }

    /// Sends a `subscribe` message.
    pub fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send_json(json!({ "type": "subscribe", "id": id, "payload": payload }));
    }

    /// The next message.
    pub fn receive(&mut self) -> Value {
        self.receive_within(TIMEOUT).expect("a message comes")
    }

    /// The text of the next message.
    pub fn receive_text(&mut self) -> String {
        self.text_within(TIMEOUT).expect("a message comes")
    }

    /// The next message, or `None` if none arrives in time.
    pub fn receive_within(&mut self, patience: Duration) -> Option<Value> {
        self.text_within(patience).map(|text| serde_json::from_str(&text).unwrap())
    }

    fn text_within(&mut self, patience: Duration) -> Option<String> {
        let until = Instant::now() + patience;
        loop {
            let left =
                until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.0.get_ref().set_read_timeout(Some(left)).unwrap();
            match self.0.read() {
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(other) => panic!("{other:?} instead of a message"),
                Err(Error::Io(failure))
                    if matches!(
                        failure.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) =>
                {
                    return None;
                }
                Err(failure) => panic!("{failure} instead of a message"),
            }
        }
    }

    /// The data of the next message, which must be an event of this operation without errors.
    pub fn event(&mut self, id: &str) -> Value {
        let mut message = self.receive();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"].take()
    }

    /// Executes an operation until it ends, and returns its messages without their ids.
    pub fn ask(&mut self, query: &str, variables: Value) -> Vec<Value> {
        self.subscribe("ask", query, variables);
        let mut said = Vec::new();
        loop {
            let mut message = self.receive();
            let message = message.as_object_mut().unwrap();
            assert_eq!(message.remove("id"), Some(json!("ask")));
            let is_last = message["type"] != "next";
            said.push(Value::Object(message.clone()));
            if is_last {
                return said;
            }
        }
    }

    /// The code and the message of the error with which the server rejects an operation.
    pub fn refused(&mut self, query: &str, variables: Value) -> (String, String) {
        let said = self.ask(query, variables);
        let [error] = said.as_slice() else { panic!("{said:#?}") };
        assert_eq!(error["type"], "error", "{error:#}");
        let error = &error["payload"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    /// Waits until the server closes the socket, and returns the code and the reason. Ignores all other messages.
    pub fn closed(&mut self) -> (u16, String) {
        self.wait_for_end().expect("a close frame comes")
    }

    /// Like [`Self::closed`], but the connection may also end without a close frame. Then returns `None`. Fails if the
    /// connection stays open.
    pub fn wait_for_end(&mut self) -> Option<(u16, String)> {
        self.0.get_ref().set_read_timeout(Some(TIMEOUT)).unwrap();
        loop {
            match self.0.read() {
                Ok(Message::Close(Some(frame))) => {
                    return Some((frame.code.into(), frame.reason.to_string()));
                }
                Ok(_) => {}
                Err(Error::Io(failure)) if failure.kind() == io::ErrorKind::ConnectionReset => {
                    return None;
                }
                Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => return None,
                Err(failure) => panic!("{failure} instead of a close frame"),
            }
        }
    }
}
