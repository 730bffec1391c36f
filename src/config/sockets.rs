//! Limits of WebSockets and event streams.

use std::time::Duration;

use clap::Args;

use crate::http::SocketLimits;

/// Limits of WebSockets and event streams.
#[derive(Debug, Clone, Args)]
pub struct Sockets {
    /// Maximum number of open WebSockets and event streams.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS",
        default_value_t = 2_000,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets: u64,

    /// Maximum number of open WebSockets and event streams per address.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS_PER_ADDRESS",
        default_value_t = 500,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets_per_address: u64,

    /// Maximum number of concurrent operations per WebSocket.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_OPERATIONS_PER_SOCKET",
        default_value_t = 50,
        value_parser = clap::value_parser!(u64).range(1..=10_000)
    )]
    pub max_operations_per_socket: u64,

    /// Maximum size of a WebSocket message, in bytes.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_MESSAGE",
        default_value_t = 262_144,
        value_parser = clap::value_parser!(u64).range(1_024..=1_073_741_824)
    )]
    pub max_message: u64,

    /// Maximum time for a new WebSocket to send `connection_init`, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_INIT_TIME",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_init_time: u64,

    /// Maximum time in which a client reads nothing of the pending messages, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_SLOW_TIME",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_slow_time: u64,

    /// Interval between pings to a silent client, in seconds. A client that is silent for two intervals is disconnected.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_KEEP_ALIVE",
        default_value_t = 25,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_keep_alive: u64,
}

impl Sockets {
    /// The limits for the transport.
    pub(crate) fn limits(&self) -> SocketLimits {
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        SocketLimits {
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
