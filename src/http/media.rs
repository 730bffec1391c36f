//! Media types: what a request's body is, and what its sender accepts.

use actix_web::HttpRequest;
#[cfg(feature = "ui")]
use actix_web::http::Method;
use actix_web::http::header;

/// The media types that an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseFormat {
    /// `application/graphql-response+json`: the status code says how it went.
    GraphQL,
    /// `application/json`: 200 for everything that is a GraphQL answer.
    Json,
    /// `text/event-stream`: a stream, of one event unless it is a subscription.
    Events,
}

impl ResponseFormat {
    /// The `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphQL => "application/graphql-response+json; charset=utf-8",
            // What is refused before it begins is refused in JSON.
            Self::Json | Self::Events => "application/json; charset=utf-8",
        }
    }

    /// The type that the sender prefers, by the `Accept` header, a stream last; none where nothing will do. Without the header, or
    /// where anything will do, it is JSON, which every client can read.
    pub fn preferred(request: &HttpRequest) -> Option<Self> {
        let mut values = request.headers().get_all(header::ACCEPT).peekable();
        if values.peek().is_none() {
            return Some(Self::Json);
        }
        let text: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
        preferred(&text.join(",")).or_else(|| accepts_events(request).then_some(Self::Events))
    }
}

/// Whether the sender takes a stream of events, and says so in as many words.
pub fn accepts_events(request: &HttpRequest) -> bool {
    let values = request.headers().get_all(header::ACCEPT);
    let mut ranges =
        values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    ranges.any(|range| {
        let media = range.split(';').next().unwrap_or_default();
        media.trim().eq_ignore_ascii_case("text/event-stream")
    })
}

fn preferred(accept: &str) -> Option<ResponseFormat> {
    let quality = |answer: ResponseFormat| -> Option<f32> {
        let ranges = accept.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next()?.to_ascii_lowercase();
            let mut quality = 1.0;
            for part in parts {
                let (name, value) = part.split_once('=')?;
                match name.trim().to_ascii_lowercase().as_str() {
                    "q" => quality = value.trim().parse().ok()?,
                    // Answers are UTF-8, and no other parameter means anything to these types.
                    "charset" if !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8") => {
                        return None;
                    }
                    _ => {}
                }
            }
            let specificity = match (media.as_str(), answer) {
                ("application/graphql-response+json", ResponseFormat::GraphQL)
                | ("application/json", ResponseFormat::Json) => 3,
                ("application/*", _) => 2,
                ("*/*", _) => 1,
                _ => return None,
            };
            Some((specificity, quality))
        });
        // The most specific range decides about a type, whatever its place.
        ranges.max_by(|one, other| one.0.cmp(&other.0)).map(|(_, quality)| quality)
    };
    let best = |answer| quality(answer).filter(|quality| *quality > 0.0);
    match (best(ResponseFormat::Json), best(ResponseFormat::GraphQL)) {
        (Some(json), Some(graphql)) if json > graphql => Some(ResponseFormat::Json),
        (Some(_), Some(_)) if !accept.to_ascii_lowercase().contains("graphql-response") => {
            Some(ResponseFormat::Json)
        }
        (_, Some(_)) => Some(ResponseFormat::GraphQL),
        (Some(_), None) => Some(ResponseFormat::Json),
        (None, None) => None,
    }
}

/// Whether somebody with a browser asks for a page.
#[cfg(feature = "ui")]
pub fn is_for_a_browser(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    is_read && accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the request's body is JSON: the one type that a form on a foreign page cannot send without asking first.
pub fn is_json(request: &HttpRequest) -> bool {
    let Some(value) =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
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

    use super::{ResponseFormat, preferred};

    #[test]
    fn the_most_specific_range_decides() {
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
            assert_eq!(preferred(accept), expected, "{accept}");
        }
    }

    proptest! {
        #[test]
        fn any_accept_header_is_read_without_panic(accept in "[ -~]{0,60}") {
            preferred(&accept);
        }
    }
}
