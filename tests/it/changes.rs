//! The change log: which entries each mutation writes, and how clients read them.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, thread};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::connections::texts;
use crate::statements::{cost, number};
use crate::support::world::{World, with};
use crate::support::{TestApp, on_both_databases, outline};

/// A page of the change log, with the positions and cursors of its changes.
fn page(app: &TestApp, arguments: &str) -> Value {
    let page = "nodes { position } edges { cursor node { position } } \
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
    app.data(&format!("{{ changes({arguments}) {{ {page} }} }}"), json!({}))["changes"].take()
}

/// The positions on a page.
fn positions(page: &Value) -> Vec<i64> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["position"].as_i64().unwrap()).collect()
}

/// The cursor that the server returns for a position.
pub fn cursor(app: &TestApp, position: i64) -> String {
    if position == 0 {
        return bare_cursor(0);
    }
    let query =
        "query($after: String) { changes(first: 1, after: $after) { pageInfo { endCursor } } }";
    let page = app.data(query, json!({ "after": bare_cursor(position - 1) }));
    page["changes"]["pageInfo"]["endCursor"].as_str().expect("a change").to_owned()
}

/// The cursor of a position, without the time of the entry. Servers created such cursors until 2026-11-28. The cursor
/// of position 0 is the beginning of the log.
pub fn bare_cursor(position: i64) -> String {
    URL_SAFE_NO_PAD.encode([&[u8::MAX][..], &position.to_be_bytes()[..]].concat())
}

/// The position in a cursor.
pub fn position_of(cursor: &str) -> i64 {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).expect("a cursor");
    i64::from_be_bytes(bytes[1..9].try_into().expect("a position has eight bytes"))
}

/// Records a status for a record of the test world, and returns the assessment's id.
pub fn assess(w: &World<'_>, name: &str, patch: &Value) -> Value {
    let kind = w.kind(name);
    let input = w.about(name, &json!({ "effectiveOn": "2016-07-01", "note": "So it is." }));
    let mutation = format!("update{kind}Status");
    w.apply(&mutation, &with(input, patch), "assessment { id }")["assessment"]["id"].take()
}

