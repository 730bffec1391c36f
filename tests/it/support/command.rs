//! The command-line program, run as users run it.

use std::fmt::Write;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::app::client_builder;

/// Runs a command until it exits.
pub fn clausewatch(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("DATABASE_URL")
        .output()
        .expect("the binary runs")
}

/// The output of a command as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A server in its own process, which tests can kill.
pub struct Process {
    /// The server's address: `http://127.0.0.1:PORT`.
    pub url: String,
    /// The access token that requests send: the admin's token if this was the first start on the database, otherwise
    /// empty.
    pub token: String,
    /// The lines that the server has printed so far.
    said: String,
    child: Child,
    /// Kept open, because a server exits if its output is closed.
    output: BufReader<ChildStdout>,
    client: reqwest::blocking::Client,
}

impl Process {
    /// Starts a server and waits until it listens.
    pub fn start(database_url: &str, options: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_clausewatch");
        Self::start_within(&[program], database_url, options)
    }

    /// Like [`Self::start`], but runs the program through `command`, such as a wrapper.
    pub fn start_within(command: &[&str], database_url: &str, options: &[&str]) -> Self {
        let mut program = Command::new(command[0]);
        program
            .args(&command[1..])
            .arg("serve")
            .args(if options.contains(&"--bind") { &[][..] } else { &["--bind", "127.0.0.1:0"] })
            .args(if options.contains(&"--log") { &[][..] } else { &["--log", "warn"] })
            .args(["--database-url", database_url])
            .args(options)
            .env_remove("DATABASE_URL");
        Self::run(program)
    }

    /// Starts a server with this command, and waits until it listens.
    pub fn run(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let mut said = String::new();
        let mut token = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("the output is piped"));
        for line in output.by_ref().lines() {
            let line = line.expect("the output is text");
            writeln!(said, "{line}").expect("strings can be written to");
            if line.trim().starts_with("cwt_") {
                line.trim().clone_into(&mut token);
            }
            // Accepts the label only at the start of a line, because a random token can contain the same letters.
            if let Some(address) = line.trim_start().strip_prefix("API ") {
                let url = address.trim().trim_end_matches("/graphql").to_owned();
                let client =
                    client_builder().timeout(Duration::from_secs(30)).build().expect("a client");
                return Self { url, token, said, child, output, client };
            }
        }
        let mut errors = String::new();
        child
            .stderr
            .take()
            .expect("standard error is piped")
            .read_to_string(&mut errors)
            .expect("standard error is text");
        let _ = child.wait();
        panic!("the server does not start:\n{said}{errors}");
    }

    /// The lines that the server has printed so far. Waits until there are at least `count`.
    pub fn first_lines(&mut self, count: usize) -> String {
        while self.said.lines().count() < count {
            let bytes = self.output.read_line(&mut self.said).expect("the server prints text");
            assert!(bytes > 0, "the server ended: {}", self.said);
        }
        self.said.clone()
    }

    /// Stops the server with SIGTERM and returns its standard error. This includes the last line of the log, although a
    /// separate thread writes the log.
    pub fn stop(&mut self) -> String {
        let told = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        assert!(told.expect("kill runs").success());
        assert!(self.wait(Duration::from_secs(20)).is_some(), "the server does not stop");
        self.kill()
    }

    /// Kills the server as `kill -9` does, and returns its standard error.
    pub fn kill(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut errors = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            let _ = stderr.read_to_string(&mut errors);
        }
        errors
    }

    /// Waits until the process has exited, for at most `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<std::process::ExitStatus> {
        let began = std::time::Instant::now();
        while began.elapsed() < patience {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        None
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends an operation and returns the whole response, or `None` if no response arrived.
    pub fn send(&self, query: &str, variables: Value) -> Option<Value> {
        self.client
            .post(format!("{}/graphql", self.url))
            .bearer_auth(&self.token)
            .json(&json!({ "query": query, "variables": variables }))
            .send()
            .and_then(reqwest::blocking::Response::json)
            .ok()
    }

    /// Records an event with this title. Repeated calls with the same title record it once.
    ///
    /// # Errors
    /// The code and the message of the error, or `None` if no response arrived.
    pub fn record(&self, title: &str) -> Result<(), Option<(String, String)>> {
        let query = "mutation($title: String!) { createEvent(input: { title: $title, happenedOn: \"2015-02-12\", \
                     kind: STATEMENT, summary: \"Something was said.\", idempotencyKey: $title }) { event { id } userErrors { message } } }";
        let answer = self.send(query, json!({ "title": title })).ok_or(None)?;
        if answer["data"]["createEvent"]["event"]["id"].is_string() {
            return Ok(());
        }
        let error = &answer["errors"][0];
        let text =
            |value: &Value| value.as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned();
        Err(Some((text(&error["extensions"]["code"]), text(&error["message"]))))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
