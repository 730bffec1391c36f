//! Trusted documents are executed by id over every transport. With `--trusted-documents-only`, no other documents are
//! valid.

use std::collections::BTreeMap;
use std::fs;

use clausewatch::domain::viewer::Role;
use clausewatch::graphql::{Executor, ReadAccess};
use clausewatch::http;
use reqwest::blocking::Response;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::changes::cursor;
use crate::support::{Data, Engine, Socket, TestApp, clausewatch, client, on_both_databases, text};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";
const TITLE: &str = "query Title($slug: String!) { agreement(slug: $slug) { shortTitle } }";
const CREATE: &str =
    r#"mutation { createTopic(input: { slug: "t", name: "T" }) { topic { slug } } }"#;
const FOLLOW: &str = "subscription($after: String) { changes(after: $after) { action } }";
const SEVERAL: &str =
    "query A { agreement(slug: \"minsk-2\") { slug } } query B { agreements { totalCount } }";

fn id_of(document: &str) -> String {
    Sha256::digest(document).iter().fold("sha256:".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}

/// A file with trusted documents.
struct Manifest(TempDir);

impl Manifest {
    fn new(content: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("own.json"), content).unwrap();
        Self(folder)
    }

    /// The documents that most tests use.
    fn usual() -> Self {
        let documents = [TITLE, CREATE, FOLLOW].map(|document| (id_of(document), document.into()));
        let mut documents: serde_json::Map<String, Value> = documents.into_iter().collect();
        documents.insert("x-own:several".to_owned(), SEVERAL.into());
        Self::new(&Value::Object(documents).to_string())
    }

    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("own.json")
    }
}

/// Another server on the same database with these trusted documents.
fn start_with_manifest(app: &TestApp, is_exclusive: bool) -> (TestApp, Manifest) {
    let manifest = Manifest::usual();
    let server = app.another_with(|config| {
        config.trusted_documents = Some(manifest.path());
        config.trusted_documents_only = is_exclusive;
        config.response_cache = bytesize::ByteSize::mb(1);
    });
    (server, manifest)
}

fn post(app: &TestApp, accept: &str, body: &Value) -> (u16, Value) {
    let request = client(None).post(format!("{}/graphql", app.url)).header("accept", accept);
    read(request.json(body).send().unwrap())
}

fn get(app: &TestApp, parameters: &[(&str, &str)]) -> Response {
    let address = url::Url::parse_with_params(&format!("{}/graphql", app.url), parameters).unwrap();
    client(None).get(address).header("accept", GRAPHQL).send().unwrap()
}

fn read(response: Response) -> (u16, Value) {
    (response.status().as_u16(), response.json().unwrap())
}

