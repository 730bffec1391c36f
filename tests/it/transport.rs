//! GraphQL over HTTP: media types, methods, status codes and headers.

#![expect(clippy::unwrap_used, reason = "a message would not help to explain these failures")]

use std::io::Read;

use flate2::read::GzDecoder;
use reqwest::Method;
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

mod limits;

const GRAPHQL: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// A complete response.
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

    /// Asserts that the server rejected the request with this status and code, and without the key `data`.
    fn assert_rejected(&self, status: u16, code: &str, case: &str) {
        let body = self.json();
        assert_eq!(self.status, status, "{case}: {body}");
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{case}: {body}");
        assert!(body.get("data").is_none(), "{case}: {body}");
    }
}

fn ask(app: &TestApp, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = app.analyst().request(method, format!("{}{path}", app.url));
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

/// A mutation without variables that records a status.
fn mutation(app: &TestApp) -> String {
    let id = app.clause_id("minsk-2", "9");
    format!(
        r#"mutation Record {{ updateClauseStatus(input: {{ clauseId: "{id}", status: PARTIAL, effectiveOn: "2016-03-01", note: "Seen." }}) {{ clause {{ version }} userErrors {{ code message }} }} }}"#
    )
}

const TITLE: &str = r#"{ agreement(slug: "minsk-2") { slug } }"#;

on_both_databases! {
    fn body_of_another_media_type_is_rejected_with_415(app: Sample) {
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
            answer.assert_rejected(415, "UNSUPPORTED_MEDIA_TYPE", &format!("{media:?}"));
        }
        assert_eq!(app.log_position(), before);
    }

    fn body_of_json_in_utf_8_is_accepted(app: SharedSample) {
        for media in [JSON, "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\""] {
            let body = json!({ "query": TITLE }).to_string();
            let answer = ask(&app, Method::POST, "/graphql", &[("content-type", media)], &body);
            assert_eq!((answer.status, answer.text.as_str()), (200, r#"{"data":{"agreement":{"slug":"minsk-2"}}}"#), "{media}");
        }
    }

    fn accept_header_selects_the_media_type_of_the_response(app: SharedSample) {
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
            assert_eq!(answer.header("vary").to_lowercase(), "accept, accept-encoding", "{accept}");
        }
    }

    fn long_responses_are_compressed_for_clients_that_accept_gzip(app: SharedSample) {
        let long = json!({ "query": "{ agreement(slug: \"minsk-2\") { clauses { nodes { number heading summary } } } }" });
        let send = |query: &Value, accept: &str, encoding: Option<&str>| {
            let request = app.client().post(format!("{}/graphql", app.url)).header("accept", accept).json(query);
            let request = encoding.into_iter().fold(request, |request, encoding| request.header("accept-encoding", encoding));
            let response = request.send().unwrap();
            let encoding = response.headers().get("content-encoding").map(|value| value.to_str().unwrap().to_owned());
            (encoding, response.bytes().unwrap())
        };
        let (encoding, plain) = send(&long, JSON, None);
        assert_eq!(encoding, None);
        assert!(plain.len() > 5_000, "{} bytes", plain.len());
        for accepted in ["gzip", "gzip, deflate, br, zstd", "br, gzip;q=0.5"] {
            let (encoding, body) = send(&long, JSON, Some(accepted));
            assert_eq!(encoding.as_deref(), Some("gzip"), "{accepted}");
            assert!(body.len() * 2 < plain.len(), "{} of {} bytes", body.len(), plain.len());
            let mut read = Vec::new();
            GzDecoder::new(body.as_ref()).read_to_end(&mut read).unwrap();
            assert_eq!(read, plain, "{accepted}");
        }
        for accepted in ["br", "identity", "gzip;q=0", "gzip;q=0.1, identity", ""] {
            assert_eq!(send(&long, JSON, Some(accepted)), (None, plain.clone()), "{accepted}");
        }
        let short = json!({ "query": TITLE });
        assert_eq!(send(&short, JSON, Some("gzip")).0, None, "too short to compress");
        assert_eq!(send(&long, "text/event-stream", Some("gzip")).0, None, "events must be sent immediately");
    }

    fn accept_without_json_is_rejected_with_406(app: Sample) {
        let body = json!({ "query": mutation(&app) });
        let before = app.log_position();
        for accept in ["text/html", "application/json;q=0", "application/json; charset=latin1", "image/*"] {
            post(&app, accept, &body).assert_rejected(406, "NOT_ACCEPTABLE", accept);
        }
        assert_eq!(app.log_position(), before);
    }

    fn query_by_get_accepts_variables_and_operation_name(app: SharedSample) {
        let query = "query A($s: String!) { agreement(slug: $s) { slug } } query B { party(slug: \"ukraine\") { slug } }";
        let variables = r#"{"s":"minsk-protocol"}"#;
        let first = get(&app, &[("query", query), ("variables", variables), ("operationName", "A")]);
        assert_eq!((first.status, first.json()), (200, json!({ "data": { "agreement": { "slug": "minsk-protocol" } } })));
        let second = get(&app, &[("query", query), ("operationName", "B"), ("variables", ""), ("extensions", "{}")]);
        assert_eq!((second.status, second.json()), (200, json!({ "data": { "party": { "slug": "ukraine" } } })));
    }

    fn query_with_a_name_needs_no_operation_name(app: SharedSample) {
        let query = r#"query A { agreement(slug: "minsk-2") { slug } }"#;
        for answer in [get(&app, &[("query", query)]), post(&app, GRAPHQL, &json!({ "query": query }))] {
            assert_eq!(answer.json(), json!({ "data": { "agreement": { "slug": "minsk-2" } } }));
        }
    }

    fn mutation_by_get_is_rejected_with_405(app: Sample) {
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
            answer.assert_rejected(405, "METHOD_NOT_ALLOWED", &format!("{parameters:?}"));
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

    fn other_methods_are_rejected_with_405(app: Empty) {
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            let answer = ask(&app, method.clone(), "/graphql", &[("content-type", JSON)], "{}");
            answer.assert_rejected(405, "METHOD_NOT_ALLOWED", method.as_str());
            assert_eq!(answer.header("allow"), "GET, HEAD, POST", "{method}");
        }
        assert_eq!(ask(&app, Method::HEAD, "/graphql", &[], "").status, 400);
    }

    fn invalid_body_is_rejected_with_400(app: Empty) {
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
                answer.assert_rejected(400, "BAD_REQUEST", body);
            }
        }
        let nulls = json!({ "query": "{ __typename }", "variables": null, "operationName": null, "extensions": null, "other": 1 });
        assert_eq!(post(&app, GRAPHQL, &nulls).json(), json!({ "data": { "__typename": "Query" } }));
    }

    fn invalid_query_string_is_rejected_with_400(app: Empty) {
        let query = ("query", "{ __typename }");
        for parameters in [
            vec![],
            vec![("operationName", "A")],
            vec![query, ("variables", "[]")],
            vec![query, ("variables", "{")],
            vec![query, ("extensions", "1")],
        ] {
            get(&app, &parameters).assert_rejected(400, "BAD_REQUEST", &format!("{parameters:?}"));
        }
    }

    fn body_that_is_not_utf_8_is_rejected_with_400(app: Empty) {
        let request = app.client().post(format!("{}/graphql", app.url)).header("content-type", JSON);
        let answer = Answer::of(request.body(b"{\"query\":\"{ __typename } #\xff\"}".to_vec()).send().unwrap());
        answer.assert_rejected(400, "BAD_REQUEST", "latin1");
    }

    fn status_of_an_invalid_document_depends_on_the_media_type(app: Empty) {
        for (query, code) in [
            ("{", "GRAPHQL_PARSE_FAILED"),
            ("", "GRAPHQL_PARSE_FAILED"),
            ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement(slug: 1) { slug } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ agreement { slug } }", "GRAPHQL_VALIDATION_FAILED"),
        ] {
            post(&app, GRAPHQL, &json!({ "query": query })).assert_rejected(400, code, query);
            post(&app, JSON, &json!({ "query": query })).assert_rejected(200, code, query);
        }
    }

    fn invalid_variables_are_rejected_before_any_write(app: Sample) {
        let record = mutation(&app);
        let (head, fields) = record.split_once('{').unwrap();
        assert_eq!(head, "mutation Record ");
        let query = format!(
            "mutation($s: String!) {{ updateParty(input: {{ id: \"x\", name: $s }}) {{ __typename }} written: {fields}"
        );
        let before = app.log_position();
        for variables in [json!({}), json!({ "s": null }), json!({ "s": 1 }), json!({ "s": ["x"] })] {
            let body = json!({ "query": query, "variables": variables });
            post(&app, GRAPHQL, &body).assert_rejected(400, "GRAPHQL_VALIDATION_FAILED", &body.to_string());
        }
        assert_eq!(app.log_position(), before);
        let title = "query($s: String! = \"minsk-2\") { agreement(slug: $s) { slug } }";
        let answer = post(&app, GRAPHQL, &json!({ "query": title }));
        assert_eq!(answer.text, r#"{"data":{"agreement":{"slug":"minsk-2"}}}"#);
    }

    fn failed_field_is_null_and_its_siblings_are_returned(app: SharedSample) {
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

    fn fields_have_the_order_of_the_query(app: SharedSample) {
        let query = r#"{ z: __typename agreement(slug: "minsk-2") { title: slug ...F agreedOn } a: __typename } fragment F on Agreement { clause(number: "9") { number id: number __typename } slug }"#;
        let answer = post(&app, GRAPHQL, &json!({ "query": query }));
        let expected = r#"{"data":{"z":"Query","agreement":{"title":"minsk-2","clause":{"number":"9","id":"9","__typename":"Clause"},"slug":"minsk-2","agreedOn":"2015-02-12"},"a":"Query"}}"#;
        assert_eq!(answer.text, expected);
    }

    fn operation_name_selects_one_of_several_operations(app: Empty) {
        let query = "query A { a: __typename } query B { b: __typename }";
        let ask = |name: Value| post(&app, GRAPHQL, &json!({ "query": query, "operationName": name }));
        assert_eq!(ask(json!("B")).json(), json!({ "data": { "b": "Query" } }));
        assert_eq!(ask(json!("A")).json(), json!({ "data": { "a": "Query" } }));
        for name in [json!("C"), json!(null), json!("")] {
            ask(name.clone()).assert_rejected(400, "GRAPHQL_VALIDATION_FAILED", &name.to_string());
        }
        let single = json!({ "query": "{ __typename }", "operationName": "C" });
        post(&app, GRAPHQL, &single).assert_rejected(400, "GRAPHQL_VALIDATION_FAILED", "single");
    }

    fn subscription_is_rejected_unless_a_stream_is_accepted(app: Empty) {
        for (query, code) in [("subscription { changes { cursor } }", "BAD_REQUEST"), ("subscription S { nope }", "GRAPHQL_VALIDATION_FAILED")] {
            post(&app, GRAPHQL, &json!({ "query": query })).assert_rejected(400, code, query);
        }
    }

    fn unknown_path_is_not_found(app: Empty) {
        for path in ["/nothing", "/agreement", "/graphql/", "/graphql/x", "/api", "/assets/none.js", "/%ff"] {
            assert_eq!(ask(&app, Method::GET, path, &[], "").status, 404, "{path}");
        }
    }

    fn every_response_has_security_headers_and_no_cors_headers(app: Empty) {
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
        assert_eq!(ids.len(), 9, "each request must have its own id");
    }

}
