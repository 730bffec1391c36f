//! Access tokens: creating, using and revoking them through the API and the commands, and their expiry.

use crate::support::{Database, Process, wait_until};

use super::*;

const CREATE_TOKEN: &str = "mutation($input: CreateTokenInput!) { createToken(input: $input) { \
                          token { id name role hint createdBy expiresAt revokedAt } secret userErrors { code message path } } }";

/// The id of a token that does not exist.
fn missing_token_id() -> String {
    use clausewatch::domain::{GlobalId, Id, Kind};
    GlobalId::new(Kind::Token, Id::<()>::new()).encode()
}

on_both_databases! {
    fn token_can_be_created_used_and_revoked(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let input = json!({ "name": "Eve Editor", "role": "EDITOR", "expiresInDays": 7 });
        let answer = app.send_by(&admin, CREATE_TOKEN, json!({ "input": input }));
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

        // The server records the use of a token only after it has responded.
        let tokens = "{ tokens { totalCount nodes { id name lastUsedAt } } }";
        wait_until("the use of the token is recorded", || {
            let list = app.send_by(&admin, tokens, json!({}));
            // The four tokens belong to the first admin, the analyst of the tests, Ada and Eve. Eve's token is the
            // newest.
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

    fn token_is_valid_until_it_expires(app: Empty) {
        let admin = client(Some(&app.token("Ada", Role::Admin)));
        let input = json!({ "name": "Eve", "role": "READER", "expiresInDays": 1 });
        let answer = app.send_by(&admin, CREATE_TOKEN, json!({ "input": input }));
        let reader = client(answer["data"]["createToken"]["secret"].as_str());
        assert_eq!(app.send_by(&reader, VIEWER, json!({}))["data"]["viewer"]["name"], "Eve");
        app.execute_sql("UPDATE tokens SET expires_at = '2026-01-01 00:00:00' WHERE name = 'Eve'");
        let refused = app.send_by(&reader, VIEWER, json!({}));
        assert_eq!(code(&refused), "UNAUTHENTICATED");
        assert!(refused["errors"][0]["message"].as_str().unwrap().contains("has expired"), "{refused}");
    }

    fn invalid_token_inputs_are_rejected(app: Empty) {
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
            let answer = app.send_by(&admin, CREATE_TOKEN, json!({ "input": input }));
            let payload = &answer["data"]["createToken"];
            assert_eq!(payload["userErrors"][0]["code"], fault, "{input}: {answer:#}");
            assert_eq!(payload["userErrors"][0]["path"], json!(["input", field]));
            assert!(payload["token"].is_null() && payload["secret"].is_null());
        }
        for (id, fault) in [("x".to_owned(), "INVALID"), (missing_token_id(), "NOT_FOUND")] {
            let answer = app.send_by(&admin, REVOKE, json!({ "id": id }));
            let errors = json!([{ "code": fault, "path": ["input", "tokenId"] }]);
            assert_eq!(answer["data"]["revokeToken"]["userErrors"], errors, "{answer:#}");
        }
    }

    fn invalid_authorization_header_is_rejected_and_not_quoted(app: Empty) {
        for value in ["Bearer hunter2", "hunter2", "Basic aHVudGVyMg==", ""] {
            let request = client(None).get(format!("{}/graphql?query={{__typename}}", app.url));
            let refused = request.header("authorization", value).send().unwrap();
            assert_eq!(refused.status(), 401, "{value}");
            let body = refused.text().unwrap();
            assert!(body.contains("UNAUTHENTICATED"), "{body}");
            assert!(!body.contains("hunter2") && !body.contains("aHVud"), "{body}");
        }
    }
}

/// Runs the token commands while a server runs.
fn token_commands_create_list_and_revoke_tokens(engine: Engine) {
    let database = Database::fresh(engine);
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let arguments = [arguments, &["--database-url", &database.url]].concat();
        clausewatch(&arguments, folder.path())
    };
    let mut server = Process::start(&database.url, &["--no-sample"]);
    assert!(server.token.starts_with("cwt_"), "the first start must print a token");
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
        "later starts print no token"
    );
}

#[test]
fn token_commands_create_list_and_revoke_tokens_sqlite() {
    token_commands_create_list_and_revoke_tokens(Engine::Sqlite);
}

#[test]
fn token_commands_create_list_and_revoke_tokens_postgres() {
    token_commands_create_list_and_revoke_tokens(Engine::Postgres);
}
