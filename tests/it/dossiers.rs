//! Importing dossiers into a database. What is at fault in them is in `dossier_faults`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clausewatch::db::{Access, integrity};
use clausewatch::domain::viewer::Editor;
use clausewatch::dossier::{self, AssessmentCounts, Counts, File, ImportError, Summary};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Data, Engine, TestApp, on_both_databases};

/// Imports dossiers into the database of a running server.
pub fn import(app: &TestApp, files: &[File]) -> Result<Summary, ImportError> {
    let mut session = app.db().session(Access::Write).unwrap();
    dossier::import(&mut session, &Editor::operator(), files)
}

/// Imports one dossier, which must be sound.
pub fn import_text(app: &TestApp, text: &str) -> Summary {
    import(app, &[file("test.toml", text)]).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs `clausewatch import` on paths.
pub fn import_paths(app: &TestApp, paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clausewatch"))
        .arg("import")
        .args(paths)
        .args(["--database-url", &app.database_url])
        .current_dir(std::env::temp_dir())
        .env_remove("DATABASE_URL")
        .output()
        .expect("the binary runs")
}

/// A dossier.
pub fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

/// A small world: a topic, two parties, an agreement with two clauses, an event with an assessment.
pub const BASE: &str = r#"
[[topic]]
slug = "security"
name = "Security"

[[party]]
slug = "north"
name = "North"
short_name = "North"
kind = "STATE"

[[party]]
slug = "south"
name = "South"
short_name = "South"
kind = "STATE"

[[source]]
slug = "gazette"
title = "The Gazette"
kind = "PRESS"

[[agreement]]
slug = "truce"
title = "Truce"
short_title = "Truce"
kind = "PROTOCOL"
adoption = "Signed."
agreed_on = 2020-01-01
summary = "A truce."

[[agreement.clause]]
number = "1"
heading = "Fire"
summary = "It ceases."
nature = "CONTINUING"
topic = "security"

[[agreement.clause]]
number = "2"
heading = "Arms"
summary = "They leave."
nature = "ONE_OFF"
topic = "security"

[[event]]
slug = "shots"
happened_on = 2020-02-01
kind = "VIOLATION"
title = "Shots"
summary = "There were shots."
confidence = "HIGH"
sources = ["gazette"]

[[event.assessment]]
of = "truce/1"
status = "BREACHED"
note = "Shots."
"#;

/// Two proposals whose caveats refer to each other, forwards and in circles.
const PROPOSALS: &str = r#"
[[proposal]]
slug = "answer"
title = "Answer"
summary = "An answer."
standing = "OFFICIAL"
made_on = 2020-03-02
proposed_by = ["south"]
addressed_to = ["north"]
responds_to = "offer"

[[proposal.caveat]]
number = "A-1"
kind = "DEMAND"
heading = "More"
summary = "More."
topic = "security"
answers = ["offer/O-1"]

[[proposal]]
slug = "offer"
title = "Offer"
summary = "An offer."
standing = "OFFICIAL"
made_on = 2020-03-01
proposed_by = ["north"]
addressed_to = ["south"]

[[proposal.caveat]]
number = "O-1"
kind = "OFFER"
heading = "Peace"
summary = "Peace."
topic = "security"
in_exchange_for = ["offer/O-2", "offer/O-3"]

[[proposal.caveat]]
number = "O-2"
kind = "DEMAND"
heading = "Land"
summary = "Land."
topic = "security"
in_exchange_for = ["offer/O-1"]

[[proposal.caveat]]
number = "O-3"
kind = "DEMAND"
heading = "Gold"
summary = "Gold."
topic = "security"
"#;

/// What an assessment in a changed dossier does: the one before is taken back.
const CORRECTED: AssessmentCounts = AssessmentCounts { recorded: 1, retracted: 1, unchanged: 0 };

/// The clause of the truce with that number, found by its id so that an archived one is found too.
fn clause(app: &TestApp, id: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Clause { id version heading summary archivedAt status \
                 assessments(includeRetracted: true) { nodes { id note retractedAt retractionReason } } } } }";
    app.data(query, json!({ "id": id }))["node"].take()
}

/// The assessments of a clause: note and reason for which it was taken back, oldest first.
fn said(app: &TestApp, id: &str) -> Vec<(String, Option<String>)> {
    let clause = clause(app, id);
    let mut said: Vec<_> = clause["assessments"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let reason = node["retractionReason"].as_str().map(str::to_owned);
            (node["note"].as_str().unwrap().to_owned(), reason)
        })
        .collect();
    said.reverse();
    said
}

