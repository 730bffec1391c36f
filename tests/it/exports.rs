//! Exports: whole lists as files.

mod rows;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use reqwest::blocking::Response;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dumps::{add_edge_cases, dump, engine_of, load, other};
use crate::support::world::World;
use crate::support::{Database, TestApp, client, on_both_databases, on_one_database};

/// The names of all exported lists, which are also the names of their API fields.
const LISTS: [&str; 10] = [
    "agreements",
    "clauses",
    "assessments",
    "proposals",
    "caveats",
    "events",
    "parties",
    "sources",
    "deadlines",
    "changes",
];

pub fn get(app: &TestApp, path: &str) -> Response {
    client(None).get(format!("{}/export/{path}", app.url)).send().expect("the server answers")
}

/// The text of an export that must succeed.
fn export(app: &TestApp, path: &str) -> String {
    let response = get(app, path);
    assert_eq!(response.status(), 200, "{path}: {:?}", response.text());
    response.text().expect("UTF-8")
}

/// The rows of an export.
pub fn rows(app: &TestApp, list: &str, parameters: &str) -> Vec<Value> {
    let text = export(app, &format!("{list}.ndjson?{parameters}"));
    text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect()
}

/// The status, the code and the message of an export that must fail.
fn failure(app: &TestApp, path: &str) -> (u16, String, String) {
    let response = get(app, path);
    let status = response.status().as_u16();
    let answer: Value = response.json().expect("errors are JSON");
    let error = &answer["errors"][0];
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (status, text(&error["extensions"]["code"]), text(&error["message"]))
}

