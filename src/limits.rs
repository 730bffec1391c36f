//! Limits on requests. Each limit is set by a flag or an environment variable. The server checks a limit before it does the
//! work that the limit restricts.

use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;

/// The maximum depth of selections. No setting can raise it: apollo-compiler validates documents recursively, so deeper
/// selections could overflow the stack.
pub const MAX_DEPTH: usize = 64;
/// The maximum number of selections in a trusted document. It equals the maximum number of fields in an execution plan.
const MAX_SELECTIONS: usize = 100_000;

/// Limits on requests, documents and clients.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// The maximum size of a request body in bytes.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_BODY", default_value_t = Self::DEFAULT.max_body, value_parser = up_to(1_073_741_824))]
    pub max_body: usize,

    /// The maximum number of tokens in a document.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_TOKENS", default_value_t = Self::DEFAULT.max_tokens, value_parser = up_to(1_000_000))]
    pub max_tokens: usize,

    /// The maximum depth of fields in a document, with fragments expanded; at most 64.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_DEPTH", default_value_t = Self::DEFAULT.max_depth, value_parser = up_to(64))]
    pub max_depth: usize,

    /// The maximum number of aliases in an operation, with fragments expanded.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_ALIASES", default_value_t = Self::DEFAULT.max_aliases, value_parser = up_to(1_000_000))]
    pub max_aliases: usize,

    /// The maximum number of root fields in an operation, with fragments expanded.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_ROOT_FIELDS", default_value_t = Self::DEFAULT.max_root_fields, value_parser = up_to(1_000_000))]
    pub max_root_fields: usize,

    /// The maximum number of directives in an operation, with fragments expanded.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_DIRECTIVES", default_value_t = Self::DEFAULT.max_directives, value_parser = up_to(1_000_000))]
    pub max_directives: usize,

    /// The maximum number of selections in a document; a fragment counts each time it is spread.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_SELECTIONS", default_value_t = Self::DEFAULT.max_selections, value_parser = up_to(1_000_000))]
    pub max_selections: usize,

    /// The maximum estimated number of nodes in a response. The estimate multiplies the page sizes of nested lists.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_NODES", default_value_t = Self::DEFAULT.max_nodes, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_nodes: u64,

    /// The maximum estimated number of fields in a response. The estimate adds up the selected fields of all estimated nodes.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_FIELDS", default_value_t = Self::DEFAULT.max_fields, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_fields: u64,

    /// The maximum time for a request, in seconds.
    #[arg(long, global = true, env = "CLAUSEWATCH_REQUEST_TIMEOUT", default_value_t = Self::DEFAULT.request_timeout, value_parser = seconds())]
    pub request_timeout: u64,

    /// The maximum time to receive the head of a request, in seconds.
    #[arg(long, global = true, env = "CLAUSEWATCH_HEAD_TIMEOUT", default_value_t = Self::DEFAULT.head_timeout, value_parser = seconds())]
    pub head_timeout: u64,

    /// The maximum time to receive the body of a request, in seconds.
    #[arg(long, global = true, env = "CLAUSEWATCH_BODY_TIMEOUT", default_value_t = Self::DEFAULT.body_timeout, value_parser = seconds())]
    pub body_timeout: u64,

    /// The maximum time in seconds for which a client may acknowledge no data of a response (Linux only).
    #[arg(long, global = true, env = "CLAUSEWATCH_WRITE_TIMEOUT", default_value_t = Self::DEFAULT.write_timeout, value_parser = seconds())]
    pub write_timeout: u64,

    /// The maximum number of open connections; further connections wait.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_CONNECTIONS", default_value_t = Self::DEFAULT.max_connections, value_parser = up_to(1_000_000))]
    pub max_connections: usize,

    /// The maximum number of requests per second from one address; 0 for no limit.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_PER_ADDRESS", default_value_t = Self::DEFAULT.rate_per_address, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub rate_per_address: u32,

    /// The maximum number of requests per second with one token, from any address; 0 for no limit.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_PER_TOKEN", default_value_t = Self::DEFAULT.rate_per_token, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub rate_per_token: u32,

    /// The size of a burst, in seconds. After a pause, a client may send as many requests at once as the rate allows in this
    /// time.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_BURST", default_value_t = Self::DEFAULT.rate_burst, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub rate_burst: u32,
}

impl Limits {
    /// The default limits.
    pub const DEFAULT: Self = Self {
        max_body: 1_048_576,
        max_tokens: 10_000,
        max_depth: 24,
        max_aliases: 100,
        max_root_fields: 50,
        max_directives: 50,
        max_selections: 10_000,
        max_nodes: 500_000,
        max_fields: 5_000_000,
        request_timeout: 30,
        head_timeout: 10,
        body_timeout: 20,
        write_timeout: 60,
        max_connections: 4096,
        rate_per_address: 100,
        rate_per_token: 100,
        rate_burst: 60,
    };

    /// The limits for trusted documents. Of the limits on documents, only the depth and the number of selections apply.
    #[must_use]
    pub fn of_trusted_documents(&self) -> Self {
        Self {
            max_tokens: usize::MAX,
            max_depth: MAX_DEPTH,
            max_aliases: usize::MAX,
            max_root_fields: usize::MAX,
            max_directives: usize::MAX,
            max_selections: MAX_SELECTIONS,
            ..self.clone()
        }
    }

    /// The maximum time for a request.
    #[must_use]
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_timeout)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

fn up_to(most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most)
}

fn seconds() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..=3600)
}
