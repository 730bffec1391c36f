//! Acknowledged writes exist exactly once, even after `kill -9`, a full disk, or a database server outage.

#![expect(clippy::print_stdout, reason = "statistics for runs with --nocapture")]

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    Cluster, Data, Database, Engine, Process, SetOnDrop, TestApp, clauses_of_the_sample,
    clausewatch, client, text, wait_until,
};

/// The number of concurrent writers.
const WRITERS: usize = 8;

/// The attempted writes and their outcomes.
#[derive(Default)]
struct Record {
    number: AtomicUsize,
    acknowledged: Mutex<Vec<String>>,
    /// Titles that were sent and not acknowledged.
    pending: Mutex<Vec<String>>,
    /// The number of each error, keyed by code and message.
    errors: Mutex<HashMap<(String, String), usize>>,
}

impl Record {
    /// Writes until `stop` is set. Unless `persistent`, also stops when no response arrives.
    fn write(&self, server: &Process, stop: &AtomicBool, persistent: bool) {
        while !stop.load(Ordering::Relaxed) {
            // The first free writer resends an unacknowledged title.
            let pending = self.pending.lock().unwrap().pop();
            let title = pending.unwrap_or_else(|| {
                format!("write {}", self.number.fetch_add(1, Ordering::Relaxed))
            });
            let error = match server.record(&title) {
                Ok(()) => {
                    self.acknowledged.lock().unwrap().push(title);
                    continue;
                }
                Err(error) => error,
            };
            self.pending.lock().unwrap().push(title);
            match error {
                Some(error) => *self.errors.lock().unwrap().entry(error).or_default() += 1,
                None if persistent => {}
                None => return,
            }
        }
    }

    /// The number of acknowledged writes.
    fn written(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }

    /// The number of errors.
    fn failures(&self) -> usize {
        self.errors.lock().unwrap().values().sum()
    }

    /// Checks that the database contains every acknowledged write once, and no write that was not attempted.
    fn check(&self, database_url: &str) {
        let directory = TempDir::new().unwrap();
        let run = |command: &str| {
            clausewatch(&[command, "--database-url", database_url], directory.path())
        };
        let check = run("check");
        assert!(check.status.success(), "{}{}", text(&check.stdout), text(&check.stderr));
        let dump = text(&run("dump").stdout);
        let mut lines = dump.lines().skip_while(|line| !line.starts_with(r#"{"table":"events""#));
        let heading: Value = serde_json::from_str(lines.next().expect("events")).unwrap();
        let columns = heading["columns"].as_array().unwrap();
        let title = columns.iter().position(|column| column == "title").expect("a title");
        let mut found: HashMap<String, usize> = HashMap::new();
        for line in lines.take_while(|line| line.starts_with('[')) {
            let row: Value = serde_json::from_str(line).unwrap();
            let title = row[title].as_str().unwrap();
            // Other events belong to the sample or to the test itself.
            if title.starts_with("write ") {
                *found.entry(title.to_owned()).or_default() += 1;
            }
        }
        let acknowledged = self.acknowledged.lock().unwrap();
        for title in acknowledged.iter() {
            assert_eq!(found.get(title), Some(&1), "{title} was acknowledged");
        }
        assert!(found.values().all(|count| *count == 1), "a title exists twice");
        assert!(found.len() <= self.number.load(Ordering::Relaxed));
        println!(
            "{} attempted, {} acknowledged, {} found",
            self.number.load(Ordering::Relaxed),
            acknowledged.len(),
            found.len()
        );
    }
}

fn survives_repeated_kills(engine: Engine) {
    const ROUNDS: usize = 20;
    let database = Database::fresh(engine);
    let database_url = &database.url;
    let record = Record::default();
    let mut token = String::new();
    for round in 0..ROUNDS {
        let mut server = Process::start(database_url, &["--no-sample"]);
        if round == 0 {
            token.clone_from(&server.token);
        }
        server.token.clone_from(&token);
        let id = server.id().to_string();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| record.write(&server, &stop, false));
            }
            let _end = SetOnDrop(&stop);
            // Waits for some writes, so that the server is killed while it writes, however fast the machine is.
            let enough = record.written() + WRITERS + round;
            wait_until("enough is written", || record.written() >= enough);
            let killed = Command::new("kill").args(["-9", &id]).status().unwrap();
            assert!(killed.success());
        });
        server.kill();
    }
    assert!(record.acknowledged.lock().unwrap().len() >= ROUNDS * WRITERS, "too few writes");
    assert_eq!(*record.errors.lock().unwrap(), HashMap::new());
    record.check(database_url);
}

#[test]
fn acknowledged_writes_survive_kill_9_on_sqlite() {
    survives_repeated_kills(Engine::Sqlite);
}

#[test]
fn acknowledged_writes_survive_kill_9_on_postgres() {
    survives_repeated_kills(Engine::Postgres);
}

