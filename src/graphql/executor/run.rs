//! Running an operation: one thread, one session, one snapshot.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use tokio::time::timeout_at;

use super::{ExecutionRequest, Executor, ReadyOperation};
use crate::db::{self, Access, Db, Dialect, Permit, Session};
use crate::domain::id::TokenId;
use crate::domain::viewer::{Credential, Role, Viewer};
use crate::graphql::engine::call::Context;
use crate::graphql::engine::execute::{Execution, RootOrder};
use crate::graphql::engine::response::Response;
use crate::graphql::engine::write::write;
use crate::graphql::error::{Code, Error};
use crate::graphql::subscription::Position;

/// On SQLite, a query with at most this many estimated nodes runs on the thread that received it.
const MAX_INLINE_NODES: u64 = 100;

/// A viewer, with the token whose use must be recorded.
pub(super) struct Authenticated {
    pub(super) viewer: Viewer,
    pub(super) token: Option<TokenId>,
}

/// The response to a request, with the token whose use must be recorded.
struct Executed {
    response: Response,
    token: Option<TokenId>,
}

impl From<Error> for Executed {
    fn from(error: Error) -> Self {
        Self { response: Response::refused(error), token: None }
    }
}

impl Executor {
    /// Checks that the viewer with `credential` may read. Each operation checks this again.
    ///
    /// # Errors
    /// Fails if the credential is invalid, or if it is missing and reading requires a token.
    pub async fn check_access(&self, credential: &Credential) -> Result<(), Error> {
        self.viewer(credential).await.map(|_| ())
    }

    /// Checks that the viewer with `credential` may read, and returns the role. Each operation checks the role again.
    ///
    /// # Errors
    /// Fails if the credential is invalid, or if it is missing and reading requires a token.
    pub async fn role(&self, credential: &Credential) -> Result<Role, Error> {
        self.viewer(credential).await.map(|viewer| viewer.role())
    }

    /// Checks that the viewer with `credential` may write.
    ///
    /// # Errors
    /// Fails if the credential is invalid, or the viewer lacks the role.
    pub async fn check_editor(&self, credential: &Credential) -> Result<(), Error> {
        self.viewer(credential).await?.editor()?;
        Ok(())
    }

    /// Checks that the viewer with `credential` may read, and returns the viewer.
    ///
    /// # Errors
    /// Fails if the credential is invalid, or if it is missing and reading requires a token.
    pub(in crate::graphql) async fn viewer(
        &self,
        credential: &Credential,
    ) -> Result<Viewer, Error> {
        if *credential == Credential::None && !self.is_private() {
            return Ok(Viewer::anonymous());
        }
        let (executor, credential) = (self.clone(), credential.clone());
        self.in_session(Access::Read, move |session| {
            executor.authenticate(session, &credential).map(|authenticated| authenticated.viewer)
        })
        .await
    }

