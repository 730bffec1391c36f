//! Running an operation: prepared once, then executed on one thread, in one snapshot.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use apollo_compiler::executable::OperationType;
use quick_cache::sync::Cache;
use serde_json::{Map, Value as Json};
use tokio::time::timeout_at;

use super::engine::cache::{self, CacheKey, ResponseCache};
use super::engine::call::Context;
use super::engine::coerce::{self, Variables};
use super::engine::cost::Estimate;
use super::engine::execute::Execution;
use super::engine::prepare::Prepared;
use super::engine::response::{Freshness, Response};
use super::engine::schema::Schema;
use super::engine::write::write;
use super::error::{self, Code, Error};
use super::subscription::{Position, SharedExecutions};
use super::trusted::{Manifest, TrustedDocuments};
use crate::db::{self, Access, Db, DbConnection, Dialect, Permit, Session};
use crate::domain::day;
use crate::domain::id::TokenId;
use crate::domain::viewer::{Credential, Viewer};
use crate::limits::Limits;
use crate::metrics::Metrics;

/// How many prepared documents are kept.
const MAX_CACHED_DOCUMENTS: usize = 1_000;
/// Texts longer than this are prepared each time, so that the cache stays small. In bytes.
const MAX_CACHED_TEXT: usize = 16 * 1024;
/// How many nodes the answer to a query may have that is read on the thread that received it, on SQLite.
const MAX_INLINE_NODES: u64 = 100;
/// How many characters of an operation's name are logged.
const MAX_LOGGED_NAME: usize = 64;

/// What a client sends.
#[derive(Debug)]
pub struct Request {
    /// The document.
    pub document: Document,
    /// Which of its operations; the only one, if none is named.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Map<String, Json>,
}

/// The document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// Its text.
    Text(String),
    /// The id of a trusted document.
    Id(String),
}

/// Executes operations.
#[derive(Clone)]
pub struct Executor {
    pub(super) schema: Arc<Schema>,
    pub(super) db: Db,
    /// Whether reading requires a token, too.
    is_private: bool,
    pub(super) limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    documents: Arc<Cache<DocumentKey, Arc<Prepared>>>,
    response_cache: Option<Arc<ResponseCache>>,
    pub(super) shared_executions: Arc<SharedExecutions>,
    trusted: Arc<TrustedDocuments>,
}

/// The document's text, and the name of the operation.
type DocumentKey = (String, Option<String>);

/// A request whose document is ready to be executed.
pub struct Parsed {
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Map<String, Json>,
    /// Its kind: decides how it may be sent and which connection it gets.
    pub operation: OperationType,
}

/// What is counted and logged of an operation.
#[derive(Default)]
pub(super) struct OperationSummary {
    kind: Option<OperationType>,
    name: Option<String>,
    pub(super) estimate: Estimate,
}

impl OperationSummary {
    pub(super) fn of(parsed: &Parsed) -> Self {
        let name = parsed.prepared.operation.name.as_ref();
        let name = name.map(|name| name.chars().take(MAX_LOGGED_NAME).collect());
        Self { kind: Some(parsed.operation), name, estimate: Estimate::default() }
    }
}

/// What a request says of the age of its answer.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// The answer must reflect the change log at least up to this position.
    pub min_position: Option<i64>,
    /// The entity tags of answers that the client has, as in `If-None-Match`.
    pub if_none_match: Option<String>,
}

impl Conditions {
    /// Whether one of the tags is this one. `*` is none: whether there is an answer at all shows only when it is read.
    fn has(&self, tag: &str) -> bool {
        let tags = self.if_none_match.as_deref().unwrap_or_default();
        tags.split(',').any(|known| known.trim() == tag)
    }
}

/// An operation whose variables are coerced and whose cost is within the limits.
pub(super) struct ReadyOperation {
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Variables,
    pub(super) estimate: Estimate,
    /// The digest of all that it consists of.
    pub(super) digest: [u8; 32],
}

impl Executor {
    /// Executes on `db`, within the default limits; if it is private, only for viewers with a token.
    ///
    /// # Errors
    /// When the tables of fields do not make a schema.
    pub fn new(db: Db, is_private: bool) -> Result<Self, String> {
        Ok(Self {
            schema: Arc::new(super::schema()?),
            db,
            is_private,
            limits: Arc::new(Limits::DEFAULT),
            metrics: Arc::default(),
            documents: Arc::new(Cache::new(MAX_CACHED_DOCUMENTS)),
            response_cache: None,
            shared_executions: Arc::default(),
            trusted: Arc::default(),
        })
    }

