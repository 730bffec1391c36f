//! Several servers, and servers that stop or are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpStream;
use std::process::Command;
use std::thread;

use crate::support::{Database, Engine, Process, on_both_databases};

use super::*;

on_both_databases! {
    fn several_servers_deliver_each_message_once(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        let others = [delivering(&app, "1s"), delivering(&app, "1s")];
        for number in 0..30 {
            create_party(&others[number % 2], &format!("party-{number}"));
        }
        desk.wait_until_delivered();
        let received = desk.receiver.received();
        let positions: Vec<u64> =
            received.iter().map(|message| message.json()["data"]["position"].as_u64().unwrap()).collect();
        assert_eq!(positions, (1..=30).collect::<Vec<u64>>(), "the messages must be in order, each sent once");
    }

    fn stopping_server_finishes_the_attempt_that_has_begun(app: Empty) {
        let desk = Desk::start(&app, "1s", json!({}));
        desk.receiver.answer(vec![Answer::Held]);
        create_party(&app, "first");
        create_party(&app, "second");
        desk.receiver.wait_for(1);
        let Desk { app: server, admin, receiver, id, .. } = desk;
        let address = server.url.trim_start_matches("http://").to_owned();
        thread::scope(|scope| {
            scope.spawn(|| {
                wait_until("the server accepts no connections", || TcpStream::connect(&address).is_err());
                receiver.answer(vec![Answer::ok()]);
            });
            server.terminate();
        });
        let read = |app: &TestApp| app.send_by(&admin, READ, json!({ "id": id }))["data"]["node"].take();
        let webhook = read(&app);
        assert_eq!(webhook["position"], 1, "the attempt is stored: {webhook:#}");
        assert_eq!(receiver.received().len(), 1, "a stopping server begins no attempt");
        // The lease has ended, so another server continues at once.
        let successor = delivering(&app, "1s");
        wait_until("the second message is delivered", || read(&successor)["position"] == 2);
        let received = receiver.received();
        assert_eq!(received.len(), 2);
        assert_ne!(received[0].id(), received[1].id());
    }
}

/// Kills a server between and during deliveries. Every change is delivered. Only a message that was being delivered
/// when the server was killed is sent again, with the same id.
fn nothing_is_lost_or_doubled_by_kill_9(engine: Engine) {
    const KILLS: usize = 2;
    let database = Database::fresh(engine);
    let options =
        ["--no-sample", "--webhook-private-addresses", "--webhook-retry", "1s,1s,1s,1s,1s"];
    let receiver = Receiver::start();
    let mut token = String::new();
    let mut id = Value::Null;
    let mut written = 0;
    for round in 0..=KILLS {
        let mut server = Process::start(&database.url, &options);
        if round == 0 {
            token.clone_from(&server.token);
        }
        server.token.clone_from(&token);
        if round == 0 {
            let answer = server.send(CREATE, json!({ "input": { "url": receiver.url } })).unwrap();
            id = answer["data"]["createWebhook"]["webhook"]["id"].clone();
            assert!(id.is_string(), "{answer:#}");
        }
        let begun = receiver.received().len();
        for _ in 0..10 {
            server.record(&format!("write {written}")).unwrap();
            written += 1;
        }
        if round < KILLS {
            // The lease of the killed server must expire first, which takes 30 seconds.
            receiver.wait_for(begun + 3);
            let killed =
                Command::new("kill").args(["-9", &server.id().to_string()]).status().unwrap();
            assert!(killed.success());
            server.kill();
        } else {
            wait_until("every change is delivered", || {
                let answer = server.send(READ, json!({ "id": id })).unwrap();
                answer["data"]["node"]["position"] == written
            });
        }
    }
    let received = receiver.received();
    let mut bodies: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for message in &received {
        bodies.entry(message.id()).or_default().insert(&message.body);
    }
    assert_eq!(bodies.len(), written, "each change has one message");
    assert!(
        bodies.values().all(|bodies| bodies.len() == 1),
        "a repeated message has the same body"
    );
    assert!(received.len() <= written + KILLS, "{} requests for {written} changes", received.len());
    let positions: Vec<u64> = received
        .iter()
        .map(|message| message.json()["data"]["position"].as_u64().unwrap())
        .collect();
    assert!(positions.is_sorted(), "{positions:?}");
}

#[test]
fn nothing_is_lost_or_doubled_by_kill_9_on_sqlite() {
    nothing_is_lost_or_doubled_by_kill_9(Engine::Sqlite);
}

#[test]
fn nothing_is_lost_or_doubled_by_kill_9_on_postgres() {
    nothing_is_lost_or_doubled_by_kill_9(Engine::Postgres);
}

#[test]
fn deliveries_are_counted() {
    let app = TestApp::spawn_with(Engine::Sqlite, crate::support::Data::Empty, |_| {});
    let server = app.another_with(|config| {
        config.webhooks = settings("1s");
        config.metrics_bind = Some(([127, 0, 0, 1], 0).into());
    });
    let admin = client(Some(&server.token("Ada", Role::Admin)));
    let receiver = Receiver::start();
    receiver.answer(vec![Answer::ok(), Answer::Status(410, String::new())]);
    let answer = server.send_by(&admin, CREATE, json!({ "input": { "url": receiver.url } }));
    assert_eq!(answer["data"]["createWebhook"]["userErrors"], json!([]), "{answer:#}");
    create_party(&server, "first");
    create_party(&server, "second");
    let metrics = server.metrics_url.clone().expect("metrics are enabled");
    let read = || server.client().get(&metrics).send().unwrap().text().unwrap();
    for line in [
        "clausewatch_webhook_deliveries_total{outcome=\"delivered\"} 1",
        "clausewatch_webhook_deliveries_total{outcome=\"failed\"} 1",
        "clausewatch_webhooks_disabled_total 1",
    ] {
        wait_until(line, || read().lines().any(|found| found == line));
    }
}
