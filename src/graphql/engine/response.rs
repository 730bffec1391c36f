//! The response to an operation, as section 7 of the specification has it.

use apollo_compiler::Name;
use bytes::Bytes;

use super::json;
use crate::graphql::error::{Code, Error};

/// The response to an operation.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// The whole response as JSON, as it is without errors; none where execution did not begin.
    body: Option<Bytes>,
    /// The errors, in the order of the data.
    pub errors: Vec<FieldError>,
    /// What to know about its age.
    pub freshness: Freshness,
    /// The cursor of the change log from which a subscription goes on after this event; none if it is no event.
    pub cursor: Option<String>,
}

/// What to know about the age of a response.
#[derive(Debug, Clone, Default)]
pub struct Freshness {
    /// A position of the change log that it reflects: everything up to it was committed before it was read.
    pub position: Option<i64>,
    /// Whether it was kept from before; none where it could not have been.
    pub is_hit: Option<bool>,
    /// Its entity tag; none where it is no answer that can be kept.
    pub entity_tag: Option<String>,
    /// Whether the client has it already, by that tag.
    pub is_not_modified: bool,
}

/// An error, and where it belongs.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// What went wrong.
    pub error: Error,
    /// The field of the answer; empty for an error of the whole request.
    pub path: Vec<PathSegment>,
    /// Lines and columns of the document, from 1.
    pub locations: Vec<(usize, usize)>,
}

/// A step on the way to a field of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// The field with that name.
    Field(Name),
    /// The item of a list, from 0.
    Index(usize),
}

impl From<Error> for FieldError {
    fn from(error: Error) -> Self {
        Self { error, path: Vec::new(), locations: Vec::new() }
    }
}

impl Response {
    /// The response to a request that is refused.
    #[must_use]
    pub fn refused(error: Error) -> Self {
        Self { errors: vec![error.into()], ..Self::default() }
    }

    /// The response to a request that is invalid, for these reasons.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// What stands before and after the data in a response without errors.
    pub(super) const BEFORE_DATA: &[u8] = b"{\"data\":";
    pub(super) const AFTER_DATA: &[u8] = b"}";

    /// The response to an operation that was executed: its data, with what stands before and after it.
    #[must_use]
    pub fn executed(body: Bytes, errors: Vec<FieldError>) -> Self {
        Self { body: Some(body), errors, ..Self::default() }
    }

    /// Whether execution began.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.body.is_some()
    }

    /// The data as JSON; none where execution did not begin.
    #[must_use]
    pub fn data(&self) -> Option<&[u8]> {
        self.body.as_deref()?.strip_prefix(Self::BEFORE_DATA)?.strip_suffix(Self::AFTER_DATA)
    }

    /// The whole response as JSON, if there are no errors.
    #[must_use]
    pub fn without_errors(&self) -> Option<&Bytes> {
        self.body.as_ref().filter(|_| self.errors.is_empty())
    }

    /// Takes its data away: what follows cannot begin.
    #[must_use]
    pub fn without_data(self) -> Self {
        Self { body: None, ..self }
    }

    /// Adds the cursor of the event that it is.
    #[must_use]
    pub fn at_cursor(self, cursor: String) -> Self {
        Self { cursor: Some(cursor), ..self }
    }

    /// Whether nothing went wrong.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether one of the errors has one of these codes.
    #[must_use]
    pub fn has_code(&self, codes: &[Code]) -> bool {
        self.errors.iter().any(|error| codes.contains(&error.error.code))
    }

    /// The codes of the errors, each once.
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

    /// The response as JSON. `request` names the request in errors that say nothing else, so that they are found in the log.
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
