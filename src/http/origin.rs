//! The origin of the page that sent a request.
//!
//! A browser also sends the session cookie with requests from pages of other origins on the same site: `SameSite=Strict`
//! stops only other sites. So every transport uses the cookie only if [`Page::may_use_cookie`] allows it for the page that
//! [`Origins::page`] returns.

use actix_web::HttpRequest;
use actix_web::http::header;
use url::{Host, Url};

/// The public address of the server, and the allowed origins.
#[derive(Debug, Clone, Default)]
pub struct Origins {
    public_url: Option<Url>,
    allowed_origins: Vec<String>,
}

/// The page that sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// A page of this server.
    Own,
    /// A page of another origin, allowed or not.
    Foreign,
    /// The request has no header that identifies the page. The request comes from a program, or it is a GET of a
    /// browser over plain HTTP. In both cases, no foreign page can read the response.
    Unknown,
}

/// The purpose for which a request needs the session cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieUse {
    /// Read in one request.
    Read,
    /// Write in one request.
    Write,
    /// Read and write over a WebSocket. Its messages have no headers, so only the handshake identifies the page.
    Socket,
}

impl Page {
    /// Whether a request of this page may use the session cookie.
    #[must_use]
    pub fn may_use_cookie(self, purpose: CookieUse) -> bool {
        match self {
            Self::Own => true,
            Self::Foreign => false,
            // Browsers send `Origin` with every handshake and every POST. If this header is missing, the sender is a
            // program, which must send a token.
            Self::Unknown => purpose == CookieUse::Read,
        }
    }
}

impl Origins {
    /// `public_url` is the value of `--public-url`. Pages of `allowed_origins` may send requests, but cannot use cookies.
    #[must_use]
    pub fn new(public_url: Option<Url>, allowed_origins: Vec<String>) -> Self {
        Self { public_url: public_url.map(with_trailing_slash), allowed_origins }
    }

    /// The path of the public address. It begins and ends with a slash: `/`, or `/clausewatch/` if a proxy strips this prefix.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.public_url.as_ref().map_or("/", Url::path)
    }

    /// Converts a path of this server to a public path, such as `/graphql` to `/clausewatch/graphql`.
    #[must_use]
    pub fn public_path(&self, path: &str) -> String {
        format!("{}{}", self.base_path(), path.trim_start_matches('/'))
    }

    /// The path attribute of a cookie for this path of the server. It has no trailing slash. With one, browsers would
    /// not send the cookie to the path without the slash.
    #[must_use]
    pub fn cookie_path(&self, path: &str) -> String {
        match self.public_path(path).trim_end_matches('/') {
            "" => "/".to_owned(),
            path => path.to_owned(),
        }
    }

    /// The public address of a path of this server. None without `--public-url`.
    #[must_use]
    pub fn public_url(&self, path: &str) -> Option<Url> {
        let mut url = self.public_url.clone()?;
        url.set_path(&self.public_path(path));
        Some(url)
    }

    /// The public address of the server: `--public-url`, or else `http://` and the host of the request. It ends with a slash.
    /// `None` if the host is missing or invalid.
    #[must_use]
    pub fn base_url(&self, request: &HttpRequest) -> Option<Url> {
        if let Some(public_url) = &self.public_url {
            return Some(public_url.clone());
        }
        let url = Url::parse(&format!("http://{}/", host(request)?)).ok()?;
        let is_host = url.path() == "/"
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        is_host.then_some(url)
    }

    /// Whether the request comes from a page of a foreign origin that is not allowed. Browsers allow every page to open
    /// sockets to other origins, so the server must check the origin.
    #[must_use]
    pub fn is_forbidden(&self, request: &HttpRequest) -> bool {
        let is_allowed =
            header_text(request, "origin").is_some_and(|origin| self.is_allowed(origin));
        self.page(request) == Page::Foreign && !is_allowed
    }

    /// Whether the request comes from a page that may not use the tools. Unlike in [`Self::is_forbidden`], an origin is
    /// not trusted merely because its host equals the `Host` header. With DNS rebinding, the host of a foreign page
    /// resolves to this server. Without `--public-url`, the origin must have a loopback host.
    #[must_use]
    pub fn is_forbidden_for_tools(&self, request: &HttpRequest) -> bool {
        let is_rebound = header_text(request, "origin")
            .is_some_and(|origin| !self.is_allowed(origin) && !self.is_trusted(origin));
        is_rebound || self.is_forbidden(request)
    }

    fn is_allowed(&self, origin: &str) -> bool {
        self.allowed_origins.iter().any(|allowed| allowed == origin)
    }

    /// Whether the origin is the origin of `--public-url` or, without this setting, has a loopback host.
    fn is_trusted(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|origin| match &self.public_url {
            Some(public_url) => public_url.origin() == origin.origin(),
            None => is_loopback(&origin),
        })
    }

    /// Whether the public address uses HTTPS. If so, cookies are restricted to HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }

    /// The page that sent the request, according to headers that browsers set and pages cannot change.
    #[must_use]
    pub fn page(&self, request: &HttpRequest) -> Page {
        let is_own = match (header_text(request, "sec-fetch-site"), header_text(request, "origin"))
        {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => self.is_own(request, origin),
            // The header is not ASCII, so the origin is foreign. The origin of this server is always ASCII.
            (None, None) if request.headers().contains_key(header::ORIGIN) => false,
            (None, None) => return Page::Unknown,
        };
        if is_own { Page::Own } else { Page::Foreign }
    }

    /// Whether the origin is the origin of `--public-url`, or has the host of the request.
    fn is_own(&self, request: &HttpRequest, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|origin| {
            self.public_url
                .as_ref()
                .is_some_and(|public_url| public_url.origin() == origin.origin())
                || host(request).is_some_and(|host| has_host(&origin, host))
        })
    }
}

