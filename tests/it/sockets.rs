//! WebSockets: each rule of the protocol, access, and every limit.

use std::io::Read;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};
use tungstenite::Message;
use tungstenite::protocol::frame::Frame;
use tungstenite::protocol::frame::coding::{Data as Content, OpCode};

use crate::changes::{bare_cursor, cursor};
use crate::support::{Data, Engine, Process, Socket, TestApp, on_both_databases};

const FOLLOW: &str = "subscription { changes { cursor } }";
/// A subscription with large events.
const LARGE: &str = "subscription($after: String) { changes(after: $after) { subject { __typename } after { name value record { id } } before { value } } }";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

/// Waits until another socket can be opened, and opens it.
fn wait_for_room(app: &TestApp) -> Socket {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        match Socket::handshake(&app.url, &[PROTOCOL]) {
            Ok(socket) => return socket,
            Err(refused) => assert!(Instant::now() < until, "{refused:?}"),
        }
        thread::sleep(Duration::from_millis(50));
    }
}

on_both_databases! {
    fn socket_answers_and_completes_queries_and_mutations(app: Sample) {
        let mut socket = Socket::open(&app.url);
        let token = app.token("Eve", Role::Editor);
        socket.send_json(json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }));
        assert_eq!(socket.receive()["type"], "connection_ack");
        let next = |data: Value| json!({ "type": "next", "payload": { "data": data } });
        let complete = json!({ "type": "complete" });
        let query = "query($slug: String!) { agreement(slug: $slug) { slug shortTitle } }";
        assert_eq!(
            socket.ask(query, json!({ "slug": "minsk-2" })),
            [next(json!({ "agreement": { "slug": "minsk-2", "shortTitle": "Minsk II" } })), complete.clone()],
        );
        let before = app.log_position();
        let mutation = "mutation { createParty(input: { slug: \"new\", name: \"New\", shortName: \"New\", kind: STATE }) { party { slug } userErrors { code } } }";
        assert_eq!(
            socket.ask(mutation, json!({})),
            [next(json!({ "createParty": { "party": { "slug": "new" }, "userErrors": [] } })), complete],
        );
        assert_eq!(app.log_position(), before + 1);
        let log = app.data("query($after: String) { changes(after: $after) { nodes { actor } } }", json!({ "after": cursor(&app, before) }));
        assert_eq!(log["changes"]["nodes"], json!([{ "actor": "Eve" }]));
        // A failed field is part of the response. An invalid document gets only an error.
        let failed = socket.ask("{ node(id: \"x\") { id } }", json!({}));
        assert_eq!(failed[0]["payload"]["data"], json!({ "node": null }));
        assert_eq!(failed[0]["payload"]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(socket.refused("{", json!({})).0, "GRAPHQL_PARSE_FAILED");
        assert_eq!(socket.refused("{ nope }", json!({})).0, "GRAPHQL_VALIDATION_FAILED");
    }

    fn socket_without_a_token_can_only_read(app: Sample) {
        let before = app.log_position();
        let mut socket = Socket::ready(&app.url);
        assert_eq!(socket.ask("{ __typename }", json!({}))[0]["payload"], json!({ "data": { "__typename": "Query" } }));
        let said = socket.ask("mutation { createParty(input: { slug: \"new\", name: \"N\", shortName: \"N\", kind: STATE }) { party { slug } } }", json!({}));
        assert_eq!(said[0]["payload"]["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{said:?}");
        assert_eq!(app.log_position(), before);
    }

    fn revoked_token_is_rejected_on_an_open_socket(app: Sample) {
        let token = app.token("Eve", Role::Editor);
        let mut socket = Socket::handshake(&app.url, &[PROTOCOL, ("authorization", &format!("Bearer {token}"))]).ok().unwrap();
        socket.send_json(json!({ "type": "connection_init", "payload": {} }));
        assert_eq!(socket.receive()["type"], "connection_ack");
        let viewer = "{ viewer { name } }";
        assert_eq!(socket.ask(viewer, json!({}))[0]["payload"]["data"]["viewer"]["name"], "Eve");
        app.execute_sql("UPDATE tokens SET revoked_at = '2026-01-01 00:00:00', revoked_by = 'Ada' WHERE name = 'Eve'");
        assert_eq!(socket.refused(viewer, json!({})).0, "UNAUTHENTICATED");
    }
}

