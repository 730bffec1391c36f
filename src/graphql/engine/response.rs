//! The response to an operation (section 7 of the specification).

use apollo_compiler::Name;
use bytes::Bytes;

use super::cache::CacheKey;
use super::json;
use crate::graphql::error::{Code, Error};

/// The response to an operation.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// The response as JSON, without the errors. None if execution did not begin.
    body: Option<Bytes>,
    /// The errors, in the order of the data.
    pub errors: Vec<FieldError>,
    /// How recent the data of the response is, and how the response may be cached.
    pub freshness: Freshness,
    /// The cursor in the change log, if the response is an event of a subscription.
    pub cursor: Option<String>,
}

/// How recent the data of a response is, and how the response may be cached.
#[derive(Debug, Clone, Default)]
pub struct Freshness {
    /// The response reflects the change log at least up to this position.
    pub position: Option<i64>,
    /// Whether the response came from the cache. None if it cannot be cached.
    pub is_hit: Option<bool>,
    /// The key of the response in the cache. None if it cannot be cached.
    pub cache_key: Option<CacheKey>,
    /// Whether the response depends on data that the change log does not record. Such a response must not be cached.
    pub is_unlogged: bool,
    /// Whether the client already has this response. If it does, there is no body.
    pub is_not_modified: bool,
}

impl Freshness {
    /// The entity tag. None if the response cannot be cached.
    #[must_use]
    pub fn entity_tag(&self) -> Option<String> {
        self.cache_key.as_ref().map(CacheKey::entity_tag)
    }
}

/// An error, with its path and its locations in the document.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// Code and message.
    pub error: Error,
    /// The path of the field in the response. Empty for an error of the whole request.
    pub path: Vec<PathSegment>,
    /// Lines and columns of the document, from 1.
    pub locations: Vec<(usize, usize)>,
}

/// A segment of a path in a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    Field(Name),
    /// The index of a list item, from 0.
    Index(usize),
}

impl From<Error> for FieldError {
    fn from(error: Error) -> Self {
        Self { error, path: Vec::new(), locations: Vec::new() }
    }
}

impl Response {
    /// The response to a rejected request.
    #[must_use]
    pub fn refused(error: Error) -> Self {
        Self { errors: vec![error.into()], ..Self::default() }
    }

    /// The response to an invalid request.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// The text before the data in a response without errors.
    pub(super) const BEFORE_DATA: &[u8] = b"{\"data\":";
    pub(super) const AFTER_DATA: &[u8] = b"}";

    /// The response to an executed operation. `body` is the data between `BEFORE_DATA` and `AFTER_DATA`.
    #[must_use]
    pub fn executed(body: Bytes, errors: Vec<FieldError>) -> Self {
        Self { body: Some(body), errors, ..Self::default() }
    }

    /// Whether execution began.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.body.is_some()
    }

    /// The data as JSON. None if execution did not begin.
    #[must_use]
    pub fn data(&self) -> Option<&[u8]> {
        self.body.as_deref()?.strip_prefix(Self::BEFORE_DATA)?.strip_suffix(Self::AFTER_DATA)
    }

    /// The whole response as JSON, if there are no errors.
    #[must_use]
    pub fn without_errors(&self) -> Option<&Bytes> {
        self.body.as_ref().filter(|_| self.errors.is_empty())
    }

    /// Removes the data.
    #[must_use]
    pub fn without_data(self) -> Self {
        Self { body: None, ..self }
    }

    /// Sets the cursor of the event that this response contains.
    #[must_use]
    pub fn at_cursor(self, cursor: String) -> Self {
        Self { cursor: Some(cursor), ..self }
    }

    /// Whether there are no errors.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether an error has one of these codes.
    #[must_use]
    pub fn has_code(&self, codes: &[Code]) -> bool {
        self.errors.iter().any(|error| codes.contains(&error.error.code))
    }

    /// The codes of the errors, without duplicates.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        let mut codes = Vec::new();
        for error in &self.errors {
            if !codes.contains(&error.error.code) {
                codes.push(error.error.code);
            }
        }
        codes
    }

    /// The response as JSON. Internal errors contain the id `request`, which is also in the log.
    #[must_use]
    pub fn into_json(self, request: Option<&str>) -> Bytes {
        if let Some(body) = self.without_errors() {
            return body.clone();
        }
        let data = self.data().unwrap_or_default();
        let mut json = Vec::with_capacity(data.len() + 256);
        json.extend_from_slice(b"{\"errors\":");
        json.extend(self.errors_json(request));
        if !data.is_empty() {
            json.extend_from_slice(b",\"data\":");
            json.extend_from_slice(data);
        }
        json.push(b'}');
        json.into()
    }

    /// The errors as JSON.
    #[must_use]
    pub fn errors_json(&self, request: Option<&str>) -> Vec<u8> {
        let mut json = vec![b'['];
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            error.write(request, &mut json);
        }
        json.push(b']');
        json
    }
}

impl FieldError {
    fn write(&self, request: Option<&str>, json: &mut Vec<u8>) {
        json.extend_from_slice(b"{\"message\":");
        json::string(json, &self.error.message);
        if !self.locations.is_empty() {
            json.extend_from_slice(b",\"locations\":[");
            for (index, (line, column)) in self.locations.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                json.extend_from_slice(
                    format!("{comma}{{\"line\":{line},\"column\":{column}}}").as_bytes(),
                );
            }
            json.push(b']');
        }
        if !self.path.is_empty() {
            json.extend_from_slice(b",\"path\":[");
            for (index, segment) in self.path.iter().enumerate() {
                if index > 0 {
                    json.push(b',');
                }
                match segment {
                    PathSegment::Field(name) => json::plain(json, name),
                    PathSegment::Index(index) => {
                        json.extend_from_slice(index.to_string().as_bytes());
                    }
                }
            }
            json.push(b']');
        }
        json.extend_from_slice(b",\"extensions\":{\"code\":");
        json::plain(json, self.error.code.as_str());
        if let Some(limit) = self.error.limit {
            json.extend_from_slice(b",\"limit\":");
            json::plain(json, limit);
        }
        if let Some(request) = request.filter(|_| self.error.code == Code::Internal) {
            json.extend_from_slice(b",\"requestId\":");
            json::string(json, request);
        }
        json.extend_from_slice(b"}}");
    }
}
