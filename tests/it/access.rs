//! Who may do what, and how they show who they are.

use clausewatch::domain::viewer::Role;
use reqwest::blocking::Response;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Data, Database, Engine, Process, TestApp, clausewatch, client, on_both_databases, text,
    wait_until,
};

const VIEWER: &str = "{ viewer { name role } }";

/// Creates a party; what it is called says who did it.
const CREATE: &str = "mutation($slug: String!) { createParty(input: { slug: $slug, name: \"P\", shortName: \"P\", \
                      kind: STATE }) { party { id } userErrors { message } } }";

const MAKE_TOKEN: &str = "mutation($input: CreateTokenInput!) { createToken(input: $input) { \
                          token { id name role hint createdBy expiresAt revokedAt } secret userErrors { code message path } } }";
const REVOKE: &str = "mutation($id: ID!) { revokeToken(input: { tokenId: $id }) { token { revokedBy } userErrors { code path } } }";

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}"))
}

/// A value for everything that an input type must have, made up from its description.
fn made_up(types: &[Value], of: &Value) -> Value {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => made_up(types, &of["ofType"]),
        "LIST" => json!([made_up(types, &of["ofType"])]),
        _ => {
            let name = of["name"].as_str().unwrap();
            let found = types.iter().find(|ty| ty["name"] == name).unwrap();
            match (name, found["kind"].as_str().unwrap()) {
                ("Date", _) => json!("2015-02-12"),
                ("DateTime", _) => json!("2015-02-12T00:00:00Z"),
                ("Int", _) => json!(1),
                ("Boolean", _) => json!(true),
                (_, "ENUM") => found["enumValues"][0]["name"].clone(),
                (_, "INPUT_OBJECT") => {
                    let fields = found["inputFields"].as_array().unwrap();
                    let required = fields.iter().filter(|field| {
                        field["type"]["kind"] == "NON_NULL" && field["defaultValue"].is_null()
                    });
                    let named = required.map(|field| {
                        (field["name"].as_str().unwrap().to_owned(), made_up(types, &field["type"]))
                    });
                    Value::Object(named.collect())
                }
                _ => json!("x"),
            }
        }
    }
}

/// Every mutation there is, with an input that its type allows.
fn every_mutation(app: &TestApp) -> Vec<(String, String, Value)> {
    let data = app.data(
        "{ __schema { mutationType { fields { name args { name type { ...Type } } } }
             types { name kind enumValues { name } inputFields { name defaultValue type { ...Type } } } } }
         fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }",
        json!({}),
    );
    let types = data["__schema"]["types"].as_array().unwrap();
    let fields = data["__schema"]["mutationType"]["fields"].as_array().unwrap();
    let mutation = |field: &Value| {
        let name = field["name"].as_str().unwrap().to_owned();
        let input = &field["args"][0]["type"];
        let ty = input["ofType"]["name"].as_str().unwrap();
        let query = format!("mutation($input: {ty}!) {{ {name}(input: $input) {{ __typename }} }}");
        (name, query, made_up(types, input))
    };
    fields.iter().map(mutation).collect()
}

