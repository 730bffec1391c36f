//! Invalid dossiers: an import reports all errors at once, with file and line, and then imports nothing.

use std::fs;
use std::path::PathBuf;

use clausewatch::dossier::{self, File, ImportError};
use serde_json::json;
use tempfile::TempDir;

use crate::dossiers::{BASE, file, import, import_paths};
use crate::support::{TestApp, on_both_databases};

/// The errors of an import that must fail. Checks that nothing was written.
pub fn faults_of(app: &TestApp, files: &[File]) -> Vec<String> {
    let before = app.log_position();
    let error = import(app, files).expect_err("the import should fail");
    assert_eq!(app.log_position(), before);
    let ImportError::ValidationErrors(faults) = error else { panic!("{error}") };
    faults.iter().map(ToString::to_string).collect()
}

on_both_databases! {
fn every_error_is_reported_with_file_and_line(app: Empty) {
    let faulty = BASE
        .replace("status = \"BREACHED\"", "status = \"BROKEN\"")
        .replace("sources = [\"gazette\"]", "sources = [\"gazette\"]\nactors = [\n  \"nort\",\n]")
        .replace("happened_on = 2020-02-01", "happened_on = 2020-02-30");
    let faults = faults_of(&app, &[file("a/faulty.toml", &faulty)]);
    assert_eq!(
        faults,
        [
            "a/faulty.toml:48: is not valid TOML: invalid date, expected day between 01 and 29",
            "a/faulty.toml:55: actors: there is no party “nort” (did you mean “north”?); expected the slug of a \
             party in this import or in the database",
            "a/faulty.toml:60: status: “BROKEN” must be NOT_APPLICABLE, NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, \
             BREACHED, SUSPENDED, VOID, OVERTAKEN or LAPSED",
        ]
    );
    let query = "{ topics { slug } parties { totalCount } agreements { totalCount } }";
    let nothing = json!({ "topics": [], "parties": { "totalCount": 0 }, "agreements": { "totalCount": 0 } });
    assert_eq!(app.data(query, json!({})), nothing);
}

fn errors_of_several_files_are_reported_at_once(app: Empty) {
    let files = [
        file("syntax.toml", "[[topic]]\nslug = \"law\nname = \"Law\"\n"),
        file("field.toml", "[[topic]]\nslug = \"trade\"\nnmae = \"Trade\"\n"),
        file("kind.toml", "[[topics]]\nslug = \"trade\"\n"),
        file("base.toml", BASE),
    ];
    assert_eq!(
        faults_of(&app, &files),
        [
            "field.toml:1: name: is missing, and a topic must have it",
            "field.toml:3: “nmae”: a topic has no such field (did you mean “name”?); it has slug, name, description, \
             parent, external_ids",
            "kind.toml:1: “topics”: a dossier has no such field (did you mean “topic”?); it has topic, party, source, \
             agreement, proposal, precondition, interpretation, event, assessment",
            "syntax.toml:2: is not valid TOML: invalid basic string, expected `\"`",
        ]
    );
}

fn invalid_types_dates_and_references_are_reported(app: Empty) {
    let faulty = BASE
        .replace("agreed_on = 2020-01-01", "agreed_on = \"1 January\"\nconfidence = 3")
        .replace(
            "heading = \"Arms\"",
            "heading = \"\"\ndeadlines = [{ due_on = 2020-01-01T12:00:00 }]",
        )
        .replace("number = \"1\"", "number = \"1\"\nparent = \"0\"")
        .replace("of = \"truce/1\"", "of = \"truce/9\"")
        .replace("kind = \"PRESS\"", "url = \"ftp://example.org\"\nkind = \"PRESS\"");
    assert_eq!(
        faults_of(&app, &[file("test.toml", &faulty)]),
        [
            "test.toml:21: url: “ftp://example.org” is not an address that starts with https:// or http://",
            "test.toml:30: agreed_on: must be a date like 2015-02-12, not “1 January”",
            "test.toml:31: confidence: must be a string in quotes, not the number 3",
            "test.toml:36: parent: there is no clause “0” in “truce” (did you mean “1”?); expected the number of \
             another clause of this agreement",
            "test.toml:44: heading: must not be empty",
            "test.toml:45: deadlines.0.due_on: must be a date like 2015-02-12, without a time, not 2020-01-01T12:00:00",
            "test.toml:45: deadlines.0.rule: is missing, and a deadline must have it",
            "test.toml:60: of: there is no clause, caveat or proposal “truce/9” (did you mean “truce/1”?); expected \
             AGREEMENT/NUMBER, PROPOSAL/NUMBER or the slug of a proposal, in this import or in the database",
        ]
    );
}

fn day_before_the_year_1_is_reported(app: Empty) {
    let faulty = BASE.replace("kind = \"PRESS\"", "kind = \"PRESS\"\npublished_on = 0000-12-31");
    assert_eq!(
        faults_of(&app, &[file("test.toml", &faulty)]),
        ["test.toml:22: published_on: 0000-12-31 is out of range: years from 0001 to 9999"]
    );
}

fn invalid_breakers_are_reported_with_file_and_line(app: Empty) {
    let assessment = "status = \"BREACHED\"\nnote = \"Shots.\"\n";
    let faults = |replacement: &str| {
        let text = BASE.replace(assessment, replacement);
        assert_ne!(text, BASE);
        faults_of(&app, &[file("test.toml", &text)])
    };
    for (replacement, expected) in [
        (
            "status = \"PARTIAL\"\nnote = \"Shots.\"\nbreached_by = [\"north\"]\n",
            vec![
                "test.toml:59: breached_by: must be empty unless the status is BREACHED; the status is PARTIAL",
            ],
        ),
        (
            "status = \"BREACHED\"\nnote = \"Shots.\"\nbreached_by = [\n  \"south\",\n  \"nort\",\n]\n",
            vec![
                "test.toml:61: breached_by: there is no party “nort” (did you mean “north”?); expected the slug of a \
                 party in this import or in the database",
            ],
        ),
        (
            "status = \"BREACHED\"\nnote = \"Shots.\"\nbreached_by = [\n  \"south\",\n  \"north\",\n  \"south\",\n]\n",
            vec!["test.toml:62: breached_by.2: repeats item 0 of breached_by"],
        ),
        (
            "status = \"BREACHED\"\nnote = \"Shots.\"\nbreached_by = \"north\"\n",
            vec!["test.toml:59: breached_by: must be a list of strings, such as [\"one\", \"other\"], not the string “north”"],
        ),
        // If the status is invalid, the reader cannot check whether breakers are allowed, so it reports only the
        // status.
        (
            "status = \"BROKEN\"\nnote = \"Shots.\"\nbreached_by = [\"north\"]\n",
            vec![
                "test.toml:57: status: “BROKEN” must be NOT_APPLICABLE, NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, \
                 BREACHED, SUSPENDED, VOID, OVERTAKEN or LAPSED",
            ],
        ),
    ] {
        assert_eq!(faults(replacement), expected, "{replacement}");
    }
}

fn errors_that_depend_on_other_records_have_file_and_line(app: Empty) {
    let text = format!(
        "{BASE}
[[assessment]]
of = \"truce/2\"
status = \"MINIMAL\"
effective_on = 2019-12-31
note = \"Too early.\"

[[topic]]
slug = \"one\"
name = \"One\"
parent = \"other\"

[[topic]]
slug = \"other\"
name = \"Other\"
parent = \"one\"
"
    );
    let faults = faults_of(&app, &[file("test.toml", &text)]);
    assert_eq!(
        faults,
        [
            "test.toml:63: effective_on: 2019-12-31 is before 2020-01-01, the day on which the record was agreed or proposed",
            "test.toml:69: parent: is this topic or a part of it; a topic cannot contain itself",
        ]
    );
}

fn duplicate_definitions_are_reported_with_both_locations(app: Empty) {
    let again = r#"
[[party]]
slug = "north"
name = "North"
short_name = "North"
kind = "STATE"

[[proposal]]
slug = "truce"
title = "Plan"
summary = "A plan."
standing = "OFFICIAL"
made_on = 2020-01-01
proposed_by = ["north"]
addressed_to = ["south"]

[[assessment]]
of = "truce/1"
status = "PARTIAL"
effective_on = 2020-02-01
note = "Few shots."

[[precondition]]
kind = "BEFORE_START"
step = "truce/2"
requires = "truce/1"

[[precondition]]
kind = "BEFORE_START"
step = "truce/2"
requires = "truce/1"
note = "Once more."
"#;
    let third = "[[agreement.clause]]\nnumber = \"1\"\nheading = \"Again\"\nsummary = \"Again.\"\n\
                 nature = \"ONE_OFF\"\ntopic = \"security\"\n\n[[event]]";
    let doubled = BASE.replace("[[event]]", third);
    assert_eq!(
        faults_of(&app, &[file("base.toml", &doubled), file("again.toml", again)]),
        [
            "again.toml:3: slug: party “north” is already defined at base.toml:6",
            "again.toml:9: slug: “truce” is already the slug of an agreement (base.toml:23); agreements and proposals \
             share one set of slugs",
            "again.toml:17: of: the same holder’s status for 2020-02-01 is already defined at base.toml:62",
            "again.toml:28: requires: the same precondition is already defined at again.toml:23",
            "base.toml:47: number: clause “truce/1” is already defined at base.toml:32",
        ]
    );
}


fn import_command_prints_one_line_for_each_error(app: Sample) {
    let position = app.log_position();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("faulty.toml");
    let text = BASE
        .replace("kind = \"PRESS\"", "kind = \"RUMOUR\"")
        .replace("agreed_on = 2020-01-01", "agreed_on = 2020-13-01")
        .replace("of = \"truce/1\"", "of = \"truce/3\"");
    fs::write(&path, text).unwrap();
    let output = import_paths(&app, &[folder.path()]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let place = format!("{}:", path.display());
    let faults: Vec<&str> =
        errors.lines().filter_map(|line| line.strip_prefix(place.as_str())).collect();
    assert_eq!(
        faults,
        [
            "21: kind: “RUMOUR” must be OFFICIAL_TEXT, MONITOR_REPORT, PARTY_STATEMENT, PRESS, ACADEMIC or LEAK",
            "29: is not valid TOML: invalid date, expected month between 01 and 12",
            "56: of: there is no clause, caveat or proposal “truce/3” (did you mean “truce/1”?); expected \
             AGREEMENT/NUMBER, PROPOSAL/NUMBER or the slug of a proposal, in this import or in the database",
        ],
        "{errors}"
    );
    assert_eq!(errors.lines().last(), Some("clausewatch: nothing was imported because of 3 errors"));
    assert_eq!(errors.lines().count(), 4, "{errors}");
    assert_eq!(app.log_position(), position);
}

fn import_command_rejects_missing_paths(app: Empty) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("base.toml"), BASE).unwrap();
    let missing = folder.path().join("none.toml");
    let output = import_paths(&app, &[folder.path(), &missing]);
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        format!("clausewatch: {}: there is no such file or folder\n", missing.display())
    );
    assert_eq!(app.log_position(), 0);
}

