//! Releases: packages of the data at one position of the change log.

mod package;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use clausewatch::db::release::Outcome;
use clausewatch::db::{self, Access};
use clausewatch::domain::release::ReleaseContent;
use clausewatch::export::{ExportLimits, Exports};
use clausewatch::graphql::{Executor, ReadAccess};
use clausewatch::release::{Request, build};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::dumps::{add_edge_cases, dump, engine_of, load, other};
use crate::statements::cost;
use crate::support::world::World;
use crate::support::{Database, Engine, TestApp, clausewatch, client, on_both_databases, text};

/// The public address in all packages. All tests use the same one, because the files contain it.
const PUBLIC_URL: &str = "https://example.org/t/";

/// Runs the command `release` with these arguments.
fn run(database_url: &str, directory: &Path, arguments: &[&str]) -> Output {
    let options = ["--database-url", database_url, "--public-url", PUBLIC_URL];
    clausewatch(&[&["release"], arguments, &options].concat(), directory)
}

/// Runs the command `release`, which must succeed, and returns its output.
fn release(database_url: &str, directory: &Path, arguments: &[&str]) -> String {
    let output = run(database_url, directory, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs the command `release`, which must fail, and returns its output and its error.
fn failure(database_url: &str, directory: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(database_url, directory, arguments);
    assert!(!output.status.success(), "{arguments:?}: {}", text(&output.stdout));
    (text(&output.stdout), text(&output.stderr))
}

/// The files of a folder, keyed by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("the folder exists");
    let file = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
    };
    entries.map(file).collect()
}

fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, content) in &one {
        assert!(*content == other[name], "{name} differs");
    }
}

/// Records an assessment of clause 1 of Minsk II, and retracts the earlier assessments of clause 2.
fn change_statuses(app: &TestApp) {
    let input = json!({
        "clauseId": app.clause_id("minsk-2", "1"), "status": "BREACHED", "effectiveOn": "2015-02-15", "note": "Later.",
    });
    let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
    let query = r#"{ clause(agreement: "minsk-2", number: "2") { assessments(first: 50) { nodes { id } } } }"#;
    let assessments = app.data(query, json!({}))["clause"]["assessments"]["nodes"].take();
    for assessment in assessments.as_array().expect("a list") {
        let mutation = "mutation($input: RetractAssessmentInput!) { retractAssessment(input: $input) { userErrors { message } } }";
        let input = json!({ "assessmentId": assessment["id"], "reason": "Wrong." });
        let data = app.data(mutation, json!({ "input": input }));
        assert_eq!(data["retractAssessment"]["userErrors"], json!([]));
    }
}

