//! Server-sent events: the distinct connections mode of graphql-sse. One operation a request, one `next` for each
//! response, and `complete` at the end.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web::Bytes};
use async_graphql::Response;
use futures_util::stream::{BoxStream, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_stream::wrappers::ReceiverStream;

use super::graphql::body;
use super::media::Answer;
use super::standing::{Place, Standing, Stop};

/// Answers with a stream of `responses`.
pub fn respond(
    request: &HttpRequest,
    standing: &Standing,
    responses: BoxStream<'static, Response>,
) -> HttpResponse {
    let place = match standing.admit(request) {
        Ok(place) => place,
        Err(refusal) => return refusal.respond(Answer::Events),
    };
    // What does not fit waits in the database.
    let (sender, receiver) = mpsc::channel(1);
    actix_web::rt::spawn(send(responses, sender, standing.clone(), place));
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::VARY, "Accept"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies would wait for more.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(ReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>))
}

/// Sends until there is no more, nobody reads, or the server stops.
async fn send(
    mut responses: BoxStream<'static, Response>,
    sender: mpsc::Sender<Bytes>,
    standing: Standing,
    _place: Place,
) {
    let mut stop: Stop = standing.stop();
    let mut beat = interval(standing.limits.keep_alive);
    loop {
        let (event, is_last) = tokio::select! {
            response = responses.next() => match response {
                Some(response) => match body(&response) {
                    Ok(body) => (format!("event: next\ndata: {body}\n\n"), false),
                    Err(failure) => {
                        tracing::error!(%failure, "an event could not be written");
                        return;
                    }
                },
                None => ("event: complete\ndata:\n\n".to_owned(), true),
            },
            // A comment, the first one at once: so the head of the answer goes out before there is an event.
            _ = beat.tick() => (":\n\n".to_owned(), false),
            () = stop.called() => return,
            () = sender.closed() => return,
        };
        let sent = timeout(standing.limits.slow, sender.send(Bytes::from(event)));
        let is_sent = tokio::select! {
            sent = sent => matches!(sent, Ok(Ok(()))),
            () = stop.called() => return,
        };
        if is_last || !is_sent {
            return;
        }
    }
}
