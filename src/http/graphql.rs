//! GraphQL over HTTP: the transport.
//!
//! Our own, because the stock one reads bodies without bound, takes any media type (so that forms on foreign pages reach
//! mutations), runs mutations on GET, and answers 200 to everything. Follows the GraphQL-over-HTTP draft. Batches and
//! uploads are not taken.

use std::borrow::Cow;
use std::time::Duration;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::StreamExt;
use futures_util::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::error::{HttpError, finish};
use super::media::{ResponseFormat, accepts_events, is_json};
use super::open_connections::OpenConnections;
use super::origin::{CookieUse, Origins};
use super::request_context::RequestId;
use super::sse;
use super::viewer;
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::graphql::{
    Code, Conditions, Document, Executor, Freshness, OperationType, Request, Response,
};
use crate::limits::Limits;

/// The position of the change log that an answer reflects.
const POSITION: HeaderName = HeaderName::from_static("x-clausewatch-position");
/// The position that an answer must reflect at least.
pub(super) const MIN_POSITION: HeaderName = HeaderName::from_static("x-clausewatch-min-position");
/// Whether an answer was kept from before.
const CACHE: HeaderName = HeaderName::from_static("x-cache");

/// What a request asks for.
#[derive(Deserialize)]
#[serde(try_from = "BodyParameters")]
pub(super) struct Parameters {
    document: Document,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
}

impl Parameters {
    /// The request, not parsed yet.
    pub(super) fn into_request(self) -> Request {
        let Self { document, operation_name, variables } = self;
        Request { document, operation_name, variables: variables.unwrap_or_default() }
    }
}

/// The parameters as a JSON object.
#[derive(Deserialize)]
struct BodyParameters {
    #[serde(default)]
    query: Option<String>,
    #[serde(default, rename = "documentId")]
    document_id: Option<String>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    /// No extension is known: what stands there is checked to be an object, and ignored.
    #[serde(default, rename = "extensions")]
    _extensions: Option<Map<String, Value>>,
}

impl TryFrom<BodyParameters> for Parameters {
    type Error = &'static str;

    fn try_from(parameters: BodyParameters) -> Result<Self, Self::Error> {
        let BodyParameters { query, document_id, operation_name, variables, .. } = parameters;
        Ok(Self { document: document(query, document_id)?, operation_name, variables })
    }
}

/// The one document of a request. Some clients cannot leave `query` out, so an empty one beside `documentId` is none.
fn document(query: Option<String>, document_id: Option<String>) -> Result<Document, &'static str> {
    match (query, document_id) {
        (Some(query), Some(id)) if query.is_empty() => Ok(Document::Id(id)),
        (Some(query), None) => Ok(Document::Text(query)),
        (None, Some(id)) => Ok(Document::Id(id)),
        (Some(_), Some(_)) => Err("`query` and `documentId` exclude each other: send one of them"),
        (None, None) => Err("there is neither `query` nor `documentId`: send one of them"),
    }
}

/// The same in an address, where the maps are JSON texts.
#[derive(Deserialize)]
struct AddressParameters {
    #[serde(default)]
    query: Option<String>,
    #[serde(default, rename = "documentId")]
    document_id: Option<String>,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<String>,
    #[serde(default)]
    extensions: Option<String>,
}

/// Queries in an address.
pub async fn get(
    request: HttpRequest,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
    open_connections: web::Data<OpenConnections>,
) -> HttpResponse {
    let format = match negotiate(&request) {
        Ok(format) => format,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    match read_address(request.query_string()) {
        Ok(parameters) => {
            execute(&request, &executor, (&origins, &open_connections), format, parameters, true)
                .await
        }
        Err(error) => error.respond(format),
    }
}

/// Operations in a body.
pub async fn post(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
    open_connections: web::Data<OpenConnections>,
) -> HttpResponse {
    let format = match negotiate(&request) {
        Ok(format) => format,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    match read_body(&request, body, &limits).await {
        Ok(parameters) => {
            execute(&request, &executor, (&origins, &open_connections), format, parameters, false)
                .await
        }
        Err(error) => {
            if let Some(limit) = error.limit {
                executor.metrics().count_rejection(limit);
            }
            error.respond(format)
        }
    }
}

/// Everything but GET, HEAD and POST.
pub async fn method_not_allowed() -> HttpResponse {
    let message = "send queries by GET or POST, and mutations by POST";
    HttpError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
        .respond(ResponseFormat::Json)
}

fn negotiate(request: &HttpRequest) -> Result<ResponseFormat, HttpError> {
    ResponseFormat::preferred(request).ok_or_else(|| {
        let message = "the answer can be application/graphql-response+json, application/json or text/event-stream, \
                       and the Accept header allows none of them";
        HttpError::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
    })
}

fn read_address(query: &str) -> Result<Parameters, HttpError> {
    let parameters = web::Query::<AddressParameters>::from_query(query)
        .map_err(|failure| {
            HttpError::bad(format!("the parameters in the address are invalid: {failure}"))
        })?
        .into_inner();
    read_map("extensions", parameters.extensions.as_deref())?;
    Ok(Parameters {
        document: document(parameters.query, parameters.document_id).map_err(HttpError::bad)?,
        operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
        variables: read_map("variables", parameters.variables.as_deref())?,
    })
}

fn read_map(name: &str, text: Option<&str>) -> Result<Option<Map<String, Value>>, HttpError> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => serde_json::from_str(text)
            .map_err(|failure| HttpError::bad(format!("`{name}` is not a JSON object: {failure}"))),
    }
}

