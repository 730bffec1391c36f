//! The CPU time and memory of processes, as reported by the kernel (Linux).

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// The number of ticks per second. The kernel reports CPU times in ticks. The number is a constant of the ABI,
/// independent of the kernel's timer.
const TICKS_PER_SECOND: u64 = 100;

/// A server's process, and the database server's process if there is one.
#[derive(Debug, Clone, Copy)]
pub struct Processes {
    /// The process id of the server.
    pub server: u32,
    /// The process id of PostgreSQL's main process, whose child processes serve the connections.
    pub postgres: Option<u32>,
}

/// The fields of `/proc/PID/stat` that the bench uses.
struct Stat {
    parent: u32,
    /// CPU time of the process, including its ended threads, in ticks.
    own: u64,
    /// CPU time of the process's ended children, in ticks.
    children: u64,
}

impl Processes {
    /// The CPU time used by the processes so far, with a resolution of 10 ms for each process.
    ///
    /// # Errors
    /// If one of the processes has ended.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let mut ticks = stat(self.server)?.own;
        if let Some(first) = self.postgres {
            let stat_of_first = stat(first)?;
            ticks += stat_of_first.own + stat_of_first.children;
            ticks += children_of(first)?;
        }
        Ok(from_ticks(ticks))
    }

    /// Resets the server's peak memory, if the kernel allows it.
    pub fn reset_peak(&self) {
        // If the reset fails, the kernel reports the peak since the start of the process, which is at least as high.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.server), "5");
    }

    /// The server's peak of resident memory in bytes since the last reset.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn peak(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line
            .and_then(|line| line.split_whitespace().next())
            .context("`VmHWM` is missing in the status")?;
        Ok(kilobytes.parse::<u64>()? * 1024)
    }
}

/// The CPU time of this process's ended children.
///
/// # Errors
/// If `/proc` cannot be read.
pub fn ended_children() -> anyhow::Result<Duration> {
    Ok(from_ticks(stat(std::process::id())?.children))
}

/// The CPU time of all PostgreSQL processes.
///
/// # Errors
/// If PostgreSQL has ended.
pub fn postgres(first: u32) -> anyhow::Result<Duration> {
    let first_stat = stat(first)?;
    Ok(from_ticks(first_stat.own + first_stat.children + children_of(first)?))
}

fn children_of(parent: u32) -> anyhow::Result<u64> {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc")? {
        let Ok(id) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // A process may have ended in the meantime. Its time is then included in the parent's `children`.
        if let Some(stat) = stat(id).ok().filter(|stat| stat.parent == parent) {
            ticks += stat.own;
        }
    }
    Ok(ticks)
}

fn stat(process: u32) -> anyhow::Result<Stat> {
    let path = format!("/proc/{process}/stat");
    let line = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    // The process name, in brackets, may contain any character.
    let fields = line.rsplit_once(')').context("the process name does not end")?.1;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // proc(5) numbers the fields from 1. `fields` does not contain the first two.
    let field = |number: usize| -> anyhow::Result<u64> {
        Ok(fields.get(number - 3).context("a field is missing")?.parse()?)
    };
    Ok(Stat {
        parent: u32::try_from(field(4)?)?,
        own: field(14)? + field(15)?,
        children: field(16)? + field(17)?,
    })
}

fn from_ticks(ticks: u64) -> Duration {
    Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND)
}
