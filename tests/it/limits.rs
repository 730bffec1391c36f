//! Every limit. Requests within a limit succeed. Requests beyond it are rejected before any work, with a message that
//! contains the name of the limit, its value, and the value of the request.

mod connections;
mod rates;

use std::time::{Duration, Instant};

use clausewatch::limits::Limits;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use serde_json::{Value, json};

use crate::support::{Data, Engine, TestApp, on_both_databases};

/// The time limit for a hostile document. Executing such a document would take much longer than rejecting it.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// A server with these limits.
fn limited(set: impl FnOnce(&mut Limits)) -> TestApp {
    TestApp::spawn_with(Engine::Sqlite, Data::Sample, |config| set(&mut config.limits))
}

/// Sends a document. Returns the status and the response.
fn send(app: &TestApp, query: &str, variables: &Value) -> (u16, Value) {
    let body = json!({ "query": query, "variables": variables });
    let request = app.client().post(format!("{}/graphql", app.url));
    let request = request.header("accept", "application/graphql-response+json").json(&body);
    let answer = request.send().expect("the server answers");
    (answer.status().as_u16(), answer.json().expect("the answer is JSON"))
}

#[track_caller]
fn assert_accepted(app: &TestApp, query: &str) {
    let (status, answer) = send(app, query, &json!({}));
    assert!(status == 200 && answer.get("errors").is_none(), "{query}\n{status} {answer}");
}

/// Asserts that this limit rejects the document, with a message that contains `words`.
#[track_caller]
fn assert_exceeds(app: &TestApp, query: &str, limit: &str, words: &str) {
    let (status, answer) = send(app, query, &json!({}));
    let error = &answer["errors"][0];
    assert_eq!(status, 400, "{answer}");
    assert_eq!(
        error["extensions"],
        json!({ "code": "LIMIT_EXCEEDED", "limit": limit }),
        "{answer}"
    );
    assert!(error["message"].as_str().unwrap().contains(words), "{answer}");
    assert!(answer.get("data").is_none(), "{answer}");
}

#[test]
fn limit_errors_name_the_limit_and_both_values() {
    let app = limited(|limits| {
        limits.max_tokens = 40;
        limits.max_depth = 4;
        limits.max_aliases = 3;
        limits.max_root_fields = 5;
        limits.max_directives = 2;
        limits.max_selections = 8;
    });
    let fields = |count: usize| "__typename ".repeat(count);
    assert_accepted(&app, "{ agreements { nodes { clauses { totalCount } } } }");
    assert_exceeds(
        &app,
        &format!("{{ {} }}", fields(39)),
        "max-tokens",
        "41 tokens, and at most 40",
    );
    assert_exceeds(
        &app,
        "{ agreements { nodes { clauses { nodes { number } } } } }",
        "max-depth",
        "5 levels of fields, with its fragments expanded; at most 4",
    );
    assert_accepted(&app, "{ a: __typename b: __typename c: __typename __typename }");
    assert_exceeds(
        &app,
        "{ a: __typename b: __typename c: __typename d: __typename }",
        "max-aliases",
        "4 aliases, with its fragments expanded; at most 3",
    );
    assert_exceeds(
        &app,
        "{ ...F ...F } fragment F on Query { a: __typename b: __typename }",
        "max-aliases",
        "4 aliases",
    );
    assert_accepted(&app, &format!("{{ {} }}", fields(5)));
    assert_exceeds(
        &app,
        &format!("{{ {} }}", fields(6)),
        "max-root-fields",
        "6 fields at its root",
    );
    assert_exceeds(
        &app,
        "{ __typename @skip(if: true) ... @skip(if: true) { a: __typename @skip(if: true) } }",
        "max-directives",
        "3 directives",
    );
    assert_exceeds(
        &app,
        &format!("{{ {} }}", fields(9)),
        "max-selections",
        "more than 8 selections",
    );
    assert_exceeds(
        &app,
        "{ ...A ...A } fragment A on Query { ...B ...B } fragment B on Query { x }",
        "max-selections",
        "more than 8 selections",
    );
    // The limits apply to each operation separately, because a document can contain several operations, and a request
    // executes only one.
    let two = "query A { a: __typename b: __typename } query B { a: __typename b: __typename }";
    let (status, answer) = send(&app, two, &json!({}));
    assert_eq!(
        (status, &answer["errors"][0]["extensions"]["code"]),
        (400, &json!("GRAPHQL_VALIDATION_FAILED"))
    );
}

