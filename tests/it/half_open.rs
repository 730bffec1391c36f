//! Half-open connections to PostgreSQL: the other end has vanished without closing the connection.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::changes::cursor;
use crate::support::relay::Relay;
use crate::support::world::World;
use crate::support::{Data, Engine, Socket, TestApp, wait_until};

/// The time limit for noticing the loss.
const TIMEOUT: Duration = Duration::from_secs(15);

const FOLLOW: &str = "subscription($after: String) { changes(after: $after) { position } }";

/// Waits until the server returns this name for the topic.
fn wait_for_name(server: &TestApp, name: &str) {
    let began = Instant::now();
    loop {
        let read = server.data("{ topics { name } }", json!({}));
        let topics = read["topics"].as_array().unwrap();
        if topics.iter().any(|topic| topic["name"] == name) {
            return;
        }
        assert!(began.elapsed() < TIMEOUT, "the server does not return {name}: {read:#}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn silent_listener_connection_is_replaced() {
    let direct = TestApp::spawn(Engine::Postgres, Data::Empty);
    let relay = Relay::start(&direct.database_url);
    let server = direct.another_with(|config| config.database_url = relay.url.as_str().into());
    let w = World::new(&direct);
    wait_for_name(&server, "Borders");
    let rename = |name: &str| w.change("update", "borders", &json!({ "name": name }));
    let mut socket = Socket::ready(&server.url);
    let after = cursor(&direct, direct.log_position());
    socket.subscribe("s", FOLLOW, json!({ "after": after }));
    rename("Listened to");
    assert_eq!(socket.event("s")["changes"]["position"], direct.log_position());
    wait_for_name(&server, "Listened to");
    wait_until("the server listens", || relay.count_listeners() == 1);

    // After the server has noticed that its listener is silent, each request reads the log position from the database.
    relay.silence_listeners(true);
    rename("Asked for");
    wait_for_name(&server, "Asked for");
    rename("Asked for again");
    wait_for_name(&server, "Asked for again");

    // The server opens a new connection to listen, and learns of the missed commits and of later ones.
    let began = Instant::now();
    while relay.count_listeners() < 2 {
        assert!(began.elapsed() < TIMEOUT, "the server opens no new listener");
        thread::sleep(Duration::from_millis(100));
    }
    relay.silence_listeners(false);
    let last = direct.log_position();
    let mut told = 0;
    while told < last {
        told = socket.event("s")["changes"]["position"].as_i64().unwrap();
    }
    rename("Listened to again");
    assert_eq!(socket.event("s")["changes"]["position"], direct.log_position());
    wait_for_name(&server, "Listened to again");
}
