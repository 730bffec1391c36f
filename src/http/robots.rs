//! `/robots.txt`: the pages that search engines may read.

use std::fmt::Write as _;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::methods::{get_or_head, read_only};
use super::origin::Origins;
use crate::graphql::Executor;

/// Paths that search engines must not crawl: forms, the sign-in, the API, exports, feeds, and cards for other sites. The
/// pages contain the same records.
const DISALLOWED: [&str; 9] =
    ["new/", "edit/", "sign-in", "tokens", "session", "graphql", "export/", "feeds/", "embed/"];

/// Registers `/robots.txt`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only("/robots.txt").route(get_or_head().to(robots)));
}

async fn robots(
    request: HttpRequest,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let mut text = "User-agent: *\n".to_owned();
    if executor.is_private() {
        text.push_str("Disallow: /\n");
    } else {
        for path in DISALLOWED {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "Disallow: {}{path}", origins.base_path());
        }
        if let Some(base) = origins.base_url(&request) {
            let _ = writeln!(text, "\nSitemap: {base}sitemap.xml");
        }
    }
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .content_type("text/plain; charset=utf-8")
        .body(text)
}
