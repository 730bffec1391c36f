//! The `clausewatch` binary: arguments to command.

use std::process::ExitCode;

use clap::Parser;
use clausewatch::cli::Cli;

/// An answer is made of many small allocations, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match dotenvy::dotenv() {
        Ok(_) => {}
        Err(error) if error.not_found() => {}
        Err(error) => return fail(&format!("the file .env cannot be read: {error}")),
    }
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

#[expect(clippy::print_stderr, reason = "the one place that ends the program with a message")]
fn fail(message: &str) -> ExitCode {
    eprintln!("clausewatch: {message}");
    ExitCode::FAILURE
}
