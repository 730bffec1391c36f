//! Comparisons of two days.

use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::world::World;

const CHANGES: &str =
    "{ clause { number } statusBefore statusAfter assessments { status effectiveOn } }";

on_both_databases! {
    fn comparison_returns_clauses_whose_statuses_differ(app: SharedSample) {
        let ukraine = app.data("{ party(slug: \"ukraine\") { id } }", json!({}))["party"]["id"].take();
        for (from, to) in [("2015-02-12", "2015-03-31"), ("2015-08-01", "2015-09-30"), ("2016-01-01", "2021-12-02"), ("2021-12-02", "2022-02-24")] {
            for holder in [&Value::Null, &ukraine] {
                let query = format!("query($f: Date!, $t: Date!, $h: ID) {{ agreement(slug: \"minsk-2\") {{
                    changesBetween(from: $f, to: $t, heldBy: $h) {CHANGES}
                    clauses(first: 200) {{ nodes {{ number before: status(asOf: $f, heldBy: $h) after: status(asOf: $t, heldBy: $h)
                        assessments(first: 200) {{ nodes {{ status effectiveOn heldBy {{ id }} }} }} }} }} }} }}");
                let data = app.data(&query, json!({ "f": from, "t": to, "h": holder }));
                let clauses = data["agreement"]["clauses"]["nodes"].as_array().unwrap();
                let expected: Vec<Value> = clauses.iter().filter(|clause| clause["before"] != clause["after"]).map(|clause| {
                    let said = clause["assessments"]["nodes"].as_array().unwrap().iter().rev();
                    let between = said.filter(|said| {
                        let on = said["effectiveOn"].as_str().unwrap();
                        said["heldBy"].get("id").unwrap_or(&Value::Null) == holder && on > from && on <= to
                    });
                    let between: Vec<Value> = between.map(|said| json!({ "status": said["status"], "effectiveOn": said["effectiveOn"] })).collect();
                    json!({ "clause": { "number": clause["number"] }, "statusBefore": clause["before"], "statusAfter": clause["after"], "assessments": between })
                }).collect();
                assert_eq!(data["agreement"]["changesBetween"], json!(expected), "{from} {to} {holder}");
                assert!(!expected.is_empty() || (holder != &Value::Null), "{from} {to}: the sample must have changes between these days");
            }
        }
    }

    fn clause_with_the_same_status_on_both_days_is_unchanged(app: Empty) {
        let w = World::new(&app);
        let record = |status: &str, on: &str| {
            let input = w.about("one", &json!({ "status": status, "effectiveOn": on, "note": "So." }));
            w.apply("updateClauseStatus", &input, "assessment { id recordedAt }")["assessment"].take()
        };
        record("PARTIAL", "2016-01-01");
        let breach = record("BREACHED", "2016-02-01");
        record("PARTIAL", "2016-03-01");
        let between = |from: &str, to: &str, rest: &str| {
            w.read("treaty", &format!("changesBetween(from: \"{from}\", to: \"{to}\"{rest}) {CHANGES}"))["changesBetween"].take()
        };
        let change = |before: &str, after: &str, said: &[[&str; 2]]| json!([{
            "clause": { "number": "1" }, "statusBefore": before, "statusAfter": after,
            "assessments": said.iter().map(|[status, on]| json!({ "status": status, "effectiveOn": on })).collect::<Vec<_>>(),
        }]);
        assert_eq!(between("2016-01-01", "2016-03-01", ""), json!([]));
        assert_eq!(between("2016-01-31", "2016-02-29", ""), change("PARTIAL", "BREACHED", &[["BREACHED", "2016-02-01"]]));
        assert_eq!(between("2015-02-12", "2016-03-01", ""), change("UNASSESSED", "PARTIAL",
            &[["PARTIAL", "2016-01-01"], ["BREACHED", "2016-02-01"], ["PARTIAL", "2016-03-01"]]));
        assert_eq!(between("2016-02-01", "2016-02-01", ""), json!([]), "a day compared with itself");
        // A retracted assessment is still visible with a `knownAt` before the retraction.
        w.apply("retractAssessment", &json!({ "assessmentId": breach["id"], "reason": "Mistaken." }), "assessment { id }");
        assert_eq!(between("2016-01-31", "2016-02-29", ""), json!([]));
        let then = format!(", knownAt: {}", breach["recordedAt"]);
        assert_eq!(between("2016-01-31", "2016-02-29", &then), change("PARTIAL", "BREACHED", &[["BREACHED", "2016-02-01"]]));
    }

    fn days_in_the_wrong_order_are_rejected(app: SharedSample) {
        let query = "{ agreement(slug: \"minsk-2\") { changesBetween(from: \"2016-01-02\", to: \"2016-01-01\") { statusAfter } } }";
        let (code, message) = app.error(query, json!({}));
        assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", "`from: 2016-01-02` is after `to: 2016-01-01`: give the earlier day first"));
    }
}
