//! The preview image of a clause, at `/agreements/SLUG/clauses/NUMBER/share.png`. Shows the status in large letters.

mod canvas;

use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, body, web};
use tokio::sync::Semaphore;
use url::Url;

use super::answer::Message;
use super::card::{Card, CardFormat};
use super::response::Responder;
use super::shell::PRODUCT;
use super::status_color::STATUS_COLORS;
use super::view::View;
use canvas::{Canvas, Color, Style, Weight};

/// The path, in the syntax of actix-web.
pub const PATH: &str = "/agreements/{slug}/clauses/{number}/share.png";
/// The width in pixels that previews expect.
pub const WIDTH: u16 = 1200;
/// The height in pixels that previews expect.
pub const HEIGHT: u16 = 630;

const FILE: &str = "share.png";
const BACKGROUND: Color = Color([0xff, 0xff, 0xff]);
const TEXT: Color = Color([0x14, 0x20, 0x2b]);
const MUTED: Color = Color([0x56, 0x61, 0x6c]);
/// The permits to draw an image. Drawing uses a thread of the pool that queries need, so only two images are drawn at once.
static DRAWING: Semaphore = Semaphore::const_new(2);
/// The maximum time for which a request waits while the server draws other images.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The number of seconds after which a client may repeat a request for an image that could not be drawn in time.
const RETRY_AFTER: u64 = 10;
/// The left edge of all texts, in pixels.
const LEFT: f32 = 88.0;
/// The maximum width of a line, in pixels.
const LINE: f32 = 1040.0;

const FORMAT: CardFormat = CardFormat {
    media_type: "image/png",
    address: |card, site| file(site.clause(&card.slug, &card.number)),
    message_type: "text/plain; charset=utf-8",
    message: |message, _| format!("{}\n", message.text),
};

/// The address of the image of a clause. `clause` is the address of the clause. The result always contains the day,
/// because sites that show previews keep images for a long time.
pub fn address(clause: &Url, view: &View) -> Url {
    let mut url = file(clause.clone());
    url.query_pairs_mut().append_pair("asOf", &view.day());
    if let Some(held_by) = &view.held_by {
        url.query_pairs_mut().append_pair("heldBy", held_by);
    }
    url
}

/// The address of the image, without parameters. `clause` is the address of the clause.
fn file(mut clause: Url) -> Url {
    // An HTTP address always has segments.
    if let Ok(mut path) = clause.path_segments_mut() {
        path.push(FILE);
    }
    clause
}

/// Handles GET and HEAD.
pub async fn get(request: HttpRequest) -> HttpResponse {
    let Some(responder) = Responder::of(&request) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = respond(&request, &responder).await;
    responder.insert_cache_headers(&mut response);
    response
}

async fn respond(request: &HttpRequest, responder: &Responder<'_>) -> HttpResponse {
    let (card, mut response) = match FORMAT.read(request, responder).await {
        Ok(card_and_response) => card_and_response,
        Err(response) => return response,
    };
    if request.method() == Method::HEAD {
        // Without `Content-Length`, because the length is unknown until the image is drawn.
        return response.body(body::None::new());
    }
    // The wait is asynchronous, so it blocks no thread that queries need.
    let permit = tokio::time::timeout(MAX_WAIT, DRAWING.acquire()).await;
    let Ok(Ok(permit)) = permit else {
        let message = Message {
            status: StatusCode::SERVICE_UNAVAILABLE,
            title: None,
            text: "The server is drawing other images. Try again later.".to_owned(),
            is_indexed: false,
            retry_after: Some(RETRY_AFTER),
            list_start: None,
        };
        return FORMAT.respond_with_message(&message, &responder.site);
    };
    // The permit is held until the image has been drawn, even if the client has disconnected.
    let drawing = web::block(move || {
        let _permit = permit;
        draw(&card)
    });
    let Ok(Some(image)) = drawing.await else {
        tracing::error!("the image of a clause cannot be drawn");
        return HttpResponse::InternalServerError().finish();
    };
    response.body(image)
}

/// Draws the card as a PNG file. None if a font or the file is invalid.
fn draw(card: &Card) -> Option<Vec<u8>> {
    let color = STATUS_COLORS
        .iter()
        .find(|color| color.status == card.status)
        .or(STATUS_COLORS.last())
        .and_then(|color| Color::parse(color.light))
        .unwrap_or(MUTED);
    let mut canvas = Canvas::new(WIDTH, HEIGHT, BACKGROUND)?;
    canvas.fill((0.0, 0.0), (32.0, f32::from(HEIGHT)), color);
    canvas.line((LEFT, 52.0), bold(34.0, MUTED), &card.reference, LINE);
    canvas.line((LEFT, 94.0), regular(34.0, MUTED), &card.agreement, LINE);
    canvas.lines((LEFT, 146.0), bold(66.0, TEXT), &card.heading, LINE, 3);
    canvas.fill((LEFT, 416.0), (48.0, 48.0), color);
    canvas.line((LEFT + 72.0, 402.0), bold(68.0, TEXT), &card.verdict, LINE - 72.0);
    let since = card.since.as_ref().map(|since| format!("since {since}"));
    let facts: Vec<&str> =
        since.as_deref().into_iter().chain(card.remarks.iter().copied()).collect();
    canvas.line((LEFT + 72.0, 474.0), regular(46.0, TEXT), &facts.join(" · "), LINE - 72.0);
    let site = card.page.host_str().unwrap_or_default();
    let context = format!("{PRODUCT} · {} as of {} · {site}", card.viewpoint, card.day);
    canvas.line((LEFT, 556.0), regular(34.0, MUTED), &context, LINE);
    canvas.png()
}

fn regular(size: f32, color: Color) -> Style {
    Style { weight: Weight::Regular, size, color }
}

fn bold(size: f32, color: Color) -> Style {
    Style { weight: Weight::Bold, size, color }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_and_unknown_scripts_fit_into_the_image() {
        let card = Card {
            slug: "x".to_owned(),
            agreement: "Комплекс мер по выполнению Минских соглашений ".repeat(9),
            number: "1".to_owned(),
            reference: "Ω".repeat(300),
            heading: "שלום 🕊 ".repeat(60),
            status: "SOMETHING".to_owned(),
            verdict: String::new(),
            since: None,
            remarks: vec!["overdue"],
            viewpoint: "neutral record".to_owned(),
            day: "1 Jan 2020".to_owned(),
            page: Url::parse("https://example.org/").unwrap(),
        };
        let image = draw(&card).unwrap();
        assert!(image.starts_with(b"\x89PNG") && image.len() < 200_000, "{}", image.len());
    }

    #[test]
    fn address_contains_the_day_and_the_viewpoint() {
        let clause = Url::parse("https://example.org/agreements/a/clauses/4%2Fa").unwrap();
        let view = View::parse("asOf=2015-02-12&heldBy=ukraine", false).unwrap();
        let expected = "https://example.org/agreements/a/clauses/4%2Fa/share.png?asOf=2015-02-12&heldBy=ukraine";
        assert_eq!(address(&clause, &view).as_str(), expected);
    }
}
