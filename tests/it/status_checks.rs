//! Status checks: an account confirms that a status is unchanged, and clients read when a record was last checked.

use chrono::{Duration, NaiveDate, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::changes::assess;
use crate::support::world::World;
use crate::support::{TestApp, clausewatch, on_both_databases, outline};

const CHECKED: &str = "status checkedOn checkedBy version statusChecks { totalCount nodes { checkedOn note recordedBy retractedBy retractionReason } }";

fn check(w: &World<'_>, name: &str, day: &str) -> Value {
    let input = json!({ "subjectId": format!("@{name}"), "checkedOn": day });
    w.apply("recordStatusCheck", &input, "statusCheck { id } subject { id version checkedOn }")
}

fn retract(w: &World<'_>, check: &Value) -> Value {
    let input = json!({ "statusCheckId": check["statusCheck"]["id"], "reason": "A slip." });
    w.apply(
        "retractStatusCheck",
        &input,
        "statusCheck { retractedBy retractionReason } subject { id checkedOn }",
    )
}

/// The UTC day that is this number of days after today.
fn day(days: i64) -> String {
    today(days).to_string()
}

#[expect(clippy::disallowed_methods, reason = "the server also uses the system clock")]
fn today(days: i64) -> NaiveDate {
    Utc::now().date_naive() + Duration::days(days)
}

/// The numbers of the clauses in a list.
fn numbers(app: &TestApp, arguments: &str) -> Vec<String> {
    let data = app.data(&format!("{{ clauses({arguments}) {{ nodes {{ number }} }} }}"), json!({}));
    let nodes = data["clauses"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["number"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn status_checks_keep_the_status_and_are_logged(app: Empty) {
        let w = World::new(&app);
        let start = app.log_position();
        for name in ["one", "ask", "offer"] {
            let before = w.read(name, "version status");
            let checked = check(&w, name, "2017-01-02");
            assert_eq!(checked["subject"]["id"], w.id(name));
            let after = w.read(name, CHECKED);
            assert_eq!(after["status"], before["status"]);
            assert_eq!(after["checkedOn"], "2017-01-02");
            assert_eq!(after["version"], before["version"].as_i64().unwrap() + 1);
            assert_eq!(after["statusChecks"]["totalCount"], 1);
            assert_eq!(after["statusChecks"]["nodes"][0]["recordedBy"], after["checkedBy"]);
        }
        let input = json!({ "subjectId": "@one", "checkedOn": "2017-01-03", "note": "Read the reports of May." });
        let id = w.apply("recordStatusCheck", &input, "statusCheck { id }")["statusCheck"]["id"].take();
        let query = "query($id: ID!) { node(id: $id) { ... on StatusCheck { id checkedOn note subject { __typename id } retractedAt } } }";
        let node = app.data(query, json!({ "id": id }))["node"].take();
        assert_eq!(node, json!({
            "id": id, "checkedOn": "2017-01-03", "note": "Read the reports of May.",
            "subject": { "__typename": "Clause", "id": w.id("one") }, "retractedAt": null,
        }));
        retract(&w, &json!({ "statusCheck": { "id": id } }));
        insta::assert_snapshot!("checked", outline(&json!(w.log_since(start))));
    }

    fn latest_check_or_assessment_is_used_until_retracted(app: Empty) {
        let w = World::new(&app);
        let checked_on = |name: &str| w.read(name, "checkedOn")["checkedOn"].take();
        assert_eq!(w.read("one", "checkedOn checkedBy"), json!({ "checkedOn": null, "checkedBy": null }));
        let later = check(&w, "one", "2019-05-01");
        let earlier = check(&w, "one", "2018-05-01");
        assert_eq!(checked_on("one"), "2019-05-01", "the latest day takes precedence, regardless of the time of recording");
        let assessment = assess(&w, "one", &json!({ "status": "PARTIAL", "effectiveOn": "2016-01-01", "heldBy": "@north" }));
        assert_eq!(checked_on("one"), day(0), "an assessment by any holder is a check on the day of its recording");
        w.apply("retractAssessment", &json!({ "assessmentId": assessment, "reason": "A slip." }), "");
        assert_eq!(checked_on("one"), "2019-05-01");
        let payload = retract(&w, &later);
        assert_eq!(payload["subject"]["checkedOn"], "2018-05-01");
        assert_eq!(payload["statusCheck"]["retractionReason"], "A slip.");
        retract(&w, &earlier);
        let clause = w.read("one", "checkedOn checkedBy statusChecks(includeRetracted: true) { nodes { checkedOn } }");
        assert_eq!(clause["checkedBy"], Value::Null);
        assert_eq!(clause["statusChecks"]["nodes"], json!([{ "checkedOn": "2019-05-01" }, { "checkedOn": "2018-05-01" }]));
        let errors = w.mutate("retractStatusCheck", &json!({ "statusCheckId": later["statusCheck"]["id"], "reason": "Again." }), "");
        let message = errors["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("was already retracted on "), "{message}");
    }

    fn status_checks_can_be_read_for_a_day_and_a_time(app: Empty) {
        let w = World::new(&app);
        check(&w, "one", "2018-01-01");
        let known = |name: &str| {
            let data = w.read(name, "statusChecks(first: 1) { nodes { recordedAt } }");
            data["statusChecks"]["nodes"][0]["recordedAt"].as_str().unwrap().to_owned()
        };
        let first = known("one");
        let second = check(&w, "one", "2020-01-01");
        let second_at = known("one");
        retract(&w, &second);
        let read = |arguments: &str| w.read("one", &format!("checkedOn({arguments}) checkedBy({arguments})"))["checkedOn"].take();
        assert_eq!(read("asOf: \"2017-12-31\""), Value::Null);
        assert_eq!(read("asOf: \"2018-01-01\""), "2018-01-01");
        assert_eq!(read(&format!("knownAt: \"{first}\"")), "2018-01-01");
        assert_eq!(read(&format!("knownAt: \"{second_at}\"")), "2020-01-01", "the check was retracted later");
        assert_eq!(read(&format!("knownAt: \"{second_at}\", asOf: \"2019-12-31\"")), "2018-01-01");
        assert_eq!(read("knownAt: \"2000-01-01T00:00:00Z\""), Value::Null);
    }

    fn clauses_can_be_filtered_and_sorted_by_last_check(app: Empty) {
        let mut w = World::new(&app);
        for number in ["2", "3"] {
            let input = json!({ "agreementId": "@treaty", "number": number, "heading": "H", "summary": "S.", "nature": "ONE_OFF", "topicId": "@security" });
            w.create(&format!("clause-{number}"), "Clause", input);
        }
        check(&w, "two", "2019-06-01");
        check(&w, "clause-2", "2020-06-01");
        check(&w, "clause-3", "2018-06-01");
        let order = "orderBy: { field: CHECKED_ON }";
        assert_eq!(numbers(&app, order), ["1", "3", "1.a", "2"], "clauses without a check come first");
        assert_eq!(numbers(&app, "orderBy: { field: CHECKED_ON, direction: DESC }"), ["2", "1.a", "3", "1"]);
        assert_eq!(numbers(&app, &format!("{order}, filter: {{ checkedBefore: \"2019-06-01\" }}")), ["1", "3"]);
        assert_eq!(numbers(&app, &format!("{order}, filter: {{ checkedBefore: \"2019-06-02\" }}")), ["1", "3", "1.a"]);
        assert_eq!(numbers(&app, &format!("{order}, filter: {{ checkedBefore: \"2019-06-02\", asOf: \"2019-05-31\" }}")), ["1", "3", "1.a", "2"]);
        let unknown = "filter: { checkedBefore: \"2019-06-01\", knownAt: \"2000-01-01T00:00:00Z\" }";
        assert_eq!(numbers(&app, &format!("{order}, {unknown}")).len(), 4, "no check was known then");
        let page = app.data(&format!("{{ clauses(first: 2, {order}) {{ pageInfo {{ endCursor }} }} }}"), json!({}));
        let after = page["clauses"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        assert_eq!(numbers(&app, &format!("after: \"{after}\", {order}")), ["1.a", "2"]);
        let folder = TempDir::new().unwrap();
        let report = clausewatch(&["check", "--database-url", &app.database_url], folder.path());
        assert!(report.status.success(), "{report:?}");
    }

    fn invalid_checks_are_rejected_and_nothing_is_written(app: Empty) {
        let w = World::new(&app);
        check(&w, "one", "2018-01-01");
        let before = app.log_position();
        let version = w.read("one", "version")["version"].as_i64().unwrap();
        let long = "x".repeat(20_001);
        for (input, code, path, words) in [
            (json!({ "subjectId": "@one", "checkedOn": day(3) }), "OUT_OF_RANGE", "checkedOn", "is in the future; the latest day is "),
            (json!({ "subjectId": "@one", "checkedOn": "2015-02-11" }), "OUT_OF_RANGE", "checkedOn", "2015-02-11 is before 2015-02-12, the day on which the record was agreed or proposed"),
            (json!({ "subjectId": "@north", "checkedOn": "2018-01-01" }), "INVALID", "subjectId", "is an id of kind party, not clause or caveat or proposal"),
            (json!({ "subjectId": "x", "checkedOn": "2018-01-01" }), "INVALID", "subjectId", "“x” is not an id"),
            (json!({ "subjectId": "@one", "checkedOn": "2018-01-01", "note": long }), "TOO_LONG", "note", "20001"),
            (json!({ "subjectId": "@one", "checkedOn": "2018-01-01", "note": " " }), "INVALID", "note", "empty"),
            (json!({ "subjectId": "@one", "checkedOn": "2018-01-01", "expectedVersion": version - 1 }), "CONFLICT", "expectedVersion", ""),
        ] {
            let payload = w.mutate("recordStatusCheck", &input, "statusCheck { id }");
            assert_eq!(payload["statusCheck"], Value::Null);
            let error = &payload["userErrors"][0];
            assert_eq!((error["code"].as_str().unwrap(), error["path"][1].as_str().unwrap()), (code, path), "{error}");
            assert!(error["message"].as_str().unwrap().contains(words), "{error}");
        }
        let payload = w.mutate("retractStatusCheck", &json!({ "statusCheckId": w.id("one"), "reason": "Why." }), "statusCheck { id }");
        let message = payload["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.contains("is an id of kind clause, not status check"), "{message}");
        assert_eq!(app.log_position(), before);
    }

    fn repeated_check_with_the_same_key_is_recorded_once(app: Empty) {
        let w = World::new(&app);
        let input = json!({ "subjectId": "@one", "checkedOn": "2018-01-01", "idempotencyKey": "k" });
        let first = w.apply("recordStatusCheck", &input, "statusCheck { id } subject { id }");
        let before = app.log_position();
        assert_eq!(w.apply("recordStatusCheck", &input, "statusCheck { id } subject { id }"), first);
        assert_eq!(app.log_position(), before);
    }
}
