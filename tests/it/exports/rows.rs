//! The rows of exports, which equal the API's data.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{get, rows};
use crate::other_clients::python;
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases, text};

/// The rows of an exported file, read by Python.
fn read_by_python(app: &TestApp, name: &str) -> Vec<Value> {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join(name);
    let response = get(app, name);
    assert_eq!(response.status(), 200, "{name}");
    fs::write(&file, response.bytes().unwrap()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/read_export.py");
    let output = Command::new(python()).arg(script).arg(file).output().expect("Python runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A value as the text of a CSV cell.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_null) => String::new(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn row<'r>(rows: &'r [Value], column: &str, value: &str) -> &'r Value {
    let mut matching = rows.iter().filter(|row| row[column] == value);
    let row = matching.next().unwrap_or_else(|| panic!("no row with {column} = {value}"));
    assert!(matching.next().is_none(), "several rows with {column} = {value}");
    row
}

/// The number, status and `statusSince` of each clause of Minsk II, from the API.
fn statuses(app: &TestApp, arguments: &str) -> Vec<Value> {
    let query = format!(
        "{{ agreement(slug: \"minsk-2\") {{ clauses(first: 200) {{ nodes {{ number status{arguments} statusSince{arguments} }} }} }} }}"
    );
    let clauses = app.data(&query, json!({}))["agreement"]["clauses"]["nodes"].take();
    clauses.as_array().unwrap().clone()
}

on_both_databases! {
    fn exported_statuses_equal_the_requested_view(app: SharedSample) {
        for (parameters, arguments) in [
            ("", ""),
            ("asOf=2016-06-01", "(asOf: \"2016-06-01\")"),
            ("asOf=2016-06-01&heldBy=russia", "(asOf: \"2016-06-01\", heldBy: \"russia\")"),
            ("knownAt=2000-01-01T00:00:00Z", "(knownAt: \"2000-01-01T00:00:00Z\")"),
        ] {
            let exported = rows(&app, "clauses", &format!("agreement=minsk-2&{parameters}"));
            let exported: Vec<Value> = exported
                .iter()
                .map(|row| json!({ "number": row["number"], "status": row["status"], "statusSince": row["statusSince"] }))
                .collect();
            assert_eq!(exported, statuses(&app, arguments), "{parameters}");
        }
    }

    fn export_filters_use_the_requested_view(app: SharedSample) {
        for (list, type_name, status) in [("clauses", "Clause", "BREACHED"), ("caveats", "Caveat", "REJECTED"), ("proposals", "Proposal", "REJECTED")] {
            for view in ["", "&asOf=2016-06-01", "&asOf=2022-02-25&heldBy=russia", "&knownAt=2000-01-01T00:00:00Z"] {
                let all = rows(&app, list, view);
                let expected: Vec<&Value> = all.iter().filter(|row| row["status"] == status).collect();
                let filtered = rows(&app, list, &format!("status={status}{view}"));
                assert_eq!(filtered.iter().collect::<Vec<_>>(), expected, "{list} {view}");
                let since = "2015-01-01";
                if type_name != "Proposal" {
                    let expected: Vec<&Value> = all.iter().filter(|row| row["statusSince"].as_str().is_some_and(|day| day >= since)).collect();
                    let filtered = rows(&app, list, &format!("statusSinceFrom={since}{view}"));
                    assert_eq!(filtered.iter().collect::<Vec<_>>(), expected, "{list} {view}");
                }
            }
        }
    }

    fn repeated_parameters_form_a_list(app: SharedSample) {
        let both = rows(&app, "clauses", "agreement=minsk-2&agreement=minsk-protocol");
        let slugs: HashSet<&str> = both.iter().map(|row| row["agreementSlug"].as_str().unwrap()).collect();
        assert_eq!(slugs, HashSet::from(["minsk-2", "minsk-protocol"]));
        let one = rows(&app, "clauses", "agreement=minsk-2").len() + rows(&app, "clauses", "agreement=minsk-protocol").len();
        assert_eq!(both.len(), one);
        let ordered = rows(&app, "clauses", "agreement=minsk-2&orderBy.field=STATUS_SINCE&orderBy.direction=DESC");
        let days: Vec<&str> = ordered.iter().map(|row| row["statusSince"].as_str().unwrap_or_default()).collect();
        assert!(days.is_sorted_by(|earlier, later| earlier >= later), "{days:?}");
    }

    fn exported_references_exist_in_the_other_lists(app: SharedSample) {
        let ids = |list: &str| -> HashSet<String> {
            rows(&app, list, "").iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
        };
        let (sources, events, parties) = (ids("sources"), ids("events"), ids("parties"));
        let (clauses, caveats, proposals) = (ids("clauses"), ids("caveats"), ids("proposals"));
        let assessments = rows(&app, "assessments", "");
        for assessment in &assessments {
            let subject = assessment["subjectId"].as_str().unwrap();
            let subjects = match assessment["subjectType"].as_str().unwrap() {
                "Clause" => &clauses,
                "Caveat" => &caveats,
                "Proposal" => &proposals,
                other => panic!("unexpected subject type {other}"),
            };
            assert!(subjects.contains(subject), "{assessment}");
            assert!(assessment["sourceIds"].as_array().unwrap().iter().all(|id| sources.contains(id.as_str().unwrap())), "{assessment}");
            assert!(assessment["eventId"].as_str().is_none_or(|id| events.contains(id)), "{assessment}");
            assert!(assessment["heldById"].as_str().is_none_or(|id| parties.contains(id)), "{assessment}");
        }
        // The exported status of a clause comes from one of its assessments.
        let clause = rows(&app, "clauses", "agreement=minsk-2&heldBy=russia");
        let clause = row(&clause, "number", "9");
        let assessment = row(&assessments, "id", clause["assessmentId"].as_str().unwrap());
        assert_eq!(assessment["status"], clause["status"]);
        assert_eq!(assessment["note"], clause["assessmentNote"]);
        assert_eq!(assessment["heldBy"], "russia");
        assert_eq!(assessment["sourceTitles"], clause["evidenceTitles"]);
        assert_eq!(clause["url"], json!(format!("{}/agreements/minsk-2/clauses/9", app.url)));
    }

    fn python_reads_the_exported_csv_values(app: Empty) {
        let w = World::new(&app);
        let check = |list: &str| {
            let expected = rows(&app, list, "");
            let read = read_by_python(&app, &format!("{list}.csv"));
            assert_eq!(read.len(), expected.len(), "{list}");
            for (read, expected) in read.iter().zip(&expected) {
                for (column, value) in expected.as_object().unwrap() {
                    let plain = cell(value);
                    let is_formula = !value.is_number() && plain.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    let expected = if is_formula { format!("'{plain}") } else { plain };
                    assert_eq!(read[column], json!(expected), "{list} {column}");
                }
            }
        };
        let odd = "=cmd|' /C calc'!A0, \"quoted\"\r\nand “Анна” – 日本 🕊";
        for text in [odd, "+1", "-1", "@SUM(A1)", "plain", "a; b"] {
            // An alias cannot contain line breaks, so it gets only the first line.
            let alias = text.lines().next().unwrap();
            let input = json!({ "clauseId": w.id("one"), "summary": text, "aliases": [alias, "b"] });
            // The mutation is sent directly, because the test world would read `@` as the name of a record.
            let mutation = "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { userErrors { message } } }";
            let data = app.data(mutation, json!({ "input": input }));
            assert_eq!(data["updateClause"]["userErrors"], json!([]), "{text}");
            check("clauses");
        }
        // The change log contains all texts.
        ["changes", "parties", "agreements"].into_iter().for_each(check);
    }

    fn workbook_contains_the_rows_and_no_formulas(app: Sample) {
        let mutation = "mutation { createParty(input: { slug: \"odd\", name: \"=1+1\", shortName: \"@odd\", kind: STATE }) { userErrors { code } } }";
        assert_eq!(app.data(mutation, json!({}))["createParty"]["userErrors"], json!([]));
        for list in ["agreements", "clauses", "assessments", "parties", "changes"] {
            let expected = rows(&app, list, "");
            let read = read_by_python(&app, &format!("{list}.xlsx"));
            assert_eq!(read.len(), expected.len(), "{list}");
            for (read, expected) in read.iter().zip(&expected) {
                for (column, value) in expected.as_object().unwrap() {
                    let expected = match value {
                        Value::Bool(_) | Value::Null => value.clone(),
                        Value::Number(_) => {
                            assert_eq!(read[column].as_f64(), value.as_f64(), "{list} {column}");
                            continue;
                        }
                        _ => Some(cell(value)).filter(|text| !text.is_empty()).into(),
                    };
                    // XML cannot contain carriage returns, so XLSX escapes them.
                    let expected = expected.as_str().map_or(expected.clone(), |text| json!(text.replace('\r', "_x000D_")));
                    assert_eq!(read[column], expected, "{list} {column}");
                }
            }
        }
    }
}
