//! Logging.

use std::io::{BufWriter, IsTerminal};

use anyhow::Context;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Starts logging to standard error; standard output is for the output of commands. A separate thread writes the lines, so
/// that requests do not wait for the terminal or the pipe. Dropping the guard writes the remaining lines.
///
/// # Errors
/// When the filter is invalid.
#[must_use = "dropping the guard ends the log"]
pub fn start(config: &Config) -> anyhow::Result<WorkerGuard> {
    let filter = EnvFilter::try_new(&config.log).context(
        "CLAUSEWATCH_LOG (--log) is not a log filter, such as info or clausewatch=debug",
    )?;
    // No line is dropped: if the buffer is full, logging waits.
    let (writer, guard) =
        NonBlockingBuilder::default().lossy(false).finish(BufWriter::new(std::io::stderr()));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(std::io::stderr().is_terminal());
    // Tests start logging several times; the first start counts.
    let _ = match config.log_format {
        LogFormat::Text => subscriber.try_init(),
        LogFormat::Json => subscriber.json().try_init(),
    };
    Ok(guard)
}
