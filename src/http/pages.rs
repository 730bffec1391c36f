//! The pages of the web app, and the playground.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::assets::{embedded_file, respond_with_page};
use super::methods::{get_or_head, read_only};
use super::origin::Origins;

/// The content security policy of the web app. The app may only load its own bundle and send requests to this server.
const APP_POLICY: &str = concat!(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; ",
    // The app draws a chart as a `data:` image before it saves the chart as a PNG file.
    "img-src 'self' data:; ",
    // `/graphql` and `/session`.
    "connect-src 'self'; ",
    // The search box is a form.
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The content security policy of the playground. Scripts matter most: only files of the bundle run.
const GRAPHIQL_POLICY: &str = concat!(
    // Forbids everything that is not listed below, such as frames, media, plug-ins and manifests.
    "default-src 'none'; ",
    // The bundle. Inline scripts, `eval` and blobs are forbidden.
    "script-src 'self'; ",
    // Monaco's workers for GraphQL and JSON are files of the bundle.
    "worker-src 'self'; ",
    // Monaco writes its themes as style elements, and the positions of lines as style attributes.
    "style-src 'self' 'unsafe-inline'; ",
    // Monaco's style sheet underlines errors with `data:` images. External images in descriptions of the
    // schema are not loaded.
    "img-src 'self' data:; ",
    // Monaco's icons.
    "font-src 'self'; ",
    // `/graphql`, over HTTP and WebSocket. No other host receives the text of the editor.
    "connect-src 'self'; ",
    // These directives do not fall back to `default-src`.
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The `Cache-Control` of pages. A new version of a page has the same address, so browsers must revalidate it.
const PAGE_CACHE_CONTROL: &str = "no-cache";

/// A page of the web app, from the list that the build of `web/` writes.
#[derive(Clone, Deserialize)]
struct Page {
    /// The path, with parameters such as `:name`.
    path: String,
    /// The scripts that the page loads in addition to those of `index.html`.
    scripts: Vec<String>,
    /// The style sheets that the page loads in addition to those of `index.html`.
    styles: Vec<String>,
}

impl Page {
    /// All pages of the build. Empty if the web app was not built, such as for Clippy.
    fn all() -> Vec<Self> {
        let pages = embedded_file("pages.json").map(|file| serde_json::from_slice(&file.data));
        pages.and_then(Result::ok).unwrap_or_default()
    }

    /// The path in the syntax of actix-web.
    fn route(&self) -> String {
        let segments = self.path.split('/').map(|segment| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// A `Link` header that preloads the page's own files. The browser loads them in parallel with those of `index.html`. None
    /// if the page has no files of its own.
    fn preload_link(&self, base_path: &str) -> Option<HeaderValue> {
        let mut link = String::new();
        let scripts = self.scripts.iter().map(|file| (file, "modulepreload"));
        let styles = self.styles.iter().map(|file| (file, "preload; as=style"));
        for (file, relation) in scripts.chain(styles) {
            let separator = if link.is_empty() { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(link, "{separator}<{base_path}{file}>; rel={relation}; crossorigin");
        }
        HeaderValue::from_str(&link).ok().filter(|link| !link.is_empty())
    }
}

/// Registers the pages.
pub fn configure(config: &mut web::ServiceConfig) {
    for page in Page::all() {
        let route = page.route();
        let handler = move |request: HttpRequest| {
            let mut response = respond_with_app(&request);
            if let Some(link) = page.preload_link(base_path(&request)) {
                response.headers_mut().insert(header::LINK, link);
            }
            async { response }
        };
        config.service(read_only(&route).route(get_or_head().to(handler)));
    }
    config.service(read_only("/graphiql").route(get_or_head().to(graphiql)));
}

/// Answers 404 with the web app, which shows an error page with links.
pub fn not_found(request: &HttpRequest) -> HttpResponse {
    let mut response = respond_with_app(request);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn respond_with_app(request: &HttpRequest) -> HttpResponse {
    respond(request, "index.html", APP_POLICY)
}

async fn graphiql(request: HttpRequest) -> HttpResponse {
    respond(&request, "graphiql.html", GRAPHIQL_POLICY)
}

/// The public path of the server.
fn base_path(request: &HttpRequest) -> &str {
    request.app_data::<web::Data<Origins>>().map_or("/", |origins| origins.base_path())
}

/// Answers with an embedded page and its content security policy.
fn respond(request: &HttpRequest, name: &str, policy: &'static str) -> HttpResponse {
    let mut response = respond_with_page(request, name, base_path(request), PAGE_CACHE_CONTROL);
    // Set the policy on a 304, too. The browser updates the headers of its copy, and `request_context` would set another policy.
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test;

    use super::super::assets::tests::{get, header_text, send, send_to_public_url};
    use super::*;

    /// The paths of assets in a page or a header.
    fn asset_paths(text: &str) -> Vec<&str> {
        text.split(['"', '<', '>']).filter(|part| part.starts_with("/assets/")).collect()
    }

    #[actix_web::test]
    async fn pages_refer_only_to_existing_assets() {
        for (path, policy) in [
            ("/", APP_POLICY),
            ("/agreements/minsk-2/clauses/9", APP_POLICY),
            ("/graphiql", GRAPHIQL_POLICY),
        ] {
            let response = get(path, &[]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(header_text(&response, header::CACHE_CONTROL), PAGE_CACHE_CONTROL);
            assert_eq!(header_text(&response, header::CONTENT_SECURITY_POLICY), policy);
            let link = header_text(&response, header::LINK).to_owned();
            assert_eq!(asset_paths(&link).is_empty(), path == "/graphiql", "{path}: {link}");
            let page = test::read_body(response).await;
            let page = std::str::from_utf8(&page).unwrap();
            assert!(asset_paths(page).len() > 2, "{page}");
            for path in asset_paths(page).into_iter().chain(asset_paths(&link)) {
                let response = get(path, &[]).await;
                assert_eq!(response.status(), StatusCode::OK, "{path}");
                assert!(
                    header_text(&response, header::CACHE_CONTROL).contains("immutable"),
                    "{path}"
                );
            }
        }
    }

    #[actix_web::test]
    async fn pages_use_the_path_of_the_public_url_in_all_addresses() {
        let public_url = "https://example.org/c&w/";
        for path in ["/", "/agreements/minsk-2/clauses/9", "/graphiql"] {
            let send = |headers| send_to_public_url(public_url, Method::GET, path, headers);
            let response = send(&[("accept-encoding", "br")]).await;
            assert_eq!(header_text(&response, header::CONTENT_ENCODING), "");
            let tag = header_text(&response, header::ETAG).to_owned();
            assert_ne!(tag, header_text(&get(path, &[]).await, header::ETAG));
            let link = header_text(&response, header::LINK).to_owned();
            assert_eq!(link.is_empty(), path == "/graphiql");
            assert_eq!(link.matches("</").count(), link.matches("</c&w/assets/").count(), "{link}");
            let page = test::read_body(response).await;
            let page = std::str::from_utf8(&page).unwrap();
            assert!(page.contains("name=\"base-path\" content=\"/c&amp;w/\""), "{page}");
            assert!(page.matches("=\"/c&amp;w/assets/").count() > 2, "{page}");
            assert_eq!(
                page.matches("=\"/").count(),
                page.matches("=\"/c&amp;w/").count(),
                "{page}"
            );
            let revalidated = send(&[("if-none-match", &tag)]).await;
            assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
        }
    }

    #[actix_web::test]
    async fn playground_does_not_load_the_app() {
        for (path, loads_app) in [("/", true), ("/graphiql", false)] {
            let page = test::read_body(get(path, &[]).await).await;
            let page = std::str::from_utf8(&page).unwrap();
            assert_eq!(page.contains("/assets/app-"), loads_app, "{page}");
        }
    }

    #[actix_web::test]
    async fn every_page_of_the_app_is_served() {
        let routes = include_str!("../../web/src/app/routes.ts");
        let paths: Vec<&str> = routes
            .split("path: '")
            .skip(1)
            .map(|rest| rest.split('\'').next().unwrap_or_default())
            .collect();
        assert!(paths.len() > 5, "{paths:?}");
        for path in paths {
            let response = get(&path.replace(':', ""), &[]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
    }

    #[actix_web::test]
    async fn pages_are_read_only() {
        for path in ["/graphiql", "/agreements/minsk-2"] {
            assert_eq!(send(Method::HEAD, path, &[]).await.status(), StatusCode::OK);
            let rejection = send(Method::POST, path, &[]).await;
            assert_eq!(rejection.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(header_text(&rejection, header::ALLOW), "GET, HEAD");
        }
    }
}
