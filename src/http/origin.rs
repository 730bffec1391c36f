//! Which site a request comes from.
//!
//! A browser sends its cookies along whichever site makes it ask. So what is done by cookie takes a proof that it was our
//! own page that asked, which other pages cannot give.

use actix_web::HttpRequest;
use actix_web::http::header;
use url::Url;

/// The sites that are our own.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    public: Option<Url>,
    allowed: Vec<String>,
}

impl Origins {
    /// With the address at which people reach the server, where it is another than the one it is asked by, and the foreign
    /// origins whose pages may ask as well, though never by cookie.
    #[must_use]
    pub fn new(public: Option<Url>, allowed: Vec<String>) -> Self {
        Self { public, allowed }
    }

    /// Whether a page of a foreign origin that nobody has allowed sent the request. Browsers let every page open a socket to
    /// anywhere, so the server has to look.
    #[must_use]
    pub fn is_refused(&self, request: &HttpRequest) -> bool {
        let origin = request.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok());
        let is_allowed =
            origin.is_some_and(|origin| self.allowed.iter().any(|allowed| allowed == origin));
        self.is_foreign(request) && !is_allowed
    }

    /// Whether people reach the server by TLS, so that cookies need never go without.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// Whether a page of another site sent the request. What comes from no page at all, as the lack of these headers says,
    /// is not foreign: it has no cookies that are not its own.
    #[must_use]
    pub fn is_foreign(&self, request: &HttpRequest) -> bool {
        let is_of_browser =
            ["origin", "sec-fetch-site"].iter().any(|name| request.headers().contains_key(*name));
        is_of_browser && !self.is_own(request)
    }

    /// Whether the request proves that a page of our own sent it.
    #[must_use]
    pub fn is_own(&self, request: &HttpRequest) -> bool {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        match (text(header::HeaderName::from_static("sec-fetch-site")), text(header::ORIGIN)) {
            // Browsers write this header, and no page can.
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => Url::parse(origin).is_ok_and(|origin| {
                let host = request.uri().authority().map(actix_web::http::uri::Authority::as_str);
                let host = host.or_else(|| text(header::HOST));
                self.public.as_ref().is_some_and(|public| public.origin() == origin.origin())
                    || host.is_some_and(|host| is_at(&origin, host))
            }),
            (None, None) => false,
        }
    }
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
    fn only_our_own_pages_count() {
        let public = Origins::new(
            Some(Url::parse("https://treaties.example/").unwrap()),
            vec!["https://app.example".to_owned()],
        );
        for (headers, own) in [
            (vec![("origin", "http://localhost:8080")], true),
            (vec![("origin", "https://treaties.example")], true),
            (vec![("origin", "https://treaties.example:444")], false),
            (vec![("origin", "http://treaties.example")], false),
            (vec![("origin", "http://localhost:8081")], false),
            (vec![("origin", "http://localhost")], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "https://app.example")], false),
            (vec![("origin", "null")], false),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8080")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("sec-fetch-site", "none")], false),
            (vec![], false),
        ] {
            let mut request = TestRequest::post().insert_header(("host", "localhost:8080"));
            for header in &headers {
                request = request.insert_header(*header);
            }
            let request = request.to_http_request();
            assert_eq!(public.is_own(&request), own, "{headers:?}");
            let foreign = !own && !headers.is_empty();
            assert_eq!(public.is_foreign(&request), foreign, "{headers:?}");
            let allowed = headers.contains(&("origin", "https://app.example"));
            assert_eq!(public.is_refused(&request), foreign && !allowed, "{headers:?}");
        }
    }
}
