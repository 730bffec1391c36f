//! The parameters of a GraphQL request, from its body or its query string.

use actix_web::{HttpRequest, web};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::graphql::{Document, Request};
use crate::http::error::HttpError;
use crate::http::json_body::read_json;
use crate::limits::Limits;

/// The parameters of a GraphQL request.
#[derive(Deserialize)]
#[serde(try_from = "BodyParameters")]
pub struct Parameters {
    document: Document,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
}

impl Parameters {
    /// Reads the parameters from a query string.
    ///
    /// # Errors
    /// 400 if a parameter is invalid.
    pub fn from_query_string(query_string: &str) -> Result<Self, HttpError> {
        let parameters = web::Query::<QueryStringParameters>::from_query(query_string)
            .map_err(|failure| {
                let message = format!("the parameters in the address are invalid: {failure}");
                HttpError::bad_request(message)
            })?
            .into_inner();
        parse_object("extensions", parameters.extensions.as_deref())?;
        Ok(Self {
            document: document(parameters.query, parameters.document_id)
                .map_err(HttpError::bad_request)?,
            operation_name: parameters.operation_name.filter(|name| !name.is_empty()),
            variables: parse_object("variables", parameters.variables.as_deref())?,
        })
    }

    /// Reads the parameters from the body of a request.
    ///
    /// # Errors
    /// Errors of [`read_json`].
    pub async fn from_body(
        request: &HttpRequest,
        body: web::Payload,
        limits: &Limits,
    ) -> Result<Self, HttpError> {
        let instruction = "send a JSON object with `query` or `documentId` and, where needed, `variables`, `operationName` and `extensions`";
        read_json(request, body, limits, instruction).await
    }

    /// The request for the executor.
    pub fn into_request(self) -> Request {
        let Self { document, operation_name, variables } = self;
        Request { document, operation_name, variables: variables.unwrap_or_default() }
    }
}

/// The parameters in a JSON object.
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
    /// The server supports no extensions. The value must be an object or null, and is ignored.
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

/// The parameters in a query string. `variables` and `extensions` are JSON.
#[derive(Deserialize)]
struct QueryStringParameters {
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

/// The document of a request, which must have exactly one. Some clients cannot omit `query`, so an empty `query` with a
/// `documentId` is ignored.
fn document(query: Option<String>, document_id: Option<String>) -> Result<Document, &'static str> {
    match (query, document_id) {
        (Some(query), Some(id)) if query.is_empty() => Ok(Document::Id(id)),
        (Some(query), None) => Ok(Document::Text(query)),
        (None, Some(id)) => Ok(Document::Id(id)),
        (Some(_), Some(_)) => Err("`query` and `documentId` cannot be combined: send one of them"),
        (None, None) => Err("the request has neither `query` nor `documentId`: send one of them"),
    }
}

/// Parses a JSON object in a query string. An empty value counts as missing.
fn parse_object(name: &str, json: Option<&str>) -> Result<Option<Map<String, Value>>, HttpError> {
    match json {
        None | Some("") => Ok(None),
        Some(json) => serde_json::from_str(json).map_err(|failure| {
            HttpError::bad_request(format!("`{name}` is not a JSON object: {failure}"))
        }),
    }
}
