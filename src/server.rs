//! The server, put together.

mod shutdown;

use std::any::Any;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;
use tokio::sync::watch;

use crate::config::Config;
use crate::db::{Access, Db, DbConnection, token};
use crate::domain::token::{Secret, TokenContent};
use crate::domain::viewer::{Editor, Role};
use crate::graphql::{Executor, Manifest};
use crate::http::client::Proxies;
use crate::http::health::Health;
use crate::http::metrics::MetricsSource;
use crate::http::open_connections::Phase;
use crate::http::origin::Origins;
use crate::http::rate::Rate;
use crate::http::request_context::Secure;
#[cfg(feature = "sso")]
use crate::http::single_sign_on::SingleSignOn;
use crate::metrics::Reading;
use crate::{dossier, http};

pub use shutdown::Handle;
use shutdown::ShutdownSignal;

/// A server that listens, ready to run.
pub struct Application {
    server: Server,
    address: SocketAddr,
    metrics: Option<(Server, SocketAddr)>,
    db: Db,
    first_token: Option<Secret>,
    stop: ShutdownSignal,
}

impl Application {
    /// Opens the database, brings it up to date, loads the sample dossiers into a new one, and starts to listen.
    ///
    /// # Errors
    /// When the database cannot be opened or the address is taken.
    pub fn build(config: &Config) -> anyhow::Result<Self> {
        let origins = Origins::new(config.public_url.clone(), config.allow_origin.clone());
        // What is wrong with the settings is said before anything is written.
        #[cfg(feature = "sso")]
        let sso = SingleSignOn::new(&config.sso, &origins)?.map(web::Data::new);
        let location = config.location()?;
        let request_time = Some(config.limits.request_time());
        let db = Db::open_within(&location, config.connections, request_time)
            .with_context(|| format!("cannot open the database {location}"))?;
        if location.is_read_only() {
            tracing::warn!(
                "the database {location} is read-only: it is served, and every write is refused"
            );
        } else if !config.no_sample {
            load_sample(&db)?;
        }
        if let Some(warning) = db.session(Access::Read)?.read()?.time_ahead()? {
            tracing::warn!("{warning}; see “A wrong clock” in docs/OPERATIONS.md");
        }
        let first_token = if location.is_read_only() { None } else { first_token(&db)? };
        let listener = TcpListener::bind(config.bind).with_context(|| {
            format!("cannot listen on {}; choose another with --bind ADDRESS:PORT", config.bind)
        })?;
        let address = listener.local_addr()?;
        let limits = config.limits.clone();
        let executor = Executor::new(db.clone(), config.private)
            .map_err(anyhow::Error::msg)?
            .with_limits(limits.clone())
            .with_response_cache(config.response_cache.as_u64())
            .with_trusted_documents(trusted_documents(config)?, config.trusted_documents_only)
            .map_err(anyhow::Error::msg)?;
        let proxies =
            Proxies { trusted: config.trusted_proxy.clone(), header: config.proxy_header };
        let rate = Rate::new(&limits, proxies);
        tokio::task::spawn_local(rate.clone().forget());
        let (phase, phases) = watch::channel(Phase::Serving);
        let open_connections = http::OpenConnections::new(config.sockets.limits(), phases.clone());
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        let head_timeout = Duration::from_secs(limits.head_timeout);
        let slow = Duration::from_secs(limits.write_timeout);
        let connections = limits.max_connections.div_ceil(workers);
        let metrics =
            config.metrics_bind.map(|bind| serve_metrics(bind, &executor, &db)).transpose()?;
        let health = Health { probe: probe(db.clone(), config.min_free_disk), phases };
        let secure = Secure(origins.is_https());
        let allowed = config.allow_origin.clone();
        let server = HttpServer::new(move || {
            let app = App::new();
            #[cfg(feature = "sso")]
            let app = match &sso {
                Some(sso) => app.app_data(sso.clone()),
                None => app,
            };
            app.app_data(web::Data::new(executor.clone()))
                .app_data(web::Data::new(limits.clone()))
                .app_data(web::Data::new(rate.clone()))
                .app_data(web::Data::new(origins.clone()))
                .app_data(web::Data::new(open_connections.clone()))
                .app_data(web::Data::new(health.clone()))
                .app_data(web::Data::new(secure))
                .configure(http::routes)
                .wrap(http::cors::open_to(&allowed))
                .wrap(from_fn(http::request_context::request_context))
        })
        .workers(workers)
        .max_connections(connections)
        .on_connect(move |connection, _| give_up_on_idle_reader(connection, slow))
        .client_request_timeout(head_timeout)
        .shutdown_timeout(30)
        .disable_signals()
        .listen(listener)?
        .run();
        let stop = ShutdownSignal::new(phase, Duration::from_secs(config.stop_delay));
        Ok(Self { server, address, metrics, db, first_token, stop })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its figures are.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// Its database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The access token of an admin that was made because there was none yet. It is shown this once.
    #[must_use]
    pub fn first_token(&self) -> Option<&Secret> {
        self.first_token.as_ref()
    }

    /// A handle that can stop it.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.stop.handle(self.server.handle())
    }

