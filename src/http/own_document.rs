//! Executes the server's own trusted documents. With these GraphQL documents, the pages and the sitemap read records
//! through the same API as all clients.

use serde_json::{Map, Value as Json};

use crate::domain::viewer::Credential;
use crate::graphql::{Conditions, Document, Executor, Request, Response};

/// The response to the trusted document `id`. `variables` is an object, or null if there are no variables.
pub async fn execute(
    executor: &Executor,
    id: &str,
    variables: Json,
    credential: &Credential,
    conditions: Conditions,
) -> Response {
    let variables = if let Json::Object(variables) = variables { variables } else { Map::new() };
    let document = Document::Id(id.to_owned());
    match executor.parse(Request { document, operation_name: None, variables }) {
        Ok(parsed) => executor.execute(parsed, credential, conditions).await,
        Err(response) => *response,
    }
}
