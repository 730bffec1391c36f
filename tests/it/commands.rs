//! The commands, run as users run them.

use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clausewatch::cli::Cli;
use tempfile::TempDir;

use crate::support::{
    Engine, TestApp, clauses_of_the_sample, clausewatch, on_both_databases, text,
};

#[test]
fn env_example_lists_every_setting_with_default_and_help() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    let example = fs::read_to_string(path).expect(".env.example can be read");
    let command = Cli::command();
    let mut expected = String::from(
        "# Copy to .env and change what you need. Every line shows a setting and its default.\n",
    );
    for argument in command.get_arguments() {
        let Some(variable) = argument.get_env() else { continue };
        let help = argument.get_help().expect("every setting has a line of help").to_string();
        let default: Vec<String> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy().into_owned())
            .collect();
        let variable = variable.to_string_lossy();
        let line = match (default.is_empty(), argument.get_action().takes_values()) {
            (false, _) => format!("{variable}={}", default.concat()),
            // Flags are false by default. Other settings without a default are commented out.
            (true, false) => format!("{variable}=false"),
            (true, true) => format!("# {variable}="),
        };
        expected = format!("{expected}\n# {help}\n{line}\n");
    }
    assert_eq!(example, expected);
}

on_both_databases! {
    fn check_reports_a_planted_difference(app: Sample) {
        let directory = TempDir::new().expect("a temporary folder");
        let run = || clausewatch(&["check", "--database-url", &app.database_url], directory.path());
        let sound = run();
        assert!(sound.status.success(), "{}{}", text(&sound.stdout), text(&sound.stderr));

        let id = app.clause_id("minsk-2", "9");
        app.execute_sql("UPDATE trackables SET status = 'complete' WHERE id IN (SELECT id FROM clauses WHERE number = '9' AND agreement_id IN (SELECT id FROM agreements WHERE slug = 'minsk-2'))");
        let planted = run();
        let report = text(&planted.stdout);
        assert!(!planted.status.success(), "{report}");
        assert!(report.contains("stored COMPLETE"), "{id}: {report}");
        assert_eq!(report.lines().count(), 1, "{report}");
    }
}

#[test]
fn only_the_first_start_loads_the_sample() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::spawn_new(engine, false);
        let count = app.data("{ clauses(first: 0) { totalCount } }", serde_json::json!({}));
        assert_eq!(count["clauses"]["totalCount"], clauses_of_the_sample());
        let position = app.log_position();
        let app = app.restart();
        assert_eq!(app.log_position(), position);
    }
}

#[test]
fn first_start_with_no_sample_leaves_the_database_empty() {
    let app = TestApp::spawn_new(Engine::Sqlite, true);
    assert_eq!(app.log_position(), 0);
}
