//! Open sockets and event streams: their limits, and how they end when the server stops.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use tokio::sync::watch;

use super::error::HttpError;
use super::rate::Rate;

/// How far the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It serves.
    Serving,
    /// It serves, but is about to stop: others should be asked.
    NotReady,
    /// It stops.
    Ending,
}

/// Bounds of sockets and event streams.
#[derive(Debug, Clone, Copy)]
pub struct SocketLimits {
    /// How many there may be in all.
    pub sockets: usize,
    /// How many one address may have.
    pub per_address: usize,
    /// How many operations may run on one socket at once.
    pub operations: usize,
    /// The largest message in bytes.
    pub message: usize,
    /// How long a socket may wait before it says `connection_init`.
    pub init: Duration,
    /// How long the peer may leave unread what is sent to it.
    pub slow: Duration,
    /// How often a silent peer is asked whether it is still there; one that is silent for twice as long is dropped.
    pub keep_alive: Duration,
}

/// All open sockets and event streams of a server. Cheap to clone.
#[derive(Clone)]
pub struct OpenConnections {
    /// Their bounds.
    pub limits: SocketLimits,
    phases: watch::Receiver<Phase>,
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    by_address: HashMap<Option<IpAddr>, usize>,
}

/// The right to one connection; given back when dropped.
pub struct ConnectionSlot {
    counts: Arc<Mutex<Counts>>,
    address: Option<IpAddr>,
}

impl OpenConnections {
    /// None yet. They all end when the server does.
    #[must_use]
    pub fn new(limits: SocketLimits, phases: watch::Receiver<Phase>) -> Self {
        Self { limits, phases, counts: Arc::default() }
    }

    /// Takes a place for the connection that a request asks for.
    pub(super) fn admit(&self, request: &HttpRequest) -> Result<ConnectionSlot, HttpError> {
        let reject = |status, message: String| HttpError::new(status, "TOO_MANY_SOCKETS", message);
        let rate = request.app_data::<web::Data<Rate>>();
        let address = rate.map(|rate| rate.address(request));
        let mut counts = lock(&self.counts);
        if counts.all >= self.limits.sockets {
            let message = format!(
                "the server has {} sockets and event streams open, the most it may have; try again later",
                self.limits.sockets
            );
            return Err(reject(StatusCode::SERVICE_UNAVAILABLE, message));
        }
        let of_address = counts.by_address.entry(address).or_default();
        if *of_address >= self.limits.per_address {
            let message = format!(
                "your address has {} sockets and event streams open, the most it may have; close one first",
                self.limits.per_address
            );
            return Err(reject(StatusCode::TOO_MANY_REQUESTS, message));
        }
        *of_address += 1;
        counts.all += 1;
        Ok(ConnectionSlot { counts: self.counts.clone(), address })
    }

    /// What tells that the server stops.
    pub(super) fn shutdown_signal(&self) -> ShutdownSignal {
        ShutdownSignal(self.phases.clone())
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        counts.all = counts.all.saturating_sub(1);
        if let Some(of_address) = counts.by_address.get_mut(&self.address) {
            *of_address = of_address.saturating_sub(1);
            if *of_address == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

/// Tells that the server stops.
pub(super) struct ShutdownSignal(watch::Receiver<Phase>);

impl ShutdownSignal {
    /// Waits until the server stops.
    pub(super) async fn wait(&mut self) {
        // A server that is gone has stopped, too.
        let _ = self.0.wait_for(|phase| *phase == Phase::Ending).await;
    }
}

fn lock(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}
