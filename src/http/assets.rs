//! The files that are built from `web/` and embedded in the program, and the responses that contain them.

use std::borrow::Cow;
use std::fmt::Write as _;

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, IfNoneMatch,
};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::methods::{get_or_head, read_only};

/// The files that `build.rs` writes. A file may have compressed variants, with the suffixes `.br` and `.gz`.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/web"]
struct WebFiles;

/// The `Cache-Control` of assets. The name of an asset contains the hash of its content, so the content never changes.
/// `licenses.md` has no hash, but an old copy is harmless.
const ASSET_CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The GraphQL documents of the web app as a JSON object, keyed by id. None if the web app was not built.
#[must_use]
pub fn documents() -> Option<String> {
    let file = WebFiles::get("documents.json")?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// Registers `/assets/…`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.service(read_only("/assets/{path:.*}").route(get_or_head().to(asset)));
}

async fn asset(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    respond_with_file(&request, &format!("assets/{path}"), ASSET_CACHE_CONTROL)
}

/// The embedded file, uncompressed.
pub(super) fn embedded_file(path: &str) -> Option<EmbeddedFile> {
    WebFiles::get(path)
}

/// The content of a response, in one encoding.
struct Content {
    media_type: &'static str,
    encoding: Encoding,
    entity_tag: EntityTag,
    bytes: Cow<'static, [u8]>,
}

/// Responds with an embedded file in the encoding that the client prefers, or with 304 if the client has the current file.
fn respond_with_file(
    request: &HttpRequest,
    path: &str,
    cache_control: &'static str,
) -> HttpResponse {
    let Some((media_type, (encoding, file))) = media_type(path).zip(negotiate(request, path))
    else {
        return not_found();
    };
    let entity_tag = EntityTag::new_strong(hash(&file));
    let content = Content { media_type, encoding, entity_tag, bytes: file.data };
    respond(request, content, cache_control)
}

/// An embedded page, with the hash of its content. `base_path` is the public path of the server, which is the prefix of all
/// addresses in the page. None if the web app was not built.
pub(super) fn page(path: &str, base_path: &str) -> Option<(String, String)> {
    let file = WebFiles::get(path)?;
    let page = String::from_utf8_lossy(&file.data);
    if base_path == "/" {
        return Some((page.into_owned(), hash(&file)));
    }
    // All addresses of this server in the page are in attributes whose values begin with a slash. `Url` has already escaped
    // quotes and angle brackets in the path.
    let page = page.replace("=\"/", &format!("=\"{}", base_path.replace('&', "&amp;")));
    Some((page, format!("{}{base_path}", hash(&file))))
}

/// Responds with an embedded page that is the same for everyone. See [`page`].
pub(super) fn respond_with_page(
    request: &HttpRequest,
    path: &str,
    base_path: &str,
    cache_control: &'static str,
) -> HttpResponse {
    if base_path == "/" {
        return respond_with_file(request, path, cache_control);
    }
    let Some((media_type, (page, hash))) = media_type(path).zip(page(path, base_path)) else {
        return not_found();
    };
    let content = Content {
        media_type,
        encoding: Encoding::identity(),
        entity_tag: EntityTag::new_strong(hash),
        bytes: page.into_bytes().into(),
    };
    respond(request, content, cache_control)
}

fn not_found() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("File not found.\n")
}

/// Responds with `content`, or with 304 if the client has it.
fn respond(request: &HttpRequest, content: Content, cache_control: &'static str) -> HttpResponse {
    let Content { media_type, encoding, entity_tag, bytes } = content;
    let is_not_modified = has_tag(request, &entity_tag);
    let mut builder =
        if is_not_modified { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    builder
        .insert_header((header::CACHE_CONTROL, cache_control))
        .insert_header((header::VARY, "accept-encoding"))
        .insert_header(ETag(entity_tag));
    if is_not_modified {
        return builder.finish();
    }
    if let Encoding::Known(encoding @ (ContentEncoding::Brotli | ContentEncoding::Gzip)) = encoding
    {
        builder.insert_header(encoding);
    }
    builder.content_type(media_type).body(bytes)
}

/// Whether the client has the response with this tag.
pub(super) fn has_tag(request: &HttpRequest, entity_tag: &EntityTag) -> bool {
    match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(entity_tag)),
        None => false,
    }
}

