//! Exporting dossiers: importing them restores the same state.

mod random;

use std::fs;

use clausewatch::db::{Access, integrity};
use clausewatch::dossier::{self, File, embedded, export};
use serde_json::json;
use tempfile::TempDir;

use crate::dossiers::{file, import, import_text};
use crate::support::world::World;
use crate::support::{Data, Engine, TestApp, clausewatch, on_both_databases, text};

fn exported(app: &TestApp) -> Vec<File> {
    let mut session = app.db().session(Access::Read).unwrap();
    export(session.read().unwrap()).unwrap().0
}

/// Imports the exported files into an empty SQLite database, and checks that an export of that database returns the same
/// files. Also checks that importing the files into the database of `app` changes nothing. Returns the files, and the server
/// with the new database.
fn check_round_trip(app: &TestApp) -> (Vec<File>, TestApp) {
    let files = exported(app);
    let again = import(app, &files).unwrap_or_else(|error| panic!("{error}"));
    assert!(again.is_unchanged(), "{again}");
    let other = TestApp::spawn(Engine::Sqlite, Data::Empty);
    import(&other, &files).unwrap_or_else(|error| panic!("{error}"));
    assert_same_files(&exported(&other), &files);
    let mut session = other.db().session(Access::Read).unwrap();
    let differences = session.read().and_then(integrity::check).unwrap();
    assert!(differences.is_empty(), "{differences:?}");
    drop(session);
    (files, other)
}

fn assert_same_files(actual: &[File], expected: &[File]) {
    let names =
        |files: &[File]| -> Vec<String> { files.iter().map(|file| file.name.clone()).collect() };
    assert_eq!(names(actual), names(expected));
    for (actual, expected) in actual.iter().zip(expected) {
        assert_eq!(actual.text, expected.text, "{}", actual.name);
    }
}