on_both_databases! {
    fn every_format_contains_all_rows_of_every_list(app: SharedSample) {
        for list in LISTS {
            let ids = rows(&app, list, "");
            let total = app.data(&format!("{{ list: {list} {{ totalCount }} }}"), json!({}))["list"]["totalCount"].take();
            assert_eq!(json!(ids.len()), total, "{list}");
            assert!(!ids.is_empty(), "{list}");
            let array: Vec<Value> = serde_json::from_str(&export(&app, &format!("{list}.json"))).expect("JSON");
            assert_eq!(array, ids, "{list}");
            let csv = export(&app, &format!("{list}.csv"));
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
            assert!(ids[0].as_object().unwrap().keys().all(|column| header.contains(column)), "{list}: {header:?}");
            assert_eq!(reader.records().map(Result::unwrap).count(), ids.len(), "{list}");
        }
    }

    fn both_databases_export_identical_files(app: Sample) {
        add_edge_cases(&app);
        let directory = TempDir::new().unwrap();
        dump(&app.database_url, directory.path(), "dump");
        let there = Database::fresh(other(engine_of(&app)));
        load(&there.url, directory.path(), "dump").unwrap();
        let there = TestApp::serve(there, true);
        // The files contain the public address of the server, so both servers get the same address.
        let public = |app: &TestApp| app.another_with(|config| config.public_url = "https://example.org/t/".parse().ok());
        let (here, there) = (public(&app), public(&there));
        for list in LISTS {
            for parameters in ["", "?asOf=2016-06-01&heldBy=russia", "?bom=1"] {
                let path = format!("{list}.csv{parameters}");
                let response = get(&here, &path);
                let has_view = !["parties", "sources", "events", "changes"].contains(&list);
                if parameters.starts_with("?asOf") && !has_view {
                    assert_eq!(response.status(), 400, "{path}");
                    continue;
                }
                assert_eq!(response.status(), 200, "{path}");
                let text = response.text().unwrap();
                assert_eq!(text, export(&there, &path), "{path}");
                assert_eq!(text.starts_with('\u{feff}'), parameters == "?bom=1", "{path}");
            }
        }
    }

    fn exported_file_has_name_type_and_entity_tag(app: Sample) {
        let path = "clauses.csv?agreement=minsk-2&asOf=2021-12-02&heldBy=russia";
        let response = get(&app, path);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(header("content-disposition"), "attachment; filename=\"clauses-minsk-2-2021-12-02-russia.csv\"");
        assert_eq!(header("cache-control"), "public, no-cache");
        let tag = header("etag");
        let ask = |path: &str, tag: &str| {
            let request = client(None).get(format!("{}/export/{path}", app.url)).header("if-none-match", tag);
            let response = request.send().unwrap();
            (response.status().as_u16(), response.headers()["etag"].to_str().unwrap().to_owned(), response.text().unwrap())
        };
        assert_eq!(ask(path, &tag), (304, tag.clone(), String::new()));
        // Each combination of parameters and format has its own entity tag.
        for other in ["clauses.csv?agreement=minsk-2", "clauses.json?agreement=minsk-2&asOf=2021-12-02&heldBy=russia"] {
            assert_eq!(ask(other, &tag).0, 200, "{other}");
        }
        let mutation = r#"mutation { createTopic(input: { slug: "new", name: "New" }) { userErrors { code } } }"#;
        assert_eq!(app.data(mutation, json!({}))["createTopic"]["userErrors"], json!([]));
        let (status, new_tag, _) = ask(path, &tag);
        assert_eq!(status, 200);
        assert_ne!(new_tag, tag);
    }

    fn unknown_parameters_and_invalid_values_are_reported(app: SharedSample) {
        let valid = "`agreement`, `asOf`, ";
        for (path, status, code, message) in [
            ("clauses.csv?agrement=minsk-2", 400, "BAD_USER_INPUT", "there is no parameter “agrement” (did you mean “agreement”?); valid parameters: "),
            ("clauses.csv?agrement=minsk-2", 400, "BAD_USER_INPUT", valid),
            ("clauses.csv?first=3", 400, "BAD_USER_INPUT", "there is no parameter “first”"),
            ("clauses.csv?after=x", 400, "BAD_USER_INPUT", "there is no parameter “after”"),
            ("clauses.csv?status=BROKEN", 400, "BAD_USER_INPUT", "the parameter `status`: “BROKEN” is not of the type ClauseStatus"),
            ("clauses.csv?status=BROKEN", 400, "BAD_USER_INPUT", "BREACHED"),
            ("clauses.csv?asOf=2016-02-30", 400, "BAD_USER_INPUT", "the parameter `asOf`: "),
            ("clauses.csv?asOf=2016-02-30", 400, "BAD_USER_INPUT", "2016-02-30"),
            ("clauses.csv?asOf=2016-01-01&asOf=2017-01-01", 400, "BAD_USER_INPUT", "the parameter `asOf` is repeated, the second time as “2017-01-01”"),
            ("clauses.csv?overdue=yes", 400, "BAD_USER_INPUT", "the parameter `overdue`: “yes” is not a Boolean; valid values: true, false"),
            ("clauses.csv?heldBy=nobody", 400, "BAD_USER_INPUT", "`heldBy: “nobody”` is neither the id nor the slug of a party"),
            ("clauses.csv?orderBy.direction=DESC", 400, "GRAPHQL_VALIDATION_FAILED", "needs the field `field`"),
            ("clauses.csv?orderBy.field=SIZE", 400, "BAD_USER_INPUT", "the parameter `orderBy.field`: “SIZE”"),
            ("clauses.csv?bom=maybe", 400, "BAD_USER_INPUT", "the parameter `bom`: “maybe” is neither 1 nor 0"),
            ("parties.csv?asOf=2016-01-01", 400, "BAD_USER_INPUT", "there is no parameter “asOf”"),
            ("dictionary.csv?list=clauses", 400, "BAD_USER_INPUT", "the data dictionary has no parameter “list”"),
            ("clause.csv", 404, "NOT_FOUND", "there is no export “clause” (did you mean “clauses”?); valid values: agreements, clauses, "),
            ("clauses.cvs", 404, "NOT_FOUND", "there is no format “cvs” (did you mean “csv”?); valid values: csv, "),
            ("clauses", 404, "NOT_FOUND", "there is no format “”; valid values: csv, "),
        ] {
            let (actual_status, actual_code, actual_message) = failure(&app, path);
            assert_eq!((actual_status, actual_code.as_str()), (status, code), "{path}: {actual_message}");
            assert!(actual_message.contains(message), "{path}: {actual_message}");
        }
        // HTML forms send empty fields as empty values, which count as missing.
        assert_eq!(rows(&app, "clauses", "text=&asOf="), rows(&app, "clauses", ""));
    }

    fn exported_roles_and_deadlines_contain_their_holders(app: Empty) {
        World::new(&app);
        let find = |list: &str, name: &str, value: &str| {
            rows(&app, list, "").into_iter().find(|row| row[name] == value).expect("the export contains the record")
        };
        let clause = find("clauses", "number", "1.a");
        assert_eq!((&clause["partySlugs"], &clause["partyHolders"]), (&json!(["north", "south"]), &json!([null, "north"])));
        assert_eq!((&clause["deadlineRules"], &clause["deadlineHolders"]), (&json!(["14 days", "When done"]), &json!(["south", null])));
        let agreement = find("agreements", "slug", "annex");
        assert_eq!((&agreement["partySlugs"], &agreement["partyHolders"]), (&json!(["north", "south"]), &json!(["south", null])));
    }

    fn exports_require_the_same_access_as_the_api(app: Sample) {
        let private = app.another_with(|config| config.private = true);
        for path in ["clauses.csv", "changes.ndjson", "dictionary.csv"] {
            let (status, code, _) = failure(&private, path);
            assert_eq!((status, code.as_str()), (401, "UNAUTHENTICATED"), "{path}");
            let response = private.analyst().get(format!("{}/export/{path}", private.url)).send().unwrap();
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(response.headers()["cache-control"], "private, no-cache", "{path}");
        }
        let limited = app.another_with(|config| { config.limits.rate_per_address = 1; config.limits.rate_burst = 1; });
        assert_eq!(get(&limited, "parties.csv").status(), 200);
        let (status, code, _) = failure(&limited, "parties.csv");
        assert_eq!((status, code.as_str()), (429, "RATE_LIMITED"));
    }

    fn dictionary_describes_every_column(app: SharedSample) {
        let entries = rows(&app, "dictionary", "");
        let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for entry in &entries {
            let text = |column: &str| entry[column].as_str().expect("a text");
            columns.entry(text("list")).or_default().push(text("column"));
            assert!(text("description").len() > 5 && text("description").ends_with('.'), "{entry}");
            assert!(!text("type").is_empty(), "{entry}");
        }
        for list in LISTS {
            let csv = export(&app, &format!("{list}.csv"));
            let header: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
            assert_eq!(columns[list], header, "{list}");
        }
        let status = entries.iter().find(|entry| entry["list"] == "clauses" && entry["column"] == "status").unwrap();
        assert_eq!(status["type"], "code");
        assert!(status["values"].as_array().unwrap().contains(&json!("BREACHED")), "{status}");
    }
}

/// The data dictionary in Markdown.
fn documented_columns(app: &TestApp) -> String {
    let mut text = String::new();
    let mut list = String::new();
    for entry in rows(app, "dictionary", "") {
        let part = |column: &str| entry[column].as_str().expect("a text").replace('|', "\\|");
        if part("list") != list {
            list = part("list");
            write!(text, "\n### {list}\n\n| Column | Type | Meaning |\n|---|---|---|\n").unwrap();
        }
        writeln!(text, "| `{}` | {} | {} |", part("column"), part("type"), part("description"))
            .unwrap();
    }
    text
}

on_one_database! {
    fn columns_are_documented(app: Empty) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/EXPORT.md");
        let document = fs::read_to_string(&path).expect("docs/EXPORT.md can be read");
        let (before, table) = document.split_once("columns_are_documented -->\n").expect("docs/EXPORT.md contains the mark");
        let expected = documented_columns(&app);
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&path, format!("{before}columns_are_documented -->\n{expected}")).expect("docs/EXPORT.md can be written");
        } else {
            assert_eq!(table, expected, "run INSTA_UPDATE=always cargo test columns_are_documented");
        }
    }
}