/// A query with fields and filters that accept `knownAtRelease`.
const VIEW: &str = "query($release: String) {
    agreement(slug: \"minsk-2\") {
        implementation(asOf: \"2026-01-01\", knownAtRelease: $release) { score breakdown { status count } }
        sequence(knownAtRelease: $release) { ready { id } ended { id } keystones { id } }
        clauses(first: 200) {
            nodes {
                number
                status(knownAtRelease: $release)
                statusSince(knownAtRelease: $release)
                isContested(knownAtRelease: $release)
                isOverdue(asOf: \"2026-01-01\", knownAtRelease: $release)
                checkedOn(knownAtRelease: $release)
                assessment(knownAtRelease: $release) { id }
                viewpoints(knownAtRelease: $release) { id }
            }
        }
    }
    clauses(first: 200, filter: { status: [BREACHED], knownAtRelease: $release }) { nodes { reference } }
    assessments(first: 200, filter: { agreement: [\"minsk-2\"], knownAtRelease: $release }) { totalCount }
}";

on_both_databases! {
    fn both_databases_write_the_same_package_at_all_times(app: Sample) {
        add_edge_cases(&app);
        let directory = TempDir::new().unwrap();
        let folder = |name: &str| directory.path().join(name);
        dump(&app.database_url, directory.path(), "dump");
        let there = Database::fresh(other(engine_of(&app)));
        load(&there.url, directory.path(), "dump").unwrap();
        let options = ["--title", "Ünïted “title”", "--creator", "Ann", "--license", "CC-BY-4.0"];
        let output = release(&app.database_url, directory.path(), &[&["2026-11"], &options[..]].concat());
        assert!(output.starts_with("Recorded the release 2026-11: the change log up to position "), "{output}");
        assert!(output.ends_with(" files in clausewatch-2026-11\n"), "{output}");
        release(&there.url, directory.path(), &[&["2026-11", "--into", "there"], &options[..]].concat());
        assert_same(&folder("clausewatch-2026-11"), &folder("there"));
        // A change of the records does not change the release.
        change_statuses(&app);
        let clause = app.clause_id("minsk-2", "3");
        let data = app.data(
            "mutation($input: UpdateClauseInput!) { updateClause(input: $input) { userErrors { message } } }",
            json!({ "input": { "clauseId": clause, "heading": "Another heading" } }),
        );
        assert_eq!(data["updateClause"]["userErrors"], json!([]));
        let output = release(&app.database_url, directory.path(), &["2026-11", "--into", "again"]);
        assert!(output.starts_with("The release 2026-11 exists.\n"), "{output}");
        assert_same(&folder("clausewatch-2026-11"), &folder("again"));
        // A dump contains the releases with their files.
        dump(&app.database_url, directory.path(), "later");
        let loaded = Database::fresh(other(engine_of(&app)));
        load(&loaded.url, directory.path(), "later").unwrap();
        release(&loaded.url, directory.path(), &["2026-11", "--into", "loaded"]);
        assert_same(&folder("clausewatch-2026-11"), &folder("loaded"));
        let check = clausewatch(&["check", "--database-url", &loaded.url], directory.path());
        assert!(check.status.success(), "{}", text(&check.stdout));
        // A new release contains the changes, so its log differs.
        release(&app.database_url, directory.path(), &["2026-12"]);
        let list = release(&app.database_url, directory.path(), &["--list"]);
        let names: Vec<&str> = list.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["2026-12", "2026-11"], "{list}");
        assert!(list.contains("Ünïted “title”"), "{list}");
        assert_ne!(files(&folder("clausewatch-2026-12"))["log.ndjson"], files(&folder("again"))["log.ndjson"]);
    }

    fn queries_with_a_release_always_return_the_same_answer(app: Sample) {
        let directory = TempDir::new().unwrap();
        let now = app.data(VIEW, json!({}));
        release(&app.database_url, directory.path(), &["v1.0"]);
        let variables = json!({ "release": "v1.0" });
        assert_eq!(app.data(VIEW, variables.clone()), now);
        let exported = |parameters: &str| {
            let url = format!("{}/export/clauses.ndjson?agreement=minsk-2&{parameters}", app.url);
            let lines = client(None).get(url).send().unwrap().text().unwrap();
            let rows = lines.lines().map(|line| serde_json::from_str(line).unwrap());
            rows.map(|row: Value| json!([row["number"], row["status"], row["assessmentId"], row["knownAtRelease"]])).collect::<Vec<_>>()
        };
        let before = exported("knownAtRelease=v1.0");
        assert_eq!(before[0][3], "v1.0");
        change_statuses(&app);
        assert_eq!(app.data(VIEW, variables), now);
        assert_ne!(app.data(VIEW, json!({})), now);
        assert_eq!(exported("knownAtRelease=v1.0"), before);
    }

    fn releases_are_listed_and_read_by_name_and_id(app: Sample) {
        let list = "{ releases(first: 1) { totalCount pageInfo { hasNextPage endCursor } nodes { id name } } }";
        assert_eq!(app.data(list, json!({}))["releases"]["totalCount"], 0);
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["first", "--notes", "The first."]);
        release(&app.database_url, directory.path(), &["second", "--title", "The second"]);
        let page = app.data(list, json!({}))["releases"].take();
        assert_eq!((&page["totalCount"], &page["nodes"][0]["name"]), (&json!(2), &json!("second")), "newest first");
        let query = "query($after: String) { releases(first: 5, after: $after) { nodes { name title notes } } }";
        let next = app.data(query, json!({ "after": page["pageInfo"]["endCursor"] }));
        assert_eq!(next["releases"]["nodes"], json!([{ "name": "first", "title": null, "notes": "The first." }]));
        let query = "query($name: String!) { release(name: $name) { id title position knownAt createdAt merkleRoot files { name bytes sha256 } } }";
        let second = app.data(query, json!({ "name": "second" }))["release"].take();
        let end = app.data("{ changes(last: 1) { nodes { position recordedAt } } }", json!({}))["changes"]["nodes"][0].take();
        assert_eq!((&second["position"], &second["knownAt"]), (&end["position"], &end["recordedAt"]));
        let folder = directory.path().join("clausewatch-second");
        let identity: Value = serde_json::from_slice(&files(&folder)["release.json"]).unwrap();
        for field in ["position", "knownAt", "merkleRoot", "title"] {
            assert_eq!(identity[field], second[field], "{field}");
        }
        let written: Vec<Value> = files(&folder).iter().map(|(name, content)| json!([name, content.len()])).collect();
        let listed = second["files"].as_array().unwrap().iter().map(|file| json!([file["name"], file["bytes"]]));
        assert_eq!(listed.collect::<Vec<_>>(), written);
        assert_eq!(app.data(query, json!({ "name": "third" }))["release"], Value::Null);
        let node = app.data("query($id: ID!) { node(id: $id) { __typename ... on Release { name } } }", json!({ "id": second["id"] }));
        assert_eq!(node["node"], json!({ "__typename": "Release", "name": "second" }));
    }

    fn unknown_and_contradictory_releases_are_reported(app: Sample) {
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["2026-11"]);
        let message = |arguments: &str| {
            let query = format!("{{ clause(agreement: \"minsk-2\", number: \"1\") {{ status({arguments}) }} }}");
            app.error(&query, json!({})).1
        };
        assert_eq!(
            message("knownAtRelease: \"2026-12\""),
            "`knownAtRelease: “2026-12”` is not the name of a release (did you mean “2026-11”?); `releases` lists them"
        );
        assert_eq!(
            message("knownAtRelease: \"2026-11\", knownAt: \"2026-01-01T00:00:00Z\""),
            "`knownAt` and `knownAtRelease: “2026-11”` cannot be combined: give one of them"
        );
        let query = "{ clauses(filter: { knownAtRelease: \"nothing\\u0000\" }) { totalCount } }";
        assert_eq!(app.error(query, json!({})).0, "BAD_USER_INPUT");
        let response = client(None).get(format!("{}/export/clauses.csv?knownAtRelease=none", app.url)).send().unwrap();
        assert_eq!(response.status(), 400);
        assert!(response.text().unwrap().contains("is not the name of a release"));
    }

    fn invalid_requests_record_and_write_nothing(app: Sample) {
        let directory = TempDir::new().unwrap();
        let used = directory.path().join("used");
        fs::create_dir(&used).unwrap();
        fs::write(used.join("notes.txt"), "Mine.").unwrap();
        let long = "a".repeat(101);
        let cases: [(&[&str], &str); 10] = [
            (&["Version 1"], "name: “Version 1” cannot be the name of a release; valid: lower-case letters"),
            (&["../x"], "name: “../x” cannot be the name of a release"),
            (&[long.as_str()], "name: has 101 characters; the name of a release has at most 100"),
            (&["a", "--into", "used"], "used is not an empty folder: nothing is overwritten"),
            (&["a", "--into", "used/notes.txt"], "used/notes.txt is not an empty folder"),
            (&["a", "--title", " "], "title: must not be empty"),
            (&["a", "--license", "CC BY"], "--license “CC BY”: this is not an SPDX identifier, such as CC-BY-4.0"),
            (&["a", "--list"], "cannot be used with"),
            (&[], "<NAME>"),
            (&["--verify", "used"], "used is not the folder of a release: cannot read its file SHA256SUMS"),
        ];
        for (arguments, expected) in cases {
            let (_, error) = failure(&app.database_url, directory.path(), arguments);
            assert!(error.contains(expected), "{arguments:?}: {error}");
        }
        assert_eq!(release(&app.database_url, directory.path(), &["--list"]), "");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "temporary folders remain");
        fs::create_dir(directory.path().join("empty")).unwrap();
        release(&app.database_url, directory.path(), &["a", "--into", "empty"]);
        let (_, error) = failure(&app.database_url, directory.path(), &["a", "--title", "Other", "--into", "b"]);
        assert!(error.contains("the release a exists, and releases are never changed"), "{error}");
    }

    fn only_new_releases_require_the_public_address(app: Sample) {
        let directory = TempDir::new().unwrap();
        let options = ["--database-url", app.database_url.as_str()];
        let without_address =
            |arguments: &[&str]| clausewatch(&[&["release"], arguments, &options].concat(), directory.path());
        let output = without_address(&["a"]);
        assert!(!output.status.success(), "{}", text(&output.stdout));
        let error = text(&output.stderr);
        assert!(error.contains("a new release requires --public-url (CLAUSEWATCH_PUBLIC_URL)"), "{error}");
        assert!(!directory.path().join("clausewatch-a").exists());
        assert_eq!(release(&app.database_url, directory.path(), &["--list"]), "");
        release(&app.database_url, directory.path(), &["a"]);
        let cases: [&[&str]; 3] = [&["a", "--into", "again"], &["--list"], &["--verify", "again"]];
        for arguments in cases {
            let output = without_address(arguments);
            assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        }
    }

    fn release_is_not_recorded_if_the_log_has_grown(app: Sample) {
        let executor = Executor::new(app.db().clone(), ReadAccess::Public).unwrap();
        let exports = Exports::new(&executor, ExportLimits::default().into()).unwrap();
        let content = ReleaseContent { name: "a".to_owned(), title: None, notes: None };
        let base = PUBLIC_URL.parse().unwrap();
        let request = Request { content, creators: Vec::new(), license: None, base };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let package = runtime.block_on(build(app.db(), &executor, &exports, &request)).unwrap();
        change_statuses(&app);
        let outcome = {
            let mut session = app.db().session(Access::Write).unwrap();
            db::release::record(&mut session, &request.content, package.point, package.root, &package.files).unwrap()
        };
        assert!(matches!(outcome, Outcome::Outdated));
        assert_eq!(app.data("{ releases { totalCount } }", json!({}))["releases"]["totalCount"], 0);
    }

    fn list_at_a_release_costs_one_additional_statement(app: Sample) {
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["a"]);
        // `cost` excludes the statements that begin and end one snapshot. So the cost is 2 only if both reads share a
        // snapshot.
        let query = "{ clauses(first: 5, filter: { status: [BREACHED], knownAtRelease: \"a\" }) { nodes { number } } }";
        assert_eq!(cost(&app, query, json!({})), 2);
    }

    fn release_of_an_empty_log_is_rejected(app: Empty) {
        let directory = TempDir::new().unwrap();
        let (_, error) = failure(&app.database_url, directory.path(), &["a"]);
        assert!(error.contains("the change log is empty: there is nothing to release"), "{error}");
    }

    fn database_rejects_changes_of_releases(app: Empty) {
        World::new(&app);
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["a"]);
        let before = release(&app.database_url, directory.path(), &["--list"]);
        let mut statements = vec![
            "UPDATE releases SET name = 'b'",
            "DELETE FROM release_files",
            "UPDATE release_files SET content = ''",
        ];
        if engine_of(&app) == Engine::Postgres {
            statements.extend(["TRUNCATE release_files", "TRUNCATE releases CASCADE"]);
        }
        for sql in statements {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| app.execute_sql(sql)));
            assert!(outcome.is_err(), "{sql}");
        }
        assert_eq!(release(&app.database_url, directory.path(), &["--list"]), before);
        // The change log has no triggers that reject updates, so this update succeeds, but `check` reports it.
        app.execute_sql("UPDATE changes SET actor = 'Mallory' WHERE position = 2");
        let check = clausewatch(&["check", "--database-url", &app.database_url], directory.path());
        assert!(!check.status.success());
        assert!(text(&check.stdout).contains("release a: the Merkle root of the log up to "), "{}", text(&check.stdout));
    }

    fn missing_and_additional_files_are_reported(app: Empty) {
        World::new(&app);
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["a"]);
        // The triggers reject deletions.
        app.execute_sql(match engine_of(&app) {
            Engine::Sqlite => "DROP TRIGGER release_files_are_not_deleted",
            Engine::Postgres => "DROP TRIGGER release_files_are_permanent ON release_files",
        });
        let assert_reported = |difference: &str| {
            let check = clausewatch(&["check", "--database-url", &app.database_url], directory.path());
            assert!(!check.status.success(), "{difference}");
            let output = text(&check.stdout);
            assert!(output.contains(&format!("release a: {difference}")), "{difference}: {output}");
        };
        app.execute_sql("DELETE FROM release_files WHERE name = 'clauses.csv'");
        assert_reported("the stored file clauses.csv is missing, but SHA256SUMS lists it");
        app.execute_sql(
            "INSERT INTO release_files (release_id, name, bytes, sha256, content) \
             SELECT release_id, 'extra.txt', bytes, sha256, content FROM release_files WHERE name = 'README.txt'",
        );
        assert_reported("SHA256SUMS does not list the stored file extra.txt");
        // The stored file is intact, but it has the content of another file.
        app.execute_sql(
            "DELETE FROM release_files WHERE name = 'log.ndjson'; \
             INSERT INTO release_files (release_id, name, bytes, sha256, content) \
             SELECT release_id, 'log.ndjson', bytes, sha256, content FROM release_files WHERE name = 'README.txt'",
        );
        assert_reported("the Merkle root of the stored file log.ndjson is ");
        assert_reported("the stored file log.ndjson has the SHA-256 ");
        app.execute_sql("DELETE FROM release_files WHERE name = 'SHA256SUMS'");
        assert_reported("the stored file SHA256SUMS is missing");
    }

    fn files_are_not_written_outside_the_folder(app: Empty) {
        World::new(&app);
        let directory = TempDir::new().unwrap();
        release(&app.database_url, directory.path(), &["a"]);
        // A dump in which a file has one of these names is rejected.
        let content = dump(&app.database_url, directory.path(), "dump");
        let fresh = Database::fresh(engine_of(&app));
        for name in ["../x", "/x", ".x", "a\\\\x"] {
            let renamed = content.replace("\"CITATION.cff\"", &format!("\"{name}\""));
            assert_ne!(renamed, content);
            fs::write(directory.path().join("renamed"), renamed).unwrap();
            let error = load(&fresh.url, directory.path(), "renamed").expect_err(name);
            assert!(error.to_lowercase().contains("check constraint"), "{name}: {error}");
        }
        // A database without the constraint can contain such a name.
        let without_constraint = match engine_of(&app) {
            Engine::Sqlite => "PRAGMA ignore_check_constraints = ON",
            Engine::Postgres => "ALTER TABLE release_files DROP CONSTRAINT release_files_name_check",
        };
        app.execute_sql(&format!(
            "{without_constraint}; INSERT INTO release_files (release_id, name, bytes, sha256, content) \
             SELECT release_id, '../x', bytes, sha256, content FROM release_files WHERE name = 'README.txt'",
        ));
        let (_, error) = failure(&app.database_url, directory.path(), &["a", "--into", "below/package"]);
        assert!(error.contains("the stored file ../x of the release a is damaged"), "{error}");
        assert!(!directory.path().join("below").exists());
    }
}
