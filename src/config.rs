//! Configuration: flags, environment, and a `.env` file (which `main` reads into the environment).

#[cfg(feature = "sso")]
mod single_sign_on;

use std::fmt;
use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use url::Url;

use crate::db::Location;
#[cfg(feature = "sso")]
pub use single_sign_on::SingleSignOn;

/// How the program runs. Each field is a flag and an environment variable; a flag wins.
#[derive(Debug, Clone, Args)]
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

    /// The address at which people reach the server, where a proxy stands in front: https://treaties.example. With https,
    /// cookies are sent by TLS only.
    #[arg(long, global = true, env = "CLAUSEWATCH_PUBLIC_URL")]
    pub public_url: Option<Url>,

    /// The largest request body in bytes.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_BODY",
        default_value_t = 1_048_576,
        value_parser = clap::value_parser!(u64).range(1..=1_073_741_824)
    )]
    pub max_body: u64,

    /// Bounds of sockets and event streams.
    #[command(flatten)]
    pub sockets: Sockets,

    /// What is logged: error, warn, info, debug or trace, also for one part (clausewatch::db=trace).
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG", default_value = "info,actix_server=warn")]
    pub log: String,

    /// How it is logged.
    #[arg(long, global = true, env = "CLAUSEWATCH_LOG_FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,

    /// Single sign-on.
    #[cfg(feature = "sso")]
    #[command(flatten)]
    pub sso: SingleSignOn,
}

/// Bounds of sockets and event streams.
#[derive(Debug, Clone, Args)]
pub struct Sockets {
    /// How many WebSockets and event streams may be open in all.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS",
        default_value_t = 2_000,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets: u64,

    /// How many of them one address may have.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS_PER_ADDRESS",
        default_value_t = 500,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets_per_address: u64,

    /// How many operations may run on one WebSocket at once.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_OPERATIONS_PER_SOCKET",
        default_value_t = 50,
        value_parser = clap::value_parser!(u64).range(1..=10_000)
    )]
    pub max_operations_per_socket: u64,

    /// The largest message on a WebSocket in bytes.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_MESSAGE",
        default_value_t = 262_144,
        value_parser = clap::value_parser!(u64).range(1_024..=1_073_741_824)
    )]
    pub max_message: u64,

    /// How long a new WebSocket may wait before it introduces itself, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_INIT_TIME",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_init_time: u64,

    /// How long a client may leave unread what is sent to it, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_SLOW_TIME",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_slow_time: u64,

    /// How often a silent client is asked whether it is still there, in seconds; one that is silent for twice as long is dropped.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_KEEP_ALIVE",
        default_value_t = 25,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_keep_alive: u64,
}

/// The address of a database. It may hold a password, so that it is shown without one, and read only when it is used:
/// what the command line refuses, it would repeat.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Where the database is.
    ///
    /// # Errors
    /// A sentence that says what is right.
    pub fn location(&self) -> anyhow::Result<Location> {
        Location::parse(&self.0).map_err(anyhow::Error::msg)
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
