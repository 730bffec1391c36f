//! Parses any string as a GraphQL document. The executor must accept or reject it before the fuzzer's timeout, without a
//! panic.

#![no_main]

use std::sync::LazyLock;

use clausewatch::db::{Db, Location};
use clausewatch::graphql::{Document, Executor, ReadAccess, Request};
use libfuzzer_sys::fuzz_target;
use serde_json::Map;
use tempfile::TempDir;

static EXECUTOR: LazyLock<(Executor, TempDir)> = LazyLock::new(|| {
    let folder = TempDir::new().expect("a temporary folder");
    let location = format!("sqlite:{}", folder.path().join("fuzz.db").display());
    let location = Location::parse(&location).expect("a location");
    let db = Db::open(&location, 1).expect("a database");
    (Executor::new(db, ReadAccess::Public).expect("an executor"), folder)
});

fuzz_target!(|text: &str| {
    let document = Document::Text(text.to_owned());
    let _ = EXECUTOR.0.parse(Request { document, operation_name: None, variables: Map::new() });
});
