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
use crate::http::{cors, origin};
use crate::limits::Limits;
pub use settings::Settings;
#[cfg(feature = "sso")]
pub use single_sign_on::SingleSignOn;
pub use sockets::Sockets;

/// How the program runs. Each field is a flag and an environment variable; a flag wins.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Config {
    /// The database: sqlite:PATH for a file, or postgres://USER:PASSWORD@HOST/DATABASE.
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        default_value = "sqlite:clausewatch.db",
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,

    /// Whether PostgreSQL is reached through PgBouncer in transaction mode, or another pooler that shares connections by transactions.
    #[arg(long, global = true, env = "CLAUSEWATCH_PGBOUNCER", default_value_t = false)]
    pub pgbouncer: bool,

    /// The address and port to listen on.
    #[arg(long, global = true, env = "CLAUSEWATCH_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,

    /// How many database connections are kept for reading, at most.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_CONNECTIONS",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub connections: u32,

    /// Leave the sample dossiers out of a new database.
    #[arg(long, global = true, env = "CLAUSEWATCH_NO_SAMPLE", default_value_t = false)]
    pub no_sample: bool,

    /// Let nobody read either who has no access token.
    #[arg(long, global = true, env = "CLAUSEWATCH_PRIVATE", default_value_t = false)]
    pub private: bool,

    /// How much memory the answers to public queries may take that are kept until the data changes: 64MB, 1GiB; 0 keeps
    /// none.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_RESPONSE_CACHE",
        value_name = "SIZE",
        default_value = "64MB"
    )]
    pub response_cache: ByteSize,

    /// A file of documents that clients can send by id: a JSON object of ids and documents.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_DOCUMENTS", value_name = "FILE")]
    pub trusted_documents: Option<PathBuf>,

    /// Execute trusted documents only: those of the web app and of --trusted-documents.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_TRUSTED_DOCUMENTS_ONLY",
        default_value_t = false
    )]
    pub trusted_documents_only: bool,

    /// What is logged: error, warn, info, debug or trace, also for one part (clausewatch::db=trace).
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// How it is logged.
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// The proxies whose word about a client's address is taken: addresses or networks, with commas between them.
    #[arg(long, global = true, env = "CLAUSEWATCH_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',', value_parser = client::read_network)]
    pub trusted_proxy: Vec<IpNet>,

    /// The header in which trusted proxies name the client's address.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_PROXY_HEADER",
        value_enum,
        default_value = "x-forwarded-for"
    )]
    pub proxy_header: ProxyHeader,

    /// The address at which people reach the server through a proxy: `https://treaties.example`, or with a path that the proxy
    /// takes off: `https://example.org/clausewatch/`. With https, browsers are told to come by TLS only.
    #[arg(long, global = true, env = "CLAUSEWATCH_PUBLIC_URL", value_name = "URL", value_parser = origin::read_public_url)]
    pub public_url: Option<Url>,

    /// The origins whose pages may read answers: `https://app.example`, with commas between them.
    #[arg(long, global = true, env = "CLAUSEWATCH_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = cors::read_origin)]
    pub allow_origin: Vec<String>,

    /// The address and port at which a monitoring system finds /metrics; none are served without it.
    #[arg(long, global = true, env = "CLAUSEWATCH_METRICS_BIND", value_name = "ADDRESS:PORT")]
    pub metrics_bind: Option<SocketAddr>,

    /// How many bytes should be free on the disk of a SQLite database, for the server to be ready.
    #[arg(long, global = true, env = "CLAUSEWATCH_MIN_FREE_DISK", default_value_t = 67_108_864)]
    pub min_free_disk: u64,

    /// How many seconds the server goes on, not ready any more, after it was told to stop by SIGTERM.
    #[arg(long, global = true, env = "CLAUSEWATCH_STOP_DELAY", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub stop_delay: u64,

    /// How much clients may ask for.
    #[command(flatten)]
    pub limits: Limits,

    /// Bounds of sockets and event streams.
    #[command(flatten)]
    pub sockets: Sockets,

    /// Single sign-on.
    #[cfg(feature = "sso")]
    #[command(flatten)]
    pub sso: SingleSignOn,
}

impl Config {
    /// Where the database is, and how it is reached.
    ///
    /// # Errors
    /// If the address is invalid. The message names the setting and the fault, and repeats no part of the value.
    pub fn location(&self) -> anyhow::Result<Location> {
        let location = self.database_url.location()?;
        Ok(if self.pgbouncer { location.pooled_by_transaction() } else { location })
    }
}

/// The address of a database, as it was written. It may hold a password, so `Debug` shows it without one, and it is parsed
/// only when it is used: the command line would repeat a value that it rejects.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Where the database is.
    ///
    /// # Errors
    /// If the address is invalid. The message names the setting and the fault, and repeats no part of the value.
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

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}
