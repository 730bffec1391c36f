//! Dumps: text files that are equal for both databases, and that both databases can load.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Data, Database, Engine, TestApp, clausewatch, on_both_databases, text};

const CREATE: &str = "mutation($input: CreatePartyInput!) { createParty(input: $input) { party { id } userErrors { message } } }";

fn party(app: &TestApp, slug: &str, name: &str) -> String {
    let input = json!({ "slug": slug, "name": name, "shortName": name, "kind": "STATE" });
    let data = app.data(CREATE, json!({ "input": input }));
    data["createParty"]["party"]["id"].as_str().expect("the party is created").to_owned()
}

/// Dumps a database into a file, and returns the file's content.
pub fn dump(database_url: &str, directory: &Path, name: &str) -> String {
    let output = clausewatch(&["dump", name, "--database-url", database_url], directory);
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::read_to_string(directory.join(name)).expect("the dump can be read")
}

/// Loads a file. Returns standard output on success and standard error on failure.
pub fn load(database_url: &str, directory: &Path, name: &str) -> Result<String, String> {
    let output = clausewatch(&["load", name, "--database-url", database_url], directory);
    let said = text(if output.status.success() { &output.stdout } else { &output.stderr });
    if output.status.success() { Ok(said) } else { Err(said) }
}

pub fn other(engine: Engine) -> Engine {
    match engine {
        Engine::Sqlite => Engine::Postgres,
        Engine::Postgres => Engine::Sqlite,
    }
}

pub fn engine_of(app: &TestApp) -> Engine {
    if app.database_url.starts_with("sqlite:") { Engine::Sqlite } else { Engine::Postgres }
}

/// Adds cases that the sample lacks: archived records, a retraction, rows that refer to later rows, and text with more
/// than one possible encoding.
pub fn add_edge_cases(app: &TestApp) {
    let odd = "Ünïted “\\” 'Natiöns'\t\u{1F54A} \u{2003} {}[],%_";
    let first = party(app, "envoy-of-later", odd);
    let second = party(app, "later", "Later");
    let data = app.data(
        "mutation($input: UpdatePartyInput!) { updateParty(input: $input) { userErrors { message } } }",
        json!({ "input": { "partyId": first, "kind": "PERSON", "representsId": second } }),
    );
    assert_eq!(data["updateParty"]["userErrors"], json!([]));
    let data = app.data(
        "mutation($input: UpdatePartyInput!) { updateParty(input: $input) { userErrors { message } } }",
        json!({ "input": { "partyId": second, "slug": "later-still" } }),
    );
    assert_eq!(data["updateParty"]["userErrors"], json!([]));
    let clause = app.clause_id("minsk-2", "9");
    let data = app.data(
        "mutation($input: ArchiveClauseInput!) { archiveClause(input: $input) { userErrors { message } } }",
        json!({ "input": { "clauseId": clause } }),
    );
    assert_eq!(data["archiveClause"]["userErrors"], json!([]));
    let criteria = json!([{ "status": "COMPLETE", "text": odd }, { "status": "BREACHED", "text": "Line one.\nLine two." }]);
    let data = app.data(
        "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { userErrors { message } } }",
        json!({ "input": { "clauseId": app.clause_id("minsk-2", "1"), "criteria": criteria } }),
    );
    assert_eq!(data["updateClause"]["userErrors"], json!([]));
    let input = json!({ "subjectId": app.clause_id("minsk-2", "1"), "meaning": odd, "heldById": first, "statedOn": "2015-03-01" });
    let data = app.data(
        "mutation($input: CreateInterpretationInput!) { createInterpretation(input: $input) { userErrors { message } } }",
        json!({ "input": input }),
    );
    assert_eq!(data["createInterpretation"]["userErrors"], json!([]));
    let coding =
        json!({ "clauseId": app.clause_id("minsk-2", "1"), "status": "PARTIAL", "note": odd });
    let data = app.data(
        "mutation($input: RecordCodingsInput!) { recordCodings(input: $input) { userErrors { message } } }",
        json!({ "input": { "on": "2016-01-01", "items": [coding] } }),
    );
    assert_eq!(data["recordCodings"]["userErrors"], json!([]));
    let query = r#"{ clause(agreement: "minsk-2", number: "1") { assessments { nodes { id } } } }"#;
    let assessment = app.data(query, json!({}))["clause"]["assessments"]["nodes"][0]["id"].take();
    let data = app.data(
        "mutation($input: RetractAssessmentInput!) { retractAssessment(input: $input) { userErrors { message } } }",
        json!({ "input": { "assessmentId": assessment, "reason": "Line one.\nLine two." } }),
    );
    assert_eq!(data["retractAssessment"]["userErrors"], json!([]));
    let input = json!({
        "clauseId": app.clause_id("minsk-2", "2"), "status": "BREACHED", "effectiveOn": "2022-02-24", "note": "Both.",
        "breachedBy": [second, first],
        "evidence": [{ "source": {
            "title": "Report", "kind": "PRESS", "locator": "§ 1, “b”", "quotation": "Both\n\tsides.", "accessedOn": "2026-11-28"
        } }]
    });
    let data = app.data(
        "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }",
        json!({ "input": input }),
    );
    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
}

