//! Subscriptions: which events the server sends to which subscribers. Each subscriber gets each of its events exactly
//! once.

mod documents;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::thread;
use std::time::Duration;

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::changes::{assess, bare_cursor, cursor, position_of};
use crate::support::world::{World, with};
use crate::support::{Data, Engine, Socket, TestApp, on_both_databases, outline};

const STATUSES: &str = "subscription($after: String, $agreement: String, $proposal: String, $ids: [ID!]) { \
                        statusChanged(after: $after, agreement: $agreement, proposal: $proposal, ids: $ids) { \
                        cursor subject { reference } assessment { note retractedAt } } }";
const CHANGES: &str = "subscription($after: String) { changes(after: $after) { cursor position } }";

/// The cursor at the end of the log.
fn end(app: &TestApp) -> String {
    cursor(app, app.log_position())
}

/// Creates a party with a separate request.
fn add_party(app: &TestApp, slug: &str) {
    let input = json!({ "slug": slug, "name": "n", "shortName": "s", "kind": "STATE" });
    let mutation = "mutation($input: CreatePartyInput!) { createParty(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["createParty"]["userErrors"], json!([]));
}

/// The notes of the next `count` status changes.
fn notes(socket: &mut Socket, id: &str, count: usize) -> Vec<String> {
    let events = (0..count).map(|_| socket.event(id));
    let note =
        |event: Value| event["statusChanged"]["assessment"]["note"].as_str().unwrap().to_owned();
    events.map(note).collect()
}

/// Follows positions up to `last`. Opens a new socket after every seven events.
fn follow(
    url: &str,
    field: &str,
    after: String,
    last: i64,
    enough: impl Fn(&[i64]) -> bool,
) -> Vec<i64> {
    let query = format!("subscription($after: String) {{ {field}(after: $after) {{ cursor }} }}");
    let (mut told, mut after) = (Vec::new(), after);
    while !enough(&told) {
        let mut socket = Socket::ready(url);
        socket.subscribe("f", &query, json!({ "after": after }));
        for _ in 0..7 {
            let event = socket.event("f");
            event[field]["cursor"].as_str().unwrap().clone_into(&mut after);
            told.push(position_of(&after));
            assert!(*told.last().unwrap() <= last);
            if enough(&told) {
                break;
            }
        }
    }
    told
}