    /// Executes within these limits instead.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = Arc::new(limits);
        self
    }

    /// Keeps answers of at most that many bytes in all.
    #[must_use]
    pub fn with_response_cache(mut self, bytes: u64) -> Self {
        self.response_cache = ResponseCache::new(bytes).map(Arc::new);
        if self.response_cache.is_some() {
            // So that kept answers are found without a statement.
            self.db.listen_to_log();
        }
        self
    }

    /// Knows the documents of these manifests by id, and executes no others if `is_exclusive`. Call it after
    /// [`Executor::with_limits`].
    ///
    /// # Errors
    /// A sentence that names a document that is not valid, or says that there is none.
    pub fn with_trusted_documents(
        mut self,
        manifests: impl IntoIterator<Item = Manifest>,
        is_exclusive: bool,
    ) -> Result<Self, String> {
        let mut trusted = TrustedDocuments::default();
        for manifest in manifests {
            trusted.add(manifest, &self.schema, &self.limits)?;
        }
        if is_exclusive {
            if trusted.len() == 0 {
                return Err("--trusted-documents-only needs documents: name a file of them by --trusted-documents, or use a \
                     build with the web app"
                    .to_owned());
            }
            trusted.set_exclusive();
        }
        self.trusted = Arc::new(trusted);
        Ok(self)
    }

    /// Whether reading requires a token.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.is_private
    }

    /// How many bytes of answers it keeps.
    #[must_use]
    pub fn cached_bytes(&self) -> u64 {
        self.response_cache.as_ref().map_or(0, |response_cache| response_cache.bytes())
    }

    /// What it counts.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Prepares the request's document, or finds it prepared already.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub fn parse(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let started = Instant::now();
        self.prepare(request).inspect_err(|response| {
            self.log_operation(OperationSummary::default(), started, response)
        })
    }

    fn prepare(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let Request { document, operation_name, variables } = request;
        let prepared = match document {
            Document::Id(id) => self.trusted.find(&id, operation_name)?,
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

    /// Coerces the variables, and estimates how large the answer may get.
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

    /// The answer that is kept for the position of this moment, if the request may have it without being asked who sends
    /// it, and the position is known without waiting.
    fn cached_response(
        &self,
        ready: &ReadyOperation,
        credential: &Credential,
        conditions: &Conditions,
    ) -> Option<Response> {
        let is_public = *credential == Credential::None && !self.is_private;
        if !is_public || !ready.prepared.can_be_kept() || self.db.position_blocks() {
            return None;
        }
        let response_cache = self.response_cache.as_ref()?;
        let point = self.db.log_point().ok()?;
        if conditions.min_position.is_some_and(|least| point.position < least) {
            return None;
        }
        let key = CacheKey { request: ready.digest, point, day: day::today() };
        find(response_cache, &key, conditions)
    }

    /// Counts an operation, and logs one line: never what a client wrote but for the operation's name.
    pub(super) fn log_operation(
        &self,
        summary: OperationSummary,
        started: Instant,
        response: &Response,
    ) {
        let kind = match summary.kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "unknown",
        };
        let codes = response.codes();
        let has_data = response.data().is_some_and(|data| data != b"null");
        let outcome = match codes.first() {
            None => "ok",
            Some(_) if codes.contains(&Code::Internal) => "internal",
            Some(_) if has_data => "partial",
            Some(_) => "refused",
        };
        let took = started.elapsed();
        self.metrics.operation(kind, outcome, took);
        self.metrics.estimated(summary.estimate.nodes);
        if let Some(limit) = response.errors.iter().find_map(|error| error.error.limit) {
            self.metrics.count_rejection(limit);
        }
        tracing::info!(
            operation = summary.name.as_deref().unwrap_or_default(),
            kind,
            nodes = summary.estimate.nodes,
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            codes = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(","),
            "operation"
        );
    }

    /// Whether the viewer with `credential` may ask anything at all; each operation is judged by itself once more.
    ///
    /// # Errors
    /// When the credential is invalid, or reading requires more.
    pub async fn check_access(&self, credential: &Credential) -> Result<(), Error> {
        self.viewer(credential).await.map(|_| ())
    }

    /// The viewer with `credential`, who may read.
    ///
    /// # Errors
    /// When the credential is invalid, or reading requires more.
    pub(super) async fn viewer(&self, credential: &Credential) -> Result<Viewer, Error> {
        if *credential == Credential::None && !self.is_private {
            return Ok(Viewer::anonymous());
        }
        let (is_private, credential) = (self.is_private, credential.clone());
        self.in_session(Access::Read, move |session| {
            authenticate(session, &credential, is_private).map(|(viewer, _)| viewer)
        })
        .await
    }

    /// Runs `work` with a session of its own, where blocking is allowed.
    ///
    /// # Errors
    /// Those of `work`, and when no connection can be had.
    pub(super) async fn in_session<T: Send + 'static>(
        &self,
        access: Access,
        work: impl FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.db.permit(access).await?;
        let done = tokio::task::spawn_blocking(move || work(&mut permit.open()?)).await;
        done.unwrap_or_else(|failure| Err(Error::internal(failure)))
    }

    /// Executes for the viewer with `credential`, where blocking is allowed, with a session of its own.
    pub(super) async fn run(
        &self,
        access: Access,
        request: Arc<ExecutionRequest>,
        credential: &Credential,
    ) -> Response {
        let deadline = Instant::now() + self.limits.request_time();
        let permit = match timeout_at(deadline.into(), self.db.permit(access)).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(failure)) => return Response::refused(failure.into()),
            Err(_) => return Response::refused(db::Error::TimedOut.into()),
        };
        // A file that is in memory anyway answers sooner than another thread wakes up.
        let is_small = self.db.dialect() == Dialect::Sqlite
            && access == Access::Read
            && request.ready.estimate.nodes <= MAX_INLINE_NODES;
        let (executor, credential) = (self.clone(), credential.clone());
        let span = tracing::Span::current();
        let work = move || {
            let _entered = span.enter();
            let run = || executor.blocking(&permit, &request, &credential, deadline);
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                (Response::refused(Error::internal("execution panicked")), None)
            })
        };
        let (response, used) = if is_small {
            work()
        } else {
            tokio::task::spawn_blocking(work)
                .await
                .unwrap_or_else(|failure| (Response::refused(Error::internal(failure)), None))
        };
        if let Some(token) = used {
            // Nobody has to wait for that.
            tokio::spawn(touch_token(self.db.clone(), token));
        }
        response
    }

    fn blocking(
        &self,
        permit: &Permit,
        request: &ExecutionRequest,
        credential: &Credential,
        deadline: Instant,
    ) -> (Response, Option<TokenId>) {
        let attempt = |is_renewed: bool| {
            let mut session = permit.open_until(deadline)?;
            if is_renewed {
                session.renew()?;
            }
            let (viewer, used) = authenticate(&mut session, credential, self.is_private)?;
            Ok((self.respond(&mut session, request, &viewer, deadline)?, used))
        };
        let finish = |outcome: Result<(Response, Option<TokenId>), Error>| {
            outcome.unwrap_or_else(|error| (Response::refused(error), None))
        };
        let first = finish(attempt(false));
        // A statement without a transaction is the first to notice that the server has closed the connection.
        let is_query = request.ready.prepared.operation.is_query();
        if is_query
            && self.db.dialect() == Dialect::Postgres
            && first.0.has_code(&[Code::Unavailable])
        {
            return finish(attempt(true));
        }
        first
    }

    fn respond(
        &self,
        session: &mut Session,
        request: &ExecutionRequest,
        viewer: &Viewer,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let ExecutionRequest { ready, conditions, position } = request;
        // Before anything is read: others may commit meanwhile, and the answer would not reflect that.
        let known = self.db.known_position();
        let least = conditions.min_position.filter(|least| *least > known);
        // A mutation reflects its own commit, too.
        let is_mutation = ready.prepared.operation.is_mutation();
        let reflected = |read| if is_mutation { self.db.known_position() } else { read };
        // An admin sees tokens, too, of which the log does not tell.
        let response_cache = self
            .response_cache
            .as_ref()
            .filter(|_| ready.prepared.can_be_kept() && viewer.admin().is_err());
        if response_cache.is_none() && least.is_none() {
            let mut response = self.answer(session, ready, viewer, position.as_ref(), deadline)?;
            response.freshness.position = Some(reflected(known));
            return Ok(response);
        }
        // Read in the snapshot in which the answer is read, so that the two belong together.
        let snapshot = session.read().and_then(DbConnection::log_point)?;
        // No later answer may be older than this one.
        self.db.advance_log(snapshot);
        check_position(least, snapshot.position)?;
        let key = CacheKey { request: ready.digest, point: snapshot, day: day::today() };
        if let Some(response) =
            response_cache.and_then(|response_cache| find(response_cache, &key, conditions))
        {
            return Ok(response);
        }
        let mut response = self.answer(session, ready, viewer, position.as_ref(), deadline)?;
        response.freshness.position = Some(reflected(snapshot.position));
        if let Some(response_cache) = response_cache {
            response.freshness.is_hit = Some(false);
            if let Some(body) = response.without_errors() {
                response_cache.insert(key, body.clone());
                response.freshness.entity_tag = Some(key.entity_tag());
            }
        }
        Ok(response)
    }

    fn answer(
        &self,
        session: &mut Session,
        ready: &ReadyOperation,
        viewer: &Viewer,
        position: Option<&Arc<Position>>,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let ReadyOperation { prepared, variables, estimate, .. } = ready;
        let position = position.map(AsRef::as_ref);
        let plan = prepared.plan(&self.schema, variables)?;
        let serially = prepared.operation.is_mutation();
        let context = Context {
            session,
            viewer,
            estimate: *estimate,
            limits: &self.limits,
            position,
            is_alone: !serially && plan.is_one_statement(&self.schema, variables),
            reads: 0,
            memo: HashMap::new(),
        };
        let groups = Execution::run(&self.schema, &plan, variables, context, deadline, serially)?;
        Ok(write(&self.schema, &plan, &groups, &prepared.document.sources))
    }
}