#[test]
fn protocol_violations_close_the_socket() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let subscribe =
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ __typename }" } });
    let follow = json!({ "type": "subscribe", "id": "1", "payload": { "query": FOLLOW } });
    let init = json!({ "type": "connection_init" });
    let text = |value: &Value| Message::text(value.to_string());
    for (case, messages, code) in [
        ("no JSON", vec![Message::text("hello")], 4400),
        ("an array", vec![Message::text(r#"["ping"]"#)], 4400),
        ("no type", vec![text(&json!({}))], 4400),
        ("an unknown type", vec![text(&json!({ "type": "hello" }))], 4400),
        (
            "a type that only the server sends",
            vec![text(&json!({ "type": "next", "id": "1", "payload": {} }))],
            4400,
        ),
        (
            "no id",
            vec![text(&json!({ "type": "subscribe", "payload": { "query": "{ __typename }" } }))],
            4400,
        ),
        ("no payload", vec![text(&json!({ "type": "subscribe", "id": "1" }))], 4400),
        ("no query", vec![text(&json!({ "type": "subscribe", "id": "1", "payload": {} }))], 4400),
        (
            "a payload that is not an object",
            vec![text(&json!({ "type": "connection_init", "payload": 1 }))],
            4400,
        ),
        ("bytes", vec![Message::binary(vec![0, 255])], 4400),
        ("no introduction", vec![text(&subscribe)], 4401),
        ("two introductions", vec![text(&init), text(&init)], 4429),
        ("an id twice", vec![text(&init), text(&follow), text(&follow)], 4409),
        (
            "an unknown token",
            vec![text(
                &json!({ "type": "connection_init", "payload": { "authorization": "Bearer cwt_x" } }),
            )],
            4403,
        ),
        (
            "an unknown token in the field `token`",
            vec![text(&json!({ "type": "connection_init", "payload": { "token": "cwt_x" } }))],
            4403,
        ),
    ] {
        let mut socket = Socket::open(&app.url);
        for message in messages {
            socket.send(message);
        }
        let (closed, reason) = socket.closed();
        assert_eq!(closed, code, "{case}: {reason}");
        assert!(!reason.is_empty(), "{case}");
    }
}

#[test]
fn pings_are_answered_and_ids_can_be_reused_after_completion() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let mut socket = Socket::open(&app.url);
    socket.send_json(json!({ "type": "ping" }));
    assert_eq!(socket.receive(), json!({ "type": "pong" }));
    socket.send_json(json!({ "type": "connection_init" }));
    assert_eq!(socket.receive(), json!({ "type": "connection_ack" }));
    socket.send_json(json!({ "type": "pong" }));
    socket.send_json(json!({ "type": "complete", "id": "unknown" }));
    socket.send_json(json!({ "type": "ping", "payload": { "a": 1 } }));
    assert_eq!(socket.receive(), json!({ "type": "pong", "payload": { "a": 1 } }));
    for _ in 0..20 {
        assert_eq!(socket.ask("{ __typename }", json!({})).len(), 2);
        assert_eq!(socket.ask("{", json!({})).len(), 1);
        socket.subscribe("ask", FOLLOW, json!({}));
        socket.send_json(json!({ "type": "complete", "id": "ask" }));
    }
}

#[test]
fn only_one_subprotocol_is_supported() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let mut socket = Socket::handshake(&app.url, &[]).ok().unwrap();
    let (code, reason) = socket.closed();
    assert_eq!((code, reason.as_str()), (4406, "the required subprotocol is graphql-transport-ws"));
    let several = ("sec-websocket-protocol", "other, graphql-transport-ws");
    let mut socket = Socket::handshake(&app.url, &[several]).ok().unwrap();
    socket.send_json(json!({ "type": "connection_init" }));
    assert_eq!(socket.receive(), json!({ "type": "connection_ack" }));
}

