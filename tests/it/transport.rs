//! GraphQL over HTTP: media types, methods, statuses, bounds, who may write.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::{Data, Engine, TestApp, on_both_databases};

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// An answer, read to its end.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    text: String,
}

impl Answer {
    fn of(response: Response) -> Self {
        let text = |value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned();
        let headers = response.headers().iter();
        Self {
            status: response.status().as_u16(),
            headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
            text: response.text().unwrap(),
        }
    }

    fn header(&self, name: &str) -> &str {
        let header = self.headers.iter().find(|header| header.0 == name);
        header.map_or("", |header| &header.1)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts that this is a refusal with that status and code, and without a key `data`.
    fn assert_refused(&self, status: u16, code: &str, case: &str) {
        let body = self.json();
        assert_eq!(self.status, status, "{case}: {body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{case}: {body}");
        assert!(body.get("data").is_none(), "{case}: {body}");
    }
}

fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = app.client().request(method, format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request.body(body.to_owned()).send().expect("the server answers"))
}

fn post(app: &TestApp, accept: &str, body: &Value) -> Answer {
    let headers = [("content-type", JSON), ("accept", accept)];
    ask(app, Method::POST, "/graphql", &headers, &body.to_string())
}

fn get(app: &TestApp, parameters: &[(&str, &str)]) -> Answer {
    let address = url::Url::parse_with_params(&format!("{}/graphql", app.url), parameters).unwrap();
    let request = app.client().get(address).header("accept", GRAPHQL);
    Answer::of(request.send().expect("the server answers"))
}