fn references_to_records_of_earlier_imports_are_valid(app: Empty) {
    let (one, other) = BASE.split_once("[[event]]").unwrap();
    let other = format!("[[event]]{other}");
    let alone = faults_of(&app, &[file("events.toml", &other)]);
    assert_eq!(alone.len(), 2, "{alone:#?}");
    assert!(alone[0].starts_with("events.toml:8: sources: there is no source “gazette”"));
    assert!(alone[1].starts_with("events.toml:11: of: there is no clause, caveat or proposal “truce/1”"));
    import(&app, &[file("base.toml", one)]).unwrap();
    assert_eq!(import(&app, &[file("events.toml", &other)]).unwrap().events.created, 1);
}
}

#[test]
fn reading_reports_the_invalid_path() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let problem = |path: PathBuf| dossier::read(&[path]).unwrap_err().to_string();
    assert!(problem(path("none")).ends_with("none: there is no such file or folder"));
    fs::create_dir(path("empty")).unwrap();
    assert!(problem(path("empty")).contains("empty: the folder has no dossier"));
    fs::write(path("odd.toml"), b"ab\xff").unwrap();
    assert!(
        problem(path("odd.toml"))
            .ends_with("odd.toml: is not UTF-8 text; the first invalid byte is at offset 2")
    );
}
