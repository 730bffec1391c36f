//! Whether the server lives, and whether it is ready for requests.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use super::open_connections::Phase;

/// How long the database may take to answer.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// What was looked at: its name, and what is wrong with it, if anything is.
pub type Finding = (&'static str, Result<(), String>);

/// What decides whether the server is ready.
#[derive(Clone)]
pub struct Health {
    /// Looks at what the server needs. May block.
    pub probe: Arc<dyn Fn() -> Vec<Finding> + Send + Sync>,
    /// How far the server is.
    pub phases: watch::Receiver<Phase>,
}

/// The process lives.
pub async fn live() -> HttpResponse {
    answer(HttpResponse::Ok(), &json!({ "status": "ok" }))
}

/// Requests can be answered: 200, or 503 with what fails.
pub async fn ready(health: web::Data<Health>) -> HttpResponse {
    let mut findings = Vec::new();
    let stopping = *health.phases.borrow() != Phase::Serving;
    findings.push(("server", if stopping { Err("it is stopping".to_owned()) } else { Ok(()) }));
    if !stopping {
        let probe = health.probe.clone();
        let probing =
            tokio::time::timeout(CHECK_TIMEOUT, tokio::task::spawn_blocking(move || probe()));
        findings.extend(match probing.await {
            Ok(Ok(findings)) => findings,
            _ => vec![("database", Err(format!("no answer within {} s", CHECK_TIMEOUT.as_secs())))],
        });
    }
    let fails = findings.iter().any(|(_, outcome)| outcome.is_err());
    let checks: Map<String, Value> = findings
        .into_iter()
        .map(|(name, outcome)| {
            (name.to_owned(), outcome.err().unwrap_or_else(|| "ok".to_owned()).into())
        })
        .collect();
    let status = if fails { "unavailable" } else { "ok" };
    let response = if fails { HttpResponse::ServiceUnavailable() } else { HttpResponse::Ok() };
    answer(response, &json!({ "status": status, "checks": checks }))
}

fn answer(mut response: actix_web::HttpResponseBuilder, body: &Value) -> HttpResponse {
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