/// Two servers share a database from its first start. Each serves half of the writers.
fn shared(engine: Engine) {
    let database = Database::fresh(engine);
    let database_url = &database.url;
    let record = Record::default();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let start = || Process::start(database_url, &[]);
        let (one, other) = (scope.spawn(start), scope.spawn(start));
        let mut servers = [one.join().unwrap(), other.join().unwrap()];
        let tokens: Vec<String> = servers.iter().map(|server| server.token.clone()).collect();
        let token = tokens.concat();
        assert!(tokens.contains(&token), "exactly one server must create the first token");
        for server in &mut servers {
            server.token.clone_from(&token);
        }
        let clauses = "{ clauses(first: 0) { totalCount } }";
        for server in &servers {
            let answer = server.send(clauses, json!({})).unwrap();
            assert_eq!(
                answer["data"]["clauses"]["totalCount"],
                clauses_of_the_sample(),
                "{answer:#}"
            );
        }
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (record, server, stop) = (&record, &servers[writer % 2], &stop);
                scope.spawn(move || record.write(server, stop, true));
            }
            let _end = SetOnDrop(&stop);
            wait_until("enough is written", || record.written() >= 20 * WRITERS);
        });
        // Each server sees the writes of the other.
        servers[0].record("a last word").unwrap();
        let query = r#"{ events(first: 100, filter: { text: "a last word" }) { totalCount } }"#;
        let answer = servers[1].send(query, json!({})).unwrap();
        assert_eq!(answer["data"]["events"]["totalCount"], 1, "{answer:#}");
    });
    assert!(record.acknowledged.lock().unwrap().len() > WRITERS, "too few writes");
    assert_eq!(*record.errors.lock().unwrap(), HashMap::new());
    record.check(database_url);
}

#[test]
fn two_servers_share_a_sqlite_file() {
    shared(Engine::Sqlite);
}

#[test]
fn two_servers_share_a_postgres_database() {
    shared(Engine::Postgres);
}

#[test]
fn server_recovers_when_postgres_restarts_under_load() {
    let mut cluster = Cluster::start();
    let database_url = cluster.url("postgres");
    let server = Process::start(&database_url, &["--no-sample"]);
    let record = Record::default();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| record.write(&server, &stop, true));
        }
        let _end = SetOnDrop(&stop);
        for (round, how) in ["INT", "QUIT", "INT"].into_iter().enumerate() {
            let enough = record.written() + WRITERS;
            wait_until("writes succeed again", || record.written() >= enough);
            let enough = record.failures() + 2 * WRITERS;
            cluster.stop(how);
            // In round 0, PostgreSQL restarts immediately. In later rounds, it restarts after the connection of every
            // writer has failed.
            if round > 0 {
                wait_until("every writer has seen an error", || record.failures() >= enough);
            }
            cluster.resume();
            let back = Instant::now();
            while let Err(error) = server.record(&format!("back {round} {:?}", back.elapsed())) {
                assert!(back.elapsed() < Duration::from_secs(10), "writes still fail: {error:?}");
            }
            let answer = server.send("{ events(first: 1) { totalCount } }", json!({})).unwrap();
            assert!(answer["data"]["events"]["totalCount"].is_number(), "{answer:#}");
            println!("serving requests again {:?} after the database returned", back.elapsed());
        }
    });
    let errors = record.errors.lock().unwrap();
    println!("{errors:#?}");
    assert!(!errors.is_empty(), "the outage caused no errors");
    for (code, message) in errors.keys() {
        assert_eq!(
            (code.as_str(), message.contains("unavailable")),
            ("UNAVAILABLE", true),
            "{message}"
        );
    }
    drop(errors);
    record.check(&database_url);
}

#[test]
fn read_only_file_serves_reads_and_rejects_writes() {
    let directory = TempDir::new().unwrap();
    let folder = directory.path().join("read only? 100%");
    fs::create_dir(&folder).unwrap();
    let database = folder.join("file.db");
    let database_url = format!("sqlite:{}", database.display());
    let token = Process::start(&database_url, &[]).token.clone();
    // The copy has no `-wal` and `-shm` files, like a backup that is copied to a read-only disk.
    let copy = folder.join("copy.db");
    let copied = clausewatch(
        &["backup", &copy.display().to_string(), "--database-url", &database_url],
        directory.path(),
    );
    assert!(copied.status.success(), "{}", text(&copied.stderr));
    let database_url = format!("sqlite:{}", copy.display());
    let opened = clausewatch(&["check", "--database-url", &database_url], directory.path());
    assert!(opened.status.success(), "{}", text(&opened.stdout));

    // File permissions do not apply to root. If the test runs as root, it starts the server as another user.
    let program = directory.path().join("clausewatch");
    fs::copy(env!("CARGO_BIN_EXE_clausewatch"), &program).unwrap();
    set_mode(&program, 0o755);
    set_mode(directory.path(), 0o755);
    set_mode(&copy, 0o444);
    set_mode(&folder, 0o555);
    let root = text(&Command::new("id").arg("-u").output().unwrap().stdout).trim() == "0";
    let mut command = vec!["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    command.truncate(if root { command.len() } else { 0 });
    command.push(program.to_str().unwrap());
    let mut server = Process::start_within(&command, &database_url, &[]);
    server.token = token;
    let answer = server.send("{ clauses(first: 0) { totalCount } }", json!({})).unwrap();
    assert_eq!(answer["data"]["clauses"]["totalCount"], clauses_of_the_sample(), "{answer:#}");
    let (code, message) = server.record("nothing").unwrap_err().expect("an answer");
    assert_eq!(code, "UNAVAILABLE");
    assert!(message.contains("the database is read-only"), "{message}");
    assert!(
        server.stop().contains("is read-only: reads are served"),
        "the log does not report the read-only database"
    );
    set_mode(&folder, 0o755);
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        2 + leftovers(&folder),
        "a file was created"
    );
}