on_both_databases! {
    fn end_of_the_log_has_a_cursor_even_if_the_log_is_empty(app: Empty) {
        let end = || app.data("{ changesEnd }", json!({}))["changesEnd"].as_str().unwrap().to_owned();
        let after = |cursor: String| positions(&page(&app, &format!("after: \"{cursor}\"")));
        let start = end();
        assert_eq!(after(start.clone()), Vec::<i64>::new());
        World::new(&app);
        let all: Vec<i64> = (1..=app.log_position()).collect();
        assert_eq!(after(start), all);
        assert_eq!(end(), cursor(&app, app.log_position()));
        assert_eq!(after(end()), Vec::<i64>::new());
    }

    fn created_record_of_each_kind_is_logged_with_all_fields(app: Empty) {
        let w = World::new(&app);
        let log = w.log_since(0);
        assert_eq!(log.len(), 17, "one entry for each record");
        assert!(log.iter().all(|entry| entry["before"] == json!([])));
        insta::assert_snapshot!("created", outline(&json!(log)));
    }

    fn updated_record_is_logged_with_only_the_changed_fields(app: Empty) {
        let w = World::new(&app);
        let start = app.log_position();
        w.change("update", "annex", &json!({ "place": null, "kind": "LAW", "externalIds": [], "relations": [{ "kind": "AMENDS", "agreementId": "@treaty" }] }));
        w.change("update", "two", &json!({
            "heading": "Arms", "note": null, "position": 1, "parentId": null,
            "obligations": [{ "partyId": "@south", "role": "OBLIGED" }],
            "deadlines": [
                { "rule": "Soon", "dueOn": "2015-03-01", "heldById": "@north" },
                { "rule": "This quarter", "key": "quarter", "endOf": { "period": "QUARTER", "containing": "2015-02-12" } },
                { "rule": "Then", "after": { "days": 1, "deadline": { "clauseId": "@two", "key": "quarter" } } },
                { "rule": "After talks", "phase": "START", "after": { "days": 2, "eventId": "@talks" } },
            ],
        }));
        w.change("update", "offer", &json!({ "isPackage": true, "madeOn": "2016-05-02", "agreementIds": ["@treaty"], "addressedToIds": ["@south"] }));
        w.change("update", "give", &json!({ "answersIds": [], "owedByIds": ["@north"], "clauseLinks": [{ "clauseId": "@one", "kind": "IMPLEMENTS" }] }));
        w.change("update", "envoy", &json!({ "representsId": "@south" }));
        w.change("update", "borders", &json!({ "parentId": null }));
        w.change("update", "gazette", &json!({ "publishedOn": null, "kind": "PRESS" }));
        w.change("update", "talks", &json!({ "endedOn": null, "concernsIds": ["@ask", "@one", "@offer"], "sourceIds": [] }));
        w.change("update", "order", &json!({ "stepId": "@offer", "heldById": null }));
        insta::assert_snapshot!("updated", outline(&json!(w.log_since(start))));
    }

    fn assessments_and_retractions_are_logged_with_the_assessment(app: Empty) {
        let w = World::new(&app);
        let start = app.log_position();
        let report = json!({ "source": { "title": "A report", "kind": "PRESS" } });
        let first = assess(&w, "one", &json!({ "status": "PARTIAL", "eventId": "@talks", "evidence": [{ "sourceId": "@gazette" }, report] }));
        // These assessments have the same holder, so their log entries omit unchanged fields, including evidence.
        assess(&w, "one", &json!({ "status": "COMPLETE", "note": "All.", "evidence": [{ "sourceId": "@gazette" }] }));
        assess(&w, "one", &json!({ "status": "COMPLETE", "note": "Really.", "evidence": [{ "sourceId": "@gazette" }] }));
        assess(&w, "ask", &json!({ "status": "REJECTED", "heldBy": "@north", "momentum": "STALLED", "confidence": "HIGH" }));
        let last = assess(&w, "offer", &json!({ "status": "WITHDRAWN" }));
        for (assessment, reason) in [(first, "A hoax."), (last, "Misread.")] {
            w.apply("retractAssessment", &json!({ "assessmentId": assessment, "reason": reason }), "");
        }
        insta::assert_snapshot!("assessed_and_retracted", outline(&json!(w.log_since(start))));
    }

    fn references_in_the_log_return_current_records(app: Empty) {
        let w = World::new(&app);
        let assessment = assess(&w, "one", &json!({ "status": "PARTIAL", "evidence": [{ "sourceId": "@gazette" }] }));
        w.change("update", "gazette", &json!({ "title": "Another title" }));
        w.change("archive", "gazette", &json!({}));
        w.change("archive", "one", &json!({}));
        let query = "query($after: String) { changes(first: 1, after: $after) { nodes { subject { ... on Clause { number archivedAt } } after { name \
                     record { ... on ClauseAssessment { id status } ... on Source { title } } } } } }";
        let data = app.data(query, json!({ "after": cursor(&app, 17) }));
        let change = &data["changes"]["nodes"][0];
        assert_eq!(change["subject"]["number"], "1");
        assert!(change["subject"]["archivedAt"].is_string());
        let record = |name: &str| {
            let mut fields = change["after"].as_array().unwrap().iter();
            fields.find(|field| field["name"] == name).unwrap()["record"].clone()
        };
        assert_eq!(record("assessment"), json!({ "id": assessment, "status": "PARTIAL" }));
        assert_eq!(record("evidence.0"), json!({ "title": "Another title" }));
        assert_eq!(record("note"), Value::Null);
    }

    fn log_pages_of_any_size_contain_the_same_entries(app: Sample) {
        let head = app.log_position();
        let total = app.data("{ changes { totalCount } }", json!({}));
        assert_eq!(total, json!({ "changes": { "totalCount": head } }));
        for size in [1, 33, 200] {
            let (mut walked, mut after) = (Vec::new(), String::new());
            // Stops after 100 pages, because reading the whole log one entry at a time takes too long.
            for _ in 0..100 {
                let page = page(&app, &format!("first: {size} {after}"));
                let (nodes, cursors) = (positions(&page), texts(&page["edges"], "/cursor"));
                let info = &page["pageInfo"];
                assert_eq!(texts(&json!([info]), "/startCursor"), cursors[..1]);
                assert_eq!(texts(&json!([info]), "/endCursor"), cursors[cursors.len() - 1..]);
                assert_eq!(info["hasPreviousPage"], !after.is_empty());
                assert!(page["edges"].as_array().unwrap().iter().zip(&nodes).all(|(edge, node)| edge["node"]["position"] == *node));
                walked.extend(nodes);
                after = format!(", after: {}", info["endCursor"]);
                assert_eq!(info["hasNextPage"], *walked.last().unwrap() < head);
                if info["hasNextPage"] == false {
                    break;
                }
            }
            assert!(walked.iter().copied().eq(1..=walked.len().try_into().unwrap()), "all positions from the first, without gaps: {walked:?}");
            assert!(size == 1 || walked.len() == usize::try_from(head).unwrap());
        }
        assert_eq!(positions(&page(&app, "after: null")).len(), 50);
        assert_eq!(positions(&page(&app, "first: 0")), [0; 0]);
        assert_eq!(page(&app, "first: 0")["pageInfo"]["hasNextPage"], true);
    }

    fn log_read_backward_contains_the_same_entries(app: Sample) {
        let head = app.log_position();
        let newest = page(&app, "last: 1");
        assert_eq!(positions(&newest), [head]);
        assert_eq!(newest["pageInfo"]["hasNextPage"], false);
        assert_eq!(newest["pageInfo"]["hasPreviousPage"], true);
        let (mut walked, mut before) = (Vec::new(), String::new());
        loop {
            let page = page(&app, &format!("last: 199 {before}"));
            let info = &page["pageInfo"];
            assert_eq!(info["hasNextPage"], !before.is_empty());
            walked.splice(0..0, positions(&page));
            before = format!(", before: {}", info["startCursor"]);
            assert_eq!(info["hasPreviousPage"], walked[0] > 1);
            if info["hasPreviousPage"] == false {
                break;
            }
        }
        assert!(walked.iter().copied().eq(1..=head), "all positions from the first, without gaps: {walked:?}");
        let between = format!("first: 3, after: \"{}\", before: \"{}\"", cursor(&app, 4), cursor(&app, 7));
        assert_eq!(positions(&page(&app, &between)), [5, 6]);
        assert_eq!(positions(&page(&app, &between.replace("first: 3", "last: 1"))), [6]);
    }

    fn cursor_at_the_end_returns_only_later_entries(app: Empty) {
        let mut w = World::new(&app);
        let empty = json!({
            "nodes": [], "edges": [],
            "pageInfo": { "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null },
        });
        let mut end = page(&app, "first: 200")["pageInfo"]["endCursor"].take();
        assert_eq!(end, cursor(&app, 17));
        assert_eq!(page(&app, &format!("after: {end}")), empty);
        for number in 2..5 {
            w.create("new", "Clause", with(w.input("one"), &json!({ "number": number.to_string() })));
            let mut new = page(&app, &format!("after: {end}"));
            assert_eq!(positions(&new), [16 + number]);
            end = new["pageInfo"]["endCursor"].take();
        }
    }

    fn log_follower_gets_each_entry_once_during_writes(app: Empty) {
        const WRITERS: i64 = 4;
        const WRITES: i64 = 12;
        let w = World::new(&app);
        let last = app.log_position() + WRITERS * WRITES;
        let followed = thread::scope(|scope| {
            for writer in 0..WRITERS {
                let w = &w;
                scope.spawn(move || {
                    for number in 0..WRITES {
                        let name = format!("{writer}-{number}");
                        let party = json!({ "slug": name, "name": "n", "shortName": "s", "kind": "STATE" });
                        w.apply("createParty", &party, "");
                    }
                });
            }
            let (mut followed, mut after) = (Vec::new(), String::new());
            while followed.last() != Some(&last) {
                let page = page(&app, &format!("first: 5 {after}"));
                followed.extend(positions(&page));
                if let Some(end) = page["pageInfo"]["endCursor"].as_str() {
                    after = format!(", after: \"{end}\"");
                }
            }
            followed
        });
        assert!(followed.into_iter().eq(1..=last));
    }

    fn log_page_costs_few_statements_at_any_size(app: Sample) {
        let query = |selection: &str| format!("query($size: Int) {{ changes(first: $size) {{ {selection} }} }}");
        for size in [1, 50, 200] {
            let size = json!({ "size": size });
            assert_eq!(cost(&app, &query("nodes { position recordedAt actor action }"), size.clone()), 1);
            assert_eq!(cost(&app, &query("totalCount edges { cursor }"), size.clone()), 2);
            assert_eq!(cost(&app, &query("nodes { before { name kind value } after { name kind value } }"), size.clone()), 2);
            let kinds = app.data(&query("nodes { subject { __typename } after { record { __typename } } }"), size.clone());
            let nodes = kinds["changes"]["nodes"].as_array().unwrap();
            let subjects: BTreeSet<String> = nodes.iter().map(|node| node["subject"]["__typename"].to_string()).collect();
            assert_eq!(cost(&app, &query("nodes { subject { id } }"), size.clone()), 1 + number(&subjects));
            let fields = nodes.iter().flat_map(|node| node["after"].as_array().unwrap());
            let records = fields.map(|field| &field["record"]).filter(|record| !record.is_null());
            let records: BTreeSet<String> = records.map(|record| record["__typename"].to_string()).collect();
            assert_eq!(cost(&app, &query("nodes { after { record { id } } }"), size), 2 + number(&records));
        }
    }

    fn invalid_cursors_and_page_sizes_of_the_log_are_rejected(app: SharedSample) {
        let list = app.data("{ parties(first: 1) { pageInfo { endCursor } } }", json!({}));
        let of_a_list = list["parties"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        for after in [String::new(), "nonsense".to_owned(), "\u{0}".to_owned(), "A".repeat(10_000), of_a_list, bare_cursor(-1)] {
            let query = "query($after: String) { changes(after: $after) { nodes { position } } }";
            let (code, message) = app.error(query, json!({ "after": after }));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.starts_with("`after: “") && message.contains("is not a cursor of the change log"), "{message}");
            assert!(message.len() < 500, "{message}");
            let query = "query($before: String) { changes(before: $before) { nodes { position } } }";
            let (code, message) = app.error(query, json!({ "before": after }));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.starts_with("`before: “"), "{message}");
        }
        let (code, message) = app.error("{ changes(first: 1, last: 1) { totalCount } }", json!({}));
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("cannot be given together"), "{message}");
        for (size, shown) in [(-1, "`first: -1`"), (201, "`first: 201`"), (i32::MAX, "`first: 2147483647`")] {
            let (code, message) = app.error(&format!("{{ changes(first: {size}) {{ totalCount }} }}"), json!({}));
            assert_eq!(code, "BAD_USER_INPUT");
            assert!(message.starts_with(&format!("{shown} is out of range")), "{message}");
        }
        let of_the_log = cursor(&app, 1);
        let (code, _) = app.error(&format!("{{ parties(after: \"{of_the_log}\") {{ totalCount }} }}"), json!({}));
        assert_eq!(code, "BAD_USER_INPUT");
    }

    fn log_entries_of_earlier_versions_are_read_as_text(app: Empty) {
        let party = json!({ "slug": "p", "name": "P", "shortName": "P", "kind": "STATE" });
        app.data("mutation($input: CreatePartyInput!) { createParty(input: $input) { party { id } } }", json!({ "input": party }));
        let engine = if app.database_url.starts_with("sqlite:") { "sqlite" } else { "postgres" };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let migrate = |file: &str| app.execute_sql(&fs::read_to_string(folder.join(file)).unwrap());
        migrate("2026-11-28-000000_change_fields/down.sql");
        migrate("2026-11-24-230000_change_values/down.sql");
        app.execute_sql("INSERT INTO change_fields (position, name, kind, after_value) VALUES (1, 'represents', 'reference', '0190'), (1, 'actors', 'list', 'a b')");
        migrate("2026-11-24-230000_change_values/up.sql");
        migrate("2026-11-28-000000_change_fields/up.sql");
        let query = "{ changes { nodes { action before { name } after { name kind value record { id } } } } }";
        let change = app.data(query, json!({}))["changes"]["nodes"][0].take();
        let field = |name: &str, kind: &str, value: &str| json!({ "name": name, "kind": kind, "value": value, "record": null });
        assert_eq!(change, json!({ "action": "CREATED", "before": [], "after": [
            field("actors", "TEXT", "a b"), field("kind", "CHOICE", "STATE"), field("name", "TEXT", "P"),
            field("represents", "TEXT", "0190"), field("shortName", "TEXT", "P"), field("slug", "TEXT", "p"),
        ] }));
    }
}
