//! Documents of the server itself, prepared once. They are executed like the documents of clients, with the same rights and
//! limits of execution. Clients cannot name them, and `--trusted-documents-only` does not apply to them.

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use tokio::runtime::Handle;

use super::{Conditions, ExecutionRequest, Executor, Parsed, ReadAccess};
use crate::db::Access;
use crate::domain::viewer::Credential;
use crate::graphql::engine::prepare::Prepared;
use crate::graphql::engine::response::Response;
use crate::graphql::error::Error;
use crate::limits::Limits;

/// A document of the server itself with one operation.
pub struct PreparedDocument(Arc<Prepared>);

impl PreparedDocument {
    /// The request to execute the document with these variables.
    #[must_use]
    pub fn request(&self, variables: Map<String, Json>) -> Parsed {
        let operation = self.0.operation.operation_type;
        Parsed { prepared: self.0.clone(), variables, operation }
    }
}

impl Executor {
    /// Prepares a document of the server itself.
    ///
    /// # Errors
    /// Fails with the first error in the document.
    pub fn prepare_document(&self, text: &str) -> Result<PreparedDocument, String> {
        self.prepare_own(text).map(PreparedDocument)
    }

    /// Executes a query of the server itself, with the rights of a reader, even if reading requires a token. Such queries are
    /// neither logged nor counted as operations of clients. The query runs on a thread that may block, even if it is small.
    pub async fn read_as_server(
        &self,
        document: &PreparedDocument,
        variables: Map<String, Json>,
    ) -> Response {
        let executor = Self { read_access: ReadAccess::Public, ..self.clone() };
        match executor.ready(document.request(variables)) {
            Ok(ready) => {
                let conditions = Conditions::default();
                let request = ExecutionRequest { ready, conditions, position: None };
                let runtime = Handle::current();
                let read = move || {
                    let run = executor.run(Access::Read, Arc::new(request), &Credential::None);
                    runtime.block_on(run)
                };
                let outcome = tokio::task::spawn_blocking(read).await;
                outcome.unwrap_or_else(|failure| Response::refused(Error::internal(failure)))
            }
            Err(response) => *response,
        }
    }

    pub(super) fn prepare_own(&self, text: &str) -> Result<Arc<Prepared>, String> {
        let limits = Limits::DEFAULT.of_trusted_documents();
        let prepared = Prepared::new(&self.schema, &limits, text, None).map_err(|response| {
            let first = response.errors.first().map(|error| error.error.message.clone());
            first.unwrap_or_else(|| "the document is invalid".to_owned())
        })?;
        Ok(Arc::new(prepared))
    }
}