/// Sends bytes as they are and gives the first line of what comes back, and its body.
fn send_bytes(app: &TestApp, bytes: &[u8]) -> (String, String) {
    let mut stream = TcpStream::connect(app.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(bytes).expect("the server takes it");
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    // To the end of the answer's body, as the server may keep the connection open.
    while !answer.ends_with(b"}") {
        match stream.read(&mut buffer).expect("the server answers") {
            0 => break,
            count => answer.extend_from_slice(&buffer[..count]),
        }
    }
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

/// A mutation that records a status, with everything in its text.
fn mutation(app: &TestApp) -> String {
    let id = app.clause_id("minsk-2", "9");
    format!(
        r#"mutation Record {{ updateClauseStatus(input: {{ clauseId: "{id}", status: PARTIAL, effectiveOn: "2016-03-01", note: "Seen." }}) {{ clause {{ version }} userErrors {{ code message }} }} }}"#
    )
}

const TITLE: &str = r#"{ agreement(slug: "minsk-2") { slug } }"#;

on_both_databases! {
    fn body_of_another_type_is_refused_with_415(app: Sample) {
        let body = json!({ "query": mutation(&app) }).to_string();
        let before = app.log_position();
        for media in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=x"),
            Some("application/graphql"),
            Some("application/jsonp"),
            Some("application/json; charset=latin1"),
        ] {
            let headers: Vec<_> = media.map(|media| ("content-type", media)).into_iter().collect();
            let answer = ask(&app, Method::POST, "/graphql", &headers, &body);
            answer.assert_refused(415, "UNSUPPORTED_MEDIA_TYPE", &format!("{media:?}"));
        }
        assert_eq!(app.log_position(), before);
    }

    fn body_of_json_in_utf_8_is_taken(app: Sample) {
        for media in [JSON, "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\""] {
            let body = json!({ "query": TITLE }).to_string();
            let answer = ask(&app, Method::POST, "/graphql", &[("content-type", media)], &body);
            assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"data":{"agreement":{"slug":"minsk-2"}}}"#), "{media}");
        }
    }

    fn accept_decides_the_media_type_of_the_answer(app: Sample) {
        for (accept, expected) in [
            ("*/*", JSON),
            ("application/*", JSON),
            (JSON, JSON),
            (GRAPHQL, GRAPHQL),
            ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
            ("application/json, application/graphql-response+json;q=0.5", JSON),
            ("application/json;q=0.2, application/graphql-response+json;q=0.3", GRAPHQL),
            ("application/json;q=0, */*;q=0.1", GRAPHQL),
            ("text/html, */*;q=0.1", JSON),
        ] {
            let answer = post(&app, accept, &json!({ "query": TITLE }));
            assert_eq!(answer.status, 200, "{accept}");
            assert_eq!(answer.header("content-type"), format!("{expected}; charset=utf-8"), "{accept}");
            assert_eq!(answer.header("vary").to_lowercase(), "accept", "{accept}");
        }
    }

    fn accept_that_allows_no_json_is_refused_with_406_and_nothing_is_written(app: Sample) {
        let body = json!({ "query": mutation(&app) });
        let before = app.log_position();
        for accept in ["text/html", "application/json;q=0", "application/json; charset=latin1", "image/*"] {
            post(&app, accept, &body).assert_refused(406, "NOT_ACCEPTABLE", accept);
        }
        assert_eq!(app.log_position(), before);
    }

    fn query_by_get_takes_variables_and_operation_name(app: Sample) {
        let query = "query A($s: String!) { agreement(slug: $s) { slug } } query B { party(slug: \"ukraine\") { slug } }";
        let variables = r#"{"s":"minsk-protocol"}"#;
        let first = get(&app, &[("query", query), ("variables", variables), ("operationName", "A")]);
        assert_eq!((first.status, first.json()), (200, json!({ "data": { "agreement": { "slug": "minsk-protocol" } } })));
        let second = get(&app, &[("query", query), ("operationName", "B"), ("variables", ""), ("extensions", "{}")]);
        assert_eq!((second.status, second.json()), (200, json!({ "data": { "party": { "slug": "ukraine" } } })));
    }

    fn query_with_a_name_needs_no_operation_name(app: Sample) {
        let query = r#"query A { agreement(slug: "minsk-2") { slug } }"#;
        for answer in [get(&app, &[("query", query)]), post(&app, GRAPHQL, &json!({ "query": query }))] {
            assert_eq!(answer.json(), json!({ "data": { "agreement": { "slug": "minsk-2" } } }));
        }
    }

    fn mutation_by_get_is_refused_with_405_and_nothing_is_written(app: Sample) {
        let named = mutation(&app);
        let anonymous = named.replacen("mutation Record", "mutation", 1);
        let several = format!("{named} query Other {{ __typename }}");
        let before = app.log_position();
        for parameters in [
            vec![("query", anonymous.as_str())],
            vec![("query", &named)],
            vec![("query", &named), ("operationName", "Record")],
            vec![("query", &several), ("operationName", "Record")],
        ] {
            let answer = get(&app, &parameters);
            answer.assert_refused(405, "METHOD_NOT_ALLOWED", &format!("{parameters:?}"));
            assert_eq!(answer.header("allow"), "POST");
        }
        assert_eq!(app.log_position(), before);
        let other = get(&app, &[("query", &several), ("operationName", "Other")]);
        assert_eq!(other.json(), json!({ "data": { "__typename": "Query" } }));
    }

    fn mutation_with_a_name_needs_no_operation_name(app: Sample) {
        let before = app.log_position();
        let answer = post(&app, GRAPHQL, &json!({ "query": mutation(&app) })).json();
        assert_eq!(answer["data"]["updateClauseStatus"]["userErrors"], json!([]), "{answer}");
        assert_eq!(app.log_position(), before + 1);
    }

    fn other_methods_are_refused_with_405(app: Empty) {
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let answer = ask(&app, method.clone(), "/graphql", &[("content-type", JSON)], "{}");
            answer.assert_refused(405, "METHOD_NOT_ALLOWED", method.as_str());
            assert_eq!(answer.header("allow"), "GET, POST", "{method}");
        }
        let head = ask(&app, Method::HEAD, "/graphql", &[], "");
        assert_eq!((head.status, head.header("allow")), (405, "GET, POST"));
    }

    fn body_that_is_no_request_is_refused_with_400(app: Empty) {
        for body in [
            "", " ", "{", "null", "1", "\"{ __typename }\"", "{}", "[]", "\u{feff}{\"query\":\"{ __typename }\"}",
            r#"["{ __typename }"]"#,
            r#"[{"query":"{ __typename }"}]"#,
            r#"{"query":"{ __typename }"} {}"#,
            r#"{"query":null}"#,
            r#"{"query":["{ __typename }"]}"#,
            r#"{"query":"{ __typename }","variables":[]}"#,
            r#"{"query":"{ __typename }","variables":"{}"}"#,
            r#"{"query":"{ __typename }","operationName":1}"#,
            r#"{"query":"{ __typename }","extensions":[]}"#,
        ] {
            for accept in [GRAPHQL, JSON] {
                let headers = [("content-type", JSON), ("accept", accept)];
                let answer = ask(&app, Method::POST, "/graphql", &headers, body);
                answer.assert_refused(400, "BAD_REQUEST", body);
            }
        }
        let nulls = json!({ "query": "{ __typename }", "variables": null, "operationName": null, "extensions": null, "other": 1 });
        assert_eq!(post(&app, GRAPHQL, &nulls).json(), json!({ "data": { "__typename": "Query" } }));
    }

    fn address_that_is_no_request_is_refused_with_400(app: Empty) {
        let query = ("query", "{ __typename }");
        for parameters in [
            vec![],
            vec![("operationName", "A")],
            vec![query, ("variables", "[]")],
            vec![query, ("variables", "{")],
            vec![query, ("extensions", "1")],
        ] {
            get(&app, &parameters).assert_refused(400, "BAD_REQUEST", &format!("{parameters:?}"));
        }
    }

    fn body_that_is_not_utf_8_is_refused_with_400(app: Empty) {
        let request = app.client().post(format!("{}/graphql", app.url)).header("content-type", JSON);
        let answer = Answer::of(request.body(b"{\"query\":\"{ __typename } #\xff\"}".to_vec()).send().unwrap());
        answer.assert_refused(400, "BAD_REQUEST", "latin1");
    }

    fn body_over_the_limit_is_refused_with_413(app: Empty) {
        let head = "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        // As announced, the body itself is not waited for.
        let (line, body) = send_bytes(&app, format!("{head}Content-Length: 1048577\r\n\r\n").as_bytes());
        assert_eq!(line, "HTTP/1.1 413 Payload Too Large");
        assert!(body.contains("PAYLOAD_TOO_LARGE"), "{body}");

        let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for _ in 0..17 {
            chunked.extend_from_slice(format!("10000\r\n{}\r\n", " ".repeat(0x10000)).as_bytes());
        }
        chunked.extend_from_slice(b"0\r\n\r\n");
        let (line, body) = send_bytes(&app, &chunked);
        assert_eq!(line, "HTTP/1.1 413 Payload Too Large");
        assert!(body.contains("PAYLOAD_TOO_LARGE"), "{body}");

        let mut exact = json!({ "query": "{ __typename }" }).to_string();
        exact.push_str(&" ".repeat(1_048_576 - exact.len()));
        let answer = ask(&app, Method::POST, "/graphql", &[("content-type", JSON)], &exact);
        assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"data":{"__typename":"Query"}}"#));
    }

    fn request_that_fails_before_it_begins_has_its_status_by_media_type(app: Empty) {
        for (query, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement(slug: 1) { slug } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement { slug } }", "GRAPHQL_VALIDATION_FAILED"),
        ] {
            post(&app, GRAPHQL, &json!({ "query": query })).assert_refused(400, code, query);
            post(&app, JSON, &json!({ "query": query })).assert_refused(200, code, query);
        }
    }

    fn variable_that_is_missing_or_of_another_type_is_refused_before_anything_is_written(app: Sample) {
        let query = mutation(&app).replacen("mutation Record", "mutation($s: String!)", 1);
        let query = query.replace("updateClauseStatus", "written: updateClauseStatus").trim_end_matches('}').to_owned();
        let query = format!("{query} }} }} query: updateParty(input: {{ id: \"x\", name: $s }}) {{ __typename }} }}");
        let before = app.log_position();
        for variables in [json!({}), json!({ "s": null }), json!({ "s": 1 }), json!({ "s": ["x"] })] {
            let body = json!({ "query": query, "variables": variables });
            post(&app, GRAPHQL, &body).assert_refused(400, "GRAPHQL_VALIDATION_FAILED", &body.to_string());
        }
        assert_eq!(app.log_position(), before);
        let title = "query($s: String! = \"minsk-2\", $unused: String) { agreement(slug: $s) { slug place @include(if: false) summary @skip(if: true) party: clause(number: $unused) { id } } }";
        post(&app, GRAPHQL, &json!({ "query": title })).assert_refused(400, "GRAPHQL_VALIDATION_FAILED", title);
        let title = title.replace(", $unused: String", "").replace("$unused", "\"none\"");
        assert_eq!(post(&app, GRAPHQL, &json!({ "query": title })).json(), json!({ "data": { "agreement": { "slug": "minsk-2", "party": null } } }));
    }

    fn field_that_fails_is_null_and_its_siblings_survive(app: Sample) {
        let query = r#"{ last: agreement(slug: "minsk-2") { slug } failed: clauses(first: 1, after: "x") { totalCount } first: party(slug: "ukraine") { slug } }"#;
        for accept in [GRAPHQL, JSON] {
            let answer = post(&app, accept, &json!({ "query": query }));
            assert_eq!(answer.status, 200);
            let data = r#""data":{"last":{"slug":"minsk-2"},"failed":null,"first":{"slug":"ukraine"}}"#;
            assert!(answer.text.contains(data), "{}", answer.text);
            let body = answer.json();
            assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
            assert_eq!(body["errors"][0]["path"], json!(["failed"]), "{body}");
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body}");
        }
    }

    fn fields_come_in_the_order_of_the_query(app: Sample) {
        let query = r#"{ z: __typename agreement(slug: "minsk-2") { title: slug ...F agreedOn } a: __typename } fragment F on Agreement { clause(number: "9") { number id: number __typename } slug }"#;
        let answer = post(&app, GRAPHQL, &json!({ "query": query }));
        let expected = r#"{"data":{"z":"Query","agreement":{"title":"minsk-2","clause":{"number":"9","id":"9","__typename":"Clause"},"slug":"minsk-2","agreedOn":"2015-02-12"},"a":"Query"}}"#;
        assert_eq!(answer.text, expected);
    }

    fn operation_name_chooses_among_several(app: Empty) {
        let query = "query A { a: __typename } query B { b: __typename }";
        let ask = |name: Value| post(&app, GRAPHQL, &json!({ "query": query, "operationName": name }));
        assert_eq!(ask(json!("B")).json(), json!({ "data": { "b": "Query" } }));
        assert_eq!(ask(json!("A")).json(), json!({ "data": { "a": "Query" } }));
        for name in [json!("C"), json!(null), json!("")] {
            ask(name.clone()).assert_refused(400, "GRAPHQL_VALIDATION_FAILED", &name.to_string());
        }
        let single = json!({ "query": "{ __typename }", "operationName": "C" });
        post(&app, GRAPHQL, &single).assert_refused(400, "GRAPHQL_VALIDATION_FAILED", "single");
    }

    fn subscription_is_refused(app: Empty) {
        for query in ["subscription { changes }", "subscription S { __typename }"] {
            post(&app, GRAPHQL, &json!({ "query": query })).assert_refused(400, "GRAPHQL_VALIDATION_FAILED", query);
        }
    }

    fn unknown_path_is_not_found(app: Empty) {
        for path in ["/", "/graphql/", "/graphql/x", "/api", "/assets/none.js", "/%ff"] {
            assert_eq!(ask(&app, Method::GET, path, &[], "").status, 404, "{path}");
        }
    }

    fn every_answer_has_the_security_headers_and_no_cors(app: Empty) {
        let foreign = ("origin", "https://evil.example");
        let preflight = [foreign, ("access-control-request-method", "POST")];
        let oversize = "x".repeat(1_048_577);
        let mut ids = Vec::new();
        for (answer, status) in [
            (ask(&app, Method::GET, "/graphql?query={__typename}", &[foreign], ""), 200),
            (ask(&app, Method::POST, "/graphql", &[foreign, ("content-type", JSON)], ""), 400),
            (ask(&app, Method::GET, "/nothing", &[foreign], ""), 404),
            (ask(&app, Method::OPTIONS, "/graphql", &preflight, ""), 405),
            (ask(&app, Method::POST, "/graphql", &[("content-type", JSON)], &oversize), 413),
            (ask(&app, Method::POST, "/graphql", &[foreign], "{}"), 415),
            (ask(&app, Method::GET, "/graphiql", &[foreign], ""), 200),
            (ask(&app, Method::POST, "/graphiql", &[foreign], ""), 405),
            (ask(&app, Method::GET, "/assets/none.js", &[foreign], ""), 404),
        ] {
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{status}");
            assert_eq!(answer.header("referrer-policy"), "no-referrer", "{status}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{status}");
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'"), "{status}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{status}: {policy}");
            assert!(!answer.headers.iter().any(|header| header.0.starts_with("access-control-")), "{status}");
            ids.push(answer.header("x-request-id").to_owned());
        }
        assert!(ids.iter().all(|id| id.len() == 32), "{ids:?}");
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 9, "each request has an id of its own");
    }

    fn request_from_elsewhere_may_read_and_not_write(app: Sample) {
        let (read, write) = (json!({ "query": TITLE }).to_string(), json!({ "query": mutation(&app) }).to_string());
        let before = app.log_position();
        for elsewhere in [
            ("host", "evil.example"),
            ("host", "127.0.0.1.evil.example:8080"),
            ("x-forwarded-for", "192.0.2.1"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "localhost"),
            ("forwarded", "for=192.0.2.1"),
        ] {
            let headers = [("content-type", JSON), elsewhere];
            let answer = ask(&app, Method::POST, "/graphql", &headers, &read);
            assert_eq!(answer.json(), json!({ "data": { "agreement": { "slug": "minsk-2" } } }), "{elsewhere:?}");
            let answer = ask(&app, Method::POST, "/graphql", &headers, &write);
            let body = answer.json();
            assert_eq!(answer.status, 200, "{elsewhere:?}: {body}");
            assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN", "{elsewhere:?}: {body}");
            assert_eq!(body["data"], json!({ "updateClauseStatus": null }), "{elsewhere:?}");
        }
        assert_eq!(app.log_position(), before);
        let answer = ask(&app, Method::POST, "/graphql", &[("content-type", JSON), ("host", "localhost")], &write);
        assert_eq!(answer.json()["data"]["updateClauseStatus"]["userErrors"], json!([]), "{}", answer.text);
        assert_eq!(app.log_position(), before + 1);
    }

    fn parallel_mutations_of_one_record_are_all_recorded_while_reads_succeed(app: Sample) {
        let id = app.clause_id("minsk-2", "9");
        let version = || app.data("query($id: ID!) { node(id: $id) { ... on Clause { version assessments { totalCount } } } }", json!({ "id": id }))["node"].take();
        let (before, position) = (version(), app.log_position());
        let write = "mutation($id: ID!, $note: String!) { updateClauseStatus(input: { clauseId: $id, status: PARTIAL, effectiveOn: \"2016-03-01\", note: $note }) { userErrors { message } } }";
        let read = r#"{ agreements { nodes { clauses { nodes { number assessments { totalCount } } } } } }"#;
        thread::scope(|scope| {
            for number in 0..32 {
                let (app, id) = (&app, &id);
                scope.spawn(move || {
                    let data = app.data(write, json!({ "id": id, "note": format!("Note {number}.") }));
                    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
                });
                scope.spawn(move || {
                    let data = app.data(read, json!({}));
                    assert_eq!(data["agreements"]["nodes"].as_array().unwrap().len(), 10);
                });
            }
        });
        let after = version();
        let grown = |of: &dyn Fn(&Value) -> &Value| of(&after).as_i64().unwrap() - of(&before).as_i64().unwrap();
        assert_eq!(grown(&|node| &node["version"]), 32);
        assert_eq!(grown(&|node| &node["assessments"]["totalCount"]), 32);
        assert_eq!(app.log_position(), position + 32);
    }

    fn hostile_documents_are_refused_quickly_and_the_server_lives_on(app: Sample) {
        let nested = |levels: usize| format!("{{ topics {{ {} slug {} }} }}", "parent { ".repeat(levels), "}".repeat(levels));
        let fragments = |count: usize, body: &dyn Fn(usize) -> String| {
            let all: String = (0..count).map(|level| format!(" fragment F{level} on Topic {{ {} }}", body(level + 1))).collect();
            format!("{all} fragment F{count} on Topic {{ slug }}")
        };
        let spread = |body: &dyn Fn(usize) -> String| format!("{{ topic(slug: \"security\") {{ ...F0 }} }} {}", fragments(40, body));
        let cases = [
            ("200 levels", nested(200)),
            ("100000 brackets", "{a".repeat(100_000)),
            ("100000 lists", format!("{{ topic(slug: {}", "[".repeat(100_000))),
            ("100000 list types", format!("query($a: {}", "[".repeat(100_000))),
            ("doubling by aliases", spread(&|next| format!("a: parent {{ ...F{next} }} b: parent {{ ...F{next} }}"))),
            ("doubling of one field", spread(&|next| format!("parent {{ ...F{next} }} parent {{ ...F{next} }}"))),
            ("doubling of spreads", spread(&|next| format!("...F{next} ...F{next}"))),
            ("a fragment in itself", "{ topics { ...F } } fragment F on Topic { parent { ...F } }".to_owned()),
            ("a long chain that nothing spreads", format!("{{ __typename }} {}", fragments(20_000, &|next| format!("...F{next}")))),
            ("very many fields", format!("{{ {} }}", "a ".repeat(200_000))),
        ];
        for (case, query) in cases {
            let began = Instant::now();
            let answer = post(&app, GRAPHQL, &json!({ "query": query }));
            assert!(began.elapsed() < Duration::from_secs(2), "{case} took {:?}", began.elapsed());
            assert_eq!(answer.status, 400, "{case}: {}", answer.text);
            assert!(answer.text.len() < 1000, "{case}: {}", answer.text);
            assert_eq!(app.data(TITLE, json!({})), json!({ "agreement": { "slug": "minsk-2" } }), "{case}");
        }
        let deep = app.data(&nested(60), json!({}));
        assert!(!deep["topics"].as_array().unwrap().is_empty());
    }
}

#[test]
fn server_whose_database_connections_were_cut_goes_on() {
    let app = TestApp::spawn(Engine::Postgres, Data::Sample);
    let cut = || {
        app.execute_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    };
    let before = app.log_position();
    let write = mutation(&app);
    for _ in 0..3 {
        cut();
        assert_eq!(app.data(TITLE, json!({})), json!({ "agreement": { "slug": "minsk-2" } }));
        cut();
        let data = app.data(&write, json!({}));
        assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
    }
    assert_eq!(app.log_position(), before + 3);
}