/// The number of files that the first server left next to its database when it was killed.
fn leftovers(folder: &Path) -> usize {
    ["file.db-wal", "file.db-shm"].iter().filter(|name| folder.join(name).exists()).count()
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Fills a small file system that only the server uses.
#[test]
#[ignore = "mounts a file system, which some machines do not allow; scripts/test runs this test if possible"]
fn full_disk_stops_only_writes_until_space_is_freed() {
    let directory = TempDir::new().unwrap();
    let database_url = format!("sqlite:{}", directory.path().join("full.db").display());
    let mount = format!(
        "mount -t tmpfs -o size=4m tmpfs '{}' && exec \"$0\" \"$@\"",
        directory.path().display()
    );
    let program = env!("CARGO_BIN_EXE_clausewatch");
    let within = ["unshare", "--map-root-user", "--mount", "sh", "-c", &mount, program];
    let server = Process::start_within(&within, &database_url, &["--no-sample"]);
    // The file system is mounted only for the server, so the test opens its files through `/proc`.
    let inside = PathBuf::from(format!("/proc/{}/root{}", server.id(), directory.path().display()));
    assert!(inside.join("full.db").exists(), "the database is not in the mounted file system");
    server.record("write 0").unwrap();

    let mut ballast = fs::File::create(inside.join("ballast")).unwrap();
    while ballast.write_all(&[0; 4096]).is_ok() {}
    let mut acknowledged = 1;
    let (code, message) = loop {
        match server.record(&format!("write {acknowledged}")) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error.expect("an answer"),
        }
    };
    assert_eq!(code, "UNAVAILABLE");
    assert!(message.contains("the disk of the database is full"), "{message}");
    let count = || {
        let answer = server.send("{ events(first: 1) { totalCount } }", json!({})).unwrap();
        answer["data"]["events"]["totalCount"].as_u64().unwrap_or_else(|| panic!("{answer:#}"))
    };
    for _ in 0..20 {
        assert!(server.record("no room").is_err());
        assert_eq!(count(), acknowledged, "reads return exactly the acknowledged writes");
    }
    drop(ballast);
    fs::remove_file(inside.join("ballast")).unwrap();
    server.record("there is room").unwrap();
    assert_eq!(count(), acknowledged + 1);
}

#[test]
fn writes_succeed_again_when_postgresql_is_writable() {
    let app = TestApp::spawn(Engine::Postgres, Data::Empty);
    // `ALTER DATABASE … SET` affects only connections opened afterwards.
    let set = |what: &str| {
        app.execute_sql(&format!(
            "BEGIN READ WRITE; \
             DO $$ BEGIN EXECUTE format('ALTER DATABASE %I {what}', current_database()); END $$; COMMIT"
        ));
    };
    let write = || {
        let input = "{ name: \"n\", shortName: \"n\", kind: STATE, slug: $slug }";
        let query = format!(
            "mutation($slug: String!) {{ createParty(input: {input}) {{ party {{ id }} }} }}"
        );
        let slug = clausewatch::domain::Id::<()>::new().to_string();
        app.send(&query, json!({ "slug": slug }))
    };
    set("SET default_transaction_read_only = on");
    app.execute_sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    // The concurrent writes open all connections. Each rejected write shows that its connection is read-only.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..4 {
                    let answer = write();
                    let error = &answer["errors"][0];
                    assert_eq!(error["extensions"]["code"], "UNAVAILABLE", "{answer:#}");
                    assert!(error["message"].as_str().unwrap().contains("read-only"), "{answer:#}");
                }
            });
        }
    });
    app.data("{ parties { totalCount } }", json!({}));
    set("RESET default_transaction_read_only");
    let began = Instant::now();
    for _ in 0..8 {
        let answer = write();
        assert!(answer["data"]["createParty"]["party"]["id"].is_string(), "{answer:#}");
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let admin = client(Some(&app.token("Ada", Role::Admin)));
    let viewer = app.send_by(&admin, "{ viewer { name } }", json!({}));
    assert_eq!(viewer["data"]["viewer"]["name"], "Ada");
}
