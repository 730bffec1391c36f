//! Agreements as legal XML, at `/export/agreements/SLUG.akn`.

use actix_web::http::StatusCode;
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
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::export::{AkomaNtoso, LegalText, LegalTextRequest};
use crate::graphql::Executor;

/// Handles GET and HEAD.
pub async fn get(
    request: HttpRequest,
    file: web::Path<String>,
    akoma_ntoso: web::Data<AkomaNtoso>,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let response = respond(&request, &file, &akoma_ntoso, &executor, &origins).await;
    response.unwrap_or_else(|error| {
        error.with_request_id(RequestId::of(&request)).respond(ResponseFormat::Json)
    })
}

async fn respond(
    request: &HttpRequest,
    file: &str,
    akoma_ntoso: &AkomaNtoso,
    executor: &Executor,
    origins: &Origins,
) -> Result<HttpResponse, HttpError> {
    let credential = viewer::credential(request, origins, CookieUse::Read)?;
    let (slug, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    if extension != AkomaNtoso::EXTENSION {
        return Err(unknown("format", extension, &[AkomaNtoso::EXTENSION]));
    }
    let base = origins.base_url(request).ok_or_else(HttpError::invalid_host)?;
    let query = request.query_string();
    let legal_text = LegalTextRequest {
        slug: slug.to_owned(),
        parameters: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        base: base.clone(),
        conditions: conditions(request),
    };
    let outcome = akoma_ntoso.run(executor, legal_text, &credential).await;
    let outcome = outcome.map_err(|error| HttpError::from(&error))?;
    let mut response = match outcome {
        LegalText::Found { entity_tag, content } => {
            // A slug contains only lower-case letters, digits and hyphens.
            let disposition = format!("attachment; filename=\"{slug}.{}\"", AkomaNtoso::EXTENSION);
            HttpResponse::Ok()
                .content_type(AkomaNtoso::MEDIA_TYPE)
                .insert_header((header::ETAG, entity_tag))
                .insert_header((header::CONTENT_DISPOSITION, disposition))
                .body(content)
        }
        LegalText::NotModified { entity_tag } => {
            HttpResponse::NotModified().insert_header((header::ETAG, entity_tag)).finish()
        }
        LegalText::Moved(slug) => {
            let mut address = base.clone();
            let path = format!("{}export/agreements/{slug}.{extension}", base.path());
            address.set_path(&path);
            address.set_query(Some(query).filter(|query| !query.is_empty()));
            // A slug can change again, so caches must revalidate the redirect each time.
            return Ok(HttpResponse::MovedPermanently()
                .insert_header((header::LOCATION, address.as_str()))
                .insert_header((header::CACHE_CONTROL, "no-cache"))
                .finish());
        }
        LegalText::NotFound => {
            let message = format!("there is no agreement {}", quote(slug));
            return Err(HttpError::new(StatusCode::NOT_FOUND, "NOT_FOUND", message));
        }
    };
    let is_public = credential == Credential::None && !executor.is_private();
    allow_revalidation(&mut response, is_public);
    Ok(response)
}
