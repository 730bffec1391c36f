//! The server, put together.

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

use crate::config::{self, Config};
use crate::db::{Access, Db, token};
use crate::domain::token::{Secret, TokenContent};
use crate::domain::viewer::{Editor, Role};
use crate::graphql::Executor;
use crate::http::client::Proxies;
use crate::http::rate::Rate;
#[cfg(feature = "sso")]
use crate::http::single_sign_on::SingleSignOn;
use crate::{dossier, http};

/// A server that listens, ready to run.
pub struct Application {
    server: Server,
    address: SocketAddr,
    db: Db,
    first_token: Option<Secret>,
    stop: Arc<watch::Sender<bool>>,
}

/// Stops a server.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    stop: Arc<watch::Sender<bool>>,
}

impl Handle {
    /// Stops the server; a graceful one lets requests come to their end. The order is given at once, and the future is
    /// there to wait until it is carried out.
    pub fn stop(&self, graceful: bool) -> impl Future<Output = ()> + use<> {
        self.stop.send_replace(true);
        self.server.stop(graceful)
    }
}

impl Application {
    /// Opens the database, brings it up to date, loads the sample dossiers into a new one, and starts to listen.
    ///
    /// # Errors
    /// When the database cannot be opened or the address is taken.
    pub fn build(config: &Config) -> anyhow::Result<Self> {
        let location = config.database_url.location()?;
        let db = Db::open(&location, config.connections)
            .with_context(|| format!("cannot open the database {location}"))?;
        if location.is_read_only() {
            tracing::warn!(
                "the database {location} is read-only: it is served, and every write is refused"
            );
        } else if !config.no_sample {
            load_sample(&db)?;
        }
        let first_token = if location.is_read_only() { None } else { first_token(&db)? };
        let listener = TcpListener::bind(config.bind).with_context(|| {
            format!("cannot listen on {}; choose another with --bind ADDRESS:PORT", config.bind)
        })?;
        let address = listener.local_addr()?;
        let limits = config.limits.clone();
        let executor = Executor::new(db.clone(), config.private).within(limits.clone());
        let proxies =
            Proxies { trusted: config.trusted_proxy.clone(), header: config.proxy_header };
        let rate = Rate::new(&limits, proxies);
        tokio::task::spawn_local(rate.clone().forget());
        let origins = http::origin::Origins::new(config.public_url.clone());
        #[cfg(feature = "sso")]
        let sso = SingleSignOn::new(&config.sso, config.public_url.as_ref())?.map(web::Data::new);
        let (stop, stopping) = watch::channel(false);
        let standing = http::Standing::new(config.sockets.limits(), stopping);
        let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
        let head_timeout = Duration::from_secs(limits.head_timeout);
        let slow = Duration::from_secs(limits.write_timeout);
        let connections = limits.max_connections.div_ceil(workers);
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
                .app_data(web::Data::new(standing.clone()))
                .configure(http::routes)
                .wrap(from_fn(http::guard::guard))
        })
        .workers(workers)
        .max_connections(connections)
        .on_connect(move |connection, _| give_up_on_idle_reader(connection, slow))
        .client_request_timeout(head_timeout)
        .shutdown_timeout(30)
        .listen(listener)?
        .run();
        Ok(Self { server, address, db, first_token, stop: Arc::new(stop) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
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
        Handle { server: self.server.handle(), stop: self.stop.clone() }
    }

    /// Serves until it is told to stop, by a signal or by its handle.
    ///
    /// # Errors
    /// Those of the network.
    pub async fn run(self) -> std::io::Result<()> {
        // The framework heeds signals by itself, but does not know of what stands.
        let stop = self.stop;
        let signals = actix_web::rt::spawn(async move {
            signalled().await;
            stop.send_replace(true);
        });
        let outcome = self.server.await;
        signals.abort();
        outcome
    }
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

/// Waits for a signal to stop.
#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()];
    let mut signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    if signals.is_empty() {
        return std::future::pending().await;
    }
    let received = signals.iter_mut().map(|signal| Box::pin(signal.recv()));
    futures_util::future::select_all(received).await;
}

/// Waits for a signal to stop.
#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}

impl config::Sockets {
    fn limits(&self) -> http::SocketLimits {
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        http::SocketLimits {
            sockets: size(self.max_sockets),
            per_address: size(self.max_sockets_per_address),
            operations: size(self.max_operations_per_socket),
            message: size(self.max_message),
            init: Duration::from_secs(self.socket_init_time),
            slow: Duration::from_secs(self.socket_slow_time),
            keep_alive: Duration::from_secs(self.socket_keep_alive),
        }
    }
}

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
