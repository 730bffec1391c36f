//! The server, put together.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::Context;

use crate::config::Config;
use crate::db::{Access, Db, token};
use crate::domain::token::{Secret, TokenContent};
use crate::domain::viewer::{Editor, Role};
use crate::graphql::Executor;
#[cfg(feature = "sso")]
use crate::http::single_sign_on::SingleSignOn;
use crate::{dossier, http};

/// A server that listens, ready to run.
pub struct Application {
    server: Server,
    address: SocketAddr,
    db: Db,
    first_token: Option<Secret>,
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
        let executor = Executor::new(db.clone(), config.private);
        let limits =
            http::Limits { max_body: usize::try_from(config.max_body).unwrap_or(usize::MAX) };
        let origins = http::origin::Origins::new(config.public_url.clone());
        #[cfg(feature = "sso")]
        let sso = SingleSignOn::new(&config.sso, config.public_url.as_ref())?.map(web::Data::new);
        let server = HttpServer::new(move || {
            let app = App::new();
            #[cfg(feature = "sso")]
            let app = match &sso {
                Some(sso) => app.app_data(sso.clone()),
                None => app,
            };
            app.app_data(web::Data::new(executor.clone()))
                .app_data(web::Data::new(limits))
                .app_data(web::Data::new(origins.clone()))
                .configure(http::routes)
                .wrap(from_fn(http::guard::guard))
        })
        .client_request_timeout(Duration::from_secs(10))
        .shutdown_timeout(30)
        .listen(listener)?
        .run();
        Ok(Self { server, address, db, first_token })
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
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until it is told to stop, by a signal or by its handle.
    ///
    /// # Errors
    /// Those of the network.
    pub async fn run(self) -> std::io::Result<()> {
        self.server.await
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
