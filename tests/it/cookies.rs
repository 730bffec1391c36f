//! Session cookies: only the server's own pages can use them, over every transport.

use clausewatch::domain::viewer::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Socket, TestApp, client, on_both_databases};

const GRAPHQL: &str = "application/graphql-response+json";
const ALLOWED: &str = "https://app.example";
const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");
const VIEWER: &str = "{ viewer { role } }";
const MAKE_TOKEN: &str =
    r#"mutation { createToken(input: { name: "x", role: ADMIN }) { token { name } } }"#;

type Headers<'a> = Vec<(&'static str, &'a str)>;

/// Headers of requests that do not come from the server's own pages, and whether a page of an allowed origin sends them.
fn of_other_pages(app: &TestApp) -> Vec<(Headers<'_>, bool)> {
    vec![
        (vec![("origin", ALLOWED)], true),
        (vec![("origin", ALLOWED), ("sec-fetch-site", "same-site")], true),
        (vec![("origin", ALLOWED), ("sec-fetch-site", "cross-site")], true),
        (vec![("origin", "https://evil.example")], false),
        (vec![("origin", "null")], false),
        (vec![("origin", &app.url), ("sec-fetch-site", "same-site")], false),
        (vec![("sec-fetch-site", "same-site")], false),
        (vec![("sec-fetch-site", "none")], false),
    ]
}

