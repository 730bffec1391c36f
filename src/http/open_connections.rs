//! Limits on open sockets and event streams, and the signal that closes them when the server stops.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use tokio::sync::watch;

use super::error::HttpError;
use super::rate::RateLimits;

/// The phase of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The server serves requests.
    Serving,
    /// The server still serves requests, but stops soon. Load balancers should use another server.
    NotReady,
    /// The server is stopping.
    Stopping,
}

/// Limits of sockets and event streams.
#[derive(Debug, Clone, Copy)]
pub struct SocketLimits {
    /// The maximum number of open sockets and event streams.
    pub max_connections: usize,
    /// The maximum number of open sockets and event streams from one address.
    pub max_per_address: usize,
    /// The maximum number of concurrent operations on one socket.
    pub max_operations: usize,
    /// The maximum size of a message in bytes.
    pub max_message_bytes: usize,
    /// The maximum time from the handshake to `connection_init`.
    pub init_timeout: Duration,
    /// The maximum time for which the server waits to send a message to a client that does not read.
    pub send_timeout: Duration,
    /// The time between two pings, or between two comments of an event stream. A socket that receives nothing for twice this
    /// time is closed.
    pub keep_alive_interval: Duration,
}

/// All open sockets and event streams of a server. Cheap to clone.
#[derive(Clone)]
pub struct OpenConnections {
    /// The limits.
    pub limits: SocketLimits,
    phase: watch::Receiver<Phase>,
    counts: Arc<Mutex<Counts>>,
}

/// The numbers of open connections.
#[derive(Default)]
struct Counts {
    total: usize,
    by_address: HashMap<Option<IpAddr>, usize>,
}

/// One counted connection. Dropping the slot lowers the count.
pub struct ConnectionSlot {
    counts: Arc<Mutex<Counts>>,
    address: Option<IpAddr>,
}

impl OpenConnections {
    /// Starts without open connections. Connections end when `phase` becomes [`Phase::Stopping`].
    #[must_use]
    pub fn new(limits: SocketLimits, phase: watch::Receiver<Phase>) -> Self {
        Self { limits, phase, counts: Arc::default() }
    }

    /// Counts a new connection. Fails if the server or the address of the client has reached its limit.
    pub(super) fn acquire_slot(&self, request: &HttpRequest) -> Result<ConnectionSlot, HttpError> {
        let reject = |status, message: String| HttpError::new(status, "TOO_MANY_SOCKETS", message);
        let rate_limits = request.app_data::<web::Data<RateLimits>>();
        let address = rate_limits.map(|rate_limits| rate_limits.client_network(request));
        let mut counts = lock(&self.counts);
        if counts.total >= self.limits.max_connections {
            let message = format!(
                "the server has {} open sockets and event streams, which is the maximum; try again later",
                self.limits.max_connections
            );
            return Err(reject(StatusCode::SERVICE_UNAVAILABLE, message));
        }
        let address_count = counts.by_address.entry(address).or_default();
        if *address_count >= self.limits.max_per_address {
            let message = format!(
                "your address has {} open sockets and event streams, which is the maximum; close one first",
                self.limits.max_per_address
            );
            return Err(reject(StatusCode::TOO_MANY_REQUESTS, message));
        }
        *address_count += 1;
        counts.total += 1;
        Ok(ConnectionSlot { counts: self.counts.clone(), address })
    }

    /// Returns a signal that tells one connection that the server is stopping.
    pub(super) fn shutdown_signal(&self) -> ShutdownSignal {
        ShutdownSignal(self.phase.clone())
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.total = counts.total.saturating_sub(1);
        if let Some(address_count) = counts.by_address.get_mut(&self.address) {
            *address_count = address_count.saturating_sub(1);
            if *address_count == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

/// Signals that the server is stopping.
pub(super) struct ShutdownSignal(watch::Receiver<Phase>);

impl ShutdownSignal {
    /// Waits until the server is stopping.
    pub(super) async fn wait(&mut self) {
        // The wait fails if the sender has been dropped. In that case, the server has stopped, too.
        let _ = self.0.wait_for(|phase| *phase == Phase::Stopping).await;
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}
