//! The metrics for a monitoring system, on a separate listener.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::methods::{get_or_head, read_only};
use crate::metrics::{Metrics, Reading};

/// The sources of the metrics.
#[derive(Clone)]
pub struct MetricsSource {
    /// The counters.
    pub metrics: Arc<Metrics>,
    /// Reads the state of the database. May block the thread.
    pub read_database: Arc<dyn Fn() -> Reading + Send + Sync>,
}

/// Registers `/metrics`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(read_only("/metrics").route(get_or_head().to(metrics)));
}

async fn metrics(source: web::Data<MetricsSource>) -> HttpResponse {
    let read_database = source.read_database.clone();
    let reading = tokio::task::spawn_blocking(move || read_database()).await.unwrap_or_default();
    match source.metrics.write(reading) {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
