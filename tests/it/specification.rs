//! Rules of the GraphQL specification that the comparison with the reference implementation does not cover: mutations,
//! subscription events and encoded bodies.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Map, Value, json};

use crate::changes::{assess, cursor};
use crate::support::world::{World, fields, lower};
use crate::support::{Socket, TestApp, on_both_databases};

/// For each kind: a record that has a value in every field, and a field of this record that can be set to null.
const RECORDS: [(&str, &str); 9] = [
    ("annex", "note"),
    ("two", "text"),
    ("answer", "respondsToId"),
    ("give", "note"),
    ("envoy", "representsId"),
    ("borders", "description"),
    ("gazette", "publisher"),
    ("talks", "endedOn"),
    ("order", "note"),
];

/// A type in the syntax of GraphQL documents.
fn type_text(ty: &Value) -> String {
    match ty["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", type_text(&ty["ofType"])),
        "LIST" => format!("[{}]", type_text(&ty["ofType"])),
        _ => ty["name"].as_str().unwrap().to_owned(),
    }
}

/// A mutation with one variable for each field of its input. Variables of optional fields are nullable.
fn with_a_variable_for_each_field(app: &TestApp, mutation: &str, selection: &str) -> String {
    let (first, rest) = mutation.split_at(1);
    let input = format!("{}{rest}Input", first.to_uppercase());
    let query = "query($name: String!) { __type(name: $name) { inputFields { name defaultValue \
                 type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }";
    let fields = app.data(query, json!({ "name": input }))["__type"]["inputFields"].take();
    let fields = fields.as_array().unwrap().iter().map(|field| {
        let ty = type_text(&field["type"]);
        let is_optional = !field["defaultValue"].is_null();
        let ty = if is_optional { ty.trim_end_matches('!').to_owned() } else { ty };
        (field["name"].as_str().unwrap().to_owned(), ty)
    });
    let fields: Vec<(String, String)> = fields.collect();
    let variables: Vec<String> = fields.iter().map(|(name, ty)| format!("${name}: {ty}")).collect();
    let entries: Vec<String> = fields.iter().map(|(name, _)| format!("{name}: ${name}")).collect();
    format!(
        "mutation({}) {{ payload: {mutation}(input: {{ {} }}) {{ userErrors {{ code message path }} {selection} }} }}",
        variables.join(", "),
        entries.join(", ")
    )
}

/// Updates a record of the test world with a mutation of [`with_a_variable_for_each_field`], and returns the record
/// from the payload.
fn update(w: &World<'_>, name: &str, values: &Value) -> Value {
    let kind = w.kind(name);
    let selection = format!("record: {} {{ {} }}", lower(kind), fields(kind));
    let mutation = with_a_variable_for_each_field(w.app, &format!("update{kind}"), &selection);
    let mut payload = w.app.data(&mutation, w.about(name, values))["payload"].take();
    assert_eq!(payload["userErrors"], json!([]), "{name} {values}");
    payload["record"].take()
}

