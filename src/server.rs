//! The server: opens the database and starts the HTTP servers.

mod metrics;
mod services;
mod shutdown;

use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use anyhow::Context;
use tokio::sync::watch;

use crate::config::Config;
use crate::db::{Access, Db, Dialect, token};
use crate::domain::submission::ReviewMode;
use crate::domain::token::{Secret, TokenContent};
use crate::domain::viewer::{Editor, Role};
use crate::dossier;
use crate::export::{AkomaNtoso, ExportLimits, Exports, Feeds};
use crate::graphql::{Executor, Manifest, ReadAccess};
#[cfg(feature = "ui")]
use crate::http;
use crate::http::open_connections::Phase;
use crate::http::origin::Origins;
#[cfg(feature = "sso")]
use crate::http::single_sign_on::SingleSignOn;
use crate::mcp::Tools;
use crate::webhook::{Messages, Worker, WorkerSettings};

use services::Services;
pub use shutdown::Handle;
use shutdown::Shutdown;

/// A server that listens, ready to run.
pub struct Application {
    server: Server,
    address: SocketAddr,
    metrics: Option<(Server, SocketAddr)>,
    db: Db,
    first_token: Option<Secret>,
    shutdown: Shutdown,
    phase: watch::Receiver<Phase>,
    worker: Option<Worker>,
}

impl Application {
    /// Opens the database, migrates it, loads the sample dossiers into a new database, and starts to listen.
    ///
    /// # Errors
    /// Fails if a setting is invalid, the database cannot be opened, or an address is in use.
    pub fn build(config: &Config) -> anyhow::Result<Self> {
        // Checking these settings needs no database, so they are checked before anything is written.
        let origins = Origins::new(config.public_url.clone(), config.allow_origin.clone());
        #[cfg(feature = "sso")]
        let single_sign_on = SingleSignOn::new(&config.sso, &origins)?;
        let db = open_database(config)?;
        let listener = listen(config.bind, "--bind")?;
        let address = listener.local_addr()?;
        let executor = build_executor(config, db.clone())?;
        let export_limits = Arc::new(ExportLimits::default());
        let exports = Exports::new(&executor, export_limits.clone()).map_err(anyhow::Error::msg)?;
        let feeds = Feeds::new(&executor, export_limits.clone()).map_err(anyhow::Error::msg)?;
        let akoma_ntoso = AkomaNtoso::new(&executor, export_limits).map_err(anyhow::Error::msg)?;
        let tools = (!config.no_mcp).then(|| Tools::new(&executor));
        let tools = tools.transpose().map_err(anyhow::Error::msg)?;
        let metrics =
            config.metrics_bind.map(|bind| metrics::serve(bind, &executor, &db)).transpose()?;
        let worker = build_worker(config, &executor, &db)?;
        let (phase_sender, phase) = watch::channel(Phase::Serving);
        let services = Services::new(
            config,
            &db,
            executor,
            exports,
            feeds,
            akoma_ntoso,
            tools,
            origins,
            phase.clone(),
            #[cfg(feature = "sso")]
            single_sign_on,
        );
        let server = services.serve(listener)?;
        // Creating the first token must be the last step that can fail. Otherwise, if a later step failed, the token
        // would never be shown, and the next start would not create another.
        let is_read_only = config.location()?.is_read_only();
        let first_token = if is_read_only { None } else { create_first_token(&db)? };
        let shutdown = Shutdown::new(phase_sender, Duration::from_secs(config.stop_delay));
        Ok(Self { server, address, metrics, db, first_token, shutdown, phase, worker })
    }

    /// The address of the API.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of the metrics. None if they are not served.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|(_, address)| *address)
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The access token of the first admin. None if the database already had a token. The database stores only the hash.
    #[must_use]
    pub fn first_token(&self) -> Option<&Secret> {
        self.first_token.as_ref()
    }

    /// A handle that stops the server.
    #[must_use]
    pub fn handle(&self) -> Handle {
        self.shutdown.handle(self.server.handle())
    }

    /// Serves until a signal or a handle stops it.
    ///
    /// # Errors
    /// Network errors.
    pub async fn run(self) -> std::io::Result<()> {
        let Self { server, metrics, shutdown, mut phase, worker, .. } = self;
        let handle = shutdown.handle(server.handle());
        let worker = worker.map(|worker| {
            tokio::task::spawn_local(worker.run(async move {
                // The wait fails if the sender has been dropped. The server has ended in that case, too.
                let _ = phase.wait_for(|phase| *phase == Phase::Stopping).await;
            }))
        });
        let handles: Vec<ServerHandle> = std::iter::once(server.handle())
            .chain(metrics.iter().map(|(server, _)| server.handle()))
            .collect();
        if let Some((server, _)) = metrics {
            tokio::task::spawn_local(server);
        }
        let signals = tokio::task::spawn_local(shutdown.run(handles.clone()));
        let result = server.await;
        signals.abort();
        for handle in handles {
            drop(handle.stop(false));
        }
        if let Some(worker) = worker {
            // Waits until the current attempts to deliver messages have finished, so that no receiver gets a message twice.
            handle.end_serving();
            let _ = worker.await;
        }
        result
    }
}