fn post_session(app: &TestApp, headers: &[(&str, &str)], token: &str) -> Response {
    let mut request = client(None).post(format!("{}/session", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.json(&json!({ "token": token })).send().unwrap()
}

/// What the browser would send back.
fn cookie_of(response: &Response) -> String {
    let set = response.headers()["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn with_cookie(app: &TestApp, cookie: &str, headers: &[(&str, &str)], query: &str) -> Response {
    let mut request = client(None).post(format!("{}/graphql", app.url)).header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.json(&json!({ "query": query, "variables": { "slug": "by-cookie" } })).send().unwrap()
}

on_both_databases! {
    fn every_mutation_is_refused_to_who_may_not_write(app: Sample) {
        let mutations = every_mutation(&app);
        assert!(mutations.len() >= 30, "{}", mutations.len());
        let reader = client(Some(&app.token("Rita", Role::Reader)));
        let before = app.log_position();
        for (name, query, input) in &mutations {
            let variables = json!({ "input": input });
            let anonymous = app.send_by(&client(None), query, variables.clone());
            assert_eq!(code(&anonymous), "UNAUTHENTICATED", "{name}: {anonymous:#}");
            assert_eq!(anonymous["data"], json!({ name.as_str(): null }));
            let known = app.send_by(&reader, query, variables);
            assert_eq!(code(&known), "FORBIDDEN", "{name}: {known:#}");
            let message = known["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains("Rita has the role READER"), "{message}");
        }
        assert_eq!(app.log_position(), before, "something was written");
    }

    fn what_is_for_admins_is_refused_to_editors(app: Empty) {
        let tokens = "{ tokens { nodes { id } } }";
        assert_eq!(code(&app.send(tokens, json!({}))), "UNAUTHENTICATED");
        assert_eq!(code(&app.send_by(app.analyst(), tokens, json!({}))), "FORBIDDEN");
        for (name, query, input) in every_mutation(&app) {
            if name.ends_with("Token") {
                let answer = app.send(&query, json!({ "input": input }));
                assert_eq!(code(&answer), "FORBIDDEN", "{name}: {answer:#}");
            } else {
                let answer = app.send(&query, json!({ "input": input }));
                assert_eq!(answer.get("errors"), None, "{name}: {answer:#}");
            }
        }
    }

    fn viewer_says_who_asks(app: Empty) {
        let ask = |client| app.send_by(&client, VIEWER, json!({}))["data"]["viewer"].take();
        assert_eq!(ask(client(None)), json!({ "name": null, "role": "ANONYMOUS" }));
        for (role, name) in [(Role::Reader, "READER"), (Role::Editor, "EDITOR"), (Role::Admin, "ADMIN")] {
            let viewer = ask(client(Some(&app.token("Ann", role))));
            assert_eq!(viewer, json!({ "name": "Ann", "role": name }));
        }
    }

    fn token_is_made_used_and_revoked(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let input = json!({ "name": "Eve Editor", "role": "EDITOR", "expiresInDays": 7 });
        let answer = app.send_by(&admin, MAKE_TOKEN, json!({ "input": input }));
        let made = &answer["data"]["createToken"];
        let secret = made["secret"].as_str().unwrap_or_else(|| panic!("{answer:#}"));
        assert!(secret.starts_with("cwt_") && secret.ends_with(made["token"]["hint"].as_str().unwrap()));
        assert_eq!(made["token"]["createdBy"], "Ada");
        assert!(made["token"]["expiresAt"].is_string() && made["token"]["revokedAt"].is_null());
        let id = &made["token"]["id"];

        let editor = client(Some(secret));
        let created = app.send_by(&editor, CREATE, json!({ "slug": "atlantis" }));
        assert!(created["data"]["createParty"]["party"]["id"].is_string(), "{created:#}");
        let log = app.data("{ changes { nodes { actor } } }", json!({}));
        assert_eq!(log["changes"]["nodes"], json!([{ "actor": "Eve Editor" }]));

        // Its use is noted a moment later.
        let tokens = "{ tokens { totalCount nodes { id name lastUsedAt } } }";
        wait_until("its use is noted", || {
            let list = app.send_by(&admin, tokens, json!({}));
            // Those of the first start, of the tests' analyst, of Ada, and this one, which is the newest.
            assert_eq!(list["data"]["tokens"]["totalCount"], 4, "{list:#}");
            assert_eq!(&list["data"]["tokens"]["nodes"][0]["id"], id);
            list["data"]["tokens"]["nodes"][0]["lastUsedAt"].is_string()
        });

        let node = "query($id: ID!) { node(id: $id) { ... on Token { name } } }";
        let found = app.send_by(&admin, node, json!({ "id": id }));
        assert_eq!(found["data"]["node"]["name"], "Eve Editor");
        assert_eq!(app.send_by(&editor, node, json!({ "id": id })), json!({ "data": { "node": null } }));

        let revoked = app.send_by(&admin, REVOKE, json!({ "id": id }));
        assert_eq!(revoked["data"]["revokeToken"], json!({ "token": { "revokedBy": "Ada" }, "userErrors": [] }));
        let refused = editor.post(format!("{}/graphql", app.url)).json(&json!({ "query": VIEWER })).send().unwrap();
        assert_eq!(refused.status(), 401);
        assert_eq!(refused.headers()["www-authenticate"], "Bearer");
        let refused: Value = refused.json().unwrap();
        assert_eq!(code(&refused), "UNAUTHENTICATED");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("was revoked"), "{refused}");
        assert!(refused.get("data").is_none(), "{refused}");
    }

    fn token_is_good_until_it_expires(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let input = json!({ "name": "Eve", "role": "READER", "expiresInDays": 1 });
        let answer = app.send_by(&admin, MAKE_TOKEN, json!({ "input": input }));
        let reader = client(answer["data"]["createToken"]["secret"].as_str());
        assert_eq!(app.send_by(&reader, VIEWER, json!({}))["data"]["viewer"]["name"], "Eve");
        app.execute_sql("UPDATE tokens SET expires_at = '2026-01-01 00:00:00' WHERE name = 'Eve'");
        let refused = app.send_by(&reader, VIEWER, json!({}));
        assert_eq!(code(&refused), "UNAUTHENTICATED");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("has expired"), "{refused}");
    }

    fn faulty_tokens_are_not_made(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        for (input, fault, field) in [
            (json!({ "name": "", "role": "READER" }), "INVALID", "name"),
            (json!({ "name": " Eve", "role": "READER" }), "INVALID", "name"),
            (json!({ "name": "operator", "role": "READER" }), "INVALID", "name"),
            (json!({ "name": "E".repeat(101), "role": "READER" }), "TOO_LONG", "name"),
            (json!({ "name": "Eve", "role": "ANONYMOUS" }), "INVALID", "role"),
            (json!({ "name": "Eve", "role": "READER", "expiresInDays": 0 }), "OUT_OF_RANGE", "expiresInDays"),
            (json!({ "name": "Eve", "role": "READER", "expiresInDays": 3651 }), "OUT_OF_RANGE", "expiresInDays"),
        ] {
            let answer = app.send_by(&admin, MAKE_TOKEN, json!({ "input": input }));
            let payload = &answer["data"]["createToken"];
            assert_eq!(payload["userErrors"][0]["code"], fault, "{input}: {answer:#}");
            assert_eq!(payload["userErrors"][0]["path"], json!(["input", field]));
            assert!(payload["token"].is_null() && payload["secret"].is_null());
        }
        for (id, fault) in [("x".to_owned(), "INVALID"), (nobody(), "NOT_FOUND")] {
            let answer = app.send_by(&admin, REVOKE, json!({ "id": id }));
            let errors = json!([{ "code": fault, "path": ["input", "tokenId"] }]);
            assert_eq!(answer["data"]["revokeToken"]["userErrors"], errors, "{answer:#}");
        }
    }

    fn browser_signs_in_writes_from_our_own_pages_and_signs_out(app: Empty) {
        let token = app.token("Eve", Role::Editor);
        let own = [("origin", app.url.as_str())];
        let response = post_session(&app, &own, &token);
        assert_eq!(response.status(), 200);
        let set = response.headers()["set-cookie"].to_str().unwrap().to_owned();
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
            assert!(set.contains(part), "{set} lacks {part}");
        }
        assert!(!set.contains("Secure"), "{set}: the test's server has no TLS");
        let cookie = cookie_of(&response);
        assert!(!cookie.contains(&token), "the cookie holds the token itself");
        assert_eq!(response.json::<Value>().unwrap(), json!({ "name": "Eve", "role": "EDITOR" }));

        let viewer = with_cookie(&app, &cookie, &[], VIEWER).json::<Value>().unwrap();
        assert_eq!(viewer["data"]["viewer"], json!({ "name": "Eve", "role": "EDITOR" }));

        for foreign in [
            vec![],
            vec![("origin", "https://evil.example")],
            vec![("sec-fetch-site", "cross-site"), own[0]],
            vec![("sec-fetch-site", "same-site"), own[0]],
        ] {
            let refused = with_cookie(&app, &cookie, &foreign, CREATE);
            assert_eq!(refused.status(), 403, "{foreign:?}");
            assert_eq!(code(&refused.json().unwrap()), "FORBIDDEN", "{foreign:?}");
        }
        assert_eq!(app.log_position(), 0, "a foreign page has written");
        let written = with_cookie(&app, &cookie, &own, CREATE).json::<Value>().unwrap();
        assert!(written["data"]["createParty"]["party"]["id"].is_string(), "{written:#}");
        let log = app.data("{ changes { nodes { actor } } }", json!({}));
        assert_eq!(log["changes"]["nodes"], json!([{ "actor": "Eve" }]));

        let sign_out = |origin: &str| {
            let request = client(None).delete(format!("{}/session", app.url));
            request.header("cookie", &cookie).header("origin", origin).send().unwrap()
        };
        assert_eq!(sign_out("https://evil.example").status(), 403);
        let response = sign_out(&app.url);
        assert_eq!(response.status(), 204);
        assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        // On the server, too: a copy of the cookie is good for nothing.
        let viewer = with_cookie(&app, &cookie, &own, VIEWER).json::<Value>().unwrap();
        assert_eq!(viewer["data"]["viewer"]["role"], "ANONYMOUS");
        let refused = with_cookie(&app, &cookie, &own, CREATE).json::<Value>().unwrap();
        assert_eq!(code(&refused), "UNAUTHENTICATED");
    }

    fn sign_in_ends_with_its_token(app: Empty) {
        let cookie = cookie_of(&post_session(&app, &[], &app.token("Eve", Role::Editor)));
        let role = || {
            with_cookie(&app, &cookie, &[], VIEWER).json::<Value>().unwrap()["data"]["viewer"]["role"].take()
        };
        assert_eq!(role(), "EDITOR");
        app.execute_sql("UPDATE tokens SET expires_at = '2026-01-01 00:00:00' WHERE name = 'Eve'");
        assert_eq!(role(), "ANONYMOUS");
        app.execute_sql("UPDATE tokens SET expires_at = NULL WHERE name = 'Eve'");
        assert_eq!(role(), "EDITOR");
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let tokens = app.send_by(&admin, "{ tokens { nodes { id name } } }", json!({}));
        let tokens = tokens["data"]["tokens"]["nodes"].as_array().unwrap().clone();
        let id = &tokens.iter().find(|token| token["name"] == "Eve").unwrap()["id"];
        app.send_by(&admin, REVOKE, json!({ "id": id }));
        assert_eq!(role(), "ANONYMOUS");
    }

    fn signing_in_takes_a_good_token(app: Empty) {
        let good = app.token("Eve", Role::Editor);
        let other = TestApp::spawn(Engine::Sqlite, Data::Empty).token("Eve", Role::Editor);
        let mistyped = good.replacen(&good[10..12], "--", 1);
        for wrong in ["", "hunter2", &other, &mistyped] {
            let refused = post_session(&app, &[], wrong);
            assert_eq!(refused.status(), 401, "{wrong}");
            assert!(!refused.headers().contains_key("set-cookie"));
            let body = refused.text().unwrap();
            assert!(body.contains("UNAUTHENTICATED") && !body.contains("hunter2"), "{body}");
        }
        assert_eq!(post_session(&app, &[("origin", "https://evil.example")], &good).status(), 403);
        let form = client(None).post(format!("{}/session", app.url));
        let form = form.header("content-type", "text/plain").body(format!("{{\"token\":\"{good}\"}}"));
        assert_eq!(form.send().unwrap().status(), 415);
        let other = client(None).post(format!("{}/session", app.url)).json(&json!({ "password": "x" }));
        assert_eq!(other.send().unwrap().status(), 400);
        let replaced = client(None).put(format!("{}/session", app.url)).send().unwrap();
        assert_eq!((replaced.status().as_u16(), replaced.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD, POST, DELETE"));
    }

    fn header_that_is_no_token_is_refused_and_not_repeated(app: Empty) {
        for value in ["Bearer hunter2", "hunter2", "Basic aHVudGVyMg==", ""] {
            let request = client(None).get(format!("{}/graphql?query={{__typename}}", app.url));
            let refused = request.header("authorization", value).send().unwrap();
            assert_eq!(refused.status(), 401, "{value}");
            let body = refused.text().unwrap();
            assert!(body.contains("UNAUTHENTICATED"), "{body}");
            assert!(!body.contains("hunter2") && !body.contains("aHVud"), "{body}");
        }
    }

    fn secrets_are_kept_nowhere(app: Empty) {
        let token = app.token("Eve", Role::Editor);
        let cookie = cookie_of(&post_session(&app, &[], &token));
        let secret = cookie.split_once('=').unwrap().1;
        let folder = TempDir::new().unwrap();
        for (flags, holds_names) in [(vec![], true), (vec!["--without-tokens"], false)] {
            let arguments = [vec!["dump", "--database-url", &app.database_url], flags].concat();
            let dump = text(&clausewatch(&arguments, folder.path()).stdout);
            assert!(dump.contains("clausewatch dump"), "{dump}");
            assert_eq!(dump.contains("\"Eve\""), holds_names, "{dump}");
            assert!(!dump.contains(&token[4..40]) && !dump.contains(&secret[4..40]), "{dump}");
        }
    }
}

/// An id of a token that is not there.
fn nobody() -> String {
    use clausewatch::domain::{GlobalId, Id, Kind};
    GlobalId::new(Kind::Token, Id::<()>::new()).encode()
}

fn private_server_answers_those_alone_who_have_a_token(engine: Engine) {
    let app = TestApp::spawn_with(engine, Data::Sample, |config| config.private = true);
    let query = "{ agreements { totalCount } }";
    for query in [query, VIEWER, "{ __schema { queryType { name } } }"] {
        let refused = app.send_by(&client(None), query, json!({}));
        assert_eq!(code(&refused), "UNAUTHENTICATED");
        assert!(refused.get("data").is_none(), "{refused}");
    }
    let reader = client(Some(&app.token("Rita", Role::Reader)));
    assert_eq!(app.send_by(&reader, query, json!({}))["data"]["agreements"]["totalCount"], 10);
    let cookie = cookie_of(&post_session(&app, &[], &app.token("Rita", Role::Reader)));
    let answer = with_cookie(&app, &cookie, &[], query).json::<Value>().unwrap();
    assert_eq!(answer["data"]["agreements"]["totalCount"], 10);
}

#[test]
fn private_server_answers_those_alone_who_have_a_token_sqlite() {
    private_server_answers_those_alone_who_have_a_token(Engine::Sqlite);
}

#[test]
fn private_server_answers_those_alone_who_have_a_token_postgres() {
    private_server_answers_those_alone_who_have_a_token(Engine::Postgres);
}

#[test]
fn cookie_goes_by_tls_alone_where_people_use_it() {
    let app = TestApp::spawn_with(Engine::Sqlite, Data::Empty, |config| {
        config.public_url = Some("https://treaties.example".parse().unwrap());
    });
    let response = post_session(
        &app,
        &[("origin", "https://treaties.example")],
        &app.token("Eve", Role::Editor),
    );
    assert_eq!(response.status(), 200);
    assert!(response.headers()["set-cookie"].to_str().unwrap().contains("Secure"));
    let written = with_cookie(
        &app,
        &cookie_of(&response),
        &[("origin", "https://treaties.example"), ("host", "treaties.example")],
        CREATE,
    );
    let written = written.json::<Value>().unwrap();
    assert!(written["data"]["createParty"]["party"]["id"].is_string(), "{written:#}");
}

/// The commands, beside a server that is running.
fn tokens_by_command(engine: Engine) {
    let database = Database::fresh(engine);
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--database-url", &database.url]].concat();
        clausewatch(&arguments, folder.path())
    };
    let mut server = Process::start(&database.url, &["--no-sample"]);
    assert!(server.token.starts_with("cwt_"), "the first start makes a token");
    let viewer = |server: &Process| server.send(VIEWER, json!({})).unwrap();
    assert_eq!(viewer(&server)["data"]["viewer"], json!({ "name": "admin", "role": "ADMIN" }));

    let made = run(&["token", "create", "--name", "Eve", "--role", "editor", "--expires", "30"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    text(&made.stdout).lines().last().unwrap().clone_into(&mut server.token);
    assert_eq!(viewer(&server)["data"]["viewer"], json!({ "name": "Eve", "role": "EDITOR" }));

    let listed = text(&run(&["token", "list"]).stdout);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines[0].ends_with(": Eve") && lines[0].contains("expires"), "{listed}");
    assert!(lines[1].ends_with("does not expire: admin"), "{listed}");
    assert!(!listed.contains(&server.token), "{listed}");

    let id = lines[0].split(' ').next().unwrap();
    let revoked = run(&["token", "revoke", id]);
    assert!(revoked.status.success(), "{}", text(&revoked.stderr));
    assert_eq!(code(&viewer(&server)), "UNAUTHENTICATED");
    let listed = text(&run(&["token", "list"]).stdout);
    assert!(listed.lines().next().unwrap().contains("by operator: Eve"), "{listed}");

    for (arguments, said) in [
        (&["token", "create", "--name", "operator", "--role", "reader"][..], "--name: “operator”"),
        (
            &["token", "create", "--name", "Eve", "--role", "anonymous"],
            "must be reader, editor or admin",
        ),
        (
            &["token", "create", "--name", "Eve", "--role", "reader", "--expires", "0"],
            "--expires: 0 is out of range",
        ),
        (&["token", "revoke", "x"], "“x” is not the id of a token"),
        (&["token", "revoke", "01890000-0000-7000-8000-000000000000"], "there is no token"),
    ] {
        let output = run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let errors = text(&output.stderr);
        assert!(errors.contains(said), "{arguments:?}: {errors}");
    }
    drop(server);
    assert_eq!(
        Process::start(&database.url, &["--no-sample"]).token,
        "",
        "the second start makes none"
    );
}

#[test]
fn tokens_by_command_sqlite() {
    tokens_by_command(Engine::Sqlite);
}

#[test]
fn tokens_by_command_postgres() {
    tokens_by_command(Engine::Postgres);
}
