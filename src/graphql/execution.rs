//! Running an operation: parsed once, then executed on one thread, in one snapshot.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql::{Name, Pos, Request, Response, ServerError, Value};
use futures_util::StreamExt;
use quick_cache::sync::Cache;
use tokio::time::timeout_at;

use super::batch::Reader;
use super::bounds;
use super::bounds::Exceeded;
use super::completion::Plan;
use super::cost::{Cost, Estimate};
use super::error::{self, Code};
use super::types::Types;
use super::validation;
use super::{Events, Schema, subscription};
use crate::db::{self, Access, Db, Session};
use crate::domain::id::TokenId;
use crate::domain::viewer::{Credential, Viewer};
use crate::limits::Limits;
use crate::metrics::Metrics;

/// How many parsed documents are kept.
const DOCUMENTS: usize = 1_000;
/// Texts longer than this are parsed each time, so that the cache stays small.
const LONGEST_KEPT: usize = 16 * 1024;

/// How much of an operation's name is logged.
const LONGEST_NAME: usize = 64;

/// Executes operations.
#[derive(Clone)]
pub struct Executor {
    schema: Schema,
    pub(super) events: Events,
    pub(super) db: Db,
    /// Whether reading takes a token, too.
    is_private: bool,
    types: Arc<Types>,
    limits: Arc<Limits>,
    metrics: Arc<Metrics>,
    documents: Arc<Cache<DocumentKey, Arc<Prepared>>>,
}

/// The document's text, and the name of the operation that is meant.
type DocumentKey = (String, Option<String>);

/// A document, parsed, and what there is to know of the operation that is meant.
pub(super) struct Prepared {
    document: ExecutableDocument,
    operation: OperationType,
    /// Its name, cut where it is long.
    name: Option<String>,
    /// What stands for those that are left out.
    defaults: Vec<(Name, Value)>,
    plan: Plan,
    /// What is executed for each event of a subscription.
    pub(super) event: Option<ExecutableDocument>,
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
        let (kind, name) = (Some(parsed.operation), parsed.prepared.name.clone());
        Self { kind, name, estimate: Estimate::default() }
    }
}

/// A request whose document has been parsed.
pub struct Parsed {
    pub(super) request: Request,
    pub(super) prepared: Arc<Prepared>,
    /// What it does: decides how it may be sent and which connection it gets.
    pub operation: OperationType,
}

impl Executor {
    /// Executes on `db`, within the limits that are set where nothing else is said; if it is private, only for viewers
    /// with a token.
    #[must_use]
    pub fn new(db: Db, is_private: bool) -> Self {
        Self {
            schema: super::schema(),
            events: super::events(),
            db,
            is_private,
            types: Arc::new(Types::new(&super::sdl())),
            limits: Arc::new(Limits::DEFAULT),
            metrics: Arc::default(),
            documents: Arc::new(Cache::new(DOCUMENTS)),
        }
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

    /// Parses the request's document, or finds it parsed already.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub fn parse(&self, request: Request) -> Result<Parsed, Box<Response>> {
        let began = Instant::now();
        self.find(request)
            .inspect_err(|response| self.observe(Observed::default(), began, response))
    }

    fn find(&self, mut request: Request) -> Result<Parsed, Box<Response>> {
        let key = (request.query.clone(), request.operation_name.clone());
        let prepared = if let Some(prepared) = self.documents.get(&key) {
            prepared
        } else {
            let prepared = Arc::new(self.prepare(&request)?);
            if request.query.len() <= LONGEST_KEPT {
                self.documents.insert(key, prepared.clone());
            }
            prepared
        };
        let operation = prepared.operation;
        // The library knows the defaults of variables in arguments, but not in `@skip` and `@include`.
        for (name, default) in &prepared.defaults {
            request.variables.entry(name.clone()).or_insert_with(|| default.clone());
        }
        request.set_parsed_query(prepared.document.clone());
        Ok(Parsed { request, prepared, operation })
    }

