//! Shows on a terminal that a command is still working.

use std::io::{IsTerminal, Write, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The time after which progress is shown. Shorter work shows nothing.
const DISPLAY_DELAY: Duration = Duration::from_secs(2);
const INTERVAL: Duration = Duration::from_millis(500);

/// Runs `work`. If it takes longer than two seconds and stderr is a terminal, shows the task and the
/// elapsed seconds there, and removes the line at the end.
pub(super) fn show<T>(task: &str, work: impl FnOnce() -> T) -> T {
    if !stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        let (end, ended) = channel();
        scope.spawn(move || tick(task, &ended));
        let result = work();
        // The other thread ends when the channel is closed.
        drop(end);
        result
    })
}

fn tick(task: &str, ended: &Receiver<()>) {
    let started = Instant::now();
    let mut wait = DISPLAY_DELAY;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = INTERVAL;
        let mut out = stderr();
        // If the terminal is closed, the work continues.
        let _ = write!(out, "\r{task}: {} s", started.elapsed().as_secs());
        let _ = out.flush();
    }
    if started.elapsed() >= DISPLAY_DELAY {
        let _ = write!(stderr(), "\r\x1b[K");
    }
}
