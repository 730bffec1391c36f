//! Connections that stand: sockets and event streams. How many there may be, and how they end when the server does.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use tokio::sync::watch;

use super::rate::Rate;
use super::refusal::Refusal;

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

/// All the standing connections of a server. Cheap to clone.
#[derive(Clone)]
pub struct Standing {
    /// Their bounds.
    pub limits: SocketLimits,
    phases: watch::Receiver<Phase>,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_address: HashMap<Option<IpAddr>, usize>,
}

/// The right to one connection; given back when dropped.
pub struct Place {
    taken: Arc<Mutex<Taken>>,
    address: Option<IpAddr>,
}

impl Standing {
    /// None yet. They all end when the server does.
    #[must_use]
    pub fn new(limits: SocketLimits, phases: watch::Receiver<Phase>) -> Self {
        Self { limits, phases, taken: Arc::default() }
    }

    /// Takes a place for the connection that a request asks for.
    pub(super) fn admit(&self, request: &HttpRequest) -> Result<Place, Refusal> {
        let refuse = |status, message: String| Refusal::new(status, "TOO_MANY_SOCKETS", message);
        let rate = request.app_data::<web::Data<Rate>>();
        let address = rate.map(|rate| rate.address(request));
        let mut taken = lock(&self.taken);
        if taken.all >= self.limits.sockets {
            let message = format!(
                "the server has {} sockets and event streams open, the most it may have; try again later",
                self.limits.sockets
            );
            return Err(refuse(StatusCode::SERVICE_UNAVAILABLE, message));
        }
        let of_address = taken.by_address.entry(address).or_default();
        if *of_address >= self.limits.per_address {
            let message = format!(
                "your address has {} sockets and event streams open, the most it may have; close one first",
                self.limits.per_address
            );
            return Err(refuse(StatusCode::TOO_MANY_REQUESTS, message));
        }
        *of_address += 1;
        taken.all += 1;
        Ok(Place { taken: self.taken.clone(), address })
    }

    /// What tells that the server stops.
    pub(super) fn stop(&self) -> Stop {
        Stop(self.phases.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.all = taken.all.saturating_sub(1);
        if let Some(of_address) = taken.by_address.get_mut(&self.address) {
            *of_address = of_address.saturating_sub(1);
            if *of_address == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

/// Tells that the server stops.
pub(super) struct Stop(watch::Receiver<Phase>);

impl Stop {
    /// Waits until the server stops.
    pub(super) async fn called(&mut self) {
        // A server that is gone has stopped, too.
        let _ = self.0.wait_for(|phase| *phase == Phase::Ending).await;
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}
