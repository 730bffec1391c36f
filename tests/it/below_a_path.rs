//! The server behind an nginx that removes a path prefix. `--public-url` sets the server's public address.

use std::io::{BufRead, BufReader};

use clausewatch::domain::viewer::Role;
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::support::nginx::{Nginx, PREFIX};
use crate::support::world::World;
use crate::support::{
    Browser, Data, Engine, Key, Process, Provider, Socket, TestApp, clausewatch, client_builder,
    on_both_databases, text,
};
use crate::web_app::{assert_clean, fill, press, see, sign_in};

const FOLLOW: &str = "subscription($after: String) { changes(after: $after) { position } }";

/// A client that follows no redirects and keeps no cookies.
fn client() -> Client {
    client_builder().redirect(Policy::none()).build().unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

fn ask(address: &str, cookie: &str, query: &str, variables: &Value) -> Value {
    let request = client().post(format!("{address}/graphql")).header("cookie", cookie);
    let request = request.header("sec-fetch-site", "same-origin");
    request.json(&json!({ "query": query, "variables": variables })).send().unwrap().json().unwrap()
}

on_both_databases! {
    fn pages_link_to_files_below_the_path(app: Sample) {
        let nginx = Nginx::start(&app, |_| {});
        for path in ["/", "/agreements/minsk-2/clauses/9", "/graphiql", "/nothing/here"] {
            let request = client().get(format!("{}{path}", nginx.url)).header("accept", "text/html");
            let response = request.send().unwrap();
            assert_eq!(response.status(), if path == "/nothing/here" { 404 } else { 200 }, "{path}");
            let link = header(&response, "link").to_owned();
            let page = response.text().unwrap();
            let files: Vec<_> = page.split(['"', '<', '>']).chain(link.split(['<', '>'])).filter(|part| part.contains("/assets/")).collect();
            assert!(files.len() > 2, "{page}");
            for file in files {
                assert!(file.starts_with(&format!("{PREFIX}/assets/")), "{path}: {file}");
                assert_eq!(client().get(format!("{}{file}", nginx.root)).send().unwrap().status(), 200, "{file}");
            }
        }
        let nothing = client().get(format!("{}/nothing/here", nginx.url)).send().unwrap().text().unwrap();
        assert!(nothing.contains(&format!("{PREFIX}/graphql")), "{nothing}");
        for path in ["/livez", "/readyz"] {
            assert_eq!(client().get(format!("{}{path}", nginx.url)).send().unwrap().status(), 200, "{path}");
        }
    }

    fn session_cookie_is_limited_to_the_path(app: Sample) {
        let nginx = Nginx::start(&app, |_| {});
        let token = app.token("Ada", Role::Admin);
        let session = format!("{}/session", nginx.url);
        let signed_in = client().post(&session).json(&json!({ "token": token })).send().unwrap();
        assert_eq!(signed_in.status(), 200);
        let set = header(&signed_in, "set-cookie").to_owned();
        assert!(set.split("; ").any(|part| part == format!("Path={PREFIX}")), "{set}");
        let cookie = set.split(';').next().unwrap();
        let viewer = ask(&nginx.url, cookie, "{ viewer { name } }", &Value::Null);
        assert_eq!(viewer["data"]["viewer"]["name"], "Ada", "{viewer:#}");

        let signed_out = client().delete(&session).header("cookie", cookie).send().unwrap();
        assert_eq!(signed_out.status(), 204);
        // Browsers delete a cookie only if the path matches.
        let set = header(&signed_out, "set-cookie");
        assert!(set.contains("Max-Age=0") && set.split("; ").any(|part| part == format!("Path={PREFIX}")), "{set}");
        let viewer = ask(&nginx.url, cookie, "{ viewer { name } }", &Value::Null);
        assert_ne!(viewer["data"]["viewer"]["name"], "Ada", "{viewer:#}");
    }

    fn subscriptions_work_through_the_proxy(app: Empty) {
        let nginx = Nginx::start(&app, |_| {});
        let world = World::new(&app);
        let after = cursor(&app, app.log_position());
        let origin = ("origin", nginx.root.as_str());
        let mut socket = Socket::handshake(&nginx.url, &[("sec-websocket-protocol", "graphql-transport-ws"), origin])
            .unwrap_or_else(|refused| panic!("{refused:?}"));
        socket.send_json(json!({ "type": "connection_init" }));
        assert_eq!(socket.receive(), json!({ "type": "connection_ack" }));
        socket.subscribe("s", FOLLOW, json!({ "after": after }));

        let stream = client().post(format!("{}/graphql", nginx.url)).header("accept", "text/event-stream");
        let stream = stream.json(&json!({ "query": FOLLOW, "variables": { "after": after } })).send().unwrap();
        assert_eq!(stream.status(), 200);
        world.change("update", "borders", &json!({ "name": "Another name" }));
        let position = app.log_position();
        assert_eq!(socket.event("s")["changes"]["position"], position);
        let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
        let data = lines.find_map(|line| line.strip_prefix("data: {").map(|data| format!("{{{data}"))).unwrap();
        let data: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(data["data"]["changes"]["position"], position, "{data:#}");
    }
}

#[test]
fn single_sign_on_returns_to_the_page_below_the_path() {
    let provider = Provider::start();
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let nginx = Nginx::start(&app, |config| {
        config.sso.oidc_issuer = Some(provider.issuer.clone());
        config.sso.oidc_client_id = Some("clausewatch".to_owned());
        config.sso.oidc_roles = vec!["desk=editor".parse().unwrap()];
        "groups".clone_into(&mut config.sso.oidc_role_claim);
    });
    provider.set_claims(json!({ "preferred_username": "Otto", "groups": ["desk"] }), Key::Own);
    let ways = client().get(format!("{}/session", nginx.url)).send().unwrap();
    let ways: Value = ways.json().unwrap();
    assert_eq!(ways["singleSignOn"], format!("{PREFIX}/session/sso"));

    let begun = client().get(format!("{}/session/sso?to=/changes?after=a", nginx.url));
    let begun = begun.send().unwrap();
    assert_eq!(begun.status(), 303);
    let remembered = header(&begun, "set-cookie").to_owned();
    assert!(remembered.contains(&format!("Path={PREFIX}/session;")), "{remembered}");
    let back = client().get(header(&begun, "location")).send().unwrap();
    let back = header(&back, "location");
    assert!(back.starts_with(&format!("{}/session/sso/callback?", nginx.url)), "{back}");
    let remembered = remembered.split(';').next().unwrap();
    let signed_in = client().get(back).header("cookie", remembered).send().unwrap();
    assert_eq!(signed_in.status(), 303);
    assert_eq!(header(&signed_in, "location"), format!("{PREFIX}/changes?after=a"));

    // Signs in again, this time in a browser with the button on the sign-in page.
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/tokens", nginx.url));
    browser.goto(&format!("{}/sign-in?to=/changes", nginx.url));
    browser.click("main a[class*=singleSignOn]");
    let arrived = format!("location.pathname === '{PREFIX}/changes'");
    browser.wait_for(&arrived);
    browser.wait_for("document.querySelector('header')?.textContent.includes('Otto')");
}

#[test]
fn web_app_works_below_the_path() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Sample);
    let nginx = Nginx::start(&app, |_| {});
    let browser = Browser::open(1280, 900);
    let at = |path: &str| browser.wait_for(&format!("location.pathname === '{PREFIX}{path}'"));
    let keys = |keys: &str| {
        browser.execute("document.activeElement?.blur()", vec![]);
        browser.type_keys(keys);
    };
    let assert_sound = |address: &str| {
        assert_clean(&browser, address);
        let asked = "return [...performance.getEntriesByType('resource').map(it => it.name), ...[...document.querySelectorAll('a[href]')].map(it => it.href)]";
        let asked = browser.execute(asked, vec![]);
        for url in asked.as_array().unwrap().iter().map(|url| url.as_str().unwrap()) {
            let is_ours = url.starts_with(&format!("{}/", nginx.root));
            assert!(!is_ours || url.starts_with(&format!("{}/", nginx.url)), "{address}: {url}");
        }
    };

    // Opens every page directly, as a reload does.
    for address in [
        "/",
        "/agreements/minsk-2",
        "/agreements/minsk-2/sequence",
        "/agreements/minsk-2/clauses/9?asOf=2021-12-02&heldBy=ukraine",
        "/proposals/russia-us-draft-treaty",
        "/compare?from=2015-02-12&to=2016-02-12",
        "/search?q=border",
        "/timeline",
        "/changes",
    ] {
        browser.goto(&format!("{}{address}", nginx.url));
        browser
            .wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
        browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
        browser.wait_for("document.querySelector('footer')?.textContent.includes('Live')");
        assert_sound(address);
    }
    browser.goto(&format!("{}/nothing/here", nginx.url));
    browser.wait_for("document.querySelector('h1')?.textContent === 'Page not found'");
    // The browser reports the status 404. This call discards the message.
    let _ = browser.complaints();

    // Navigates by a link, keyboard shortcuts and the search box.
    browser.goto(&format!("{}/", nginx.url));
    press(&browser, "Minsk II");
    at("/agreements/minsk-2");
    see(&browser, "Clauses");
    keys("gc");
    at("/changes");
    keys("/");
    browser.type_keys("border\u{e007}");
    at("/search");
    see(&browser, "border");
    assert_sound("/search");
    browser.execute("history.back()", vec![]);
    at("/changes");

    // Follows a link to an element on the same page.
    browser.goto(&format!("{}/proposals/russia-us-draft-treaty?asOf=2021-12-20", nginx.url));
    browser.wait_for("!!document.querySelector('article a[href*=\"#\"]')");
    browser.execute("document.querySelector('article a[href*=\"#\"]').click()", vec![]);
    browser.wait_for("location.hash.length > 1 && location.search === '?asOf=2021-12-20'");
    at("/proposals/russia-us-draft-treaty");

    // After the sign-in, the browser returns to the page.
    browser.goto(&format!("{}/agreements/minsk-2/clauses/9", nginx.url));
    press(&browser, "Sign in");
    at("/sign-in");
    sign_in(&app, &browser, "Ada", Role::Editor);
    at("/agreements/minsk-2/clauses/9");
    press(&browser, "Update status");
    fill(&browser, "#update-day", "2022-03-05");
    fill(&browser, "#update-note", "Below a path.");
    browser.click("input[name='update-status'][value='MINIMAL']");
    browser.click("#update-evidence ~ label input[type=checkbox]");
    browser.click("main form button.primary");
    see(&browser, "Recorded");
    assert_sound("a recorded status");
    press(&browser, "Sign out");
    at("/");
    browser.wait_for("![...document.querySelectorAll('header button')].some(it => it.textContent.trim() === 'Sign out')");

    // Runs a query and a subscription in the playground.
    browser.click("header a[href$='/graphiql']");
    at("/graphiql");
    browser.wait_for("window.__MONACO?.editor.getModels().length >= 4 && !!document.querySelector('.graphiql-query-editor .view-line')");
    let answer = "window.__MONACO.editor.getModels().find(model => model.uri.path.endsWith('response.json'))?.getValue()";
    for (query, expected) in [
        ("{ topics { slug } }", "security"),
        ("subscription { changes(after: \"AFTER\") { position } }", "position"),
    ] {
        let query = query.replace("AFTER", &cursor(&app, app.log_position() - 1));
        let enter = "window.__MONACO.editor.getModels().find(model => model.uri.path.endsWith('operation.graphql')).setValue(arguments[0])";
        browser.execute(enter, vec![json!(query)]);
        browser.click("button.graphiql-execute-button");
        browser.wait_for(&format!("{answer}?.includes('{expected}')"));
    }
    assert_sound("/graphiql");
}

#[test]
fn server_prints_its_public_address() {
    let folder = tempfile::TempDir::new().unwrap();
    let database = format!("sqlite:{}", folder.path().join("new.db").display());
    let options = ["--public-url", "https://example.org/clausewatch", "--no-sample"];
    let process = Process::start(&database, &options);
    assert_eq!(process.url, "https://example.org/clausewatch");

    for value in ["example.org", "https://ann:hunter2@example.org", "https://example.org/?a=b"] {
        let output = clausewatch(&["serve", "--public-url", value], folder.path());
        let errors = text(&output.stderr);
        assert!(!output.status.success() && errors.contains("--public-url"), "{value}: {errors}");
    }
}
