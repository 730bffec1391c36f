//! Running an operation: prepared once, then executed on one thread, in one snapshot.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use apollo_compiler::executable::OperationType;
use quick_cache::sync::Cache;
use serde_json::{Map, Value as Json};
use tokio::time::timeout_at;

use super::engine::coerce::{self, Variables};
use super::engine::cost::Estimate;
use super::engine::execute::{Context, Execution};
use super::engine::prepare::Prepared;
use super::engine::response::Response;
use super::engine::schema::Schema;
use super::engine::write::write;
use super::error::{self, Code, Error};
use super::subscription::Position;
use crate::db::{self, Access, Db, Permit, Session};
use crate::domain::id::TokenId;
use crate::domain::viewer::{Credential, Viewer};
use crate::limits::Limits;
use crate::metrics::Metrics;

/// How many prepared documents are kept.
const DOCUMENTS: usize = 1_000;
/// Texts longer than this are prepared each time, so that the cache stays small. In bytes.
const LONGEST_KEPT: usize = 16 * 1024;
/// How many characters of an operation's name are logged.
const LONGEST_NAME: usize = 64;

/// What a client sends.
#[derive(Debug, Default)]
pub struct Request {
    /// The document.
    pub query: String,
    /// Which of its operations; the only one, if none is named.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Map<String, Json>,
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
pub(super) struct Observed {
    kind: Option<OperationType>,
    name: Option<String>,
    pub(super) estimate: Estimate,
}

impl Observed {
    pub(super) fn of(parsed: &Parsed) -> Self {
        let name = parsed.prepared.operation.name.as_ref();
        let name = name.map(|name| name.chars().take(LONGEST_NAME).collect());
        Self { kind: Some(parsed.operation), name, estimate: Estimate::default() }
    }
}

/// An operation whose variables are coerced and whose cost is within the limits.
pub(super) struct Ready {
    pub(super) prepared: Arc<Prepared>,
    pub(super) variables: Variables,
    pub(super) estimate: Estimate,
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
            documents: Arc::new(Cache::new(DOCUMENTS)),
        })
    }

    /// Executes within these limits instead.
    #[must_use]
    pub fn within(mut self, limits: Limits) -> Self {
        self.limits = Arc::new(limits);
        self
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
        let began = Instant::now();
        self.prepare(request)
            .inspect_err(|response| self.observe(Observed::default(), began, response))
    }

    fn prepare(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let Request { query, operation_name, variables } = request;
        let key = (query, operation_name);
        let prepared = if let Some(prepared) = self.documents.get(&key) {
            prepared
        } else {
            let (query, operation_name) = &key;
            let prepared =
                Prepared::new(&self.schema, &self.limits, query, operation_name.as_deref())?;
            let prepared = Arc::new(prepared);
            if query.len() <= LONGEST_KEPT {
                self.documents.insert(key, prepared.clone());
            }
            prepared
        };
        let operation = prepared.operation.operation_type;
        Ok(Parsed { prepared, variables, operation })
    }

    /// Coerces the variables, and estimates how large the answer may get.
    pub(super) fn ready(&self, parsed: Parsed) -> Result<Ready, Box<Response>> {
        let Parsed { prepared, variables, .. } = parsed;
        let refused = |error: Error| Box::new(Response::refused(error));
        let variables =
            coerce::variables(&self.schema.definitions, &prepared.operation, &variables)
                .map_err(|message| refused(Code::ValidationFailed.error(message)))?;
        let estimate = Estimate::new(&prepared.sizes, &variables);
        estimate.check(&self.limits).map_err(refused)?;
        Ok(Ready { prepared, variables, estimate })
    }

    /// Executes a request for the viewer with `credential`. Subscriptions are rejected; see [`Executor::subscribe`].
    pub async fn execute(&self, parsed: Parsed, credential: &Credential) -> Response {
        let began = Instant::now();
        let mut observed = Observed::of(&parsed);
        let access = match parsed.operation {
            OperationType::Mutation => Access::Write,
            OperationType::Query | OperationType::Subscription => Access::Read,
        };
        let response = match self.ready(parsed) {
            Ok(ready) => {
                observed.estimate = ready.estimate;
                self.run(access, Arc::new(ready), credential, None).await
            }
            Err(response) => *response,
        };
        self.observe(observed, began, &response);
        response
    }

    /// Counts an operation, and logs one line: never what a client wrote but for the operation's name.
    pub(super) fn observe(&self, observed: Observed, began: Instant, response: &Response) {
        let kind = match observed.kind {
            Some(OperationType::Query) => "query",
            Some(OperationType::Mutation) => "mutation",
            Some(OperationType::Subscription) => "subscription",
            None => "unknown",
        };
        let codes = response.codes();
        let has_data = response.data.as_ref().is_some_and(|data| data != b"null");
        let outcome = match codes.first() {
            None => "ok",
            Some(_) if codes.contains(&Code::Internal) => "internal",
            Some(_) if has_data => "partial",
            Some(_) => "refused",
        };
        let took = began.elapsed();
        self.metrics.operation(kind, outcome, took);
        self.metrics.estimated(observed.estimate.nodes);
        if let Some(limit) = response.errors.iter().find_map(|error| error.error.limit) {
            self.metrics.refusal(limit);
        }
        tracing::info!(
            operation = observed.name.as_deref().unwrap_or_default(),
            kind,
            nodes = observed.estimate.nodes,
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            codes = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(","),
            "operation"
        );
    }

    /// Whether the viewer with `credential` may ask anything at all; each operation is judged by itself once more.
    ///
    /// # Errors
    /// When the credential is invalid, or reading requires more.
    pub async fn admit(&self, credential: &Credential) -> Result<(), Error> {
        if *credential == Credential::None && !self.is_private {
            return Ok(());
        }
        let (is_private, credential) = (self.is_private, credential.clone());
        self.in_session(Access::Read, move |session| {
            authenticate(session, &credential, is_private).map(|_| ())
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

    /// Executes for the viewer with `credential`, where blocking is allowed, with a session of its own. `position` is
    /// where a subscription stands in the change log.
    pub(super) async fn run(
        &self,
        access: Access,
        ready: Arc<Ready>,
        credential: &Credential,
        position: Option<Arc<Position>>,
    ) -> Response {
        let deadline = Instant::now() + self.limits.request_time();
        let permit = match timeout_at(deadline.into(), self.db.permit(access)).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(failure)) => return Response::refused(failure.into()),
            Err(_) => return Response::refused(db::Error::TimedOut.into()),
        };
        let (executor, credential) = (self.clone(), credential.clone());
        let span = tracing::Span::current();
        let work = move || {
            let _entered = span.enter();
            let run =
                || executor.blocking(&permit, &ready, &credential, position.as_deref(), deadline);
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                (Response::refused(Error::internal("execution panicked")), None)
            })
        };
        let (response, used) = tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|failure| (Response::refused(Error::internal(failure)), None));
        if let Some(token) = used {
            // Nobody has to wait for that.
            tokio::spawn(touch_token(self.db.clone(), token));
        }
        response
    }

    fn blocking(
        &self,
        permit: &Permit,
        ready: &Ready,
        credential: &Credential,
        position: Option<&Position>,
        deadline: Instant,
    ) -> (Response, Option<TokenId>) {
        let outcome = permit.open_until(deadline).map_err(Error::from).and_then(|mut session| {
            let (viewer, used) = authenticate(&mut session, credential, self.is_private)?;
            Ok((self.respond(&mut session, ready, &viewer, position, deadline), used))
        });
        match outcome {
            Ok((response, used)) => (response.unwrap_or_else(Response::refused), used),
            Err(error) => (Response::refused(error), None),
        }
    }

    fn respond(
        &self,
        session: &mut Session,
        ready: &Ready,
        viewer: &Viewer,
        position: Option<&Position>,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let Ready { prepared, variables, estimate } = ready;
        let plan = prepared.plan(&self.schema, variables)?;
        let context =
            Context { session, viewer, estimate: *estimate, limits: &self.limits, position };
        let serially = prepared.operation.is_mutation();
        let groups = Execution::run(&self.schema, &plan, variables, context, deadline, serially)?;
        let (data, errors) = write(&self.schema, &plan, &groups, &prepared.document.sources);
        Ok(Response { data: Some(data), errors })
    }
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
        credential => session
            .read()
            .and_then(|connection| db::token::viewer(connection, credential))
            .map_err(|failure| error::mask(&failure))??,
    };
    if is_private {
        viewer.reader()?;
    }
    Ok((viewer, used))
}

async fn touch_token(db: Db, token: TokenId) {
    let Ok(permit) = db.permit(Access::Write).await else { return };
    let noted = tokio::task::spawn_blocking(move || {
        permit.open().and_then(|mut session| db::token::note_use(&mut session, token))
    });
    if let Ok(Err(failure)) = noted.await {
        // On a read-only database, each time.
        tracing::debug!(%failure, "the use of a token could not be recorded");
    }
}
