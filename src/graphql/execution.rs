//! Running an operation: parsed once, then executed on one thread, in one snapshot.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType};
use async_graphql::{Request, Response, ServerError};
use quick_cache::sync::Cache;

use super::Schema;
use super::batch::Reader;
use super::completion::{Plan, Types};
use super::error::{self, Code};
use crate::db::{Access, Db};
use crate::domain::viewer::Viewer;

/// How many parsed documents are kept.
const DOCUMENTS: usize = 1_000;
/// Texts longer than this are parsed each time, so that the cache stays small.
const LONGEST_KEPT: usize = 16 * 1024;

/// Executes operations.
#[derive(Clone)]
pub struct Executor {
    schema: Schema,
    db: Db,
    types: Arc<Types>,
    documents: Arc<Cache<DocumentKey, Arc<Prepared>>>,
}

/// The document's text, and the name of the operation that is meant.
type DocumentKey = (String, Option<String>);

/// A document, parsed, and the plan of the answers of one of its operations.
struct Prepared {
    document: ExecutableDocument,
    plan: Plan,
}

/// A request whose document has been parsed.
pub struct Parsed {
    request: Request,
    prepared: Arc<Prepared>,
    /// What it does: decides how it may be sent and which connection it gets.
    pub operation: OperationType,
}

impl Executor {
    /// Executes on `db`.
    #[must_use]
    pub fn new(db: Db) -> Self {
        Self {
            schema: super::schema(),
            db,
            types: Arc::new(Types::new(&super::sdl())),
            documents: Arc::new(Cache::new(DOCUMENTS)),
        }
    }

    /// Parses the request's document, or finds it parsed already.
    ///
    /// # Errors
    /// The response that says what is wrong with it.
    pub fn parse(&self, mut request: Request) -> Result<Parsed, Box<Response>> {
        let key = (request.query.clone(), request.operation_name.clone());
        let prepared = if let Some(prepared) = self.documents.get(&key) {
            prepared
        } else {
            let document =
                async_graphql::parser::parse_query(&request.query).map_err(|failure| {
                    let response = Response::from_errors(vec![ServerError::from(failure)]);
                    Box::new(error::complete(response, false))
                })?;
            let plan = Plan::new(&self.types, &document, request.operation_name.as_deref());
            let plan = plan.ok_or_else(|| {
                let error = Code::ValidationFailed
                    .error("the operation has too many fields, with its fragments spread out");
                Box::new(failed(error))
            })?;
            let prepared = Arc::new(Prepared { document, plan });
            if request.query.len() <= LONGEST_KEPT {
                self.documents.insert(key, prepared.clone());
            }
            prepared
        };
        let operation = match &prepared.document.operations {
            DocumentOperations::Single(operation) => operation.node.ty,
            DocumentOperations::Multiple(operations) => {
                let named =
                    request.operation_name.as_ref().and_then(|name| operations.get(name.as_str()));
                // Which operation is meant, if none is found, is the library's to complain about.
                named.map_or(OperationType::Query, |operation| operation.node.ty)
            }
        };
        request.set_parsed_query(prepared.document.clone());
        Ok(Parsed { request, prepared, operation })
    }

    /// Executes a parsed request for `viewer`.
    pub async fn execute(&self, parsed: Parsed, viewer: Viewer) -> Response {
        let access = match parsed.operation {
            OperationType::Mutation => Access::Write,
            OperationType::Query | OperationType::Subscription => Access::Read,
        };
        let permit = match self.db.permit(access).await {
            Ok(permit) => permit,
            Err(failure) => return failed(error::mask(&failure)),
        };
        let schema = self.schema.clone();
        let span = tracing::Span::current();
        let work = move || {
            let _entered = span.enter();
            let session = match permit.open() {
                Ok(session) => session,
                Err(failure) => return failed(error::mask(&failure)),
            };
            let reader = Reader::new(session);
            let request = parsed.request.data(reader.clone()).data(viewer);
            let run = || {
                let mut response = drive(&reader, schema.execute(request));
                parsed.prepared.plan.complete(&mut response);
                response
            };
            catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
                tracing::error!("a resolver panicked");
                failed(Code::Internal.error("internal error"))
            })
        };
        let response = tokio::task::spawn_blocking(work).await.unwrap_or_else(|failure| {
            tracing::error!(%failure, "execution ended early");
            failed(Code::Internal.error("internal error"))
        });
        error::complete(response, true)
    }
}

fn failed(error: async_graphql::Error) -> Response {
    // A path that is not empty would say that execution had begun.
    Response::from_errors(vec![error.into_server_error(async_graphql::Pos::default())])
}

/// Polls `execution` to its end. Whenever everything in it waits, loads what is waited for.
fn drive(reader: &Reader, execution: impl Future<Output = Response>) -> Response {
    let woken = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(woken.clone());
    let mut context = Context::from_waker(&waker);
    let mut execution = pin!(execution);
    loop {
        match execution.as_mut().poll(&mut context) {
            Poll::Ready(response) => return response,
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
