//! The response to a request for a page: the text of the page from the API, or a message. Every response contains the web
//! app, which can load the rest.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use maud::{Markup, html};
use url::Url;

use super::content::{
    AFTER, BEFORE, Content, PageOutcome, PageQuery, PageRequest, PageText, Rows, TextSource,
};
use super::site::{Site, href};
use super::view::View;
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::graphql::{Code, Conditions, Error, Executor, Response};
use crate::http::origin::{CookieUse, Origins};
use crate::http::rate::RateLimits;
use crate::http::{own_document, viewer};

/// The maximum time to wait for the text. After this time, the server responds with 503 and a message, and the web app
/// tries to load the record.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The number of seconds after which a client may repeat a request for a record that could not be read.
const RETRY_AFTER: u64 = 30;

/// The result of a request for a page.
pub enum Answer<T = Content> {
    /// The page with its text. `tag` is the entity tag of the data.
    Text { content: Box<T>, tag: Option<String>, rows: Rows },
    /// The client has the current page. `tag` is the entity tag of the data.
    NotModified { tag: String },
    /// The page has a different address. Contains that address without parameters.
    Moved(Url),
    /// The viewer may not read the record.
    Denied,
    /// A page with a message instead of a record.
    Message(Message),
}

/// The credentials that a request may use on a private server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// An access token, or the session cookie.
    TokenOrCookie,
    /// An access token only. Cookies are ignored, because pages of other sites show the response.
    TokenOnly,
}

/// The title and text of a page without a record, and the status code of the response.
pub struct Message {
    pub status: StatusCode,
    /// The title. If it is `None`, the title is the name of the product.
    pub title: Option<&'static str>,
    pub text: String,
    pub is_indexed: bool,
    /// The number of seconds after which the client may try again.
    pub retry_after: Option<u64>,
    /// The address of the same page with the first rows of its lists, if a cursor in the address is invalid.
    pub list_start: Option<Url>,
}

impl Message {
    fn new(status: StatusCode, title: Option<&'static str>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { status, title, text, is_indexed: false, retry_after: None, list_start: None }
    }

    /// A page for an unknown address. Its status code is 404.
    pub fn not_found() -> Self {
        let text = "Nothing exists at this address. Check the address for typing errors. \
                    If you followed a link, the record may have been renamed.";
        Self::new(StatusCode::NOT_FOUND, Some("Page not found"), text)
    }

    /// A page without a record. The web app loads the record.
    pub fn app_only() -> Self {
        let text = "The status of treaty clauses, with dates and evidence.";
        Self { is_indexed: true, ..Self::new(StatusCode::OK, None, text) }
    }

    /// A page whose record cannot be read at the moment. The web app tries again, and search engines request the page again
    /// later.
    fn unavailable() -> Self {
        let text = "The record cannot be read at the moment. Try again later.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let message = Self::new(status, Some("This could not be loaded"), text);
        Self { retry_after: Some(RETRY_AFTER), ..message }
    }

    /// The status code if this message replaces a card or an image. Never a success: 200 becomes 503.
    pub fn error_status(&self) -> StatusCode {
        if self.status.is_success() { StatusCode::SERVICE_UNAVAILABLE } else { self.status }
    }

    /// The content below the heading of the page.
    pub fn body(&self, site: &Site) -> Markup {
        html! {
            p dir="auto" { (self.text) }
            @if let Some(list_start) = &self.list_start {
                p { a href=(href(list_start)) { "Start of the list" } }
            }
            @if !self.status.is_success() {
                p { a href=(href(site.base())) { "Go to the overview" } }
            }
        }
    }
}

/// Handles a request for a page. `known_tags` are the entity tags of data that the client has.
pub async fn answer(
    request: &HttpRequest,
    site: &Site,
    text: &PageText,
    known_tags: Option<String>,
) -> Answer {
    match &text.source {
        TextSource::Title { title, description, is_indexed } => {
            let message = Message::new(StatusCode::OK, Some(title), *description);
            Answer::Message(Message { is_indexed: *is_indexed, ..message })
        }
        TextSource::Document {
            id, has_period, cursors, has_all_rows, variables, content, ..
        } => {
            let query = PageQuery {
                id,
                has_period: *has_period,
                cursors,
                has_all_rows: *has_all_rows,
                variables: *variables,
                content: *content,
            };
            run(request, site, &query, known_tags, Accepted::TokenOrCookie).await
        }
    }
}