    fn prepare(&self, request: &Request) -> Result<Prepared, Box<Response>> {
        let limits = &self.limits;
        bounds::check_text(&request.query, limits).map_err(exceeded)?;
        let document = async_graphql::parser::parse_query(&request.query).map_err(|failure| {
            let response = Response::from_errors(vec![ServerError::from(failure)]);
            Box::new(error::complete(response, false))
        })?;
        bounds::check_document(&document, limits).map_err(exceeded)?;
        bounds::check_objects(&request.query).map_err(invalid)?;
        let faults = validation::check(&self.types, &document);
        if !faults.is_empty() {
            return Err(Box::new(error::complete(Response::from_errors(faults), true)));
        }
        let Some((name, operation)) = meant(&document, request.operation_name.as_deref()) else {
            let (operation, plan) = (OperationType::Query, Plan::default());
            // Which operation is meant is the library's to complain about.
            let (name, defaults, event) = (None, Vec::new(), None);
            return Ok(Prepared { document, operation, name, defaults, plan, event });
        };
        let variables = operation.variable_definitions.iter().map(|variable| &variable.node);
        let defaults = variables.filter_map(|variable| {
            Some((variable.name.node.clone(), variable.default_value.as_ref()?.node.clone()))
        });
        let defaults = defaults.collect();
        let plan = Plan::new(&self.types, &document, operation);
        let event = match operation.ty {
            OperationType::Subscription => {
                subscription::check_root(&plan).map_err(|error| Box::new(failed(error)))?;
                Some(subscription::event_document(&document, operation))
            }
            OperationType::Query | OperationType::Mutation => None,
        };
        let name = name.map(|name| name.chars().take(LONGEST_NAME).collect());
        let operation = operation.ty;
        Ok(Prepared { document, operation, name, defaults, plan, event })
    }

    /// Checks the variables, and estimates how large the answer may get.
    pub(super) fn estimate(&self, parsed: &Parsed) -> Result<Estimate, Box<Response>> {
        let Parsed { request, prepared, .. } = parsed;
        if let Some((_, operation)) = meant(&prepared.document, request.operation_name.as_deref()) {
            validation::check_variables(&self.types, operation, &request.variables)
                .map_err(invalid)?;
        }
        let estimate = Estimate::new(&prepared.plan, &request.variables);
        estimate.check(&self.limits).map_err(exceeded)?;
        Ok(estimate)
    }

    /// The estimate as the operation can read it.
    pub(super) fn cost(&self, estimate: Estimate) -> Cost {
        Cost::new(estimate, &self.limits)
    }

    /// Executes a parsed request for whoever shows `credential`. Subscriptions are refused; see [`Executor::subscribe`].
    pub async fn execute(&self, parsed: Parsed, credential: &Credential) -> Response {
        let began = Instant::now();
        let mut observed = Observed::of(&parsed);
        let response = match self.estimate(&parsed) {
            Ok(estimate) => {
                observed.estimate = estimate;
                self.answer(parsed, credential, estimate).await
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
        let codes = error::codes(response);
        let outcome = match codes.first() {
            None => "ok",
            Some(_) if codes.contains(&Code::Internal.as_str()) => "internal",
            Some(_) if response.data == Value::Null => "refused",
            Some(_) => "partial",
        };
        let took = began.elapsed();
        self.metrics.operation(kind, outcome, took);
        self.metrics.estimated(observed.estimate.nodes);
        if let Some(limit) = error::limit(response) {
            self.metrics.refusal(limit);
        }
        tracing::info!(
            operation = observed.name.as_deref().unwrap_or_default(),
            kind,
            nodes = observed.estimate.nodes,
            milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            codes = codes.join(","),
            "operation"
        );
    }

    async fn answer(
        &self,
        parsed: Parsed,
        credential: &Credential,
        estimate: Estimate,
    ) -> Response {
        let access = match parsed.operation {
            OperationType::Mutation => Access::Write,
            OperationType::Query | OperationType::Subscription => Access::Read,
        };
        let Parsed { request, prepared, .. } = parsed;
        let (schema, cost) = (self.schema.clone(), self.cost(estimate));
        let work = move |reader: &Reader, viewer: Viewer, deadline: Instant| {
            let request = request.data(reader.clone()).data(viewer).data(cost);
            drive(reader, deadline, schema.execute(request))
        };
        self.run(access, prepared, credential, work).await
    }

    /// Whether whoever shows `credential` may ask anything at all; each operation is judged by itself once more.
    ///
    /// # Errors
    /// As the API tells them: what is shown is good for nothing, or reading takes more.
    pub async fn admit(&self, credential: &Credential) -> Result<(), async_graphql::Error> {
        if *credential == Credential::None && !self.is_private {
            return Ok(());
        }
        let (is_private, credential) = (self.is_private, credential.clone());
        let recognised = self.in_session(Access::Read, move |session| {
            recognise(session, &credential, is_private).map(|_| ())
        });
        recognised.await
    }

    /// Checks a request against the schema, without executing anything.
    pub(super) fn check(&self, reader: &Reader, deadline: Instant, request: Request) -> Response {
        // A subscription's own stream is empty, so that what comes out of it is what is wrong with the request.
        let mut stream = self.schema.execute_stream(request);
        drive(reader, deadline, async move { stream.next().await.unwrap_or_default() })
    }

    /// Runs `work` for whoever shows `credential`, where blocking is allowed, with a session of its own, and completes its
    /// response.
    pub(super) async fn run(
        &self,
        access: Access,
        prepared: Arc<Prepared>,
        credential: &Credential,
        work: impl FnOnce(&Reader, Viewer, Instant) -> Response + Send + 'static,
    ) -> Response {
        let deadline = Instant::now() + self.limits.request_time();
        let permit = match timeout_at(deadline.into(), self.db.permit(access)).await {
            Ok(Ok(permit)) => permit,
            Ok(Err(failure)) => return failed(error::mask(&failure)),
            Err(_) => return failed(error::mask(&db::Error::TimedOut)),
        };
        let (is_private, credential) = (self.is_private, credential.clone());
        let span = tracing::Span::current();
        let work = move || {
            let _entered = span.enter();
            let mut session = match permit.open_until(deadline) {
                Ok(session) => session,
                Err(failure) => return (failed(error::mask(&failure)), None),
            };
            let (viewer, used) = match recognise(&mut session, &credential, is_private) {
                Ok(recognised) => recognised,
                Err(refused) => return (failed(refused), None),
            };
            let reader = Reader::new(session);
            let run = || {
                let mut response = work(&reader, viewer, deadline);
                prepared.plan.complete(&mut response);
                response
            };
            let response = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                tracing::error!("a resolver panicked");
                failed(Code::Internal.error("internal error"))
            });
            (response, used)
        };
        let (response, used) = tokio::task::spawn_blocking(work).await.unwrap_or_else(|failure| {
            tracing::error!(%failure, "execution ended early");
            (failed(Code::Internal.error("internal error")), None)
        });
        if let Some(token) = used {
            // Nobody has to wait for that.
            tokio::spawn(note_use(self.db.clone(), token));
        }
        error::complete(response, true)
    }
}

