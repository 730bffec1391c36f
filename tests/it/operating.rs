//! Operations: health, metrics, log lines and shutdown.

use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use reqwest::blocking::Response;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Data, Database, Engine, Process, SetOnDrop, TestApp, clausewatch, on_both_databases, text,
    wait_until,
};

fn get(app: &TestApp, path: &str) -> Response {
    app.client().get(format!("{}{path}", app.url)).send().expect("the server answers")
}

/// The status of `/readyz`, and its checks.
fn ready(app: &TestApp) -> (u16, Value) {
    let answer = get(app, "/readyz");
    let status = answer.status().as_u16();
    let mut body: Value = answer.json().expect("the body is JSON");
    assert_eq!(body["status"], if status == 200 { "ok" } else { "unavailable" });
    (status, body["checks"].take())
}

on_both_databases! {
    fn server_is_ready_only_with_the_tables_of_its_version(app: Empty) {
        assert_eq!(get(&app, "/livez").json::<Value>().unwrap(), json!({ "status": "ok" }));
        let (status, checks) = ready(&app);
        assert_eq!((status, &checks["database"], &checks["migrations"]), (200, &json!("ok"), &json!("ok")), "{checks}");

        app.execute_sql("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)");
        let (status, checks) = ready(&app);
        assert_eq!((status, &checks["migrations"]), (503, &json!("the tables are not the tables of this version")), "{checks}");
        assert_eq!(get(&app, "/livez").status(), 200);
    }

    fn internal_error_contains_only_the_request_id(app: Empty) {
        app.execute_sql("ALTER TABLE topics RENAME TO hidden");
        let request = app.client().post(format!("{}/graphql", app.url)).json(&json!({ "query": "{ topics { slug } }" }));
        let answer = request.send().unwrap();
        let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
        let body: Value = answer.json().unwrap();
        assert_eq!(body["errors"][0]["message"], "internal error", "{body}");
        assert_eq!(body["errors"][0]["extensions"], json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": id }), "{body}");
    }
}

#[test]
fn server_is_not_ready_without_its_database_or_disk_space() {
    let app =
        TestApp::spawn_with(Engine::Sqlite, Data::Empty, |config| config.min_free_disk = u64::MAX);
    let (status, checks) = ready(&app);
    assert_eq!((status, &checks["database"]), (503, &json!("ok")), "{checks}");
    assert!(checks["disk"].as_str().unwrap().contains("bytes are free"), "{checks}");

    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let file = app.database_url.strip_prefix("sqlite:").unwrap().to_owned();
    std::fs::rename(&file, format!("{file}.away")).unwrap();
    let (status, checks) = ready(&app);
    assert_eq!(
        (status, &checks["database"]),
        (503, &json!("the database cannot be reached")),
        "{checks}"
    );
    assert!(!std::path::Path::new(&file).exists(), "the check created a new file");
    std::fs::rename(format!("{file}.away"), &file).unwrap();
    assert_eq!(ready(&app).0, 200);
}

#[test]
fn metrics_are_served_on_their_own_port() {
    let app = TestApp::spawn_with(Engine::Sqlite, Data::Sample, |config| {
        config.metrics_bind = Some(([127, 0, 0, 1], 0).into());
        config.limits.max_aliases = 1;
    });
    app.data(
        "query Named($s: String!) { agreement(slug: $s) { slug } }",
        json!({ "s": "minsk-2" }),
    );
    app.error("{ a: __typename b: __typename }", json!({}));
    app.error("{ nothing }", json!({}));
    let metrics = app.metrics_url.clone().expect("metrics are enabled");
    let text = app.client().get(&metrics).send().unwrap().text().unwrap();
    for line in [
        "clausewatch_operations_total{kind=\"query\",outcome=\"ok\"} 1",
        "clausewatch_operations_total{kind=\"unknown\",outcome=\"refused\"} 2",
        "clausewatch_operation_duration_seconds_count{kind=\"query\"} 1",
        "clausewatch_refusals_total{limit=\"max-aliases\"} 1",
        "clausewatch_connections{lane=\"read\",state=\"used\"} 0",
        &format!("clausewatch_log_position {}", app.log_position()),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("clausewatch_statements_total ") && !text.contains("Named"), "{text}");
    assert_eq!(get(&app, "/metrics").status(), 404, "clients must not see the metrics");
    let elsewhere = metrics.replace("/metrics", "/graphql");
    assert_eq!(app.client().get(elsewhere).send().unwrap().status(), 404);
}

#[test]
fn operation_is_logged_in_one_line_without_client_data() {
    let database = Database::fresh(Engine::Sqlite);
    let mut server = Process::start(
        &database.url,
        &["--no-sample", "--stop-delay", "0", "--log", "info", "--log-format", "json"],
    );
    let client = reqwest::blocking::Client::new();
    let name = "N".repeat(100);
    let answer = client
        .post(format!("{}/graphql", server.url))
        .header("accept", "application/graphql-response+json")
        .json(&json!({
            "query": format!("query {name}($text: String) {{ events(first: 3, after: \"hidden-cursor\", filter: {{ text: $text }}) {{ nodes {{ id }} }} }}"),
            "variables": { "text": "hidden-variable" },
        }))
        .send()
        .unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let written = server.stop();
    let lines: Vec<Value> =
        written.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let lines: Vec<&Value> =
        lines.iter().filter(|line| line["fields"]["message"] == "operation").collect();
    assert_eq!(lines.len(), 1, "{written}");
    let line = lines[0];
    let fields = &line["fields"];
    assert_eq!(line["span"]["id"], id.as_str(), "{line}");
    assert_eq!(fields["operation"], "N".repeat(64), "{line}");
    assert_eq!(
        (&fields["kind"], &fields["nodes"], &fields["codes"]),
        (&json!("query"), &json!(3), &json!("BAD_USER_INPUT")),
        "{line}"
    );
    assert!(fields["milliseconds"].is_u64(), "{line}");
    assert!(!written.contains("hidden"), "{written}");
}

#[test]
fn stopping_server_is_not_ready_and_finishes_requests() {
    let database = Database::fresh(Engine::Sqlite);
    let mut server = Process::start(&database.url, &["--stop-delay", "3"]);
    let client = reqwest::blocking::Client::new();
    let readiness = format!("{}/readyz", server.url);
    let ready = || client.get(&readiness).send().ok().map(|answer| answer.status().as_u16());
    assert_eq!(ready(), Some(200));

    // Requests are in progress before, during and after the signal.
    let url = format!("{}/graphql", server.url);
    let (answers, is_enough) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            let query = "{ agreements { nodes { clauses { nodes { number assessments { nodes { note } } } } } } }";
            while !is_enough.load(Ordering::Relaxed) {
                let client = reqwest::blocking::Client::new();
                let answer = client.post(&url).json(&json!({ "query": query })).send();
                assert!(answer.expect("the server answers").status().is_success());
                answers.fetch_add(1, Ordering::Relaxed);
            }
        });
        let _end = SetOnDrop(&is_enough);
        let wait_for_answers = |count: usize| {
            let enough = answers.load(Ordering::Relaxed) + count;
            wait_until("requests are answered", || answers.load(Ordering::Relaxed) >= enough);
        };
        wait_for_answers(1);
        let told = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
        assert!(told.success());
        wait_until("the server reports that it is stopping", || ready() == Some(503));
        // The first of these responses may belong to a request that was sent before the server reported that it was
        // stopping. The second request was sent after this report.
        wait_for_answers(2);
    });
    let status = server.wait(Duration::from_secs(20));
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    assert_eq!(ready(), None, "the server must not listen any more");
}

