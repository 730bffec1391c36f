//! Media types: those of request bodies, and those that clients accept.

use actix_web::HttpRequest;
#[cfg(feature = "ui")]
use actix_web::http::Method;
use actix_web::http::header;

/// The media type of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseFormat {
    /// `application/graphql-response+json`. The status code shows whether the operation was executed.
    GraphQL,
    /// `application/json`. The status code is 200 even if the document is invalid.
    Json,
    /// `text/event-stream`. A query or a mutation has one event `next`.
    Events,
}

impl ResponseFormat {
    /// The `Content-Type` of a response that is not a stream.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphQL => "application/graphql-response+json; charset=utf-8",
            // Errors before a stream begins are sent as JSON.
            Self::Json | Self::Events => "application/json; charset=utf-8",
        }
    }

    /// The format that the client prefers by the `Accept` header. Event streams come last. JSON is the default, without the
    /// header or if the client accepts everything. None if the client accepts no format.
    pub fn negotiate(request: &HttpRequest) -> Option<Self> {
        let mut values = request.headers().get_all(header::ACCEPT).peekable();
        if values.peek().is_none() {
            return Some(Self::Json);
        }
        let ranges: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        preferred_json_format(&ranges.join(","))
            .or_else(|| accepts_events(request).then_some(Self::Events))
    }
}

/// Whether the `Accept` header names event streams. Wildcards do not count.
pub fn accepts_events(request: &HttpRequest) -> bool {
    let values = request.headers().get_all(header::ACCEPT);
    let mut ranges =
        values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    ranges.any(|range| {
        let media_type = range.split(';').next().unwrap_or_default();
        media_type.trim().eq_ignore_ascii_case("text/event-stream")
    })
}

/// The preferred of the two JSON formats, by the value of an `Accept` header (RFC 9110, section 12.5.1).
fn preferred_json_format(accept: &str) -> Option<ResponseFormat> {
    let quality = |format: ResponseFormat| -> Option<f32> {
        let ranges = accept.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media_type = parts.next()?.to_ascii_lowercase();
            let mut quality = 1.0;
            for part in parts {
                let (name, value) = part.split_once('=')?;
                match name.trim().to_ascii_lowercase().as_str() {
                    "q" => quality = value.trim().parse().ok()?,
                    // Responses are UTF-8. Other parameters have no meaning for these types.
                    "charset" if !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") => {
                        return None;
                    }
                    _ => {}
                }
            }
            let specificity = match (media_type.as_str(), format) {
                ("application/graphql-response+json", ResponseFormat::GraphQL)
                | ("application/json", ResponseFormat::Json) => 3,
                ("application/*", _) => 2,
                ("*/*", _) => 1,
                _ => return None,
            };
            Some((specificity, quality))
        });
        // The most specific range sets the quality, at any position in the list.
        ranges.max_by_key(|(specificity, _)| *specificity).map(|(_, quality)| quality)
    };
    // The quality 0 means “not acceptable”.
    let accepted_quality = |format| quality(format).filter(|quality| *quality > 0.0);
    match (accepted_quality(ResponseFormat::Json), accepted_quality(ResponseFormat::GraphQL)) {
        (Some(json), Some(graphql)) if json > graphql => Some(ResponseFormat::Json),
        // The header accepts both types, but names only JSON or wildcards.
        (Some(_), Some(_)) if !accept.to_ascii_lowercase().contains("graphql-response") => {
            Some(ResponseFormat::Json)
        }
        (_, Some(_)) => Some(ResponseFormat::GraphQL),
        (Some(_), None) => Some(ResponseFormat::Json),
        (None, None) => None,
    }
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
    let is_json =
        parts.next().is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/json"));
    is_json
        && parts.filter_map(|part| part.split_once('=')).all(|(name, value)| {
            let value = value.trim().trim_matches('"');
            !name.trim().eq_ignore_ascii_case("charset")
                || value.eq_ignore_ascii_case("utf-8")
                || value.eq_ignore_ascii_case("utf8")
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ResponseFormat, preferred_json_format};

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
            ("application/json; charset=utf-8", Some(ResponseFormat::Json)),
            ("application/json; charset=latin1", None),
            ("text/html", None),
            ("", None),
        ] {
            assert_eq!(preferred_json_format(accept), expected, "{accept}");
        }
    }

    proptest! {
        #[test]
        fn any_accept_header_is_parsed_without_panic(accept in "[ -~]{0,60}") {
            preferred_json_format(&accept);
        }
    }
}