fn code(answer: &Value) -> &str {
    assert!(answer.get("data").is_none(), "{answer}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
    answer["errors"][0]["extensions"]["code"].as_str().unwrap()
}

/// The documents of the program are prepared when they are first used, so the start does not report an invalid one.
#[test]
fn documents_of_the_program_are_valid() {
    let app = TestApp::spawn(Engine::Sqlite, Data::SharedSample);
    let executor = Executor::new(app.db().clone(), ReadAccess::Public).unwrap();
    let web_app: BTreeMap<String, String> =
        serde_json::from_str(&http::documents().unwrap()).unwrap();
    assert!(web_app.len() > 50, "{} documents", web_app.len());
    let server = http::server_documents();
    let texts = web_app.values().map(String::as_str).chain(server.iter().map(|(_, text)| *text));
    for text in texts {
        if let Err(error) = executor.prepare_document(text) {
            panic!("{error}\n{text}");
        }
    }
}

on_both_databases! {
    fn documents_are_executed_by_id_over_every_transport(app: Sample) {
        let (app, _manifest) = start_with_manifest(&app, false);
        let (id, variables) = (id_of(TITLE), json!({ "slug": "minsk-2" }));
        let data = json!({ "data": { "agreement": { "shortTitle": "Minsk II" } } });
        for body in [
            json!({ "documentId": id, "variables": variables }),
            json!({ "documentId": id, "operationName": "Title", "variables": variables }),
            // Some clients always send `query`.
            json!({ "documentId": id, "query": "", "variables": variables }),
            json!({ "query": TITLE, "variables": variables }),
        ] {
            assert_eq!(post(&app, GRAPHQL, &body), (200, data.clone()), "{body}");
        }
        let response = get(&app, &[("documentId", &id), ("variables", &variables.to_string())]);
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(read(response), (200, data.clone()));
        // The response, including its entity tag, is the same as for the document's text.
        let response = get(&app, &[("query", TITLE), ("operationName", "Title"), ("variables", &variables.to_string())]);
        assert_eq!(response.headers()["etag"].to_str().unwrap(), get(&app, &[("documentId", &id), ("operationName", "Title"), ("variables", &variables.to_string())]).headers()["etag"]);
        let address = url::Url::parse_with_params(&format!("{}/graphql", app.url), [("documentId", id.as_str()), ("variables", &variables.to_string())]).unwrap();
        assert_eq!(client(None).get(address).header("if-none-match", tag).send().unwrap().status(), 304);

        let several = |name: &str| json!({ "documentId": "x-own:several", "operationName": name });
        assert_eq!(post(&app, GRAPHQL, &several("A")).1["data"]["agreement"]["slug"], "minsk-2");
        assert_eq!(post(&app, GRAPHQL, &several("B")).1["data"]["agreements"]["totalCount"], 10);

        let mut socket = Socket::ready(&app.url);
        socket.send_json(json!({ "type": "subscribe", "id": "a", "payload": { "documentId": id, "query": "", "variables": variables } }));
        assert_eq!(socket.receive()["payload"], data);
        assert_eq!(socket.receive()["type"], "complete");
        socket.send_json(json!({ "type": "subscribe", "id": "b", "payload": { "documentId": id_of(FOLLOW), "variables": { "after": cursor(&app, app.log_position()) } } }));
        let create = json!({ "documentId": id_of(CREATE) });
        assert_eq!(get(&app, &[("documentId", &id_of(CREATE))]).status(), 405);
        let refused = post(&app, GRAPHQL, &create).1;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused}");
        let written = app.analyst().post(format!("{}/graphql", app.url)).json(&create).send().unwrap();
        assert_eq!(read(written).1["data"]["createTopic"]["topic"]["slug"], "t");
        assert_eq!(socket.event("b")["changes"]["action"], "CREATED");

        let request = client(None).post(format!("{}/graphql", app.url)).header("accept", "text/event-stream");
        let events = request.json(&json!({ "documentId": id, "variables": variables })).send().unwrap().text().unwrap();
        assert!(events.contains(&data.to_string()), "{events}");
    }

    fn ids_without_a_document_are_rejected(app: Sample) {
        let (app, _manifest) = start_with_manifest(&app, false);
        let unknown = id_of("{ __typename }");
        for (body, status, expected) in [
            (json!({ "documentId": unknown }), 404, "DOCUMENT_NOT_FOUND"),
            (json!({ "documentId": "md5:0cc175b9c0f1b6a831c399e269772661" }), 404, "DOCUMENT_NOT_FOUND"),
            (json!({ "documentId": "none" }), 404, "DOCUMENT_NOT_FOUND"),
            (json!({ "documentId": "" }), 400, "BAD_REQUEST"),
            (json!({ "documentId": "../../etc/passwd" }), 400, "BAD_REQUEST"),
            (json!({ "documentId": "sha256:abc" }), 400, "BAD_REQUEST"),
            (json!({ "documentId": id_of(TITLE).to_uppercase().replace("SHA256", "sha256") }), 400, "BAD_REQUEST"),
            (json!({ "documentId": 7 }), 400, "BAD_REQUEST"),
            (json!({ "documentId": id_of(TITLE), "query": TITLE }), 400, "BAD_REQUEST"),
            (json!({ "variables": {} }), 400, "BAD_REQUEST"),
            (json!({ "documentId": id_of(TITLE), "operationName": "Other" }), 400, "GRAPHQL_VALIDATION_FAILED"),
            (json!({ "documentId": "x-own:several" }), 400, "GRAPHQL_VALIDATION_FAILED"),
        ] {
            let (found, answer) = post(&app, GRAPHQL, &body);
            assert_eq!((found, code(&answer)), (status, expected), "{body}: {answer}");
        }
        // With this media type, the HTTP status is always 200.
        assert_eq!(post(&app, JSON, &json!({ "documentId": unknown })).0, 200);
        for (parameters, status, expected) in [
            (vec![("documentId", unknown.as_str())], 404, "DOCUMENT_NOT_FOUND"),
            (vec![("documentId", "a b")], 400, "BAD_REQUEST"),
            (vec![("documentId", unknown.as_str()), ("query", TITLE)], 400, "BAD_REQUEST"),
            (vec![], 400, "BAD_REQUEST"),
        ] {
            let (found, answer) = read(get(&app, &parameters));
            assert_eq!((found, code(&answer)), (status, expected), "{parameters:?}: {answer}");
        }
        let mut socket = Socket::ready(&app.url);
        for (id, expected) in [(unknown.as_str(), "DOCUMENT_NOT_FOUND"), ("a b", "BAD_REQUEST")] {
            socket.send_json(json!({ "type": "subscribe", "id": "a", "payload": { "documentId": id } }));
            let said = socket.receive();
            assert_eq!((&said["type"], &said["payload"][0]["extensions"]["code"]), (&json!("error"), &json!(expected)));
        }
        let both = json!({ "documentId": unknown, "query": TITLE });
        socket.send_json(json!({ "type": "subscribe", "id": "a", "payload": both }));
        assert_eq!(socket.closed().0, 4400);
    }

    fn only_trusted_documents_are_executed_if_so_configured(app: Sample) {
        let (app, _manifest) = start_with_manifest(&app, true);
        let variables = json!({ "slug": "minsk-2" });
        let trusted = json!({ "documentId": id_of(TITLE), "variables": variables });
        assert_eq!(post(&app, GRAPHQL, &trusted).0, 200);
        let token = format!("Bearer {}", app.token("Ada", Role::Admin));
        for query in [TITLE, "{ __typename }", "{ __schema { queryType { name } } }", CREATE, FOLLOW, "{", ""] {
            for accept in [GRAPHQL, JSON, "text/event-stream"] {
                let request = client(None).post(format!("{}/graphql", app.url)).header("accept", accept);
                let request = request.header("authorization", &token);
                let response = request.json(&json!({ "query": query, "variables": variables })).send().unwrap();
                let status = response.status();
                let text = response.text().unwrap();
                assert!(text.contains("\"DOCUMENT_NOT_TRUSTED\""), "{query} {accept}: {text}");
                assert!(status == 403 || accept == "text/event-stream", "{query} {accept}: {status}");
            }
            let (status, answer) = read(get(&app, &[("query", query)]));
            assert_eq!((status, code(&answer)), (403, "DOCUMENT_NOT_TRUSTED"), "{query}");
        }
        let mut socket = Socket::ready(&app.url);
        for query in [TITLE, FOLLOW, "{"] {
            assert_eq!(socket.refused(query, variables.clone()).0, "DOCUMENT_NOT_TRUSTED", "{query}");
        }
        socket.send_json(json!({ "type": "subscribe", "id": "a", "payload": trusted }));
        assert_eq!(socket.receive()["payload"]["data"]["agreement"]["shortTitle"], "Minsk II");
    }

    fn limits_on_documents_do_not_apply_to_trusted_documents(app: Sample) {
        let manifest = Manifest::new(&json!({ "own": TITLE }).to_string());
        let app = app.another_with(|config| {
            config.trusted_documents = Some(manifest.path());
            config.limits.max_tokens = 5;
            config.limits.max_depth = 1;
            config.limits.max_nodes = 1;
        });
        let variables = json!({ "slug": "minsk-2" });
        assert_eq!(code(&post(&app, GRAPHQL, &json!({ "query": TITLE, "variables": variables })).1), "LIMIT_EXCEEDED");
        assert_eq!(post(&app, GRAPHQL, &json!({ "documentId": "own", "variables": variables })).0, 200);
        // Limits on the execution also apply to trusted documents.
        let app = app.another_with(|config| {
            config.trusted_documents = Some(manifest.path());
            config.limits.max_fields = 1;
        });
        assert_eq!(code(&post(&app, GRAPHQL, &json!({ "documentId": "own", "variables": variables })).1), "LIMIT_EXCEEDED");
    }

    fn file_with_an_invalid_document_prevents_the_start(app: Empty) {
        let folder = TempDir::new().unwrap();
        let start = |flags: &[&str]| {
            let serve = ["serve", "--bind", "127.0.0.1:0", "--database-url", &app.database_url];
            let output = clausewatch(&[&serve, flags].concat(), folder.path());
            assert!(!output.status.success(), "{flags:?}");
            text(&output.stderr)
        };
        for (content, part) in [
            ("{".to_owned(), "is not a JSON object"),
            (json!({ "md5:a": TITLE }).to_string(), "reserved"),
            (json!({ "own": "{ nope }" }).to_string(), "the document own is invalid"),
            (json!({ "own": "{ agreement(" }).to_string(), "the document own is invalid"),
            (json!({ "own": "fragment A on Query { __typename }" }).to_string(), "the document own is invalid"),
            (json!({ id_of(TITLE): "{ __typename }" }).to_string(), "has another hash"),
        ] {
            let manifest = Manifest::new(&content);
            let path = manifest.path();
            let said = start(&["--trusted-documents", path.to_str().unwrap()]);
            assert!(said.contains("own.json") && said.contains(part), "{content}: {said}");
        }
        assert!(start(&["--trusted-documents", "none.json"]).contains("none.json"));
        if cfg!(not(feature = "ui")) {
            assert!(start(&["--trusted-documents-only"]).contains("--trusted-documents"));
        }
    }
}