#[test]
fn cors_allows_only_the_configured_origins() {
    let app = TestApp::spawn_with(Engine::Sqlite, Data::Empty, |config| {
        config.allow_origin = vec!["https://app.example".to_owned()];
        config.public_url = Some("https://treaties.example".parse().unwrap());
    });
    let query = json!({ "query": "{ __typename }" });
    for (origin, allowed) in
        [("https://app.example", true), ("https://app.example.evil", false), ("null", false)]
    {
        let request = app.client().post(format!("{}/graphql", app.url)).header("origin", origin);
        let answer = request.json(&query).send().unwrap();
        let header = answer
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap());
        assert_eq!(header, allowed.then_some(origin), "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-credentials"), "{origin}");
        assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");

        let preflight =
            app.client().request(reqwest::Method::OPTIONS, format!("{}/graphql", app.url));
        let preflight =
            preflight.header("origin", origin).header("access-control-request-method", "POST");
        let answer = preflight
            .header("access-control-request-headers", "authorization, content-type")
            .send()
            .unwrap();
        assert_eq!(answer.status().is_success(), allowed, "{origin}: {}", answer.status());
        let methods = answer.headers().get("access-control-allow-methods");
        assert_eq!(
            methods.is_some_and(|value| value.to_str().unwrap().contains("POST")),
            allowed,
            "{origin}"
        );
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{origin}");
    }
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    assert!(!get(&app, "/livez").headers().contains_key("strict-transport-security"));
}