/// The variant of a file in the encoding that the client prefers. Brotli comes before gzip if the client has no preference.
fn negotiate(request: &HttpRequest, path: &str) -> Option<(Encoding, EmbeddedFile)> {
    let plain = WebFiles::get(path)?;
    let mut compressed: Vec<_> = [(Encoding::brotli(), "br"), (Encoding::gzip(), "gz")]
        .into_iter()
        .filter_map(|(encoding, suffix)| {
            Some((encoding, WebFiles::get(&format!("{path}.{suffix}"))?))
        })
        .collect();
    let identity = Encoding::identity();
    let offered = compressed.iter().map(|(encoding, _)| encoding).chain([&identity]);
    // A client that accepts no offered encoding gets the uncompressed file, which is more useful than a 406.
    let chosen = request
        .get_header::<AcceptEncoding>()
        .and_then(|accepted| accepted.negotiate(offered))
        .and_then(|best| compressed.iter().position(|(encoding, _)| *encoding == best));
    Some(match chosen {
        Some(index) => compressed.swap_remove(index),
        None => (identity, plain),
    })
}

/// The hash of a file as hexadecimal text. The variants of a file have different hashes, so each encoding has a different entity
/// tag.
fn hash(file: &EmbeddedFile) -> String {
    let hash = file.metadata.sha256_hash();
    hash.iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The media type of a file. None for files that clients cannot request by their path, such as the compressed variants.
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

    pub(in crate::http) async fn send(
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> ServiceResponse {
        send_to_public_url("https://treaties.example/", method, path, headers).await
    }

    /// Sends a request to a server with this public URL.
    pub(in crate::http) async fn send_to_public_url(
        public_url: &str,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> ServiceResponse {
        let origins = Origins::new(Some(public_url.parse().unwrap()), Vec::new());
        let app = App::new().app_data(web::Data::new(origins));
        let app = test::init_service(app.configure(configure).configure(pages::configure)).await;
        let mut request = test::TestRequest::with_uri(path).method(method);
        for header in headers {
            request = request.insert_header(*header);
        }
        test::call_service(&app, request.to_request()).await
    }

    pub(in crate::http) async fn get(path: &str, headers: &[(&str, &str)]) -> ServiceResponse {
        send(Method::GET, path, headers).await
    }

    pub(in crate::http) fn header_text(
        response: &ServiceResponse,
        name: header::HeaderName,
    ) -> &str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The path of a script that has compressed variants.
    fn script_path() -> String {
        let name = WebFiles::iter().find(|name| name.ends_with(".js.br")).unwrap();
        format!("/{}", name.trim_end_matches(".br"))
    }

    #[actix_web::test]
    async fn accept_encoding_selects_the_variant() {
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
            let response = get(&script_path(), &[("accept-encoding", accepted)]).await;
            assert_eq!(header_text(&response, header::CONTENT_ENCODING), encoding, "{accepted}");
            assert_eq!(
                header_text(&response, header::CONTENT_TYPE),
                "text/javascript; charset=utf-8"
            );
            assert_eq!(header_text(&response, header::VARY), "accept-encoding");
        }
    }

    #[actix_web::test]
    async fn entity_tags_of_encodings_differ() {
        let brotli = ("accept-encoding", "br");
        let script = script_path();
        let tag = header_text(&get(&script, &[brotli]).await, header::ETAG).to_owned();
        assert!(tag.starts_with('"'), "{tag} is strong");
        let known_tags = format!("\"other\", W/{tag}");
        let revalidated = get(&script, &[brotli, ("if-none-match", &known_tags)]).await;
        assert_eq!(revalidated.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header_text(&revalidated, header::ETAG), tag);
        let plain = get(&script, &[("if-none-match", &known_tags)]).await;
        assert_eq!(plain.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn path_without_an_asset_is_not_found() {
        let variant = format!("{}.br", script_path());
        for path in [&variant, "/assets/", "/assets/none.js", "/assets/../graphiql.html"] {
            let response = get(path, &[]).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(header_text(&response, header::CONTENT_TYPE), "text/plain; charset=utf-8");
        }
    }
}
