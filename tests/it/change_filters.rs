//! The filters of the change log: which changes match, the number of matches, subscriptions to matching changes, and
//! invalid filters.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::changes::{assess, cursor};

use crate::support::world::World;
use crate::support::{Socket, TestApp, client, on_both_databases};

const LIST: &str = "query($filter: ChangeFilter, $first: Int, $after: String, $last: Int, $before: String) { \
                    changes(filter: $filter, first: $first, after: $after, last: $last, before: $before) { \
                    totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor } nodes { position } } }";

/// The positions of the changes that match a filter. Checks that their number equals `totalCount`.
fn found(app: &TestApp, filter: &Value) -> Vec<i64> {
    let data = app.data(LIST, json!({ "filter": filter, "first": 200 }));
    let nodes = data["changes"]["nodes"].as_array().unwrap().iter();
    let positions: Vec<i64> = nodes.map(|node| node["position"].as_i64().unwrap()).collect();
    assert_eq!(data["changes"]["totalCount"], positions.len(), "{filter}");
    positions
}

on_both_databases! {
    fn each_filter_returns_the_matching_changes(app: Empty) {
        let w = World::new(&app);
        assert_eq!(app.log_position(), 17);
        assess(&w, "two", &json!({ "status": "PARTIAL", "evidence": [{ "sourceId": "@gazette" }] }));
        w.change("update", "order", &json!({ "note": "Says the South, again." }));
        w.change("archive", "reading", &json!({}));
        assess(&w, "ask", &json!({ "status": "REJECTED", "eventId": "@talks" }));
        let nina = client(Some(&app.token("Nina", Role::Editor)));
        let input = json!({ "topicId": w.id("security"), "name": "Safety" });
        let mutation = "mutation($input: UpdateTopicInput!) { updateTopic(input: $input) { userErrors { message } } }";
        let answer = app.send_by(&nina, mutation, json!({ "input": input }));
        assert_eq!(answer["data"]["updateTopic"]["userErrors"], json!([]));
        // The changes at positions 1 to 17 create the records of the test world. Those at positions 18 to 22 are made
        // above.
        let editor = app.data("{ changes(first: 1) { nodes { actor } } }", json!({}))["changes"]["nodes"][0]["actor"].take();
        let id = |name: &str| w.id(name).to_owned();
        for (filter, expected) in [
            (json!({}), (1..=22).collect()),
            (json!({ "actor": ["Nina"] }), vec![22]),
            (json!({ "actor": [editor] }), (1..=21).collect()),
            (json!({ "actor": [editor, "Nina"] }), (1..=22).collect()),
            (json!({ "actor": ["nina"] }), vec![]),
            (json!({ "exceptActor": [editor] }), vec![22]),
            (json!({ "exceptActor": ["nobody", "Nina"], "kind": ["TOPIC"] }), vec![4, 5]),
            (json!({ "exceptActor": [] }), (1..=22).collect()),
            (json!({ "actor": ["a\u{0}b"] }), vec![]),
            (json!({ "actor": [] }), vec![]),
            (json!({ "action": ["ASSESSED", "ARCHIVED"] }), vec![18, 20, 21]),
            (json!({ "kind": ["TOPIC"] }), vec![4, 5, 22]),
            (json!({ "kind": ["PRECONDITION", "INTERPRETATION"] }), vec![16, 17, 19, 20]),
            (json!({ "kind": ["CLAUSE"], "action": ["ASSESSED"] }), vec![18]),
            // Matches changes to the agreement, its clauses, and the precondition and interpretation of clause 1.a.
            (json!({ "agreement": ["treaty"] }), vec![7, 9, 10, 16, 17, 18, 19, 20]),
            (json!({ "agreement": ["treaty"], "kind": ["CLAUSE"] }), vec![9, 10, 18]),
            (json!({ "agreement": ["annex"] }), vec![8]),
            (json!({ "agreement": ["annex", "treaty"], "action": ["CREATED"] }), vec![7, 8, 9, 10, 16, 17]),
            (json!({ "agreement": ["nothing"] }), vec![]),
            (json!({ "about": [id("treaty")] }), vec![7, 9, 10, 16, 17, 18, 19, 20]),
            (json!({ "about": [id("two")] }), vec![10, 16, 17, 18, 19, 20]),
            (json!({ "about": [id("offer")] }), vec![11, 13, 16, 19, 21]),
            (json!({ "about": [id("ask"), id("north")] }), vec![1, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21]),
            (json!({ "about": [id("security")] }), vec![4, 9, 13, 16, 19, 21, 22]),
            (json!({ "about": [id("gazette")] }), vec![6, 10, 15, 16, 17, 18, 19, 20]),
            (json!({ "about": [id("talks")] }), vec![13, 15, 16, 19, 21]),
            (json!({ "about": [] }), vec![]),
            (json!({ "clauses": { "status": ["PARTIAL"] } }), vec![10, 18]),
            (json!({ "clauses": { "party": ["south"] }, "action": ["CREATED"] }), vec![10]),
            (json!({ "clauses": { "heldBy": "north", "status": ["UNASSESSED"] } }), vec![9, 10, 18]),
            (json!({ "from": "2001-01-01", "to": "9999-12-31" }), (1..=22).collect()),
            (json!({ "to": "2001-01-01" }), vec![]),
            (json!({ "from": "9998-01-01" }), vec![]),
        ] {
            assert_eq!(found(&app, &filter), expected, "{filter}");
        }
    }

    fn day_filters_use_the_utc_day_of_the_change(app: Empty) {
        World::new(&app);
        for (position, time) in [(1, "2026-01-01 23:59:59.999999"), (2, "2026-01-02 00:00:00"), (3, "2026-01-02 23:59:59.999999"), (4, "2026-01-03 00:00:00")] {
            app.execute_sql(&format!("UPDATE changes SET recorded_at = '{time}' WHERE position = {position}"));
        }
        let days = |from: &str, to: &str| found(&app, &json!({ "from": from, "to": to }));
        assert_eq!(days("2026-01-02", "2026-01-02"), [2, 3]);
        assert_eq!(days("2026-01-01", "2026-01-01"), [1]);
        assert_eq!(days("2026-01-02", "2026-01-03"), [2, 3, 4]);
        assert_eq!(days("2025-01-01", "2025-12-31"), [0; 0]);
    }

    fn filtered_pages_and_counts_contain_the_same_changes(app: SharedSample) {
        let filter = json!({ "agreement": ["minsk-2"], "kind": ["CLAUSE"] });
        let all = find_on_all_pages(&app, &filter);
        assert!(all.len() > 20, "{all:?}");
        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        loop {
            let mut page = app.data(LIST, json!({ "filter": filter, "first": 7, "after": after }))["changes"].take();
            assert_eq!(page["totalCount"], all.len());
            forwards.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["position"].as_i64().unwrap()));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].take();
        }
        assert_eq!(forwards, all);
        let last = app.data(LIST, json!({ "filter": filter, "last": 1 }))["changes"]["nodes"][0]["position"].take();
        assert_eq!(last, *all.last().unwrap());
        let third = cursor(&app, all[2]);
        let counts = app.data(
            "query($of: [ChangeCountInput!]!) { changeCounts(of: $of) }",
            json!({ "of": [
                { "filter": filter }, { "filter": filter, "after": third }, { "filter": { "actor": ["nobody"] } }, {},
            ] }),
        );
        let at_most = |count: usize| count.min(100);
        assert_eq!(counts["changeCounts"], json!([at_most(all.len()), at_most(all.len() - 3), 0, 100]));
    }

    fn subscription_with_a_filter_sends_only_matching_changes(app: Empty) {
        let w = World::new(&app);
        let mut socket = Socket::ready(&app.url);
        let query = "subscription($after: String, $filter: ChangeFilter) { changes(after: $after, filter: $filter) { position } }";
        let filter = json!({ "about": [w.id("ask")] });
        socket.subscribe("s", query, json!({ "after": cursor(&app, 12), "filter": filter }));
        assert_eq!(socket.event("s")["changes"]["position"], 13);
        assert_eq!(socket.event("s")["changes"]["position"], 16, "the precondition that requires it");
        w.change("update", "borders", &json!({ "name": "Frontiers" }));
        assess(&w, "ask", &json!({ "status": "REJECTED" }));
        assert_eq!(socket.event("s")["changes"]["position"], 19);
    }

    fn invalid_filters_are_rejected_with_the_value(app: SharedSample) {
        let many = vec!["QGFiYw"; 201];
        for (filter, words) in [
            (json!({ "about": ["x"] }), "`about: “x”` is not an id of this API: use the `id` of a record"),
            (json!({ "about": many }), "`about` has 201 items; at most 200 are valid"),
            (json!({ "from": "2026-02-02", "to": "2026-02-01" }), "`from: 2026-02-02` is after `to: 2026-02-01`"),
            (json!({ "clauses": { "heldBy": "nobody" } }), "`heldBy: “nobody”` is neither the id nor the slug of a party"),
        ] {
            let (code, message) = app.error(LIST, json!({ "filter": filter }));
            assert_eq!(code, "BAD_USER_INPUT", "{message}");
            assert!(message.contains(words), "{message}");
        }
        let query = "query($of: [ChangeCountInput!]!) { changeCounts(of: $of) }";
        let (code, message) = app.error(query, json!({ "of": vec![json!({}); 51] }));
        assert_eq!((code.as_str(), message.as_str()), ("BAD_USER_INPUT", "`of` has 51 items; at most 50 can be counted at once"));
        let (_, message) = app.error(query, json!({ "of": [{ "after": "x" }] }));
        assert!(message.contains("is not a cursor of the change log"), "{message}");
    }
}

/// Like [`found`], for more changes than fit on a page.
fn find_on_all_pages(app: &TestApp, filter: &Value) -> Vec<i64> {
    let (mut positions, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut page =
            app.data(LIST, json!({ "filter": filter, "first": 200, "after": after }))["changes"]
                .take();
        let nodes = page["nodes"].as_array().unwrap().iter();
        positions.extend(nodes.map(|node| node["position"].as_i64().unwrap()));
        if page["pageInfo"]["hasNextPage"] == false {
            return positions;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}