/// Sends a body with this `Content-Encoding`.
fn post(app: &TestApp, body: Vec<u8>, encoding: &str) -> reqwest::blocking::Response {
    let request = app.client().post(format!("{}/graphql", app.url));
    let request = request.header(CONTENT_TYPE, "application/json");
    request.header(CONTENT_ENCODING, encoding).body(body).send().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

on_both_databases! {
    fn update_with_omitted_variables_changes_nothing(app: Empty) {
        let w = World::new(&app);
        for (name, _) in RECORDS {
            let position = app.log_position();
            assert_eq!(update(&w, name, &json!({})), *w.created(name), "{name}");
            assert_eq!(app.log_position(), position, "{name}");
        }
    }

    fn update_with_a_null_variable_clears_only_its_field(app: Empty) {
        let w = World::new(&app);
        for (name, field) in RECORDS {
            let mut expected = w.created(name).clone();
            expected[field.trim_end_matches("Id")] = Value::Null;
            expected["version"] = json!(2);
            assert_eq!(update(&w, name, &json!({ field: null })), expected, "{name}");
        }
    }

    fn assessment_with_omitted_variables_gets_the_defaults(app: Empty) {
        let w = World::new(&app);
        let selection = "assessment { confidence momentum heldBy { id } event { id } evidence { id } }";
        for (name, status) in [("one", "PARTIAL"), ("ask", "REJECTED"), ("offer", "TABLED")] {
            let mutation = with_a_variable_for_each_field(&app, &format!("update{}Status", w.kind(name)), selection);
            let values = w.about(name, &json!({ "status": status, "effectiveOn": "2016-07-01", "note": "So it is." }));
            let payload = app.data(&mutation, values)["payload"].take();
            let expected = json!({ "confidence": "MEDIUM", "momentum": "STEADY", "heldBy": null, "event": null, "evidence": [] });
            assert_eq!(payload, json!({ "userErrors": [], "assessment": expected }), "{name}");
        }
    }

    fn omitted_variable_in_a_nested_input_gets_the_default(app: Empty) {
        let w = World::new(&app);
        let mutation = "mutation($id: ID!, $phase: DeadlinePhase, $note: String) { updateClause(input: { clauseId: $id, \
                        deadlines: [{ rule: \"Soon\", phase: $phase, note: $note }] }) { userErrors { message } clause { deadlines { rule phase note } } } }";
        let payload = app.data(mutation, json!({ "id": w.id("one") }))["updateClause"].take();
        let deadline = json!({ "rule": "Soon", "phase": "FINISH", "note": null });
        assert_eq!(payload, json!({ "userErrors": [], "clause": { "deadlines": [deadline] } }));
    }

    fn event_with_an_empty_selection_keeps_its_cursor(app: Empty) {
        let w = World::new(&app);
        let start = cursor(&app, app.log_position());
        let mut socket = Socket::ready(&app.url);
        let query = "subscription($after: String) { statusChanged(after: $after) { cursor assessment { ... on ClauseAssessment { status } } \
                     subject { ... on Clause { number } reference @skip(if: true) } } }";
        socket.subscribe("s", query, json!({ "after": start }));
        assess(&w, "ask", &json!({ "status": "REJECTED" }));
        let expected = json!({ "cursor": cursor(&app, app.log_position()), "assessment": {}, "subject": {} });
        assert_eq!(socket.event("s"), json!({ "statusChanged": expected }));
        assess(&w, "one", &json!({ "status": "PARTIAL" }));
        let expected = json!({ "cursor": cursor(&app, app.log_position()), "assessment": { "status": "PARTIAL" }, "subject": { "number": "1" } });
        assert_eq!(socket.event("s"), json!({ "statusChanged": expected }));
    }

    fn float_without_a_fraction_is_an_int_in_the_variables_of_a_mutation(app: Empty) {
        let w = World::new(&app);
        assert_eq!(w.change("update", "one", &json!({ "position": 2.0, "expectedVersion": 1.0 }))["position"], 2);
        let mutation = "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { clause { position } } }";
        for position in [json!(7.5), json!(1e10), json!("7"), json!(true)] {
            let answer = app.send(mutation, json!({ "input": w.about("one", &json!({ "position": position })) }));
            assert!(answer.get("data").is_none() && answer["errors"][0].get("path").is_none(), "{position}: {answer}");
        }
        assert_eq!(w.read("one", "position version"), json!({ "position": 2, "version": 2 }));
    }

    fn escapes_are_stored_as_the_escaped_characters(app: Empty) {
        let w = World::new(&app);
        for (escaped, heading) in [
            (r"\uD83D\uDE00", "\u{1F600}"),
            (r"a\u{1F600}b", "a\u{1F600}b"),
            (r"\u{e9}\u00e9\u{0000E9}", "ééé"),
            (r"\uD834\uDD1E\u{1D11E}", "\u{1D11E}\u{1D11E}"),
        ] {
            let mutation = format!(
                "mutation($id: ID!) {{ updateClause(input: {{ clauseId: $id, heading: \"{escaped}\" }}) {{ clause {{ heading }} }} }}"
            );
            let data = app.data(&mutation, json!({ "id": w.id("one") }));
            assert_eq!(data["updateClause"]["clause"]["heading"], heading, "{escaped}");
        }
        let version = w.read("one", "version heading");
        for escaped in [r"\uD83D", r"\uDE00\uD83D", r"\uD83Dx", r"\u{D83D}\u{DE00}", r"\u{110000}", r"\u{}", r"\u{1F600", r"\u00g0"] {
            let mutation = format!(
                "mutation($id: ID!) {{ updateClause(input: {{ clauseId: $id, heading: \"{escaped}\" }}) {{ clause {{ heading }} }} }}"
            );
            let answer = app.send(&mutation, json!({ "id": w.id("one") }));
            assert!(answer.get("data").is_none(), "{escaped}: {answer}");
        }
        assert_eq!(w.read("one", "version heading"), version);
    }

    fn invalid_id_among_valid_ids_fails_at_its_index(app: Empty) {
        let w = World::new(&app);
        let query = "query($ids: [ID!]!) { first: nodes(ids: $ids) { id } second: nodes(ids: $ids) { __typename } }";
        let answer = app.send(query, json!({ "ids": [w.id("one"), "zzz", w.id("ask"), ""] }));
        let first = json!([{ "id": w.id("one") }, null, { "id": w.id("ask") }, null]);
        let second = json!([{ "__typename": "Clause" }, null, { "__typename": "Caveat" }, null]);
        assert_eq!(answer["data"], json!({ "first": first, "second": second }), "{answer}");
        let errors = answer["errors"].as_array().unwrap().iter();
        let paths: Vec<&Value> = errors.map(|error| &error["path"]).collect();
        assert_eq!(json!(paths), json!([["first", 1], ["first", 3], ["second", 1], ["second", 3]]));
    }

    fn encoded_body_is_decoded_or_rejected_with_415(app: Empty) {
        let text = json!({ "query": "{ __typename }" }).to_string();
        let plain = post(&app, text.clone().into_bytes(), "identity");
        assert_eq!(plain.status(), 200);
        let encodings = [("br", text.clone().into_bytes()), ("zstd", text.clone().into_bytes()), ("gzip", gzip(&text)), ("gzip, br", gzip(&text))];
        for (encoding, body) in encodings {
            let response = post(&app, body, encoding);
            let status = response.status().as_u16();
            let accepted = response.headers().get(ACCEPT_ENCODING).cloned();
            let answer: Map<String, Value> = response.json().unwrap();
            if status == 200 && encoding == "gzip" {
                assert_eq!(answer["data"], json!({ "__typename": "Query" }));
                continue;
            }
            assert_eq!(status, 415, "{encoding}: {answer:?}");
            assert!(accepted.is_some(), "{encoding}: {answer:?}");
            assert!(answer.get("data").is_none(), "{encoding}: {answer:?}");
        }
        // The limit applies to the decoded body.
        let bomb = json!({ "query": format!("{{ __typename }}{}", " ".repeat(30_000_000)) }).to_string();
        let status = post(&app, gzip(&bomb), "gzip").status().as_u16();
        assert!([413, 415].contains(&status), "{status}");
    }
}
