//! The short form of `benches/load`: how many statements its queries, its update and its import send, at most.

use std::fs;

use clausewatch::dossier::File;
use serde_json::{Value, json};

use crate::dossiers::{file, import};
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

/// The most statements of an import of up to 1,000 new assessments with their clauses and preconditions, apart from
/// those in `IMPORT_BUDGET_EACH`.
const IMPORT_BUDGET: u64 = 60;

/// The most statements for each agreement of an import: one reads the assessments in force of its party.
const IMPORT_BUDGET_EACH: u64 = 1;

/// The most statements of an import that changes nothing.
const REPETITION_BUDGET: u64 = 35;

/// The dossiers of `agreements`, in the order of their numbers, and the one of what they share.
fn dossiers(agreements: u32) -> (File, Vec<File>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    data::write_dossiers(folder.path(), agreements).expect("the dossiers can be written");
    let read = |name: &str| {
        let name = format!("{name}.toml");
        file(&name, &fs::read_to_string(folder.path().join(&name)).expect("the dossier exists"))
    };
    (read("shared"), (0..agreements).map(|number| read(&data::agreement_slug(number))).collect())
}

/// How many statements an import sends, and how many assessments it records.
fn import_statements(app: &TestApp, files: &[File]) -> (u64, usize) {
    let before = app.db().statements();
    let summary = import(app, files).unwrap_or_else(|error| panic!("{error}"));
    (app.db().statements() - before, summary.assessments.recorded)
}

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

    fn import_keeps_to_its_budget_however_many_records_it_has(app: Empty) {
        let (shared, agreements) = dossiers(6);
        let (few, many) = agreements.split_at(2);
        // Also opens the connection, which costs statements as well.
        import(&app, &[shared]).unwrap_or_else(|error| panic!("{error}"));
        let assessments = usize::try_from(data::CLAUSES * data::ASSESSMENTS).expect("it fits");
        for files in [few, many] {
            let (sent, recorded) = import_statements(&app, files);
            assert_eq!(recorded, files.len() * assessments);
            let number = u64::try_from(files.len()).expect("it fits");
            let budget = IMPORT_BUDGET + number * IMPORT_BUDGET_EACH;
            assert!(sent <= budget, "{number} agreements send {sent} statements instead of {budget}");
        }
        let (sent, recorded) = import_statements(&app, &agreements);
        assert_eq!(recorded, 0, "the repetition records nothing");
        assert!(sent <= REPETITION_BUDGET, "the repetition sends {sent} statements instead of {REPETITION_BUDGET}");
    }
}
