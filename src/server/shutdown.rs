//! How the server stops: first it says that it is not ready any more, then it ends what stands, and finishes requests.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::sync::watch;

use crate::http::open_connections::Phase;

/// Tells everything that stands when the server stops.
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
    /// Stops the server; a graceful one lets requests come to their end. The order is given at once, and the future is
    /// there to wait until it is carried out.
    pub fn stop(&self, graceful: bool) -> impl Future<Output = ()> + use<> {
        self.phase.send_replace(Phase::Ending);
        self.server.stop(graceful)
    }
}

impl ShutdownSignal {
    /// One that waits for `delay` between saying so and doing so.
    pub(super) fn new(phase: watch::Sender<Phase>, delay: Duration) -> Self {
        Self { phase: Arc::new(phase), delay }
    }

    /// A handle that stops that server.
    pub(super) fn handle(&self, server: ServerHandle) -> Handle {
        Handle { server, phase: self.phase.clone() }
    }

    /// Waits for a signal, and stops these servers.
    pub(super) async fn run(self, servers: Vec<ServerHandle>) {
        let can_wait = signalled().await;
        self.phase.send_replace(Phase::NotReady);
        // Whoever sends requests here is given the time to see that it should not. A second signal ends it.
        if can_wait {
            let _ = tokio::time::timeout(self.delay, signalled()).await;
        }
        self.phase.send_replace(Phase::Ending);
        for server in servers {
            drop(server.stop(true));
        }
    }
}

/// Waits for a signal to stop. Says whether it came from a program, which can wait, and not from somebody at the keyboard.
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
