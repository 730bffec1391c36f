//! HTTP: requests, responses, status codes and credentials. Contains no SQL and no domain rules.

mod akoma_ntoso;
#[cfg(feature = "ui")]
mod assets;
pub mod client;
mod compression;
pub mod cors;
#[cfg(feature = "ui")]
mod entity_tag;
mod error;
mod export;
mod feed;
mod graphql;
pub mod health;
mod json_body;
mod mcp;
mod media;
mod methods;
pub mod metrics;
pub mod open_connections;
pub mod origin;
#[cfg(feature = "ui")]
mod own_document;
#[cfg(feature = "ui")]
mod pages;
pub mod rate;
pub mod request_context;
#[cfg(feature = "ui")]
mod robots;
mod sheet;
mod sign_in;
#[cfg(feature = "sso")]
pub mod single_sign_on;
#[cfg(feature = "ui")]
mod sitemap;
mod socket;
mod sse;
mod viewer;

use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::mcp::Tools;
#[cfg(feature = "ui")]
pub use assets::documents;
use methods::{get_or_head, read_only, with_methods};
pub use open_connections::{OpenConnections, SocketLimits};
use origin::Origins;

#[cfg(feature = "sso")]
use single_sign_on::SingleSignOn;

/// Registers all routes of the API and the web app.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/graphql")
            .route(web::get().guard(fn_guard(socket::is_handshake)).to(socket::open))
            .route(get_or_head().to(graphql::get))
            .route(web::post().to(graphql::post))
            .default_service(web::to(graphql::method_not_allowed))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    config.service(
        read_only("/export/{file}")
            .route(get_or_head().to(export::get))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    config.service(
        read_only("/export/agreements/{file}")
            .route(get_or_head().to(akoma_ntoso::get))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    config.service(
        read_only("/feeds/{file}")
            .route(get_or_head().to(feed::get))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    config.service(
        with_methods("/sheet", &[Method::POST])
            .route(web::post().to(sheet::read))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    // With `--no-mcp`, this path does not exist.
    let has_tools = fn_guard(|context| context.app_data::<web::Data<Tools>>().is_some());
    config.service(
        with_methods("/mcp", &[Method::POST])
            .guard(has_tools)
            .route(web::post().to(mcp::post))
            .wrap(from_fn(compression::compress))
            .wrap(from_fn(rate::limit)),
    );
    config.service(
        web::resource("/session")
            .route(get_or_head().to(sign_in::describe))
            .route(web::post().to(sign_in::create_session))
            .route(web::delete().to(sign_in::delete_session))
            .default_service(web::to(sign_in::method_not_allowed))
            .wrap(from_fn(rate::limit)),
    );
    #[cfg(feature = "sso")]
    for (path, route) in [
        (single_sign_on::START_PATH, web::get().to(single_sign_on::start)),
        (single_sign_on::CALLBACK_PATH, web::get().to(single_sign_on::finish)),
    ] {
        // Without an identity provider, these paths do not exist.
        let is_configured =
            fn_guard(|context| context.app_data::<web::Data<SingleSignOn>>().is_some());
        config.service(
            with_methods(path, &[Method::GET])
                .guard(is_configured)
                .route(route)
                .wrap(from_fn(rate::limit)),
        );
    }
    config.service(read_only("/livez").route(get_or_head().to(health::live)));
    config.service(read_only("/readyz").route(get_or_head().to(health::ready)));
    #[cfg(feature = "ui")]
    config
        .configure(assets::configure)
        .configure(robots::configure)
        .configure(sitemap::configure)
        .configure(pages::configure);
    config.default_service(web::to(not_found));
}

/// The trusted documents of the server itself, with ids and texts.
#[cfg(feature = "ui")]
#[must_use]
pub fn server_documents() -> Vec<(&'static str, &'static str)> {
    [pages::documents(), sitemap::documents()].concat()
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    #[cfg(feature = "ui")]
    if media::is_page_request(&request) {
        return pages::not_found(&request);
    }
    let origins = request.app_data::<web::Data<Origins>>();
    let base_path = origins.map_or("/", |origins| origins.base_path());
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body(format!(
        "Not found. The API is at {base_path}graphql, the playground at {base_path}graphiql.\n"
    ))
}
