//! Trusted documents. Clients send the id of a trusted document instead of its text.
//!
//! They are the “persisted documents” of the GraphQL-over-HTTP draft (appendix A).

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, OnceLock};

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use sha2::{Digest, Sha256};

use super::engine::prepare::Prepared;
use super::engine::response::Response;
use super::engine::schema::Schema;
use super::error::{Code, Error};
use crate::domain::text::quote;
use crate::limits::Limits;

/// The maximum length of an id, in characters.
const MAX_ID_LENGTH: usize = 256;
/// The number of hexadecimal digits of a SHA-256.
const DIGITS: usize = 64;
/// The prefix of ids that are the SHA-256 of the document's text.
const SHA_256: &str = "sha256";

/// Documents, keyed by id.
#[derive(Debug)]
pub struct Manifest {
    /// The name of the file, for error messages.
    file: String,
    documents: Documents,
    preparation: Preparation,
}

/// The time at which a document is parsed and validated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preparation {
    /// At the start, so that an invalid document of an operator stops the server.
    AtStart,
    /// At the first request. The documents of the program are valid, and preparing all of them would delay each start.
    OnFirstUse,
}

impl Manifest {
    /// A manifest of documents that are part of the program. `name` is the source of the documents in error messages.
    #[must_use]
    pub fn of(name: &str, documents: &[(&str, &str)]) -> Self {
        let owned = |(id, text): &(&str, &str)| ((*id).to_owned(), (*text).to_owned());
        let documents = documents.iter().map(owned).collect();
        let preparation = Preparation::OnFirstUse;
        Self { file: name.to_owned(), documents: Documents(documents), preparation }
    }

    /// Parses a manifest that is part of the program. See [`Manifest::parse`].
    ///
    /// # Errors
    /// See [`Manifest::parse`].
    pub fn parse_program(name: &str, json: &str) -> Result<Self, String> {
        let manifest = Self::parse(name, json)?;
        Ok(Self { preparation: Preparation::OnFirstUse, ..manifest })
    }

    /// Parses a manifest of an operator: a JSON object of ids and texts. `file` is its name.
    ///
    /// # Errors
    /// Fails if the JSON or an id is invalid, or a text does not have the SHA-256 of its id.
    pub fn parse(file: &str, json: &str) -> Result<Self, String> {
        let documents: Documents = serde_json::from_str(json).map_err(|failure| {
            format!("{file} is not a JSON object of document ids and documents: {failure}")
        })?;
        for (id, text) in &documents.0 {
            check_entry(id, text).map_err(|message| format!("{file}: {message}"))?;
        }
        Ok(Self { file: file.to_owned(), documents, preparation: Preparation::AtStart })
    }
}

fn check_entry(id: &str, text: &str) -> Result<(), String> {
    match check_id(id)? {
        None => Ok(()),
        Some(SHA_256) => {
            let expected = sha256_id(text);
            if id == expected {
                return Ok(());
            }
            Err(format!(
                "the text of the document with the id {id} has another hash: its id would be {expected}"
            ))
        }
        Some(prefix) if prefix.starts_with("x-") => Ok(()),
        Some(prefix) => Err(format!(
            "the document id {id} has the prefix {prefix}, which is reserved: use sha256, a prefix that begins with x-, or \
             no colon"
        )),
    }
}

/// Ids and texts. Each id occurs once.
#[derive(Debug)]
struct Documents(HashMap<String, String>);

impl<'de> Deserialize<'de> for Documents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> Visitor<'de> for Pairs {
            type Value = Documents;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of document ids and documents")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Documents, A::Error> {
                let mut texts: HashMap<String, String> = HashMap::new();
                while let Some((id, text)) = map.next_entry::<String, String>()? {
                    if texts.contains_key(&id) {
                        // A map would silently keep only one of the two texts.
                        return Err(A::Error::custom(format!("{} is listed twice", quote(&id))));
                    }
                    texts.insert(id, text);
                }
                Ok(Documents(texts))
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

#[derive(Default)]
pub struct TrustedDocuments {
    by_id: HashMap<String, TrustedDocument>,
    /// Whether other documents are rejected.
    is_exclusive: bool,
}

