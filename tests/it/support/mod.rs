//! What the tests stand on: a server of their own each, on a database of its own.

mod app;
mod browser;
mod command;
pub mod nginx;
mod pgbouncer;
mod postgres;
mod provider;
pub mod relay;
mod socket;
pub mod world;

pub use app::{Data, Database, Engine, TestApp, client};
pub use browser::Browser;
pub use command::{Process, clausewatch, text};
pub use pgbouncer::PgBouncer;
pub use postgres::Cluster;
pub use provider::{Key, Provider};
pub use socket::Socket;

/// Writes tests that run on both databases: each gets a server of its own, with the sample dossiers loaded.
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
