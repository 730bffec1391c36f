//! What is built from `web/` and embedded, and how it is handed out.

use std::borrow::Cow;
use std::fmt::Write as _;

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, IfNoneMatch,
};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::methods::{get_or_head, readable};

/// What `build.rs` left behind: each file, and its `.br` and `.gz` twin if it is smaller.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/web"]
struct Web;

/// The name of an asset holds the hash of what is in it, so what is under a name never changes (but
/// for `licenses.md`, of which an old copy does no harm).
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The documents of the web app, by id, as its build lists them. None if the web app was left out of this build.
#[must_use]
pub fn documents() -> Option<String> {
    let list = Web::get("documents.json")?;
    String::from_utf8(list.data.into_owned()).ok()
}

/// Registers `/assets/…`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(readable("/assets/{path:.*}").route(get_or_head().to(asset)));
}

async fn asset(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    respond(&request, &format!("assets/{path}"), FOREVER)
}

/// An embedded file as it is.
pub(super) fn file(path: &str) -> Option<EmbeddedFile> {
    Web::get(path)
}

/// Answers with the embedded file in the encoding that the client prefers, or with 304 if the client has it.
pub(super) fn respond(request: &HttpRequest, path: &str, caching: &'static str) -> HttpResponse {
    let Some((media_type, (encoding, file))) = media_type(path).zip(negotiate(request, path))
    else {
        return missing();
    };
    let tag = EntityTag::new_strong(hash(&file));
    respond_with(request, media_type, (encoding, tag, file.data), caching)
}

/// Answers with an embedded page, whose addresses begin with `base`: the path under which people reach the server.
pub(super) fn respond_below(
    request: &HttpRequest,
    path: &str,
    base: &str,
    caching: &'static str,
) -> HttpResponse {
    if base == "/" {
        return respond(request, path, caching);
    }
    let Some((media_type, file)) = media_type(path).zip(Web::get(path)) else { return missing() };
    let page = String::from_utf8_lossy(&file.data);
    // The page's own addresses are all attributes that begin with a slash. `Url` has escaped quotes and angle brackets.
    let page = page.replace("=\"/", &format!("=\"{}", base.replace('&', "&amp;")));
    let tag = EntityTag::new_strong(format!("{}{base}", hash(&file)));
    let content = (Encoding::identity(), tag, page.into_bytes().into());
    respond_with(request, media_type, content, caching)
}

fn missing() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("There is no such file here.\n")
}

fn respond_with(
    request: &HttpRequest,
    media_type: &'static str,
    (encoding, tag, content): (Encoding, EntityTag, Cow<'static, [u8]>),
    caching: &'static str,
) -> HttpResponse {
    let is_known = match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        None => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header(ETag(tag));
    if is_known {
        return response.finish();
    }
    if let Encoding::Known(coding @ (ContentEncoding::Brotli | ContentEncoding::Gzip)) = encoding {
        response.insert_header(coding);
    }
    response.content_type(media_type).body(content)
}

/// The variant of a file that the client likes best: brotli over gzip where it has no preference.
fn negotiate(request: &HttpRequest, path: &str) -> Option<(Encoding, EmbeddedFile)> {
    let plain = Web::get(path)?;
    let mut twins: Vec<_> = [(Encoding::brotli(), "br"), (Encoding::gzip(), "gz")]
        .into_iter()
        .filter_map(|(encoding, suffix)| Some((encoding, Web::get(&format!("{path}.{suffix}"))?)))
        .collect();
    let identity = Encoding::identity();
    let offered = twins.iter().map(|(encoding, _)| encoding).chain([&identity]);
    // A client that refuses them all gets the file as it is: more use to it than a 406.
    let chosen = request
        .get_header::<AcceptEncoding>()
        .and_then(|accepted| accepted.negotiate(offered))
        .and_then(|best| twins.iter().position(|(encoding, _)| *encoding == best));
    Some(match chosen {
        Some(index) => twins.swap_remove(index),
        None => (identity, plain),
    })
}

/// Each encoding is a file of its own, so the hash of its bytes is a tag of its own, as it must be.
fn hash(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    hash.iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The types of file that are handed out. The compressed twins are none of their own.
fn media_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ttf" => "font/ttf",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use actix_web::dev::ServiceResponse;
    use actix_web::http::{Method, StatusCode};
    use actix_web::{App, test};

    use super::*;
    use crate::http::origin::Origins;
    use crate::http::pages;

    pub(in crate::http) async fn ask(
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> ServiceResponse {
        ask_below("https://treaties.example/", method, path, headers).await
    }

    /// The same, of a server that people reach at this address.
    pub(in crate::http) async fn ask_below(
        public: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> ServiceResponse {
        let origins = Origins::new(Some(public.parse().unwrap()), Vec::new());
        let app = App::new().app_data(web::Data::new(origins));
        let app = test::init_service(app.configure(configure).configure(pages::configure)).await;
        let mut request = test::TestRequest::with_uri(path).method(method);
        for header in headers {
            request = request.insert_header(*header);
        }
        test::call_service(&app, request.to_request()).await
    }

    pub(in crate::http) async fn get(path: &str, headers: &[(&str, &str)]) -> ServiceResponse {
        ask(Method::GET, path, headers).await
    }

    pub(in crate::http) fn text(response: &ServiceResponse, name: header::HeaderName) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn a_script() -> String {
        let name = Web::iter().find(|name| name.ends_with(".js.br")).unwrap();
        format!("/{}", name.trim_end_matches(".br"))
    }

    #[actix_web::test]
    async fn the_encoding_is_the_clients_choice() {
        for (accepted, encoding) in [
            ("", ""),
            ("identity", ""),
            ("gzip", "gzip"),
            ("gzip, deflate, br, zstd", "br"),
            ("br;q=0.5, gzip", "gzip"),
            ("br;q=0, gzip;q=0.1", "gzip"),
            ("zstd", ""),
            ("*;q=0", ""),
        ] {
            let response = get(&a_script(), &[("accept-encoding", accepted)]).await;
            assert_eq!(text(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
            assert_eq!(text(&response, header::CONTENT_TYPE), "text/javascript; charset=utf-8");
            assert_eq!(text(&response, header::VARY), "accept-encoding");
        }
    }

    #[actix_web::test]
    async fn each_encoding_has_a_tag_of_its_own() {
        let brotli = ("accept-encoding", "br");
        let script = a_script();
        let tag = text(&get(&script, &[brotli]).await, header::ETAG).to_owned();
        assert!(tag.starts_with('"'), "{tag} is strong");
        let known = format!("\"other\", W/{tag}");
        let again = get(&script, &[brotli, ("if-none-match", &known)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(&again, header::ETAG), tag);
        let plain = get(&script, &[("if-none-match", &known)]).await;
        assert_eq!(plain.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn what_is_not_an_asset_is_not_found() {
        let twin = format!("{}.br", a_script());
        for path in [&twin, "/assets/", "/assets/none.js", "/assets/../graphiql.html"] {
            let response = get(path, &[]).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(text(&response, header::CONTENT_TYPE), "text/plain; charset=utf-8");
        }
    }
}
