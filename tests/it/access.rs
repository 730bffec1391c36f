//! Authentication and authorization: the permissions of each role, and how a client identifies itself.

mod sign_in;
mod tokens;

use clausewatch::domain::viewer::Role;
use reqwest::blocking::Response;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Data, Engine, TestApp, clausewatch, client, on_both_databases, text};

const VIEWER: &str = "{ viewer { name role } }";

/// Creates a party. The test passes a slug that identifies the caller.
const CREATE: &str = "mutation($slug: String!) { createParty(input: { slug: $slug, name: \"P\", shortName: \"P\", \
                      kind: STATE }) { party { id } userErrors { message } } }";

const REVOKE: &str = "mutation($id: ID!) { revokeToken(input: { tokenId: $id }) { token { revokedBy } userErrors { code path } } }";

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{answer:#}"))
}

/// A value of an input type with all required fields, generated from introspection.
fn generate_value(types: &[Value], of: &Value) -> Value {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => generate_value(types, &of["ofType"]),
        "LIST" => json!([generate_value(types, &of["ofType"])]),
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
                        (
                            field["name"].as_str().unwrap().to_owned(),
                            generate_value(types, &field["type"]),
                        )
                    });
                    Value::Object(named.collect())
                }
                _ => json!("x"),
            }
        }
    }
}

/// The name, a document and a valid input of every mutation.
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
        (name, query, generate_value(types, input))
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

/// The cookie that the response sets, in the form that browsers send back.
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
    fn mutations_require_the_role_editor(app: Sample) {
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
        assert_eq!(app.log_position(), before, "rejected mutations must not write");
    }

    fn editors_cannot_use_operations_of_admins(app: Empty) {
        let tokens = "{ tokens { nodes { id } } }";
        assert_eq!(code(&app.send(tokens, json!({}))), "UNAUTHENTICATED");
        assert_eq!(code(&app.send_by(app.analyst(), tokens, json!({}))), "FORBIDDEN");
        let webhooks = "{ webhooks { nodes { id } } }";
        assert_eq!(code(&app.send(webhooks, json!({}))), "UNAUTHENTICATED");
        assert_eq!(code(&app.send_by(app.analyst(), webhooks, json!({}))), "FORBIDDEN");
        for (name, query, input) in every_mutation(&app) {
            if name.ends_with("Token") || name.contains("Webhook") {
                let answer = app.send(&query, json!({ "input": input }));
                assert_eq!(code(&answer), "FORBIDDEN", "{name}: {answer:#}");
            } else {
                let answer = app.send(&query, json!({ "input": input }));
                assert_eq!(answer.get("errors"), None, "{name}: {answer:#}");
            }
        }
    }

    fn viewer_returns_the_name_and_role_of_the_client(app: Empty) {
        let ask = |client| app.send_by(&client, VIEWER, json!({}))["data"]["viewer"].take();
        assert_eq!(ask(client(None)), json!({ "name": null, "role": "ANONYMOUS" }));
        for (role, name) in [(Role::Reader, "READER"), (Role::Editor, "EDITOR"), (Role::Admin, "ADMIN")] {
            let viewer = ask(client(Some(&app.token("Ann", role))));
            assert_eq!(viewer, json!({ "name": "Ann", "role": name }));
        }
    }

    fn secrets_are_not_stored(app: Empty) {
        let token = app.token("Eve", Role::Editor);
        let cookie = cookie_of(&post_session(&app, &[], &token));
        let secret = cookie.split_once('=').unwrap().1;
        let folder = TempDir::new().unwrap();
        for (flags, contains_names) in [(vec![], true), (vec!["--without-tokens"], false)] {
            let arguments = [vec!["dump", "--database-url", &app.database_url], flags].concat();
            let dump = text(&clausewatch(&arguments, folder.path()).stdout);
            assert!(dump.contains("clausewatch dump"), "{dump}");
            assert_eq!(dump.contains("\"Eve\""), contains_names, "{dump}");
            assert!(!dump.contains(&token[4..40]) && !dump.contains(&secret[4..40]), "{dump}");
        }
    }
}

fn private_server_rejects_requests_without_a_token(engine: Engine) {
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
fn private_server_rejects_requests_without_a_token_sqlite() {
    private_server_rejects_requests_without_a_token(Engine::Sqlite);
}

#[test]
fn private_server_rejects_requests_without_a_token_postgres() {
    private_server_rejects_requests_without_a_token(Engine::Postgres);
}
