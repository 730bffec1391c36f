//! An agreement as legal XML in Akoma Ntoso 1.0, the standard of OASIS for laws and treaties.
//!
//! The document contains the recorded texts of the clauses, and the summaries, which are marked as editorial. The
//! metadata contains the parties, the sources, the days on which the agreement was concluded and ended, and the statuses
//! of the clauses.

mod body;
mod meta;
mod names;
mod record;
mod references;
mod xml;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Map, Value as Json};
use url::Url;

use super::request::entity_tag;
use super::{CancelOnDrop, ExportLimits};
use crate::domain::day;
use crate::domain::viewer::Credential;
use crate::graphql::{Code, Conditions, Error, Executor, ListDocument, LogPoint, PageReader};
use meta::Meta;
use record::{Agreement, Clause};
use references::References;
use xml::Xml;

/// The media type of Akoma Ntoso.
const MEDIA_TYPE: &str = "application/akn+xml";
const NAMESPACE: &str = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0";
/// The maximum length of the clauses of an agreement, in bytes. This limits the memory that writing the document needs.
const MAX_LENGTH: usize = 16 << 20;
/// The parameter for the slug of the agreement, which is part of the address.
const AGREEMENT: &str = "agreement";

/// Writes agreements as Akoma Ntoso.
pub struct AkomaNtoso {
    document: Arc<ListDocument>,
    limits: Arc<ExportLimits>,
}

/// A request for an agreement as Akoma Ntoso.
pub struct LegalTextRequest {
    /// The slug of the agreement.
    pub slug: String,
    /// The names and values of the parameters: `asOf`, `knownAt`, `knownAtRelease` and `heldBy`.
    pub parameters: Vec<(String, String)>,
    /// The public address of the server, with a slash at the end.
    pub base: Url,
    /// The entity tags of documents that the client has.
    pub conditions: Conditions,
}

/// The response to a request for an agreement as Akoma Ntoso.
pub enum LegalText {
    /// The document and its entity tag.
    Found {
        /// The entity tag, with its quotes.
        entity_tag: String,
        /// The XML document.
        content: Vec<u8>,
    },
    /// The client already has the document.
    NotModified {
        /// The entity tag, with its quotes.
        entity_tag: String,
    },
    /// The requested slug is a former slug of the agreement. Contains the current slug.
    Moved(String),
    /// There is no such agreement.
    NotFound,
}

/// The day, time and holder of the statuses, for the metadata.
struct View {
    /// The day of the statuses.
    as_of: String,
    /// The time in `knownAt`. None if the request does not have this parameter. The document then uses the release in
    /// `knownAtRelease`, or everything recorded so far.
    known_at: Option<String>,
    /// The name of the release in `knownAtRelease`.
    known_at_release: Option<String>,
    /// The party whose assessments are used. None for the neutral record.
    held_by: Option<String>,
}

impl AkomaNtoso {
    /// The media type of the documents.
    pub const MEDIA_TYPE: &str = MEDIA_TYPE;
    /// The extension of the files.
    pub const EXTENSION: &str = "akn";

    /// Prepares the GraphQL document that reads an agreement.
    ///
    /// # Errors
    /// The first error in the document.
    pub fn new(executor: &Executor, limits: Arc<ExportLimits>) -> Result<Self, String> {
        let document = executor.list_document(include_str!("akoma_ntoso/agreement.graphql"))?;
        Ok(Self { document: Arc::new(document), limits })
    }

    /// Writes an agreement.
    ///
    /// # Errors
    /// Fails if a parameter is invalid, if the viewer may not read, or if the document would be too long.
    pub async fn run(
        &self,
        executor: &Executor,
        request: LegalTextRequest,
        credential: &Credential,
    ) -> Result<LegalText, Error> {
        let LegalTextRequest { slug, mut parameters, base, conditions } = request;
        let key = format!("{} {base} {slug}.akn {parameters:?}", env!("CARGO_PKG_VERSION"));
        parameters.push((AGREEMENT.to_owned(), slug.clone()));
        let mut variables = self.document.variables(&parameters)?;
        let as_of = variables.entry("asOf").or_insert_with(|| day::today().to_string().into());
        let as_of = as_of.as_str().unwrap_or_default().to_owned();
        let text = |name: &str| variables.get(name).and_then(Json::as_str).map(str::to_owned);
        let view = View {
            as_of,
            known_at: text("knownAt"),
            known_at_release: text("knownAtRelease"),
            held_by: text("heldBy"),
        };
        let is_cancelled = Arc::new(AtomicBool::new(false));
        let _cancel = CancelOnDrop(is_cancelled.clone());
        let _running = self.limits.run().await?;
        let writer = LegalTextWriter {
            key,
            slug,
            base,
            conditions,
            view,
            is_cancelled,
            entity_tag: String::new(),
            is_known: false,
            agreement: None,
            clauses: Vec::new(),
            length: 0,
        };
        executor.read_whole_list(self.document.clone(), variables, credential, writer).await
    }
}

