//! The `clausewatch` binary: arguments to command.

use std::process::ExitCode;

use clausewatch::cli::Cli;
use clausewatch::config::Settings;

/// An answer needs many small allocations, and the system's allocator is slow at them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let settings = match Settings::read(&Cli::settings()) {
        Ok(settings) => settings,
        Err(error) => return fail(&format!("{error:#}")),
    };
    match Cli::parse(&settings).run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

#[expect(clippy::print_stderr, reason = "the one place that ends the program with a message")]
fn fail(message: &str) -> ExitCode {
    eprintln!("clausewatch: {message}");
    ExitCode::FAILURE
}