/// Opens the database. Loads the sample dossiers into a new database, unless the settings forbid it.
fn open_database(config: &Config) -> anyhow::Result<Db> {
    let location = config.location()?;
    let request_time = Some(config.limits.request_time());
    let connections = config.connections.unwrap_or_else(|| match location.dialect() {
        Dialect::Sqlite => u32::try_from(core_count()).unwrap_or(u32::MAX).max(2),
        Dialect::Postgres => 8,
    });
    let db = Db::open_within(&location, connections, request_time)
        .with_context(|| format!("cannot open the database {location}"))?;
    if location.is_read_only() {
        tracing::warn!(
            "the database {location} is read-only: reads are served, and writes are rejected"
        );
    } else if !config.no_sample {
        load_sample(&db)?;
    }
    if let Some(warning) = db.session(Access::Read)?.read()?.time_ahead()? {
        tracing::warn!("{warning}; see “A wrong clock” in docs/OPERATIONS.md");
    }
    Ok(db)
}

/// The number of processor cores that this process may use.
fn core_count() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Listens on an address. `flag` is the flag that sets the address, for the error message.
fn listen(bind: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(bind).with_context(|| {
        format!("cannot listen on {bind}; choose another address with {flag} ADDRESS:PORT")
    })
}

/// Builds the executor with these settings.
fn build_executor(config: &Config, db: Db) -> anyhow::Result<Executor> {
    let read_access = if config.private { ReadAccess::Private } else { ReadAccess::Public };
    let review = if config.review { ReviewMode::Required } else { ReviewMode::Off };
    let documents = load_trusted_documents(config)?;
    let executor = Executor::new(db, read_access).and_then(|executor| {
        let executor = executor
            .with_limits(config.limits.clone())
            .with_review(review)
            .with_webhook_addresses(config.webhooks.addresses())
            .with_response_cache(config.response_cache.as_u64())
            .with_trusted_documents(documents)?;
        if config.trusted_documents_only {
            executor.with_trusted_documents_only()
        } else {
            Ok(executor)
        }
    });
    executor.map_err(anyhow::Error::msg)
}

/// Builds the worker that delivers webhooks. None if this server does not deliver them.
fn build_worker(config: &Config, executor: &Executor, db: &Db) -> anyhow::Result<Option<Worker>> {
    if config.webhooks.no_webhooks || config.location()?.is_read_only() {
        return Ok(None);
    }
    let messages =
        Messages::new(executor, config.public_url.clone()).map_err(anyhow::Error::msg)?;
    let settings = WorkerSettings {
        addresses: config.webhooks.addresses(),
        retry: config.webhooks.webhook_retry.clone(),
        metrics: executor.metrics().clone(),
    };
    Worker::new(db.clone(), messages, settings).map(Some)
}

/// Loads the documents of the web app, of the server itself, and of the file of `--trusted-documents`.
fn load_trusted_documents(config: &Config) -> anyhow::Result<Vec<Manifest>> {
    let mut manifests = Vec::new();
    #[cfg(feature = "ui")]
    if let Some(json) = http::documents() {
        manifests.push(Manifest::parse_program("the web app", &json).map_err(anyhow::Error::msg)?);
    }
    #[cfg(feature = "ui")]
    manifests.push(Manifest::of("the server", &http::server_documents()));
    if let Some(path) = &config.trusted_documents {
        let json = std::fs::read_to_string(path).with_context(|| {
            format!("cannot read {}, the file of --trusted-documents", path.display())
        })?;
        let manifest = Manifest::parse(&path.display().to_string(), &json);
        manifests.push(manifest.map_err(anyhow::Error::msg)?);
    }
    Ok(manifests)
}

/// Creates the access token of the first admin, unless the database has a token.
fn create_first_token(db: &Db) -> anyhow::Result<Option<Secret>> {
    let content =
        TokenContent { name: "admin".to_owned(), role: Role::Admin, expires_in_days: None };
    Ok(token::create_first(&mut db.session(Access::Write)?, &content)?)
}

/// Loads the sample dossiers, unless the database has data.
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
