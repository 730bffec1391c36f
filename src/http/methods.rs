//! HTTP methods of resources. Resources that allow GET also allow HEAD. Other methods get 405 with `Allow`.

use actix_web::http::Method;
use actix_web::http::header::Allow;
use actix_web::{HttpResponse, Resource, Route, guard, web};

/// A resource that allows only GET and HEAD.
pub fn read_only(path: &str) -> Resource {
    with_methods(path, &[Method::GET, Method::HEAD])
}

/// A resource that allows only these methods.
pub fn with_methods(path: &str, allowed: &[Method]) -> Resource {
    let allowed = allowed.to_vec();
    web::resource(path).default_service(web::to(move || {
        let allow = Allow(allowed.clone());
        async move { HttpResponse::MethodNotAllowed().insert_header(allow).finish() }
    }))
}

/// A route for GET and HEAD.
pub fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
