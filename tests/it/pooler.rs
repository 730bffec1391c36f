//! The server behind PgBouncer, which can run each transaction on any of its connections.

use std::thread;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::support::world::World;
use crate::support::{Data, Database, Engine, PgBouncer, Socket, TestApp, clausewatch, text};

/// Starts another server on the same database, connected through the pooler.
fn spawn_behind(pooler: &PgBouncer, app: &TestApp) -> TestApp {
    app.another_with(|config| {
        config.database_url = pooler.url.as_str().into();
        config.pgbouncer = true;
        config.connections = Some(6);
    })
}

#[test]
fn servers_read_and_write_through_pgbouncer_in_transaction_mode() {
    let direct = TestApp::spawn(Engine::Postgres, Data::Sample);
    let pooler = PgBouncer::start(&direct.database_url);
    let servers = [spawn_behind(&pooler, &direct), spawn_behind(&pooler, &direct)];
    let query = r#"{ agreements { nodes { slug clauses(first: 3) { nodes { number status } } } } search(query: "ceasefire", first: 3) { totalCount } }"#;
    let expected = direct.data(query, json!({}));
    let position = direct.log_position();
    thread::scope(|scope| {
        for (number, server) in servers.iter().cycle().take(8).enumerate() {
            let expected = &expected;
            scope.spawn(move || {
                for round in 0..6 {
                    assert_eq!(&server.data(query, json!({})), expected);
                    // A single statement, which needs no snapshot.
                    server.data("{ topics { slug } }", json!({}));
                    let slug = format!("party-{number}-{round}");
                    let input = json!({ "slug": slug, "name": "n", "shortName": "n", "kind": "STATE", "idempotencyKey": slug });
                    let mutation = "mutation($input: CreatePartyInput!) { createParty(input: $input) { party { slug } userErrors { message } } }";
                    let written = server.data(mutation, json!({ "input": input }));
                    assert_eq!(written["createParty"]["party"]["slug"], slug, "{written:#}");
                }
            });
        }
    });
    assert_eq!(direct.log_position(), position + 48);

    // The server leaves no settings behind on connections that it shares with other clients.
    let mut ours = PgConnection::establish(&pooler.url).unwrap();
    let mut own = PgConnection::establish(&direct.database_url).unwrap();
    for _ in 0..20 {
        for name in
            ["jit", "random_page_cost", "statement_timeout", "default_transaction_isolation"]
        {
            assert_eq!(setting(&mut ours, name), setting(&mut own, name), "{name}");
        }
    }
}

fn setting(connection: &mut PgConnection, name: &str) -> String {
    #[derive(QueryableByName)]
    struct Setting {
        #[diesel(sql_type = Text)]
        value: String,
    }
    let sql = format!("SELECT current_setting('{name}') AS value");
    diesel::sql_query(sql).get_result::<Setting>(connection).expect("the pooler answers").value
}

#[test]
fn subscribers_behind_pgbouncer_get_changes_of_other_servers() {
    let direct = TestApp::spawn(Engine::Postgres, Data::Empty);
    let pooler = PgBouncer::start(&direct.database_url);
    let server = spawn_behind(&pooler, &direct);
    let w = World::new(&direct);
    let mut socket = Socket::ready(&server.url);
    let query = "subscription($after: String) { changes(after: $after) { position } }";
    socket.subscribe("s", query, json!({ "after": cursor(&direct, direct.log_position()) }));
    assert_eq!(socket.receive_within(Duration::from_millis(300)), None);
    for name in ["One", "Two", "Three"] {
        w.change("update", "borders", &json!({ "name": name }));
        assert_eq!(socket.event("s")["changes"]["position"], direct.log_position());
        // After the event, a query returns the new name.
        let read = server.data("{ topics { name } }", json!({}));
        let names = read["topics"].as_array().unwrap().iter();
        assert!(names.map(|topic| &topic["name"]).any(|found: &Value| found == name), "{read:#}");
    }
}

#[test]
fn commands_work_through_pgbouncer() {
    let database = Database::fresh(Engine::Postgres);
    let pooler = PgBouncer::start(&database.url);
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    for command in
        [&["migrate"][..], &["import", data], &["import", data], &["token", "list"], &["check"]]
    {
        let settings = ["--pgbouncer", "--database-url", &pooler.url];
        let output = clausewatch(&[command, &settings[..]].concat(), &std::env::temp_dir());
        assert!(output.status.success(), "{command:?}: {}", text(&output.stderr));
    }
}
