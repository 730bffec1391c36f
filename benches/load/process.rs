//! Servers in separate processes, so that the kernel reports their costs separately.

use std::fs::{self, File};
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::num::NonZero;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// The time limit for the start of a server.
const START: Duration = Duration::from_mins(1);

/// A server process, which is killed when this value is dropped.
pub struct Process {
    /// The address of the server.
    pub address: SocketAddr,
    /// The admin's access token, which the server prints only when it first starts with a database.
    pub token: Option<String>,
    child: Child,
}

impl Process {
    /// Starts a command, and waits until it prints its address as `http://ADDRESS`. Its output goes to the file `log`.
    ///
    /// # Errors
    /// If the command ends, or prints no address within the time limit.
    pub fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let file = File::create(log)?;
        let child = command
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        let mut process = Self { address: ([127, 0, 0, 1], 0).into(), token: None, child };
        let began = Instant::now();
        while began.elapsed() < START {
            let output_text = fs::read_to_string(log)?;
            let lines = || output_text.lines().map(str::trim);
            let address = lines().find_map(|line| {
                let (_, address) = line.split_once("http://")?;
                address.trim_end_matches("/graphql").parse().ok()
            });
            if let Some(address) = address {
                process.address = address;
                process.token = lines().find(|line| line.starts_with("cwt_")).map(str::to_owned);
                return Ok(process);
            }
            if let Some(status) = process.child.try_wait()? {
                bail!("{command:?} ended with {status}:\n{output_text}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        bail!("{command:?} prints no address")
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The measured program.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_clausewatch"))
}

/// The command that runs this program, for example as one of the compared servers.
///
/// # Errors
/// If the path of its executable is unknown.
pub fn this_program() -> anyhow::Result<Command> {
    Ok(Command::new(std::env::current_exe()?))
}

/// Runs a command of the program to its end.
///
/// # Errors
/// If the command fails.
pub fn finish(mut command: Command) -> anyhow::Result<()> {
    let output = command.env_remove("DATABASE_URL").output()?;
    if output.status.success() {
        return Ok(());
    }
    let output_text = [output.stdout, output.stderr].concat();
    bail!("{command:?} failed:\n{}", String::from_utf8_lossy(&output_text))
}

/// Opens a free port for a server of this program, and prints its address. Connections are queued there until the server
/// starts.
///
/// # Errors
/// If no port is free.
pub fn listen() -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    Ok(listener)
}

/// The number of workers of a compared server. Clausewatch has the same number of workers.
pub fn workers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}
