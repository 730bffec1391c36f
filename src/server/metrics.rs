//! The HTTP server for the metrics. It has its own address, because metrics are not for clients of the API.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::{App, HttpServer, web};

use super::listen;
use crate::db::{Access, Db, DbConnection};
use crate::graphql::Executor;
use crate::http;
use crate::http::metrics::MetricsSource;
use crate::metrics::Reading;

/// Starts to serve metrics.
///
/// # Errors
/// Fails if the address is in use.
pub(super) fn serve(
    bind: SocketAddr,
    executor: &Executor,
    db: &Db,
) -> anyhow::Result<(Server, SocketAddr)> {
    let listener = listen(bind, "--metrics-bind")?;
    let address = listener.local_addr()?;
    let db = db.clone();
    let read_database = move || Reading {
        statements: db.statements(),
        readers: db.connections(Access::Read),
        writers: db.connections(Access::Write),
        log_position: log_position(&db),
    };
    let source = MetricsSource {
        metrics: executor.metrics().clone(),
        read_database: Arc::new(read_database),
    };
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(source.clone())).configure(http::metrics::routes)
    });
    Ok((server.workers(1).disable_signals().listen(listener)?.run(), address))
}

/// The position of the last change in the change log. None if the database cannot be reached.
fn log_position(db: &Db) -> Option<i64> {
    let mut session = db.session(Access::Read).ok()?;
    session.read().and_then(DbConnection::log_position).ok()
}
