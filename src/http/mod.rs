//! HTTP: bytes, status codes, who is asking. No SQL, no rules.

#[cfg(feature = "ui")]
mod assets;
mod graphql;
pub mod guard;
mod media;
mod viewer;

use actix_web::{HttpResponse, web};

/// Bounds of a request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest body in bytes.
    pub max_body: usize,
}

/// Every route.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/graphql")
            .route(web::get().to(graphql::get))
            .route(web::post().to(graphql::post))
            .default_service(web::to(graphql::method_not_allowed)),
    );
    #[cfg(feature = "ui")]
    config.configure(assets::configure);
    config.default_service(web::to(not_found));
}

async fn not_found() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("Nothing is here. The API is at /graphql, and the playground at /graphiql.\n")
}
