//! Page definitions ([`PageText`]), and the content of one response ([`Content`]).

use actix_web::HttpRequest;
use maud::Markup;
use serde_json::Value as Json;
use url::{Url, form_urlencoded};

use super::site::Site;
use super::view::View;

/// The parameters with the cursors of the list, on a page that has one list.
pub const AFTER: &str = "after";
pub const BEFORE: &str = "before";
/// The address parameter for showing all rows of those lists that have no cursors: `rows=all`.
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
        /// Whether the address can have a period: the days `from` and `to`.
        has_period: bool,
        /// The variables for the cursors of the lists that continue on further pages. The address parameters have the
        /// same names. A page with one list uses [`AFTER`] and [`BEFORE`]. A page with several lists uses one name for
        /// each list, such as `eventsBefore`.
        cursors: &'static [&'static str],
        /// Whether the address can have `rows=all`, which shows all rows of those lists that have no cursors.
        has_all_rows: bool,
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
    /// Whether the address can have a period: the days `from` and `to`.
    pub has_period: bool,
    /// The variables for cursors. The address parameters have the same names.
    pub cursors: &'static [&'static str],
    /// Whether the address can have `rows=all`, which shows all rows of those lists that have no cursors.
    pub has_all_rows: bool,
    /// The other variables of the document.
    pub variables: fn(&PageRequest<'_>) -> Json,
    /// Builds the content from the data of the result.
    pub content: fn(&[u8], &PageRequest<'_>) -> Result<PageOutcome<T>, serde_json::Error>,
}

/// A request for a page, with its parsed view and cursors.
pub struct PageRequest<'a> {
    pub site: &'a Site,
    pub view: &'a View,
    request: &'a HttpRequest,
    /// The id of the page's document.
    document: &'static str,
    /// The names of all cursors of the page.
    cursor_names: &'static [&'static str],
    /// The names and values of the cursors in the address.
    cursors: Vec<(&'static str, String)>,
    /// Whether the page shows all rows of the lists that have no cursors.
    shows_all_rows: bool,
    /// The other variables of the document.
    variables: fn(&PageRequest<'_>) -> Json,
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

impl<'a> PageRequest<'a> {
    /// A request for the page with this query.
    pub fn new<T>(
        request: &'a HttpRequest,
        site: &'a Site,
        view: &'a View,
        query: &PageQuery<T>,
    ) -> Self {
        let given = |name: &&'static str| Some((*name, query_value(request, name)?));
        let mut cursors: Vec<_> = query.cursors.iter().filter_map(given).collect();
        // The web app also ignores `before` if the address has `after`.
        if cursors.iter().any(|(name, _)| *name == AFTER) {
            cursors.retain(|(name, _)| *name != BEFORE);
        }
        Self {
            site,
            view,
            request,
            document: query.id,
            cursor_names: query.cursors,
            cursors,
            shows_all_rows: query.has_all_rows
                && query_value(request, ROWS).as_deref() == Some("all"),
            variables: query.variables,
        }
    }

    /// A parameter of the path, percent-decoded. Empty if the path has no such parameter.
    pub fn parameter(&self, name: &str) -> &str {
        self.request.match_info().get(name).unwrap_or_default()
    }

    /// The names and values of the cursors in the address.
    pub fn cursors(&self) -> &[(&'static str, String)] {
        &self.cursors
    }

    /// Whether the address has this cursor.
    pub fn has_cursor(&self, name: &str) -> bool {
        self.cursors.iter().any(|(given, _)| *given == name)
    }

    /// Whether the address has a cursor of the list that `name` belongs to.
    pub fn is_continued(&self, name: &str) -> bool {
        if belongs_to_only_list(name) { !self.cursors.is_empty() } else { self.has_cursor(name) }
    }

    /// The rows that the page shows.
    pub fn rows(&self) -> Rows {
        if !self.cursors.is_empty() {
            Rows::Later
        } else if self.shows_all_rows {
            Rows::All
        } else {
            Rows::First
        }
    }

    /// Whether the page shows all rows of the lists that have no cursors.
    pub fn shows_all_rows(&self) -> bool {
        self.shows_all_rows
    }

    /// All variables of the document, with the cursors.
    pub fn document_variables(&self) -> Json {
        let mut variables = (self.variables)(self);
        if let Json::Object(fields) = &mut variables {
            for (name, cursor) in &self.cursors {
                fields.insert((*name).to_owned(), cursor.as_str().into());
            }
        }
        variables
    }

    /// The address of the API's response that contains the same rows as the page at [`Self::at_cursor`].
    pub fn answer_at(&self, name: &'static str, cursor: &str) -> Url {
        let continued = PageRequest { cursors: vec![(name, cursor.to_owned())], ..*self };
        self.site.answer(self.document, &continued.document_variables())
    }

    /// The address of this page with one list at `cursor`, or at its first rows if `cursor` is `None`. The other lists
    /// start at their first rows. If the address kept their cursors, search engines would follow every combination of
    /// cursors.
    pub fn at_cursor(&self, name: &'static str, cursor: Option<&str>) -> Url {
        let removed = [self.cursor_names, &[ROWS]].concat();
        let mut url = self.with_parameter(&removed, cursor.map(|cursor| (name, cursor)));
        // If a page has several lists, each has a section whose id is the name of its cursor.
        if !belongs_to_only_list(name) {
            url.set_fragment(Some(name));
        }
        url
    }

    /// The address of this page with all rows of the lists that have no cursors.
    pub fn with_all_rows(&self) -> Url {
        self.with_parameter(&[ROWS], Some((ROWS, "all")))
    }

    /// The address of this page without the parameters `removed` and with the parameter `added`. Keeps the other
    /// parameters.
    fn with_parameter(&self, removed: &[&str], added: Option<(&str, &str)>) -> Url {
        let query = self.request.query_string().as_bytes();
        let kept = form_urlencoded::parse(query).filter(|(key, _)| !removed.contains(&&**key));
        let mut parameters = form_urlencoded::Serializer::new(String::new());
        parameters.extend_pairs(kept);
        if let Some((name, value)) = added {
            parameters.append_pair(name, value);
        }
        let query = parameters.finish();
        let mut url = self.site.path(self.request.path());
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        url
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

/// Whether a cursor belongs to the only list of its page. See [`TextSource::Document`].
fn belongs_to_only_list(cursor: &str) -> bool {
    [AFTER, BEFORE].contains(&cursor)
}

/// The first value of a parameter of the address. `None` if it is missing or empty.
fn query_value(request: &HttpRequest, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    let (_, value) = pairs.find(|(key, _)| key == name)?;
    Some(value.into_owned()).filter(|value| !value.is_empty())
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
    /// The heading. The HTML title is this text and the name of the product.
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
