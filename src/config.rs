//! Configuration: flags, environment variables and a `.env` file.

mod settings;
#[cfg(feature = "sso")]
mod single_sign_on;
mod sockets;
mod webhooks;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use url::Url;

use crate::db::Location;
use crate::http::client::{self, ProxyHeader};
use crate::http::{cors, origin};
use crate::limits::Limits;
pub use settings::Settings;
#[cfg(feature = "sso")]
pub use single_sign_on::SingleSignOn;
pub use sockets::Sockets;
pub use webhooks::Webhooks;

/// The settings. Each field is set by a flag or an environment variable. The flag takes precedence.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Config {
    /// Database: sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        default_value = "sqlite:clausewatch.db",
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,

    /// Connect to PostgreSQL through a pooler in transaction mode, such as PgBouncer.
    #[arg(long, global = true, env = "CLAUSEWATCH_PGBOUNCER", default_value_t = false)]
    pub pgbouncer: bool,

    /// Address and port to listen on.
    #[arg(long, global = true, env = "CLAUSEWATCH_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// Maximum number of database connections for reading. Default: 8 on PostgreSQL; on SQLite one per core, at least 2.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_CONNECTIONS",
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub connections: Option<u32>,

    /// Do not load the sample dossiers into a new database.
    #[arg(long, global = true, env = "CLAUSEWATCH_NO_SAMPLE", default_value_t = false)]
    pub no_sample: bool,

    /// Require an access token for reading, too.
    #[arg(long, global = true, env = "CLAUSEWATCH_PRIVATE", default_value_t = false)]
    pub private: bool,

    /// Do not serve the tools of the Model Context Protocol at /mcp.
    #[arg(long, global = true, env = "CLAUSEWATCH_NO_MCP", default_value_t = false)]
    pub no_mcp: bool,

    /// Require that another editor publishes each status that an editor enters.
    #[arg(long, global = true, env = "CLAUSEWATCH_REVIEW", default_value_t = false)]
    pub review: bool,

    /// The maximum size of the response cache, such as 64MB or 1GiB; 0 turns the cache off.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_RESPONSE_CACHE",
        value_name = "SIZE",
        default_value = "64MB"
    )]
    pub response_cache: ByteSize,

    /// A JSON file of GraphQL documents, keyed by id. Clients can send an id instead of a document.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Execute only trusted documents: documents of the web app and of --trusted-documents.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_TRUSTED_DOCUMENTS_ONLY",
        default_value_t = false
    )]
    pub trusted_documents_only: bool,

    /// The log level: error, warn, info, debug or trace, or per module (clausewatch::db=trace).
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// The format of the log.
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// The proxies that may state a client's address, as IP addresses or networks, separated by commas.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = client::parse_network)]
    pub trusted_proxy: Vec<IpNet>,

    /// Header in which trusted proxies state the client's address.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_PROXY_HEADER",
        value_enum,
        default_value = "x-forwarded-for"
    )]
    pub proxy_header: ProxyHeader,

    /// The server's address as browsers see it, such as `https://treaties.example`, or with a path that the proxy strips, such as
    /// `https://example.org/clausewatch/`. With https, the server sends an HSTS header.
    #[arg(long, global = true, env = "CLAUSEWATCH_PUBLIC_URL", value_name = "URL", value_parser = origin::parse_public_url)]
    pub public_url: Option<Url>,

    /// The other origins whose pages may use the API, such as `https://app.example`, separated by commas.
    #[arg(long, global = true, env = "CLAUSEWATCH_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = cors::parse_origin)]
    pub allow_origin: Vec<String>,

    /// The address and port that serve /metrics. If it is not set, no metrics are served.
    #[arg(long, global = true, env = "CLAUSEWATCH_METRICS_BIND", value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<SocketAddr>,

    /// The minimum free disk space for a SQLite database, in bytes. With less, the server reports that it is not ready.
    #[arg(long, global = true, env = "CLAUSEWATCH_MIN_FREE_DISK", default_value_t = 67_108_864)]
    pub min_free_disk: u64,

    /// The time between SIGTERM and the stop, in seconds. Meanwhile, the server answers requests, but reports that it is not
    /// ready.
    #[arg(long, global = true, env = "CLAUSEWATCH_STOP_DELAY", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub stop_delay: u64,

    /// Limits on requests.
    #[command(flatten)]
    pub limits: Limits,

    /// Limits on sockets and event streams.
    #[command(flatten)]
    pub sockets: Sockets,

    /// Webhooks.
    #[command(flatten)]
    pub webhooks: Webhooks,

    /// Single sign-on.
    #[cfg(feature = "sso")]
    #[command(flatten)]
    pub sso: SingleSignOn,
}

impl Config {
    /// The location of the database, with the kind of pooling.
    ///
    /// # Errors
    /// Fails if the address is invalid. The message does not repeat the value, which may contain a password.
    pub fn location(&self) -> anyhow::Result<Location> {
        let location = self.database_url.location()?;
        Ok(if self.pgbouncer { location.pooled_by_transaction() } else { location })
    }
}

/// The unparsed address of a database. It may contain a password, so `Debug` hides it. It is parsed only when it is
/// used, because an error of the command line parser would repeat the invalid value.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The location of the database.
    ///
    /// # Errors
    /// Fails if the address is invalid. The message does not repeat the value.
    pub fn location(&self) -> anyhow::Result<Location> {
        Location::parse(&self.0)
            .map_err(|message| anyhow::anyhow!("DATABASE_URL (--database-url): {message}"))
    }
}

impl From<&str> for DatabaseUrl {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Location::parse(&self.0) {
            Ok(location) => fmt::Display::fmt(&location, formatter),
            Err(_) => formatter.write_str("?"),
        }
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object per line, for programs.
    Json,
}