    /// Runs `work` with a new session on a thread that may block.
    ///
    /// # Errors
    /// Fails if `work` returns an error, or no connection is available.
    pub(in crate::graphql) async fn in_session<T: Send + 'static>(
        &self,
        access: Access,
        work: impl FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit = self.db.permit(access).await?;
        let outcome = tokio::task::spawn_blocking(move || work(&mut permit.open()?)).await;
        outcome.unwrap_or_else(|failure| Err(Error::internal(failure)))
    }

    /// Executes a request for the viewer with `credential`, with a new session.
    pub(in crate::graphql) async fn run(
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
        // A SQLite file is usually cached in memory. So a small query takes less time than waking another thread.
        let is_inline = self.db.dialect() == Dialect::Sqlite
            && access == Access::Read
            && request.ready.estimate.nodes <= MAX_INLINE_NODES;
        let (executor, credential) = (self.clone(), credential.clone());
        let span = tracing::Span::current();
        let work = move || {
            let _entered = span.enter();
            let run = || executor.run_blocking(&permit, &request, &credential, deadline);
            catch_unwind(AssertUnwindSafe(run))
                .unwrap_or_else(|_| Error::internal("execution panicked").into())
        };
        let Executed { response, token } = if is_inline {
            work()
        } else {
            let outcome = tokio::task::spawn_blocking(work).await;
            outcome.unwrap_or_else(|failure| Error::internal(failure).into())
        };
        if let Some(token) = token {
            // The response does not wait for this task.
            tokio::spawn(record_token_use(self.db.clone(), token));
        }
        response
    }

    /// Executes a request. If the database server has closed the connection, a query is executed again on a new one.
    fn run_blocking(
        &self,
        permit: &Permit,
        request: &ExecutionRequest,
        credential: &Credential,
        deadline: Instant,
    ) -> Executed {
        let run = |session: Result<Session, db::Error>| {
            let mut session = session?;
            let Authenticated { viewer, token } = self.authenticate(&mut session, credential)?;
            let response = self.respond(&mut session, request, &viewer, deadline)?;
            Ok(Executed { response, token })
        };
        let first = run(permit.open_until(deadline)).unwrap_or_else(|error: Error| error.into());
        // Without a transaction, a closed connection is noticed only when the statement runs.
        let may_retry = request.ready.prepared.operation.is_query()
            && self.db.dialect() == Dialect::Postgres
            && first.response.has_code(&[Code::Unavailable]);
        if !may_retry {
            return first;
        }
        let renewed = permit.open_until(deadline).and_then(|mut session| {
            session.renew()?;
            Ok(session)
        });
        run(renewed).unwrap_or_else(Executed::from)
    }

    /// Executes an operation in the session's snapshot. `position` is the position of a subscription.
    pub(super) fn answer(
        &self,
        session: &mut Session,
        ready: &ReadyOperation,
        viewer: &Viewer,
        position: Option<&Position>,
        deadline: Instant,
    ) -> Result<Response, Error> {
        let ReadyOperation { prepared, variables, estimate, .. } = ready;
        let plan = prepared.plan(&self.schema, variables)?;
        let order =
            if prepared.operation.is_mutation() { RootOrder::Serial } else { RootOrder::Together };
        let is_unlogged = Cell::new(false);
        let context = Context {
            session,
            viewer,
            estimate: *estimate,
            limits: &self.limits,
            review: self.review,
            webhook_addresses: self.webhook_addresses,
            position,
            is_unlogged: &is_unlogged,
            is_alone: order == RootOrder::Together
                && plan.is_one_statement(&self.schema, variables),
            reads: 0,
            memo: HashMap::new(),
        };
        let groups = Execution::run(&self.schema, &plan, variables, context, deadline, order)?;
        let mut response = write(&self.schema, &plan, &groups, &prepared.document.sources);
        response.freshness.is_unlogged = is_unlogged.get();
        Ok(response)
    }

    /// Checks that the viewer with `credential` may read, and returns the viewer.
    pub(super) fn authenticate(
        &self,
        session: &mut Session,
        credential: &Credential,
    ) -> Result<Authenticated, Error> {
        let (viewer, token) = match credential {
            // A request without a credential needs no statement.
            Credential::None => (Viewer::anonymous(), None),
            credential => db::viewer::find(session, credential)?,
        };
        if self.is_private() {
            viewer.reader()?;
        }
        Ok(Authenticated { viewer, token })
    }
}

/// Records the use of a token.
pub(super) async fn record_token_use(db: Db, token: TokenId) {
    let Ok(permit) = db.permit(Access::Write).await else { return };
    let outcome = tokio::task::spawn_blocking(move || {
        permit.open().and_then(|mut session| db::token::record_use(&mut session, token))
    });
    if let Ok(Err(failure)) = outcome.await {
        // On a read-only database, recording fails each time, so it is not logged as a warning.
        tracing::debug!(%failure, "the use of a token could not be recorded");
    }
}
