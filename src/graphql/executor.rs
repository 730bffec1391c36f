//! The executor prepares operations and executes them.

mod freshness;
mod log;
mod prepared_document;
mod run;
mod whole_list;

use std::sync::Arc;
use std::time::Instant;

use apollo_compiler::executable::OperationType;
use quick_cache::sync::Cache;
use serde_json::{Map, Value as Json};

use super::engine::cache::{self, ResponseCache};
use super::engine::coerce::{self, Variables};
use super::engine::cost::Estimate;
use super::engine::prepare::Prepared;
use super::engine::response::Response;
use super::engine::schema::Schema;
use super::error::Error;
use super::subscription::{Position, SharedExecutions};
use super::trusted::{Manifest, TrustedDocuments};
use crate::db::{Access, Db};
use crate::domain::public_address::AddressPolicy;
use crate::domain::submission::ReviewMode;
use crate::domain::viewer::Credential;
use crate::limits::Limits;
use crate::metrics::Metrics;

pub use freshness::Conditions;
pub(super) use log::OperationSummary;
pub use prepared_document::PreparedDocument;
pub use whole_list::{FieldDescription, ListDocument, PageReader};

/// The maximum number of prepared documents in the cache.
const MAX_CACHED_DOCUMENTS: usize = 1_000;
/// The maximum length in bytes of a document in the cache. Longer documents are prepared each time, so that the cache stays
/// small.
const MAX_CACHED_TEXT: usize = 16 * 1024;

/// A GraphQL request.
#[derive(Debug)]
pub struct Request {
    /// The document.
    pub document: Document,
    /// The name of the operation to execute. Default: the only operation of the document.
    pub operation_name: Option<String>,
    /// The values of the variables.
    pub variables: Map<String, Json>,
}

/// The document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// The text of the document.
    Text(String),
    /// The id of a trusted document.
    Id(String),
}

/// The viewers that may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadAccess {
    /// Everyone.
    Public,
    /// Viewers with a credential.
    Private,
}

/// Executes operations.
#[derive(Clone)]
pub struct Executor {
    pub(super) schema: Arc<Schema>,
    pub(super) db: Db,
    read_access: ReadAccess,
    review: ReviewMode,
    webhook_addresses: AddressPolicy,
    pub(super) limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    documents: Arc<Cache<DocumentKey, Arc<Prepared>>>,
    response_cache: Option<Arc<ResponseCache>>,
    pub(super) shared_executions: Arc<SharedExecutions>,
    trusted: Arc<TrustedDocuments>,
}

/// The text of a document, and the name of the operation.
type DocumentKey = (String, Option<String>);

/// A request whose document is prepared.
pub struct Parsed {
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Map<String, Json>,
    /// The type of the operation. It determines the valid transports and the kind of the database connection.
    pub operation: OperationType,
}

/// An operation whose variables are coerced and whose estimate is within the limits.
pub(super) struct ReadyOperation {
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Variables,
    pub(super) estimate: Estimate,
    /// The digest of the document, the operation name and the variables.
    pub(super) digest: [u8; 32],
}

/// An operation to execute, with the conditions of its request. A subscription also has a position in the change log.
pub(super) struct ExecutionRequest {
    pub(super) ready: ReadyOperation,
    pub(super) conditions: Conditions,
    pub(super) position: Option<Arc<Position>>,
}

impl Executor {
    /// An executor with the default limits, without a response cache or trusted documents.
    ///
    /// # Errors
    /// Fails if the tables of fields are not a valid schema.
    pub fn new(db: Db, read_access: ReadAccess) -> Result<Self, String> {
        Ok(Self {
            schema: super::schema()?,
            db,
            read_access,
            review: ReviewMode::Off,
            webhook_addresses: AddressPolicy::Public,
            limits: Arc::new(Limits::DEFAULT),
            metrics: Arc::default(),
            documents: Arc::new(Cache::new(MAX_CACHED_DOCUMENTS)),
            response_cache: None,
            shared_executions: Arc::default(),
            trusted: Arc::default(),
        })
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = Arc::new(limits);
        self
    }

    /// Sets whether new statuses need a review.
    #[must_use]
    pub fn with_review(mut self, review: ReviewMode) -> Self {
        self.review = review;
        self
    }

    /// Sets the addresses that webhooks can have.
    #[must_use]
    pub fn with_webhook_addresses(mut self, addresses: AddressPolicy) -> Self {
        self.webhook_addresses = addresses;
        self
    }

    /// Sets the size of the response cache, in bytes. 0 turns the cache off.
    #[must_use]
    pub fn with_response_cache(mut self, bytes: u64) -> Self {
        self.response_cache = ResponseCache::new(bytes).map(Arc::new);
        if self.response_cache.is_some() {
            // A lookup in the cache needs the position of the log. Listening provides the position without a statement for
            // each request.
            self.db.listen_to_log();
        }
        self
    }