async fn read_body(
    request: &HttpRequest,
    body: web::Payload,
    limits: &Limits,
) -> Result<Parameters, HttpError> {
    let shape = "send a JSON object with `query` or `documentId` and, where needed, `variables`, `operationName` and `extensions`";
    read_json(request, body, limits, shape).await
}

/// Reads a body that is a JSON object. `shape` says what it should be.
pub(super) async fn read_json<T: DeserializeOwned>(
    request: &HttpRequest,
    body: web::Payload,
    limits: &Limits,
    shape: &str,
) -> Result<T, HttpError> {
    if !is_json(request) {
        let found = request.headers().get(header::CONTENT_TYPE);
        let found = found.map_or_else(
            || "nothing".to_owned(),
            |value| String::from_utf8_lossy(value.as_bytes()).into_owned(),
        );
        let message =
            format!("the body's Content-Type is {found}; send application/json, in UTF-8");
        return Err(HttpError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            message,
        ));
    }
    check_encoding(request)?;
    let limit = limits.max_body;
    let too_large = |found: Option<u64>| {
        let found = found.map_or_else(|| "more".to_owned(), |found| format!("{found} bytes"));
        let message = format!("the body has {found}, and at most {limit} bytes are allowed");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        HttpError::exceeded(status, "PAYLOAD_TOO_LARGE", "max-body", message)
    };
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit))
    {
        return Err(too_large(announced));
    }
    let patience = Duration::from_secs(limits.body_timeout);
    let body = match timeout(patience, body.to_bytes_limited(limit)).await {
        Ok(Ok(Ok(body))) => body,
        Ok(Ok(Err(failure))) => {
            return Err(HttpError::bad(format!("the body could not be read: {failure}")));
        }
        Ok(Err(_)) => return Err(too_large(None)),
        Err(_) => {
            let message = format!("the body did not arrive within {} s", limits.body_timeout);
            let status = StatusCode::REQUEST_TIMEOUT;
            return Err(HttpError::exceeded(status, "REQUEST_TIMEOUT", "body-timeout", message));
        }
    };
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(HttpError::bad(
            "the body is a JSON array: operations are not taken in batches; send each in a request of its own",
        ));
    }
    serde_json::from_slice(&body)
        .map_err(|failure| HttpError::bad(format!("the body is invalid: {failure}; {shape}")))
}

async fn execute(
    request: &HttpRequest,
    executor: &Executor,
    (origins, open_connections): (&Origins, &OpenConnections),
    format: ResponseFormat,
    parameters: Parameters,
    by_address: bool,
) -> HttpResponse {
    let credential = match viewer::credential(request, origins, CookieUse::Read) {
        Ok(credential) => credential,
        Err(error) => return error.respond(format),
    };
    let response = match executor.parse(parameters.into_request()) {
        Ok(parsed) if parsed.operation == OperationType::Subscription => {
            if !accepts_events(request) {
                let message = "subscriptions are sent over a WebSocket with the subprotocol graphql-transport-ws, \
                               or with the header Accept: text/event-stream";
                return HttpError::bad(message).respond(format);
            }
            let last_event = sse::last_event_id(request);
            let events = executor.subscribe(parsed, credential, last_event.as_deref()).await;
            let stream = match events {
                Ok(events) => events,
                Err(response) => stream::once(async { *response }).boxed(),
            };
            return sse::respond(request, open_connections, stream);
        }
        Ok(parsed) if by_address && parsed.operation != OperationType::Query => {
            let message = "only queries can be sent by GET; send this operation by POST";
            let mut response =
                HttpError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
                    .respond(format);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            return response;
        }
        Ok(parsed) => {
            if parsed.operation == OperationType::Mutation
                && let Err(error) = viewer::credential(request, origins, CookieUse::Write)
            {
                return error.respond(format);
            }
            let conditions = match conditions(request, by_address) {
                Ok(conditions) => conditions,
                Err(error) => return error.respond(format),
            };
            executor.execute(parsed, &credential, conditions).await
        }
        Err(response) => *response,
    };
    match format {
        ResponseFormat::Events => {
            sse::respond(request, open_connections, stream::once(async { response }).boxed())
        }
        ResponseFormat::GraphQL | ResponseFormat::Json if by_address => {
            let is_public = credential == Credential::None && !executor.is_private();
            by_get(respond(request, response, format), is_public)
        }
        ResponseFormat::GraphQL | ResponseFormat::Json => respond(request, response, format),
    }
}

