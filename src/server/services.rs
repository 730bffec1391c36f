//! The HTTP server of the API: the state that its services share, and its connections.

use std::any::Any;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use tokio::sync::watch;

use crate::config::Config;
use crate::db::Db;
use crate::export::{AkomaNtoso, Exports, Feeds};
use crate::graphql::Executor;
use crate::http::client::Proxies;
use crate::http::health::Health;
use crate::http::open_connections::Phase;
use crate::http::origin::Origins;
use crate::http::rate::RateLimits;
use crate::http::request_context::{IsHttps, request_context};
#[cfg(feature = "sso")]
use crate::http::single_sign_on::SingleSignOn;
use crate::http::{self, OpenConnections};
use crate::limits::Limits;
use crate::mcp::Tools;

/// The maximum time in seconds for which a stopping server waits for requests to finish.
const SHUTDOWN_TIMEOUT: u64 = 30;

/// The state that the HTTP services share. Each worker thread has a clone.
#[derive(Clone)]
pub(super) struct Services {
    executor: Executor,
    exports: web::Data<Exports>,
    feeds: web::Data<Feeds>,
    akoma_ntoso: web::Data<AkomaNtoso>,
    tools: Option<web::Data<Tools>>,
    limits: Limits,
    rate_limits: RateLimits,
    origins: Origins,
    allowed_origins: Vec<String>,
    open_connections: OpenConnections,
    health: Health,
    #[cfg(feature = "sso")]
    single_sign_on: Option<web::Data<SingleSignOn>>,
}

impl Services {
    /// The services of a server with these settings. `phase` is the current phase of the server.
    pub(super) fn new(
        config: &Config,
        db: &Db,
        executor: Executor,
        exports: Exports,
        feeds: Feeds,
        akoma_ntoso: AkomaNtoso,
        tools: Option<Tools>,
        origins: Origins,
        phase: watch::Receiver<Phase>,
        #[cfg(feature = "sso")] single_sign_on: Option<SingleSignOn>,
    ) -> Self {
        let proxies =
            Proxies { trusted: config.trusted_proxy.clone(), header: config.proxy_header };
        let (db, min_free_disk) = (db.clone(), config.min_free_disk);
        Self {
            executor,
            exports: web::Data::new(exports),
            feeds: web::Data::new(feeds),
            akoma_ntoso: web::Data::new(akoma_ntoso),
            tools: tools.map(web::Data::new),
            limits: config.limits.clone(),
            rate_limits: RateLimits::new(&config.limits, proxies),
            origins,
            allowed_origins: config.allow_origin.clone(),
            open_connections: OpenConnections::new(config.sockets.limits(), phase.clone()),
            health: Health {
                check_database: std::sync::Arc::new(move || db.check(min_free_disk)),
                phase,
            },
            #[cfg(feature = "sso")]
            single_sign_on: single_sign_on.map(web::Data::new),
        }
    }

    /// Starts to serve on `listener`.
    ///
    /// # Errors
    /// Errors of the listener.
    pub(super) fn serve(self, listener: TcpListener) -> std::io::Result<Server> {
        // This task runs as long as the server runs.
        tokio::task::spawn_local(self.rate_limits.clone().remove_idle_clients());
        let workers = super::core_count();
        let connections_per_worker = self.limits.max_connections.div_ceil(workers);
        let head_timeout = Duration::from_secs(self.limits.head_timeout);
        let write_timeout = Duration::from_secs(self.limits.write_timeout);
        let server = HttpServer::new(move || {
            App::new()
                .configure(|app| self.configure(app))
                .wrap(http::cors::allow_origins(&self.allowed_origins))
                .wrap(from_fn(request_context))
        });
        let server = server
            .workers(workers)
            .max_connections(connections_per_worker)
            .on_connect(move |connection, _| limit_unacknowledged_writes(connection, write_timeout))
            .client_request_timeout(head_timeout)
            .shutdown_timeout(SHUTDOWN_TIMEOUT)
            .disable_signals()
            .listen(listener)?;
        Ok(server.run())
    }

    fn configure(&self, app: &mut web::ServiceConfig) {
        #[cfg(feature = "sso")]
        if let Some(single_sign_on) = &self.single_sign_on {
            app.app_data(single_sign_on.clone());
        }
        if let Some(tools) = &self.tools {
            app.app_data(tools.clone());
        }
        app.app_data(web::Data::new(self.executor.clone()))
            .app_data(self.exports.clone())
            .app_data(self.feeds.clone())
            .app_data(self.akoma_ntoso.clone())
            .app_data(web::Data::new(self.limits.clone()))
            .app_data(web::Data::new(self.rate_limits.clone()))
            .app_data(web::Data::new(self.origins.clone()))
            .app_data(web::Data::new(self.open_connections.clone()))
            .app_data(web::Data::new(self.health.clone()))
            .app_data(web::Data::new(IsHttps(self.origins.is_https())))
            .configure(http::routes);
    }
}

/// Makes the operating system close a connection whose peer acknowledges no data for `timeout`. Without this timeout,
/// actix-web waits forever, with the unsent data in memory.
#[cfg(target_os = "linux")]
fn limit_unacknowledged_writes(connection: &dyn Any, timeout: Duration) {
    let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    let milliseconds = u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, milliseconds) {
        tracing::debug!(%error, "cannot set the time limit of a connection");
    }
}

/// This timeout is implemented only for Linux.
#[cfg(not(target_os = "linux"))]
fn limit_unacknowledged_writes(_connection: &dyn Any, _timeout: Duration) {}
