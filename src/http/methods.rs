//! The methods of an address: GET includes HEAD, and all others are answered 405 with `Allow`.

use actix_web::http::Method;
use actix_web::http::header::Allow;
use actix_web::{HttpResponse, Resource, Route, guard, web};

/// A resource that can be read by GET and HEAD only.
pub fn readable(path: &str) -> Resource {
    only(path, &[Method::GET, Method::HEAD])
}

/// A resource that has these methods only.
pub fn only(path: &str, methods: &[Method]) -> Resource {
    let allowed = methods.to_vec();
    web::resource(path).default_service(web::to(move || {
        let allow = Allow(allowed.clone());
        async move { HttpResponse::MethodNotAllowed().insert_header(allow).finish() }
    }))
}

/// A route for GET and HEAD.
pub fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
