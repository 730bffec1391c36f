//! A client at the other end of a WebSocket.

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::HandshakeError;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

/// How long to wait for what must come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A socket, or what is known of it.
pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    /// Asks for a socket with these headers; where it is refused, gives the status and the body.
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

    /// Opens a socket, which has not introduced itself yet.
    pub fn open(url: &str) -> Self {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        Self::handshake(url, &[protocol]).expect("the socket opens")
    }

    /// Opens a socket and introduces it.
    pub fn ready(url: &str) -> Self {
        let mut socket = Self::open(url);
        socket.say(json!({ "type": "connection_init" }));
        assert_eq!(socket.hear(), json!({ "type": "connection_ack" }));
        socket
    }

    /// Says something.
    pub fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string()));
    }

    /// Sends a message or frame of any kind.
    pub fn send(&mut self, message: Message) {
        self.0.send(message).expect("the socket is open");
    }

    /// Asks for an operation.
    pub fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload }));
    }

    /// The next message.
    pub fn hear(&mut self) -> Value {
        self.heard(TIMEOUT).expect("a message comes")
    }

    /// The next message, if it comes in time.
    pub fn heard(&mut self, patience: Duration) -> Option<Value> {
        let until = Instant::now() + patience;
        loop {
            let left =
                until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.0.get_ref().set_read_timeout(Some(left)).unwrap();
            match self.0.read() {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
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

    /// The data of the next message, which must be an event of that operation without errors.
    pub fn event(&mut self, id: &str) -> Value {
        let mut message = self.hear();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        assert!(message["payload"].get("errors").is_none(), "{message:#}");
        message["payload"]["data"].take()
    }

    /// Executes an operation to its end and gives what was said of it, without its id.
    pub fn ask(&mut self, query: &str, variables: Value) -> Vec<Value> {
        self.subscribe("ask", query, variables);
        let mut said = Vec::new();
        loop {
            let mut message = self.hear();
            let message = message.as_object_mut().unwrap();
            assert_eq!(message.remove("id"), Some(json!("ask")));
            let is_last = message["type"] != "next";
            said.push(Value::Object(message.clone()));
            if is_last {
                return said;
            }
        }
    }

    /// The code and the message of the error by which the server refuses an operation.
    pub fn refused(&mut self, query: &str, variables: Value) -> (String, String) {
        let said = self.ask(query, variables);
        let [error] = said.as_slice() else { panic!("{said:#?}") };
        assert_eq!(error["type"], "error", "{error:#}");
        let error = &error["payload"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&error["extensions"]["code"]), text(&error["message"]))
    }

    /// Waits until the server closes the socket, and gives code and reason; whatever else comes is left aside.
    pub fn closed(&mut self) -> (u16, String) {
        self.ended().expect("a close frame comes")
    }

    /// The same, of a connection that may also break off without a word; it must not stay silent.
    pub fn ended(&mut self) -> Option<(u16, String)> {
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
                Err(failure) => panic!("{failure} instead of a close frame"),
            }
        }
    }
}
