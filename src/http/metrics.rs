//! The figures for a monitoring system, on a listener of their own.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::methods::{get_or_head, readable};
use crate::metrics::{Metrics, Reading};

/// Where the figures come from.
#[derive(Clone)]
pub struct MetricsSource {
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Looks at the database. May block.
    pub reading: Arc<dyn Fn() -> Reading + Send + Sync>,
}

/// The one route.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(readable("/metrics").route(get_or_head().to(metrics)));
}

async fn metrics(source: web::Data<MetricsSource>) -> HttpResponse {
    let reading = source.reading.clone();
    let reading = tokio::task::spawn_blocking(move || reading()).await.unwrap_or_default();
    match source.metrics.write(reading) {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
