//! Cursors after the data has changed, and after the log was replaced by an older backup.

use serde_json::{Value, json};

use crate::changes::{assess, bare_cursor, cursor};
use crate::support::world::{World, with};
use crate::support::{Socket, TestApp, on_both_databases, wait_until};

/// Deletes the last `count` changes, as if an older backup had been restored.
fn delete_changes(app: &TestApp, count: i64) {
    let head = app.log_position() - count;
    app.execute_sql(&format!(
        "DELETE FROM changes WHERE position > {head}; UPDATE log_head SET position = {head};"
    ));
}

fn add_topic(app: &TestApp, slug: &str) {
    let mutation = "mutation($input: CreateTopicInput!) { createTopic(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": { "slug": slug, "name": slug } }));
    assert_eq!(data["createTopic"]["userErrors"], json!([]));
}

/// The ids of a list, read in pages of one record. Calls `change` after the first page.
fn walk(app: &TestApp, list: &str, change: impl FnOnce(&Value)) -> Vec<Value> {
    let query = |after: &Value| {
        let after = if after.is_null() { String::new() } else { format!(", after: {after}") };
        format!(
            "{{ {} {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}",
            list.replace("PAGE", &format!("first: 1{after}"))
        )
    };
    let field = list.split('(').next().expect("a field");
    let (mut walked, mut after, mut change) = (Vec::new(), Value::Null, Some(change));
    loop {
        let mut page = app.data(&query(&after), json!({}))[field].take();
        let node = page["nodes"][0]["id"].take();
        if let Some(change) = change.take() {
            change(&node);
        }
        if !node.is_null() {
            walked.push(node);
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return walked;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

on_both_databases! {
    fn cursors_of_a_lost_history_are_rejected(app: Empty) {
        let w = World::new(&app);
        let kept = cursor(&app, app.log_position());
        assess(&w, "one", &json!({ "status": "PARTIAL" }));
        let lost = cursor(&app, app.log_position());
        delete_changes(&app, 1);
        let refused = |after: &str| {
            let query = "query($after: String) { changes(after: $after) { nodes { position } } }";
            let (code, message) = app.error(query, json!({ "after": after }));
            let before = app.error(&query.replace("(after:", "(before:"), json!({ "after": after }));
            assert_eq!(before.0, code);
            let mut socket = Socket::ready(&app.url);
            for field in ["changes", "statusChanged"] {
                let query = format!("subscription($after: String) {{ {field}(after: $after) {{ cursor }} }}");
                assert_eq!(socket.refused(&query, json!({ "after": after })), (code.clone(), message.clone()));
            }
            assert_eq!(code, "STALE_CURSOR", "{message}");
            message
        };
        // First, the cursor is beyond the end of the log. Then another entry takes its position.
        assert!(refused(&lost).contains("ends at"));
        add_topic(&app, "another");
        assert!(refused(&lost).contains("is a cursor of another history"));
        // A cursor of an entry that both histories contain is still valid.
        let query = "query($after: String) { changes(after: $after) { nodes { subject { __typename } } } }";
        let after = app.data(query, json!({ "after": kept }));
        assert_eq!(after, json!({ "changes": { "nodes": [{ "subject": { "__typename": "Topic" } }] } }));
    }

    fn cursors_without_a_time_are_valid_up_to_the_end_of_the_log(app: Empty) {
        let _world = World::new(&app);
        let head = app.log_position();
        let query = "query($after: String) { changes(after: $after) { nodes { position } } }";
        let data = app.data(query, json!({ "after": bare_cursor(head - 1) }));
        assert_eq!(data, json!({ "changes": { "nodes": [{ "position": head }] } }));
        for beyond in [head + 1, i64::MAX] {
            assert_eq!(app.error(query, json!({ "after": bare_cursor(beyond) })).0, "STALE_CURSOR");
        }
    }

    fn entity_tags_of_a_lost_history_do_not_match(app: Empty) {
        let kept = app.another_with(|config| config.response_cache = "1MB".parse().expect("a size"));
        add_topic(&app, "first");
        let ask = |tag: &str| {
            let request = kept.client().get(format!("{}/graphql?query=%7Btopics%7Bslug%7D%7D", kept.url));
            let answer = request.header("if-none-match", tag).send().expect("an answer");
            let tag = answer.headers()["etag"].to_str().expect("the tag is ASCII").to_owned();
            (answer.status().as_u16(), tag)
        };
        let (_, tag) = ask("none");
        assert_eq!(ask(&tag).0, 304);
        delete_changes(&app, 1);
        add_topic(&app, "second");
        // On PostgreSQL, a notification tells the server about the change within milliseconds.
        wait_until("the tag of the lost history no longer matches", || ask(&tag).0 == 200);
    }

    fn paging_continues_after_the_record_of_the_cursor_has_moved(app: Empty) {
        let mut w = World::new(&app);
        for number in ["3", "4", "5"] {
            w.create(number, "Clause", with(w.input("one"), &json!({ "number": number })));
        }
        for (number, day) in [("one", "2016-01-01"), ("two", "2016-02-01"), ("3", "2016-03-01"), ("4", "2016-04-01")] {
            assess(&w, number, &json!({ "status": "PARTIAL", "effectiveOn": day }));
        }
        let clause = |id: &Value| {
            let names = ["one", "two", "3", "4", "5"];
            *names.iter().find(|name| json!(w.id(name)) == *id).expect("a clause")
        };
        let all = |list: &str| walk(&app, list, |_| ()).len();
        // Moves the record at the cursor to the end of lists that are ordered by status day, deadline or title.
        let by_status = "clauses(PAGE, orderBy: { field: STATUS_SINCE })";
        let walked = walk(&app, by_status, |id| {
            assess(&w, clause(id), &json!({ "status": "COMPLETE", "effectiveOn": "2017-01-01" }));
        });
        assert_eq!(walked.len(), all(by_status) + 1, "the moved clause is returned again");
        let by_deadline = "clauses(PAGE, orderBy: { field: DEADLINE })";
        let walked = walk(&app, by_deadline, |id| {
            w.change("update", clause(id), &json!({ "deadlines": [{ "rule": "Late", "dueOn": "9000-01-01" }] }));
        });
        assert!(walked.len() >= all(by_deadline), "{walked:?}");
        let by_title = "agreements(PAGE, orderBy: { field: TITLE })";
        let walked = walk(&app, by_title, |id| {
            let name = if *id == json!(w.id("treaty")) { "treaty" } else { "annex" };
            w.change("update", name, &json!({ "title": "Zzz" }));
        });
        assert_eq!(walked.len(), all(by_title) + 1);
        // Archives the record at the cursor, which removes it from the list.
        let by_position = "clauses(PAGE)";
        let before = all(by_position);
        let walked = walk(&app, by_position, |id| {
            w.apply("archiveClause", &json!({ "clauseId": id }), "clause { id }");
        });
        assert_eq!(walked.len(), before);
    }

    fn later_entry_is_in_force_although_the_clock_went_back(app: Empty) {
        let w = World::new(&app);
        let hour = 3_600_000_000_i64;
        app.execute_sql(&format!("UPDATE log_head SET recorded_microseconds = recorded_microseconds + {hour}"));
        assess(&w, "one", &json!({ "status": "PARTIAL", "note": "By the fast clock." }));
        // The clock of this second server is correct, so it is behind the time of the last entry.
        let other = app.another();
        let input = w.about("one", &json!({ "status": "COMPLETE", "effectiveOn": "2016-07-01", "note": "By the correct clock." }));
        let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
        let data = other.data(mutation, json!({ "input": w.resolve(&input) }));
        assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
        assert_eq!(w.read("one", "status")["status"], "COMPLETE");
        let log = app.data("{ changes(last: 2) { nodes { recordedAt } } }", json!({}));
        let times: Vec<&str> = log["changes"]["nodes"].as_array().unwrap().iter().map(|node| node["recordedAt"].as_str().unwrap()).collect();
        assert!(times.is_sorted() && times[0] != times[1], "{times:?}");
    }
}
