//! `/sitemap.xml`: the addresses of all public pages, in the format of sitemaps.org, for search engines.
//!
//! A file contains at most 50,000 addresses. If there are more, `/sitemap.xml` is an index of files such as
//! `/sitemap/clauses-2.xml`. The addresses are read page by page and sent immediately, so little memory is needed.

mod kinds;

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::stream::{self, Stream, StreamExt};
use maud::{Markup, PreEscaped, html};
use serde_json::{Value as Json, json};
use url::Url;

use super::entity_tag::{response_tag, short_hash};
use super::error::HttpError;
use super::export::conditions;
use super::media::ResponseFormat;
use super::methods::{get_or_head, read_only};
use super::own_document::execute;
use super::pages::{self, Site};
use super::rate;
use crate::domain::viewer::Credential;
use crate::graphql::{Conditions, Executor, Response};
use kinds::{COUNTS, Counts, KINDS, Kind, Slice};

/// The maximum number of addresses in a file, according to the format.
const MAX_ADDRESSES: usize = 50_000;
/// The number of records that one query reads. It is the maximum page size of the API.
const PAGE_SIZE: usize = 200;
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The trusted documents of the sitemap, with ids and texts.
pub fn documents() -> Vec<(&'static str, &'static str)> {
    let mut documents = vec![COUNTS];
    documents.extend(KINDS.iter().map(|kind| (kind.id, kind.document)));
    documents
}

/// Registers `/sitemap.xml` and the files of the index.
pub fn configure(config: &mut web::ServiceConfig) {
    for (path, route) in [
        ("/sitemap.xml", get_or_head().to(whole)),
        ("/sitemap/{kind}-{number:[0-9]+}.xml", get_or_head().to(part)),
    ] {
        config.service(read_only(path).route(route).wrap(from_fn(rate::limit)));
    }
}

/// Responds with all addresses, or with an index of files.
async fn whole(request: HttpRequest, executor: web::Data<Executor>) -> HttpResponse {
    let (site, counts, tag) = match counts(&request, &executor).await {
        Ok(Some(counted)) => counted,
        Ok(None) => return not_found(),
        Err(response) => return response,
    };
    if is_known(&request, tag.as_deref()) {
        return not_modified(tag.as_deref());
    }
    let pages = pages::public_paths();
    if pages.len() + counts.total() <= MAX_ADDRESSES {
        let parts = KINDS.iter().map(|kind| Part { kind, skipped: 0, left: MAX_ADDRESSES });
        return respond(executor, site, pages, parts.collect(), tag.as_deref());
    }
    let index = html! {
        (PreEscaped(DECLARATION))
        sitemapindex xmlns=(NAMESPACE) {
            @for (name, number) in files(&counts) {
                sitemap { loc { (site.path(&format!("/sitemap/{name}-{number}.xml"))) } }
            }
        }
    };
    response(tag.as_deref()).body(index.into_string())
}

/// Responds with a file of the index: the addresses of one kind of record, or of the pages that are not pages of
/// records.
async fn part(
    request: HttpRequest,
    path: web::Path<(String, usize)>,
    executor: web::Data<Executor>,
) -> HttpResponse {
    let (site, counts, tag) = match counts(&request, &executor).await {
        Ok(Some(counted)) => counted,
        Ok(None) => return not_found(),
        Err(response) => return response,
    };
    let (name, number) = path.into_inner();
    if !files(&counts).any(|file| file == (name.as_str(), number)) {
        return not_found();
    }
    if is_known(&request, tag.as_deref()) {
        return not_modified(tag.as_deref());
    }
    match KINDS.iter().find(|kind| kind.name == name) {
        Some(kind) => {
            let part = Part { kind, skipped: (number - 1) * MAX_ADDRESSES, left: MAX_ADDRESSES };
            respond(executor, site, Vec::new(), vec![part], tag.as_deref())
        }
        None => respond(executor, site, pages::public_paths(), Vec::new(), tag.as_deref()),
    }
}

/// The name and the number of each file of the index, such as `clauses` and 2.
fn files(counts: &Counts) -> impl Iterator<Item = (&'static str, usize)> {
    let of_kinds = KINDS.iter().flat_map(|kind| {
        let files = counts.of(kind.name).div_ceil(MAX_ADDRESSES);
        (1..=files).map(|number| (kind.name, number))
    });
    std::iter::once(("pages", 1)).chain(of_kinds)
}

/// The records of one kind for a file: skips `skipped` records, and then returns at most `left` records.
struct Part {
    kind: &'static Kind,
    skipped: usize,
    left: usize,
}

