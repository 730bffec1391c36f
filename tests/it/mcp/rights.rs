//! Rights: tools only read, unless the client has the token of an editor.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::READING;
use super::client::ToolClient;
use crate::support::world::with;
use crate::support::{TestApp, on_both_databases};

/// A status to record.
fn status() -> Value {
    json!({
        "record": "minsk-2/9",
        "status": "MINIMAL",
        "effectiveOn": "2021-12-20",
        "note": "A first post was handed over.",
        "evidence": [
            { "source": "https://undocs.org/S/RES/2202(2015)", "locator": "annex I, point 9" },
            { "title": "Report on the post", "kind": "MONITOR_REPORT", "url": "https://example.org/post", "quotation": "One post." },
        ],
    })
}

fn names(client: &ToolClient) -> Vec<String> {
    client.tools().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

/// The newest change in the log.
fn newest_change(app: &TestApp) -> Value {
    let query =
        "{ changes(last: 1) { nodes { actor action subject { ... on Clause { reference } } } } }";
    app.data(query, json!({}))["changes"]["nodes"][0].take()
}

on_both_databases! {
    fn without_an_editor_token_nothing_is_written(app: Sample) {
        let before = app.log_position();
        let reader = app.token("Rita", Role::Reader);
        for token in [None, Some(reader.as_str())] {
            let client = ToolClient::over_http(&app.url, token);
            assert_eq!(names(&client), READING);
            let (code, message) = client.call("record_status", &status()).unwrap_err();
            assert_eq!((code, message.as_str()), (-32602, "the tool record_status requires the access token of an editor"));
        }
        assert_eq!(app.log_position(), before);
    }

    fn editor_records_a_status_which_the_log_shows(app: Sample) {
        let token = app.token("Eve", Role::Editor);
        let client = ToolClient::over_http(&app.url, Some(&token));
        assert_eq!(names(&client).last().unwrap(), "record_status");
        let tool = client.tools().pop().unwrap();
        assert_eq!((&tool["annotations"]["readOnlyHint"], &tool["annotations"]["destructiveHint"]), (&json!(false), &json!(false)));

        let before = app.log_position();
        let dry = client.call("record_status", &with(status(), &json!({ "dryRun": true }))).unwrap();
        assert!(!dry.is_error && dry.text.contains("This was a dry run"), "{}", dry.text);
        assert_eq!(app.log_position(), before);

        let keyed = with(status(), &json!({ "idempotencyKey": "post" }));
        let recorded = client.call("record_status", &keyed).unwrap();
        assert!(!recorded.is_error, "{}", recorded.text);
        let result = &recorded.content["result"];
        assert_eq!((&result["statusBefore"], &result["statusAfter"], &result["effect"]), (&json!("NOT_STARTED"), &json!("MINIMAL"), &json!("NEW")));
        assert_eq!(result["assessment"]["status"], "MINIMAL");
        assert_eq!(result["assessment"]["citations"][0]["locator"], "annex I, point 9");
        assert_eq!(result["assessment"]["citations"][1]["source"]["title"], "Report on the post");
        assert!(recorded.text.contains("Status: NOT_STARTED → MINIMAL"), "{}", recorded.text);
        assert_eq!(newest_change(&app), json!({ "actor": "Eve", "action": "ASSESSED", "subject": { "reference": "Minsk II, 9" } }));

        let position = app.log_position();
        let repeated = client.call("record_status", &keyed).unwrap();
        assert_eq!(repeated.content["result"]["assessment"]["id"], result["assessment"]["id"]);
        assert_eq!(app.log_position(), position);
        let read = client.call("clause_status", &json!({ "clause": "minsk-2/9", "asOf": "2021-12-20" })).unwrap();
        assert_eq!(read.content["clause"]["status"], "MINIMAL");
        assert_eq!(read.content["clause"]["assessment"]["recordedBy"], "Eve");
    }

    fn expected_version_is_that_of_an_answer(app: Sample) {
        let token = app.token("Eve", Role::Editor);
        let client = ToolClient::over_http(&app.url, Some(&token));
        let read = client.call("clause_status", &json!({ "clause": "minsk-2/9" })).unwrap();
        let version = &read.content["clause"]["version"];
        assert!(read.text.contains(&format!("Version: {version}")), "{}", read.text);
        let record = client.call("get_record", &json!({ "record": "minsk-2/9" })).unwrap();
        assert_eq!(&record.content["record"]["version"], version);
        let record_status = |expected: &Value, day: &str, note: &str| {
            let patch = json!({ "expectedVersion": expected, "effectiveOn": day, "note": note, "evidence": [] });
            client.call("record_status", &with(status(), &patch)).unwrap()
        };
        let recorded = record_status(version, "2021-12-20", "A first post was handed over.");
        assert!(!recorded.is_error, "{}", recorded.text);
        let next = &recorded.content["result"]["subject"]["version"];
        assert!(next.as_i64() > version.as_i64(), "{next} after {version}");
        assert!(recorded.text.contains(&format!("Version: {next}")), "{}", recorded.text);
        let outdated = record_status(version, "2021-12-21", "A second post was handed over.");
        assert_eq!(outdated.content["errors"][0]["code"], "CONFLICT", "{}", outdated.text);
        let accepted = record_status(next, "2021-12-21", "A second post was handed over.");
        assert!(!accepted.is_error, "{}", accepted.text);
    }

    fn wrong_statuses_are_not_recorded(app: Sample) {
        let token = app.token("Eve", Role::Editor);
        let client = ToolClient::over_http(&app.url, Some(&token));
        let before = app.log_position();
        let stale = json!({ "expectedVersion": 999 });
        let answer = client.call("record_status", &with(status(), &stale)).unwrap();
        assert_eq!(answer.content["errors"][0]["code"], "CONFLICT", "{}", answer.text);
        for (patch, words) in [
            (json!({ "status": "DONE" }), "`status`: "),
            (json!({ "record": "minsk-2/99" }), "`record`: "),
            (json!({ "note": "" }), "`note`: "),
            (json!({ "effectiveOn": "2014-01-01" }), "`effectiveOn`: "),
            (json!({ "evidence": [{ "url": "https://example.org/" }] }), "needs the field `kind`"),
            (json!({ "evidence": [{ "source": "https://example.org/none" }] }), "`evidence.0.source`: "),
            (json!({ "evidence": [{ "title": "", "kind": "PRESS" }] }), "`evidence.0.title`: "),
            (json!({ "heldBy": "atlantis" }), "atlantis"),
        ] {
            let answer = client.call("record_status", &with(status(), &patch)).unwrap();
            assert!(answer.is_error && answer.text.contains(words), "{patch}: {}", answer.text);
        }
        let (_, message) = client.call("record_status", &with(status(), &json!({ "confidence": "SURE" }))).unwrap_err();
        assert!(message.contains("unknown variant `SURE`, expected one of `LOW`"), "{message}");
        assert_eq!(app.log_position(), before);
    }

    fn statuses_are_submitted_on_a_server_with_reviews(app: Sample) {
        let app = app.another_with(|config| config.review = true);
        let token = app.token("Eve", Role::Editor);
        let client = ToolClient::over_http(&app.url, Some(&token));
        let before = app.log_position();
        let submitted = client.call("record_status", &status()).unwrap();
        assert!(!submitted.is_error && submitted.text.contains("Submitted for review"), "{}", submitted.text);
        assert_eq!(submitted.content["submission"]["state"], "OPEN");
        assert_eq!(app.log_position(), before);
    }

    fn private_server_requires_a_token(app: Sample) {
        let app = app.another_with(|config| config.private = true);
        let refused = ToolClient::try_over_http(&app.url, None).err().expect("the server refuses");
        assert!(refused.contains("AuthRequired") || refused.contains("401"), "{refused}");
        let reader = app.token("Rita", Role::Reader);
        let client = ToolClient::over_http(&app.url, Some(&reader));
        assert!(!client.call("search", &json!({ "query": "minsk" })).unwrap().is_error);
    }
}
