//! The examples in README.md, `docs/API.md` and `docs/TUTORIAL.md`.

use std::env;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Process, on_both_databases, text};

const README: &str = include_str!("../../README.md");
const API: &str = include_str!("../../docs/API.md");
const TUTORIAL: &str = include_str!("../../docs/TUTORIAL.md");

/// A line between the outputs of two commands.
const SEPARATOR: &str = "-- next command --\n";

/// The part of a text between two marks.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).expect("the README has the first mark");
    rest.split_once(end).expect("the README has the second mark").0
}

/// The language and the content of each code block of a page.
fn code_blocks(page: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').expect("a block begins with its language"))
}

/// `PATH`, with the folder of the program first.
fn path_with_program() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_clausewatch"));
    let folder = program.parent().expect("the program is in a folder").display();
    format!("{folder}:{}", env::var("PATH").expect("PATH is set"))
}

on_both_databases! {
    fn readme_query_returns_the_documented_result(app: Sample) {
        let body: Value = serde_json::from_str(between(README, "-d \\\n  '", "'\n```")).expect("the query is JSON");
        let shown: Value = serde_json::from_str(between(README, "```json\n", "```")).expect("the answer is JSON");
        let query = body["query"].as_str().expect("the body has a query");
        assert_eq!(app.send(query, Value::Null), shown);
    }

    fn api_guide_queries_return_the_documented_results(app: Sample) {
        let blocks = code_blocks(API).filter(|(language, _)| ["graphql", "json"].contains(language));
        let blocks: Vec<_> = blocks.collect();
        assert!(blocks.len() >= 10);
        for pair in blocks.chunks(2) {
            let [("graphql", query), ("json", answer)] = pair else { panic!("no query and answer: {pair:?}") };
            let shown: Value = serde_json::from_str(answer).expect("the answer is JSON");
            assert_eq!(app.send(query, Value::Null), shown, "{query}");
        }
    }
}

#[test]
fn tutorial_commands_print_the_documented_output() {
    let directory = TempDir::new().unwrap();
    let database_url = format!("sqlite:{}", directory.path().join("clausewatch.db").display());
    let server = Process::start(&database_url, &["--no-sample"]);
    // One script, because later commands use the variables of earlier ones.
    let mut script = String::from("set -eu\n");
    let mut commands = 0;
    let mut answers = Vec::new();
    for (language, block) in code_blocks(TUTORIAL) {
        match language {
            "sh" => {
                commands += 1;
                write!(script, "{block}\necho; printf '%s' '{SEPARATOR}'\n").unwrap();
            }
            "json" => answers.push((commands - 1, block)),
            _ => {}
        }
    }
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(directory.path())
        .env("PATH", path_with_program())
        .env("URL", &server.url)
        .env("TOKEN", &server.token)
        .env_remove("DATABASE_URL")
        .output()
        .expect("bash runs");
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", text(&output.stderr));
    let printed: Vec<&str> = printed.split(SEPARATOR).collect();
    assert_eq!(answers.len(), 3);
    for (command, answer) in answers {
        let shown: Value = serde_json::from_str(answer).expect("the answer is JSON");
        let printed: Value = serde_json::from_str(printed[command]).expect("the server answered");
        assert_eq!(printed, shown);
    }
    assert!(directory.path().join("river-accord-backup.db").is_file());
}
