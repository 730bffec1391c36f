//! The HTTP responses with pages: the text of a page inside `index.html`, and its headers.

use actix_web::http::header::{self, ETag, EntityTag, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use maud::{Markup, html};
use url::Url;

use super::answer::{Answer, Message};
use super::content::Rows;
use super::json_ld;
use super::shell::{self, NavigationLink};
use super::site::Site;
use crate::graphql::Executor;
use crate::http::assets::{self, has_tag};
use crate::http::entity_tag::{response_tag, short_hash};
use crate::limits::Limits;

/// The content security policy of the web app. The app may only load its own bundle and send requests to this server.
pub const APP_POLICY: &str = concat!(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; ",
    // The app draws a chart as a `data:` image before it saves the chart as a PNG file.
    "img-src 'self' data:; ",
    // `/graphql` and `/session`.
    "connect-src 'self'; ",
    // The search box is a form.
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The `Cache-Control` of pages. A new version of a page has the same address, so browsers must revalidate it.
pub const PAGE_CACHE_CONTROL: &str = "no-cache";
/// The `Cache-Control` of the pages of a private server: shared caches must not store them.
const PRIVATE_CACHE_CONTROL: &str = "private, no-cache";

/// The text for readers who have no access to a private server.
pub const TOKEN_MISSING: &str =
    "This server is private. Send an access token, as `Authorization: Bearer cwt_…`.";

/// Writes the responses to one request for a page.
pub struct Responder<'a> {
    request: &'a HttpRequest,
    pub site: Site,
    /// `index.html`, with the path of the server inserted.
    index: String,
    /// A hash of everything that a page depends on, except the data: the web app, the public address, whether the server is
    /// private, the maximum size of a request, and the version.
    pub hash: String,
    is_private: bool,
    /// The maximum size of the body of a request in bytes. The web app checks files before it sends them, because a browser may
    /// not receive the response to a request that is rejected while it is sent.
    max_body: Option<usize>,
}

impl<'a> Responder<'a> {
    /// The responder for a request. None if the web app was not built, or if the host of the request is invalid.
    pub fn of(request: &'a HttpRequest) -> Option<Self> {
        let site = Site::of(request)?;
        let (index, hash) = assets::page("index.html", site.base().path())?;
        let is_private =
            request.app_data::<Data<Executor>>().is_some_and(|executor| executor.is_private());
        let max_body = request.app_data::<Data<Limits>>().map(|limits| limits.max_body);
        let hash = short_hash(&format!(
            "{hash} {} {is_private} {max_body:?} {}",
            site.base(),
            env!("CARGO_PKG_VERSION")
        ));
        Some(Self { request, site, index, hash, is_private, max_body })
    }

    /// The response to a request for the page with this path.
    pub fn respond(
        &self,
        answer: Answer,
        path: &str,
        navigation: &[NavigationLink<'_>],
    ) -> HttpResponse {
        let mut response = match answer {
            Answer::Text { mut content, tag, rows } => {
                content.title.push_str(rows.title_suffix());
                let has_first_rows = rows == Rows::First;
                // Search engines list only the page with the first rows, but also follow the links of the pages with
                // other rows. Those pages have no canonical address. It would state that they have the same content as
                // the page with the first rows.
                let canonical = has_first_rows.then_some(&content.address);
                let is_indexed = has_first_rows && !self.is_private;
                let head = shell::head(&content, canonical, &self.site, is_indexed);
                let body = shell::body(
                    &content.title,
                    &content.trail,
                    &content.body,
                    &self.site,
                    navigation,
                    path,
                );
                self.page(HttpResponse::Ok(), &head, &body, tag)
            }
            Answer::NotModified { tag } => {
                let mut builder = HttpResponse::NotModified();
                builder.insert_header((header::ETAG, response_tag(&tag, &self.hash)));
                builder.finish()
            }
            Answer::Moved(url) => self.redirect(url),
            Answer::Denied => {
                // The web app asks the reader to sign in.
                return self.respond_with_message(&Message::app_only(), path, navigation);
            }
            Answer::Message(message) => {
                return self.respond_with_message(&message, path, navigation);
            }
        };
        self.insert_headers(&mut response);
        response
    }

    pub fn respond_with_message(
        &self,
        message: &Message,
        path: &str,
        navigation: &[NavigationLink<'_>],
    ) -> HttpResponse {
        let title = message.title.unwrap_or(shell::PRODUCT);
        let is_indexed = message.is_indexed && !self.is_private;
        let mut head = shell::title_and_description(title, &message.text, is_indexed);
        if message.status.is_success() {
            let address = self.site.path(self.request.path());
            let data = json_ld::page(&address, title, &message.text, &self.site);
            head = html! { (head) (shell::data_block(&data)) };
        }
        let text = message.body(&self.site);
        let body = shell::body(title, &[], &text, &self.site, navigation, path);
        let mut builder = HttpResponse::build(message.status);
        if let Some(seconds) = message.retry_after {
            builder.insert_header((header::RETRY_AFTER, seconds));
        }
        let mut response = self.page(builder, &head, &body, None);
        self.insert_headers(&mut response);
        response
    }

    /// A response with the page. If the data has no entity tag, the tag of a successful page is a hash of the page.
    fn page(
        &self,
        mut builder: HttpResponseBuilder,
        head: &Markup,
        body: &Markup,
        data_tag: Option<String>,
    ) -> HttpResponse {
        let head = html! {
            (head)
            @if let Some(bytes) = self.max_body { meta name="max-body" content=(bytes); }
        };
        let document = shell::document(&self.index, &head, body);
        let response = builder.content_type("text/html; charset=utf-8");
        if let Some(tag) = data_tag {
            return response
                .insert_header((header::ETAG, response_tag(&tag, &self.hash)))
                .body(document);
        }
        let response = response.body(document.clone());
        if !response.status().is_success() {
            return response;
        }
        // Weak, because the page may be sent compressed.
        let tag = EntityTag::new_weak(short_hash(&document));
        if has_tag(self.request, &tag) {
            return HttpResponse::NotModified().insert_header(ETag(tag)).finish();
        }
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header(ETag(tag))
            .body(document)
    }

    /// A redirection to the current address of a record. Keeps the parameters of the request.
    pub fn redirect(&self, mut url: Url) -> HttpResponse {
        let query = self.request.query_string();
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        HttpResponse::MovedPermanently().insert_header((header::LOCATION, url.as_str())).finish()
    }

    fn insert_headers(&self, response: &mut HttpResponse) {
        self.insert_cache_headers(response);
        let policy = HeaderValue::from_static(APP_POLICY);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }

    /// Sets the headers for caches.
    pub fn insert_cache_headers(&self, response: &mut HttpResponse) {
        let (control, vary) = if self.is_private {
            (PRIVATE_CACHE_CONTROL, "Accept-Encoding, Authorization, Cookie")
        } else {
            (PAGE_CACHE_CONTROL, "Accept-Encoding")
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
        headers.insert(header::VARY, HeaderValue::from_static(vary));
    }
}
