//! Exports: whole lists as files, at `/export/NAME.FORMAT`.

use std::io::{self, Read};

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{Stream, stream};
use tempfile::SpooledData;
use tokio::sync::OwnedSemaphorePermit;
use url::form_urlencoded;

use super::error::HttpError;
use super::graphql::allow_revalidation;
use super::media::ResponseFormat;
use super::origin::{CookieUse, Origins};
use super::request_context::RequestId;
use super::viewer;
use crate::domain::suggestion::did_you_mean;
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::export::{Export, ExportFile, ExportOutcome, Exports, Format};
use crate::graphql::{Conditions, Executor};

/// The number of bytes that are read from a file at once.
const CHUNK: usize = 64 * 1024;

/// Handles GET and HEAD.
pub async fn get(
    request: HttpRequest,
    file: web::Path<String>,
    exports: web::Data<Exports>,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let response = respond(&request, &file, &exports, &executor, &origins).await;
    response.unwrap_or_else(|error| {
        error.with_request_id(RequestId::of(&request)).respond(ResponseFormat::Json)
    })
}

async fn respond(
    request: &HttpRequest,
    file: &str,
    exports: &Exports,
    executor: &Executor,
    origins: &Origins,
) -> Result<HttpResponse, HttpError> {
    let credential = viewer::credential(request, origins, CookieUse::Read)?;
    let (name, extension) = file.split_once('.').unwrap_or((file, ""));
    if exports.names().all(|known| known != name) {
        let names: Vec<&str> = exports.names().collect();
        return Err(unknown("export", name, &names));
    }
    let Some(format) = Format::ALL.into_iter().find(|format| format.extension() == extension)
    else {
        return Err(unknown("format", extension, &Format::ALL.map(Format::extension)));
    };
    let base = origins.base_url(request).ok_or_else(HttpError::invalid_host)?;
    let export = Export {
        name: name.to_owned(),
        format,
        parameters: form_urlencoded::parse(request.query_string().as_bytes())
            .into_owned()
            .collect(),
        base,
        conditions: conditions(request),
    };
    let outcome = exports.run(executor, export, &credential).await;
    let outcome = outcome.map_err(|error| HttpError::from(&error))?;
    let Some(outcome) = outcome else { return Err(unknown("export", name, &[])) };
    let is_public = credential == Credential::None && !executor.is_private();
    let mut response = file_response(outcome, format);
    allow_revalidation(&mut response, is_public);
    Ok(response)
}

/// The entity tags of files that the client has.
pub(super) fn conditions(request: &HttpRequest) -> Conditions {
    let tags = request.headers().get(header::IF_NONE_MATCH);
    let tags = tags.map(|tags| String::from_utf8_lossy(tags.as_bytes()).into_owned());
    Conditions { min_position: None, if_none_match: tags }
}

/// The error 404 for an unknown name or format.
pub(super) fn unknown(noun: &str, name: &str, valid: &[&str]) -> HttpError {
    let suggestion = did_you_mean(name, valid.iter().copied());
    let message = format!(
        "there is no {noun} {}{suggestion}; valid values: {}",
        quote(name),
        valid.join(", ")
    );
    HttpError::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

fn file_response(outcome: ExportOutcome, format: Format) -> HttpResponse {
    let ExportOutcome { entity_tag, file_name, file } = outcome;
    let mut builder = HttpResponse::Ok();
    builder.insert_header((header::ETAG, entity_tag));
    let Some(ExportFile { content, length, permit }) = file else {
        return builder.status(StatusCode::NOT_MODIFIED).finish();
    };
    let disposition = format!("attachment; filename=\"{file_name}\"");
    builder.insert_header((header::CONTENT_TYPE, HeaderValue::from_static(format.content_type())));
    builder.insert_header((header::CONTENT_DISPOSITION, disposition));
    match content.into_inner() {
        SpooledData::InMemory(content) => builder.body(content.into_inner()),
        SpooledData::OnDisk(file) => builder.body(SizedStream::new(length, chunks(file, permit))),
    }
}

/// The content of a file, in chunks. The file is read as fast as the client receives it. The stream holds `permit`, the
/// permit to keep the file on disk, until the stream ends.
fn chunks(
    file: std::fs::File,
    permit: Option<OwnedSemaphorePermit>,
) -> impl Stream<Item = io::Result<Bytes>> {
    stream::try_unfold((file, permit), |(file, permit)| async move {
        let read = move || {
            let mut chunk = Vec::with_capacity(CHUNK);
            (&file).take(u64::try_from(CHUNK).unwrap_or(u64::MAX)).read_to_end(&mut chunk)?;
            Ok::<_, io::Error>((chunk, file))
        };
        let (chunk, file) = web::block(read).await.map_err(io::Error::other)??;
        Ok((!chunk.is_empty()).then(|| (Bytes::from(chunk), (file, permit))))
    })
}
