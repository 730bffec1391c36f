//! Correcting an assessment: the server retracts the wrong one and records the right one, or does neither.

use clausewatch::db::{Access, integrity};
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::world::{World, lower, with};

/// For each kind: the name of a record, a wrong status, and the right status.
const KINDS: [(&str, &str, &str); 3] = [
    ("one", "PARTIAL", "COMPLETE"),
    ("offer", "TABLED", "ACCEPTED"),
    ("ask", "COUNTERED", "SATISFIED"),
];

/// Sends the mutation that records a status. Returns its payload.
fn assess(w: &World<'_>, name: &str, status: &str, patch: &Value) -> Value {
    let kind = w.kind(name);
    let input = w.about(
        name,
        &json!({ "status": status, "effectiveOn": "2016-06-01", "note": "So it is." }),
    );
    let selection =
        format!("assessment {{ id previousStatus }} subject: {} {{ version status }}", lower(kind));
    w.mutate(&format!("update{kind}Status"), &with(input, patch), &selection)
}

fn correction(wrong: &Value, reason: &str) -> Value {
    json!({ "correction": { "assessmentId": wrong["assessment"]["id"], "reason": reason } })
}

/// All assessments of a record, newest first.
fn history(w: &World<'_>, name: &str) -> Value {
    let fields = "status effectiveOn retractedBy retractionReason";
    w.read(
        name,
        &format!("assessments(first: 9, includeRetracted: true) {{ nodes {{ {fields} }} }}"),
    )["assessments"]["nodes"]
        .take()
}

on_both_databases! {
    fn correction_retracts_the_wrong_assessment_and_records_the_right_one(app: Empty) {
        let w = World::new(&app);
        for (name, first, second) in KINDS {
            let wrong = assess(&w, name, first, &json!({}));
            let before = app.log_position();
            let guarded = with(correction(&wrong, "A typing error."), &json!({ "expectedVersion": 2, "effectiveOn": "2016-05-01" }));
            let right = assess(&w, name, second, &guarded);
            assert_eq!(right["userErrors"], json!([]), "{name}");
            assert_eq!(right["subject"]["status"], second);
            assert_eq!(right["assessment"]["previousStatus"], Value::Null, "the wrong assessment does not count");
            assert_eq!(app.log_position(), before + 2, "{name}: the log must contain a retraction and an assessment");
            let retracted = json!({ "status": first, "effectiveOn": "2016-06-01", "retractedBy": "analyst", "retractionReason": "A typing error." });
            let recorded = json!({ "status": second, "effectiveOn": "2016-05-01", "retractedBy": null, "retractionReason": null });
            assert_eq!(history(&w, name), json!([retracted, recorded]));
        }
        let mut session = app.db().session(Access::Read).unwrap();
        assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
    }

    fn repeated_correction_is_carried_out_once(app: Empty) {
        let w = World::new(&app);
        let wrong = assess(&w, "one", "PARTIAL", &json!({}));
        let patch = with(correction(&wrong, "A typing error."), &json!({ "idempotencyKey": "k-1" }));
        let first = assess(&w, "one", "COMPLETE", &patch);
        assert!(first["assessment"]["id"].is_string(), "{first:#}");
        assert_eq!(assess(&w, "one", "COMPLETE", &patch), first);
        assert_eq!(history(&w, "one").as_array().map(Vec::len), Some(2));
    }

    fn correction_with_an_error_writes_nothing(app: Empty) {
        let w = World::new(&app);
        let wrong = assess(&w, "one", "PARTIAL", &json!({}));
        let elsewhere = assess(&w, "two", "PARTIAL", &json!({}));
        let of_proposal = assess(&w, "offer", "TABLED", &json!({}));
        let gone = assess(&w, "one", "MINIMAL", &json!({}));
        w.apply("retractAssessment", &json!({ "assessmentId": gone["assessment"]["id"], "reason": "Wrong." }), "");
        let refuse = |patch: Value| {
            let input = w.about("one", &json!({ "status": "COMPLETE", "effectiveOn": "2016-06-01", "note": "n" }));
            w.reject("updateClauseStatus", &with(input, &patch)).swap_remove(0)
        };
        for (patch, code, path, message) in [
            (correction(&elsewhere, "r"), "INVALID", "correction.assessmentId", "a different record"),
            (correction(&of_proposal, "r"), "INVALID", "correction.assessmentId", "not clause assessment"),
            (correction(&gone, "r"), "INVALID", "correction.assessmentId", "already retracted"),
            (correction(&json!({ "assessment": { "id": "x" } }), "r"), "INVALID", "correction.assessmentId", "“x” is not an id"),
            (correction(&wrong, " "), "INVALID", "correction.reason", "empty"),
            (with(correction(&wrong, "r"), &json!({ "expectedVersion": 1 })), "CONFLICT", "expectedVersion", ""),
            // Only the new assessment is invalid here. The retraction alone would be valid.
            (with(correction(&wrong, "r"), &json!({ "effectiveOn": "1999-01-01" })), "OUT_OF_RANGE", "effectiveOn", ""),
        ] {
            let (given_code, given_path, given_message) = refuse(patch);
            assert_eq!((given_code.as_str(), given_path.as_str()), (code, path), "{given_message}");
            assert!(given_message.contains(message), "{given_message}");
        }
        let standing = w.read("one", "status version assessments { totalCount }");
        assert_eq!(standing, json!({ "status": "PARTIAL", "version": 4, "assessments": { "totalCount": 1 } }));
    }
}