fn health(app: &TestApp, bind: &str) -> Output {
    let port = app.url.rsplit(':').next().expect("the address has a port");
    let folder = TempDir::new().expect("a temporary folder");
    clausewatch(&["health", "--bind", &format!("{bind}:{port}")], folder.path())
}

on_both_databases! {
    fn health_command_succeeds_only_if_the_server_is_ready(app: Empty) {
        // With `--bind 0.0.0.0`, as in a container, the command asks the server at the loopback address.
        for bind in ["127.0.0.1", "0.0.0.0"] {
            let output = health(&app, bind);
            assert!(output.status.success(), "{bind}: {}", text(&output.stderr));
            let body: Value = serde_json::from_slice(&output.stdout).expect("the output is JSON");
            assert_eq!(body["status"], "ok", "{bind}: {body}");
        }

        app.execute_sql("DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)");
        let output = health(&app, "127.0.0.1");
        let message = text(&output.stderr);
        assert!(!output.status.success(), "{message}");
        assert!(message.contains("is not ready: 503"), "{message}");
        assert!(message.contains("the tables are not the tables of this version"), "{message}");
    }
}

#[test]
fn health_command_fails_if_no_server_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let folder = TempDir::new().expect("a temporary folder");
    let output = clausewatch(&["health", "--bind", &address], folder.path());
    let message = text(&output.stderr);
    assert!(!output.status.success(), "{message}");
    assert!(message.contains(&format!("cannot reach the server at {address}")), "{message}");
}

#[test]
fn log_ahead_of_the_clock_is_reported_at_start_and_by_check() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::spawn(engine, Data::Sample);
        let check =
            || clausewatch(&["check", "--database-url", &app.database_url], &std::env::temp_dir());
        let start = || Process::start(&app.database_url, &[]).stop();
        let set_ahead = |seconds: i64| {
            let now = clausewatch::domain::day::now().and_utc().timestamp_micros();
            let time = now + seconds * 1_000_000;
            app.execute_sql(&format!("UPDATE log_head SET recorded_microseconds = {time}"));
        };
        let words = "the last entry of the change log has the time";
        set_ahead(20);
        assert!(check().status.success(), "{engine:?}: {}", text(&check().stdout));
        assert!(!start().contains(words), "{engine:?}");
        set_ahead(3 * 365 * 86_400);
        let output = check();
        assert!(
            !output.status.success() && text(&output.stdout).contains(words),
            "{engine:?}: {}",
            text(&output.stdout)
        );
        let log = start();
        assert!(log.contains(words) && log.contains("A wrong clock"), "{engine:?}: {log}");
    }
}