#[test]
fn handshakes_from_other_origins_are_rejected() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    for origin in ["https://evil.example", "http://127.0.0.1", "null"] {
        let refused = Socket::handshake(&app.url, &[PROTOCOL, ("origin", origin)]);
        let (status, body) = refused.err().unwrap();
        assert_eq!(
            (status, &body["errors"][0]["extensions"]["code"]),
            (403, &json!("FORBIDDEN")),
            "{origin}"
        );
    }
    assert!(Socket::handshake(&app.url, &[PROTOCOL, ("origin", &app.url)]).is_ok());
}

#[test]
fn socket_without_connection_init_is_closed() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| bounds.socket_init_time = 1);
    let mut ready = Socket::ready(&app.url);
    let mut silent = Socket::open(&app.url);
    assert_eq!(silent.closed(), (4408, "no connection_init within 1 seconds".to_owned()));
    assert_eq!(ready.ask("{ __typename }", json!({})).len(), 2);
}

#[test]
fn number_of_sockets_is_limited_in_total_and_by_address() {
    for (status, app) in [
        (503, TestApp::bounded(Engine::Sqlite, |bounds| bounds.max_sockets = 2)),
        (429, TestApp::bounded(Engine::Sqlite, |bounds| bounds.max_sockets_per_address = 2)),
    ] {
        let one = Socket::ready(&app.url);
        let stream = || {
            let request = app
                .client()
                .post(format!("{}/graphql", app.url))
                .header("accept", "text/event-stream");
            request.json(&json!({ "query": FOLLOW })).send().unwrap()
        };
        let other = stream();
        assert_eq!(other.status(), 200);
        let (refused, body) = Socket::handshake(&app.url, &[PROTOCOL]).err().unwrap();
        let error = &body["errors"][0];
        assert_eq!((refused, &error["extensions"]["code"]), (status, &json!("TOO_MANY_SOCKETS")));
        assert!(error["message"].as_str().unwrap().contains("has 2 open sockets"), "{body}");
        assert_eq!(stream().status().as_u16(), status);
        // Other requests are still answered.
        assert_eq!(app.data("{ __typename }", json!({})), json!({ "__typename": "Query" }));
        drop(one);
        drop(wait_for_room(&app));
        drop(other);
        let _pair = (wait_for_room(&app), wait_for_room(&app));
    }
}

#[test]
fn number_of_operations_of_a_socket_is_limited() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| bounds.max_operations_per_socket = 2);
    let mut socket = Socket::ready(&app.url);
    socket.subscribe("a", FOLLOW, json!({}));
    socket.subscribe("b", FOLLOW, json!({}));
    let (code, message) = socket.refused("{ __typename }", json!({}));
    assert_eq!(code, "TOO_MANY_OPERATIONS");
    assert!(message.starts_with("this socket runs 2 operations"), "{message}");
    socket.send_json(json!({ "type": "complete", "id": "a" }));
    assert_eq!(socket.ask("{ __typename }", json!({})).len(), 2);
}

#[test]
fn size_of_messages_is_limited_whole_or_fragmented() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| bounds.max_message = 2_000);
    let too_large = (1009, "a message is larger than 2000 bytes".to_owned());
    let mut socket = Socket::ready(&app.url);
    let padded = |length: usize| format!("{{\"type\":\"ping\"{}}}", " ".repeat(length - 15));
    socket.send(Message::text(padded(2_000)));
    assert_eq!(socket.receive(), json!({ "type": "pong" }));
    socket.send(Message::text(padded(2_001)));
    assert_eq!(socket.closed(), too_large);

    let mut socket = Socket::ready(&app.url);
    let mut piece = |content: &str, kind, is_last| {
        let frame = Frame::message(content.as_bytes().to_vec(), OpCode::Data(kind), is_last);
        socket.send(Message::Frame(frame));
    };
    piece(&padded(1_500), Content::Text, false);
    piece(&" ".repeat(1_500), Content::Continue, true);
    assert_eq!(socket.closed(), too_large);

    let mut socket = Socket::ready(&app.url);
    let not_text = Frame::message(vec![0xc3, 0x28], OpCode::Data(Content::Text), true);
    socket.send(Message::Frame(not_text));
    assert_eq!(socket.closed().0, 1007);
}