fn with_trailing_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

/// Parses the address of `--public-url`.
///
/// # Errors
/// A message that describes the valid form.
pub fn parse_public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or("write an address with http or https, like https://example.org/clausewatch/")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("leave out the user name and the password".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("leave out the query (`?`) and the fragment (`#`)".to_owned());
    }
    // Browsers read a path that begins with `//` as another host, and `;` as the end of a cookie's path.
    if url.path().contains("//") || url.path().contains(';') {
        return Err("leave `//` and `;` out of the path".to_owned());
    }
    Ok(with_trailing_slash(url))
}

/// The requested host and port.
fn host(request: &HttpRequest) -> Option<&str> {
    let host = request.uri().authority().map(actix_web::http::uri::Authority::as_str);
    host.or_else(|| header_text(request, "host"))
}

/// Whether the host of the address is this computer.
fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(domain)) => domain == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The value of a header. None if it is missing or not ASCII.
fn header_text<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Whether the address has this host and port.
fn has_host(address: &Url, host: &str) -> bool {
    // A proxy may have terminated TLS, so the comparison uses the scheme of the address.
    Url::parse(&format!("{}://{host}", address.scheme()))
        .is_ok_and(|url| url.origin().is_tuple() && url.origin() == address.origin())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn public_paths_begin_with_the_path_of_the_public_url() {
        for (address, base, graphql, cookie) in [
            (None, "/", "/graphql", "/"),
            (Some("https://treaties.example"), "/", "/graphql", "/"),
            (Some("https://example.org/a"), "/a/", "/a/graphql", "/a"),
            (Some("https://example.org/a/b/"), "/a/b/", "/a/b/graphql", "/a/b"),
        ] {
            let public_url = address.map(|address| Url::parse(address).unwrap());
            let origins = Origins::new(public_url, Vec::new());
            assert_eq!(origins.base_path(), base, "{address:?}");
            assert_eq!(origins.public_path("/graphql"), graphql, "{address:?}");
            assert_eq!(origins.cookie_path("/"), cookie, "{address:?}");
            assert_eq!(origins.cookie_path("/session"), format!("{base}session"), "{address:?}");
        }
    }

    #[test]
    fn public_url_ends_with_its_path() {
        for (text, expected) in [
            ("https://treaties.example", "https://treaties.example/"),
            ("https://example.org:8443/clausewatch", "https://example.org:8443/clausewatch/"),
            ("http://example.org/a \"b/", "http://example.org/a%20%22b/"),
        ] {
            assert_eq!(parse_public_url(text).map(String::from), Ok(expected.to_owned()), "{text}");
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
            let message = parse_public_url(text).unwrap_err();
            assert!(!message.contains("secret"), "{text}: {message}");
        }
    }

    #[test]
    fn base_url_is_the_public_url_or_the_host_of_the_request() {
        let public = Origins::new(Url::parse("https://example.org/a").ok(), Vec::new());
        for (origins, host, expected) in [
            (&public, "other.example", Some("https://example.org/a/")),
            (&Origins::default(), "treaties.example:8080", Some("http://treaties.example:8080/")),
            (&Origins::default(), "[::1]:8080", Some("http://[::1]:8080/")),
            (&Origins::default(), "evil.example/path", None),
            (&Origins::default(), "ann@evil.example", None),
            (&Origins::default(), "\"><script>", None),
        ] {
            let request = TestRequest::get().insert_header(("host", host)).to_http_request();
            assert_eq!(origins.base_url(&request).as_ref().map(Url::as_str), expected, "{host}");
        }
    }

    #[test]
    fn host_header_does_not_allow_a_page_to_use_the_tools() {
        let public = || Url::parse("https://treaties.example/").ok();
        for (public_url, host, origin, is_forbidden) in [
            (None, "evil.example", "http://evil.example", true),
            (None, "localhost:8080", "http://localhost:8080", false),
            (None, "127.0.0.1:8080", "http://127.0.0.1:8080", false),
            (None, "[::1]:8080", "http://[::1]:8080", false),
            (None, "localhost:8080", "http://localhost:8081", true),
            (None, "app.example", "https://app.example", false),
            (public(), "evil.example", "http://evil.example", true),
            (public(), "localhost:8080", "http://localhost:8080", true),
            (public(), "localhost:8080", "https://treaties.example", false),
        ] {
            let origins = Origins::new(public_url, vec!["https://app.example".to_owned()]);
            let request = TestRequest::post().insert_header(("host", host));
            let request = request.insert_header(("origin", origin)).to_http_request();
            assert_eq!(origins.is_forbidden_for_tools(&request), is_forbidden, "{host} {origin}");
        }
        let program = TestRequest::post().insert_header(("host", "a.example")).to_http_request();
        assert!(!Origins::default().is_forbidden_for_tools(&program));
    }

    #[test]
    fn only_own_pages_may_use_cookies() {
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
            let is_cookie_allowed = [CookieUse::Read, CookieUse::Write, CookieUse::Socket]
                .map(|purpose| origins.page(&request).may_use_cookie(purpose));
            let expected = match page {
                Page::Own => [true; 3],
                Page::Foreign => [false; 3],
                Page::Unknown => [true, false, false],
            };
            assert_eq!(is_cookie_allowed, expected, "{headers:?}");
            let is_allowed = headers.contains(&("origin", "https://app.example"));
            let is_forbidden = page == Page::Foreign && !is_allowed;
            assert_eq!(origins.is_forbidden(&request), is_forbidden, "{headers:?}");
        }
    }
}