#[test]
fn excessive_estimate_is_rejected_before_reading() {
    let app = limited(|limits| {
        limits.max_nodes = 1000;
        limits.max_fields = 3000;
    });
    let cost = "cost { nodes maxNodes fields maxFields }";
    let data = app.data(
        &format!("query($n: Int = 10) {{ {cost} agreements(first: $n) {{ nodes {{ clauses(last: 20) {{ totalCount edges {{ node {{ number }} }} }} }} }} }}"),
        json!({}),
    );
    // 437 fields: 2 at the root, 4 in `cost`, and `nodes`. Each of the 10 agreements adds 3: `clauses` and its 2
    // fields. Each of the 200 edges adds 2: `node` and `number`.
    assert_eq!(
        data["cost"],
        json!({ "nodes": 210, "maxNodes": 1000, "fields": 437, "maxFields": 3000 })
    );

    let before = app.db().statements();
    assert_exceeds(
        &app,
        "{ agreements { nodes { clauses { nodes { number } } } } }",
        "max-nodes",
        "2550 nodes; at most 1000",
    );
    let variables = "query($n: Int!) { agreements(first: 10) { nodes { clauses(first: $n) { nodes { number } } } } }";
    let (_, answer) = send(&app, variables, &json!({ "n": 100 }));
    assert_eq!(answer["errors"][0]["extensions"]["limit"], "max-nodes", "{answer}");
    let many: String =
        (0..40).map(|number| format!("a{number}: number ")).collect::<Vec<_>>().concat();
    assert_exceeds(
        &app,
        &format!("{{ clauses(first: 100) {{ nodes {{ {many} }} }} }}"),
        "max-fields",
        "4002 fields; at most 3000",
    );
    assert_eq!(app.db().statements(), before, "rejected documents must not read the database");

    let (status, answer) = send(&app, variables, &json!({ "n": 99 }));
    assert!(status == 200 && answer.get("errors").is_none(), "{answer}");
    // The estimate also covers lists without pages, including introspection, whose lists are very long.
    assert_exceeds(&app, "{ __schema { types { fields { name } } } }", "max-nodes", "nodes");
}

