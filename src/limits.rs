//! How much a client may ask for. Each limit is a flag and an environment variable, and is checked before the work that it
//! bounds is done.

use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;

/// How deep selections may nest, whatever is configured: the library's checks use the stack.
pub const MAX_DEPTH: usize = 64;
/// How many selections a trusted document may have: as many as the fields of the largest plan.
const MAX_SELECTIONS: usize = 100_000;

/// Bounds of requests, of documents and of clients.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub struct Limits {
    /// The largest request body in bytes.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_BODY", default_value_t = Self::DEFAULT.max_body, value_parser = up_to(1_073_741_824))]
    pub max_body: usize,

    /// How many tokens a document may have.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_TOKENS", default_value_t = Self::DEFAULT.max_tokens, value_parser = up_to(1_000_000))]
    pub max_tokens: usize,

    /// How deep fields may be nested in a document, fragments spread out, at most 64.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_DEPTH", default_value_t = Self::DEFAULT.max_depth, value_parser = up_to(64))]
    pub max_depth: usize,

    /// How many aliases an operation may have, fragments spread out.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_ALIASES", default_value_t = Self::DEFAULT.max_aliases, value_parser = up_to(1_000_000))]
    pub max_aliases: usize,

    /// How many fields an operation may have at its root, fragments spread out.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_ROOT_FIELDS", default_value_t = Self::DEFAULT.max_root_fields, value_parser = up_to(1_000_000))]
    pub max_root_fields: usize,

    /// How many directives an operation may have, fragments spread out.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_DIRECTIVES", default_value_t = Self::DEFAULT.max_directives, value_parser = up_to(1_000_000))]
    pub max_directives: usize,

    /// How many selections a document may have, each fragment counted as often as it is spread.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_SELECTIONS", default_value_t = Self::DEFAULT.max_selections, value_parser = up_to(1_000_000))]
    pub max_selections: usize,

    /// How many nodes an answer may be estimated to have: page sizes, multiplied down the tree.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_NODES", default_value_t = Self::DEFAULT.max_nodes, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_nodes: u64,

    /// How many fields an answer may be estimated to have: those selected, times the nodes that they are selected on.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_FIELDS", default_value_t = Self::DEFAULT.max_fields, value_parser = clap::value_parser!(u64).range(1..))]
    pub max_fields: u64,

    /// How many seconds a request may take.
    #[arg(long, global = true, env = "CLAUSEWATCH_REQUEST_TIMEOUT", default_value_t = Self::DEFAULT.request_timeout, value_parser = seconds())]
    pub request_timeout: u64,

    /// How many seconds the head of a request may take to arrive.
    #[arg(long, global = true, env = "CLAUSEWATCH_HEAD_TIMEOUT", default_value_t = Self::DEFAULT.head_timeout, value_parser = seconds())]
    pub head_timeout: u64,

    /// How many seconds the body of a request may take to arrive.
    #[arg(long, global = true, env = "CLAUSEWATCH_BODY_TIMEOUT", default_value_t = Self::DEFAULT.body_timeout, value_parser = seconds())]
    pub body_timeout: u64,

    /// How many seconds a client may take nothing of an answer that waits for it (on Linux).
    #[arg(long, global = true, env = "CLAUSEWATCH_WRITE_TIMEOUT", default_value_t = Self::DEFAULT.write_timeout, value_parser = seconds())]
    pub write_timeout: u64,

    /// How many connections are open at a time; others wait to be taken.
    #[arg(long, global = true, env = "CLAUSEWATCH_MAX_CONNECTIONS", default_value_t = Self::DEFAULT.max_connections, value_parser = up_to(1_000_000))]
    pub max_connections: usize,

    /// How many requests a second one address may go on sending; 0 for any number.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_PER_ADDRESS", default_value_t = Self::DEFAULT.rate_per_address, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub rate_per_address: u32,

    /// The same with one token, from whichever address.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_PER_TOKEN", default_value_t = Self::DEFAULT.rate_per_token, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub rate_per_token: u32,

    /// How many seconds' worth of that a client that was quiet may send at once.
    #[arg(long, global = true, env = "CLAUSEWATCH_RATE_BURST", default_value_t = Self::DEFAULT.rate_burst, value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub rate_burst: u32,
}

impl Limits {
    /// What is in force where nothing else is said.
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

    /// The same without the limits on documents: for those that no stranger wrote. Nesting and the size of plans stay bounded.
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

    /// How long a request may take.
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
