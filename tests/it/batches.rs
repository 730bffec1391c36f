//! Requests that change several records, all or none. They record assessments, archive records and set topics.

mod random;
mod records;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::support::on_both_databases;
use crate::support::world::{World, with};

const RESULTS: &str = "items { subject { id } before { id } statusBefore statusAfter effect isLatest assessment { id } }";

/// The maximum number of SQL statements for a batch of new assessments of one clause by two holders, regardless of the
/// number of items.
const BATCH_BUDGET: u64 = 40;

/// An item with a fixed note, changed by `patch`.
fn item(subject: &str, status: &str, on: &str, patch: &Value) -> Value {
    with(json!({ "subject": subject, "status": status, "effectiveOn": on, "note": "Seen." }), patch)
}

fn send(w: &World<'_>, items: &[Value], patch: &Value) -> Value {
    let selection = format!("{RESULTS} query {{ viewer {{ role }} }}");
    w.mutate("recordAssessments", &with(json!({ "items": items }), patch), &selection)
}

fn record(w: &World<'_>, items: &[Value]) -> Value {
    let payload = send(w, items, &json!({}));
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload
}

/// The errors of a payload as code, path within the input, and message.
fn errors(payload: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{payload:#}")).iter();
    let error = |error: &Value| {
        let path: Vec<String> = error["path"].as_array().unwrap().iter().map(text).collect();
        (text(&error["code"]), path[1..].join("."), text(&error["message"]))
    };
    errors.map(error).collect()
}

fn paths(payload: &Value) -> Vec<String> {
    errors(payload).into_iter().map(|(code, path, _)| format!("{code} {path}")).collect()
}

/// The effect of each item as text.
fn effects(payload: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let result = |item: &Value| {
        let latest = if item["isLatest"] == true { "latest" } else { "not latest" };
        format!(
            "{}: {} → {}, {latest}",
            text(&item["effect"]),
            text(&item["statusBefore"]),
            text(&item["statusAfter"])
        )
    };
    payload["items"].as_array().unwrap().iter().map(result).collect()
}

fn ids(payload: &Value) -> Vec<Value> {
    let items = payload["items"].as_array().unwrap().iter();
    items.map(|item| item["assessment"]["id"].clone()).collect()
}

fn status(w: &World<'_>, name: &str, arguments: &str) -> Value {
    w.read(name, &format!("status{arguments}"))["status"].take()
}

/// Everything in the test world that a batch can change.
fn state(w: &World<'_>) -> Value {
    let subject = "id version status statusSince assessments(includeRetracted: true) { nodes { id status retractedAt } }";
    ["one", "two", "offer", "answer", "ask", "give"].map(|name| w.read(name, subject)).into()
}

on_both_databases! {
    fn batch_accepts_ids_and_names_of_all_kinds(app: Empty) {
        let w = World::new(&app);
        let position = app.log_position();
        let payload = record(&w, &[
            item("@one", "PARTIAL", "2016-06-01", &json!({})),
            item("treaty/1.a", "BREACHED", "2016-06-02", &json!({
                "heldBy": "south", "breachedBy": ["north"], "evidence": [{ "sourceId": "gazette" }], "momentum": "REGRESSING"
            })),
            item("offer/A-1", "COUNTERED", "2016-06-03", &json!({})),
            item("offer", "TABLED", "2016-06-04", &json!({ "effectiveOn": null, "effectiveDate": "2016-06" })),
        ]);
        let subjects: Value = payload["items"].as_array().unwrap().iter().map(|item| item["subject"]["id"].clone()).collect();
        assert_eq!(subjects, json!([w.id("one"), w.id("two"), w.id("ask"), w.id("offer")]));
        assert_eq!(effects(&payload), [
            "NEW: UNASSESSED → PARTIAL, latest",
            "NEW: UNASSESSED → BREACHED, latest",
            "NEW: OPEN → COUNTERED, latest",
            "NEW: FLOATED → TABLED, latest",
        ]);
        assert_eq!(app.log_position(), position + 4);
        assert_eq!(status(&w, "one", ""), "PARTIAL");
        assert_eq!(status(&w, "two", ""), "UNASSESSED");
        assert_eq!(status(&w, "two", "(heldBy: \"south\")"), "BREACHED");
        let held = w.read("two", "viewpoints { momentum heldBy { slug } breachedBy { slug } evidence { slug } }");
        assert_eq!(held["viewpoints"], json!([{
            "momentum": "REGRESSING", "heldBy": { "slug": "south" }, "breachedBy": [{ "slug": "north" }], "evidence": [{ "slug": "gazette" }]
        }]));
        assert_eq!(w.read("offer", "assessment { effectiveDate }")["assessment"]["effectiveDate"], "2016-06");
        app.assert_no_differences();
    }

    fn dry_run_returns_the_same_results_and_writes_nothing(app: Empty) {
        let w = World::new(&app);
        record(&w, &[
            item("@one", "MINIMAL", "2016-06-01", &json!({})),
            item("@one", "COMPLETE", "2016-09-01", &json!({})),
        ]);
        let items = [
            // This assessment is already recorded.
            item("@one", "MINIMAL", "2016-06-01", &json!({})),
            item("@one", "BREACHED", "2016-09-01", &json!({})),
            // This assessment takes effect before the latest one.
            item("@one", "PARTIAL", "2016-07-01", &json!({})),
            item("@one", "PARTIAL", "2016-07-01", &json!({ "heldBy": "@south" })),
            item("@ask", "ACCEPTED", "2016-07-01", &json!({ "evidence": [{ "source": { "title": "New", "kind": "PRESS" } }] })),
        ];
        let (before, position) = (state(&w), app.log_position());
        let dry = send(&w, &items, &json!({ "dryRun": true }));
        assert_eq!(paths(&dry), [""; 0]);
        assert_eq!((state(&w), app.log_position()), (before, position));
        assert_eq!(effects(&dry), [
            "UNCHANGED: MINIMAL → MINIMAL, not latest",
            "CORRECTION: COMPLETE → BREACHED, latest",
            "NEW: MINIMAL → PARTIAL, not latest",
            "NEW: UNASSESSED → PARTIAL, latest",
            "NEW: OPEN → ACCEPTED, latest",
        ]);
        assert_eq!(ids(&dry), vec![Value::Null; 5]);
        let real = record(&w, &items);
        assert_eq!(effects(&real), effects(&dry));
        let of_before = |payload: &Value| -> Value { payload["items"].as_array().unwrap().iter().map(|item| item["before"].clone()).collect() };
        assert_eq!(of_before(&real), of_before(&dry));
        assert_eq!(ids(&real)[0], Value::Null);
        assert_eq!(ids(&real).iter().filter(|id| id.is_string()).count(), 4);
        // The new source also has a log entry.
        assert_eq!(app.log_position(), position + 5);
        assert_eq!(status(&w, "one", ""), "BREACHED");
        assert_eq!(status(&w, "one", "(asOf: \"2016-08-01\")"), "PARTIAL");
        // Repeated items are not recorded again. An item that creates a source would be, so this batch omits it.
        let again = record(&w, &items[..4]);
        assert_eq!(ids(&again), vec![Value::Null; 4]);
        assert_eq!(app.log_position(), position + 5);
        app.assert_no_differences();
    }

    fn only_the_item_with_the_last_day_of_a_holder_is_latest(app: Empty) {
        let w = World::new(&app);
        record(&w, &[item("@two", "COMPLETE", "2016-09-01", &json!({}))]);
        let payload = record(&w, &[
            item("@one", "PARTIAL", "2016-07-01", &json!({})),
            item("@one", "BREACHED", "2016-06-01", &json!({})),
            item("@one", "MINIMAL", "2016-06-15", &json!({ "heldBy": "south" })),
            item("@two", "PARTIAL", "2016-07-01", &json!({})),
        ]);
        assert_eq!(effects(&payload), [
            "NEW: UNASSESSED → PARTIAL, latest",
            "NEW: UNASSESSED → BREACHED, not latest",
            "NEW: UNASSESSED → MINIMAL, latest",
            "NEW: UNASSESSED → PARTIAL, not latest",
        ]);
        assert_eq!(status(&w, "one", ""), "PARTIAL");
        assert_eq!(status(&w, "two", ""), "COMPLETE");
    }

    fn errors_name_their_item_and_nothing_is_recorded(app: Empty) {
        let w = World::new(&app);
        let (before, position) = (state(&w), app.log_position());
        let items = [
            item("@one", "PARTIAL", "2016-06-01", &json!({})),
            item("treaty/99", "PARTIAL", "2016-06-01", &json!({})),
            item("@north", "PARTIAL", "2016-06-01", &json!({})),
            item("@one", "COUNTERED", "2016-06-01", &json!({})),
            item("@one", "PARTIAL", "2014-01-01", &json!({ "note": "", "heldBy": "nobody" })),
            item("@two", "PARTIAL", "2016-06-01", &json!({ "breachedBy": ["north", "north", "nobody"], "evidence": [{ "sourceId": "none" }, { "sourceId": "missing" }] })),
            item("@two", "PARTIAL", "2016-06-01", &json!({ "effectiveOn": null, "effectiveDate": "9999" })),
            item("@two", "PARTIAL", "2016-06-01", &json!({ "effectiveOn": null, "effectiveDate": "5 March" })),
            item("@two", "PARTIAL", "2016-06-01", &json!({ "effectiveOn": null })),
        ];
        for patch in [json!({}), json!({ "dryRun": true }), json!({ "idempotencyKey": "k" })] {
            let payload = send(&w, &items, &patch);
            assert_eq!(paths(&payload), [
                "NOT_FOUND items.1.subject",
                "NOT_FOUND items.2.subject",
                "INVALID items.3.status",
                "INVALID items.4.heldBy",
                "INVALID items.4.note",
                "OUT_OF_RANGE items.4.effectiveOn",
                "INVALID items.5.breachedBy.2",
                "INVALID items.5.evidence.0.sourceId",
                "INVALID items.5.evidence.1.sourceId",
                "INVALID items.5.breachedBy",
                "DUPLICATE items.5.breachedBy.1",
                "OUT_OF_RANGE items.6.effectiveDate",
                "INVALID items.7.effectiveDate",
                "INVALID items.8.effectiveOn",
            ], "{payload:#}");
            let messages: Vec<String> = errors(&payload).into_iter().map(|(_, _, message)| message).collect();
            assert!(messages[0].contains("“treaty/99”"), "{messages:#?}");
            assert!(messages[1].contains("kind party"), "{messages:#?}");
            assert!(messages[2].contains("“COUNTERED” is not a status of a clause; valid values: UNASSESSED, "), "{messages:#?}");
            assert!(messages[3].contains("“nobody” is neither the id nor the slug of a party"), "{messages:#?}");
            assert_eq!(ids(&payload), vec![Value::Null; items.len()]);
            assert_eq!(effects(&payload)[0], "NEW: UNASSESSED → PARTIAL, latest");
            assert_eq!(effects(&payload)[3], "-: UNASSESSED → -, not latest");
            assert_eq!((state(&w), app.log_position()), (before.clone(), position));
        }
    }

    fn items_for_the_same_record_day_and_holder_are_rejected(app: Empty) {
        let w = World::new(&app);
        let payload = send(&w, &[
            item("@one", "PARTIAL", "2016-06-01", &json!({})),
            item("@two", "PARTIAL", "2016-06-01", &json!({})),
            item("treaty/1", "COMPLETE", "2016-06-01", &json!({ "effectiveOn": null, "effectiveDate": "2016-05-01/2016-06-01" })),
            item("treaty/1", "COMPLETE", "2016-06-01", &json!({ "heldBy": "@south" })),
        ], &json!({}));
        let [(code, path, message)] = &errors(&payload)[..] else { panic!("{payload:#}") };
        assert_eq!((code.as_str(), path.as_str()), ("DUPLICATE", "items.2"));
        assert_eq!(message, "item 2 repeats item 0: both are for the same record, day and holder");
    }

    fn number_of_items_is_limited(app: Empty) {
        let w = World::new(&app);
        let start = NaiveDate::from_ymd_opt(2016, 1, 1).unwrap();
        let day = |number: u64| (start + Days::new(number)).to_string();
        let items: Vec<Value> = (0..1001).map(|number| item("@one", "PARTIAL", &day(number), &json!({}))).collect();
        for wrong in [&items[..0], &items] {
            let payload = send(&w, wrong, &json!({}));
            let [(code, path, message)] = &errors(&payload)[..] else { panic!("{payload:#}") };
            assert_eq!((code.as_str(), path.as_str()), ("OUT_OF_RANGE", "items"));
            assert_eq!(message, &format!("has {} items; give 1 to 1000", wrong.len()));
            assert_eq!(payload["items"], json!([]));
        }
        let payload = record(&w, &items[..1000]);
        assert_eq!(w.read("one", "assessments { totalCount }")["assessments"]["totalCount"], 1000);
        let input = json!({ "assessmentIds": ids(&payload), "reason": "A mistake." });
        w.apply("retractAssessments", &input, "assessments { id }");
        assert_eq!(w.read("one", "status assessments { totalCount }"), json!({ "status": "UNASSESSED", "assessments": { "totalCount": 0 } }));
        app.assert_no_differences();
    }

    fn batch_costs_few_statements_for_any_number_of_items(app: Empty) {
        let w = World::new(&app);
        let start = NaiveDate::from_ymd_opt(2016, 1, 1).unwrap();
        let items = |days: std::ops::Range<u64>| -> Vec<Value> {
            let holder = |day: u64| if day.is_multiple_of(2) { Value::Null } else { json!("south") };
            days.map(|day| item("treaty/1", "PARTIAL", &(start + Days::new(day)).to_string(), &json!({ "heldBy": holder(day), "evidence": [{ "sourceId": "gazette" }] }))).collect()
        };
        record(&w, &items(900..902));
        for days in [0..2, 10..110, 200..600] {
            let items = items(days.clone());
            for patch in [json!({ "dryRun": true }), json!({})] {
                let before = app.db().statements();
                assert_eq!(paths(&send(&w, &items, &patch)), [""; 0]);
                let sent = app.db().statements() - before;
                assert!(sent <= BATCH_BUDGET, "{days:?} {patch} sends {sent} statements; the limit is {BATCH_BUDGET}");
            }
        }
    }

    fn repeated_batch_with_the_same_key_returns_the_first_result(app: Empty) {
        let w = World::new(&app);
        record(&w, &[item("@one", "MINIMAL", "2016-06-01", &json!({}))]);
        let items = [
            item("@one", "MINIMAL", "2016-06-01", &json!({})),
            item("@two", "PARTIAL", "2016-06-01", &json!({ "heldBy": "south" })),
            item("@ask", "ACCEPTED", "2016-06-01", &json!({})),
        ];
        let key = json!({ "idempotencyKey": "k-1" });
        let first = send(&w, &items, &key);
        assert_eq!(effects(&first)[0], "UNCHANGED: MINIMAL → MINIMAL, latest");
        let position = app.log_position();
        assert_eq!(send(&w, &items, &key), first);
        // The response stays the same, although the records have changed since the first request.
        record(&w, &[item("@two", "COMPLETE", "2016-07-01", &json!({ "heldBy": "south" })), item("@ask", "REJECTED", "2016-06-01", &json!({}))]);
        assert_eq!(send(&w, &items, &key), first);
        assert_eq!(app.log_position(), position + 2);
        let other = send(&w, &items[..2], &key);
        assert_eq!(paths(&other), ["DUPLICATE idempotencyKey"]);
        // The idempotency key of a batch without changes is also stored.
        let key = json!({ "idempotencyKey": "k-2" });
        let unchanged = send(&w, &items[..1], &key);
        assert_eq!(send(&w, &items[..1], &key), unchanged);
        assert_eq!(app.log_position(), position + 2);
    }

    fn item_with_a_stale_version_is_a_conflict(app: Empty) {
        let w = World::new(&app);
        let version = w.read("one", "version")["version"].take();
        // Both items are based on the version before the batch.
        let items = |version: &Value| [
            item("@one", "PARTIAL", "2016-06-01", &json!({ "expectedVersion": version })),
            item("@one", "COMPLETE", "2016-07-01", &json!({ "expectedVersion": version })),
        ];
        record(&w, &items(&version));
        assert_eq!(w.read("one", "version")["version"], version.as_i64().unwrap() + 2);
        let stale = send(&w, &items(&version), &json!({}));
        // Both items are already recorded, so `expectedVersion` is not checked.
        assert_eq!(paths(&stale), [""; 0]);
        let stale = send(&w, &[item("@one", "BREACHED", "2016-07-01", &json!({ "expectedVersion": version })), item("@two", "PARTIAL", "2016-07-01", &json!({}))], &json!({}));
        assert_eq!(paths(&stale), ["CONFLICT items.0.expectedVersion"]);
        assert_eq!(status(&w, "two", ""), "UNASSESSED");
    }

    fn batch_is_retracted_completely_or_not_at_all(app: Empty) {
        let w = World::new(&app);
        let first = record(&w, &[item("@one", "MINIMAL", "2016-06-01", &json!({}))]);
        let payload = record(&w, &[
            item("@one", "COMPLETE", "2016-07-01", &json!({})),
            item("@one", "BREACHED", "2016-08-01", &json!({})),
            item("@offer", "TABLED", "2016-08-01", &json!({})),
        ]);
        let retract = |ids: &[Value], patch: &Value| {
            let input = with(json!({ "assessmentIds": ids, "reason": "A mistake." }), patch);
            w.mutate("retractAssessments", &input, "assessments { id retractedAt retractionReason }")
        };
        let position = app.log_position();
        let all = ids(&payload);
        let mut wrong = all.clone();
        wrong.extend([json!(w.id("one")), json!("x")]);
        assert_eq!(paths(&retract(&wrong, &json!({}))), ["INVALID assessmentIds.3", "INVALID assessmentIds.4"]);
        let repeated = [all[0].clone(), all[1].clone(), all[0].clone()];
        assert_eq!(paths(&retract(&repeated, &json!({}))), ["DUPLICATE assessmentIds.2"]);
        assert_eq!(paths(&retract(&all, &json!({ "reason": "" }))), ["INVALID reason"]);
        assert_eq!(paths(&retract(&[], &json!({}))), ["OUT_OF_RANGE assessmentIds"]);
        assert_eq!(app.log_position(), position);
        let key = json!({ "idempotencyKey": "k" });
        let retracted = retract(&all, &key);
        assert_eq!(paths(&retracted), [""; 0]);
        assert_eq!(retracted["assessments"].as_array().unwrap().len(), 3);
        assert_eq!(retract(&all, &key), retracted);
        assert_eq!(app.log_position(), position + 3);
        assert_eq!(status(&w, "one", ""), "MINIMAL");
        assert_eq!(w.read("one", "assessment { id }")["assessment"]["id"], ids(&first)[0]);
        assert_eq!(status(&w, "offer", ""), "FLOATED");
        // One invalid id prevents all retractions.
        let mixed = [ids(&first)[0].clone(), all[2].clone()];
        assert_eq!(paths(&retract(&mixed, &json!({}))), ["INVALID assessmentIds.1"]);
        assert_eq!(status(&w, "one", ""), "MINIMAL");
        app.assert_no_differences();
    }
}
