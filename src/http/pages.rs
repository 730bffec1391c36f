//! The pages: the web app at its addresses, and the playground.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::assets::{file, respond_below};
use super::methods::{get_or_head, readable};
use super::origin::Origins;

/// What the web app may do: load its own bundle, ask this server, and nothing else.
const APP_POLICY: &str = concat!(
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; ",
    // A chart is drawn as a picture before it is saved as one.
    "img-src 'self' data:; ",
    // `/graphql` and `/session`.
    "connect-src 'self'; ",
    // The search box is a form.
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// What the playground may do. Scripts are the part that matters: ours alone run, as files.
const GRAPHIQL_POLICY: &str = concat!(
    // Whatever is not named below is refused: frames, media, plug-ins, manifests.
    "default-src 'none'; ",
    // The bundle. Nothing inline, no eval, no blob.
    "script-src 'self'; ",
    // Monaco's workers for GraphQL and JSON are files of the bundle too.
    "worker-src 'self'; ",
    // Monaco writes its themes as style elements, and where each line stands as style attributes.
    "style-src 'self' 'unsafe-inline'; ",
    // Monaco's style sheet draws the waves under errors as `data:` pictures. A picture that a
    // description of the schema points to elsewhere stays unseen.
    "img-src 'self' data:; ",
    // Monaco's icons.
    "font-src 'self'; ",
    // `/graphql`, by HTTP and WebSocket, and no other host: what is typed here stays here.
    "connect-src 'self'; ",
    // These three do not fall back to `default-src`.
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// A page keeps its address, so it is asked for anew each time, at the price of a 304.
const REVALIDATE: &str = "no-cache";

/// A page of the web app, as the build of `web/` tells of it.
#[derive(Clone, Deserialize)]
struct Page {
    /// Its address, with `:name` where any part of an address may stand.
    path: String,
    /// What it loads beside what `index.html` names.
    scripts: Vec<String>,
    styles: Vec<String>,
}

impl Page {
    /// Every page that was built. (Where nothing was, as under Clippy, there is none.)
    fn all() -> Vec<Self> {
        let list = file("pages.json").map(|list| serde_json::from_slice(&list.data));
        list.and_then(Result::ok).unwrap_or_default()
    }

    /// Its address, as a route.
    fn route(&self) -> String {
        let parts = self.path.split('/').map(|part| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A `Link` header by which a browser fetches what the page loads while it still fetches what every page loads.
    fn link(&self, base: &str) -> Option<HeaderValue> {
        let mut link = String::new();
        let scripts = self.scripts.iter().map(|file| (file, "modulepreload"));
        let styles = self.styles.iter().map(|file| (file, "preload; as=style"));
        for (file, relation) in scripts.chain(styles) {
            let comma = if link.is_empty() { "" } else { ", " };
            // Writing to a string cannot fail.
            let _ = write!(link, "{comma}<{base}{file}>; rel={relation}; crossorigin");
        }
        HeaderValue::from_str(&link).ok().filter(|link| !link.is_empty())
    }
}

/// Registers the pages.
pub fn configure(config: &mut web::ServiceConfig) {
    for page in Page::all() {
        let route = page.route();
        let app = move |request: HttpRequest| {
            let mut response = app(&request);
            if let Some(link) = page.link(base(&request)) {
                response.headers_mut().insert(header::LINK, link);
            }
            async { response }
        };
        config.service(readable(&route).route(get_or_head().to(app)));
    }
    config.service(readable("/graphiql").route(get_or_head().to(graphiql)));
}

/// An address that nothing has, for somebody with a browser: the web app says so, and leads back.
pub fn nothing(request: &HttpRequest) -> HttpResponse {
    let mut response = app(request);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn app(request: &HttpRequest) -> HttpResponse {
    page(request, "index.html", APP_POLICY)
}

async fn graphiql(request: HttpRequest) -> HttpResponse {
    page(&request, "graphiql.html", GRAPHIQL_POLICY)
}

/// The path under which people reach the server.
fn base(request: &HttpRequest) -> &str {
    request.app_data::<web::Data<Origins>>().map_or("/", |origins| origins.base_path())
}

fn page(request: &HttpRequest, name: &str, policy: &'static str) -> HttpResponse {
    let mut response = respond_below(request, name, base(request), REVALIDATE);
    // On a 304 too: a browser takes over its headers, and would keep a policy that others set.
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use actix_web::test;

    use super::super::assets::tests::{ask, ask_below, get, text};
    use super::*;

    /// The addresses of assets in a page or a header.
    fn named(text: &str) -> Vec<&str> {
        text.split(['"', '<', '>']).filter(|part| part.starts_with("/assets/")).collect()
    }

    #[actix_web::test]
    async fn pages_name_only_assets_that_are_there() {
        for (path, policy) in [
            ("/", APP_POLICY),
            ("/agreements/minsk-2/clauses/9", APP_POLICY),
            ("/graphiql", GRAPHIQL_POLICY),
        ] {
            let response = get(path, &[]).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            assert_eq!(text(&response, header::CACHE_CONTROL), REVALIDATE);
            assert_eq!(text(&response, header::CONTENT_SECURITY_POLICY), policy);
            let link = text(&response, header::LINK).to_owned();
            assert_eq!(named(&link).is_empty(), path == "/graphiql", "{path}: {link}");
            let page = test::read_body(response).await;
            let page = std::str::from_utf8(&page).unwrap();
            assert!(named(page).len() > 2, "{page}");
            for path in named(page).into_iter().chain(named(&link)) {
                let response = get(path, &[]).await;
                assert_eq!(response.status(), StatusCode::OK, "{path}");
                assert!(text(&response, header::CACHE_CONTROL).contains("immutable"), "{path}");
            }
        }
    }

    #[actix_web::test]
    async fn pages_of_a_server_below_a_path_name_that_path_everywhere() {
        let public = "https://example.org/c&w/";
        for path in ["/", "/agreements/minsk-2/clauses/9", "/graphiql"] {
            let ask = |headers| ask_below(public, Method::GET, path, headers);
            let response = ask(&[("accept-encoding", "br")]).await;
            assert_eq!(text(&response, header::CONTENT_ENCODING), "");
            let tag = text(&response, header::ETAG).to_owned();
            assert_ne!(tag, text(&get(path, &[]).await, header::ETAG));
            let link = text(&response, header::LINK).to_owned();
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
            let again = ask(&[("if-none-match", &tag)]).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        }
    }

    #[actix_web::test]
    async fn the_playground_does_not_run_the_app() {
        for (path, runs_it) in [("/", true), ("/graphiql", false)] {
            let page = test::read_body(get(path, &[]).await).await;
            let page = std::str::from_utf8(&page).unwrap();
            assert_eq!(page.contains("/assets/app-"), runs_it, "{page}");
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
            assert_eq!(ask(Method::HEAD, path, &[]).await.status(), StatusCode::OK);
            let refused = ask(Method::POST, path, &[]).await;
            assert_eq!(refused.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(text(&refused, header::ALLOW), "GET, HEAD");
        }
    }
}