    /// Serves until it is told to stop, by a signal or by its handle.
    ///
    /// # Errors
    /// Those of the network.
    pub async fn run(self) -> std::io::Result<()> {
        let Self { server, metrics, stop, .. } = self;
        let handles: Vec<ServerHandle> = std::iter::once(server.handle())
            .chain(metrics.iter().map(|(server, _)| server.handle()))
            .collect();
        if let Some((server, _)) = metrics {
            tokio::task::spawn_local(server);
        }
        let signals = tokio::task::spawn_local(stop.run(handles.clone()));
        let outcome = server.await;
        signals.abort();
        for handle in handles {
            drop(handle.stop(false));
        }
        outcome
    }
}

/// The documents of the web app, and those of the operator's file.
fn trusted_documents(config: &Config) -> anyhow::Result<Vec<Manifest>> {
    #[cfg(feature = "ui")]
    let of_web_app = http::documents();
    #[cfg(not(feature = "ui"))]
    let of_web_app: Option<String> = None;
    let of_web_app = of_web_app.map(|json| Manifest::parse("the web app", &json));
    let of_operator = config.trusted_documents.as_ref().map(|path| {
        let json = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read {}, the file of --trusted-documents", path.display())
        })?;
        Manifest::parse(&path.display().to_string(), &json).map_err(anyhow::Error::msg)
    });
    let of_web_app = of_web_app.map(|manifest| manifest.map_err(anyhow::Error::msg));
    of_web_app.into_iter().chain(of_operator).collect()
}

/// Serves the figures, by themselves: what is not served where clients are cannot be left open to them.
fn serve_metrics(
    bind: SocketAddr,
    executor: &Executor,
    db: &Db,
) -> anyhow::Result<(Server, SocketAddr)> {
    let listener = TcpListener::bind(bind).with_context(|| {
        format!(
            "cannot listen on {bind} for metrics; choose another with --metrics-bind ADDRESS:PORT"
        )
    })?;
    let address = listener.local_addr()?;
    let db = db.clone();
    let reading = move || Reading {
        statements: db.statements(),
        readers: db.connections(Access::Read),
        writers: db.connections(Access::Write),
        log_position: log_position(&db),
    };
    let monitor = MetricsSource { metrics: executor.metrics().clone(), reading: Arc::new(reading) };
    let server = HttpServer::new(move || {
        App::new().app_data(web::Data::new(monitor.clone())).configure(http::metrics::routes)
    });
    Ok((server.workers(1).disable_signals().listen(listener)?.run(), address))
}

fn log_position(db: &Db) -> Option<i64> {
    let mut session = db.session(Access::Read).ok()?;
    session.read().and_then(DbConnection::log_position).ok()
}

/// Looks at what the server needs to be ready.
fn probe(db: Db, min_free_disk: u64) -> Arc<dyn Fn() -> Vec<http::health::Finding> + Send + Sync> {
    Arc::new(move || db.check(min_free_disk))
}

/// Lets the system end a connection whose peer takes nothing: the framework would wait for it for ever, with what is
/// unsent in memory.
#[cfg(target_os = "linux")]
fn give_up_on_idle_reader(connection: &dyn Any, slow: Duration) {
    let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
    let milliseconds = u32::try_from(slow.as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = rustix::net::sockopt::set_tcp_user_timeout(stream, milliseconds) {
        tracing::debug!(%error, "no time limit for a connection");
    }
}

/// Elsewhere there is no such limit.
#[cfg(not(target_os = "linux"))]
fn give_up_on_idle_reader(_connection: &dyn Any, _slow: Duration) {}

/// Makes an access token for whoever starts the first server on a database, so that they can make others.
fn first_token(db: &Db) -> anyhow::Result<Option<Secret>> {
    let content =
        TokenContent { name: "admin".to_owned(), role: Role::Admin, expires_in_days: None };
    Ok(token::create_first(&mut db.session(Access::Write)?, &content)?)
}

/// Loads the sample dossiers into a database that nothing was ever written to.
fn load_sample(db: &Db) -> anyhow::Result<()> {
    let mut session = db.session(Access::Write)?;
    if !session.read()?.is_untouched()? {
        return Ok(());
    }
    let summary = dossier::import(&mut session, &Editor::operator(), &dossier::embedded())?;
    let summary = summary.to_string().replace('\n', ", ");
    tracing::info!("loaded the sample dossiers into the new database: {summary}");
    Ok(())
}
