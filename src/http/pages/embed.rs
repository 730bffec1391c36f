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

use super::answer::{Answer, Message};
use super::card::{self, Card};
use super::response::{Responder, TOKEN_MISSING};
use super::shell::PRODUCT;
use super::status_color::{STATUS_COLORS, class};
use crate::http::entity_tag::response_tag;
use crate::http::request_context::MayBeFramed;

/// The path, in the syntax of actix-web.
pub const PATH: &str = "/embed/agreements/{slug}/clauses/{number}";

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
    match card::read(request, responder).await {
        Answer::Text { content: card, .. } if card.has_moved(request) => {
            responder.redirect(address(responder, &card))
        }
        Answer::Text { content: card, tag } => {
            let mut builder = HttpResponse::Ok();
            if let Some(tag) = tag {
                builder.insert_header((header::ETAG, response_tag(&tag, &responder.hash)));
            }
            let title = format!("{}: {}", card.reference, card.heading);
            let page = document(&title, &class(&card.status), &body(&card));
            builder.content_type("text/html; charset=utf-8").body(page)
        }
        Answer::NotModified { tag } => HttpResponse::NotModified()
            .insert_header((header::ETAG, response_tag(&tag, &responder.hash)))
            .finish(),
        Answer::Moved(url) => responder.redirect(url),
        Answer::Denied => {
            let text = html! { p { (TOKEN_MISSING) } };
            HttpResponse::Unauthorized()
                .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
                .content_type("text/html; charset=utf-8")
                .body(document(PRODUCT, "", &text))
        }
        Answer::Message(message) => respond_with_message(&message, responder),
    }
}

fn address(responder: &Responder<'_>, card: &Card) -> Url {
    responder.site.page(&["embed", "agreements", &card.slug, "clauses", &card.number])
}

fn respond_with_message(message: &Message, responder: &Responder<'_>) -> HttpResponse {
    let title = message.title.unwrap_or(PRODUCT);
    let text = html! {
        h1 { (title) }
        p dir="auto" { (message.text) }
        p { (outside_link(responder.site.base(), PRODUCT)) }
    };
    let mut builder = HttpResponse::build(message.error_status());
    if let Some(seconds) = message.retry_after {
        builder.insert_header((header::RETRY_AFTER, seconds));
    }
    builder.content_type("text/html; charset=utf-8").body(document(title, "", &text))
}

/// The whole page. `class` is the class of the status, which sets its colour.
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
            body { article class=(class) { (body) } }
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

/// A link that opens in a new tab, because the page of the clause cannot be shown in a frame.
fn outside_link(url: &Url, text: &str) -> Markup {
    html! { a href=(url) target="_blank" rel="noopener" dir="auto" { (text) } }
}