/// The pairs of caveats that are exchanged for each other, each pair from both sides.
fn exchanges(app: &TestApp) -> Vec<String> {
    let query = "{ caveats { nodes { number inExchangeFor { number } } } }";
    let data = app.data(query, json!({}));
    let mut pairs = Vec::new();
    for caveat in data["caveats"]["nodes"].as_array().unwrap() {
        for other in caveat["inExchangeFor"].as_array().unwrap() {
            let (one, other) = (caveat["number"].as_str(), other["number"].as_str());
            pairs.push(format!("{} for {}", one.unwrap(), other.unwrap()));
        }
    }
    pairs.sort();
    pairs
}

#[test]
fn shipped_dossiers_are_those_in_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut files = dossier::read(std::slice::from_ref(&folder)).unwrap();
    for file in &mut files {
        let relative = Path::new(&file.name).strip_prefix(&folder).unwrap();
        file.name = format!("data/{}", relative.display());
    }
    let mut embedded = dossier::embedded();
    embedded.sort_by(|one, other| one.name.cmp(&other.name));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    assert_eq!(embedded, files);
}

on_both_databases! {
    fn shipped_dossiers_are_imported_with_one_change_a_record(app: Empty) {
        let summary =
            import(&app, &dossier::embedded()).unwrap_or_else(|error| panic!("{error}"));
        let created: usize = summary.counts().iter().map(|(_, tally)| tally.created).sum();
        // Parties, agreements and clauses, sources, events and so on; assessments are more than half of all.
        assert!(created > 600 && summary.assessments.recorded > 600, "{summary}");
        let changes = i64::try_from(created + summary.assessments.recorded).unwrap();
        assert_eq!(app.log_position(), changes);
        let mut session = app.db().session(Access::Read).unwrap();
        assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
    }

    fn shipped_folder_again_changes_nothing(app: Empty) {
        import(&app, &dossier::embedded()).unwrap_or_else(|error| panic!("{error}"));
        let position = app.log_position();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        let output = import_paths(&app, &[&folder]);
        let report = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(app.log_position(), position);
        assert_eq!(report.lines().count(), 11, "a line for each kind of record: {report}");
        for line in report.lines() {
            assert!(line.ends_with(" unchanged") && !line.contains(','), "{line}");
        }
    }

    fn folder_is_searched_for_dossiers_that_are_imported_as_one(app: Empty) {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("later/still")).unwrap();
        let (proposals, base) = (folder.path().join("a.toml"), "later/still/base.toml");
        fs::write(&proposals, PROPOSALS).unwrap();
        fs::write(folder.path().join(base), BASE).unwrap();
        fs::write(folder.path().join("notes.txt"), "This is [[ no TOML").unwrap();
        // A file that is met twice is read once.
        let output = import_paths(&app, &[folder.path(), &proposals]);
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "topics: 1 created\nparties: 2 created\nsources: 1 created\nagreements: 1 created\n\
             clauses: 2 created\nproposals: 2 created\ncaveats: 4 created\nevents: 1 created\n\
             assessments: 1 recorded\n",
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success());
        assert_eq!(app.log_position(), 1 + 2 + 1 + 1 + 2 + 2 + 4 + 1 + 1);
        assert_eq!(app.data("{ caveats { totalCount } }", json!({}))["caveats"]["totalCount"], 4);
    }

    fn dossier_without_records_changes_nothing(app: Empty) {
        assert_eq!(import_text(&app, "# Nothing yet.\n").to_string(), "no records");
        assert_eq!(app.log_position(), 0);
    }

    fn line_endings_marks_of_byte_order_and_trailing_spaces_change_nothing(app: Empty) {
        let unix = BASE.replace(
            "summary = \"A truce.\"",
            "summary = \"\"\"\nA truce.\n\n  It holds.\n\"\"\"",
        ).replace("note = \"Shots.\"", "note = \"\"\"\nShots,\nand more.\"\"\"");
        import_text(&app, &unix);
        let position = app.log_position();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("base.toml");
        for (name, text) in [
            ("carriage returns", unix.replace('\n', "\r\n")),
            ("a byte order mark", format!("\u{feff}{unix}")),
            ("spaces", unix.replace('\n', " \t\n")),
            ("all", format!("\u{feff}{}", unix.replace('\n', "  \r\n"))),
            ("escapes", unix.replace("\"\"\"\nShots,\nand more.\"\"\"", "\"Shots, \\r\\nand more. \"")),
        ] {
            fs::write(&path, text).unwrap();
            let output = import_paths(&app, &[&path]);
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(app.log_position(), position, "{name}: {}", String::from_utf8_lossy(&output.stdout));
        }
        let data = app.data(r#"{ agreement(slug: "truce") { summary } }"#, json!({}));
        assert_eq!(data["agreement"]["summary"], "A truce.\n\n  It holds.\n");
    }

    fn record_that_changed_is_updated_and_others_are_left_alone(app: Empty) {
        import_text(&app, BASE);
        let (first, second) = (app.clause_id("truce", "1"), app.clause_id("truce", "2"));
        let position = app.log_position();
        let before = clause(&app, &second);
        let (without_second, _) = BASE.split_once("[[agreement.clause]]\nnumber = \"2\"").unwrap();
        let changed = without_second.replace("It ceases.", "It must cease.");
        let summary = import_text(&app, &changed);
        assert_eq!(summary.clauses, Counts { updated: 1, ..Counts::default() });
        assert_eq!(app.log_position(), position + 1);
        assert_eq!(clause(&app, &first)["summary"], "It must cease.");
        assert_eq!(clause(&app, &second), before);
        assert_eq!(app.clause_id("truce", "1"), first);
    }

    fn corrected_assessment_is_retracted_and_recorded_anew(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
        assert_eq!(import_text(&app, &changed).assessments, CORRECTED);
        let reason = Some("Corrected in the dossier test.toml".to_owned());
        let expected = [("Shots.".to_owned(), reason), ("Many shots.".to_owned(), None)];
        assert_eq!(said(&app, &id), expected);
    }

    fn assessment_that_was_corrected_and_put_back_is_recorded_anew(app: Empty) {
        let changed = BASE.replace("note = \"Shots.\"", "note = \"Many shots.\"");
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        import_text(&app, &changed);
        assert_eq!(import_text(&app, BASE).assessments, CORRECTED);
        assert!(import_text(&app, BASE).is_unchanged());
        assert_eq!(import_text(&app, &changed).assessments, CORRECTED);
        let standing: Vec<_> = said(&app, &id).into_iter().filter(|(_, why)| why.is_none()).collect();
        assert_eq!(standing, [("Many shots.".to_owned(), None)]);
    }

    fn assessment_that_was_retracted_by_hand_stays_so(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        let assessment = clause(&app, &id)["assessments"]["nodes"][0]["id"].take();
        let retract = "mutation($id: ID!) { retractAssessment(input: { assessmentId: $id, reason: \"Wrong.\" }) \
                       { userErrors { message } assessment { retractedAt } } }";
        let done = app.data(retract, json!({ "id": assessment }));
        assert!(done["retractAssessment"]["assessment"]["retractedAt"].is_string(), "{done:#}");
        assert!(import_text(&app, BASE).is_unchanged());
        assert_eq!(said(&app, &id), [("Shots.".to_owned(), Some("Wrong.".to_owned()))]);
        assert_eq!(clause(&app, &id)["status"], "UNASSESSED");
    }

    fn archived_record_stays_archived_and_as_it_was(app: Empty) {
        import_text(&app, BASE);
        let id = app.clause_id("truce", "1");
        let topic = app.data("{ topics { id } }", json!({}))["topics"][0]["id"].take();
        let archive = "mutation($clause: ID!, $topic: ID!) { \
                       archiveClause(input: { clauseId: $clause }) { userErrors { message } } \
                       archiveTopic(input: { topicId: $topic }) { userErrors { message } } }";
        let done = app.data(archive, json!({ "clause": id, "topic": topic }));
        assert_eq!(done["archiveClause"]["userErrors"], json!([]));
        assert_eq!(done["archiveTopic"]["userErrors"], json!([]));
        let (before, position) = (clause(&app, &id), app.log_position());
        assert!(before["archivedAt"].is_string());
        let changed = BASE
            .replace("name = \"Security\"", "name = \"Safety\"")
            .replace("It ceases.", "It must cease.")
            .replace("note = \"Shots.\"", "note = \"Many shots.\"");
        assert!(import_text(&app, &changed).is_unchanged());
        assert_eq!(app.log_position(), position);
        assert_eq!(clause(&app, &id), before);
    }

    fn forward_references_need_one_change_a_record(app: Empty) {
        let text = format!("{PROPOSALS}{BASE}");
        let summary = import_text(&app, &text);
        assert_eq!(summary.caveats, Counts { created: 4, ..Counts::default() });
        assert_eq!(app.log_position(), 1 + 2 + 1 + 1 + 2 + 2 + 4 + 1 + 1);
        let query = r#"{ proposal(slug: "answer") { respondsTo { slug } caveat(number: "A-1") { answers { number } } } }"#;
        assert_eq!(
            app.data(query, json!({}))["proposal"],
            json!({ "respondsTo": { "slug": "offer" }, "caveat": { "answers": [{ "number": "O-1" }] } })
        );
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-1 for O-3", "O-2 for O-1", "O-3 for O-1"]);
        assert!(import_text(&app, &text).is_unchanged());
    }

    fn exchange_said_on_one_side_holds_until_neither_says_it(app: Empty) {
        import_text(&app, &format!("{PROPOSALS}{BASE}"));
        let other_side = PROPOSALS
            .replace("in_exchange_for = [\"offer/O-2\", \"offer/O-3\"]\n", "")
            .replace("heading = \"Gold\"", "heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]");
        assert!(import_text(&app, &other_side).is_unchanged());
        let nobody = other_side
            .replace("heading = \"Gold\"\nin_exchange_for = [\"offer/O-1\"]", "heading = \"Gold\"");
        assert_eq!(import_text(&app, &nobody).caveats.updated, 1);
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-2 for O-1"]);
        assert!(import_text(&app, &nobody).is_unchanged());
    }

    fn new_caveat_exchanged_for_one_that_is_there_is_linked_once(app: Empty) {
        let without = PROPOSALS.replace(", \"offer/O-3\"]", "]");
        let (without, _) = without.split_once("[[proposal.caveat]]\nnumber = \"O-3\"").unwrap();
        import_text(&app, &format!("{without}{BASE}"));
        let summary = import_text(&app, PROPOSALS);
        assert_eq!(summary.caveats, Counts { created: 1, updated: 0, unchanged: 3 });
        assert_eq!(exchanges(&app), ["O-1 for O-2", "O-1 for O-3", "O-2 for O-1", "O-3 for O-1"]);
        assert!(import_text(&app, PROPOSALS).is_unchanged());
    }

    fn new_records_in_a_circle_leave_one_created_entry_each(app: Empty) {
        let circle = BASE.replace(
            "summary = \"A truce.\"",
            "summary = \"A truce.\"\nrelations = [{ kind = \"IMPLEMENTS\", agreement = \"peace\" }]",
        ) + r#"
[[agreement]]
slug = "peace"
title = "Peace"
short_title = "Peace"
kind = "TREATY"
adoption = "Signed."
agreed_on = 2020-06-01
summary = "Peace."
relations = [{ kind = "EXTENDS", agreement = "truce" }]
"#;
        let summary = import_text(&app, &circle);
        assert_eq!(summary.agreements, Counts { created: 2, ..Counts::default() });
        assert_eq!(app.log_position(), 1 + 2 + 1 + 2 + 2 + 1 + 1);
        let changes = app.data(
            "{ changes { nodes { action subject { ... on Agreement { slug version } } after { name value } } } }",
            json!({}),
        );
        let relations = |slug: &str| -> Vec<Value> {
            let changes = changes["changes"]["nodes"].as_array().unwrap().iter();
            let of_agreement = changes.filter(|change| change["subject"]["slug"] == slug);
            of_agreement
                .map(|change| {
                    let fields = change["after"].as_array().unwrap().iter();
                    let kinds = fields.filter(|field| field["name"] == "relations.0.kind");
                    let kinds: Vec<&Value> = kinds.map(|field| &field["value"]).collect();
                    json!([change["action"], change["subject"]["version"], kinds])
                })
                .collect()
        };
        assert_eq!(relations("truce"), [json!(["CREATED", 1, ["IMPLEMENTS"]])], "{changes:#}");
        assert_eq!(relations("peace"), [json!(["CREATED", 1, ["EXTENDS"]])], "{changes:#}");
        let query = "{ agreements { nodes { relations { kind agreement { slug } } } } }";
        assert_eq!(
            app.data(query, json!({}))["agreements"]["nodes"],
            json!([
                { "relations": [{ "kind": "IMPLEMENTS", "agreement": { "slug": "peace" } }] },
                { "relations": [{ "kind": "EXTENDS", "agreement": { "slug": "truce" } }] },
            ])
        );
        assert!(import_text(&app, &circle).is_unchanged());
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_in_a_folder_are_skipped_and_links_are_followed_once() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = |name: &str| folder.path().join(name);
    fs::write(elsewhere.path().join("base.toml"), BASE).unwrap();
    fs::write(path("proposals.toml"), PROPOSALS).unwrap();
    symlink(elsewhere.path(), path("linked")).unwrap();
    symlink(elsewhere.path(), path("linked again")).unwrap();
    symlink(folder.path(), path("circle")).unwrap();
    symlink(path("proposals.toml"), path("the same.toml")).unwrap();
    symlink(path("nowhere"), path("nowhere.txt")).unwrap();
    assert!(Command::new("mkfifo").arg(path("pipe.toml")).status().unwrap().success());
    let _socket = UnixListener::bind(path("socket.toml")).unwrap();
    let output = import_paths(&app, &[folder.path()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(app.log_position(), 1 + 2 + 1 + 1 + 2 + 2 + 4 + 1 + 1);
    for name in ["pipe.toml", "socket.toml"] {
        let warning = format!("{name} is skipped: it is not a file");
        assert_eq!(said.matches(&warning).count(), 1, "{said}");
    }
    assert_eq!(said.matches("WARN").count(), 2, "{said}");
}
