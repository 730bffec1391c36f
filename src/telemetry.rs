//! Logging.

use std::io::{BufWriter, IsTerminal};

use anyhow::Context;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging to standard error, so that standard output carries what commands print. A thread of its own writes the
/// lines, many at once when there are many, so that no request waits for the terminal or the pipe. When the guard is
/// dropped, what is left is written.
///
/// # Errors
/// When the filter cannot be read.
#[must_use = "dropping the guard ends the log"]
pub fn start(config: &Config) -> anyhow::Result<WorkerGuard> {
    let filter = EnvFilter::try_new(&config.log).context(
        "CLAUSEWATCH_LOG (--log) is not a log filter, such as info or clausewatch=debug",
    )?;
    // Nothing is dropped: when the buffer is full, who logs waits.
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(false).finish(BufWriter::new(std::io::stderr()));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal());
    // A second start, as tests make, keeps the first.
    let _ = match config.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(guard)
}
