//! The program, run as a user runs it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a command to its end.
pub fn clausewatch(arguments: &[&str], directory: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("DATABASE_URL")
        .output()
        .expect("the binary runs")
}

/// What a command said.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
