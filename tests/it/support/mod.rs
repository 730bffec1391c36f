//! The environment of the tests: servers, databases, browsers and other programs. Each test has its own server with its own
//! database, except tests that only read the sample.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

mod app;
mod browser;
mod command;
mod database;
pub mod nginx;
mod npm;
mod outline;
mod pgbouncer;
mod postgres;
mod provider;
pub mod relay;
mod sample;
mod socket;
pub mod world;

pub use app::{TestApp, assert_refused, client, client_builder};
pub use browser::Browser;
pub use command::{Process, clausewatch, text};
pub use database::{Data, Database, Engine};
pub use npm::npm_install;
pub use outline::{outline, outline_without};
pub use pgbouncer::PgBouncer;
pub use postgres::Cluster;
pub use provider::{Key, Provider};
pub use sample::clauses_of_the_sample;
pub use socket::Socket;

/// A port that no program listened on a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("the listener is bound").port()
}

/// Waits until a condition holds. The time limit is generous, for busy machines.
pub fn wait_until(condition: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_mins(1), "timeout: waiting until {condition}");
        thread::sleep(Duration::from_millis(10));
    }
}

/// Sets a flag when it is dropped, even if the test panics. Threads that wait for the flag can then finish.
pub struct SetOnDrop<'a>(pub &'a AtomicBool);

impl Drop for SetOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Defines tests that run on both databases. Each test gets a server with the given data.
macro_rules! on_both_databases {
    ($($(#[$attribute:meta])* fn $name:ident($app:ident: $data:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, clippy::allow_attributes, reason = "not every test uses everything that its file imports")]
            use super::*;

            $(#[$attribute])*
            fn run($app: crate::support::TestApp) $body

            #[test]
            fn sqlite() {
                run(crate::support::TestApp::spawn(crate::support::Engine::Sqlite, crate::support::Data::$data));
            }

            #[test]
            fn postgres() {
                run(crate::support::TestApp::spawn(crate::support::Engine::Postgres, crate::support::Data::$data));
            }
        }
    )+};
}
pub(crate) use on_both_databases;

/// Defines tests that run only on SQLite, for behaviour that does not depend on the database, such as the pages and their
/// scripts. Each test gets a server with the given data.
macro_rules! on_one_database {
    ($($(#[$attribute:meta])* fn $name:ident($app:ident: $data:ident) $body:block)+) => {$(
        $(#[$attribute])*
        #[test]
        fn $name() {
            let $app = crate::support::TestApp::spawn(crate::support::Engine::Sqlite, crate::support::Data::$data);
            $body
        }
    )+};
}
pub(crate) use on_one_database;
