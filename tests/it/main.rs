//! The integration tests: the real server, over real HTTP, against real databases.
//!
//! One binary, because linking is slow. Tests of behaviour are written once and run on both databases.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets something unexpected fails, and says where"
)]

mod support;

mod architecture;
mod bad_input;
mod commands;
mod connections;
mod contract;
mod dossiers;
mod mutations;
mod playground;
mod queries;
mod readme;
mod schema;
mod sqlite;
mod statements;
mod statuses;
mod transport;
