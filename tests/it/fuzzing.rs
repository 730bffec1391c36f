//! Sends arbitrary requests to a real server. Each gets a response that is not an internal error, and the server keeps
//! running.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

/// Runs a property with as many cases as the server can answer in a few seconds.
fn check_property<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(strategy, test).unwrap_or_else(|failure| panic!("{failure}"));
}

/// Checks that an answer has data or errors, and no internal error.
fn expect_no_internal_error(answer: &Value) -> Result<(), TestCaseError> {
    let errors = answer["errors"].as_array().map_or(&[][..], Vec::as_slice);
    prop_assert!(!errors.is_empty() || answer["data"].is_object(), "{answer}");
    for error in errors {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        let ours = ["", "INTERNAL_SERVER_ERROR", "UNAVAILABLE"].contains(&code);
        prop_assert!(!ours, "{answer}");
        prop_assert!(
            error["message"].as_str().is_some_and(|message| !message.is_empty()),
            "{answer}"
        );
    }
    Ok(())
}

fn expect_no_internal_error_for(
    app: &TestApp,
    query: &str,
    variables: Value,
) -> Result<(), TestCaseError> {
    expect_no_internal_error(&app.send(query, variables))
}

/// Any strings, including unusual ones, and strings that are almost valid values.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[A-Za-z0-9_-]{0,60}",
        "[ -~]{0,200}",
        Just("\u{0}".to_owned()),
        Just("%_\\'\"; DROP TABLE parties; --".to_owned()),
    ]
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

on_both_databases! {
    fn any_cursor_causes_no_internal_error(app: Sample) {
        // Forged cursors have a tag and an order that may be valid for a list, and bytes that may be a record's id.
        let forged = (0_u8..24, 0_u8..8, prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(kind, order, rest)| base64url(&[vec![kind, order], rest].concat()));
        let cursor = prop_oneof![any_text(), forged, prop::collection::vec(any::<u8>(), 0..40).prop_map(|bytes| base64url(&bytes))];
        let lists = prop::sample::select(vec![
            "agreements", "clauses", "proposals", "caveats", "parties", "events", "sources", "timeline", "changes", "search(query: \"a\", ",
        ]);
        check_property(&(cursor, lists, -3_i32..300), |(cursor, list, first)| {
            let list = if list.contains('(') { list.to_owned() } else { format!("{list}(") };
            let query = format!("query($after: String, $first: Int) {{ {list}after: $after, first: $first) {{ totalCount }} }}");
            expect_no_internal_error_for(&app, &query, json!({ "after": cursor, "first": first }))
        });
    }

    fn any_id_causes_no_internal_error(app: Sample) {
        let forged = (0_u8..24, prop::collection::vec(any::<u8>(), 14..18))
            .prop_map(|(kind, rest)| base64url(&[vec![kind], rest].concat()));
        let query = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } }";
        let write = "mutation($id: ID!) { archiveClause(input: { clauseId: $id }) { userErrors { code } } \
                     retractAssessment(input: { assessmentId: $id, reason: \"r\" }) { userErrors { code } } \
                     createClause(input: { agreementId: $id, number: \"1\", heading: \"h\", summary: \"s\", nature: ONE_OFF, topicId: $id, parentId: $id }) { userErrors { code } } }";
        check_property(&prop_oneof![any_text(), forged], |id| {
            expect_no_internal_error_for(&app, query, json!({ "id": id }))?;
            expect_no_internal_error_for(&app, write, json!({ "id": id }))
        });
    }

    fn any_day_causes_no_internal_error(app: Sample) {
        let near = (-1_i32..10_001, 0_u32..14, 0_u32..33).prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
        let id = app.clause_id("minsk-2", "9");
        let read = "query($day: Date!, $at: DateTime) { clause(agreement: \"minsk-2\", number: \"9\") { status(asOf: $day, knownAt: $at) isOverdue(asOf: $day) } \
                    agreement(slug: \"minsk-2\") { implementation(asOf: $day) { score } } }";
        let write = "mutation($id: ID!, $day: Date!) { updateClauseStatus(input: { clauseId: $id, status: PARTIAL, effectiveOn: $day, note: \"n\" }) { userErrors { code } } }";
        check_property(&prop_oneof![3 => near, 1 => any_text()], |day| {
            expect_no_internal_error_for(&app, read, json!({ "day": day, "at": format!("{day}T00:00:00Z") }))?;
            expect_no_internal_error_for(&app, write, json!({ "day": day, "id": id }))
        });
    }

    fn any_search_text_causes_no_internal_error(app: Sample) {
        let query = "query($q: String!) { search(query: $q) { nodes { score } } clauses(filter: { text: $q }) { totalCount } party(slug: $q) { id } }";
        check_property(&any_text(), |text| expect_no_internal_error_for(&app, query, json!({ "q": text })));
    }

    fn any_body_gets_a_json_response(app: Empty) {
        // Bodies are parts of requests in any order, or arbitrary bytes.
        let pieces = prop::sample::select(vec![
            "{", "}", "[", "]", ":", ",", "\"query\"", "\"variables\"", "\"operationName\"", "\"extensions\"", "null", "1e999", "-", "\"{__typename}\"", "\"\\ud800\"", " ",
        ]);
        let soup = prop::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat().into_bytes());
        let body = prop_oneof![prop::collection::vec(any::<u8>(), 0..200), soup];
        check_property(&body, |body| {
            let request = app.client().post(format!("{}/graphql", app.url)).header("content-type", "application/json");
            let response = request.body(body).send().expect("the server answers");
            prop_assert!([200, 400].contains(&response.status().as_u16()), "{}", response.status());
            expect_no_internal_error(&response.json().expect("the answer is JSON"))
        });
    }

    fn any_document_causes_no_internal_error(app: Empty) {
        let words = prop::sample::select(vec![
            "{", "}", "(", ")", "[", "]", "$", "!", ":", "=", "@", "|", "&", "...", "\"", "\"\"\"", "#", "\n", "0", "-1.5e3", "null", "true",
            "query", "mutation", "subscription", "fragment", "on", "F", "Query", "Clause", "__typename", "__schema", "types", "name", "clauses",
            "nodes", "first", "$a", "Int", "@skip", "@include", "if", "...F", "\\u{110000}", "\u{feff}", "é",
        ]);
        let soup = prop::collection::vec(words, 0..40).prop_map(|words| words.join(" "));
        check_property(&prop_oneof![4 => soup, 1 => any_text()], |query| expect_no_internal_error_for(&app, &query, json!({ "a": 1 })));
    }
}
