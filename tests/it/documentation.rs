//! The examples in README.md, `docs/API.md` and `docs/TUTORIAL.md`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use clausewatch::domain::viewer::Role;
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
    let (_, rest) = text.split_once(start).expect("the page has the first mark");
    rest.split_once(end).expect("the page has the second mark").0
}

/// The language and the content of each code block of a page.
fn code_blocks(page: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let blocks = page.split("```").skip(1).step_by(2);
    blocks.map(|block| block.split_once('\n').expect("a block begins with its language"))
}

/// An example of a page: a query, or commands for the shell.
struct Example {
    input: &'static str,
    /// The block after the input, if that block is an answer or an output.
    output: Option<Output>,
}

#[derive(Debug, PartialEq)]
enum Output {
    Json(Value),
    Text(&'static str),
}

/// The examples of a page in this language.
fn examples(page: &'static str, language: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut blocks = code_blocks(page).peekable();
    while let Some((block_language, input)) = blocks.next() {
        let output = match blocks.peek() {
            Some(("json", text)) => Some(Output::Json(json(text))),
            Some(("text", text)) => Some(Output::Text(text.trim())),
            _ => None,
        };
        if block_language == language {
            examples.push(Example { input, output });
        }
    }
    examples
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Runs the commands of a page as one script, because later commands use the variables of earlier ones. Compares the
/// printed output with the output on the page. `variables` are environment variables.
fn check_commands(page: &'static str, directory: &Path, variables: &[(&str, &str)]) {
    let examples = examples(page, "sh");
    let mut script = String::from("set -eu\n");
    for Example { input, .. } in &examples {
        write!(script, "{input}\nprintf '%s' '{SEPARATOR}'\n").unwrap();
    }
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(directory)
        .env_remove("DATABASE_URL")
        .env("PATH", path_with_program())
        .envs(variables.iter().copied())
        .output()
        .expect("bash runs");
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", text(&output.stderr));
    for (Example { input, output }, printed) in examples.iter().zip(printed.split(SEPARATOR)) {
        match output {
            None => {}
            Some(Output::Text(shown)) => assert_eq!(printed.trim(), *shown, "{input}"),
            Some(Output::Json(shown)) => assert_eq!(json(printed), *shown, "{input}"),
        }
    }
    assert!(examples.iter().filter(|example| example.output.is_some()).count() >= 5);
}

/// `PATH`, with the folder of the program first.
pub fn path_with_program() -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_clausewatch"));
    let folder = program.parent().expect("the program is in a folder").display();
    format!("{folder}:{}", env::var("PATH").expect("PATH is set"))
}

on_both_databases! {
    fn readme_query_returns_the_documented_result(app: SharedSample) {
        let body: Value = serde_json::from_str(between(README, "-d \\\n  '", "'\n```")).expect("the query is JSON");
        let shown: Value = serde_json::from_str(between(README, "```json\n", "```")).expect("the answer is JSON");
        let query = body["query"].as_str().expect("the body has a query");
        assert_eq!(app.send(query, Value::Null), shown);
    }

    fn api_guide_queries_return_the_documented_results(app: Sample) {
        let examples = examples(API, "graphql");
        assert!(examples.len() >= 6);
        for Example { input, output, .. } in examples {
            assert_eq!(Some(Output::Json(app.send(input, Value::Null))), output, "{input}");
        }
    }

    fn api_guide_commands_print_the_documented_output(app: Sample) {
        let directory = TempDir::new().unwrap();
        let token = app.token("Ann Analyst", Role::Editor);
        let server = app.another_with(|config| config.response_cache = bytesize::ByteSize(1_000_000));
        check_commands(API, directory.path(), &[("URL", &server.url), ("TOKEN", &token)]);
    }
}

#[test]
fn tutorial_commands_print_the_documented_output() {
    let directory = TempDir::new().unwrap();
    let start = between(TUTORIAL, "$ cargo run -- ", "\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_clausewatch"));
    command.args(start.split(' ')).current_dir(directory.path());
    command
        .env_remove("DATABASE_URL")
        .env("CLAUSEWATCH_BIND", "127.0.0.1:0")
        .env("CLAUSEWATCH_LOG", "warn");
    let mut server = Process::run(command);
    let shown = between(TUTORIAL, "```text\n", "```");
    let printed = server.first_lines(shown.lines().count());
    let printed =
        printed.replace(&server.token, "cwt_…").replace(&server.url, "http://127.0.0.1:8080");
    assert_eq!(printed, shown);

    let variables = between(TUTORIAL, "$ export ", "\n").split_once('=').expect("a variable");
    check_commands(
        TUTORIAL,
        directory.path(),
        &[variables, ("URL", &server.url), ("TOKEN", &server.token)],
    );
    assert!(directory.path().join("river-accord-backup.db").is_file());
}

/// Adds the quoted texts of the source files below a path in `src`, except in folders named `pages`.
fn quoted_texts(path: &Path, texts: &mut BTreeSet<String>) {
    if path.is_dir() && !path.ends_with("pages") {
        for entry in fs::read_dir(path).expect("a folder") {
            quoted_texts(&entry.expect("an entry").path(), texts);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let source = fs::read_to_string(path).expect("a source");
        texts.extend(source.split('"').map(str::to_owned));
    }
}

#[test]
fn api_guide_lists_every_code_of_an_error() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut codes = BTreeSet::new();
    for path in ["graphql/error.rs", "http"] {
        quoted_texts(&sources.join(path), &mut codes);
    }
    codes.retain(|text| {
        let words: Vec<&str> = text.split('_').collect();
        let is_word =
            |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_code = words.len() > 1
            || ["FORBIDDEN", "UNAUTHENTICATED", "TIMEOUT", "UNAVAILABLE"].contains(&words[0]);
        is_code && words.iter().all(is_word) && words[0] != "CARGO"
    });
    let section = between(API, "## Errors", "## Mutations");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let documented: BTreeSet<String> = rows.map(|(code, _)| code.to_owned()).collect();
    assert!(codes.len() > 20, "{codes:?}");
    assert_eq!(documented, codes);
}
