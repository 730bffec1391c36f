//! Converts workbooks to CSV. The web app sends an XLSX file and shows its rows as text, which the user can correct.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;

use super::error::HttpError;
use super::json_body::read_bytes;
use super::media::ResponseFormat;
use super::origin::{CookieUse, Origins};
use super::request_context::RequestId;
use super::viewer;
use crate::graphql::Executor;
use crate::limits::Limits;
use crate::sheet::csv_of_workbook;

/// The permit to read a workbook. Only one workbook is read at a time, because each may need several hundred megabytes.
static READING: Semaphore = Semaphore::const_new(1);
/// The maximum time for which a request waits while the server reads other workbooks.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// Converts an XLSX file to CSV. Writes nothing. Requires the role of an editor, because parsing a workbook is expensive.
pub async fn read(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let response = respond(&request, body, &executor, &limits, &origins).await;
    response.unwrap_or_else(|error| {
        error.with_request_id(RequestId::of(&request)).respond(ResponseFormat::Json)
    })
}

async fn respond(
    request: &HttpRequest,
    body: web::Payload,
    executor: &Executor,
    limits: &Limits,
    origins: &Origins,
) -> Result<HttpResponse, HttpError> {
    let credential = viewer::credential(request, origins, CookieUse::Write)?;
    executor.check_editor(&credential).await.map_err(|error| HttpError::from(&error))?;
    let content = read_bytes(request, body, limits).await?;
    let busy = || {
        let message = "the server is reading other workbooks; try again later";
        HttpError::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message)
    };
    // The wait is asynchronous, so that it blocks no thread that queries need.
    let permit = tokio::time::timeout(MAX_WAIT, READING.acquire()).await;
    let permit = permit.ok().and_then(Result::ok).ok_or_else(busy)?;
    // The permit is held until the workbook has been read, even if the client has disconnected.
    let read = web::block(move || {
        let _permit = permit;
        csv_of_workbook(&content)
    });
    let failed = |_| {
        let message = "the file could not be read";
        HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", message)
    };
    let text = read.await.map_err(failed)?;
    let text = text.map_err(|error| HttpError::bad_request(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text))
}
