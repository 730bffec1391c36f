//! What processes cost, as the kernel accounts for it (Linux).

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// How many ticks a second the kernel reports times in. Fixed for programs, whatever the kernel counts in itself.
const TICKS_PER_SECOND: u64 = 100;

/// A server's process, with the database's server where there is one.
#[derive(Debug, Clone, Copy)]
pub struct Processes {
    /// The server.
    pub server: u32,
    /// The first process of the PostgreSQL server, whose children serve connections.
    pub postgres: Option<u32>,
}

/// The fields of `/proc/PID/stat` that are of use here.
struct Stat {
    parent: u32,
    /// Of the process, with its threads that have ended, in ticks.
    own: u64,
    /// Of children that have ended.
    children: u64,
}

impl Processes {
    /// The CPU time that they have used so far, to 10 ms each.
    ///
    /// # Errors
    /// When one of them has ended.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let mut ticks = stat(self.server)?.own;
        if let Some(first) = self.postgres {
            let stat_of_first = stat(first)?;
            ticks += stat_of_first.own + stat_of_first.children;
            ticks += children_of(first)?;
        }
        Ok(from_ticks(ticks))
    }

    /// Forgets how much memory the server has used at most, where the kernel allows that.
    pub fn reset_peak(&self) {
        // Without the permission, the peak since the start is reported, which is no less.
        let _ = fs::write(format!("/proc/{}/clear_refs", self.server), "5");
    }

    /// The most memory (resident, in bytes) that the server has used since it was forgotten.
    ///
    /// # Errors
    /// When it has ended.
    pub fn peak(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()).context("VmHWM")?;
        Ok(kilobytes.parse::<u64>()? * 1024)
    }
}

/// The CPU time that this process's children had used when they ended.
///
/// # Errors
/// When `/proc` cannot be read.
pub fn ended_children() -> anyhow::Result<Duration> {
    Ok(from_ticks(stat(std::process::id())?.children))
}

/// The CPU time of all of PostgreSQL's processes.
///
/// # Errors
/// When it has ended.
pub fn postgres(first: u32) -> anyhow::Result<Duration> {
    let first_stat = stat(first)?;
    Ok(from_ticks(first_stat.own + first_stat.children + children_of(first)?))
}

fn children_of(parent: u32) -> anyhow::Result<u64> {
    let mut ticks = 0;
    for entry in fs::read_dir("/proc")? {
        let Ok(id) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        // A process may have ended meanwhile; then it is counted with its parent's ended children.
        if let Some(stat) = stat(id).ok().filter(|stat| stat.parent == parent) {
            ticks += stat.own;
        }
    }
    Ok(ticks)
}

fn stat(process: u32) -> anyhow::Result<Stat> {
    let path = format!("/proc/{process}/stat");
    let line = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    // The name, in brackets, may hold anything.
    let fields = line.rsplit_once(')').context("the name's end")?.1;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    // proc(5) counts from 1, and the two fields before are cut off.
    let field = |number: usize| -> anyhow::Result<u64> {
        Ok(fields.get(number - 3).context("a field")?.parse()?)
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