on_both_databases! {
    fn exported_sample_dossiers_restore_the_same_state(app: Whole) {
        let (files, other) = check_round_trip(&app);
        // If a database contains the exported dossiers, importing the shipped dossiers changes nothing.
        let shipped = import(&other, &embedded()).unwrap_or_else(|error| panic!("{error}"));
        assert!(shipped.is_unchanged(), "{shipped}");
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        for name in ["agreements/minsk-2.toml", "proposals/us-reply-2022.toml", "events/2015.toml", "parties.toml", "topics.toml", "sources.toml"] {
            assert!(names.contains(&name), "{names:?}");
        }
    }

    fn exported_random_dossiers_restore_the_same_state(app: Empty) {
        // All generated dossiers use the same record names, so each import changes the records of the previous dossier.
        for seed in 0..12 {
            let written = random::dossier(seed);
            let summary = import(&app, &[file("random.toml", &written)]).unwrap_or_else(|error| panic!("{seed}: {error}\n{written}"));
            assert!(!summary.is_unchanged(), "{seed}");
            let (files, _) = check_round_trip(&app);
            // The dossier can also be imported into an empty database. For the first dossier, both databases have the
            // same export.
            let other = TestApp::spawn(Engine::Sqlite, Data::Empty);
            import(&other, &[file("random.toml", &written)]).unwrap_or_else(|error| panic!("{seed}: {error}"));
            if seed == 0 {
                assert_same_files(&exported(&other), &files);
            }
        }
    }

    fn export_omits_data_that_dossiers_cannot_contain(app: Empty) {
        let mut w = World::new(&app);
        w.create("unnamed", "Source", json!({ "title": "Morning report, 5 May", "kind": "PRESS" }));
        w.create("same", "Source", json!({ "title": "Morning report: 5 May", "kind": "LEAK" }));
        w.create("vote", "Event", json!({ "happenedOn": "2016-08-01", "kind": "VOTE", "title": "Голосування", "summary": "A vote.", "sourceIds": ["@unnamed"], "concernsIds": ["@one", "@two"] }));
        w.create("unused", "Party", json!({ "slug": "unused", "name": "Unused", "shortName": "Unused", "kind": "STATE" }));
        let assess = |note: &str, patch: serde_json::Value| {
            let mut input = json!({ "clauseId": w.id("one"), "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": note, "evidence": [{ "sourceId": w.id("same") }] });
            input.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
            w.apply("updateClauseStatus", &input, "assessment { id }")["assessment"]["id"].clone()
        };
        assess("Replaced.", json!({}));
        assess("In force.", json!({ "status": "COMPLETE" }));
        let wrong = assess("Wrong.", json!({ "effectiveOn": "2016-07-01" }));
        w.apply("retractAssessment", &json!({ "assessmentId": wrong, "reason": "A mistake." }), "assessment { id }");
        w.apply("updateClauseStatus", &json!({ "clauseId": w.id("two"), "status": "PARTIAL", "effectiveOn": "2016-06-01", "note": "Of an archived clause." }), "assessment { id }");
        for name in ["unused", "two", "gazette"] {
            let kind = w.kind(name).to_owned();
            w.apply(&format!("archive{kind}"), &w.about(name, &json!({})), "query { viewer { role } }");
        }
        let files = exported(&app);
        let all: String = files.iter().map(|file| file.text.as_str()).collect();
        let has = |text: &str| all.contains(text);
        assert!(has("In force.") && !has("Replaced.") && !has("Wrong.") && !has("Of an archived clause."), "{all}");
        assert!(!has("slug = \"unused\""), "{all}");
        // A caveat still refers to the archived clause, and other records still refer to the archived source.
        assert!(has("number = \"1.a\"") && has("slug = \"gazette\""), "{all}");
        assert!(has("slug = \"morning-report-5-may\"") && has("slug = \"morning-report-5-may-2\"") && has("slug = \"untitled\""), "{all}");
        let other = TestApp::spawn(Engine::Sqlite, Data::Empty);
        import(&other, &files).unwrap_or_else(|error| panic!("{error}"));
        assert_same_files(&exported(&other), &files);
    }

    fn export_command_writes_a_folder_that_import_reads(app: Sample) {
        let directory = TempDir::new().unwrap();
        let run = |arguments: &[&str]| {
            let output = clausewatch(&[arguments, &["--database-url", &app.database_url]].concat(), directory.path());
            (output.status.success(), text(&output.stdout), text(&output.stderr))
        };
        let (is_success, out, errors) = run(&["export", "dossiers"]);
        assert!(is_success && out.contains(" files in dossiers\ntopics: "), "{out}{errors}");
        for file in exported(&app) {
            assert_eq!(fs::read_to_string(directory.path().join("dossiers").join(&file.name)).unwrap(), file.text);
        }
        let (is_success, _, errors) = run(&["export", "dossiers"]);
        assert!(!is_success && errors == "clausewatch: dossiers is not an empty folder: nothing is overwritten\n", "{errors}");
        let (is_success, out, errors) = run(&["import", "dossiers", "--dry-run"]);
        assert!(is_success && !out.contains("created") && !out.contains("updated") && out.ends_with("\nNothing was written.\n"), "{out}{errors}");
    }

    fn import_dry_run_reports_changes_and_writes_nothing(app: Empty) {
        import_text(&app, &random::dossier(1));
        let position = app.log_position();
        let directory = TempDir::new().unwrap();
        let run = |dossier: &str, options: &[&str]| {
            fs::write(directory.path().join("new.toml"), dossier).unwrap();
            let output = clausewatch(&[&["import", "new.toml", "--database-url", &app.database_url], options].concat(), directory.path());
            (output.status.success(), text(&output.stdout), text(&output.stderr))
        };
        let dossier = random::dossier(2);
        let (is_success, dry, errors) = run(&dossier, &["--dry-run"]);
        assert!(is_success && dry.contains("updated") && dry.ends_with("\nNothing was written.\n"), "{dry}{errors}");
        assert_eq!(app.log_position(), position);
        let (is_success, out, errors) = run(&dossier, &[]);
        assert!(is_success, "{errors}");
        assert_eq!(format!("{out}Nothing was written.\n"), dry);
        assert!(app.log_position() > position);
        let (is_success, out, errors) = run("[[topic]]\nslug = \"x\"\n", &["--dry-run"]);
        assert!(!is_success && out.is_empty() && errors.starts_with("new.toml:1: name: is missing"), "{out}{errors}");
    }
}

#[test]
fn export_of_an_empty_database_is_an_error() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    assert!(exported(&app).is_empty());
    let directory = TempDir::new().unwrap();
    let output =
        clausewatch(&["export", "dossiers", "--database-url", &app.database_url], directory.path());
    assert_eq!(text(&output.stderr), "clausewatch: the database has no records to export\n");
    assert!(
        dossier::dry_run(
            &mut app.db().session(Access::Write).unwrap(),
            &clausewatch::domain::viewer::Editor::operator(),
            &[]
        )
        .unwrap()
        .is_unchanged()
    );
}
