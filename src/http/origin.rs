//! Which page sent a request.
//!
//! A browser sends its cookies with every request, whichever page caused it. So a session cookie is used only if [`Origins::page`]
//! and [`Page::lends`] allow it, over every transport.

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
        Self { public: public.map(as_folder), allowed }
    }

    /// The path under which people reach the server. It begins and ends with a slash: `/`, or `/clausewatch/` if a proxy takes
    /// this prefix off.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.public.as_ref().map_or("/", Url::path)
    }

    /// The public path of a path of this server: `/clausewatch/graphql` for `/graphql`.
    #[must_use]
    pub fn public_path(&self, path: &str) -> String {
        format!("{}{}", self.base_path(), path.trim_start_matches('/'))
    }

    /// The path of the cookies that are sent to this path of the server and below. Its last slash is left out, because browsers
    /// would not send the cookie to the path without it.
    #[must_use]
    pub fn cookie_path(&self, path: &str) -> String {
        match self.public_path(path).trim_end_matches('/') {
            "" => "/".to_owned(),
            path => path.to_owned(),
        }
    }

    /// The address at which people reach a path of the server, if `--public-url` tells.
    #[must_use]
    pub fn public_url(&self, path: &str) -> Option<Url> {
        let mut url = self.public.clone()?;
        url.set_path(&self.public_path(path));
        Some(url)
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

    /// Whether people reach the server by TLS, so that cookies can be restricted to TLS.
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

/// The same address with a slash at its end.
fn as_folder(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

/// Reads the address of `--public-url`.
///
/// # Errors
/// A sentence that says what is valid.
pub fn read_public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("write an address with http or https, like https://example.org/clausewatch/")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave out the user name and the password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("leave out what follows `?` or `#`".to_owned());
    }
    // Browsers read such a path as another host, and `;` as the end of a cookie's path.
    if url.path().contains("//") || url.path().contains(';') {
        return Err("leave `//` and `;` out of the path".to_owned());
    }
    Ok(as_folder(url))
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
    fn public_paths_are_below_the_path_of_the_public_address() {
        for (address, base, graphql, cookie) in [
            (None, "/", "/graphql", "/"),
            (Some("https://treaties.example"), "/", "/graphql", "/"),
            (Some("https://example.org/a"), "/a/", "/a/graphql", "/a"),
            (Some("https://example.org/a/b/"), "/a/b/", "/a/b/graphql", "/a/b"),
        ] {
            let public = address.map(|address| Url::parse(address).unwrap());
            let origins = Origins::new(public, Vec::new());
            assert_eq!(origins.base_path(), base, "{address:?}");
            assert_eq!(origins.public_path("/graphql"), graphql, "{address:?}");
            assert_eq!(origins.cookie_path("/"), cookie, "{address:?}");
            assert_eq!(origins.cookie_path("/session"), format!("{base}session"), "{address:?}");
        }
    }

    #[test]
    fn public_address_is_an_address_of_the_web_without_anything_behind_the_path() {
        for (text, read) in [
            ("https://treaties.example", "https://treaties.example/"),
            ("https://example.org:8443/clausewatch", "https://example.org:8443/clausewatch/"),
            ("http://example.org/a \"b/", "http://example.org/a%20%22b/"),
        ] {
            assert_eq!(read_public_url(text).map(String::from), Ok(read.to_owned()), "{text}");
        }
        for text in [
            "treaties.example",
            "/clausewatch",
            "ftp://treaties.example",
            "https://ann:secret@treaties.example",
            "https://treaties.example/?a=b",
            "https://treaties.example/#a",
            "https://treaties.example//evil.example",
            "https://treaties.example/a;b",
        ] {
            let refused = read_public_url(text).unwrap_err();
            assert!(!refused.contains("secret"), "{text}: {refused}");
        }
    }

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
