//! The `clausewatch` binary: parses the arguments and runs the command.

use std::process::ExitCode;

use clausewatch::cli::Cli;
use clausewatch::config::Settings;
use libmimalloc_sys::{mi_option_set_default, mi_option_t};

/// Building a response makes many small allocations, for which the system's allocator is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The option `mi_option_purge_delay` of mimalloc.h, for which the crate has no constant: the delay in milliseconds before
/// freed memory is returned to the operating system.
const PURGE_DELAY: mi_option_t = 15;

fn main() -> ExitCode {
    return_freed_memory_soon();
    let settings = match Settings::read(&Cli::settings()) {
        Ok(settings) => settings,
        Err(error) => return fail(&format!("{error:#}")),
    };
    match Cli::parse(&settings).run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

/// Sets [`PURGE_DELAY`] to 10 ms. With the default of one second, the threads that answer large queries hold more memory than
/// they need. The environment variable `MIMALLOC_PURGE_DELAY` takes precedence.
#[expect(unsafe_code, reason = "the option has no safe interface")]
fn return_freed_memory_soon() {
    // SAFETY: the call only writes a number in the allocator's settings, and no other thread is running yet.
    unsafe { mi_option_set_default(PURGE_DELAY, 10) }
}

#[expect(clippy::print_stderr, reason = "the one place that ends the program with a message")]
fn fail(message: &str) -> ExitCode {
    eprintln!("clausewatch: {message}");
    ExitCode::FAILURE
}