on_both_databases! {
    fn event_returns_all_requested_fields(app: Empty) {
        let w = World::new(&app);
        assess(&w, "one", &json!({ "status": "PARTIAL", "evidence": [{ "sourceId": "@gazette" }] }));
        let mut socket = Socket::ready(&app.url);
        let query = "subscription Whole($after: String!) { told: statusChanged(agreement: \"treaty\", after: $after) { __typename cursor \
                     subject { __typename id version reference ... on Clause { number status agreement { slug clauses { nodes { number status } } } } } \
                     assessment { __typename id note effectiveOn momentum confidence recordedBy retractedAt heldBy { slug } evidence { slug title } \
                     event { title } ... on ClauseAssessment { status previousStatus clause { heading } } } } }";
        socket.subscribe("whole", query, json!({ "after": end(&app) }));
        assess(&w, "one", &json!({ "status": "COMPLETE", "note": "All.", "eventId": "@talks", "evidence": [{ "sourceId": "@gazette" }] }));
        let mut event = socket.event("whole");
        let told = std::mem::replace(&mut event["told"]["cursor"], json!("[cursor]"));
        assert_eq!(told, end(&app));
        insta::assert_snapshot!("whole_event", outline(&w.named(&event)));
    }

    fn fields_of_an_event_are_in_the_order_of_the_query(app: Empty) {
        let w = World::new(&app);
        let start = end(&app);
        assess(&w, "one", &json!({ "status": "PARTIAL", "note": "Some." }));
        let mut socket = Socket::ready(&app.url);
        // The server resolves references after the other fields, but returns all fields in the order of the query.
        let query = "subscription($after: String!) { told: statusChanged(after: $after) { \
                     subject { version ... on Clause { agreement { title slug } number } __typename } cursor \
                     assessment { recordedBy note __typename } __typename } }";
        socket.subscribe("s", query, json!({ "after": start }));
        let data = format!(
            r#"{{"data":{{"told":{{"subject":{{"version":2,"agreement":{{"title":"Treaty of peace","slug":"treaty"}},"number":"1","__typename":"Clause"}},"cursor":"{}","assessment":{{"recordedBy":"analyst","note":"Some.","__typename":"ClauseAssessment"}},"__typename":"StatusChange"}}}}}}"#,
            end(&app)
        );
        let text = socket.receive_text();
        assert!(text.contains(&data), "{text}");
    }

    fn retraction_causes_an_event_like_an_assessment(app: Empty) {
        let w = World::new(&app);
        let assessment = assess(&w, "ask", &json!({ "status": "ACCEPTED", "note": "Said so." }));
        let mut socket = Socket::ready(&app.url);
        socket.subscribe("s", STATUSES, json!({ "after": end(&app) }));
        w.apply("retractAssessment", &json!({ "assessmentId": assessment, "reason": "A hoax." }), "");
        let event = socket.event("s")["statusChanged"].take();
        assert_eq!(event["subject"]["reference"], "Offer, A-1");
        assert_eq!(event["assessment"]["note"], "Said so.");
        assert!(event["assessment"]["retractedAt"].is_string(), "{event}");
        assert_eq!(event["cursor"], end(&app));
    }

    fn subscription_without_a_cursor_sends_only_new_changes(app: Empty) {
        add_party(&app, "before");
        let mut socket = Socket::ready(&app.url);
        socket.subscribe("c", CHANGES, json!({}));
        // The test cannot know exactly when the subscription starts, so it writes until an event arrives.
        let mut written = 1;
        let first = loop {
            written += 1;
            add_party(&app, &format!("party-{written}"));
            if let Some(message) = socket.receive_within(Duration::from_millis(300)) {
                break message["payload"]["data"]["changes"]["position"].as_i64().unwrap();
            }
            assert!(written < 50, "the socket received no event");
        };
        assert!((2..=written).contains(&first), "{first}");
        for expected in first + 1..=written {
            assert_eq!(socket.event("c")["changes"]["position"], expected);
        }
        add_party(&app, "last");
        assert_eq!(socket.event("c")["changes"]["position"], written + 1);
    }

    fn cursors_of_queries_and_events_are_interchangeable(app: Empty) {
        let w = World::new(&app);
        let page = app.data("{ changes(first: 10) { nodes { cursor } edges { cursor } pageInfo { endCursor } } }", json!({}));
        let page = &page["changes"];
        assert_eq!(page["nodes"], page["edges"]);
        let mut socket = Socket::ready(&app.url);
        socket.subscribe("c", CHANGES, json!({ "after": page["pageInfo"]["endCursor"] }));
        for expected in 11..=17 {
            assert_eq!(socket.event("c")["changes"], json!({ "cursor": cursor(&app, expected), "position": expected }));
        }
        socket.subscribe("s", STATUSES, json!({ "after": page["pageInfo"]["endCursor"] }));
        assess(&w, "one", &json!({ "status": "PARTIAL" }));
        let mut told = [socket.receive(), socket.receive()].map(|message| {
            let data = &message["payload"]["data"];
            data.pointer("/changes/cursor").or(data.pointer("/statusChanged/cursor")).unwrap().clone()
        });
        told.sort_by_key(ToString::to_string);
        assert_eq!(told, [json!(cursor(&app, 18)), json!(cursor(&app, 18))]);
    }

    fn arguments_restrict_the_events(app: Empty) {
        let w = World::new(&app);
        let start = end(&app);
        for name in ["one", "offer", "two", "ask", "answer", "give"] {
            let status = match w.kind(name) {
                "Clause" => "PARTIAL",
                "Proposal" => "WITHDRAWN",
                _ => "ACCEPTED",
            };
            assess(&w, name, &json!({ "status": status, "note": format!("{name}.") }));
        }
        let ids = |names: &[&str]| -> Value { names.iter().map(|name| json!(w.id(name))).collect() };
        for (arguments, expected) in [
            (json!({}), "one. offer. two. ask. answer. give."),
            (json!({ "agreement": "treaty" }), "one. two."),
            (json!({ "agreement": "annex" }), ""),
            (json!({ "proposal": "offer" }), "offer. ask."),
            (json!({ "ids": ids(&["two", "give", "answer"]) }), "two. answer. give."),
            (json!({ "ids": ["treaty/1.a", "offer/A-1", "answer"] }), "two. ask. answer."),
            (json!({ "ids": [] }), ""),
            (json!({ "agreement": "treaty", "proposal": "offer", "ids": ids(&["give", "one"]) }), "one. offer. two. ask. give."),
        ] {
            let mut socket = Socket::ready(&app.url);
            socket.subscribe("s", STATUSES, with(json!({ "after": start }), &arguments));
            let expected: Vec<&str> = expected.split_whitespace().collect();
            assert_eq!(notes(&mut socket, "s", expected.len()), expected, "{arguments}");
            assert_eq!(socket.receive_within(Duration::from_millis(100)), None, "{arguments}");
        }
    }

    fn subscription_includes_clauses_added_later(app: Empty) {
        let mut w = World::new(&app);
        let mut socket = Socket::ready(&app.url);
        socket.subscribe("s", STATUSES, json!({ "after": end(&app), "agreement": "treaty" }));
        // The first event shows that the server has resolved the agreement's slug, which changes below.
        assess(&w, "one", &json!({ "status": "PARTIAL", "note": "Old." }));
        assert_eq!(notes(&mut socket, "s", 1), ["Old."]);
        w.create("new", "Clause", with(w.input("one"), &json!({ "number": "7" })));
        w.change("update", "treaty", &json!({ "slug": "another-slug" }));
        assess(&w, "new", &json!({ "status": "PARTIAL", "note": "New." }));
        assert_eq!(notes(&mut socket, "s", 1), ["New."]);
    }

    fn events_arrive_once_each_during_concurrent_writes(app: Empty) {
        const WRITERS: usize = 8;
        const WRITES: usize = 12;
        let w = World::new(&app);
        let start = app.log_position();
        // Each round writes a party and an assessment.
        let last = start + i64::try_from(2 * WRITERS * WRITES).unwrap();
        let all: Vec<i64> = (start + 1..=last).collect();
        let (changes, broken, statuses) = thread::scope(|scope| {
            let (url, after) = (app.url.as_str(), cursor(&app, start));
            let live = scope.spawn({
                let (after, count) = (after.clone(), all.len());
                move || {
                    let mut socket = Socket::ready(url);
                    socket.subscribe("c", CHANGES, json!({ "after": after }));
                    let told = (0..count).map(|_| socket.event("c")["changes"]["position"].as_i64().unwrap());
                    let told: Vec<i64> = told.collect();
                    (told, socket.receive_within(Duration::from_millis(300)))
                }
            });
            let broken = scope.spawn({
                let after = after.clone();
                move || follow(url, "changes", after, last, |told| told.last() == Some(&last))
            });
            let statuses = scope.spawn(move || follow(url, "statusChanged", after, last, |told| told.len() == WRITERS * WRITES));
            for writer in 0..WRITERS {
                let w = &w;
                scope.spawn(move || {
                    let name = ["one", "two", "ask", "give"][writer % 4];
                    for number in 0..WRITES {
                        let status = if w.kind(name) == "Clause" { "PARTIAL" } else { "ACCEPTED" };
                        assess(w, name, &json!({ "status": status, "note": format!("{writer} {number}.") }));
                        add_party(w.app, &format!("{writer}-{number}"));
                    }
                });
            }
            (live.join().unwrap(), broken.join().unwrap(), statuses.join().unwrap())
        });
        assert_eq!(changes, (all.clone(), None));
        assert_eq!(broken, all);
        assert!(statuses.is_sorted_by(|one, next| one < next));
        let log = app.data("query($after: String) { changes(first: 200, after: $after) { nodes { position action } } }", json!({ "after": cursor(&app, start) }));
        let logged = log["changes"]["nodes"].as_array().unwrap().iter().filter(|change| change["action"] == "ASSESSED");
        let logged: BTreeSet<i64> = logged.map(|change| change["position"].as_i64().unwrap()).collect();
        assert_eq!(statuses.into_iter().collect::<BTreeSet<_>>(), logged);
    }

    fn subscribers_get_the_writes_of_other_servers(app: Empty) {
        let w = World::new(&app);
        let other = app.another();
        let mut sockets = [Socket::ready(&app.url), Socket::ready(&other.url)];
        for socket in &mut sockets {
            socket.subscribe("s", STATUSES, json!({ "after": end(&app) }));
            assert_eq!(socket.receive_within(Duration::from_millis(300)), None);
        }
        for note in ["One.", "Two.", "Three."] {
            assess(&w, "one", &json!({ "status": "PARTIAL", "note": note }));
            for socket in &mut sockets {
                assert_eq!(notes(socket, "s", 1), [note]);
            }
        }
    }

    fn waiting_subscriptions_use_no_database_connection(app: Sample) {
        let mut sockets: Vec<Socket> = (0..20).map(|_| Socket::ready(&app.url)).collect();
        let after = end(&app);
        for socket in &mut sockets {
            socket.subscribe("a", CHANGES, json!({ "after": after }));
            socket.subscribe("b", STATUSES, json!({ "after": after }));
        }
        add_party(&app, "new");
        for socket in &mut sockets {
            assert_eq!(socket.event("a")["changes"]["position"], app.log_position());
        }
    }

    fn identical_subscriptions_share_one_execution_of_each_event(app: Sample) {
        let statements = |count: usize| {
            let after = cursor(&app, app.log_position() - 1);
            let mut sockets: Vec<Socket> = (0..count).map(|_| Socket::ready(&app.url)).collect();
            for socket in &mut sockets {
                socket.subscribe("c", CHANGES, json!({ "after": after }));
                // After this event, the subscription waits for the next change.
                assert!(socket.event("c")["changes"]["position"].is_number());
                assert_eq!(socket.receive_within(Duration::from_millis(100)), None);
            }
            let before = app.db().statements();
            add_party(&app, &format!("party-{count}"));
            let told: BTreeSet<i64> = sockets
                .iter_mut()
                .map(|socket| socket.event("c")["changes"]["position"].as_i64().unwrap())
                .collect();
            let sent = app.db().statements() - before;
            assert_eq!(told, BTreeSet::from([app.log_position()]));
            sent
        };
        let (one, twenty) = (statements(1), statements(20));
        // If each subscription were executed separately, each would cost three or more statements.
        assert!(twenty < one + 20, "{twenty} statements for twenty subscriptions, {one} for one");
    }

    fn shared_executions_respect_the_permissions_of_each_viewer(app: Empty) {
        let query = "subscription($after: String) { changes(after: $after) { actor subject { __typename } } }";
        let private = app.another_with(|config| config.private = true);
        let reader = app.token("reader", Role::Reader);
        let mut socket = Socket::open(&private.url);
        socket.send_json(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {reader}") } }));
        assert_eq!(socket.receive()["type"], "connection_ack");
        socket.subscribe("c", query, json!({ "after": end(&app) }));
        assert_eq!(socket.receive_within(Duration::from_millis(100)), None);
        add_party(&app, "one");
        assert!(socket.event("c")["changes"]["actor"].is_string());
        app.execute_sql("UPDATE tokens SET revoked_at = '2026-01-01 00:00:00', revoked_by = 'admin' WHERE name = 'reader'");
        add_party(&app, "two");
        let last = socket.receive();
        assert_eq!(last["type"], "error", "{last}");
        assert_eq!(last["payload"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last}");
    }

    fn events_are_streamed_over_http_on_request(app: Empty) {
        add_party(&app, "first");
        let ask = |query: &str, variables: Value| {
            let request = app.client().post(format!("{}/graphql", app.url)).header("accept", "text/event-stream");
            request.json(&json!({ "query": query, "variables": variables })).send().unwrap()
        };
        let answer = ask(CHANGES, json!({ "after": bare_cursor(0) }));
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
        let mut lines = BufReader::new(answer).lines().map(Result::unwrap).filter(|line| !line.is_empty() && line != ":" && !line.starts_with("id: "));
        for position in 1..4 {
            let data = json!({ "data": { "changes": { "cursor": cursor(&app, position), "position": position } } });
            assert_eq!(lines.next().unwrap(), "event: next");
            assert_eq!(serde_json::from_str::<Value>(lines.next().unwrap().strip_prefix("data: ").unwrap()).unwrap(), data);
            add_party(&app, &format!("party-{position}"));
        }
        let whole = |query: &str| {
            let text = ask(query, json!({})).text().unwrap();
            text.lines().filter(|line| !line.is_empty() && *line != ":").map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(whole("{ __typename }"), ["event: next", "data: {\"data\":{\"__typename\":\"Query\"}}", "event: complete", "data:"]);
        let refused = whole("subscription { changes(after: \"x\") { cursor } }");
        assert_eq!((refused.len(), refused[0].as_str(), refused[2].as_str()), (4, "event: next", "event: complete"));
        assert!(refused[1].contains("BAD_USER_INPUT"), "{refused:?}");
        let (code, message) = app.error(CHANGES, json!({}));
        assert_eq!(code, "BAD_REQUEST");
        assert!(message.contains("graphql-transport-ws") && message.contains("text/event-stream"), "{message}");
    }
}

#[test]
fn subscription_continues_after_lost_database_connections() {
    let app = TestApp::spawn(Engine::Postgres, Data::Empty);
    let mut socket = Socket::ready(&app.url);
    socket.subscribe("c", CHANGES, json!({ "after": end(&app) }));
    for position in 1..4 {
        add_party(&app, &format!("party-{position}"));
        assert_eq!(socket.event("c")["changes"]["position"], position);
        app.execute_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    }
}
