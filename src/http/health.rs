//! Health checks: liveness (`/livez`) and readiness (`/readyz`).

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::open_connections::Phase;

/// The maximum time for the checks of the database.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// The name of a check, and its result. An error describes the problem.
pub type Check = (&'static str, Result<(), String>);

/// The sources of the readiness check.
#[derive(Clone)]
pub struct Health {
    /// Checks the database. May block the thread.
    pub check_database: Arc<dyn Fn() -> Vec<Check> + Send + Sync>,
    /// The phase of the server.
    pub phase: watch::Receiver<Phase>,
}

/// Responds with 200, because the process is running.
pub async fn live() -> HttpResponse {
    respond(HttpResponse::Ok(), &json!({ "status": "ok" }))
}

/// Responds with 200 if the server is ready for requests, otherwise with 503. The body contains the result of each check.
pub async fn ready(health: web::Data<Health>) -> HttpResponse {
    let is_stopping = *health.phase.borrow() != Phase::Serving;
    let server = if is_stopping { Err("stopping".to_owned()) } else { Ok(()) };
    let mut checks: Vec<Check> = vec![("server", server)];
    if !is_stopping {
        let check_database = health.check_database.clone();
        let database = tokio::task::spawn_blocking(move || check_database());
        checks.extend(match tokio::time::timeout(CHECK_TIMEOUT, database).await {
            Ok(Ok(checks)) => checks,
            _ => vec![("database", Err(format!("no answer within {} s", CHECK_TIMEOUT.as_secs())))],
        });
    }
    let is_ready = checks.iter().all(|(_, result)| result.is_ok());
    let checks: Map<String, Value> = checks
        .into_iter()
        .map(|(name, result)| {
            (name.to_owned(), result.err().unwrap_or_else(|| "ok".to_owned()).into())
        })
        .collect();
    let status = if is_ready { "ok" } else { "unavailable" };
    let builder = if is_ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    respond(builder, &json!({ "status": status, "checks": checks }))
}

fn respond(mut builder: HttpResponseBuilder, body: &Value) -> HttpResponse {
    builder.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