struct TrustedDocument {
    text: String,
    /// The operations, or the errors in the document. Empty until the document is prepared.
    prepared: OnceLock<Result<Operations, String>>,
}

/// The operations of a document, by the operation name of a request.
type Operations = HashMap<Option<String>, Arc<Prepared>>;

impl TrustedDocument {
    /// The operations of the document.
    ///
    /// # Errors
    /// The errors in the document, in one line.
    fn operations(&self, schema: &Schema, limits: &Limits) -> Result<&Operations, &str> {
        let prepared = self.prepared.get_or_init(|| {
            // For trusted documents, only the depth and the number of selections are limited.
            let limits = limits.of_trusted_documents();
            let operations = Prepared::all(schema, &limits, &self.text)
                .map_err(|response| describe(&response))?;
            let operations: Vec<Arc<Prepared>> = operations.into_iter().map(Arc::new).collect();
            let only = if let [only] = operations.as_slice() { Some(only.clone()) } else { None };
            let name =
                |prepared: &Prepared| prepared.operation.name.as_ref().map(ToString::to_string);
            let named = operations.iter().map(|prepared| (name(prepared), prepared.clone()));
            Ok(named.chain(only.map(|only| (None, only))).collect())
        });
        prepared.as_ref().map_err(String::as_str)
    }
}

impl TrustedDocuments {
    /// Rejects other documents.
    pub(super) fn set_exclusive(&mut self) {
        self.is_exclusive = true;
    }

    /// The number of documents.
    pub(super) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Adds the documents of a manifest.
    ///
    /// # Errors
    /// Fails with a message that names the invalid document and the reason, if the documents are prepared at the start.
    pub(super) fn add(
        &mut self,
        manifest: Manifest,
        schema: &Schema,
        limits: &Limits,
    ) -> Result<(), String> {
        let Manifest { file, documents, preparation } = manifest;
        for (id, text) in documents.0 {
            let document = TrustedDocument { text, prepared: OnceLock::new() };
            if preparation == Preparation::AtStart {
                document
                    .operations(schema, limits)
                    .map_err(|errors| format!("{file}: the document {id} is invalid: {errors}"))?;
            }
            self.by_id.insert(id, document);
        }
        Ok(())
    }

    /// The operation of a document.
    ///
    /// # Errors
    /// Returns the response for a malformed or unknown id, or an unknown operation name. If a document of the program is
    /// invalid, this is an internal error.
    pub(super) fn find(
        &self,
        id: &str,
        operation_name: Option<String>,
        schema: &Schema,
        limits: &Limits,
    ) -> Result<Arc<Prepared>, Box<Response>> {
        let refused =
            |code: Code, message: String| Box::new(Response::refused(code.error(message)));
        let Some(document) = self.by_id.get(id) else {
            check_id(id).map_err(|message| refused(Code::BadRequest, message))?;
            return Err(refused(
                Code::DocumentNotFound,
                format!("the server has no document with the id {id}"),
            ));
        };
        let operations = document.operations(schema, limits).map_err(|errors| {
            let message = format!("the document {id} is invalid: {errors}");
            Box::new(Response::refused(Error::internal(message)))
        })?;
        operations.get(&operation_name).cloned().ok_or_else(|| {
            let message = match &operation_name {
                Some(name) => {
                    format!("the document has no operation with the name {}", quote(name))
                }
                None => "the document has several operations: name one of them as `operationName`"
                    .to_owned(),
            };
            refused(Code::ValidationFailed, message)
        })
    }

    /// # Errors
    /// Returns the response that rejects documents sent as text.
    pub(super) fn check_text_is_allowed(&self) -> Result<(), Box<Response>> {
        if !self.is_exclusive {
            return Ok(());
        }
        Err(Box::new(Response::refused(Code::DocumentNotTrusted.error(
            "this server executes trusted documents only: send the `documentId` of a trusted document instead of `query`",
        ))))
    }
}

