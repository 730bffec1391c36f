//! Creating backups of SQLite files in use, and restoring them.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Data, Engine, TestApp, clausewatch, text};

/// Runs a command that must succeed.
fn run(arguments: &[&str], database_url: &str, directory: &Path) -> String {
    let output = clausewatch(&[arguments, &["--database-url", database_url]].concat(), directory);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Runs a command that must fail, and returns its standard error.
fn failure(arguments: &[&str], database_url: &str, directory: &Path) -> String {
    let output = clausewatch(&[arguments, &["--database-url", database_url]].concat(), directory);
    assert!(!output.status.success(), "{arguments:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

#[test]
fn restored_backup_equals_the_original_database() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Sample);
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    run(&["backup", "copy.db"], &app.database_url, directory);
    let copied = fs::metadata(directory.join("copy.db")).unwrap();
    run(&["restore", "copy.db"], "sqlite:restored.db", directory);
    assert_eq!(
        fs::metadata(directory.join("copy.db")).unwrap().modified().unwrap(),
        copied.modified().unwrap()
    );
    let dump = |url: &str| run(&["dump"], url, directory);
    assert_eq!(dump("sqlite:restored.db"), dump(&app.database_url));
    run(&["check"], "sqlite:restored.db", directory);
}

#[test]
fn backup_during_writes_is_consistent() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let event = "mutation { createEvent(input: { title: \"T\", happenedOn: \"2015-02-12\", kind: VOTE, summary: \"S\" }) { event { id } } }";
                while !stop.load(Ordering::Relaxed) {
                    app.data(event, json!({}));
                }
            });
        }
        for round in 0..4 {
            let (copy, restored) = (format!("copy-{round}"), format!("sqlite:restored-{round}.db"));
            run(&["backup", &copy], &app.database_url, directory);
            run(&["restore", &copy], &restored, directory);
            run(&["check"], &restored, directory);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn backup_and_restore_overwrite_no_files() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Empty);
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    run(&["backup", "copy"], &app.database_url, directory);
    let message = failure(&["backup", "copy"], &app.database_url, directory);
    assert!(message.contains("copy already exists"), "{message}");

    fs::write(directory.join("taken.db"), "mine").unwrap();
    let message = failure(&["restore", "copy"], "sqlite:taken.db", directory);
    assert!(message.contains("taken.db already exists"), "{message}");
    assert_eq!(fs::read_to_string(directory.join("taken.db")).unwrap(), "mine");

    fs::write(directory.join("gone.db-wal"), "pages that are not in the database file").unwrap();
    let message = failure(&["restore", "copy"], "sqlite:gone.db", directory);
    assert!(message.contains("a database or part of one"), "{message}");

    let message = failure(&["backup", "nothing"], "sqlite:nowhere.db", directory);
    assert!(message.contains("there is no file nowhere.db"), "{message}");
    assert_eq!(fs::read_dir(directory).unwrap().count(), 3, "a file was created");
}

#[test]
fn restore_rejects_files_that_are_not_backups() {
    let app = TestApp::spawn(Engine::Sqlite, Data::Sample);
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    run(&["backup", "copy"], &app.database_url, directory);
    let sound = fs::read(directory.join("copy")).unwrap();
    let mut damaged = sound.clone();
    let middle = sound.len() / 2;
    damaged[middle..middle + 20_000].fill(7);
    for (name, content, words) in [
        ("empty", Vec::new(), "not a Clausewatch database"),
        (
            "text",
            b"This is no database, and never was one. ".repeat(200),
            "not a Clausewatch database",
        ),
        ("damaged", damaged, "damaged"),
        ("short", sound[..sound.len() / 3].to_vec(), "truncated"),
    ] {
        fs::write(directory.join(name), content).unwrap();
        let message = failure(&["restore", name], "sqlite:restored.db", directory);
        assert!(message.contains(words), "{name}: {message}");
    }
    // While a database is in use, its file is incomplete without the write-ahead log beside it.
    let live = app.database_url.trim_start_matches("sqlite:");
    let message = failure(&["restore", live], "sqlite:restored.db", directory);
    assert!(message.contains("not a backup"), "{message}");
    let message = failure(&["restore", "nothing"], "sqlite:restored.db", directory);
    assert!(message.contains("cannot open nothing"), "{message}");
    assert_eq!(fs::read_dir(directory).unwrap().count(), 5, "a file was created");
}

#[test]
fn backup_commands_refer_postgres_users_to_pg_dump() {
    let app = TestApp::spawn(Engine::Postgres, Data::Empty);
    let directory = TempDir::new().unwrap();
    let directory = directory.path();
    let message = failure(&["backup", "copy"], &app.database_url, directory);
    assert!(message.contains("pg_dump"), "{message}");
    let message = failure(&["restore", "copy"], &app.database_url, directory);
    assert!(message.contains("pg_restore"), "{message}");
    assert_eq!(fs::read_dir(directory).unwrap().count(), 0, "a file was created");
}