    /// Adds trusted documents. The documents of an operator are checked at once, against the limits for trusted documents, so
    /// call [`Executor::with_limits`] first.
    ///
    /// # Errors
    /// Fails with a message about the first invalid document of an operator.
    pub fn with_trusted_documents(
        mut self,
        manifests: impl IntoIterator<Item = Manifest>,
    ) -> Result<Self, String> {
        let mut trusted = TrustedDocuments::default();
        for manifest in manifests {
            trusted.add(manifest, &self.schema, &self.limits)?;
        }
        self.trusted = Arc::new(trusted);
        Ok(self)
    }

    /// Rejects all documents except trusted documents. Call [`Executor::with_trusted_documents`] first.
    ///
    /// # Errors
    /// Fails if there are no trusted documents, or the executor was cloned before.
    pub fn with_trusted_documents_only(mut self) -> Result<Self, String> {
        if self.trusted.len() == 0 {
            return Err("--trusted-documents-only requires trusted documents: name a file with --trusted-documents, or use a \
                 build with the web app"
                .to_owned());
        }
        let Some(trusted) = Arc::get_mut(&mut self.trusted) else {
            return Err("the executor is already in use".to_owned());
        };
        trusted.set_exclusive();
        Ok(self)
    }

    /// Whether reading requires a credential.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.read_access == ReadAccess::Private
    }

    /// Whether new statuses need a review.
    #[must_use]
    pub fn review_mode(&self) -> ReviewMode {
        self.review
    }

    /// The size of the cached responses, in bytes.
    #[must_use]
    pub fn cached_bytes(&self) -> u64 {
        self.response_cache.as_ref().map_or(0, |response_cache| response_cache.bytes())
    }

    /// The metrics of operations.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Prepares the document of a request, or reads it from the cache.
    ///
    /// # Errors
    /// Returns the response with the errors in the document.
    pub fn parse(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let started = Instant::now();
        self.prepare(request).inspect_err(|response| {
            self.log_operation(OperationSummary::default(), started, response);
        })
    }

    fn prepare(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let Request { document, operation_name, variables } = request;
        let prepared = match document {
            Document::Id(id) => {
                self.trusted.find(&id, operation_name, &self.schema, &self.limits)?
            }
            Document::Text(text) => self.prepare_text(text, operation_name)?,
        };
        let operation = prepared.operation.operation_type;
        Ok(Parsed { prepared, variables, operation })
    }

    fn prepare_text(
        &self,
        text: String,
        operation_name: Option<String>,
    ) -> Result<Arc<Prepared>, Box<Response>> {
        self.trusted.check_text_is_allowed()?;
        let key = (text, operation_name);
        Ok(if let Some(prepared) = self.documents.get(&key) {
            prepared
        } else {
            let (text, operation_name) = &key;
            let prepared =
                Prepared::new(&self.schema, &self.limits, text, operation_name.as_deref())?;
            let prepared = Arc::new(prepared);
            if text.len() <= MAX_CACHED_TEXT {
                self.documents.insert(key, prepared.clone());
            }
            prepared
        })
    }

    /// Coerces the variables, and checks the estimated size of the response.
    pub(super) fn ready(&self, parsed: Parsed) -> Result<ReadyOperation, Box<Response>> {
        let Parsed { prepared, variables, .. } = parsed;
        let refused = |error: Error| Box::new(Response::refused(error));
        let variables =
            coerce::variables(&self.schema.definitions, &prepared.operation, &variables)
                .map_err(|mismatch| refused(mismatch.into()))?;
        let estimate = Estimate::new(&prepared.sizes, &variables);
        estimate.check(&self.limits).map_err(refused)?;
        let digest = digest(&prepared.digest, &variables);
        Ok(ReadyOperation { prepared, variables, estimate, digest })
    }

    /// Executes a request for the viewer with `credential`. Subscriptions are rejected; see [`Executor::subscribe`].
    pub async fn execute(
        &self,
        parsed: Parsed,
        credential: &Credential,
        conditions: Conditions,
    ) -> Response {
        let started = Instant::now();
        let mut summary = OperationSummary::of(&parsed);
        let access = match parsed.operation {
            OperationType::Mutation => Access::Write,
            OperationType::Query | OperationType::Subscription => Access::Read,
        };
        let response = match self.ready(parsed) {
            Ok(ready) => {
                summary.estimate = ready.estimate;
                if let Some(response) = self.cached_response(&ready, credential, &conditions) {
                    response
                } else {
                    let request = ExecutionRequest { ready, conditions, position: None };
                    self.run(access, Arc::new(request), credential).await
                }
            }
            Err(response) => *response,
        };
        if let Some(is_hit) = response.freshness.is_hit {
            self.metrics.answer(is_hit, self.cached_bytes());
        }
        self.log_operation(summary, started, &response);
        response
    }
}

/// The digest of a prepared document and the values of its variables.
fn digest(document: &[u8; 32], variables: &Variables) -> [u8; 32] {
    if variables.is_empty() {
        return *document;
    }
    let mut text = String::new();
    for (name, value) in variables {
        text.push_str(name);
        text.push('=');
        // Coerced values come from JSON or literals. JSON can express both, so serialization does not fail.
        text.push_str(&serde_json::to_string(value).unwrap_or_default());
        text.push('\n');
    }
    cache::digest(document, &text)
}
