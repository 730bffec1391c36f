//! The program `clausewatch mcp`.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::READING;
use super::client::ToolClient;
use crate::support::{TestApp, on_both_databases, text};

/// Runs the program with this standard input.
fn answer(options: &[&str], token: &str, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .arg("mcp")
        .args(options)
        .env_remove("DATABASE_URL")
        .env("CLAUSEWATCH_TOKEN", token)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // The program may have ended with an error before it read anything.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("the program ends")
}

/// The standard error of the program, which must refuse to start.
fn refusal(options: &[&str], token: &str) -> String {
    let output = answer(options, token, "");
    assert!(!output.status.success(), "{options:?}");
    assert_eq!(text(&output.stdout), "", "{options:?}");
    text(&output.stderr)
}

fn database(app: &TestApp) -> [&str; 2] {
    ["--database-url", &app.database_url]
}

on_both_databases! {
    fn program_answers_until_its_input_ends(app: Sample) {
        assert!(answer(&database(&app), "", "").status.success());
        let messages = [
            json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } } }),
            json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
            json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "overdue_clauses", "arguments": { "agreement": "minsk-2", "asOf": "2015-12-31" } } }),
        ];
        let input = messages.map(|message| format!("{message}\n")).concat();
        let output = answer(&[&database(&app)[..], &["--log", "debug"]].concat(), "", &input);
        assert!(output.status.success(), "{}", text(&output.stderr));
        // Standard output contains only messages, and the log goes to standard error.
        let answers = text(&output.stdout);
        let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        assert_eq!(answers.iter().map(|answer| answer["id"].clone()).collect::<Vec<_>>(), [json!(1), json!(2)]);
        assert_eq!(answers[1]["result"]["structuredContent"]["clauses"]["totalCount"], 2);
        assert!(!output.stderr.is_empty());
    }

    fn program_records_only_with_the_token_of_an_editor(app: Sample) {
        let reading = ToolClient::over_streams(&database(&app));
        let names = |client: &ToolClient| client.tools().iter().map(|tool| tool["name"].clone()).collect::<Vec<_>>();
        assert_eq!(names(&reading), READING);
        assert!(reading.close());
        let token = app.token("Eve", Role::Editor);
        let editing = ToolClient::over_streams(&[&database(&app)[..], &["--token", &token]].concat());
        assert_eq!(names(&editing).len(), READING.len() + 1);
        let before = app.log_position();
        let arguments = json!({ "record": "minsk-2/9", "status": "PARTIAL", "effectiveOn": "2021-12-20", "note": "Two posts." });
        let answer = editing.call("record_status", &arguments).unwrap();
        assert!(!answer.is_error, "{}", answer.text);
        assert_eq!(app.log_position(), before + 1);
        assert!(editing.close());
    }

    fn program_refuses_wrong_tokens_and_private_data(app: Sample) {
        let private = [&database(&app)[..], &["--private"]].concat();
        let message = refusal(&private, "");
        assert!(message.contains("set the token with CLAUSEWATCH_TOKEN or --token"), "{message}");
        let message = refusal(&database(&app), "hunter2secret");
        assert!(message.contains("CLAUSEWATCH_TOKEN (--token) is not an access token") && !message.contains("hunter2"), "{message}");
        let token = app.token("Rita", Role::Reader);
        assert!(answer(&private, &token, "").status.success());
        app.execute_sql("UPDATE tokens SET revoked_at = '2026-01-01 00:00:00', revoked_by = 'admin' WHERE name = 'Rita'");
        let message = refusal(&database(&app), &token);
        assert!(message.contains("revoked"), "{message}");
    }
}

#[test]
fn program_does_not_create_a_database() {
    let message = refusal(&["--database-url", "sqlite:/nonexistent/none.db"], "");
    assert!(message.contains("there is no file /nonexistent/none.db"), "{message}");
}
