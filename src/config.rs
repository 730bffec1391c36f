//! Configuration: flags, environment variables, and a file `.env`.

mod settings;
#[cfg(feature = "sso")]
mod single_sign_on;
mod sockets;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use url::Url;

use crate::db::Location;
use crate::http::client::{self, ProxyHeader};
use crate::http::cors;
use crate::limits::Limits;
pub use settings::Settings;
#[cfg(feature = "sso")]
pub use single_sign_on::SingleSignOn;
pub use sockets::Sockets;

/// The settings. Each field is a flag and an environment variable; the flag takes precedence.
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

    /// Connect to PostgreSQL through PgBouncer in transaction mode, or through a similar pooler.
    #[arg(long, global = true, env = "CLAUSEWATCH_PGBOUNCER", default_value_t = false)]
    pub pgbouncer: bool,

    /// Address and port to listen on.
    #[arg(long, global = true, env = "CLAUSEWATCH_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// Maximum number of database connections for reading.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_CONNECTIONS",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub connections: u32,

    /// Do not load the sample dossiers into a new database.
    #[arg(long, global = true, env = "CLAUSEWATCH_NO_SAMPLE", default_value_t = false)]
    pub no_sample: bool,

    /// Require an access token for reading.
    #[arg(long, global = true, env = "CLAUSEWATCH_PRIVATE", default_value_t = false)]
    pub private: bool,

    /// Maximum size of the response cache, such as 64MB or 1GiB. 0 disables the cache.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_RESPONSE_CACHE",
        value_name = "SIZE",
        default_value = "64MB"
    )]
    pub response_cache: ByteSize,

    /// File of trusted documents, which clients can send by id: a JSON object of ids and documents.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Reject all documents except those of the web app and of --trusted-documents.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_TRUSTED_DOCUMENTS_ONLY",
        default_value_t = false
    )]
    pub trusted_documents_only: bool,

    /// Log level: error, warn, info, debug or trace. Also for one module: clausewatch::db=trace.
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// Log format.
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// Comma-separated addresses or networks of the proxies that are trusted to name the client's address.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = client::read_network)]
    pub trusted_proxy: Vec<IpNet>,

    /// Header in which trusted proxies name the client's address.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_PROXY_HEADER",
        value_enum,
        default_value = "x-forwarded-for"
    )]
    pub proxy_header: ProxyHeader,

    /// Public URL of the server if it is behind a proxy, such as `https://treaties.example`. With https, browsers are told to
    /// use only TLS.
    #[arg(long, global = true, env = "CLAUSEWATCH_PUBLIC_URL")]
    pub public_url: Option<Url>,

    /// Comma-separated origins of other web apps that may use the API, such as `https://app.example`.
    #[arg(long, global = true, env = "CLAUSEWATCH_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = cors::read_origin)]
    pub allow_origin: Vec<String>,

    /// Address and port that serve /metrics. Without it, metrics are not served.
    #[arg(long, global = true, env = "CLAUSEWATCH_METRICS_BIND", value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<SocketAddr>,

    /// Minimum free disk space for a SQLite database, in bytes. With less, the server is not ready.
    #[arg(long, global = true, env = "CLAUSEWATCH_MIN_FREE_DISK", default_value_t = 67_108_864)]
    pub min_free_disk: u64,

    /// Time between SIGTERM and the stop, in seconds. The server is not ready in this time.
    #[arg(long, global = true, env = "CLAUSEWATCH_STOP_DELAY", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub stop_delay: u64,

    /// Limits of requests.
    #[command(flatten)]
    pub limits: Limits,

    /// Limits of WebSockets and event streams.
    #[command(flatten)]
    pub sockets: Sockets,

    /// Single sign-on.
    #[cfg(feature = "sso")]
    #[command(flatten)]
    pub sso: SingleSignOn,
}

impl Config {
    /// The location of the database.
    ///
    /// # Errors
    /// When the address is invalid. The message does not repeat the value, which may contain a password.
    pub fn location(&self) -> anyhow::Result<Location> {
        let location = self.database_url.location()?;
        Ok(if self.pgbouncer { location.pooled_by_transaction() } else { location })
    }
}

/// The address of a database. It may contain a password, which `Debug` hides. It is parsed only when it is used, because
/// clap would repeat an invalid value in its error message.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The location of the database.
    ///
    /// # Errors
    /// When the address is invalid. The message does not repeat the value.
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
    /// One JSON object per line.
    Json,
}
