//! Stopping the server: it first reports that it is not ready, then ends open streams, and finishes running requests.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use tokio::sync::watch;

use crate::http::open_connections::Phase;

/// Stops the server after a signal, or when a [`Handle`] requests it. Open streams and health checks watch the phase.
pub(super) struct Shutdown {
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

impl Handle {
    /// Reports that the server is stopping, if it has ended without a signal or [`Handle::stop`].
    pub(super) fn end_serving(&self) {
        self.phase.send_replace(Phase::Stopping);
    }
}

impl Shutdown {
    /// `delay` is the time for which the server reports that it is not ready before it stops.
    pub(super) fn new(phase: watch::Sender<Phase>, delay: Duration) -> Self {
        Self { phase: Arc::new(phase), delay }
    }

    /// A handle that stops `server`.
    pub(super) fn handle(&self, server: ServerHandle) -> Handle {
        Handle { server, phase: self.phase.clone() }
    }

    /// Waits for a signal, and stops these servers. The delay applies only to SIGTERM.
    pub(super) async fn run(self, servers: Vec<ServerHandle>) {
        let signal = receive_signal().await;
        self.phase.send_replace(Phase::NotReady);
        // Load balancers need time to notice that the server is not ready. A second signal ends the delay.
        if signal.has_delay() {
            let _ = tokio::time::timeout(self.delay, receive_signal()).await;
        }
        self.phase.send_replace(Phase::Stopping);
        for server in servers {
            drop(server.stop(true));
        }
    }
}

/// A signal to stop.
#[derive(Clone, Copy)]
enum Signal {
    /// SIGTERM, which process managers send.
    #[cfg(unix)]
    Terminate,
    /// SIGINT, or Ctrl-C.
    Interrupt,
}

impl Signal {
    /// Whether the server waits before it stops. Nobody wants to wait after Ctrl-C.
    fn has_delay(self) -> bool {
        match self {
            #[cfg(unix)]
            Self::Terminate => true,
            Self::Interrupt => false,
        }
    }
}

/// Waits for a signal to stop.
#[cfg(unix)]
async fn receive_signal() -> Signal {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => tokio::select! {
            _ = terminate.recv() => Signal::Terminate,
            _ = interrupt.recv() => Signal::Interrupt,
        },
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn receive_signal() -> Signal {
    let _ = tokio::signal::ctrl_c().await;
    Signal::Interrupt
}
