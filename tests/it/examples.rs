//! The example queries answer as they say, the same on both databases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases, outline_without};

/// The example queries by name.
fn examples() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/queries");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let named = files.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// Compares the whole answer with its snapshot, but for what differs from one import to the next.
fn check(app: &TestApp, name: &str, query: &str) {
    let answer: Value = app.data(query, json!({}));
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/examples" }, {
        insta::assert_snapshot!(name, outline_without(&answer, &["endCursor"]));
    });
}

on_both_databases! {
    fn example_queries_answer_as_their_snapshots(app: Sample) {
        let examples = examples();
        assert!(examples.len() >= 6);
        for (name, query) in &examples {
            assert!(query.starts_with("# "), "{name} says first what it shows");
            check(&app, name, query);
        }
    }
}