/// The number of records of each kind, and the entity tag that all files share. None on a private server, or if the host
/// of the request is invalid.
async fn counts(
    request: &HttpRequest,
    executor: &Executor,
) -> Result<Option<(Site, Counts, Option<String>)>, HttpResponse> {
    let Some(site) = Site::of(request).filter(|_| !executor.is_private()) else {
        return Ok(None);
    };
    let response =
        execute(executor, COUNTS.0, Json::Null, &Credential::None, Conditions::default()).await;
    let unavailable = |response: &Response| {
        let error = response.errors.first().map(|error| HttpError::from(&error.error));
        error.map_or_else(not_found, |error| error.respond(ResponseFormat::Json))
    };
    if !response.is_ok() {
        return Err(unavailable(&response));
    }
    let suffix = short_hash(&format!("{} {}", site.base(), env!("CARGO_PKG_VERSION")));
    let tag = response.freshness.entity_tag().map(|tag| response_tag(&tag, &suffix));
    match serde_json::from_slice(response.data().unwrap_or_default()) {
        Ok(counts) => Ok(Some((site, counts, tag))),
        Err(_) => Ok(None),
    }
}

/// Sends a file with these pages, followed by the records of the parts.
fn respond(
    executor: web::Data<Executor>,
    site: Site,
    pages: Vec<&'static str>,
    parts: Vec<Part>,
    tag: Option<&str>,
) -> HttpResponse {
    let start = html! {
        @for path in pages { url { loc { (site.path(path)) } } }
    };
    let start = format!("{DECLARATION}<urlset xmlns=\"{NAMESPACE}\">{}", start.into_string());
    let records =
        stream::iter(parts).flat_map(move |part| records(executor.clone(), site.clone(), part));
    let whole = stream::iter([Ok(Bytes::from(start))])
        .chain(records)
        .chain(stream::iter([Ok(Bytes::from_static(b"</urlset>\n"))]));
    response(tag).streaming(Box::pin(whole))
}

/// Reads the addresses of a part, one query at a time. An error ends the response early, so that clients notice that
/// the file is incomplete.
fn records(
    executor: web::Data<Executor>,
    site: Site,
    part: Part,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    let start = Some((part, None::<String>));
    stream::unfold(start, move |state| {
        let (executor, site) = (executor.clone(), site.clone());
        async move {
            let (mut part, after) = state?;
            let variables = json!({ "first": PAGE_SIZE, "after": after });
            let (viewer, conditions) = (Credential::None, Conditions::default());
            let response = execute(&executor, part.kind.id, variables, &viewer, conditions).await;
            let slice = serde_json::from_slice::<Slice>(response.data().unwrap_or_default());
            let Ok(Slice { list }) = slice else {
                return Some((Err(std::io::Error::other("the records cannot be read")), None));
            };
            let mut text = String::new();
            for record in &list.nodes {
                if part.skipped > 0 {
                    part.skipped -= 1;
                } else if part.left > 0 {
                    part.left -= 1;
                    if let Some(url) = (part.kind.address)(record, &site) {
                        text.push_str(&entry(&url, record.changed_at.as_deref()).0);
                    }
                }
            }
            let is_last = part.left == 0 || !list.page_info.has_next_page;
            let next = if is_last { None } else { Some((part, list.page_info.end_cursor)) };
            Some((Ok(Bytes::from(text)), next))
        }
    })
}

fn entry(url: &Url, changed_at: Option<&str>) -> Markup {
    html! {
        url {
            loc { (url) }
            @if let Some(time) = changed_at { lastmod { (time) } }
        }
    }
}

fn is_known(request: &HttpRequest, tag: Option<&str>) -> bool {
    tag.is_some_and(|tag| conditions(request).has(tag))
}

fn response(tag: Option<&str>) -> HttpResponseBuilder {
    let mut builder = HttpResponse::Ok();
    insert_headers(&mut builder, tag);
    builder.content_type("application/xml; charset=utf-8");
    builder
}

fn not_modified(tag: Option<&str>) -> HttpResponse {
    let mut builder = HttpResponse::NotModified();
    insert_headers(&mut builder, tag);
    builder.finish()
}

fn insert_headers(builder: &mut HttpResponseBuilder, tag: Option<&str>) {
    builder.insert_header((header::CACHE_CONTROL, "public, no-cache"));
    if let Some(tag) = tag {
        builder.insert_header((header::ETAG, tag));
    }
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("There is no such sitemap.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_has_a_file_for_each_50000_records() {
        let counts: Counts = serde_json::from_value(json!({
            "agreements": { "totalCount": 1 },
            "clauses": { "totalCount": 100_001 },
            "proposals": { "totalCount": 0 },
            "events": { "totalCount": 50_000 },
            "sources": { "totalCount": 50_001 },
        }))
        .unwrap();
        let files: Vec<String> =
            files(&counts).map(|(name, number)| format!("{name}-{number}")).collect();
        let expected = [
            "pages-1",
            "agreements-1",
            "clauses-1",
            "clauses-2",
            "clauses-3",
            "events-1",
            "sources-1",
            "sources-2",
        ];
        assert_eq!(files, expected);
    }
}