/// The id of a document: the SHA-256 of its text.
fn sha256_id(text: &str) -> String {
    let start = format!("{SHA_256}:");
    Sha256::digest(text).iter().fold(start, |mut id, byte| {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// Checks the syntax of an id. Returns its prefix, if it has one.
fn check_id(id: &str) -> Result<Option<&str>, String> {
    let is_unreserved =
        |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'.' | b'_' | b'~');
    let (prefix, payload) = match id.split_once(':') {
        Some((prefix, payload)) => (Some(prefix), payload),
        None => (None, id),
    };
    let is_written_so = id.len() <= MAX_ID_LENGTH
        && prefix.is_none_or(|prefix| !prefix.is_empty() && prefix.bytes().all(is_unreserved))
        && !payload.is_empty()
        && payload
            .bytes()
            .all(|letter| is_unreserved(letter) || (letter == b':' && prefix.is_some()));
    if !is_written_so {
        return Err(format!(
            "the document id is {}; an id has at most {MAX_ID_LENGTH} letters, digits and -._~, and may begin with a prefix and \
             a colon, like sha256:",
            quote(id)
        ));
    }
    let is_digit = |letter: u8| matches!(letter, b'0'..=b'9' | b'a'..=b'f');
    if prefix == Some(SHA_256) && !(payload.len() == DIGITS && payload.bytes().all(is_digit)) {
        return Err(format!(
            "the document id is {}; after sha256:, an id has {DIGITS} hexadecimal digits in lower case",
            quote(id)
        ));
    }
    Ok(prefix)
}

/// The errors of a response in one line.
fn describe(response: &Response) -> String {
    let messages: Vec<String> = response
        .errors
        .iter()
        .map(|error| match error.locations.first() {
            Some((line, column)) => {
                format!("{} (line {line}, column {column})", error.error.message)
            }
            None => error.error.message.clone(),
        })
        .collect();
    messages.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_document_of_the_program_is_an_internal_error() {
        let schema = crate::graphql::schema().unwrap();
        let mut trusted = TrustedDocuments::default();
        let manifest = Manifest::of("the test", &[("a", "{ nothing }")]);
        trusted.add(manifest, &schema, &Limits::DEFAULT).unwrap();
        let response = trusted.find("a", None, &schema, &Limits::DEFAULT).err().unwrap();
        assert_eq!(response.errors[0].error.code, Code::Internal);
        assert_eq!(response.errors[0].error.message, "internal error");
    }

    #[test]
    fn ids_are_parsed_according_to_the_draft() {
        let hash = "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b";
        assert_eq!(sha256_id("query($id:ID!){user(id:$id){name}}"), format!("sha256:{hash}"));
        for (id, prefix) in [
            (format!("sha256:{hash}"), Some("sha256")),
            ("x-own:a:b".to_owned(), Some("x-own")),
            ("md5:a".to_owned(), Some("md5")),
            ("A-z.0_9~".to_owned(), None),
            ("a".repeat(MAX_ID_LENGTH), None),
        ] {
            assert_eq!(check_id(&id), Ok(prefix), "{id}");
        }
        for id in [
            String::new(),
            ":a".to_owned(),
            "a:".to_owned(),
            "a b".to_owned(),
            "ä".to_owned(),
            "../a".to_owned(),
            "sha256:".to_owned(),
            format!("sha256:{}", hash.to_uppercase()),
            format!("sha256:{hash}0"),
            "a".repeat(MAX_ID_LENGTH + 1),
        ] {
            assert!(check_id(&id).is_err(), "{id}");
        }
    }

    #[test]
    fn manifest_is_rejected_with_the_reason() {
        for (json, part) in [
            ("[]", "not a JSON object"),
            ("{", "not a JSON object"),
            (r#"{"a": 1}"#, "not a JSON object"),
            (r#"{"a": "{ b }", "a": "{ c }"}"#, "listed twice"),
            (r#"{"a b": "{ b }"}"#, "“a b”"),
            (r#"{"md5:a": "{ b }"}"#, "reserved"),
            (
                r#"{"sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b": "{ b }"}"#,
                "has another hash",
            ),
        ] {
            let message = Manifest::parse("own.json", json).unwrap_err();
            assert!(message.starts_with("own.json") && message.contains(part), "{json}: {message}");
        }
    }
}
