//! GraphQL over HTTP, as in the GraphQL-over-HTTP draft.
//!
//! This transport replaces async-graphql's integration for actix-web. That integration does not limit bodies, accepts any
//! media type (so forms on foreign pages could send mutations), executes mutations on GET, and always responds with 200.
//! This transport does not support batches or uploads.

pub(super) mod parameters;

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use futures_util::StreamExt;
use futures_util::stream;

use super::error::{HttpError, finish};
use super::media::{ResponseFormat, accepts_events};
use super::open_connections::OpenConnections;
use super::origin::{CookieUse, Origins};
use super::request_context::RequestId;
use super::sse;
use super::viewer;
use crate::domain::text::quote;
use crate::domain::viewer::Credential;
use crate::graphql::{Code, Conditions, Executor, Freshness, OperationType, Parsed, Response};
use crate::limits::Limits;
use parameters::Parameters;

/// The response header with the position in the change log up to which the response is current.
const POSITION: HeaderName = HeaderName::from_static("x-clausewatch-position");
/// The request header with the minimum position in the change log up to which the response must be current.
pub(super) const MIN_POSITION: HeaderName = HeaderName::from_static("x-clausewatch-min-position");
/// The response header that states whether the response came from the cache.
const CACHE: HeaderName = HeaderName::from_static("x-cache");

/// Handles GET and HEAD requests, which contain a query in their query string.
pub async fn get(
    request: HttpRequest,
    executor: web::Data<Executor>,
    origins: web::Data<Origins>,
    open_connections: web::Data<OpenConnections>,
) -> HttpResponse {
    let handler = match Handler::new(&request, &executor, &origins, &open_connections) {
        Ok(handler) => handler,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    handler.handle(Parameters::from_query_string(request.query_string())).await
}

/// Handles POST requests, which contain an operation in their body.
pub async fn post(
    request: HttpRequest,
    body: web::Payload,
    executor: web::Data<Executor>,
    limits: web::Data<Limits>,
    origins: web::Data<Origins>,
    open_connections: web::Data<OpenConnections>,
) -> HttpResponse {
    let handler = match Handler::new(&request, &executor, &origins, &open_connections) {
        Ok(handler) => handler,
        Err(error) => return error.respond(ResponseFormat::Json),
    };
    handler.handle(Parameters::from_body(&request, body, &limits).await).await
}

/// Responds to all methods except GET, HEAD and POST.
pub async fn method_not_allowed() -> HttpResponse {
    let message = "send queries by GET or POST, and mutations by POST";
    HttpError::method_not_allowed("GET, HEAD, POST", message).respond(ResponseFormat::Json)
}

/// Handles one request.
struct Handler<'a> {
    request: &'a HttpRequest,
    executor: &'a Executor,
    origins: &'a Origins,
    open_connections: &'a OpenConnections,
    format: ResponseFormat,
}

