//! Server-sent events: the distinct connections mode of graphql-sse. One operation a request, one `next` for each
//! response, and `complete` at the end.

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

/// The id of the last event that a client has.
pub const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The cursor after which the request continues a stream, as `Last-Event-ID`. An empty one is none.
pub fn last_event(request: &HttpRequest) -> Option<Cow<'_, str>> {
    let id = request.headers().get(LAST_EVENT_ID)?;
    Some(String::from_utf8_lossy(id.as_bytes())).filter(|id| !id.is_empty())
}

/// Answers with a stream of `responses`; without it, to HEAD.
pub fn respond(
    request: &HttpRequest,
    open_connections: &OpenConnections,
    responses: BoxStream<'static, Response>,
) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies would wait for more.
        .insert_header(("x-accel-buffering", "no"));
    if request.method() == Method::HEAD {
        return answer.finish();
    }
    let place = match open_connections.admit(request) {
        Ok(place) => place,
        Err(error) => return error.respond(ResponseFormat::Events),
    };
    // What does not fit waits in the database.
    let (sender, receiver) = mpsc::channel(1);
    let id = RequestId::of(request);
    actix_web::rt::spawn(send(responses, sender, open_connections.clone(), place, id));
    answer.streaming(ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>))
}

/// Sends until there is no more, nobody reads, or the server stops.
async fn send(
    mut responses: BoxStream<'static, Response>,
    sender: mpsc::Sender<Bytes>,
    open_connections: OpenConnections,
    _place: ConnectionSlot,
    id: Option<String>,
) {
    let mut shutdown_signal: ShutdownSignal = open_connections.shutdown_signal();
    let mut beat = interval(open_connections.limits.keep_alive);
    loop {
        let (event, is_last) = tokio::select! {
            response = responses.next() => match response {
                Some(response) => (next(response, id.as_deref()), false),
                None => (Bytes::from_static(b"event: complete\ndata:\n\n"), true),
            },
            // A comment, the first one at once: so the head of the answer goes out before there is an event.
            _ = beat.tick() => (Bytes::from_static(b":\n\n"), false),
            () = shutdown_signal.wait() => return,
            () = sender.closed() => return,
        };
        let sent = timeout(open_connections.limits.slow, sender.send(event));
        let is_sent = tokio::select! {
            sent = sent => matches!(sent, Ok(Ok(()))),
            () = shutdown_signal.wait() => return,
        };
        if is_last || !is_sent {
            return;
        }
    }
}

/// The event that carries a response. JSON has no line ends of its own, so it is one line of data. Its id is the cursor from which
/// a client goes on that sends it back as `Last-Event-ID`.
fn next(response: Response, id: Option<&str>) -> Bytes {
    let mut event = b"event: next\n".to_vec();
    if let Some(cursor) = &response.cursor {
        event.extend_from_slice(format!("id: {cursor}\n").as_bytes());
    }
    event.extend_from_slice(b"data: ");
    event.extend(response.into_json(id));
    event.extend_from_slice(b"\n\n");
    event.into()
}