on_both_databases! {
    fn introspection_queries_of_common_clients_are_accepted(app: SharedSample) {
        let nested = "ofType { kind name ".repeat(9);
        let reference = format!("kind name {nested} {}", "}".repeat(9));
        let query = format!(
            "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} \
             subscriptionType {{ name kind }} types {{ ...FullType }} directives {{ name description isRepeatable locations \
             args(includeDeprecated: true) {{ ...InputValue }} }} }} }} \
             fragment FullType on __Type {{ kind name description specifiedByURL isOneOf \
             fields(includeDeprecated: true) {{ name description args(includeDeprecated: true) {{ ...InputValue }} \
             type {{ ...TypeRef }} isDeprecated deprecationReason }} inputFields(includeDeprecated: true) {{ ...InputValue }} \
             interfaces {{ ...TypeRef }} enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} \
             possibleTypes {{ ...TypeRef }} }} \
             fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason }} \
             fragment TypeRef on __Type {{ {reference} }}"
        );
        let data = app.data(&query, json!({}));
        assert!(data["__schema"]["types"].as_array().unwrap().len() > 100);
        let deep = "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }";
        let (code, message) = app.error(deep, json!({}));
        assert_eq!((code.as_str(), message.contains("`fields` 3 lists deep")), ("LIMIT_EXCEEDED", true), "{message}");
    }

    fn expensive_documents_are_validated_or_rejected_in_time(app: Sample) {
        let doubling: String = (0..24).map(|level| format!("fragment F{level} on Query {{ ...F{0} ...F{0} }} ", level + 1)).collect::<Vec<_>>().concat();
        let doubling = format!("{{ ...F0 }} {doubling} fragment F24 on Query {{ __typename }}");
        assert!(doubling.len() < 1200);
        let variables: String = (0..1500).map(|number| format!("$v{number}: Int ")).collect::<Vec<_>>().concat();
        let listed = |count: usize| format!("{{ clauses(first: 0, filter: {{ status: [{}] }}) {{ totalCount }} }}", "VOID ".repeat(count));
        for (case, query, status) in [
            ("doubling fragments", doubling, 400),
            ("the same field very often", format!("{{ topics {{ {} }} }}", "slug ".repeat(2000)), 200),
            ("the same list very often", format!("{{ topics {{ {} }} }}", "parent { slug } ".repeat(500)), 200),
            ("many variables", format!("query({variables}) {{ __typename }}"), 400),
            ("many errors", format!("{{ topics {{ {} }} }}", "nothing ".repeat(9000)), 400),
            ("a long list", listed(9000), 200),
            ("a list over the limit", listed(100_000), 400),
            ("circular fragments", "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }".to_owned(), 400),
        ] {
            let began = Instant::now();
            let (found, answer) = send(&app, &query, &json!({}));
            let (elapsed, text) = (began.elapsed(), answer.to_string());
            assert_eq!(found, status, "{case}: {}", text.chars().take(1000).collect::<String>());
            assert!(elapsed < TIME_LIMIT, "{case} took {elapsed:?}");
            assert!(status == 200 || text.len() < 3000, "{case}: {text}");
        }
        let long: Vec<&str> = vec!["VOID"; 50_000];
        let began = Instant::now();
        let query = "query($s: [ClauseStatus!]) { clauses(first: 0, filter: { status: $s }) { totalCount } }";
        let (status, answer) = send(&app, query, &json!({ "s": long }));
        assert_eq!(status, 200, "{answer}");
        assert!(began.elapsed() < TIME_LIMIT, "a long list in a variable took {:?}", began.elapsed());
    }

    fn batch_is_rejected_with_a_message(app: Empty) {
        let request = app.client().post(format!("{}/graphql", app.url)).json(&json!([{ "query": "{ __typename }" }]));
        let answer = request.send().unwrap();
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().unwrap();
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("batches are not supported"), "{body}");
    }
}

#[test]
fn request_over_the_time_limit_is_ended() {
    let app = TestApp::spawn_with(Engine::Postgres, Data::Sample, |config| {
        config.limits.request_timeout = 1;
    });
    let mut holder = hold_table(&app.database_url);
    let (status, answer) = send(&app, "{ topics { slug } }", &json!({}));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "TIMEOUT", "{status} {answer}");
    assert_eq!(answer["data"]["topics"], Value::Null, "{answer}");
    holder.batch_execute("ROLLBACK").unwrap();
    assert_accepted(&app, "{ topics { slug } }");
}

/// Blocks reads of the table of topics until the transaction of the returned connection ends.
fn hold_table(url: &str) -> PgConnection {
    let mut connection = PgConnection::establish(url).unwrap();
    connection.batch_execute("BEGIN; LOCK TABLE topics IN ACCESS EXCLUSIVE MODE").unwrap();
    connection
}

#[test]
fn request_that_waits_for_another_writer_is_ended_in_time() {
    let app = limited(|limits| limits.request_timeout = 1);
    let id = app.clause_id("minsk-2", "9");
    let mut other =
        SqliteConnection::establish(app.database_url.strip_prefix("sqlite:").unwrap()).unwrap();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let write = "mutation($id: ID!) { updateClauseStatus(input: { clauseId: $id, status: PARTIAL, effectiveOn: \"2016-03-01\", note: \"Seen.\" }) { userErrors { message } } }";
    // The other writer keeps its lock until the server has responded.
    let answer = app.send(write, json!({ "id": id }));
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
    assert!(matches!(code, "UNAVAILABLE" | "TIMEOUT"), "{answer}");
    other.batch_execute("ROLLBACK").unwrap();
    let data = app.data(write, json!({ "id": id }));
    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
}
