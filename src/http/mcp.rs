//! The Model Context Protocol over HTTP, at `/mcp`: the transport “streamable HTTP” without sessions.
//!
//! rmcp answers each message. This file checks the request, and converts between the two versions of the crate `http` that
//! actix-web and rmcp use.

use std::convert::Infallible;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use rmcp::model::ClientJsonRpcMessage;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};

use super::error::HttpError;
use super::json_body::{check_media_type, read_bytes};
use super::media::ResponseFormat;
use super::origin::Origins;
use super::request_context::RequestId;
use super::viewer;
use crate::domain::viewer::Credential;
use crate::graphql::{Code, Executor};
use crate::limits::Limits;
use crate::mcp::{ToolServer, Tools};

/// The headers of the protocol in requests.
pub(super) const HEADERS: [&str; 3] = ["mcp-protocol-version", "mcp-method", "mcp-name"];
/// The prefix of the protocol's headers. Some of these headers are named after arguments of tools.
const PREFIX: &str = "mcp-";

/// Handles POST requests. Each contains one message and gets one response.
pub async fn post(
    request: HttpRequest,
    body: web::Payload,
    tools: web::Data<Tools>,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
) -> HttpResponse {
    let response = respond(&request, body, tools, &executor, &limits, &origins).await;
    response.unwrap_or_else(|error| {
        error.with_request_id(RequestId::of(&request)).respond(ResponseFormat::Json)
    })
}

async fn respond(
    request: &HttpRequest,
    body: web::Payload,
    tools: web::Data<Tools>,
    executor: &Executor,
    limits: &Limits,
    origins: &Origins,
) -> Result<HttpResponse, HttpError> {
    // The protocol requires this check. Without it, a web page in a user's browser could use a server in the user's
    // private network.
    if origins.is_forbidden_for_tools(request) {
        let message = "pages of this origin may not use the tools";
        return Err(HttpError::new(StatusCode::FORBIDDEN, Code::Forbidden.as_str(), message));
    }
    // The session cookie is not accepted here, because tools are for programs, which send a token.
    let credential = viewer::token(request)?.unwrap_or(Credential::None);
    let base = origins.base_url(request).ok_or_else(HttpError::invalid_host)?;
    executor.check_access(&credential).await.map_err(|error| HttpError::from(&error))?;
    check_media_type(request)?;
    let body = read_bytes(request, body, limits).await?;
    check_message(&body)?;
    let server = ToolServer::new(tools.into_inner(), executor.clone(), credential, base);
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        // The checks above and `--max-body` replace the checks of rmcp.
        StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            .disable_allowed_hosts()
            .with_max_request_body_bytes(limits.max_body),
    );
    let response = service.handle(convert_request(request, body)?).await;
    Ok(convert_response(response).await)
}

/// Checks that the body is one message. rmcp would respond to other bodies with the status 415.
fn check_message(body: &[u8]) -> Result<(), HttpError> {
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(HttpError::bad_request(
            "the body is a JSON array: batches are not supported; send each message in a separate request",
        ));
    }
    serde_json::from_slice::<ClientJsonRpcMessage>(body).map(drop).map_err(|failure| {
        HttpError::bad_request(format!(
            "the body is invalid: {failure}; send one JSON-RPC 2.0 message"
        ))
    })
}

/// The request for rmcp. It contains only the headers that the protocol defines, and no credential.
fn convert_request(
    request: &HttpRequest,
    body: Bytes,
) -> Result<http::Request<Full<Bytes>>, HttpError> {
    let mut builder = http::Request::post(request.path());
    for (name, value) in request.headers() {
        let is_standard = [header::ACCEPT, header::CONTENT_TYPE, header::HOST].contains(name);
        if is_standard || name.as_str().starts_with(PREFIX) {
            builder = builder.header(name.as_str(), value.as_bytes());
        }
    }
    builder
        .body(Full::new(body))
        .map_err(|failure| HttpError::bad_request(format!("the request is invalid: {failure}")))
}

async fn convert_response(response: http::Response<BoxBody<Bytes, Infallible>>) -> HttpResponse {
    let (head, body) = response.into_parts();
    let Ok(body) = body.collect().await;
    let status =
        StatusCode::from_u16(head.status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    for (name, value) in &head.headers {
        builder.append_header((name.as_str(), value.as_bytes()));
    }
    builder.insert_header((header::CACHE_CONTROL, "no-store"));
    builder.body(body.to_bytes())
}
