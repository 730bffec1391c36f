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

use super::guard::RequestId;
use super::media::Answer;
use super::standing::{Place, Standing, Stop};
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
    standing: &Standing,
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
    let place = match standing.admit(request) {
        Ok(place) => place,
        Err(refusal) => return refusal.respond(Answer::Events),
    };
    // What does not fit waits in the database.
    let (sender, receiver) = mpsc::channel(1);
    let id = RequestId::of(request);
    actix_web::rt::spawn(send(responses, sender, standing.clone(), place, id));
    answer.streaming(ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>))
}

/// Sends until there is no more, nobody reads, or the server stops.
async fn send(
    mut responses: BoxStream<'static, Response>,
    sender: mpsc::Sender<Bytes>,
    standing: Standing,
    _place: Place,
    id: Option<String>,
) {
    let mut stop: Stop = standing.stop();
    let mut beat = interval(standing.limits.keep_alive);
    loop {
        let (event, is_last) = tokio::select! {
            response = responses.next() => match response {
                Some(response) => (next(response, id.as_deref()), false),
                None => (Bytes::from_static(b"event: complete\ndata:\n\n"), true),
            },
            // A comment, the first one at once: so the head of the answer goes out before there is an event.
            _ = beat.tick() => (Bytes::from_static(b":\n\n"), false),
            () = stop.called() => return,
            () = sender.closed() => return,
        };
        let sent = timeout(standing.limits.slow, sender.send(event));
        let is_sent = tokio::select! {
            sent = sent => matches!(sent, Ok(Ok(()))),
            () = stop.called() => return,
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
