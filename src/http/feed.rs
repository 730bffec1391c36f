//! Feeds, at `/feeds/changes.atom` and `/feeds/deadlines.ics`.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use url::form_urlencoded;

use super::error::HttpError;
use super::export::{conditions, unknown};
use super::graphql::allow_revalidation;
use super::media::ResponseFormat;
use super::origin::{CookieUse, Origins};
use super::request_context::RequestId;
use super::viewer;
use crate::domain::viewer::Credential;
use crate::export::{Feed, FeedKind, FeedRequest, Feeds};
use crate::graphql::Executor;

/// Handles GET and HEAD.
pub async fn get(
    request: HttpRequest,
    file: web::Path<String>,
    feeds: web::Data<Feeds>,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let response = respond(&request, &file, &feeds, &executor, &origins).await;
    response.unwrap_or_else(|error| {
        error.with_request_id(RequestId::of(&request)).respond(ResponseFormat::Json)
    })
}

async fn respond(
    request: &HttpRequest,
    file: &str,
    feeds: &Feeds,
    executor: &Executor,
    origins: &Origins,
) -> Result<HttpResponse, HttpError> {
    let credential = viewer::credential(request, origins, CookieUse::Read)?;
    let Some(kind) = FeedKind::ALL.into_iter().find(|kind| kind.file_name() == file) else {
        return Err(unknown("feed", file, &FeedKind::ALL.map(FeedKind::file_name)));
    };
    let base = origins.base_url(request).ok_or_else(HttpError::invalid_host)?;
    let mut address = base.clone();
    address.set_path(&format!("{}feeds/{file}", base.path()));
    address.set_query(Some(request.query_string()).filter(|query| !query.is_empty()));
    let parameters = form_urlencoded::parse(request.query_string().as_bytes()).into_owned();
    let conditions = conditions(request);
    let feed = FeedRequest { kind, parameters: parameters.collect(), base, address, conditions };
    let feed = feeds.run(executor, feed, &credential).await;
    let Feed { entity_tag, content } = feed.map_err(|error| HttpError::from(&error))?;
    let mut response = match content {
        Some(content) => HttpResponse::Ok().content_type(kind.content_type()).body(content),
        None => HttpResponse::NotModified().finish(),
    };
    if let Ok(tag) = entity_tag.parse() {
        response.headers_mut().insert(header::ETAG, tag);
    }
    let is_public = credential == Credential::None && !executor.is_private();
    allow_revalidation(&mut response, is_public);
    Ok(response)
}
