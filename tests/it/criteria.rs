//! Criteria of clauses: the observable conditions for each status.

use serde_json::{Value, json};

use crate::dossiers::{BASE, file, import, import_text};
use crate::support::on_both_databases;
use crate::support::world::{World, with};

/// The base dossier with these criteria in its first clause.
fn dossier(criteria: &str) -> String {
    let line = "number = \"1\"\n";
    assert!(BASE.contains(line));
    BASE.replacen(line, &format!("number = \"1\"\ncriteria = [{criteria}]\n"), 1)
}

on_both_databases! {
    fn invalid_criteria_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        let cases = [
            (json!([{ "status": "PARTIAL", "text": "So." }, { "status": "PARTIAL", "text": "Or so." }]), "DUPLICATE", "criteria.1.status", "item 0 of criteria already has the status PARTIAL"),
            (json!([{ "status": "PARTIAL", "text": " " }]), "INVALID", "criteria.0.text", "empty"),
            (json!([{ "status": "PARTIAL", "text": "x".repeat(20_001) }]), "TOO_LONG", "criteria.0.text", "20001"),
        ];
        for (criteria, code, path, words) in cases {
            let create = with(w.input("one"), &json!({ "number": "9", "criteria": criteria }));
            let update = w.about("two", &json!({ "criteria": criteria }));
            for (mutation, input) in [("createClause", create), ("updateClause", update)] {
                let errors = w.reject(mutation, &input);
                let [(actual, at, message)] = errors.as_slice() else { panic!("{errors:?}") };
                assert_eq!((actual.as_str(), at.as_str()), (code, path), "{message}");
                assert!(message.contains(words), "{message}");
            }
        }
        let query = "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { clause { id } } }";
        for status in ["VOID", "UNASSESSED"] {
            let input = w.about("two", &json!({ "criteria": [{ "status": status, "text": "So." }] }));
            let (code, message) = app.error(query, json!({ "input": input }));
            assert_eq!(code, "GRAPHQL_VALIDATION_FAILED");
            assert!(message.contains(status) && message.contains("BREACHED, COMPLETE, MINIMAL, PARTIAL"), "{message}");
        }
        let written = json!([{ "status": "PARTIAL", "text": "Half of them left." }, { "status": "BREACHED", "text": "Some came back." }]);
        assert_eq!(w.read("two", "criteria { status text }")["criteria"], written);
    }

    fn criteria_in_a_dossier_are_added_changed_and_removed(app: Empty) {
        let stored = || -> Value {
            let query = "{ clause(agreement: \"truce\", number: \"1\") { criteria { status text } } }";
            app.data(query, json!({}))["clause"]["criteria"].take()
        };
        let (complete, breached) = ("{ status = \"COMPLETE\", text = \"No shot.\" }", "{ status = \"BREACHED\", text = \"A shot.\" }");
        for (criteria, expected) in [
            (breached.to_owned(), json!([{ "status": "BREACHED", "text": "A shot." }])),
            (format!("{complete}, {breached}"), json!([{ "status": "COMPLETE", "text": "No shot." }, { "status": "BREACHED", "text": "A shot." }])),
            (complete.replace("No shot", "None"), json!([{ "status": "COMPLETE", "text": "None." }])),
            (String::new(), json!([])),
        ] {
            import_text(&app, &dossier(&criteria));
            assert_eq!(stored(), expected, "{criteria}");
            let position = app.log_position();
            import_text(&app, &dossier(&criteria));
            assert_eq!(app.log_position(), position, "{criteria}: a repeated import changes nothing");
        }
    }

    fn invalid_criteria_in_a_dossier_are_reported_with_file_and_line(app: Empty) {
        let position = app.log_position();
        let faults = |criteria: &str| -> Vec<String> {
            let error = import(&app, &[file("truce.toml", &dossier(criteria))]).expect_err(criteria).to_string();
            error.lines().filter(|line| line.starts_with("truce.toml")).map(str::to_owned).collect()
        };
        let first = dossier("").lines().position(|line| line.starts_with("criteria")).unwrap() + 1;
        let valid = "must be MINIMAL, PARTIAL, COMPLETE or BREACHED";
        for (criteria, expected) in [
            ("\n{ status = \"SUSPENDED\", text = \"A stop.\" }", vec![format!("truce.toml:{}: criteria.0.status: “SUSPENDED” {valid}", first + 1)]),
            (
                "{ status = \"MINIMAL\", text = \"A.\" },\n{ status = \"MINIMAL\", text = \"B.\" }",
                vec![format!("truce.toml:{}: criteria.1.status: item 0 of criteria already has the status MINIMAL", first + 1)],
            ),
            // A status that cannot be parsed causes only one error. It is not reported as a duplicate, too.
            (
                "{ status = \"MINIMAL\", text = \"A.\" },\n{ status = \"MINIMUM\", text = \"B.\" }",
                vec![format!("truce.toml:{}: criteria.1.status: “MINIMUM” {valid}", first + 1)],
            ),
            ("{ status = \"MINIMAL\" }", vec![format!("truce.toml:{first}: criteria.0.text: is missing, and a criterion must have it")]),
        ] {
            let actual = faults(criteria);
            assert_eq!(actual.len(), expected.len(), "{actual:?}");
            for (actual, expected) in actual.iter().zip(&expected) {
                assert!(actual.starts_with(expected.as_str()), "{actual}\n{expected}");
            }
        }
        assert_eq!(app.log_position(), position);
    }
}
