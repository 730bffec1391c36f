//! Repeating a mutation with the same idempotency key.

use std::collections::HashSet;
use std::thread;

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::support::{TestApp, client, on_both_databases};

const CREATE: &str = "mutation($input: CreatePartyInput!) { createParty(input: $input) { \
                      party { id name version } userErrors { code message path } } }";

fn party(slug: &str, name: &str, key: &str) -> Value {
    json!({ "input": { "slug": slug, "name": name, "shortName": name, "kind": "STATE", "idempotencyKey": key } })
}

/// Sends a mutation that creates a party, possibly for the second time. Returns the payload.
fn create(app: &TestApp, slug: &str, name: &str, key: &str) -> Value {
    app.data(CREATE, party(slug, name, key))["createParty"].take()
}

on_both_databases! {
    fn repeated_mutation_returns_the_first_result_and_writes_nothing(app: Empty) {
        let first = create(&app, "atlantis", "Atlantis", "k-1");
        assert!(first["party"]["id"].is_string(), "{first:#}");
        let position = app.log_position();
        assert_eq!(create(&app, "atlantis", "Atlantis", "k-1"), first);
        // The order of the fields does not matter for the idempotency key.
        let query = "mutation { createParty(input: { idempotencyKey: \"k-1\", kind: STATE, shortName: \"Atlantis\", \
                     name: \"Atlantis\", slug: \"atlantis\" }) { party { id name version } userErrors { code message path } } }";
        assert_eq!(app.data(query, json!({}))["createParty"], first);
        assert_eq!(app.log_position(), position);
    }

    fn concurrent_mutations_with_one_key_are_carried_out_once(app: Empty) {
        let ids: HashSet<String> = thread::scope(|scope| {
            let senders: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| create(&app, "atlantis", "Atlantis", "k-1")["party"]["id"].to_string()))
                .collect();
            senders.into_iter().map(|sender| sender.join().unwrap()).collect()
        });
        assert_eq!(ids.len(), 1, "{ids:?}");
        assert_eq!(app.log_position(), 1);
    }

    fn key_of_a_different_request_is_rejected(app: Empty) {
        create(&app, "atlantis", "Atlantis", "k-1");
        let refused = create(&app, "lemuria", "Lemuria", "k-1");
        assert_eq!(refused["party"], Value::Null);
        assert_eq!(refused["userErrors"][0]["code"], "DUPLICATE", "{refused:#}");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "idempotencyKey"]));
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("“k-1”"), "{message}");
        // The same input to another mutation is also a different request.
        let topic = "mutation { createTopic(input: { slug: \"t\", name: \"T\", idempotencyKey: \"k-1\" }) { userErrors { code } } }";
        assert_eq!(app.data(topic, json!({}))["createTopic"]["userErrors"], json!([{ "code": "DUPLICATE" }]));
        assert_eq!(app.log_position(), 1);
    }

    fn keys_of_different_accounts_are_independent(app: Empty) {
        create(&app, "atlantis", "Atlantis", "k-1");
        let other = client(Some(&app.token("Eve", Role::Editor)));
        let answer = app.send_by(&other, CREATE, party("lemuria", "Lemuria", "k-1"));
        assert_eq!(answer["data"]["createParty"]["party"]["name"], "Lemuria", "{answer:#}");
    }

    fn failed_mutation_can_be_corrected_with_the_same_key(app: Empty) {
        let refused = create(&app, "Not A Slug", "Atlantis", "k-1");
        assert_eq!(refused["userErrors"][0]["path"], json!(["input", "slug"]), "{refused:#}");
        assert!(create(&app, "atlantis", "Atlantis", "k-1")["party"]["id"].is_string());
    }

    fn invalid_keys_are_rejected(app: Empty) {
        for (key, code) in [("", "INVALID"), (&"k".repeat(101), "TOO_LONG"), ("a\u{0}b", "INVALID")] {
            let refused = create(&app, "atlantis", "Atlantis", key);
            assert_eq!(refused["userErrors"][0]["code"], code, "{refused:#}");
            assert_eq!(refused["userErrors"][0]["path"], json!(["input", "idempotencyKey"]));
        }
        assert!(create(&app, "atlantis", "Atlantis", &"ß".repeat(100))["party"]["id"].is_string());
    }

    fn key_expires_after_seven_days(app: Empty) {
        let first = create(&app, "atlantis", "Atlantis", "k-1");
        app.execute_sql("UPDATE idempotency_keys SET recorded_at = '2026-01-01 00:00:00'");
        assert_eq!(create(&app, "atlantis", "Atlantis", "k-1"), first, "expired keys are removed only by the next write");
        create(&app, "lemuria", "Lemuria", "k-2");
        let again = create(&app, "atlantis", "Atlantis", "k-1");
        assert_eq!(again["userErrors"][0]["path"], json!(["input", "slug"]), "{again:#}");
    }

    fn repeated_update_and_retraction_are_carried_out_once(app: Sample) {
        let clause = app.clause_id("minsk-2", "9");
        let update = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { \
                      clause { version } assessment { id } userErrors { code } } }";
        let input = json!({
            "clauseId": clause, "status": "PARTIAL", "effectiveOn": "2022-03-01", "note": "Seen.", "idempotencyKey": "k-1"
        });
        let send = || app.data(update, json!({ "input": input }))["updateClauseStatus"].take();
        let first = send();
        assert!(first["assessment"]["id"].is_string(), "{first:#}");
        assert_eq!(send(), first);

        let retract = "mutation($input: RetractAssessmentInput!) { retractAssessment(input: $input) { \
                       assessment { id retractedAt } subject { version } userErrors { code } } }";
        let input = json!({ "assessmentId": first["assessment"]["id"], "reason": "A mistake.", "idempotencyKey": "k-2" });
        let send = || app.data(retract, json!({ "input": input }))["retractAssessment"].take();
        let retracted = send();
        assert!(retracted["assessment"]["retractedAt"].is_string(), "{retracted:#}");
        // Without the key, retracting the assessment twice would be an error.
        assert_eq!(send(), retracted);
    }

    fn update_without_changes_keeps_its_key(app: Empty) {
        let made = create(&app, "atlantis", "Atlantis", "k-1");
        let update = "mutation($input: UpdatePartyInput!) { updateParty(input: $input) { party { name } userErrors { code } } }";
        let rename = |name: &str, key: &str| {
            let input = json!({ "partyId": made["party"]["id"], "name": name, "idempotencyKey": key });
            app.data(update, json!({ "input": input }))["updateParty"]["party"]["name"].take()
        };
        assert_eq!(rename("Atlantis", "k-2"), "Atlantis");
        assert_eq!(rename("Sunken Atlantis", "k-3"), "Sunken Atlantis");
        assert_eq!(rename("Atlantis", "k-2"), "Sunken Atlantis", "the first result is repeated, with the current name");
    }
}
