//! Media types of request bodies, and media types that clients accept.

use actix_web::HttpRequest;
#[cfg(feature = "ui")]
use actix_web::http::Method;
use actix_web::http::header;

const JSON: &str = "application/json";
const GRAPHQL: &str = "application/graphql-response+json";
const EVENT_STREAM: &str = "text/event-stream";

/// The media type of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseFormat {
    /// `application/graphql-response+json`. The status code shows whether the operation was executed.
    GraphQL,
    /// `application/json`. The status code is 200 even if the document is invalid.
    Json,
    /// `text/event-stream`. The response to a query or a mutation contains one event `next`.
    Events,
}

impl ResponseFormat {
    /// The `Content-Type` of a response that is not a stream.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphQL => "application/graphql-response+json; charset=utf-8",
            // Errors before the beginning of a stream are sent as JSON.
            Self::Json | Self::Events => "application/json; charset=utf-8",
        }
    }

    /// The format that the client prefers according to the `Accept` header. Event streams have the lowest priority. JSON is
    /// the default if the header is missing or accepts everything. None if the client accepts no available format.
    pub fn negotiate(request: &HttpRequest) -> Option<Self> {
        if !request.headers().contains_key(header::ACCEPT) {
            return Some(Self::Json);
        }
        let accept = Accept::of(request);
        accept
            .preferred_json_format()
            .or_else(|| accept.names(EVENT_STREAM).then_some(Self::Events))
    }
}

/// Whether the `Accept` header names event streams explicitly. Wildcards are ignored.
pub fn accepts_events(request: &HttpRequest) -> bool {
    Accept::of(request).names(EVENT_STREAM)
}

/// The media ranges of an `Accept` header (RFC 9110, section 12.5.1).
struct Accept(Vec<MediaRange>);

struct MediaRange {
    /// The media type in lower case. Can also be `application/*` or `*/*`.
    media_type: String,
    /// The quality, from 0 to 1. 0 means “not acceptable”.
    quality: f32,
}

impl Accept {
    fn of(request: &HttpRequest) -> Self {
        let values = request.headers().get_all(header::ACCEPT);
        values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect()
    }

    /// Whether a range with a quality above 0 is exactly this media type.
    fn names(&self, media_type: &str) -> bool {
        self.0.iter().any(|range| range.media_type == media_type && range.quality > 0.0)
    }

    /// The quality of a media type: the quality of the most specific range that matches it, at any position in the list.
    /// None if the media type is not acceptable.
    fn quality(&self, media_type: &str) -> Option<f32> {
        let matching =
            self.0.iter().filter_map(|range| Some((range.specificity(media_type)?, range.quality)));
        let (_, quality) = matching.max_by_key(|(specificity, _)| *specificity)?;
        Some(quality).filter(|quality| *quality > 0.0)
    }

    /// The preferred JSON format. `application/graphql-response+json` is sent only to clients that name it. Other
    /// clients may not support it, even if a wildcard accepts it.
    fn preferred_json_format(&self) -> Option<ResponseFormat> {
        match (self.quality(JSON), self.quality(GRAPHQL)) {
            (Some(json), Some(graphql)) if json > graphql || !self.names(GRAPHQL) => {
                Some(ResponseFormat::Json)
            }
            (_, Some(_)) => Some(ResponseFormat::GraphQL),
            (Some(_), None) => Some(ResponseFormat::Json),
            (None, None) => None,
        }
    }
}

impl<'a> FromIterator<&'a str> for Accept {
    fn from_iter<T: IntoIterator<Item = &'a str>>(ranges: T) -> Self {
        Self(ranges.into_iter().filter_map(MediaRange::parse).collect())
    }
}

impl MediaRange {
    /// Parses a range. None if the range requires a character set other than UTF-8, or if its quality is not a number
    /// from 0 to 1.
    fn parse(range: &str) -> Option<Self> {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next()?.to_ascii_lowercase();
        let mut quality = 1.0;
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => {
                    let parsed: f32 = value.trim().parse().ok()?;
                    quality = Some(parsed).filter(|quality| (0.0..=1.0).contains(quality))?;
                }
                "charset" if !is_utf_8(value) => return None,
                // Other parameters have no meaning for these types.
                _ => {}
            }
        }
        Some(Self { media_type, quality })
    }

    /// How specifically the range matches a JSON media type, from 1 to 3. None if the range does not match.
    fn specificity(&self, media_type: &str) -> Option<u8> {
        match self.media_type.as_str() {
            "*/*" => Some(1),
            "application/*" => Some(2),
            exact => (exact == media_type).then_some(3),
        }
    }
}

/// Whether the value of the parameter `charset` is UTF-8.
fn is_utf_8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Whether a browser requests a page.
#[cfg(feature = "ui")]
pub fn is_page_request(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read && accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the `Content-Type` is JSON in UTF-8. A page of another origin cannot send this type without a preflight request.
pub fn has_json_body(request: &HttpRequest) -> bool {
    let Some(value) =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media_type| media_type.eq_ignore_ascii_case(JSON));
    let mut parameters = parts.filter_map(|part| part.split_once('='));
    is_json
        && parameters
            .all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf_8(value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Accept, EVENT_STREAM, ResponseFormat};

    #[test]
    fn most_specific_range_sets_the_quality() {
        for (accept, expected) in [
            ("*/*", Some(ResponseFormat::Json)),
            ("application/json", Some(ResponseFormat::Json)),
            ("application/graphql-response+json", Some(ResponseFormat::GraphQL)),
            (
                "application/graphql-response+json, application/json;q=0.9",
                Some(ResponseFormat::GraphQL),
            ),
            (
                "application/json, application/graphql-response+json;q=0.5",
                Some(ResponseFormat::Json),
            ),
            ("application/json;q=0, */*", Some(ResponseFormat::GraphQL)),
            ("application/json;q=0.5, */*;q=0.9", Some(ResponseFormat::Json)),
            ("application/json;", Some(ResponseFormat::Json)),
            ("Application/JSON; version", Some(ResponseFormat::Json)),
            ("application/json; charset=utf-8", Some(ResponseFormat::Json)),
            ("application/json; charset=latin1", None),
            ("text/html", None),
            ("", None),
        ] {
            let ranges: Accept = accept.split(',').collect();
            assert_eq!(ranges.preferred_json_format(), expected, "{accept}");
        }
    }

    #[test]
    fn event_streams_must_be_named_and_acceptable() {
        for (accept, expected) in [
            ("text/event-stream", true),
            ("application/json;q=0.1, Text/Event-Stream; q=0.5", true),
            ("text/event-stream;q=0", false),
            ("text/*, */*", false),
        ] {
            let ranges: Accept = accept.split(',').collect();
            assert_eq!(ranges.names(EVENT_STREAM), expected, "{accept}");
        }
    }

    proptest! {
        #[test]
        fn any_accept_header_is_parsed_without_panic(accept in "[ -~]{0,60}") {
            accept.split(',').collect::<Accept>().preferred_json_format();
        }
    }
}
