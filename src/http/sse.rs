//! Server-sent events, in the distinct connections mode of graphql-sse. A request contains one operation. The stream contains
//! an event `next` for each response, and `complete` at the end.

use std::borrow::Cow;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web::Bytes};
use futures_util::stream::{BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::media::ResponseFormat;
use super::open_connections::{ConnectionSlot, OpenConnections, ShutdownSignal};
use super::request_context::RequestId;
use crate::graphql::Response;

/// The request header with the id of the last event that the client received.
pub const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The cursor after which the stream continues, from `Last-Event-ID`. None if the header is missing or empty.
pub fn last_event_id(request: &HttpRequest) -> Option<Cow<'_, str>> {
    let id = request.headers().get(LAST_EVENT_ID)?;
    Some(String::from_utf8_lossy(id.as_bytes())).filter(|id| !id.is_empty())
}

/// Responds with a stream of `responses`. A HEAD request gets only the headers.
pub fn respond(
    request: &HttpRequest,
    open_connections: &OpenConnections,
    responses: BoxStream<'static, Response>,
) -> HttpResponse {
    let mut builder = HttpResponse::Ok();
    builder
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Otherwise nginx would buffer the events.
        .insert_header(("x-accel-buffering", "no"));
    if request.method() == Method::HEAD {
        return builder.finish();
    }
    let slot = match open_connections.acquire_slot(request) {
        Ok(slot) => slot,
        Err(error) => return error.respond(ResponseFormat::Events),
    };
    // At most one event waits for the client. The stream of responses is not polled again until that event has been
    // sent.
    let (sender, receiver) = mpsc::channel(1);
    let request_id = RequestId::of(request);
    let sending = send(responses, sender, open_connections.clone(), slot, request_id);
    actix_web::rt::spawn(sending);
    builder.streaming(ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>))
}

/// Sends the events until the stream ends, the client stops reading, or the server stops.
async fn send(
    mut responses: BoxStream<'static, Response>,
    sender: mpsc::Sender<Bytes>,
    open_connections: OpenConnections,
    // Held until the stream ends.
    _slot: ConnectionSlot,
    request_id: Option<String>,
) {
    let mut shutdown_signal: ShutdownSignal = open_connections.shutdown_signal();
    let mut keep_alive = interval(open_connections.limits.keep_alive_interval);
    loop {
        let (event, is_final) = tokio::select! {
            response = responses.next() => match response {
                Some(response) => (next_event(response, request_id.as_deref()), false),
                None => (Bytes::from_static(b"event: complete\ndata:\n\n"), true),
            },
            // A comment, which clients ignore. The first comment is sent at once, so that the response head is not held
            // back until the first event.
            _ = keep_alive.tick() => (Bytes::from_static(b":\n\n"), false),
            () = shutdown_signal.wait() => return,
            () = sender.closed() => return,
        };
        let sending = timeout(open_connections.limits.send_timeout, sender.send(event));
        let is_sent = tokio::select! {
            outcome = sending => matches!(outcome, Ok(Ok(()))),
            () = shutdown_signal.wait() => return,
        };
        if is_final || !is_sent {
            return;
        }
    }
}

/// The event `next` with a response. The JSON has no line breaks, so it is one line of data. The id of the event is the cursor
/// of the response, which a client sends as `Last-Event-ID` to continue the stream.
fn next_event(response: Response, request_id: Option<&str>) -> Bytes {
    let mut event = b"event: next\n".to_vec();
    if let Some(cursor) = &response.cursor {
        event.extend_from_slice(format!("id: {cursor}\n").as_bytes());
    }
    event.extend_from_slice(b"data: ");
    event.extend(response.into_json(request_id));
    event.extend_from_slice(b"\n\n");
    event.into()
}
