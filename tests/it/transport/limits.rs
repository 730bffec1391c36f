//! The limits of requests: body size, concurrent writes, hostile documents, and lost database connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{GRAPHQL, JSON, Method, TITLE, ask, mutation, post};
use crate::support::{Data, Engine, TestApp, on_both_databases};

/// The time limit for a hostile document. Executing it would take much longer than rejecting it.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Sends raw bytes. Returns the first line of the response, and its body.
fn send_bytes(app: &TestApp, bytes: &[u8]) -> (String, String) {
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).expect("the server accepts the bytes");
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    // Stops at the end of the body, because the server may keep the connection open.
    while !answer.ends_with(b"}") {
        match stream.read(&mut buffer).expect("the server answers") {
            0 => break,
            count => answer.extend_from_slice(&buffer[..count]),
        }
    }
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

on_both_databases! {
    fn body_over_the_limit_is_rejected_with_413(app: Empty) {
        let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        // With a Content-Length, the server rejects the request before it reads the body.
        let (line, body) = send_bytes(&app, format!("{head}Content-Length: 1048577\r\n\r\n").as_bytes());
        assert_eq!(line, "HTTP/1.1 413 Payload Too Large");
        assert!(body.contains("PAYLOAD_TOO_LARGE"), "{body}");

        let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..17 {
            chunked.extend_from_slice(format!("10000\r\n{}\r\n", " ".repeat(0x10000)).as_bytes());
        }
        chunked.extend_from_slice(b"0\r\n\r\n");
        let (line, body) = send_bytes(&app, &chunked);
        assert_eq!(line, "HTTP/1.1 413 Payload Too Large");
        assert!(body.contains("PAYLOAD_TOO_LARGE"), "{body}");

        let mut exact = json!({ "query": "{ __typename }" }).to_string();
        exact.push_str(&" ".repeat(1_048_576 - exact.len()));
        let answer = ask(&app, Method::POST, "/graphql", &[("content-type", JSON)], &exact);
        assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));
    }

    fn parallel_mutations_and_reads_of_one_record_succeed(app: Sample) {
        let id = app.clause_id("minsk-2", "9");
        let version = || app.data("query($id: ID!) { node(id: $id) { ... on Clause { version assessments { totalCount } } } }", json!({ "id": id }))["node"].take();
        let (before, position) = (version(), app.log_position());
        let write = "mutation($id: ID!, $note: String!) { updateClauseStatus(input: { clauseId: $id, status: PARTIAL, effectiveOn: \"2016-03-01\", note: $note }) { userErrors { message } } }";
        let read = "{ agreements { nodes { clauses { nodes { number assessments { totalCount } } } } } }";
        thread::scope(|scope| {
            for number in 0..32 {
                let (app, id) = (&app, &id);
                scope.spawn(move || {
                    let data = app.data(write, json!({ "id": id, "note": format!("Note {number}.") }));
                    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
                });
                scope.spawn(move || {
                    let data = app.data(read, json!({}));
                    assert_eq!(data["agreements"]["nodes"].as_array().unwrap().len(), 10);
                });
            }
        });
        let after = version();
        let grown = |of: &dyn Fn(&Value) -> &Value| of(&after).as_i64().unwrap() - of(&before).as_i64().unwrap();
        assert_eq!(grown(&|node| &node["version"]), 32);
        assert_eq!(grown(&|node| &node["assessments"]["totalCount"]), 32);
        assert_eq!(app.log_position(), position + 32);
    }

    fn hostile_documents_are_rejected_quickly(app: Sample) {
        let nested = |levels: usize| format!("{{ topics {{ {} slug {} }} }}", "parent { ".repeat(levels), "}".repeat(levels));
        let fragments = |count: usize, body: &dyn Fn(usize) -> String| {
            let all = (0..count).map(|level| format!("fragment F{level} on Topic {{ {} }}", body(level + 1)));
            let all: Vec<String> = all.collect();
            format!("{} fragment F{count} on Topic {{ slug }}", all.join(" "))
        };
        let spread = |body: &dyn Fn(usize) -> String| format!("{{ topic(slug: \"security\") {{ ...F0 }} }} {}", fragments(40, body));
        let cases = [
            ("200 levels", nested(200)),
            ("100000 brackets", "{a".repeat(100_000)),
            ("100000 lists", format!("{{ topic(slug: {}", "[".repeat(100_000))),
            ("100000 list types", format!("query($a: {}", "[".repeat(100_000))),
            ("doubling by aliases", spread(&|next| format!("a: parent {{ ...F{next} }} b: parent {{ ...F{next} }}"))),
            ("doubling of one field", spread(&|next| format!("parent {{ ...F{next} }} parent {{ ...F{next} }}"))),
            ("doubling of spreads", spread(&|next| format!("...F{next} ...F{next}"))),
            ("a fragment in itself", "{ topics { ...F } } fragment F on Topic { parent { ...F } }".to_owned()),
            ("a long chain that nothing spreads", format!("{{ __typename }} {}", fragments(20_000, &|next| format!("...F{next}")))),
            ("very many fields", format!("{{ {} }}", "a ".repeat(200_000))),
        ];
        for (case, query) in cases {
            let began = Instant::now();
            let answer = post(&app, GRAPHQL, &json!({ "query": query }));
            assert!(began.elapsed() < TIME_LIMIT, "{case} took {:?}", began.elapsed());
            assert_eq!(answer.status, 400, "{case}: {}", answer.text);
            assert!(answer.text.len() < 1000, "{case}: {}", answer.text);
            assert_eq!(app.data(TITLE, json!({})), json!({ "agreement": { "slug": "minsk-2" } }), "{case}");
        }
        let deep = app.data(&nested(22), json!({}));
        assert!(!deep["topics"].as_array().unwrap().is_empty());
    }
}

#[test]
fn server_recovers_from_terminated_database_connections() {
    let app = TestApp::spawn(Engine::Postgres, Data::Sample);
    let cut = || {
        app.execute_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    };
    let before = app.log_position();
    let write = mutation(&app);
    for _ in 0..3 {
        cut();
        assert_eq!(app.data(TITLE, json!({})), json!({ "agreement": { "slug": "minsk-2" } }));
        cut();
        let data = app.data(&write, json!({}));
        assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
    }
    assert_eq!(app.log_position(), before + 3);
}
