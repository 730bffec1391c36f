//! Logging.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Config, LogFormat};

/// The maximum time for which a line waits, so that several lines are written together.
const FLUSH_INTERVAL: Duration = Duration::from_millis(20);
/// The filter for rmcp, unless the setting names rmcp. At more detailed levels, rmcp logs whole messages, including the
/// arguments of tools.
const RMCP_FILTER: &str = "rmcp=error";
/// The maximum size of the buffer in bytes. If it is full, logging waits: no line is dropped.
const MAX_WAITING: usize = 1024 * 1024;

/// Starts logging to standard error. Standard output is only for the output of commands. A separate thread writes the lines,
/// so that no request waits for the terminal or the pipe. Dropping the guard writes the remaining lines.
///
/// # Errors
/// The filter is invalid, or the thread cannot be started.
#[must_use = "dropping the guard ends the log"]
pub fn start(config: &Config) -> anyhow::Result<LogGuard> {
    let filter = EnvFilter::try_new(&config.log).context(
        "CLAUSEWATCH_LOG (--log) is not a log filter, such as info or clausewatch=debug",
    )?;
    let filter = if config.log.contains("rmcp") {
        filter
    } else {
        filter.add_directive(RMCP_FILTER.parse()?)
    };
    let lines = LogLines::default();
    let writer = lines.clone();
    let thread = thread::Builder::new().name("log".to_owned());
    let thread = thread.spawn(move || writer.write_until_closed(&mut io::stderr()))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines.clone())
        .with_ansi(io::stderr().is_terminal());
    // Tests start logging several times. Only the first call has an effect.
    let _ = match config.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(LogGuard { lines, thread: Some(thread) })
}

/// Writes the remaining lines when it is dropped.
pub struct LogGuard {
    lines: LogLines,
    thread: Option<JoinHandle<()>>,
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        self.lines.lock().is_closed = true;
        self.lines.0.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has already been reported.
            let _ = thread.join();
        }
    }
}

/// Buffered log lines. Adding a line costs a lock and a copy. A channel would wake a thread for each line, which costs more
/// than a small query.
#[derive(Clone, Default)]
struct LogLines(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Notified when lines are added, lines are written, or the log is closed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    is_closed: bool,
}

impl LogLines {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        condition: impl Fn(&State) -> bool,
    ) -> MutexGuard<'a, State> {
        let waited = self.0.changed.wait_while(state, |state| condition(state));
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes lines as they are added, until the log is closed and all lines are written.
    fn write_until_closed(&self, out: &mut impl Write) {
        let mut lines = Vec::new();
        loop {
            let state =
                self.wait(self.lock(), |state| state.waiting.is_empty() && !state.is_closed);
            if state.waiting.is_empty() {
                return;
            }
            // Waits a moment for further lines, unless the log is closing.
            let closing = self.0.changed.wait_timeout_while(state, FLUSH_INTERVAL, |state| {
                !state.is_closed && state.waiting.len() < MAX_WAITING
            });
            let (mut state, _) = closing.unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut state.waiting, &mut lines);
            drop(state);
            // Wakes threads that wait because the buffer was full.
            self.0.changed.notify_all();
            // If standard error is closed, the failure cannot be reported.
            let _ = out.write_all(&lines);
            lines.clear();
        }
    }
}

impl Write for LogLines {
    /// Buffers one whole line: the subscriber writes each line with one call.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.lock();
        if state.waiting.len() >= MAX_WAITING {
            state =
                self.wait(state, |state| state.waiting.len() >= MAX_WAITING && !state.is_closed);
        }
        let was_empty = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        let is_full = state.waiting.len() >= MAX_WAITING;
        drop(state);
        if was_empty || is_full {
            self.0.changed.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogLines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts the writes, and stores the written bytes.
    #[derive(Default)]
    struct Output {
        text: Vec<u8>,
        writes: usize,
    }

    impl Write for Output {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.text.extend_from_slice(text);
            self.writes += 1;
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_line_is_lost_and_many_share_a_write() {
        let lines = LogLines::default();
        let writer = lines.clone();
        let thread = thread::spawn(move || {
            let mut output = Output::default();
            writer.write_until_closed(&mut output);
            output
        });
        let senders: Vec<_> = (0..4)
            .map(|sender| {
                let mut lines = lines.clone();
                // More than the buffer holds: 4 × 10,000 lines of 50 bytes.
                thread::spawn(move || {
                    for number in 0..10_000 {
                        lines.write_all(format!("{sender} {number:>47}\n").as_bytes()).unwrap();
                    }
                })
            })
            .collect();
        for sender in senders {
            sender.join().unwrap();
        }
        drop(LogGuard { lines, thread: None });
        let output = thread.join().unwrap();
        assert!(output.writes < 1_000, "{} writes", output.writes);
        let text = String::from_utf8(output.text).unwrap();
        for sender in 0..4 {
            let own = text.lines().filter_map(|line| line.strip_prefix(&format!("{sender} ")));
            let numbers: Vec<usize> = own.map(|number| number.trim().parse().unwrap()).collect();
            assert_eq!(numbers, (0..10_000).collect::<Vec<_>>(), "of sender {sender}");
        }
    }
}
