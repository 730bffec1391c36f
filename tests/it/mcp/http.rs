//! The transport over HTTP: what the server checks before it answers a message.

use clausewatch::domain::viewer::Role;
use reqwest::blocking::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::READING;
use crate::support::{TestApp, client, on_both_databases};

/// A request with one message.
fn request(app: &TestApp, message: &Value) -> RequestBuilder {
    client(None)
        .post(format!("{}/mcp", app.url))
        .header("accept", "application/json, text/event-stream")
        .header("content-type", "application/json")
        .body(message.to_string())
}

fn initialize() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": { "name": "test", "version": "1" },
    } })
}

fn call() -> Value {
    let params = json!({ "name": "clause_status", "arguments": { "clause": "minsk-2/9", "asOf": "2021-12-02" } });
    json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params })
}

/// The code of the error in the body.
fn code(response: Response) -> String {
    let body: Value = response.json().expect("JSON");
    body["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
}

on_both_databases! {
    fn messages_are_answered_with_json_and_without_a_session(app: SharedSample) {
        let response = request(&app, &initialize()).send().unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert!(!response.headers().contains_key("mcp-session-id"));
        let answer: Value = response.json().unwrap();
        assert_eq!((&answer["id"], &answer["result"]["protocolVersion"]), (&json!(1), &json!("2025-06-18")));
        let notification = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(request(&app, &notification).send().unwrap().status(), 202);
        // Each message is independent of the others, so any server can answer it.
        let answer: Value = request(&app, &call()).header("mcp-protocol-version", "2025-06-18").send().unwrap().json().unwrap();
        assert_eq!(answer["result"]["structuredContent"]["clause"]["status"], "NOT_STARTED", "{answer}");
        let address = format!("{}/agreements/minsk-2/clauses/9?asOf=2021-12-02", app.url);
        assert_eq!(answer["result"]["structuredContent"]["clause"]["address"], address);
        let unknown = json!({ "jsonrpc": "2.0", "id": 3, "method": "nope" });
        let answer: Value = request(&app, &unknown).send().unwrap().json().unwrap();
        assert_eq!(answer["error"]["code"], -32601, "{answer}");
    }

    fn invalid_requests_are_rejected(app: Sample) {
        let with = |name: &str, value: &str| {
            let request = client(None).post(format!("{}/mcp", app.url));
            let accept = if name == "accept" { value } else { "application/json, text/event-stream" };
            let content_type = if name == "content-type" { value } else { "application/json" };
            let request = request.header("accept", accept).header("content-type", content_type);
            let request = if ["accept", "content-type"].contains(&name) { request } else { request.header(name, value) };
            request.body(initialize().to_string()).send().unwrap().status().as_u16()
        };
        assert_eq!(with("accept", "text/html"), 406);
        assert_eq!(with("content-type", "text/plain"), 415);
        assert_eq!(with("content-encoding", "gzip"), 415);
        assert_eq!(with("mcp-protocol-version", "1999-01-01"), 400);
        assert_eq!(with("authorization", "Bearer nope"), 401);
        for (body, words) in [
            ("{".to_owned(), "the body is invalid"),
            ("{}".to_owned(), "send one JSON-RPC 2.0 message"),
            (json!([initialize()]).to_string(), "batches are not supported"),
        ] {
            let response = request(&app, &json!({})).body(body.clone()).send().unwrap();
            assert_eq!(response.status(), 400, "{body}");
            let error: Value = response.json().unwrap();
            assert_eq!(error["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{body}");
            assert!(error["errors"][0]["message"].as_str().unwrap().contains(words), "{error}");
        }
        let small = app.another_with(|config| config.limits.max_body = 100);
        let large = request(&small, &initialize()).send().unwrap();
        assert_eq!(large.status(), 413);
        assert_eq!(code(large), "PAYLOAD_TOO_LARGE");
    }

    fn pages_of_other_origins_are_refused(app: Sample) {
        let app = app.another_with(|config| config.allow_origin = vec!["https://app.example".to_owned()]);
        for (origin, expected) in [
            (app.url.as_str(), 200),
            ("https://app.example", 200),
            ("https://evil.example", 403),
            ("null", 403),
        ] {
            let response = request(&app, &call()).header("origin", origin).send().unwrap();
            assert_eq!(response.status().as_u16(), expected, "{origin}");
        }
        // With DNS rebinding, the host of a foreign page resolves to this server.
        let rebound = request(&app, &call()).header("host", "evil.example").header("origin", "http://evil.example");
        assert_eq!(rebound.send().unwrap().status(), 403);
        let refused = request(&app, &call()).header("origin", "https://evil.example").send().unwrap();
        assert_eq!(code(refused), "FORBIDDEN");
        let preflight = client(None).request(reqwest::Method::OPTIONS, format!("{}/mcp", app.url));
        let preflight = preflight
            .header("origin", "https://app.example")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization, content-type, mcp-protocol-version")
            .send()
            .unwrap();
        assert_eq!(preflight.status(), 200);
    }

    fn session_cookie_is_not_a_credential(app: Sample) {
        let token = app.token("Eve", Role::Editor);
        let session = client(None).post(format!("{}/session", app.url)).json(&json!({ "token": token })).send().unwrap();
        let cookie = session.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let list = json!({ "jsonrpc": "2.0", "id": 4, "method": "tools/list" });
        let request = request(&app, &list).header("cookie", cookie).header("origin", &app.url);
        let answer: Value = request.send().unwrap().json().unwrap();
        let tools = answer["result"]["tools"].as_array().expect("tools");
        let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(names, READING);
    }

    fn private_server_answers_401_without_a_token(app: Sample) {
        let app = app.another_with(|config| config.private = true);
        let refused = request(&app, &initialize()).send().unwrap();
        assert_eq!((refused.status().as_u16(), refused.headers()["www-authenticate"].to_str().unwrap()), (401, "Bearer"));
        assert_eq!(code(refused), "UNAUTHENTICATED");
    }

    fn rates_are_limited(app: Sample) {
        let app = app.another_with(|config| { config.limits.rate_per_address = 1; config.limits.rate_burst = 1; });
        let statuses: Vec<u16> = (0..4).map(|_| request(&app, &call()).send().unwrap().status().as_u16()).collect();
        assert!(statuses.contains(&200) && statuses.contains(&429), "{statuses:?}");
    }

    fn path_does_not_exist_if_the_tools_are_disabled(app: Sample) {
        let app = app.another_with(|config| config.no_mcp = true);
        assert_eq!(request(&app, &initialize()).send().unwrap().status(), 404);
    }
}
