//! GraphQL over WebSocket, with the subprotocol graphql-transport-ws.
//!
//! Each socket is one task. The task polls the operations only after the previous message is in the send queue, so a slow
//! client cannot fill the memory. Events that the client has not read stay in the database.

mod end;
mod frame_limit;
mod protocol;

use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::guard::GuardContext;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::{Map, Value};
use tokio::time::{interval, sleep, sleep_until, timeout};
use tokio_stream::StreamMap;
use tracing::Instrument;

use super::error::HttpError;
use super::graphql::parameters::Parameters;
use super::media::ResponseFormat;
use super::open_connections::{ConnectionSlot, OpenConnections, ShutdownSignal, SocketLimits};
use super::origin::{CookieUse, Origins};
use super::viewer::{credential, credential_from_payload};
use crate::domain::viewer::Credential;
use crate::graphql::{Conditions, Executor, OperationType};
use end::SocketEnd;
use protocol::{ClientMessage, OperationMessage};

/// The maximum time for which a stopping server tries to send the close frame to a slow client.
const SHUTDOWN_CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Whether a request is a WebSocket handshake.
pub fn is_handshake(context: &GuardContext<'_>) -> bool {
    let upgrade = context.head().headers().get(header::UPGRADE);
    upgrade.is_some_and(|upgrade| upgrade.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Responds to a WebSocket handshake and starts the task of the socket.
pub async fn open(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    open_connections: web::Data<OpenConnections>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    if origins.is_forbidden(&request) {
        let message = "pages of this origin may not open a socket";
        return HttpError::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
            .respond(ResponseFormat::Json);
    }
    let credential = match credential(&request, &origins, CookieUse::Socket) {
        Ok(credential) => credential,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    let slot = match open_connections.acquire_slot(&request) {
        Ok(slot) => slot,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    let max_bytes = open_connections.limits.max_message_bytes;
    let handshake = match limit_frames(&request, body, max_bytes).await {
        Ok(body) => actix_ws::handle_with_protocols(&request, body, &[protocol::NAME]),
        Err(failure) => Err(failure),
    };
    let (mut response, session, messages) = match handshake {
        Ok(accepted) => accepted,
        Err(failure) => return failure.error_response(),
    };
    let is_subprotocol_accepted = write_subprotocol_header(&mut response);
    let socket = Socket {
        executor: executor.get_ref().clone(),
        limits: open_connections.limits,
        credential,
        is_subprotocol_accepted,
        is_acknowledged: false,
        session,
        operations: StreamMap::new(),
        shutdown_signal: open_connections.shutdown_signal(),
        _slot: slot,
    };
    let messages = messages
        .max_frame_size(max_bytes)
        .aggregate_continuations()
        .max_continuation_size(max_bytes);
    actix_web::rt::spawn(socket.run(messages).in_current_span());
    response
}

/// Writes `Sec-WebSocket-Protocol` with the capitals of RFC 6455, and returns whether the subprotocol was accepted. Header
/// names are case-insensitive, but some clients, such as Python's `gql`, expect these capitals. actix-web writes all header
/// names in lower case, so the header is appended to the reason phrase, which actix-web writes unchanged.
fn write_subprotocol_header(response: &mut HttpResponse) -> bool {
    let is_accepted =
        response.headers_mut().remove(header::SEC_WEBSOCKET_PROTOCOL).next().is_some();
    if is_accepted {
        response.head_mut().reason = Some(protocol::REASON_AND_HEADER);
    }
    is_accepted
}

/// The body of the handshake request, with a limit on the size of frames.
async fn limit_frames(
    request: &HttpRequest,
    body: web::Payload,
    max_bytes: usize,
) -> Result<web::Payload, actix_web::Error> {
    let mut payload: Payload = frame_limit::limit_frames(body.into_inner(), max_bytes);
    web::Payload::from_request(request, &mut payload).await
}

/// A socket and its running operations.
struct Socket {
    executor: Executor,
    limits: SocketLimits,
    credential: Credential,
    is_subprotocol_accepted: bool,
    /// Whether the server has sent `connection_ack`.
    is_acknowledged: bool,
    session: actix_ws::Session,
    /// The messages of each running operation, keyed by its id.
    operations: StreamMap<String, BoxStream<'static, OperationMessage>>,
    shutdown_signal: ShutdownSignal,
    _slot: ConnectionSlot,
}

impl Socket {
    /// Serves the socket until it ends, and sends the close frame.
    async fn run(mut self, messages: AggregatedMessageStream) {
        let Err(end) = self.serve(messages).await;
        // Operations are stopped first, because a slow client can delay the close frame.
        self.operations.clear();
        if let SocketEnd::Closed(code, reason) = end {
            tracing::debug!(code = u16::from(code), reason, "socket closed");
            let reason = CloseReason { code, description: Some(reason) };
            let shutdown_deadline = async {
                self.shutdown_signal.wait().await;
                sleep(SHUTDOWN_CLOSE_TIMEOUT).await;
            };
            tokio::select! {
                biased;
                // The close frame is queued behind the messages that the client has not read.
                _ = timeout(self.limits.send_timeout, self.session.close(Some(reason))) => {}
                () = shutdown_deadline => {}
            }
        }
    }

    /// Handles messages, operations and time limits until the socket ends.
    async fn serve(
        &mut self,
        mut messages: AggregatedMessageStream,
    ) -> Result<std::convert::Infallible, SocketEnd> {
        if !self.is_subprotocol_accepted {
            let reason = format!("the required subprotocol is {}", protocol::NAME);
            return Err(SocketEnd::with_code(4406, reason));
        }
        let init_deadline = tokio::time::Instant::now() + self.limits.init_timeout;
        let mut keep_alive = interval(self.limits.keep_alive_interval);
        let mut last_received = Instant::now();
        loop {
            tokio::select! {
                message = messages.recv() => {
                    last_received = Instant::now();
                    match message {
                        Some(Ok(message)) => self.handle_websocket_message(message).await?,
                        Some(Err(failure)) => {
                            let max_bytes = self.limits.max_message_bytes;
                            return Err(SocketEnd::from_protocol_error(&failure, max_bytes));
                        }
                        None => return Err(SocketEnd::Disconnected),
                    }
                }
                Some((id, message)) = self.operations.next() => {
                    self.send_operation_message(&id, message).await?;
                }
                () = sleep_until(init_deadline), if !self.is_acknowledged => {
                    let seconds = self.limits.init_timeout.as_secs();
                    let reason = format!("no connection_init within {seconds} seconds");
                    return Err(SocketEnd::with_code(4408, reason));
                }
                _ = keep_alive.tick() => {
                    if last_received.elapsed() >= self.limits.keep_alive_interval * 2 {
                        return Err(SocketEnd::Disconnected);
                    }
                    let ping = self.session.ping(b"");
                    send_in_time(ping, self.limits.send_timeout, &mut self.shutdown_signal).await?;
                }
                () = self.shutdown_signal.wait() => return Err(SocketEnd::server_stopping()),
            }
        }
    }

    /// Handles a WebSocket message.
    async fn handle_websocket_message(
        &mut self,
        message: AggregatedMessage,
    ) -> Result<(), SocketEnd> {
        match message {
            AggregatedMessage::Text(text) => match ClientMessage::parse(&text) {
                Ok(message) => self.handle_message(message).await,
                Err(failure) => {
                    Err(SocketEnd::with_code(4400, format!("not a message: {failure}")))
                }
            },
            AggregatedMessage::Binary(_) => {
                Err(SocketEnd::with_code(4400, "binary messages are not supported"))
            }
            AggregatedMessage::Ping(bytes) => {
                let pong = self.session.pong(&bytes);
                send_in_time(pong, self.limits.send_timeout, &mut self.shutdown_signal).await
            }
            AggregatedMessage::Pong(_) => Ok(()),
            AggregatedMessage::Close(reason) => {
                // A close frame with the same code completes the closing handshake.
                let code = reason.map_or(CloseCode::Normal, |reason| reason.code);
                Err(SocketEnd::Closed(code, String::new()))
            }
        }
    }

    /// Handles a message of the subprotocol.
    async fn handle_message(&mut self, message: ClientMessage) -> Result<(), SocketEnd> {
        match message {
            ClientMessage::ConnectionInit { .. } if self.is_acknowledged => {
                Err(SocketEnd::with_code(4429, "Too many initialisation requests"))
            }
            ClientMessage::ConnectionInit { payload } => self.acknowledge(payload.as_ref()).await,
            ClientMessage::Ping { payload } => self.send(protocol::pong(payload.as_ref())).await,
            ClientMessage::Pong { .. } => Ok(()),
            ClientMessage::Subscribe { .. } if !self.is_acknowledged => {
                Err(SocketEnd::with_code(4401, "Unauthorized: send connection_init first"))
            }
            ClientMessage::Subscribe { id, .. } if self.operations.contains_key(&id) => {
                Err(SocketEnd::with_code(4409, format!("Subscriber for {id} already exists")))
            }
            ClientMessage::Subscribe { id, .. }
                if self.operations.len() >= self.limits.max_operations =>
            {
                let message = format!(
                    "this socket runs {} operations, which is the maximum; complete one first, or open another socket",
                    self.limits.max_operations
                );
                let rejection = OperationMessage::rejected("TOO_MANY_OPERATIONS", &message);
                self.send_operation_message(&id, rejection).await
            }
            ClientMessage::Subscribe { id, payload } => {
                let messages = execute(self.executor.clone(), payload, self.credential.clone());
                self.operations.insert(id, messages);
                Ok(())
            }
            ClientMessage::Complete { id } => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    /// Responds to `connection_init`. A credential in the payload replaces the credential of the handshake.
    async fn acknowledge(&mut self, payload: Option<&Map<String, Value>>) -> Result<(), SocketEnd> {
        let forbidden =
            |message: String| SocketEnd::with_code(4403, format!("Forbidden: {message}"));
        let credential =
            payload.map(credential_from_payload).transpose().map_err(forbidden)?.flatten();
        if let Some(credential) = credential {
            self.credential = credential;
        }
        let access = self.executor.check_access(&self.credential).await;
        access.map_err(|error| forbidden(error.message))?;
        self.is_acknowledged = true;
        self.send(protocol::connection_ack()).await
    }

    /// Sends a message about an operation.
    async fn send_operation_message(
        &mut self,
        id: &str,
        message: OperationMessage,
    ) -> Result<(), SocketEnd> {
        if message.is_final() {
            // The client may reuse the id as soon as it receives the message, so the id is freed first.
            self.operations.remove(id);
        }
        self.send(message.into_json(id)).await
    }

    /// Sends a message of the subprotocol.
    async fn send(&mut self, message: String) -> Result<(), SocketEnd> {
        let sending = self.session.text(message);
        send_in_time(sending, self.limits.send_timeout, &mut self.shutdown_signal).await
    }
}

/// Waits until a frame is in the send queue. The queue is full if the client does not read. Fails after `send_timeout`, or if
/// the server stops.
async fn send_in_time(
    sending: impl Future<Output = Result<(), actix_ws::Closed>>,
    send_timeout: Duration,
    shutdown_signal: &mut ShutdownSignal,
) -> Result<(), SocketEnd> {
    tokio::select! {
        sent = timeout(send_timeout, sending) => {
            let Ok(sent) = sent else {
                let reason = format!("nothing was read for {} seconds", send_timeout.as_secs());
                return Err(SocketEnd::Closed(CloseCode::Policy, reason));
            };
            sent.map_err(|_| SocketEnd::Disconnected)
        }
        () = shutdown_signal.wait() => Err(SocketEnd::server_stopping()),
    }
}

/// Executes an operation. The stream contains all messages of the operation. The execution begins when the stream is
/// first polled.
fn execute(
    executor: Executor,
    parameters: Parameters,
    credential: Credential,
) -> BoxStream<'static, OperationMessage> {
    let execution = async move {
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
                let complete = stream::once(async { OperationMessage::Complete });
                responses.map(OperationMessage::from).chain(complete).boxed()
            }
            Err(response) => {
                stream::once(async move { OperationMessage::failed(&response) }).boxed()
            }
        }
    };
    stream::once(execution).flatten().boxed()
}
