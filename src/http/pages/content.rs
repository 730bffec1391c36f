//! Page definitions ([`PageText`]), and the content of one response ([`Content`]).

use actix_web::HttpRequest;
use maud::Markup;
use serde_json::Value as Json;
use url::Url;

use super::site::Site;
use super::view::View;

/// The text of a page of the web app.
pub struct PageText {
    /// The path, as in the list of pages that the build of `web/` generates.
    pub path: &'static str,
    /// The source of the text.
    pub source: TextSource,
}

/// The source of the text of a page.
pub enum TextSource {
    /// A page that needs JavaScript. It has only a title.
    Title {
        title: &'static str,
        description: &'static str,
        /// Whether search engines may list the page.
        is_indexed: bool,
    },
    /// A page that shows the result of a GraphQL document.
    Document {
        /// The id of the trusted document.
        id: &'static str,
        /// The document.
        text: &'static str,
        /// Whether the parameters `from` and `to` of the address are days.
        has_period: bool,
        /// The variables of the document.
        variables: fn(&PageRequest<'_>) -> Json,
        /// Builds the content from the data of the result.
        content: fn(&[u8], &PageRequest<'_>) -> Result<PageOutcome, serde_json::Error>,
    },
}

/// A query for a page, or for another representation of its record, such as a card.
pub struct PageQuery<T> {
    /// The id of the trusted document.
    pub id: &'static str,
    /// Whether the parameters `from` and `to` of the address are days.
    pub has_period: bool,
    /// The variables of the document.
    pub variables: fn(&PageRequest<'_>) -> Json,
    /// Builds the content from the data of the result.
    pub content: fn(&[u8], &PageRequest<'_>) -> Result<PageOutcome<T>, serde_json::Error>,
}

/// A request for a page, with its parsed view.
pub struct PageRequest<'a> {
    pub site: &'a Site,
    pub view: &'a View,
    pub request: &'a HttpRequest,
}

impl PageRequest<'_> {
    /// A parameter of the path, percent-decoded. Empty if the path has no such parameter.
    pub fn parameter(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// Adds the day and the viewpoint of this page to the address of another page.
    pub fn link(&self, mut url: Url) -> Url {
        if let Some(day) = self.view.as_of {
            url.query_pairs_mut().append_pair("asOf", &day.to_string());
        }
        if let Some(held_by) = &self.view.held_by {
            url.query_pairs_mut().append_pair("heldBy", held_by);
        }
        url
    }
}

/// The result of a page's document.
pub enum PageOutcome<T = Content> {
    /// The content of the page.
    Found(Box<T>),
    /// The record has another address.
    Moved(Url),
    /// The record does not exist, or it is archived.
    NotFound,
}

/// The content of a page, for readers and machines.
pub struct Content {
    /// The heading. The title of the document adds the name of the product.
    pub title: String,
    /// One or two sentences for search engines and previews.
    pub description: String,
    /// The address without parameters.
    pub address: Url,
    /// The pages above this one: names and addresses, topmost first.
    pub trail: Vec<(String, Url)>,
    /// The content below the heading of the page.
    pub body: Markup,
    /// The record in the vocabulary of schema.org, as JSON-LD.
    pub thing: Json,
    /// The image for previews.
    pub image: Option<PreviewImage>,
    /// The record in another format.
    pub alternate: Option<Alternate>,
}

/// The image that previews of a page show.
pub struct PreviewImage {
    /// The public address of a PNG file.
    pub address: Url,
    /// The width and the height in pixels.
    pub size: (u16, u16),
    /// The content of the image in words.
    pub description: String,
}

/// The address of a record in another format.
pub struct Alternate {
    pub media_type: &'static str,
    pub address: Url,
}
