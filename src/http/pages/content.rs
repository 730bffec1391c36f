//! Page definitions ([`PageText`]), and the content of one response ([`Content`]).

use actix_web::HttpRequest;
use maud::Markup;
use serde_json::Value as Json;
use url::{Url, form_urlencoded};

use super::site::Site;
use super::view::View;

/// The parameter of the address with which a page shows all rows of the lists that have no cursors: `rows=all`.
const ROWS: &str = "rows";

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
        /// The variables with the cursors of the lists that continue on further pages, such as `eventsBefore`. The address
        /// has parameters of the same names.
        cursors: &'static [&'static str],
        /// The other variables of the document.
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
    /// The variables with cursors, which are parameters of the address.
    pub cursors: &'static [&'static str],
    /// The other variables of the document.
    pub variables: fn(&PageRequest<'_>) -> Json,
    /// Builds the content from the data of the result.
    pub content: fn(&[u8], &PageRequest<'_>) -> Result<PageOutcome<T>, serde_json::Error>,
}

/// A request for a page, with its parsed view.
pub struct PageRequest<'a> {
    pub site: &'a Site,
    pub view: &'a View,
    pub request: &'a HttpRequest,
    /// The id of the page's document.
    pub document: &'static str,
    /// The variables with cursors, which are parameters of the address.
    pub cursors: &'static [&'static str],
    /// The other variables of the document.
    pub variables: fn(&PageRequest<'_>) -> Json,
}

/// Which rows of its lists a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The first rows of each list.
    First,
    /// Later rows of at least one list.
    Later,
    /// All rows of the lists that have no cursors.
    All,
}

impl Rows {
    /// The text that is added to the page's title.
    pub fn title_suffix(self) -> &'static str {
        match self {
            Self::First => "",
            Self::Later => " (continued)",
            Self::All => " (all rows)",
        }
    }
}

impl PageRequest<'_> {
    /// A parameter of the path, percent-decoded. Empty if the path has no such parameter.
    pub fn parameter(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// The cursor in a parameter of the address. `None` if the list starts at its first row.
    pub fn cursor(&self, name: &str) -> Option<String> {
        self.query_value(name)
    }

    /// The rows that the page shows.
    pub fn rows(&self) -> Rows {
        if self.cursors.iter().any(|name| self.cursor(name).is_some()) {
            Rows::Later
        } else if self.shows_all_rows() {
            Rows::All
        } else {
            Rows::First
        }
    }

    /// Whether the page shows all rows of the lists that have no cursors.
    pub fn shows_all_rows(&self) -> bool {
        self.query_value(ROWS).as_deref() == Some("all")
    }

    /// All variables of the document, with the cursors in the address.
    pub fn document_variables(&self) -> Json {
        let cursors = self.cursors.iter().filter_map(|name| Some((*name, self.cursor(name)?)));
        self.variables_with(cursors)
    }

    /// The address of the API's response with the rows of a list after or before a cursor. `name` is the variable of
    /// the cursor.
    pub fn answer_at(&self, name: &str, cursor: &str) -> Url {
        self.site.answer(self.document, &self.variables_with([(name, cursor.to_owned())]))
    }

    fn variables_with<'c>(&self, cursors: impl IntoIterator<Item = (&'c str, String)>) -> Json {
        let mut variables = (self.variables)(self);
        if let Json::Object(fields) = &mut variables {
            for (name, cursor) in cursors {
                fields.insert(name.to_owned(), cursor.into());
            }
        }
        variables
    }

    /// The address of this page with the rows of a list at a cursor. `None` for the first rows.
    pub fn at_cursor(&self, name: &str, cursor: Option<&str>) -> Url {
        let mut url = self.with_parameter(name, cursor);
        // A page with several lists has a section for each, whose id is the name of the cursor.
        if self.cursors.len() > 1 {
            url.set_fragment(Some(name));
        }
        url
    }

    /// The address of this page with all rows of the lists that have no cursors.
    pub fn with_all_rows(&self) -> Url {
        self.with_parameter(ROWS, Some("all"))
    }

    /// The address of this page with another value of a parameter. Keeps the other parameters.
    fn with_parameter(&self, name: &str, value: Option<&str>) -> Url {
        let query = self.request.query_string().as_bytes();
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        parameters.extend_pairs(form_urlencoded::parse(query).filter(|(key, _)| key != name));
        if let Some(value) = value {
            parameters.append_pair(name, value);
        }
        let query = parameters.finish();
        let mut url = self.site.path(self.request.path());
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        url
    }

    /// The first value of a parameter of the address. `None` if it is missing or empty.
    fn query_value(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.request.query_string().as_bytes());
        let (_, value) = pairs.find(|(key, _)| key == name)?;
        Some(value.into_owned()).filter(|value| !value.is_empty())
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
    /// The record has a different address.
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
    /// The names and addresses of the pages above this page, topmost first.
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