impl<'a> Handler<'a> {
    /// A handler for the request. Fails if the client accepts none of the response formats.
    fn new(
        request: &'a HttpRequest,
        executor: &'a Executor,
        origins: &'a Origins,
        open_connections: &'a OpenConnections,
    ) -> Result<Self, HttpError> {
        let format = ResponseFormat::negotiate(request).ok_or_else(|| {
            let message = "the response can be application/graphql-response+json, application/json or text/event-stream, \
                           and the Accept header allows none of them";
            HttpError::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message)
        })?;
        Ok(Self { request, executor, origins, open_connections, format })
    }

    async fn handle(&self, parameters: Result<Parameters, HttpError>) -> HttpResponse {
        let response = match parameters {
            Ok(parameters) => self.execute(parameters).await,
            Err(error) => Err(error),
        };
        response.unwrap_or_else(|error| {
            if let Some(limit) = error.limit {
                self.executor.metrics().count_rejection(limit);
            }
            error.respond(self.format)
        })
    }

    async fn execute(&self, parameters: Parameters) -> Result<HttpResponse, HttpError> {
        let credential = viewer::credential(self.request, self.origins, CookieUse::Read)?;
        let parsed = match self.executor.parse(parameters.into_request()) {
            Ok(parsed) => parsed,
            Err(response) => return Ok(self.respond(*response, &credential)),
        };
        if parsed.operation == OperationType::Subscription {
            return self.subscribe(parsed, credential).await;
        }
        if parsed.operation == OperationType::Mutation {
            if self.is_get() {
                let message = "only queries can be sent by GET; send this operation by POST";
                return Err(HttpError::method_not_allowed("POST", message));
            }
            // If the page may not use the cookie, a query ignores it, but a mutation fails.
            viewer::credential(self.request, self.origins, CookieUse::Write)?;
        }
        let response = self.executor.execute(parsed, &credential, self.conditions()?).await;
        Ok(self.respond(response, &credential))
    }

    /// Responds to a subscription with an event stream.
    async fn subscribe(
        &self,
        parsed: Parsed,
        credential: Credential,
    ) -> Result<HttpResponse, HttpError> {
        if !accepts_events(self.request) {
            let message = "subscriptions are sent over a WebSocket with the subprotocol graphql-transport-ws, \
                           or with the header Accept: text/event-stream";
            return Err(HttpError::bad_request(message));
        }
        let last_event_id = sse::last_event_id(self.request);
        let responses = self.executor.subscribe(parsed, credential, last_event_id.as_deref());
        let responses = match responses.await {
            Ok(responses) => responses,
            Err(response) => stream::once(async { *response }).boxed(),
        };
        Ok(sse::respond(self.request, self.open_connections, responses))
    }

    /// Whether the method is GET or HEAD.
    fn is_get(&self) -> bool {
        matches!(*self.request.method(), Method::GET | Method::HEAD)
    }

    /// The conditions on the response: entity tags and the minimum position. Entity tags are read only for GET and HEAD.
    fn conditions(&self) -> Result<Conditions, HttpError> {
        let header_text = |name: &HeaderName| {
            let value = self.request.headers().get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()))
        };
        let min_position = match header_text(&MIN_POSITION) {
            None => None,
            Some(position) => Some(position.trim().parse().map_err(|_| {
                HttpError::bad_request(format!(
                    "the header {MIN_POSITION} is {}; send a position in the change log, a whole number such as 42",
                    quote(&position)
                ))
            })?),
        };
        let tags = header_text(&header::IF_NONE_MATCH).filter(|_| self.is_get());
        Ok(Conditions { min_position, if_none_match: tags.map(Cow::into_owned) })
    }

    /// The HTTP response for a response of the executor.
    fn respond(&self, response: Response, credential: &Credential) -> HttpResponse {
        if self.format == ResponseFormat::Events {
            let responses = stream::once(async { response }).boxed();
            return sse::respond(self.request, self.open_connections, responses);
        }
        let status = status_code(&response, self.format);
        let mut builder = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        self.insert_freshness_headers(&mut builder, &response.freshness);
        let mut http_response = if status == StatusCode::NOT_MODIFIED {
            builder.finish()
        } else {
            let id = if response.is_ok() { None } else { RequestId::of(self.request) };
            finish(&mut builder, self.format, response.into_json(id.as_deref()))
        };
        let is_public = *credential == Credential::None && !self.executor.is_private();
        allow_revalidation(&mut http_response, is_public);
        http_response
    }

    /// Inserts headers with the position and the entity tag of the response, and whether it came from the cache.
    fn insert_freshness_headers(&self, builder: &mut HttpResponseBuilder, freshness: &Freshness) {
        if let Some(position) = freshness.position {
            builder.insert_header((POSITION, position));
        }
        if let Some(is_hit) = freshness.is_hit {
            builder.insert_header((CACHE, if is_hit { "hit" } else { "miss" }));
        }
        if self.is_get()
            && let Some(tag) = freshness.entity_tag()
        {
            builder.insert_header((header::ETAG, tag));
        }
    }
}

/// The status code of a response that is not a stream.
fn status_code(response: &Response, format: ResponseFormat) -> StatusCode {
    match format {
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
        // For this format, the draft specification recommends 200 even if the document is invalid.
        ResponseFormat::Json => StatusCode::OK,
        _ if response.has_code(&[Code::DocumentNotFound]) => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Allows caches to store a response that has an entity tag. Caches must revalidate the response each time. Shared
/// caches may store it only if `is_public`.
pub(super) fn allow_revalidation(response: &mut HttpResponse, is_public: bool) {
    let headers = response.headers_mut();
    if headers.contains_key(header::ETAG) {
        let control = if is_public { "public, no-cache" } else { "private, no-cache" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
        let vary = HeaderValue::from_static("Accept, Accept-Encoding, Authorization, Cookie");
        headers.insert(header::VARY, vary);
    }
}
