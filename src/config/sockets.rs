//! Limits on sockets and event streams.

use std::time::Duration;

use clap::Args;

use crate::http::SocketLimits;

/// Limits on sockets and event streams.
#[derive(Debug, Clone, Args)]
pub struct Sockets {
    /// The maximum number of open WebSockets and event streams.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS",
        default_value_t = 2_000,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets: u64,

    /// The maximum number of open WebSockets and event streams from one address.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_SOCKETS_PER_ADDRESS",
        default_value_t = 500,
        value_parser = clap::value_parser!(u64).range(0..=1_000_000)
    )]
    pub max_sockets_per_address: u64,

    /// The maximum number of concurrent operations on one WebSocket.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_OPERATIONS_PER_SOCKET",
        default_value_t = 50,
        value_parser = clap::value_parser!(u64).range(1..=10_000)
    )]
    pub max_operations_per_socket: u64,

    /// The maximum size of a WebSocket message in bytes.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_MAX_MESSAGE",
        default_value_t = 262_144,
        value_parser = clap::value_parser!(u64).range(1_024..=1_073_741_824)
    )]
    pub max_message: u64,

    /// The maximum time between the opening of a WebSocket and `connection_init`, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_INIT_TIME",
        default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_init_time: u64,

    /// The maximum time for which a client may leave messages unread, in seconds.
    #[arg(
        long,
        global = true,
        env = "CLAUSEWATCH_SOCKET_SLOW_TIME",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3_600)
    )]
    pub socket_slow_time: u64,

    /// The interval between pings to a silent client, in seconds. A client that is silent for twice as long is
    /// disconnected.
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
    /// The limits in the form that the transport uses.
    pub(crate) fn limits(&self) -> SocketLimits {
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        SocketLimits {
            max_connections: size(self.max_sockets),
            max_per_address: size(self.max_sockets_per_address),
            max_operations: size(self.max_operations_per_socket),
            max_message_bytes: size(self.max_message),
            init_timeout: Duration::from_secs(self.socket_init_time),
            send_timeout: Duration::from_secs(self.socket_slow_time),
            keep_alive_interval: Duration::from_secs(self.socket_keep_alive),
        }
    }
}