/// Records two status checks and retracts one. The change logs of earlier versions cannot contain them.
fn check_statuses(app: &TestApp) {
    let check = |checked_on: &str| {
        let input = json!({ "subjectId": app.clause_id("minsk-2", "3"), "checkedOn": checked_on, "note": "Line one.\nLine two." });
        let data = app.data(
            "mutation($input: RecordStatusCheckInput!) { recordStatusCheck(input: $input) { statusCheck { id } userErrors { message } } }",
            json!({ "input": input }),
        );
        assert_eq!(data["recordStatusCheck"]["userErrors"], json!([]));
        data["recordStatusCheck"]["statusCheck"]["id"].clone()
    };
    check("2026-11-01");
    let data = app.data(
        "mutation($input: RetractStatusCheckInput!) { retractStatusCheck(input: $input) { userErrors { message } } }",
        json!({ "input": { "statusCheckId": check("2026-11-02"), "reason": "A “slip”." } }),
    );
    assert_eq!(data["retractStatusCheck"]["userErrors"], json!([]));
}

on_both_databases! {
    fn dump_survives_a_round_trip_through_the_other_database(app: Sample) {
        add_edge_cases(&app);
        check_statuses(&app);
        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        let original = dump(&app.database_url, directory, "original");
        assert!(original.lines().count() > 1_000, "{} lines", original.lines().count());

        let there = Database::fresh(other(engine_of(&app)));
        load(&there.url, directory, "original").unwrap();
        assert_eq!(dump(&there.url, directory, "there"), original);
        let back = Database::fresh(engine_of(&app));
        load(&back.url, directory, "there").unwrap();
        assert_eq!(dump(&back.url, directory, "back"), original);

        let check = clausewatch(&["check", "--database-url", &there.url], directory);
        assert!(check.status.success(), "{}", text(&check.stdout));
    }

    fn change_log_survives_undoing_and_redoing_its_migration(app: Sample) {
        add_edge_cases(&app);
        let directory = TempDir::new().unwrap();
        let original = dump(&app.database_url, directory.path(), "original");
        let engine = if engine_of(&app) == Engine::Sqlite { "sqlite" } else { "postgres" };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine).join("2026-11-28-000000_change_fields");
        let migrate = |file: &str| app.execute_sql(&fs::read_to_string(folder.join(file)).unwrap());
        migrate("down.sql");
        migrate("up.sql");
        assert!(dump(&app.database_url, directory.path(), "again") == original, "the change log has changed");
    }

    fn dump_of_an_earlier_version_is_migrated(app: Empty) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/dumps");
        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        fs::copy(folder.join("2026-11-27.jsonl"), directory.join("earlier")).unwrap();
        let fresh = Database::fresh(engine_of(&app));
        load(&fresh.url, directory, "earlier").unwrap();
        let check = clausewatch(&["check", "--database-url", &fresh.url], directory);
        assert!(check.status.success(), "{}", text(&check.stdout));
        let current = dump(&fresh.url, directory, "current");
        let (_, after_header) = current.split_once('\n').unwrap();
        insta::assert_snapshot!("earlier_dump_migrated", after_header);

        let earlier = fs::read_to_string(folder.join("2026-11-27.jsonl")).unwrap();
        let faulty = [
            (earlier.replace("{\"table\":\"change_values\"", "{\"table\":\"sign_ins\""), "no table sign_ins"),
            (earlier.replace("\"is_after\"", "\"is_before\""), "had no column is_before"),
            (earlier.replace("2026-11-27-000000_search_names", "2026-11-25-050000_source_search"), "reads dumps from 2026-11-27"),
        ];
        for (dump, words) in faulty {
            fs::write(directory.join("faulty"), &dump).unwrap();
            let other = Database::fresh(engine_of(&app));
            let refusal = load(&other.url, directory, "faulty").expect_err(words);
            assert!(refusal.contains(words), "{words}: {refusal}");
            load(&other.url, directory, "current").expect("the failed import restored the current tables");
        }
    }

    fn loaded_database_equals_the_dumped_one_and_accepts_writes(app: Sample) {
        add_edge_cases(&app);
        let directory = TempDir::new().unwrap();
        dump(&app.database_url, directory.path(), "dump");
        let fresh = Database::fresh(other(engine_of(&app)));
        load(&fresh.url, directory.path(), "dump").unwrap();
        let loaded = TestApp::serve(fresh, false);
        let query = r"{
            clauses(first: 100) { totalCount nodes { id number status statusSince assessments { nodes { id recordedAt retractedAt note breachedBy { slug } } } } }
            parties(first: 100) { nodes { id slug name represents { id } archivedAt } }
            events(first: 100) { nodes { id happenedOn title sources { id publishedOn } } }
        }";
        assert_eq!(loaded.data(query, json!({})), app.data(query, json!({})));
        let position = loaded.log_position();
        assert_eq!(position, app.log_position(), "the log lacks entries, or the sample was loaded, too");
        party(&loaded, "newcomer", "Newcomer");
        assert_eq!(loaded.log_position(), position + 1);
    }

    fn loaded_database_accepts_dossier_imports(app: Empty) {
        party(&app, "observer", "Observer");
        let directory = TempDir::new().unwrap();
        dump(&app.database_url, directory.path(), "dump");
        let loaded = Database::fresh(other(engine_of(&app)));
        load(&loaded.url, directory.path(), "dump").unwrap();
        // Some deadlines of the sample refer to events that are created after them.
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
        let import = clausewatch(&["import", sample, "--database-url", &loaded.url], directory.path());
        assert!(import.status.success(), "{}", text(&import.stderr));
    }

    fn load_rejects_a_database_that_is_not_empty(app: Sample) {
        let directory = TempDir::new().unwrap();
        let before = dump(&app.database_url, directory.path(), "before");
        let refusal = load(&app.database_url, directory.path(), "before").unwrap_err();
        assert!(refusal.contains("the database is not empty"), "{refusal}");
        assert_eq!(dump(&app.database_url, directory.path(), "after"), before);
    }

    fn invalid_dump_is_rejected_with_line_and_nothing_is_loaded(app: Sample) {
        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        let sound = dump(&app.database_url, directory, "sound");
        let lines: Vec<&str> = sound.lines().collect();
        let find = |start: &str| lines.iter().position(|line| line.starts_with(start)).expect(start);
        let (parties, topics) = (find(r#"{"table":"parties""#), find(r#"{"table":"topics""#));
        let last = lines.len() - 1;
        let replaced = |index: usize, line: &str| {
            let mut lines = lines.clone();
            lines[index] = line;
            lines.join("\n")
        };
        let changed = |index: usize, edit: &dyn Fn(&mut Vec<Value>)| {
            let mut row: Vec<Value> = serde_json::from_str(lines[index]).unwrap();
            edit(&mut row);
            replaced(index, &Value::from(row).to_string())
        };
        let without = |index: usize| {
            let mut lines = lines.clone();
            lines.remove(index);
            lines.join("\n")
        };
        let cases: Vec<(String, usize, &str)> = vec![
            (String::new(), 1, "the dump is truncated"),
            ("{}".to_owned(), 1, "not a Clausewatch dump"),
            ("<xml>".to_owned(), 1, "invalid JSON"),
            (replaced(0, &lines[0].replace("\"version\":1", "\"version\":2")), 1, "version 2 of the format"),
            (replaced(0, r#"{"format":"clausewatch dump","version":1,"schema":"2999-01-01-000001_more"}"#), 1, "2999-01-01-000001_more"),
            (replaced(parties, &lines[parties].replace("short_name", "nickname")), parties + 1, "expected "),
            (lines[..parties + 3].join("\n"), parties + 4, "the dump is truncated"),
            (replaced(parties + 2, "[1,2"), parties + 3, "invalid JSON at column 4"),
            (changed(parties + 2, &|row| drop(row.pop())), parties + 3, "8 values, and the table parties has 9 columns"),
            (changed(parties + 2, &|row| row[1] = json!("one")), parties + 3, "version must be a whole number, not \"one\""),
            (changed(parties + 2, &|row| row[8] = json!("2015-13-01T00:00:00Z")), parties + 3, "must be a time like"),
            (changed(parties + 2, &|row| row[2] = Value::Null), parties + 3, "slug"),
            (changed(parties + 2, &|row| row[6] = json!("kingdom")), parties + 3, "check constraint"),
            (changed(parties + 2, &|row| row[2] = serde_json::from_str::<Vec<Value>>(lines[parties + 1]).unwrap()[2].clone()), parties + 3, "unique constraint"),
            (without(topics - 1), last, "rows, but the dump contains"),
            (without(last), last + 1, "the dump is truncated"),
            (format!("{sound}{{}}"), last + 2, "unexpected text after the last line"),
        ];
        let fresh = Database::fresh(engine_of(&app));
        for (dump, line, words) in cases {
            fs::write(directory.join("faulty"), &dump).unwrap();
            let refusal = load(&fresh.url, directory, "faulty").expect_err(words);
            assert!(refusal.contains(&format!("line {line}: ")), "line {line}: {words}: {refusal}");
            assert!(refusal.to_lowercase().contains(&words.to_lowercase()), "{words}: {refusal}");
        }
        // The dump lacks a row that other rows refer to.
        let trackables = find(r#"{"table":"trackables""#);
        let another = json!("01890000-0000-7000-8000-000000000000");
        let missed = changed(trackables + 1, &|row| row[0] = another.clone());
        fs::write(directory.join("faulty"), &missed).unwrap();
        let refusal = load(&fresh.url, directory, "faulty").unwrap_err();
        assert!(refusal.contains("refers to a row of trackables that is not in the dump"), "{refusal}");
        // The dump has another id for a topic, but only in the topic's own row. The row of `slugs` still has the old id.
        let stolen = changed(topics + 1, &|row| row[0] = another.clone());
        fs::write(directory.join("faulty"), &stolen).unwrap();
        let refusal = load(&fresh.url, directory, "faulty").unwrap_err();
        let refusal = refusal.to_lowercase();
        assert!(refusal.contains(&format!("line {}: ", topics + 2)), "{refusal}");
        assert!(refusal.contains("unique constraint") && refusal.contains("slugs"), "{refusal}");

        load(&fresh.url, directory, "sound").expect("the failed imports left nothing behind");
        assert_eq!(dump(&fresh.url, directory, "again"), sound);
    }

    fn dump_during_writes_is_consistent(app: Empty) {
        let stop = AtomicBool::new(false);
        let directory = TempDir::new().unwrap();
        let directory = directory.path();
        thread::scope(|scope| {
            for writer in 0..3 {
                let (app, stop) = (&app, &stop);
                scope.spawn(move || {
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        party(app, &format!("party-{writer}-{number}"), "Party");
                        number += 1;
                    }
                });
            }
            let mut counts = Vec::new();
            for round in 0..4 {
                let name = format!("dump-{round}");
                let dumped = dump(&app.database_url, directory, &name);
                let fresh = Database::fresh(engine_of(&app));
                load(&fresh.url, directory, &name).unwrap();
                let check = clausewatch(&["check", "--database-url", &fresh.url], directory);
                assert!(check.status.success(), "{}", text(&check.stdout));
                counts.push(dumped.lines().count());
            }
            stop.store(true, Ordering::Relaxed);
            assert!(counts.windows(2).all(|pair| pair[0] < pair[1]), "{counts:?}");
        });
    }
}

#[test]
fn dump_without_a_file_goes_to_standard_output() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Sample);
    let directory = TempDir::new().unwrap();
    let output = clausewatch(&["dump", "--database-url", &app.database_url], directory.path());
    assert_eq!(text(&output.stdout), dump(&app.database_url, directory.path(), "dump"));
}

#[test]
fn dump_overwrites_no_file_and_creates_no_database() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("taken"), "mine").unwrap();
    let output =
        clausewatch(&["dump", "taken", "--database-url", &app.database_url], directory.path());
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("taken already exists"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(directory.path().join("taken")).unwrap(), "mine");

    let output =
        clausewatch(&["dump", "new", "--database-url", "sqlite:nowhere.db"], directory.path());
    assert!(!output.status.success());
    assert!(
        text(&output.stderr).contains("there is no file nowhere.db"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "a file was created");
}

/// In earlier versions, foreign keys were not deferrable after loading a dump. A migration repairs these databases.
#[test]
fn migration_makes_foreign_keys_deferrable_again() {
    let app = TestApp::spawn(Engine::Postgres, Data::Empty);
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres");
    let repair = migrations.join("2026-11-28-250000_deferrable_references/up.sql");
    app.execute_sql(
        "ALTER TABLE deadlines ALTER CONSTRAINT deadlines_event_id_fkey NOT DEFERRABLE; \
         ALTER TABLE deadlines ALTER CONSTRAINT deadlines_anchor_clause_id_anchor_key_fkey NOT DEFERRABLE",
    );
    let import = || {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
        let directory = TempDir::new().unwrap();
        clausewatch(&["import", sample, "--database-url", &app.database_url], directory.path())
    };
    assert!(!import().status.success(), "the foreign keys are still deferrable");
    app.execute_sql(&fs::read_to_string(repair).unwrap());
    let import = import();
    assert!(import.status.success(), "{}", text(&import.stderr));
}
