//! Metrics in the text format of Prometheus. No label contains text from a client, so the number of labels is bounded.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The metrics of one server.
pub struct Metrics {
    registry: Registry,
    operations: Family<Operation, Counter>,
    durations: Family<Kind, Histogram, fn() -> Histogram>,
    nodes: Histogram,
    answers: Family<CacheOutcome, Counter>,
    kept_bytes: Gauge,
    refusals: Family<Limit, Counter>,
    deliveries: Family<DeliveryOutcome, Counter>,
    disabled_webhooks: Counter,
    statements: Counter,
    connections: Family<Connections, Gauge>,
    log_position: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Operation {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheOutcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    lane: &'static str,
    state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryOutcome {
    outcome: &'static str,
}

/// The state of the database when the metrics are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The number of SQL statements since the start of the server.
    pub statements: u64,
    /// The total number of connections for reading, and the number of idle ones.
    pub readers: (u32, u32),
    /// The total number of connections for writing, and the number of idle ones.
    pub writers: (u32, u32),
    /// The position of the last change in the change log. None if the database cannot be reached.
    pub log_position: Option<i64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds = || {
            Histogram::new([
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
            ])
        };
        let mut metrics = Self {
            registry: Registry::with_prefix("clausewatch"),
            operations: Family::default(),
            durations: Family::new_with_constructor(seconds),
            nodes: Histogram::new([1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0]),
            answers: Family::default(),
            kept_bytes: Gauge::default(),
            refusals: Family::default(),
            deliveries: Family::default(),
            disabled_webhooks: Counter::default(),
            statements: Counter::default(),
            connections: Family::default(),
            log_position: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        let help = "GraphQL operations, by kind and outcome";
        registry.register("operations", help, metrics.operations.clone());
        let help = "Duration of GraphQL operations, in seconds";
        registry.register("operation_duration_seconds", help, metrics.durations.clone());
        let help = "Estimated number of nodes in responses";
        registry.register("operation_nodes", help, metrics.nodes.clone());
        let help = "Cacheable responses, by outcome (hit or miss)";
        registry.register("response_cache_answers", help, metrics.answers.clone());
        let help = "Size of the response cache, in bytes";
        registry.register("response_cache_bytes", help, metrics.kept_bytes.clone());
        registry.register("refusals", "Rejected requests, by limit", metrics.refusals.clone());
        let help = "Attempts to deliver messages to webhooks, by outcome (delivered or failed)";
        registry.register("webhook_deliveries", help, metrics.deliveries.clone());
        let help =
            "Webhooks that the server disabled, because attempts failed or the filter is invalid";
        registry.register("webhooks_disabled", help, metrics.disabled_webhooks.clone());
        registry.register("statements", "SQL statements sent", metrics.statements.clone());
        let help = "Database connections, by lane (read or write) and state (idle or used)";
        registry.register("connections", help, metrics.connections.clone());
        let help = "Position of the last change in the change log";
        registry.register("log_position", help, metrics.log_position.clone());
        metrics
    }
}

impl Metrics {
    /// Counts an operation.
    pub fn operation(&self, kind: &'static str, outcome: &'static str, duration: Duration) {
        self.operations.get_or_create(&Operation { kind, outcome }).inc();
        self.durations.get_or_create(&Kind { kind }).observe(duration.as_secs_f64());
    }

    /// Records the estimated size of a response.
    pub fn estimated(&self, nodes: u64) {
        // An `f64` represents every 32-bit integer exactly. Larger estimates are recorded as the largest 32-bit integer.
        self.nodes.observe(f64::from(u32::try_from(nodes).unwrap_or(u32::MAX)));
    }

    /// Counts a cacheable response, and records the size of the cache.
    pub fn answer(&self, is_hit: bool, kept_bytes: u64) {
        let outcome = if is_hit { "hit" } else { "miss" };
        self.answers.get_or_create(&CacheOutcome { outcome }).inc();
        self.kept_bytes.set(i64::try_from(kept_bytes).unwrap_or(i64::MAX));
    }

    /// Counts a request that was rejected because it exceeded `limit`.
    pub fn count_rejection(&self, limit: &'static str) {
        self.refusals.get_or_create(&Limit { limit }).inc();
    }

    /// Counts an attempt to deliver a message to a webhook.
    pub fn count_delivery(&self, is_delivered: bool) {
        let outcome = if is_delivered { "delivered" } else { "failed" };
        self.deliveries.get_or_create(&DeliveryOutcome { outcome }).inc();
    }

    /// Counts a webhook that the server disabled.
    pub fn count_disabled_webhook(&self) {
        self.disabled_webhooks.inc();
    }

    /// The metrics as text.
    ///
    /// # Errors
    /// None in practice: writing to a string does not fail.
    pub fn write(&self, reading: Reading) -> Result<String, fmt::Error> {
        self.statements.inc_by(reading.statements.saturating_sub(self.statements.get()));
        for (lane, (all, idle)) in [("read", reading.readers), ("write", reading.writers)] {
            for (state, count) in [("idle", idle), ("used", all.saturating_sub(idle))] {
                self.connections.get_or_create(&Connections { lane, state }).set(count.into());
            }
        }
        if let Some(position) = reading.log_position {
            self.log_position.set(position);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
