//! The reference implementation: a Node process that reads one request per line, and answers each with one line.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::answer::Answer;
use super::document::Request;
use crate::support::npm_install;

/// The folder in which the program is installed.
static INSTALLED: LazyLock<PathBuf> = LazyLock::new(|| npm_install("tests/reference"));

pub struct Reference {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Reference {
    /// Starts the process and sends it the data.
    pub fn start(snapshot: &Value) -> Self {
        let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
        let mut process = Command::new("node")
            .arg(INSTALLED.join("reference.js"))
            .arg(schema)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node starts");
        let input = process.stdin.take().expect("standard input is piped");
        let output = BufReader::new(process.stdout.take().expect("standard output is piped"));
        let mut reference = Self { process, input, output };
        reference.send(&json!({ "snapshot": snapshot }));
        assert_eq!(reference.receive().trim(), "{\"ready\":true}");
        reference
    }

    fn send(&mut self, message: &Value) {
        writeln!(self.input, "{message}").expect("the reference accepts input");
        self.input.flush().expect("the reference accepts input");
    }

    fn receive(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the reference answers");
        assert!(!line.is_empty(), "the reference ended");
        line
    }

    /// Sends a request. Call `answer` before the next one.
    pub fn ask(&mut self, request: &Request) {
        self.send(&json!({
            "query": request.query,
            "variables": request.variables,
            "operationName": request.operation_name,
        }));
    }

    /// Reads the answer to the last request.
    pub fn answer(&mut self) -> Answer {
        Answer::parse(&self.receive())
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        // Errors are ignored, because the process may have exited already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