/// What is executed: an operation, what was asked of its answer's age, and where a subscription stands in the change log.
pub(super) struct ExecutionRequest {
    pub(super) ready: ReadyOperation,
    pub(super) conditions: Conditions,
    pub(super) position: Option<Arc<Position>>,
}

/// The answer that is kept under a key.
fn find(
    response_cache: &ResponseCache,
    key: &CacheKey,
    conditions: &Conditions,
) -> Option<Response> {
    let tag = conditions.if_none_match.as_ref().map(|_| key.entity_tag());
    let is_not_modified = tag.as_ref().is_some_and(|tag| conditions.has(tag));
    let mut response = if is_not_modified {
        Response::default()
    } else {
        Response::executed(response_cache.get(key)?, Vec::new())
    };
    response.freshness = Freshness {
        position: Some(key.point.position),
        is_hit: Some(true),
        entity_tag: Some(tag.unwrap_or_else(|| key.entity_tag())),
        is_not_modified,
    };
    Some(response)
}

/// Rejects a request for a later position than the log has.
fn check_position(least: Option<i64>, position: i64) -> Result<(), Error> {
    match least {
        Some(least) if least > position => Err(Code::BadUserInput.error(format!(
            "the change log ends at position {position}, before the {least} that the request asks for as \
             `x-clausewatch-min-position`: use a position of this database"
        ))),
        _ => Ok(()),
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
        // A value that was read from JSON can be written as JSON.
        text.push_str(&serde_json::to_string(value).unwrap_or_default());
        text.push('\n');
    }
    cache::digest(document, &text)
}

/// The viewer with `credential`, and the token whose use ought to be recorded.
fn authenticate(
    session: &mut Session,
    credential: &Credential,
    is_private: bool,
) -> Result<(Viewer, Option<TokenId>), Error> {
    let (viewer, used) = match credential {
        // Nothing is asked of the database for requests without a credential.
        Credential::None => (Viewer::anonymous(), None),
        credential => {
            db::viewer::find(session, credential).map_err(|failure| error::mask(&failure))??
        }
    };
    if is_private {
        viewer.reader()?;
    }
    Ok((viewer, used))
}

async fn touch_token(db: Db, token: TokenId) {
    let Ok(permit) = db.permit(Access::Write).await else { return };
    let noted = tokio::task::spawn_blocking(move || {
        permit.open().and_then(|mut session| db::token::touch(&mut session, token))
    });
    if let Ok(Err(failure)) = noted.await {
        // On a read-only database, each time.
        tracing::debug!(%failure, "the use of a token could not be recorded");
    }
}
