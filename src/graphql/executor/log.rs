//! The log line and the metrics of an operation.

use std::time::Instant;

use apollo_compiler::executable::OperationType;

use super::{Executor, Parsed};
use crate::graphql::engine::cost::Estimate;
use crate::graphql::engine::response::Response;
use crate::graphql::error::Code;

/// The maximum number of characters of an operation's name in the log.
const MAX_LOGGED_NAME: usize = 64;

/// The properties of an operation that metrics and the log contain.
#[derive(Default)]
pub(in crate::graphql) struct OperationSummary {
    kind: Option<OperationType>,
    name: Option<String>,
    /// The estimated size of the response.
    pub(in crate::graphql) estimate: Estimate,
}

impl OperationSummary {
    /// The summary of an operation before its estimate is known.
    pub(in crate::graphql) fn of(parsed: &Parsed) -> Self {
        let name = parsed.prepared.operation.name.as_ref();
        let name = name.map(|name| name.chars().take(MAX_LOGGED_NAME).collect());
        Self { kind: Some(parsed.operation), name, estimate: Estimate::default() }
    }
}

impl Executor {
    /// Counts an operation and logs one line. The operation's name is the only text from the client in this line.
    pub(in crate::graphql) fn log_operation(
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
        let duration = started.elapsed();
        self.metrics.operation(kind, outcome, duration);
        self.metrics.estimated(summary.estimate.nodes);
        if let Some(limit) = response.errors.iter().find_map(|error| error.error.limit) {
            self.metrics.count_rejection(limit);
        }
        tracing::info!(
            operation = summary.name.as_deref().unwrap_or_default(),
            kind,
            nodes = summary.estimate.nodes,
            milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
            codes = codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(","),
            "operation"
        );
    }
}
