//! A connection to PostgreSQL whose other end has vanished without a word.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::changes::cursor;
use crate::support::relay::Relay;
use crate::support::world::World;
use crate::support::{Data, Engine, Socket, TestApp, wait_until};

/// How soon the loss must be noticed.
const TIMEOUT: Duration = Duration::from_secs(15);

const FOLLOW: &str = "subscription($after: String) { changes(after: $after) { position } }";

/// Waits until the server answers with this name of the topic.
fn expect_name(server: &TestApp, name: &str) {
    let began = Instant::now();
    loop {
        let read = server.data("{ topics { name } }", json!({}));
        let topics = read["topics"].as_array().unwrap();
        if topics.iter().any(|topic| topic["name"] == name) {
            return;
        }
        assert!(began.elapsed() < TIMEOUT, "{name} is not read: {read:#}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn silent_connection_of_the_listener_is_noticed_and_replaced() {
    let direct = TestApp::spawn(Engine::Postgres, Data::Empty);
    let relay = Relay::start(&direct.database_url);
    let server = direct.another_with(|config| config.database_url = relay.url.as_str().into());
    let w = World::new(&direct);
    expect_name(&server, "Borders");
    let rename = |name: &str| w.change("update", "borders", &json!({ "name": name }));
    let mut socket = Socket::ready(&server.url);
    let after = cursor(&direct, direct.log_position());
    socket.subscribe("s", FOLLOW, json!({ "after": after }));
    rename("Listened to");
    assert_eq!(socket.event("s")["changes"]["position"], direct.log_position());
    expect_name(&server, "Listened to");
    wait_until("the server listens", || relay.listeners() == 1);

    // Nobody can listen now: requests ask for the position by themselves.
    relay.silence_listeners(true);
    rename("Asked for");
    expect_name(&server, "Asked for");
    rename("Asked for again");
    expect_name(&server, "Asked for again");

    // Another connection listens, and tells what was missed, and what comes.
    let began = Instant::now();
    while relay.listeners() < 2 {
        assert!(began.elapsed() < TIMEOUT, "nobody tries to listen again");
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
    expect_name(&server, "Listened to again");
}
