//! A short version of `benches/load`: checks how many SQL statements its queries, its update and its import send.

use std::fs;

use clausewatch::dossier::File;
use serde_json::{Value, json};

use crate::dossiers::{file, import};
use crate::support::{TestApp, on_both_databases};

#[allow(dead_code, clippy::allow_attributes, reason = "the bench uses the rest")]
#[path = "../../benches/load/cases.rs"]
mod cases;
#[allow(dead_code, clippy::allow_attributes, reason = "the bench uses the rest")]
#[path = "../../benches/load/data.rs"]
mod data;

/// The maximum number of statements of a query, including those that begin and end its snapshot. Also returns variables
/// for which the query finds records in the sample.
fn budget(key: &str) -> (u64, Value) {
    match key {
        "Q1" => (1, json!({ "slug": "minsk-2" })),
        "Q2" | "Q5" => (4, json!({ "slug": "minsk-2" })),
        // One statement each for agreements, participants, clauses, parties and assessments, and two for the snapshot.
        "Q3" => (7, json!({ "agreedFrom": "1990-01-01" })),
        "Q4" => (1, json!({ "status": "BREACHED", "topic": "security" })),
        key => panic!("{key} has no budget"),
    }
}

/// The maximum number of statements of an update, including those that read its payload.
const UPDATE_BUDGET: u64 = 12;

/// The maximum number of statements for an import of up to 1,000 new assessments, including their clauses and
/// preconditions. For each agreement, `IMPORT_BUDGET_EACH` is added.
const IMPORT_BUDGET: u64 = 64;

/// The number of additional statements for each agreement of an import: one, which reads the assessments in force that
/// the agreement's party holds.
const IMPORT_BUDGET_EACH: u64 = 1;

/// The maximum number of statements of an import that changes nothing.
const REPETITION_BUDGET: u64 = 35;

/// The dossier of the shared records, and the dossiers of `agreements` agreements in the order of their numbers.
fn dossiers(agreements: u32) -> (File, Vec<File>) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    data::write_dossiers(folder.path(), agreements).expect("the dossiers can be written");
    let read = |name: &str| {
        let name = format!("{name}.toml");
        file(&name, &fs::read_to_string(folder.path().join(&name)).expect("the dossier exists"))
    };
    (read("shared"), (0..agreements).map(|number| read(&data::agreement_slug(number))).collect())
}

/// Returns the number of statements that an import sends, and the number of assessments that it records.
fn import_statements(app: &TestApp, files: &[File]) -> (u64, usize) {
    let before = app.db().statements();
    let summary = import(app, files).unwrap_or_else(|error| panic!("{error}"));
    (app.db().statements() - before, summary.assessments.recorded)
}

/// Returns the number of statements that an operation sends, and its data.
fn statements(app: &TestApp, document: &str, variables: Value) -> (u64, Value) {
    let before = app.db().statements();
    let data = app.data(document, variables);
    (app.db().statements() - before, data)
}

on_both_databases! {
    fn bench_queries_stay_within_their_statement_budgets(app: Sample) {
        for case in &cases::CASES {
            let (budget, variables) = budget(case.key);
            let (sent, data) = statements(&app, case.document, variables);
            assert!(sent > 0 && sent <= budget, "{} sends {sent} statements; the limit is {budget}", case.key);
            assert!(!data.to_string().contains("null") , "{} finds nothing: {data:#}", case.key);
        }
    }

    fn bench_update_stays_within_its_statement_budget(app: Sample) {
        let clause = app.clause_id("minsk-2", "1");
        let mut fewest = u64::MAX;
        // Opening a connection also sends statements, so the test uses the minimum of several counts.
        for number in 0..6 {
            let status = if number % 2 == 0 { "PARTIAL" } else { "BREACHED" };
            let input = json!({ "clauseId": clause, "status": status, "effectiveOn": "2020-06-01", "note": format!("Seen {number}.") });
            let (sent, data) = statements(&app, cases::UPDATE_DOCUMENT, json!({ "input": input }));
            assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
            fewest = fewest.min(sent);
        }
        assert!(fewest <= UPDATE_BUDGET, "an update sends {fewest} statements; the limit is {UPDATE_BUDGET}");
    }

    fn import_stays_within_its_budget_for_any_number_of_records(app: Empty) {
        let (shared, agreements) = dossiers(6);
        let (few, many) = agreements.split_at(2);
        // This import also opens the connection, which sends statements.
        import(&app, &[shared]).unwrap_or_else(|error| panic!("{error}"));
        let assessments = usize::try_from(data::CLAUSES * data::ASSESSMENTS).expect("the number fits");
        for files in [few, many] {
            let (sent, recorded) = import_statements(&app, files);
            assert_eq!(recorded, files.len() * assessments);
            let number = u64::try_from(files.len()).expect("the number fits");
            let budget = IMPORT_BUDGET + number * IMPORT_BUDGET_EACH;
            assert!(sent <= budget, "{number} agreements send {sent} statements; the limit is {budget}");
        }
        let (sent, recorded) = import_statements(&app, &agreements);
        assert_eq!(recorded, 0, "the repetition must record nothing");
        assert!(sent <= REPETITION_BUDGET, "the repetition sends {sent} statements; the limit is {REPETITION_BUDGET}");
    }
}