#[test]
fn frame_with_an_excessive_length_is_rejected_from_its_header() {
    use std::io::Write;
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let address = app.url.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let head = format!(
        "GET /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The frame header announces one gigabyte. No data follows.
    stream.write_all(&[0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let reason = b"a message is larger than 65536 bytes";
    assert!(
        answer.windows(reason.len()).any(|window| window == reason),
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

#[test]
fn socket_of_a_client_that_reads_nothing_is_closed() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| {
        bounds.socket_slow_time = 3;
        bounds.max_sockets = 1;
    });
    let mut socket = Socket::ready(&app.url);
    for number in 0..10 {
        socket.subscribe(&format!("s{number}"), LARGE, json!({ "after": bare_cursor(0) }));
    }
    // Another client gets the place of the closed socket, although the first client never disconnected.
    assert_eq!(Socket::handshake(&app.url, &[PROTOCOL]).err().unwrap().0, 503);
    let mut other = wait_for_room(&app);
    other.send_json(json!({ "type": "connection_init" }));
    assert_eq!(other.receive()["type"], "connection_ack");
}

#[test]
fn slow_client_finds_its_socket_closed() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| {
        bounds.socket_slow_time = 1;
        bounds.max_sockets = 1;
    });
    let mut socket = Socket::ready(&app.url);
    for number in 0..10 {
        socket.subscribe(&format!("s{number}"), LARGE, json!({ "after": bare_cursor(0) }));
    }
    // The server accepts another socket only after it has dropped this one.
    drop(wait_for_room(&app));
    // The socket ends with a close frame, or without one if the operating system dropped the connection first.
    let ended = socket.wait_for_end();
    let told = (1008, "nothing was read for 1 seconds".to_owned());
    assert!(ended.as_ref().is_none_or(|ended| *ended == told), "{ended:?}");
}

#[test]
fn silent_client_is_disconnected() {
    let app = TestApp::bounded(Engine::Sqlite, |bounds| {
        bounds.socket_keep_alive = 1;
        bounds.max_sockets = 1;
    });
    // The test client answers pings only while it reads.
    let mut socket = Socket::ready(&app.url);
    assert_eq!(socket.receive_within(Duration::from_secs(4)), None);
    assert_eq!(socket.ask("{ __typename }", json!({})).len(), 2);
    let began = Instant::now();
    let _other = wait_for_room(&app);
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

#[test]
fn shutdown_closes_sockets_and_streams_promptly() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Sample);
    let mut sockets = [Socket::ready(&app.url), Socket::open(&app.url)];
    sockets[0].subscribe("s", FOLLOW, json!({}));
    let request =
        app.client().post(format!("{}/graphql", app.url)).header("accept", "text/event-stream");
    let mut stream = request.json(&json!({ "query": FOLLOW })).send().unwrap();
    let began = Instant::now();
    let stopping = thread::spawn(move || app.terminate());
    for socket in &mut sockets {
        assert_eq!(
            socket.closed(),
            (1001, "the server is stopping; connect again in a moment".to_owned())
        );
    }
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("event"), "{rest}");
    drop((sockets, stream));
    stopping.join().unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[cfg(unix)]
#[test]
fn sigterm_closes_sockets() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let server = Process::start(&app.database_url, &["--no-sample"]);
    let mut socket = Socket::ready(&server.url);
    socket.subscribe("s", FOLLOW, json!({}));
    let signalled =
        Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(signalled.success());
    assert_eq!(socket.closed().0, 1001);
}
