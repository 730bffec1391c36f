//! GraphQL over WebSocket, by the subprotocol graphql-transport-ws.
//!
//! A socket is one task. Its operations are polled only while there is room to send, so that a slow reader makes nothing
//! pile up: what it has not read yet stays in the database.

mod meter;
mod protocol;

use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::guard::GuardContext;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::{Map, Value};
use tokio::time::{interval, sleep, sleep_until, timeout};
use tokio_stream::StreamMap;
use tracing::Instrument;

use super::error::HttpError;
use super::graphql::Parameters;
use super::media::ResponseFormat;
use super::open_connections::{ConnectionSlot, OpenConnections, ShutdownSignal, SocketLimits};
use super::origin::{CookieUse, Origins};
use super::viewer::{credential, credential_in};
use crate::domain::viewer::Credential;
use crate::graphql::{Conditions, Executor, OperationType};
use protocol::{Incoming, Outgoing};

/// How long a server that stops waits for a peer to take the last word.
const FAREWELL: Duration = Duration::from_secs(2);

/// Whether a request asks for a socket.
pub fn is_handshake(context: &GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(header::UPGRADE);
    upgrade.is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Opens a socket.
pub async fn open(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    open_connections: web::Data<OpenConnections>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    if origins.is_refused(&request) {
        let message = "pages of another origin may not open a socket here";
        return HttpError::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
            .respond(ResponseFormat::Json);
    }
    let credential = match credential(&request, &origins, CookieUse::Socket) {
        Ok(credential) => credential,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    let place = match open_connections.admit(&request) {
        Ok(place) => place,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    let most = open_connections.limits.message;
    let handshake = match metered(&request, body, most).await {
        Ok(body) => actix_ws::handle_with_protocols(&request, body, &[protocol::NAME]),
        Err(failure) => Err(failure),
    };
    let (mut response, session, incoming) = match handshake {
        Ok(opened) => opened,
        Err(failure) => return failure.error_response(),
    };
    let is_agreed = spell_protocol(&mut response);
    let socket = Socket {
        executor: executor.get_ref().clone(),
        limits: open_connections.limits,
        credential,
        is_agreed,
        is_acknowledged: false,
        session,
        operations: StreamMap::new(),
        shutdown_signal: open_connections.shutdown_signal(),
        _place: place,
    };
    let incoming =
        incoming.max_frame_size(most).aggregate_continuations().max_continuation_size(most);
    actix_web::rt::spawn(socket.run(incoming).in_current_span());
    response
}

/// Writes `Sec-WebSocket-Protocol` in the spelling of RFC 6455, if the subprotocol is agreed upon, and gives whether it is. Names
/// of headers have no case, but some clients, such as Python's `gql`, look for this one as it is spelled there. The library writes
/// all names in lower case, and only the reason of the status line as it is: so the header follows that.
fn spell_protocol(response: &mut HttpResponse) -> bool {
    let is_agreed = response.headers_mut().remove(header::SEC_WEBSOCKET_PROTOCOL).next().is_some();
    if is_agreed {
        response.head_mut().reason = Some(protocol::REASON_AND_HEADER);
    }
    is_agreed
}

async fn metered(
    request: &HttpRequest,
    body: web::Payload,
    most: usize,
) -> Result<web::Payload, actix_web::Error> {
    let mut metered: Payload = meter::metered(body.into_inner(), most);
    web::Payload::from_request(request, &mut metered).await
}

/// A socket, and what runs on it.
struct Socket {
    executor: Executor,
    limits: SocketLimits,
    credential: Credential,
    is_agreed: bool,
    is_acknowledged: bool,
    session: actix_ws::Session,
    operations: StreamMap<String, BoxStream<'static, Outgoing>>,
    shutdown_signal: ShutdownSignal,
    _place: ConnectionSlot,
}

/// How a socket ends.
enum End {
    /// The peer is gone, or says nothing any more.
    Gone,
    /// It is closed, for a reason.
    Closed(CloseCode, String),
}

impl End {
    fn protocol(code: u16, reason: impl Into<String>) -> Self {
        Self::Closed(CloseCode::Other(code), reason.into())
    }

    /// What has come is no message of a WebSocket.
    fn faulty(failure: &ProtocolError, most: usize) -> Self {
        let (code, reason) = match failure {
            ProtocolError::Io(failure) => match failure.get_ref() {
                Some(inner) if inner.is::<std::str::Utf8Error>() => {
                    (CloseCode::Invalid, "a text is not UTF-8".to_owned())
                }
                Some(inner) => match inner.downcast_ref::<PayloadError>() {
                    Some(PayloadError::Overflow) | None
                        if failure.kind() == std::io::ErrorKind::Other =>
                    {
                        (CloseCode::Size, format!("a message is larger than {most} bytes"))
                    }
                    Some(_) => return Self::Gone,
                    None => (CloseCode::Protocol, failure.to_string()),
                },
                None => return Self::Gone,
            },
            ProtocolError::Overflow => {
                (CloseCode::Size, format!("a message is larger than {most} bytes"))
            }
            other => (CloseCode::Protocol, other.to_string()),
        };
        Self::Closed(code, reason)
    }
}

impl Socket {
    async fn run(mut self, incoming: AggregatedMessageStream) {
        let Err(end) = self.serve(incoming).await;
        // What was running ends before the last word, which may take a while.
        self.operations.clear();
        if let End::Closed(code, reason) = end {
            tracing::debug!(code = u16::from(code), reason, "socket closed");
            let reason = CloseReason { code, description: Some(reason) };
            let hurry = async {
                self.shutdown_signal.wait().await;
                sleep(FAREWELL).await;
            };
            tokio::select! {
                biased;
                // Behind what the peer has not read yet.
                _ = timeout(self.limits.slow, self.session.close(Some(reason))) => {}
                () = hurry => {}
            }
        }
    }

    async fn serve(
        &mut self,
        mut incoming: AggregatedMessageStream,
    ) -> Result<std::convert::Infallible, End> {
        if !self.is_agreed {
            let reason = format!("the subprotocol spoken here is {}", protocol::NAME);
            return Err(End::protocol(4406, reason));
        }
        let latest = tokio::time::Instant::now() + self.limits.init;
        let mut beat = interval(self.limits.keep_alive);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                message = incoming.recv() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.take(message).await?,
                        Some(Err(failure)) => return Err(End::faulty(&failure, self.limits.message)),
                        None => return Err(End::Gone),
                    }
                }
                Some((id, outgoing)) = self.operations.next() => self.say(&id, outgoing).await?,
                () = sleep_until(latest), if !self.is_acknowledged => {
                    let seconds = self.limits.init.as_secs();
                    let reason = format!("no connection_init within {seconds} seconds");
                    return Err(End::protocol(4408, reason));
                }
                _ = beat.tick() => {
                    if heard.elapsed() >= self.limits.keep_alive * 2 {
                        return Err(End::Gone);
                    }
                    let ping = self.session.ping(b"");
                    with_room(ping, self.limits.slow, &mut self.shutdown_signal).await?;
                }
                () = self.shutdown_signal.wait() => return Err(going_away()),
            }
        }
    }

    /// Acts on a frame.
    async fn take(&mut self, message: AggregatedMessage) -> Result<(), End> {
        match message {
            AggregatedMessage::Text(text) => match Incoming::read(&text) {
                Ok(incoming) => self.answer(incoming).await,
                Err(failure) => Err(End::protocol(4400, format!("not a message: {failure}"))),
            },
            AggregatedMessage::Binary(_) => {
                Err(End::protocol(4400, "messages are texts, and this one is binary"))
            }
            AggregatedMessage::Ping(bytes) => {
                let pong = self.session.pong(&bytes);
                with_room(pong, self.limits.slow, &mut self.shutdown_signal).await
            }
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(reason) => {
                // An answer in kind ends the handshake of closing.
                let code = reason.map_or(CloseCode::Normal, |reason| reason.code);
                Err(End::Closed(code, String::new()))
            }
        }
    }

    /// Acts on a message.
    async fn answer(&mut self, incoming: Incoming) -> Result<(), End> {
        match incoming {
            Incoming::ConnectionInit { .. } if self.is_acknowledged => {
                Err(End::protocol(4429, "Too many initialisation requests"))
            }
            Incoming::ConnectionInit { payload } => self.acknowledge(payload.as_ref()).await,
            Incoming::Ping { payload } => {
                self.send(protocol::write("pong", None, payload.as_ref())).await
            }
            Incoming::Pong { .. } => Ok(()),
            Incoming::Subscribe { .. } if !self.is_acknowledged => {
                Err(End::protocol(4401, "Unauthorized: say connection_init first"))
            }
            Incoming::Subscribe { id, .. } if self.operations.contains_key(&id) => {
                Err(End::protocol(4409, format!("Subscriber for {id} already exists")))
            }
            Incoming::Subscribe { id, .. } if self.operations.len() >= self.limits.operations => {
                let message = format!(
                    "this socket runs {} operations, the most it may; complete one first, or open another socket",
                    self.limits.operations
                );
                self.say(&id, Outgoing::refused("TOO_MANY_OPERATIONS", &message)).await
            }
            Incoming::Subscribe { id, payload } => {
                let operation = operation(self.executor.clone(), payload, self.credential.clone());
                self.operations.insert(id, operation);
                Ok(())
            }
            Incoming::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    async fn acknowledge(&mut self, payload: Option<&Map<String, Value>>) -> Result<(), End> {
        let refused = |message: String| End::protocol(4403, format!("Forbidden: {message}"));
        if let Some(shown) = payload.map(credential_in).transpose().map_err(refused)?.flatten() {
            self.credential = shown;
        }
        let admitted = self.executor.check_access(&self.credential).await;
        admitted.map_err(|error| refused(error.message))?;
        self.is_acknowledged = true;
        self.send(protocol::write("connection_ack", None, None::<()>)).await
    }

    /// Says something of an operation.
    async fn say(&mut self, id: &str, outgoing: Outgoing) -> Result<(), End> {
        if outgoing.is_last() {
            // The id is free before the peer can know.
            self.operations.remove(id);
        }
        self.send(outgoing.write(id)).await
    }

    /// Sends a message as soon as there is room for it.
    async fn send(&mut self, message: Result<String, serde_json::Error>) -> Result<(), End> {
        let message = message.map_err(|failure| {
            tracing::error!(%failure, "a message could not be written");
            End::Closed(CloseCode::Error, "internal error".to_owned())
        })?;
        let sending = self.session.text(message);
        with_room(sending, self.limits.slow, &mut self.shutdown_signal).await
    }
}

/// Sends something, unless there is no room for it for too long.
async fn with_room(
    sending: impl Future<Output = Result<(), actix_ws::Closed>>,
    slow: Duration,
    shutdown_signal: &mut ShutdownSignal,
) -> Result<(), End> {
    tokio::select! {
        sent = timeout(slow, sending) => {
            let Ok(sent) = sent else {
                let reason = format!("nothing was read for {} seconds", slow.as_secs());
                return Err(End::Closed(CloseCode::Policy, reason));
            };
            sent.map_err(|_| End::Gone)
        }
        () = shutdown_signal.wait() => Err(going_away()),
    }
}

fn going_away() -> End {
    End::Closed(CloseCode::Away, "the server stops; connect again in a moment".to_owned())
}

/// What an operation has to say, to its last word.
fn operation(
    executor: Executor,
    parameters: Parameters,
    credential: Credential,
) -> BoxStream<'static, Outgoing> {
    let begin = async move {
        let responses = match executor.parse(parameters.into_request()) {
            Err(response) => Err(response),
            Ok(parsed) if parsed.operation == OperationType::Subscription => {
                executor.subscribe(parsed, credential, None).await
            }
            Ok(parsed) => {
                let conditions = Conditions::default();
                let response = executor.execute(parsed, &credential, conditions).await;
                Ok(stream::once(async { response }).boxed())
            }
        };
        match responses {
            Ok(responses) => {
                let complete = stream::once(async { Outgoing::Complete });
                responses.map(Outgoing::from).chain(complete).boxed()
            }
            Err(response) => stream::once(async move { Outgoing::error(&response) }).boxed(),
        }
    };
    stream::once(begin).flatten().boxed()
}
