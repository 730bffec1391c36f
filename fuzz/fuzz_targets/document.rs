//! Any text as a GraphQL document: bounded, parsed, planned and priced, in time and without a panic.

#![no_main]

use std::sync::LazyLock;

use async_graphql::Request;
use clausewatch::db::{Db, Location};
use clausewatch::graphql::Executor;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static EXECUTOR: LazyLock<(Executor, TempDir)> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a temporary folder");
    let location = format!("sqlite:{}", folder.path().join("fuzz.db").display());
    let location = Location::parse(&location).expect("a location");
    let db = Db::open(&location, 1).expect("a database");
    (Executor::new(db, false), folder)
});

fuzz_target!(|text: &str| {
    let _ = EXECUTOR.0.parse(Request::new(text));
});
