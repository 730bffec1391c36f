//! The pages of the web app, and the playground.
//!
//! Each page contains its text as HTML, for readers without JavaScript, search engines and previews. The modules in `pages/`
//! generate this HTML. The web app replaces this HTML when it starts.

mod agreement;
mod agreements;
mod answer;
mod card;
mod changes;
mod clause;
mod compare;
mod content;
mod embed;
mod entries;
mod event;
mod json_ld;
mod labels;
mod overview;
mod parties;
mod parts;
mod party;
mod proposal;
mod proposals;
mod releases;
mod response;
mod sequence;
mod share_image;
mod shell;
mod site;
mod source;
mod sources;
mod status_color;
mod timeline;
mod titles;
mod view;

use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::assets::{embedded_file, respond_with_page};
use super::compression::compress;
use super::entity_tag::data_tags;
use super::methods::{get_or_head, read_only};
use super::origin::Origins;
use answer::Message;
use content::{PageText, TextSource};
use response::{APP_POLICY, PAGE_CACHE_CONTROL, Responder};
use shell::NavigationLink;
pub(super) use site::Site;

/// The texts of the pages.
static TEXTS: LazyLock<Vec<PageText>> = LazyLock::new(|| {
    let mut texts = vec![
        agreement::PAGE,
        agreements::PAGE,
        changes::PAGE,
        clause::PAGE,
        compare::PAGE,
        event::PAGE,
        overview::PAGE,
        parties::PAGE,
        party::PAGE,
        proposal::PAGE,
        proposals::PAGE,
        releases::PAGE,
        sequence::PAGE,
        source::PAGE,
        sources::PAGE,
        timeline::PAGE,
    ];
    texts.extend(titles::PAGES);
    texts
});

/// The trusted documents of the pages, with ids and texts.
pub fn documents() -> Vec<(&'static str, &'static str)> {
    let documents = TEXTS.iter().filter_map(|text| match text.source {
        TextSource::Document { id, text, .. } => Some((id, text)),
        TextSource::Title { .. } => None,
    });
    documents.chain([(card::QUERY.id, card::DOCUMENT)]).collect()
}

/// The content security policy of the playground. Its main purpose is that only scripts of the bundle run.
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

/// The paths of all pages that search engines may list, except the pages of records.
pub fn public_paths() -> Vec<&'static str> {
    let is_public = |page: &&Page| {
        let is_indexed = page.text().is_some_and(|text| match text.source {
            TextSource::Document { .. } => true,
            TextSource::Title { is_indexed, .. } => is_indexed,
        });
        is_indexed && !page.path.contains(':')
    };
    PAGES.iter().filter(is_public).map(|page| page.path.as_str()).collect()
}

/// A page of the web app, from the list that the build of `web/` generates.
#[derive(Deserialize)]
struct Page {
    /// The path, with parameters such as `:name`.
    path: String,
    /// The label in the main navigation. `None` if the navigation omits the page.
    nav: Option<String>,
    /// The scripts that the page loads in addition to the scripts of `index.html`.
    scripts: Vec<String>,
    /// The style sheets that the page loads in addition to the style sheets of `index.html`.
    styles: Vec<String>,
}

/// All pages of the build. Empty if the web app was not built, for example for Clippy.
static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let pages = embedded_file("pages.json").map(|file| serde_json::from_slice(&file.data));
    pages.and_then(Result::ok).unwrap_or_default()
});

impl Page {
    /// The path in the syntax of actix-web.
    fn route(&self) -> String {
        let segments = self.path.split('/').map(|segment| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// The text of the page. `None` if only the web app renders this page.
    fn text(&self) -> Option<&'static PageText> {
        TEXTS.iter().find(|text| text.path == self.path)
    }

    /// A `Link` header that preloads the files of this page. The browser loads them in parallel with the files of
    /// `index.html`. `None` if the page needs no other files.
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
    for page in PAGES.iter() {
        let handler = move |request: HttpRequest| async move { show(&request, page).await };
        let resource = read_only(&page.route()).route(get_or_head().to(handler));
        config.service(resource.wrap(from_fn(compress)));
    }
    config.service(
        read_only(embed::PATH).route(get_or_head().to(embed::get)).wrap(from_fn(compress)),
    );
    config.service(read_only(share_image::PATH).route(get_or_head().to(share_image::get)));
    config.service(read_only("/graphiql").route(get_or_head().to(graphiql)));
}

/// Responds with 404 and the web app, which shows an error page with links.
pub fn not_found(request: &HttpRequest) -> HttpResponse {
    match Responder::of(request) {
        Some(responder) => responder.respond_with_message(&Message::not_found(), "", &navigation()),
        None => respond_with_app(request),
    }
}

async fn show(request: &HttpRequest, page: &Page) -> HttpResponse {
    let mut response = match Responder::of(request).zip(page.text()) {
        Some((responder, text)) => {
            let tags = data_tags(request, &responder.hash);
            let answer = answer::answer(request, &responder.site, text, tags).await;
            responder.respond(answer, &page.path, &navigation())
        }
        None => respond_with_app(request),
    };
    if let Some(link) = page.preload_link(base_path(request)) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// The links of the main navigation.
fn navigation() -> Vec<NavigationLink<'static>> {
    let links = PAGES.iter().filter_map(|page| {
        page.nav.as_deref().map(|label| NavigationLink { path: &page.path, label })
    });
    links.collect()
}

/// Responds with the web app, without the text of the page.
fn respond_with_app(request: &HttpRequest) -> HttpResponse {
    respond(request, "index.html", APP_POLICY)
}

async fn graphiql(request: HttpRequest) -> HttpResponse {
    respond(&request, "graphiql.html", GRAPHIQL_POLICY)
}

/// The public path of the server.
fn base_path(request: &HttpRequest) -> &str {
    request.app_data::<Data<Origins>>().map_or("/", |origins| origins.base_path())
}

/// Responds with an embedded page and its content security policy.
fn respond(request: &HttpRequest, name: &str, policy: &'static str) -> HttpResponse {
    let mut response = respond_with_page(request, name, base_path(request), PAGE_CACHE_CONTROL);
    // Sets the policy on a 304, too. Otherwise `request_context` would add its own policy, which would replace the policy
    // of the browser's copy.
    let policy = HeaderValue::from_static(policy);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

#[cfg(test)]
mod tests {
    use actix_web::http::{Method, StatusCode};
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
            let has_text = TEXTS.iter().any(|text| text.path == path);
            assert!(has_text, "{path} has no text in src/http/pages/, not even a title");
        }
    }

    #[actix_web::test]
    async fn names_of_cursors_show_whether_the_page_has_several_lists() {
        for text in TEXTS.iter() {
            let TextSource::Document { text: document, cursors, .. } = &text.source else {
                continue;
            };
            for name in *cursors {
                assert!(document.contains(&format!("${name}: String")), "{}: {name}", text.path);
            }
            let has_one_list = document.matches("totalCount").count() == 1;
            for name in *cursors {
                let is_plain = [content::AFTER, content::BEFORE].contains(name);
                assert_eq!(is_plain, has_one_list, "{}: {name}", text.path);
            }
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
