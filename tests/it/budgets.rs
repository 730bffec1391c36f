//! The short form of `benches/load`: how many statements its queries and its update send, at most.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

#[allow(dead_code, clippy::allow_attributes, reason = "the bench uses more of it")]
#[path = "../../benches/load/cases.rs"]
mod cases;
#[allow(dead_code, clippy::allow_attributes, reason = "the bench uses more of it")]
#[path = "../../benches/load/data.rs"]
mod data;

/// The most statements of each query, with those that begin and end its snapshot, and variables that find something in
/// the sample.
fn budget(key: &str) -> (u64, Value) {
    match key {
        "Q1" => (1, json!({ "slug": "minsk-2" })),
        "Q2" | "Q5" => (4, json!({ "slug": "minsk-2" })),
        // Agreements; on one level participants, clauses; on one level parties, assessments.
        "Q3" => (7, json!({ "agreedFrom": "1990-01-01" })),
        "Q4" => (1, json!({ "status": "BREACHED", "topic": "security" })),
        key => panic!("{key} has no budget"),
    }
}

/// The most statements of an update, with those that read its payload.
const UPDATE_BUDGET: u64 = 12;

/// How many statements an operation sends.
fn statements(app: &TestApp, document: &str, variables: Value) -> (u64, Value) {
    let before = app.db().statements();
    let data = app.data(document, variables);
    (app.db().statements() - before, data)
}

on_both_databases! {
    fn queries_of_the_bench_keep_to_their_budgets(app: Sample) {
        for case in &cases::CASES {
            let (budget, variables) = budget(case.key);
            let (sent, data) = statements(&app, case.document, variables);
            assert!(sent > 0 && sent <= budget, "{} sends {sent} statements instead of {budget}", case.key);
            assert!(!data.to_string().contains("null") , "{} finds nothing: {data:#}", case.key);
        }
    }

    fn update_of_the_bench_keeps_to_its_budget(app: Sample) {
        let clause = app.clause_id("minsk-2", "1");
        let mut fewest = u64::MAX;
        // Connections are opened when they are needed, which costs statements as well: the least of several counts.
        for number in 0..6 {
            let status = if number % 2 == 0 { "PARTIAL" } else { "BREACHED" };
            let input = json!({ "clauseId": clause, "status": status, "effectiveOn": "2020-06-01", "note": format!("Seen {number}.") });
            let (sent, data) = statements(&app, cases::UPDATE_DOCUMENT, json!({ "input": input }));
            assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
            fewest = fewest.min(sent);
        }
        assert!(fewest <= UPDATE_BUDGET, "an update sends {fewest} statements instead of {UPDATE_BUDGET}");
    }
}
