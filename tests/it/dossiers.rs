//! Importing dossiers into a database. `dossier_faults` tests invalid dossiers.

mod changed;
mod references;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use clausewatch::db::{Access, integrity};
use clausewatch::domain::viewer::Editor;
use clausewatch::dossier::{self, File, ImportError, Summary};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Data, Engine, TestApp, on_both_databases};

/// Imports dossiers into the database of a running server.
pub fn import(app: &TestApp, files: &[File]) -> Result<Summary, ImportError> {
    let mut session = app.db().session(Access::Write).unwrap();
    dossier::import(&mut session, &Editor::operator(), files)
}

/// Imports a valid dossier.
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

/// A dossier with this name and content.
pub fn file(name: &str, text: &str) -> File {
    File { name: name.to_owned(), text: text.to_owned() }
}

/// A dossier with a topic, two parties, a source, an agreement with two clauses, and an event with an assessment.
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

/// Two proposals with caveats that refer to each other, including forward references and cycles.
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

#[test]
fn embedded_dossiers_equal_the_files_in_the_folder() {
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
    fn shipped_dossiers_are_imported_with_one_change_per_record(app: Empty) {
        let summary =
            import(&app, &dossier::embedded()).unwrap_or_else(|error| panic!("{error}"));
        let created: usize = summary.counts().iter().map(|(_, tally)| tally.created).sum();
        // More than half of the changes are assessments. The others create parties, agreements, clauses, sources,
        // events and other records.
        assert!(created > 600 && summary.assessments.recorded > 600, "{summary}");
        let changes = i64::try_from(created + summary.assessments.recorded).unwrap();
        assert_eq!(app.log_position(), changes);
        let mut session = app.db().session(Access::Read).unwrap();
        assert_eq!(integrity::check(session.read().unwrap()).unwrap(), Vec::<String>::new());
    }

    fn repeated_import_of_the_folder_changes_nothing(app: Empty) {
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

    fn dossiers_in_nested_folders_are_imported_as_one(app: Empty) {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("later/still")).unwrap();
        let (proposals, base) = (folder.path().join("a.toml"), "later/still/base.toml");
        fs::write(&proposals, PROPOSALS).unwrap();
        fs::write(folder.path().join(base), BASE).unwrap();
        fs::write(folder.path().join("notes.txt"), "This is [[ no TOML").unwrap();
        // A file that is named twice is read once.
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

    fn line_endings_byte_order_marks_and_spaces_are_ignored(app: Empty) {
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
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_pipes_and_sockets_skipped() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let (folder, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = |name: &str| folder.path().join(name);
    fs::write(elsewhere.path().join("base.toml"), BASE).unwrap();
    fs::write(path("proposals.toml"), PROPOSALS).unwrap();
    symlink(elsewhere.path(), path("linked")).unwrap();
    symlink(elsewhere.path(), path("linked again")).unwrap();
    symlink(folder.path(), path("cycle")).unwrap();
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