/// Runs the query of a page. `known_tags` are the entity tags of data that the client has.
pub async fn run<T>(
    request: &HttpRequest,
    site: &Site,
    query: &PageQuery<T>,
    known_tags: Option<String>,
    accepted: Accepted,
) -> Answer<T> {
    let view = match View::parse(request.query_string(), query.has_period) {
        Ok(view) => view,
        Err(message) => return invalid_view(message),
    };
    let Some(executor) = request.app_data::<Data<Executor>>() else {
        return Answer::Message(Message::app_only());
    };
    if let Some(Err(seconds)) = request
        .app_data::<Data<RateLimits>>()
        .map(|limits| limits.admit(request, executor.metrics()))
    {
        let text = format!("There are too many requests. Try again in {seconds} s.");
        let message = Message::new(StatusCode::TOO_MANY_REQUESTS, Some("Too many requests"), text);
        return Answer::Message(Message { retry_after: Some(seconds), ..message });
    }
    let page = PageRequest::new(request, site, &view, query);
    let conditions = Conditions { min_position: None, if_none_match: known_tags };
    let credential = credential(request, executor, accepted);
    let variables = page.document_variables();
    let executing = own_document::execute(executor, query.id, variables, &credential, conditions);
    let Ok(response) = tokio::time::timeout(MAX_WAIT, executing).await else {
        return Answer::Message(Message::unavailable());
    };
    if response.freshness.is_not_modified
        && let Some(tag) = response.freshness.entity_tag()
    {
        return Answer::NotModified { tag };
    }
    if !response.is_ok() {
        return failure(&response, &page);
    }
    match (query.content)(response.data().unwrap_or_default(), &page) {
        Ok(PageOutcome::Found(content)) => {
            Answer::Text { content, tag: response.freshness.entity_tag(), rows: page.rows() }
        }
        Ok(PageOutcome::Moved(url)) => Answer::Moved(url),
        Ok(PageOutcome::NotFound) => Answer::Message(Message::not_found()),
        Err(error) => {
            tracing::error!(%error, document = query.id, "the data of a page has an unexpected form");
            Answer::Message(Message::app_only())
        }
    }
}

/// The credential for the request to the API. A public server uses no credential, so the page is the same for all
/// readers and can be cached. An invalid credential is ignored.
fn credential(request: &HttpRequest, executor: &Executor, accepted: Accepted) -> Credential {
    let Some(origins) = request.app_data::<Data<Origins>>().filter(|_| executor.is_private())
    else {
        return Credential::None;
    };
    let credential = match accepted {
        Accepted::TokenOrCookie => viewer::credential(request, origins, CookieUse::Read),
        Accepted::TokenOnly => {
            viewer::token(request).map(|token| token.unwrap_or(Credential::None))
        }
    };
    credential.unwrap_or(Credential::None)
}

/// The result for a response of the API with errors.
fn failure<T>(response: &Response, page: &PageRequest<'_>) -> Answer<T> {
    if response.has_code(&[Code::Unavailable, Code::Timeout, Code::Internal]) {
        return Answer::Message(Message::unavailable());
    }
    let argument_error = response
        .errors
        .iter()
        .map(|error| &error.error)
        .find(|error| matches!(error.code, Code::BadUserInput | Code::StaleCursor));
    if let Some(error) = argument_error {
        return invalid_argument(error, page);
    }
    if response.has_code(&[Code::Unauthenticated, Code::Forbidden]) {
        return Answer::Denied;
    }
    // Another error, such as a limit that is too low for this page. The web app loads the record with its own queries.
    Answer::Message(Message::app_only())
}

/// The result if the API rejects an argument. The pages send only valid days. So the argument is a cursor, the party that
/// holds the view, or the id in the path.
fn invalid_argument<T>(error: &Error, page: &PageRequest<'_>) -> Answer<T> {
    let rejected = page.cursors().iter().find(|(_, cursor)| rejects_cursor(error, cursor));
    if let Some((name, cursor)) = rejected {
        return invalid_cursor(name, cursor, page);
    }
    if error.message.starts_with("`heldBy: ") {
        return invalid_view(error.message.clone());
    }
    Answer::Message(Message::not_found())
}

/// Whether an error of the API is about this cursor. The API names the argument and its value at the start of the message.
fn rejects_cursor(error: &Error, cursor: &str) -> bool {
    let names_cursor =
        |argument: &&str| error.message.starts_with(&format!("`{argument}: {}`", quote(cursor)));
    error.code == Code::StaleCursor || [AFTER, BEFORE].iter().any(names_cursor)
}

/// The result for an invalid cursor. `name` is the parameter of the address.
fn invalid_cursor<T>(name: &'static str, cursor: &str, page: &PageRequest<'_>) -> Answer<T> {
    let text = format!(
        "The parameter `{name}` of this address is invalid: {} is not a cursor of this list.",
        quote(cursor)
    );
    let message = Message::new(StatusCode::BAD_REQUEST, Some("Invalid address"), text);
    Answer::Message(Message { list_start: Some(page.at_cursor(name, None)), ..message })
}

fn invalid_view<T>(message: String) -> Answer<T> {
    let title = Some("Invalid date or unknown party");
    Answer::Message(Message::new(StatusCode::BAD_REQUEST, title, message))
}
