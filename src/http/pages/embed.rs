//! The card of a clause for pages of other sites, at `/embed/agreements/SLUG/clauses/NUMBER`.
//!
//! Every site may show the card in a frame. The card needs no JavaScript, loads nothing, and neither reads nor sets cookies.

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};
use url::Url;

use super::answer::Message;
use super::card::{Card, CardFormat};
use super::response::Responder;
use super::shell::PRODUCT;
use super::site::Site;
use super::status_color::{STATUS_COLORS, class};
use crate::http::request_context::MayBeFramed;

/// The path, in the syntax of actix-web.
pub const PATH: &str = "/embed/agreements/{slug}/clauses/{number}";

const FORMAT: CardFormat = CardFormat {
    media_type: "text/html; charset=utf-8",
    address: |card, site| site.page(&["embed", "agreements", &card.slug, "clauses", &card.number]),
    message_type: "text/html; charset=utf-8",
    message: message_page,
};

/// The style sheet, with the colours of the statuses.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    let mut style = include_str!("embed.css").to_owned();
    for color in &STATUS_COLORS {
        let (class, light, dark) = (color.class(), color.light, color.dark);
        // Writing to a string cannot fail.
        let _ = writeln!(style, ".{class} {{ --status: light-dark({light}, {dark}); }}");
    }
    style
});

/// The content security policy: only the style sheet in the page is applied, and every site may show the page in a frame.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors *"
    )
});

/// Handles GET and HEAD.
pub async fn get(request: HttpRequest) -> HttpResponse {
    let Some(responder) = Responder::of(&request) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = respond(&request, &responder).await;
    response.extensions_mut().insert(MayBeFramed);
    responder.insert_cache_headers(&mut response);
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn respond(request: &HttpRequest, responder: &Responder<'_>) -> HttpResponse {
    match FORMAT.read(request, responder).await {
        Ok((card, mut response)) => {
            let title = format!("{}: {}", card.reference, card.heading);
            response.body(document(&title, &class(&card.status), &body(&card)))
        }
        Err(response) => response,
    }
}

/// The page with a message instead of the card.
fn message_page(message: &Message, site: &Site) -> String {
    let title = message.title.unwrap_or(PRODUCT);
    let text = html! {
        h1 { (title) }
        p dir="auto" { (message.text) }
        p { (outside_link(site.base(), PRODUCT)) }
    };
    document(title, "", &text)
}

/// The whole page. `class` is the CSS class that sets the colour of the status.
fn document(title: &str, class: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) @if title != PRODUCT { " · " (PRODUCT) } }
                style { (PreEscaped(STYLE.as_str())) }
            }
            body { main class=(class) { (body) } }
        }
    };
    page.into_string()
}

fn body(card: &Card) -> Markup {
    html! {
        p.muted dir="auto" { (card.reference) " · " (card.agreement) }
        h1 { (outside_link(&card.page, &card.heading)) }
        p {
            span.mark aria-hidden="true" {}
            strong dir="auto" { (card.verdict) }
            @if let Some(since) = &card.since { " since " (since) }
            @for remark in &card.remarks { " · " (remark) }
        }
        p.muted {
            span dir="auto" { "According to the " (card.viewpoint) } ", as of " (card.day) ". "
            (outside_link(&card.page, PRODUCT))
        }
    }
}

/// A link that opens in a new tab, because other sites may not show the page of the clause in a frame.
fn outside_link(url: &Url, text: &str) -> Markup {
    html! { a href=(url) target="_blank" rel="noopener" dir="auto" { (text) } }
}
