//! Stopping the server: it becomes not ready, then ends open streams, and finishes requests.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::sync::watch;

use crate::http::open_connections::Phase;

/// Tells open streams and health checks when the server stops.
pub(super) struct ShutdownSignal {
    phase: Arc<watch::Sender<Phase>>,
    delay: Duration,
}

/// Stops a server.
#[derive(Clone)]
pub struct Handle {
    server: ServerHandle,
    phase: Arc<watch::Sender<Phase>>,
}

impl Handle {
    /// Stops the server. With `graceful`, running requests finish first. The server starts to stop at once; the future waits
    /// until it has stopped.
    pub fn stop(&self, graceful: bool) -> impl Future<Output = ()> + use<> {
        self.phase.send_replace(Phase::Stopping);
        self.server.stop(graceful)
    }
}

impl ShutdownSignal {
    /// Between not being ready and stopping, the server waits for `delay`.
    pub(super) fn new(phase: watch::Sender<Phase>, delay: Duration) -> Self {
        Self { phase: Arc::new(phase), delay }
    }

    /// A handle that stops `server`.
    pub(super) fn handle(&self, server: ServerHandle) -> Handle {
        Handle { server, phase: self.phase.clone() }
    }

    /// Waits for a signal, and stops these servers.
    pub(super) async fn run(self, servers: Vec<ServerHandle>) {
        let can_wait = signalled().await;
        self.phase.send_replace(Phase::NotReady);
        // Load balancers need time to notice that the server is not ready. A second signal ends the delay.
        if can_wait {
            let _ = tokio::time::timeout(self.delay, signalled()).await;
        }
        self.phase.send_replace(Phase::Stopping);
        for server in servers {
            drop(server.stop(true));
        }
    }
}

/// Waits for a signal to stop. Returns whether it is SIGTERM, for which the delay applies.
#[cfg(unix)]
async fn signalled() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => tokio::select! {
            _ = terminate.recv() => true,
            _ = interrupt.recv() => false,
        },
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signalled() -> bool {
    let _ = tokio::signal::ctrl_c().await;
    false
}
