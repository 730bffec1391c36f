//! Which page sent a request.
//!
//! A browser sends its cookies whichever page makes it ask. A session cookie therefore counts only as far as [`Origins::page`]
//! and [`Page::lends`] allow, over every transport.

use actix_web::HttpRequest;
use actix_web::http::header;
use url::Url;

/// The origins that are our own or allowed.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    public: Option<Url>,
    allowed: Vec<String>,
}

/// The page that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// A page of this server.
    Own,
    /// A page of another origin, allowed or not.
    Foreign,
    /// The request has no header that tells: it comes from a program, or is a browser's GET over plain HTTP, whose answer no
    /// foreign page can read.
    Unknown,
}

/// What a session cookie would be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieUse {
    /// Reading by one request.
    Read,
    /// Writing by one request.
    Write,
    /// Everything that is later said on a WebSocket.
    Socket,
}

impl Page {
    /// Whether a request of this page may use the session cookie that came with it.
    #[must_use]
    pub fn lends(self, purpose: CookieUse) -> bool {
        match self {
            Self::Own => true,
            Self::Foreign => false,
            // A browser sends `Origin` with each handshake and with each request that can write.
            Self::Unknown => purpose == CookieUse::Read,
        }
    }
}

impl Origins {
    /// `public` is the address at which people reach the server, if it differs from the one that requests name. Pages of the
    /// origins in `allowed` may send requests, but never use cookies.
    #[must_use]
    pub fn new(public: Option<Url>, allowed: Vec<String>) -> Self {
        Self { public, allowed }
    }

    /// Whether a page of a foreign origin that is not allowed sent the request. Browsers let every page open a socket to
    /// anywhere, so the server has to check.
    #[must_use]
    pub fn is_refused(&self, request: &HttpRequest) -> bool {
        let origin = text(request, "origin");
        let is_allowed =
            origin.is_some_and(|origin| self.allowed.iter().any(|allowed| allowed == origin));
        self.page(request) == Page::Foreign && !is_allowed
    }

    /// Whether people reach the server by TLS, so that cookies need never go without.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The page that sent the request, by headers that browsers write and no page can.
    #[must_use]
    pub fn page(&self, request: &HttpRequest) -> Page {
        let is_own = match (text(request, "sec-fetch-site"), text(request, "origin")) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => self.is_own(request, origin),
            // A header that is no text is none of ours.
            (None, None) if request.headers().contains_key(header::ORIGIN) => false,
            (None, None) => return Page::Unknown,
        };
        if is_own { Page::Own } else { Page::Foreign }
    }

    /// Whether an origin is that of `--public-url`, or the host that the request names.
    fn is_own(&self, request: &HttpRequest, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|origin| {
            let host = request.uri().authority().map(actix_web::http::uri::Authority::as_str);
            let host = host.or_else(|| text(request, "host"));
            self.public.as_ref().is_some_and(|public| public.origin() == origin.origin())
                || host.is_some_and(|host| is_at(&origin, host))
        })
    }
}

/// The value of a header, if it is text.
fn text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Whether that is the address's host, and its port.
fn is_at(address: &Url, host: &str) -> bool {
    // The scheme is the address's own: a proxy in front may have taken the TLS off.
    Url::parse(&format!("{}://{host}", address.scheme()))
        .is_ok_and(|url| url.origin().is_tuple() && url.origin() == address.origin())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn cookies_are_lent_to_our_own_pages_alone() {
        let origins = Origins::new(
            Some(Url::parse("https://treaties.example/").unwrap()),
            vec!["https://app.example".to_owned()],
        );
        for (headers, page) in [
            (vec![("origin", "http://localhost:8080")], Page::Own),
            (vec![("origin", "https://treaties.example")], Page::Own),
            (vec![("origin", "https://treaties.example:444")], Page::Foreign),
            (vec![("origin", "http://treaties.example")], Page::Foreign),
            (vec![("origin", "http://localhost:8081")], Page::Foreign),
            (vec![("origin", "http://localhost")], Page::Foreign),
            (vec![("origin", "https://evil.example")], Page::Foreign),
            (vec![("origin", "https://app.example")], Page::Foreign),
            (vec![("origin", "null")], Page::Foreign),
            (vec![("origin", "\u{e9}")], Page::Foreign),
            (vec![("sec-fetch-site", "same-origin")], Page::Own),
            (
                vec![("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")],
                Page::Foreign,
            ),
            (vec![("sec-fetch-site", "same-site")], Page::Foreign),
            (vec![("sec-fetch-site", "none")], Page::Foreign),
            (vec![], Page::Unknown),
        ] {
            let mut request = TestRequest::post().insert_header(("host", "localhost:8080"));
            for header in &headers {
                request = request.insert_header(*header);
            }
            let request = request.to_http_request();
            assert_eq!(origins.page(&request), page, "{headers:?}");
            let lent = [CookieUse::Read, CookieUse::Write, CookieUse::Socket]
                .map(|purpose| origins.page(&request).lends(purpose));
            let expected = match page {
                Page::Own => [true; 3],
                Page::Foreign => [false; 3],
                Page::Unknown => [true, false, false],
            };
            assert_eq!(lent, expected, "{headers:?}");
            let is_allowed = headers.contains(&("origin", "https://app.example"));
            let is_refused = page == Page::Foreign && !is_allowed;
            assert_eq!(origins.is_refused(&request), is_refused, "{headers:?}");
        }
    }
}