/// Rejects a body that is compressed: its size could not be bounded before it is unpacked.
fn check_encoding(request: &HttpRequest) -> Result<(), HttpError> {
    let encodings = request.headers().get_all(header::CONTENT_ENCODING);
    let named: Vec<String> = encodings
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase())
        .filter(|encoding| !encoding.is_empty() && encoding != "identity")
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the body's Content-Encoding is {}; send the body without a content encoding",
        named.join(", ")
    );
    Err(HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
        .accepting("identity"))
}

/// What the request says of the age of its answer. Only GET has entity tags.
fn conditions(request: &HttpRequest, by_address: bool) -> Result<Conditions, HttpError> {
    let text = |name: &HeaderName| {
        request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
    };
    let min_position = match text(&MIN_POSITION) {
        None => None,
        Some(position) => Some(position.trim().parse().map_err(|_| {
            HttpError::bad(format!(
                "the header {MIN_POSITION} is {}; send a position of the change log, a whole number such as 42",
                quote(&position)
            ))
        })?),
    };
    let tags = text(&header::IF_NONE_MATCH).filter(|_| by_address);
    Ok(Conditions { min_position, if_none_match: tags.map(Cow::into_owned) })
}

/// Lets caches keep an answer to a GET as long as they ask each time whether it still holds: caches of others only where
/// everybody may see it.
fn by_get(mut response: HttpResponse, is_public: bool) -> HttpResponse {
    let headers = response.headers_mut();
    if headers.contains_key(header::ETAG) {
        let control = if is_public { "public, no-cache" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
        let vary = HeaderValue::from_static("Accept, Accept-Encoding, Authorization, Cookie");
        headers.insert(header::VARY, vary);
    }
    response
}

/// Says what there is to know of the age of an answer.
fn tell_freshness(builder: &mut HttpResponseBuilder, freshness: &Freshness, by_address: bool) {
    if let Some(position) = freshness.position {
        builder.insert_header((POSITION, position));
    }
    if let Some(is_hit) = freshness.is_hit {
        builder.insert_header((CACHE, if is_hit { "hit" } else { "miss" }));
    }
    if let Some(tag) = freshness.entity_tag.as_ref().filter(|_| by_address) {
        builder.insert_header((header::ETAG, tag.as_str()));
    }
}

fn respond(request: &HttpRequest, response: Response, format: ResponseFormat) -> HttpResponse {
    let status = match format {
        _ if response.freshness.is_not_modified => StatusCode::NOT_MODIFIED,
        _ if response.has_begun() => StatusCode::OK,
        _ if response.has_code(&[Code::Unauthenticated]) => StatusCode::UNAUTHORIZED,
        _ if response.has_code(&[Code::Forbidden, Code::DocumentNotTrusted]) => {
            StatusCode::FORBIDDEN
        }
        _ if response.has_code(&[Code::BadRequest]) => StatusCode::BAD_REQUEST,
        _ if response.has_code(&[Code::Timeout]) => StatusCode::GATEWAY_TIMEOUT,
        _ if response.has_code(&[Code::Internal, Code::Unavailable]) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        ResponseFormat::Json => StatusCode::OK,
        _ if response.has_code(&[Code::DocumentNotFound]) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    };
    let mut builder = HttpResponse::build(status);
    if status == StatusCode::UNAUTHORIZED {
        builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    let by_address = matches!(*request.method(), Method::GET | Method::HEAD);
    tell_freshness(&mut builder, &response.freshness, by_address);
    if status == StatusCode::NOT_MODIFIED {
        return builder.finish();
    }
    let id = if response.is_ok() { None } else { RequestId::of(request) };
    finish(&mut builder, format, response.into_json(id.as_deref()))
}