/// Collects an agreement and its clauses, and writes them.
struct LegalTextWriter {
    key: String,
    slug: String,
    base: Url,
    conditions: Conditions,
    view: View,
    is_cancelled: Arc<AtomicBool>,
    entity_tag: String,
    /// Whether the client already has the document.
    is_known: bool,
    agreement: Option<Json>,
    clauses: Vec<Clause>,
    /// The approximate length of the clauses in the document, in bytes.
    length: usize,
}

impl PageReader for LegalTextWriter {
    type Output = LegalText;

    fn begin(&mut self, point: LogPoint) -> Result<bool, Error> {
        self.entity_tag = entity_tag(&self.key, Some(point));
        self.is_known = self.conditions.has(&self.entity_tag);
        Ok(!self.is_known)
    }

    fn others(&mut self, mut fields: Map<String, Json>) {
        self.agreement = fields.remove("agreement").filter(|agreement| !agreement.is_null());
    }

    fn page(&mut self, nodes: Vec<Json>) -> Result<bool, Error> {
        for node in nodes {
            let clause: Clause = serde_json::from_value(node).map_err(Error::internal)?;
            self.length += clause.length();
            self.clauses.push(clause);
        }
        if self.length > MAX_LENGTH {
            let message = format!(
                "the clauses of the agreement need more than {MAX_LENGTH} bytes, the limit for Akoma Ntoso; use the export `clauses` instead"
            );
            return Err(Code::BadUserInput.error(message));
        }
        Ok(!self.is_cancelled.load(Ordering::Relaxed))
    }

    fn finish(self) -> Result<LegalText, Error> {
        let Self { slug, base, view, entity_tag, is_known, agreement, clauses, .. } = self;
        if is_known {
            return Ok(LegalText::NotModified { entity_tag });
        }
        let Some(agreement) = agreement else { return Ok(LegalText::NotFound) };
        let agreement: Agreement = serde_json::from_value(agreement).map_err(Error::internal)?;
        if agreement.slug != slug {
            return Ok(LegalText::Moved(agreement.slug));
        }
        let content = document(&base, &view, &agreement, &clauses);
        Ok(LegalText::Found { entity_tag, content })
    }
}

/// Writes the document of an agreement.
fn document(base: &Url, view: &View, agreement: &Agreement, clauses: &[Clause]) -> Vec<u8> {
    let references = References::new(base, agreement, clauses);
    let clauses = body::place(clauses);
    let today = day::today().to_string();
    let mut xml = Xml::new();
    xml.start("akomaNtoso", &[("xmlns", NAMESPACE)]);
    xml.start("act", &[("name", &names::token(&agreement.kind))]);
    let meta = Meta { agreement, clauses: &clauses, references: &references, view, today: &today };
    meta.write(&mut xml);
    preface(&mut xml, agreement);
    body::write(&mut xml, agreement, &clauses, &references);
    xml.end("act");
    xml.end("akomaNtoso");
    xml.finish()
}

/// Writes the title, the day and the place of the agreement, and the fields `adoption` and `summary` of its record.
fn preface(xml: &mut Xml, agreement: &Agreement) {
    xml.start("preface", &[]);
    xml.start("longTitle", &[("eId", "longTitle")]);
    xml.start("p", &[]);
    xml.text("docTitle", &[], &agreement.title);
    xml.end("p");
    xml.end("longTitle");
    xml.start("p", &[]);
    let agreed_on = agreement.agreed_on.as_str();
    xml.text("docDate", &[("date", agreed_on)], agreed_on);
    if let Some(place) = &agreement.place {
        xml.text("location", &[("refersTo", "#place")], place);
    }
    xml.end("p");
    body::summary(xml, &agreement.adoption);
    body::summary(xml, &agreement.summary);
    xml.end("preface");
}
