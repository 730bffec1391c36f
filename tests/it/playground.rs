//! The playground: its pages, its examples, and its use in a real browser without a network.

mod assets;

use std::fs;
use std::path::Path;
use std::time::Duration;

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::changes::cursor;
use crate::support::{Browser, TestApp, on_both_databases, on_one_database};

/// Whether the page is loaded: the editors exist, and the first one shows text.
const READY: &str = "window.__MONACO?.editor.getModels().length >= 4 && !!document.querySelector('.graphiql-query-editor .view-line')";
/// The response, if there is one.
const ANSWER: &str = "window.__MONACO.editor.getModels().find(model => model.uri.path.endsWith('response.json'))?.getValue()";

struct Example {
    name: String,
    query: String,
    variables: Value,
}

/// The examples, in the order of their tabs.
fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/src/graphiql/examples");
    let mut examples: Vec<Example> = fs::read_dir(folder)
        .expect("the examples can be listed")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "graphql"))
        .map(|path| Example {
            name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
            query: fs::read_to_string(&path).expect("the example can be read"),
            variables: fs::read(path.with_extension("json"))
                .map_or(json!({}), |text| serde_json::from_slice(&text).expect("JSON")),
        })
        .collect();
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    assert!(examples.len() >= 9, "only {} examples", examples.len());
    examples
}

/// The operation name, which is also the title of its tab.
fn title(example: &Example) -> &str {
    let line = example.query.lines().find(|line| !line.starts_with('#')).expect("an operation");
    line.split([' ', '(']).nth(1).expect("a name")
}

/// Fails if a root field is null or a list of records is empty.
fn assert_filled(name: &str, data: &Value) {
    for (field, value) in data.as_object().expect("an object") {
        assert!(!value.is_null(), "{name}: {field} is null");
        for list in ["/nodes", "/clauses/nodes", "/caveats/nodes", "/agreements/nodes"] {
            let nodes = value.pointer(list).and_then(Value::as_array);
            assert!(nodes.is_none_or(|nodes| !nodes.is_empty()), "{name}: {field}{list} is empty");
        }
    }
}

/// Opens the playground and waits until it can be used.
fn open(app: &TestApp) -> Browser {
    let browser = Browser::open(1280, 800);
    browser.goto(&format!("{}/graphiql", app.url));
    browser.wait_for(READY);
    browser
}

/// Puts an operation with this name into the editor and waits until GraphiQL has stored it.
///
/// GraphiQL begins to listen to its editors some time after it has created them. It misses earlier changes.
fn write_and_store(browser: &Browser, name: &str, selection: &str) {
    let stored = format!("localStorage.getItem('graphiql:tabState')?.includes('{name}')");
    for number in 0.. {
        // Each attempt writes a different text, because an editor reports no change if its text stays the same.
        write(browser, &format!("query {name} {selection} # attempt {number}"));
        if browser.waits_for(&stored, Duration::from_secs(5)) {
            return;
        }
        assert!(number < 10, "GraphiQL does not store {name}");
    }
}

/// Puts an operation into the editor.
fn write(browser: &Browser, query: &str) {
    let script = "__MONACO.editor.getModels().find(model => model.uri.path.endsWith('operation.graphql')).setValue(arguments[0])";
    browser.execute(script, vec![json!(query)]);
}

/// Fails if the browser logged an error, or sent a request to another host.
fn assert_clean(app: &TestApp, browser: &Browser) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{complaints:#?}");
    let asked = "return performance.getEntriesByType('resource').map(entry => entry.name)";
    let asked = browser.execute(asked, vec![]);
    let asked: Vec<&str> =
        asked.as_array().expect("a list").iter().map(|url| url.as_str().expect("a URL")).collect();
    let own = |url: &&&str| url.starts_with(&format!("{}/", app.url));
    assert!(asked.iter().filter(own).count() > 5, "{asked:#?}");
    let foreign: Vec<_> =
        asked.iter().filter(|url| !own(url) && !url.starts_with("data:")).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
}

on_both_databases! {
    fn every_example_returns_data(app: Sample) {
        for example in examples() {
            let mut variables = example.variables.clone();
            if let Some(id) = variables.get_mut("clauseId") {
                *id = json!(app.clause_id("minsk-2", "2"));
            }
            let data = app.data(&example.query, variables);
            assert_filled(&example.name, &data);
            if let Some(update) = data.get("updateClauseStatus") {
                assert_eq!(update["userErrors"], json!([]), "{update}");
                assert_eq!(update["assessment"]["status"], "PARTIAL", "{update}");
            }
        }
    }
}

