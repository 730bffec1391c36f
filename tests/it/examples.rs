//! The example queries return their documented results, and the example program prints its documented output, on both
//! databases.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases, outline_without};

/// The example queries, keyed by name.
fn examples() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/queries");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let named = files.map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (name, fs::read_to_string(path).unwrap())
    });
    named.collect()
}

/// Compares the whole answer with its snapshot, except for values that differ between imports.
fn check(app: &TestApp, name: &str, query: &str) {
    let answer: Value = app.data(query, json!({}));
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/examples" }, {
        insta::assert_snapshot!(name, outline_without(&answer, &["endCursor"]));
    });
}

on_both_databases! {
    fn example_queries_match_their_snapshots(app: SharedSample) {
        let examples = examples();
        assert!(examples.len() >= 6);
        for (name, query) in &examples {
            assert!(query.starts_with("# "), "{name} must start with a comment");
            check(&app, name, query);
        }
    }

    fn example_program_prints_the_documented_comparison(app: Whole) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/peace-accords-matrix/compare.py");
        let output = Command::new("python3").arg(script).arg(&app.url).output().expect("Python 3 runs");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let readme = include_str!("../../examples/peace-accords-matrix/README.md");
        for row in readme.lines().filter(|line| line.starts_with("| PAM,") || line.starts_with("| Clausewatch,")) {
            let shown: Vec<&str> = row.trim_matches('|').split('|').flat_map(str::split_whitespace).collect();
            let is_printed = |line: &str| line.split_whitespace().eq(shown.iter().copied());
            assert!(printed.lines().any(is_printed), "{row}");
        }
        // Cuts off the last column of the table: the reasons for the differences, which come from codes.csv.
        let (scores, table) = printed.split_once("Provision").expect("a table follows the scores");
        let without_reasons: Vec<String> = table.lines().map(|row| row.chars().take(66).collect()).collect();
        let lines = without_reasons.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots/examples" }, {
            insta::assert_snapshot!("peace-accords-matrix", format!("{scores}Provision{lines}"));
        });
    }
}