/// Headers of requests by the server's own pages.
fn of_own_pages(app: &TestApp) -> Vec<Headers<'_>> {
    vec![
        vec![("origin", &app.url)],
        vec![("origin", &app.url), ("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "same-origin")],
    ]
}

/// The session cookie of a signed-in admin.
fn sign_in(app: &TestApp) -> String {
    let token = app.token("Ada", Role::Admin);
    let request = client(None).post(format!("{}/session", app.url));
    let response = request.json(&json!({ "token": token })).send().unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// Sends an operation with these headers: by GET, by POST, or for an event stream. Returns the status and the response.
fn ask(
    app: &TestApp,
    transport: &str,
    headers: &[(&'static str, &str)],
    query: &str,
) -> (u16, Value) {
    let address = format!("{}/graphql", app.url);
    let accept = if transport == "event stream" { "text/event-stream" } else { GRAPHQL };
    let mut request = if transport == "GET" {
        client(None).get(url::Url::parse_with_params(&address, [("query", query)]).unwrap())
    } else {
        client(None).post(address).json(&json!({ "query": query }))
    };
    request = request.header("accept", accept);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().unwrap();
    let status = response.status().as_u16();
    let text = response.text().unwrap();
    let text = text
        .lines()
        .find_map(|line| line.strip_prefix("data: {"))
        .map_or(text.clone(), |json| format!("{{{json}"));
    (status, serde_json::from_str(&text).unwrap_or_else(|failure| panic!("{failure}: {text}")))
}

fn role(answer: &Value) -> &Value {
    &answer["data"]["viewer"]["role"]
}

/// Opens and initializes a socket with these headers. Returns the viewer's role and the result of a mutation, or the
/// status of a rejected handshake.
fn by_socket(
    app: &TestApp,
    headers: &[(&'static str, &str)],
    payload: &Value,
) -> Result<(Value, Value), u16> {
    let headers = [&[PROTOCOL], headers].concat();
    let mut socket = Socket::handshake(&app.url, &headers).map_err(|(status, _)| status)?;
    socket.send_json(json!({ "type": "connection_init", "payload": payload }));
    assert_eq!(socket.receive()["type"], "connection_ack");
    let mut said = socket.ask(VIEWER, json!({}));
    let role = said[0]["payload"]["data"]["viewer"]["role"].take();
    let mut said = socket.ask(MAKE_TOKEN, json!({}));
    Ok((role, said[0]["payload"].take()))
}

/// Another server on the same database. It allows the origin [`ALLOWED`].
fn with_allowed_origin(app: &TestApp, is_private: bool) -> TestApp {
    app.another_with(|config| {
        config.allow_origin = vec![ALLOWED.to_owned()];
        config.private = is_private;
    })
}

on_both_databases! {
    fn cookie_does_not_authenticate_other_pages(app: Empty) {
        let app = with_allowed_origin(&app, false);
        let cookie = sign_in(&app);
        let cookie = ("cookie", cookie.as_str());
        for (headers, is_allowed) in of_other_pages(&app) {
            let headers = [headers, vec![cookie]].concat();
            for transport in ["GET", "POST", "event stream"] {
                let (status, answer) = ask(&app, transport, &headers, VIEWER);
                assert_eq!((status, role(&answer)), (200, &json!("ANONYMOUS")), "{transport} {headers:?}");
            }
            for transport in ["POST", "event stream"] {
                let (status, answer) = ask(&app, transport, &headers, MAKE_TOKEN);
                assert_eq!(status, 403, "{transport} {headers:?}: {answer}");
                assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
            }
            match by_socket(&app, &headers, &json!({})) {
                Ok((role, written)) => {
                    assert!(is_allowed, "{headers:?}");
                    assert_eq!(role, "ANONYMOUS", "{headers:?}");
                    let code = &written["errors"][0]["extensions"]["code"];
                    assert_eq!(code, "UNAUTHENTICATED", "{headers:?}: {written}");
                }
                Err(status) => assert_eq!((status, is_allowed), (403, false), "{headers:?}"),
            }
            for method in [Method::POST, Method::DELETE] {
                let mut request = client(None).request(method.clone(), format!("{}/session", app.url));
                for (name, value) in &headers {
                    request = request.header(*name, *value);
                }
                let response = request.json(&json!({ "token": "x" })).send().unwrap();
                assert_eq!(response.status(), 403, "{method} {headers:?}");
            }
        }
        // The server's own pages can still use the cookie.
        let own = [("origin", app.url.as_str()), cookie];
        assert_eq!(role(&ask(&app, "POST", &own, VIEWER).1), "ADMIN");
        let tokens = ask(&app, "POST", &own, "{ tokens { nodes { name } } }").1;
        let tokens = tokens["data"]["tokens"]["nodes"].as_array().unwrap().clone();
        assert!(tokens.contains(&json!({ "name": "Ada" })), "{tokens:?}");
        assert!(!tokens.contains(&json!({ "name": "x" })), "a page of another origin created a token");
    }

    fn cookie_authenticates_own_pages(app: Empty) {
        let app = with_allowed_origin(&app, true);
        let cookie = sign_in(&app);
        for headers in of_own_pages(&app) {
            let headers = [headers, vec![("cookie", cookie.as_str())]].concat();
            for transport in ["GET", "POST", "event stream"] {
                let (status, answer) = ask(&app, transport, &headers, VIEWER);
                assert_eq!((status, role(&answer)), (200, &json!("ADMIN")), "{transport} {headers:?}");
            }
            let (status, answer) = ask(&app, "POST", &headers, MAKE_TOKEN);
            assert_eq!((status, &answer["data"]["createToken"]["token"]["name"]), (200, &json!("x")));
            let (role, written) = by_socket(&app, &headers, &json!({})).unwrap();
            assert_eq!(role, "ADMIN", "{headers:?}");
            assert_eq!(written["data"]["createToken"]["token"]["name"], "x", "{headers:?}");
        }
    }

    fn cookie_without_origin_allows_only_reading_over_http(app: Empty) {
        let app = with_allowed_origin(&app, false);
        let cookie = sign_in(&app);
        let headers = [("cookie", cookie.as_str())];
        for transport in ["GET", "POST", "event stream"] {
            assert_eq!(role(&ask(&app, transport, &headers, VIEWER).1), "ADMIN", "{transport}");
        }
        assert_eq!(ask(&app, "POST", &headers, MAKE_TOKEN).0, 403);
        // Browsers send `Origin` with each handshake, so a handshake with a cookie but no `Origin` does not come from a
        // browser.
        let (role, written) = by_socket(&app, &headers, &json!({})).unwrap();
        assert_eq!(role, "ANONYMOUS");
        assert_eq!(written["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{written}");
    }

    fn allowed_origins_authenticate_by_token_over_every_transport(app: Empty) {
        let app = with_allowed_origin(&app, true);
        let cookie = sign_in(&app);
        let bearer = format!("Bearer {}", app.token("Eve", Role::Editor));
        let page = [("origin", ALLOWED), ("sec-fetch-site", "cross-site"), ("cookie", cookie.as_str())];
        let shown = [&page[..], &[("authorization", bearer.as_str())]].concat();
        for transport in ["GET", "POST", "event stream"] {
            assert_eq!(role(&ask(&app, transport, &shown, VIEWER).1), "EDITOR", "{transport}");
        }
        assert_eq!(by_socket(&app, &shown, &json!({})).unwrap().0, "EDITOR");
        let payload = json!({ "authorization": bearer });
        assert_eq!(by_socket(&app, &page, &payload).unwrap().0, "EDITOR");
        // On a private server, a cookie without a token does not authenticate a page of an allowed origin.
        assert_eq!(ask(&app, "GET", &page, VIEWER).0, 401);
        let headers = [&[PROTOCOL], &page[..]].concat();
        let mut socket = Socket::handshake(&app.url, &headers).unwrap();
        socket.send_json(json!({ "type": "connection_init" }));
        assert_eq!(socket.closed().0, 4403);
    }
}