on_one_database! {
    fn page_shows_the_examples_and_a_shortcut_runs_the_first(app: SharedSample) {
        let browser = open(&app);
        let tabs = "[...document.querySelectorAll('.graphiql-tab-button')].map(tab => tab.textContent)";
        let expected: Vec<String> = examples().iter().map(|example| title(example).to_owned()).collect();
        assert_eq!(browser.execute(&format!("return {tabs}"), vec![]), json!(expected));

        browser.click(".graphiql-query-editor .view-line");
        browser.type_keys("\u{e009}\u{e007}"); // Control and Enter
        let answer = browser.wait_for(ANSWER);
        let answer: Value = serde_json::from_str(answer.as_str().expect("a string")).expect("JSON");
        let first = &examples()[0];
        assert_eq!(answer["data"], app.data(&first.query, json!({})), "{answer}");
        // The response must also be visible.
        browser.wait_for("document.querySelector('.result-window')?.textContent.includes('Minsk')");
        assert_clean(&app, &browser);
    }

    fn query_in_the_address_is_opened_and_can_be_shared(app: SharedSample) {
        let browser = open(&app);
        let active = "document.querySelector('.graphiql-tab-active .graphiql-tab-button')?.textContent";
        let asked = "query Shared($slug: String!) { party(slug: $slug) { shortName } }";
        let run = |browser: &Browser| {
            browser.wait_for(READY);
            browser.click("button.graphiql-execute-button");
            while !browser.waits_for(&format!("({ANSWER} ?? '').includes('shortName')"), Duration::from_secs(5)) {
                browser.click("button.graphiql-execute-button");
            }
        };
        // Opens the address in a browser with tabs of an earlier visit, and in a new browser.
        for browser in [browser, Browser::open(1280, 900)] {
            let address = url::Url::parse_with_params(&format!("{}/graphiql", app.url), [("query", asked), ("variables", r#"{ "slug": "ukraine" }"#)]);
            browser.goto(address.unwrap().as_str());
            browser.wait_for(&format!("{active} === 'Shared' || document.querySelector('.graphiql-query-editor')?.textContent.includes('Shared')"));
            run(&browser);
            browser.click("button[aria-label='Copy a link to this query']");
            browser.wait_for("new URLSearchParams(location.search).get('query')?.includes('Shared')");
            let shared = browser.execute("return location.href", vec![]);
            browser.goto("about:blank");
            browser.goto(shared.as_str().unwrap());
            browser.wait_for("document.querySelector('.graphiql-query-editor')?.textContent.includes('Shared')");
            run(&browser);
        }
    }

    fn button_runs_the_operation_and_shows_data_or_errors(app: Sample) {
        let browser = open(&app);
        let run = |query: &str, word: &str| {
            write(&browser, query);
            browser.click("button.graphiql-execute-button");
            let answer = browser.wait_for(&format!("({ANSWER} ?? '').includes('{word}') && {ANSWER}"));
            serde_json::from_str::<Value>(answer.as_str().expect("a string")).expect("JSON")
        };
        let answer = run(r#"{ party(slug: "ukraine") { slug } }"#, "ukraine");
        assert_eq!(answer, json!({ "data": { "party": { "slug": "ukraine" } } }));
        assert_clean(&app, &browser);
        let answer = run(r#"{ clauses(after: "x") { totalCount } }"#, "errors");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_clean(&app, &browser);

        // Mutations require an account. The page sends the session cookie.
        let token = app.token("Eve", Role::Editor);
        browser.execute(
            "fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: arguments[0] }) \
             .then((response) => { window.signedIn = response.status })",
            vec![json!(json!({ "token": token }).to_string())],
        );
        assert_eq!(browser.wait_for("window.signedIn"), 200);
        let before = app.log_position();
        let id = app.clause_id("minsk-2", "2");
        let answer = run(
            &format!(r#"mutation {{ updateClauseStatus(input: {{ clauseId: "{id}", status: PARTIAL, effectiveOn: "2016-03-01", note: "Seen." }}) {{ clause {{ number }} userErrors {{ message }} }} }}"#),
            "updateClauseStatus",
        );
        assert_eq!(answer["data"]["updateClauseStatus"]["clause"]["number"], "2", "{answer}");
        assert_eq!(app.log_position(), before + 1);
        assert_clean(&app, &browser);
    }

    fn subscription_shows_each_event(app: Sample) {
        let browser = open(&app);
        let position = app.log_position();
        write(&browser, &format!("subscription {{ changes(after: \"{}\") {{ position }} }}", cursor(&app, position - 1)));
        browser.click("button.graphiql-execute-button");
        browser.wait_for(&format!("({ANSWER} ?? '').includes('{position}')"));
        let mutation = "mutation { createParty(input: { slug: \"new\", name: \"N\", shortName: \"N\", kind: STATE }) { userErrors { code } } }";
        assert_eq!(app.data(mutation, json!({})), json!({ "createParty": { "userErrors": [] } }));
        browser.wait_for(&format!("({ANSWER} ?? '').includes('{}')", position + 1));
        assert_clean(&app, &browser);
    }

    fn rejected_subscription_shows_the_error(app: SharedSample) {
        let browser = open(&app);
        browser.execute("window.broken = []; for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, event => broken.push(kind))", vec![]);
        for (query, code) in [
            ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { changes(after: \"x\") { position } }", "BAD_USER_INPUT"),
        ] {
            write(&browser, query);
            browser.click("button.graphiql-execute-button");
            browser.wait_for(&format!("({ANSWER} ?? '').includes('{code}')"));
        }
        assert_eq!(browser.execute("return window.broken", vec![]), json!([]));
        // The page still works afterwards.
        write(&browser, "{ party(slug: \"ukraine\") { slug } }");
        browser.click("button.graphiql-execute-button");
        browser.wait_for(&format!("({ANSWER} ?? '').includes('ukraine')"));
        assert_clean(&app, &browser);
    }

    fn access_token_is_never_stored_in_the_browser(app: Sample) {
        let browser = open(&app);
        let token = app.token("Eve", Role::Editor);
        let headers = json!({ "Authorization": format!("Bearer {token}") }).to_string();
        // Stores data as an earlier version did.
        let old = json!({ "query": "{ topics { slug } }", "headers": headers, "operationName": "Old" });
        let kept = json!({
            "graphiql:shouldPersistHeaders": "true",
            "graphiql:headers": headers,
            "graphiql:queries": json!({ "queries": [old] }).to_string(),
            "graphiql:favorites": json!({ "favorites": [old] }).to_string(),
            "graphiql:tabState": json!({ "activeTabIndex": 0, "tabs": [{ "id": "a", "hash": "b", "title": "Old", "query": "{ topics { slug } }", "variables": null, "headers": headers, "operationName": null, "response": null }] }).to_string(),
        });
        let keep = "for (const [key, value] of Object.entries(arguments[0])) localStorage.setItem(key, value)";
        let hidden = |browser: &Browser| {
            let storage = browser.execute("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])", vec![]);
            let storage = storage.as_str().expect("a string").to_owned();
            assert!(!storage.contains("cwt_") && !storage.contains("Authorization"), "{storage}");
            storage
        };
        // Both elements appear only after the script of the page has run.
        for (page, content) in [("/graphiql", ".graphiql-container"), ("/timeline", "main")] {
            browser.execute(keep, vec![kept.clone()]);
            browser.goto(&format!("{}{page}", app.url));
            browser.wait_for(&format!("document.querySelector('{content}')"));
            let storage = hidden(&browser);
            assert!(storage.contains("topics") && storage.contains("favorites"), "other data must stay: {storage}");
        }
        browser.goto(&format!("{}/graphiql", app.url));
        browser.wait_for(READY);
        assert_eq!(browser.execute("return document.body.textContent.includes('Persist headers')", vec![]), false);
        let write_headers = "__MONACO.editor.getModels().find(model => /header/.test(model.uri.path)).setValue(arguments[0])";
        write_and_store(&browser, "Before", "{ viewer { role } }");
        // GraphiQL reads the new headers before it stores the next operation.
        browser.execute(write_headers, vec![json!(headers)]);
        write_and_store(&browser, "Mine", "{ viewer { name } }");
        browser.click("button.graphiql-execute-button");
        browser.wait_for(&format!("({ANSWER} ?? '').includes('Eve')"));
        browser.wait_for("localStorage.getItem('graphiql:queries')?.includes('Mine')");
        hidden(&browser);
    }

    fn browser_rejects_scripts_outside_the_bundle(app: Empty) {
        let browser = open(&app);
        browser.execute(
            "const script = document.createElement('script'); script.textContent = 'window.foreign = true'; document.body.append(script); \
             fetch('http://127.0.0.1:9/').catch(() => { window.refused = true })",
            vec![],
        );
        browser.wait_for("window.refused");
        assert_eq!(browser.execute("return window.foreign ?? null", vec![]), Value::Null);
        let complaints = browser.complaints();
        for directive in ["script-src 'self'", "connect-src 'self'"] {
            assert!(complaints.iter().any(|complaint| complaint.contains(directive)), "{directive}: {complaints:#?}");
        }
    }

    fn schema_is_shown_with_its_descriptions(app: Empty) {
        let browser = open(&app);
        browser.click(r#"button[aria-label="Show Documentation Explorer"]"#);
        browser.wait_for("document.querySelector('.graphiql-doc-explorer')?.textContent.includes('Mutation')");
        browser.click(".graphiql-doc-explorer a.graphiql-doc-explorer-type-name");
        browser.wait_for("document.querySelector('.graphiql-doc-explorer')?.textContent.includes('totalCount') || document.querySelector('.graphiql-doc-explorer')?.textContent.includes('agreement')");
        assert_clean(&app, &browser);
    }
}
