//! The `clausewatch` binary: arguments to command.

use std::process::ExitCode;

use clausewatch::cli::Cli;
use clausewatch::config::Settings;
use libmimalloc_sys::{mi_option_set_default, mi_option_t};

/// An answer needs many small allocations, and the system's allocator is slow at them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc.h, which the crate does not name: after how many milliseconds freed memory is returned to
/// the system.
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

/// Sets the delay to 10 ms. With the default of a second, the threads that answer large queries keep more memory than they use.
/// The environment variable `MIMALLOC_PURGE_DELAY` has priority.
#[expect(unsafe_code, reason = "the option has no safe interface")]
fn return_freed_memory_soon() {
    // SAFETY: it only writes a number of the allocator's settings, and no other thread runs yet.
    unsafe { mi_option_set_default(PURGE_DELAY, 10) }
}

#[expect(clippy::print_stderr, reason = "the one place that ends the program with a message")]
fn fail(message: &str) -> ExitCode {
    eprintln!("clausewatch: {message}");
    ExitCode::FAILURE
}