/// Who it is that shows `credential`, and the token whose use ought to be noted.
fn recognise(
    session: &mut Session,
    credential: &Credential,
    is_private: bool,
) -> Result<(Viewer, Option<TokenId>), async_graphql::Error> {
    let (viewer, used) = match credential {
        // Nothing is asked of the database for those who show nothing.
        Credential::None => (Viewer::anonymous(), None),
        credential => db::token::viewer(session, credential)
            .map_err(|failure| error::mask(&failure))?
            .map_err(error::denied)?,
    };
    if is_private {
        viewer.reader().map_err(error::denied)?;
    }
    Ok((viewer, used))
}

async fn note_use(db: Db, token: TokenId) {
    let Ok(permit) = db.permit(Access::Write).await else { return };
    let noted = tokio::task::spawn_blocking(move || {
        permit.open().and_then(|mut session| db::token::note_use(&mut session, token))
    });
    if let Ok(Err(failure)) = noted.await {
        // On a read-only database, each time.
        tracing::debug!(%failure, "the use of a token could not be noted");
    }
}

/// The operation with that name, or the only one.
fn meant<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<(Option<&'a Name>, &'a OperationDefinition)> {
    let (name, operation) = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => (None, operation),
        // A single operation stands here too, if it has a name.
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.iter().next().map(|(name, operation)| (Some(name), operation))?
        }
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get_key_value(name).map(|(name, operation)| (Some(name), operation))?
        }
        _ => return None,
    };
    Some((name, &operation.node))
}

pub(super) fn failed(error: async_graphql::Error) -> Response {
    // A path that is not empty would say that execution had begun.
    let mut error = error.into_server_error(Pos::default());
    error.locations.clear();
    Response::from_errors(vec![error])
}

fn invalid(message: String) -> Box<Response> {
    Box::new(failed(Code::ValidationFailed.error(message)))
}

fn exceeded(exceeded: Exceeded) -> Box<Response> {
    let mut error = Code::LimitExceeded.error(exceeded.message);
    if let Some(extensions) = error.extensions.as_mut().filter(|_| !exceeded.limit.is_empty()) {
        extensions.set("limit", exceeded.limit);
    }
    Box::new(failed(error))
}

/// Polls `execution` to its end, or to the deadline. Whenever everything in it waits, loads what is waited for.
pub(super) fn drive(
    reader: &Reader,
    deadline: Instant,
    execution: impl Future<Output = Response>,
) -> Response {
    let woken = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let mut execution = pin!(execution);
    loop {
        match execution.as_mut().poll(&mut context) {
            Poll::Ready(response) => return response,
            Poll::Pending if Instant::now() >= deadline => {
                return failed(error::mask(&db::Error::TimedOut));
            }
            // The library yields now and then in long lists; only when it does not is everything waiting.
            Poll::Pending if woken.0.swap(false, Ordering::Relaxed) => {}
            Poll::Pending if reader.flush() => {}
            Poll::Pending => {
                tracing::error!("a resolver waits for something that never comes");
                return failed(Code::Internal.error("internal error"));
            }
        }
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
