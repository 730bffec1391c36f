//! The example clients in three languages, run as users run them.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use tempfile::TempDir;

use crate::changes::bare_cursor;
use crate::other_clients::python;
use crate::support::{
    Database, Engine, Process, clausewatch, npm_install, on_both_databases, text, wait_until,
};

/// The time limit for a client to print a change. The client tries to connect once a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// The folder of the Rust examples. `cargo test --test it` does not build them.
static RUST: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = Path::new(env!("CARGO_BIN_EXE_clausewatch"));
    let folder = program.parent().expect("the program is in a folder");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--quiet", "--example", "overdue", "--example", "follow"]);
    cargo.arg("--target-dir").arg(folder.parent().expect("a target folder"));
    if folder.ends_with("release") {
        cargo.arg("--release");
    }
    if cfg!(not(feature = "ui")) {
        cargo.arg("--no-default-features");
    }
    let status = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).status().expect("cargo runs");
    assert!(status.success(), "the examples are not built");
    folder.join("examples")
});

static TYPESCRIPT: LazyLock<PathBuf> = LazyLock::new(|| npm_install("examples/typescript"));

#[derive(Debug, Clone, Copy)]
enum Language {
    Python,
    Rust,
    TypeScript,
}

impl Language {
    const ALL: [Self; 3] = [Self::Python, Self::Rust, Self::TypeScript];

    /// The command that runs an example in the folder `directory`. `server` is the address of the server.
    fn command(self, example: &str, server: &str, directory: &Path) -> Command {
        let mut command = match self {
            Self::Python => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/python");
                let mut command = Command::new(python());
                command.arg(folder.join(format!("{example}.py")));
                command
            }
            Self::Rust => Command::new(RUST.join(example)),
            Self::TypeScript => {
                // Loads TypeScript as `tsx` does, but in one process, so that the test can kill it.
                let mut command = Command::new("node");
                command.arg("--import").arg(TYPESCRIPT.join("node_modules/tsx/dist/loader.mjs"));
                command.arg(TYPESCRIPT.join(format!("{example}.ts")));
                command
            }
        };
        command.arg(server).current_dir(directory).env_remove("TOKEN");
        command
    }
}

/// A client that follows the change log.
struct Follower {
    language: Language,
    directory: Rc<TempDir>,
    child: Child,
    lines: Receiver<String>,
}

impl Follower {
    fn start(language: Language, server: &str) -> Self {
        let directory = TempDir::new().expect("a temporary folder");
        Self::start_in(Rc::new(directory), language, server)
    }

    /// Starts a client in the folder of an earlier one.
    fn start_in(directory: Rc<TempDir>, language: Language, server: &str) -> Self {
        let errors =
            File::options().create(true).append(true).open(directory.path().join("errors"));
        let mut child = language
            .command("follow", server, directory.path())
            .stdout(Stdio::piped())
            .stderr(errors.expect("a file for errors"))
            .spawn()
            .expect("the client starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { language, directory, child, lines }
    }

    /// Ends the client as `kill -9` does, and starts it again.
    fn restart(mut self, server: &str) -> Self {
        self.stop();
        Self::start_in(self.directory.clone(), self.language, server)
    }

    fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn has_cursor(&self) -> bool {
        self.directory.path().join("follow.cursor").is_file()
    }

    fn errors(&self) -> String {
        fs::read_to_string(self.directory.path().join("errors")).expect("a file of errors")
    }

    /// Checks that the client next prints exactly the changes with these positions. Each of them creates an event.
    fn expect(&self, positions: RangeInclusive<i64>) {
        for position in positions {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| {
                panic!("{:?} does not print {position}: {}", self.language, self.errors())
            });
            let words: Vec<&str> = line.split(' ').collect();
            let [number, _time, actor, action, subject] = words[..] else {
                panic!("{:?} printed {line}", self.language)
            };
            let expected = (position.to_string(), "admin", "CREATED", "Event");
            assert_eq!(
                (number.to_owned(), actor, action, subject),
                expected,
                "{:?}",
                self.language
            );
        }
    }

    fn expect_nothing(&self) {
        let line = self.lines.recv_timeout(Duration::from_millis(300));
        assert!(line.is_err(), "{:?} printed {line:?}", self.language);
    }
}

/// Records new events, one change each.
fn record(server: &Process, positions: RangeInclusive<i64>) {
    for position in positions {
        server.record(&format!("Event {position}")).expect("the event is recorded");
    }
}

/// Checks that all clients print exactly these changes next.
fn expect(followers: &[Follower], positions: RangeInclusive<i64>) {
    for follower in followers {
        follower.expect(positions.clone());
    }
}

/// Clients follow a server that starts with an empty log, and is restarted.
fn follow_through_restarts(engine: Engine) {
    let database = Database::fresh(engine);
    let mut server = Process::start(&database.url, &["--no-sample"]);
    let (url, token) = (server.url.clone(), server.token.clone());
    let address = url.strip_prefix("http://").expect("an address").to_owned();
    let start = |options: &[&str]| {
        let mut server = Process::start(&database.url, options);
        server.token.clone_from(&token);
        server
    };

    let followers = Language::ALL.map(|language| Follower::start(language, &url));
    wait_until("the clients have a cursor", || followers.iter().all(Follower::has_cursor));
    record(&server, 1..=2);
    expect(&followers, 1..=2);

    // The server is stopped. Another one writes in the meantime.
    let other = start(&[]);
    server.stop();
    record(&other, 3..=4);
    server = start(&["--bind", &address]);
    record(&server, 5..=5);
    expect(&followers, 3..=5);

    // The server is killed.
    server.kill();
    record(&other, 6..=6);
    server = start(&["--bind", &address]);
    expect(&followers, 6..=6);

    // The clients are killed. When they start again, they continue after the stored cursors.
    let followers = followers.map(|follower| {
        assert!(
            follower.errors().contains("interrupted"),
            "{:?}: {}",
            follower.language,
            follower.errors()
        );
        follower.expect_nothing();
        follower.restart(&url)
    });
    record(&server, 7..=8);
    expect(&followers, 7..=8);
    for follower in &followers {
        follower.expect_nothing();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop();
    }
}

#[test]
fn clients_follow_through_restarts_without_loss_or_repetition_on_sqlite() {
    follow_through_restarts(Engine::Sqlite);
}

#[test]
fn clients_follow_through_restarts_without_loss_or_repetition_on_postgres() {
    follow_through_restarts(Engine::Postgres);
}

/// A clause of the dossier, and what the clients print about it.
fn clause(number: u64) -> (String, String) {
    let due_on = NaiveDate::from_ymd_opt(2020, 1, 1).expect("a day") + Days::new(number);
    let clause = format!(
        "[[agreement.clause]]\nnumber = \"{number}\"\nheading = \"Duty {number}\"\nsummary = \"Something must be done.\"\n\
         nature = \"ONE_OFF\"\ntopic = \"duties\"\n\
         deadlines = [{{ rule = \"Rule {number}\", due_on = {due_on} }}, {{ rule = \"Some day\" }}]\n"
    );
    let printed = format!(
        "Long Treaty, {number} (UNASSESSED): Duty {number}\n    due {due_on}: Rule {number}\n    due on an unknown day: Some day\n"
    );
    (clause, printed)
}

on_both_databases! {
    fn clients_list_the_overdue_clauses_of_all_pages(app: Empty) {
        let (clauses, printed): (Vec<String>, Vec<String>) = (1..=120).map(clause).unzip();
        let clauses = clauses.concat();
        let dossier = format!(
            "[[topic]]\nslug = \"duties\"\nname = \"Duties\"\n\
             [[agreement]]\nslug = \"long\"\ntitle = \"A Long Treaty\"\nshort_title = \"Long Treaty\"\nkind = \"TREATY\"\n\
             adoption = \"Signed.\"\nagreed_on = 2019-01-01\nsummary = \"Many duties.\"\n{clauses}\
             [[agreement.clause]]\nnumber = \"later\"\nheading = \"Later\"\nsummary = \"It is not due yet.\"\nnature = \"ONE_OFF\"\n\
             topic = \"duties\"\ndeadlines = [{{ rule = \"Much later\", due_on = 9000-01-01 }}]\n"
        );
        let directory = TempDir::new().expect("a temporary folder");
        fs::write(directory.path().join("long.toml"), dossier).expect("a dossier");
        let import = clausewatch(&["import", "long.toml", "--database-url", &app.database_url], directory.path());
        assert!(import.status.success(), "{}", text(&import.stderr));
        for language in Language::ALL {
            let output = language.command("overdue", &app.url, directory.path()).output().expect("the client runs");
            assert!(output.status.success(), "{language:?}: {}", text(&output.stderr));
            assert_eq!(text(&output.stdout), printed.concat(), "{language:?}");
        }
    }

    fn clients_end_if_the_log_does_not_have_their_cursor(app: Empty) {
        for language in Language::ALL {
            let directory = TempDir::new().expect("a temporary folder");
            fs::write(directory.path().join("follow.cursor"), bare_cursor(99)).expect("a cursor");
            let output = language.command("follow", &app.url, directory.path()).output().expect("the client runs");
            assert_eq!(output.status.code(), Some(1), "{language:?}");
            assert!(text(&output.stderr).contains("a backup has been restored since"), "{language:?}: {}", text(&output.stderr));
        }
    }
}

#[test]
fn clients_in_typescript_have_no_type_errors() {
    let check = Command::new("npm").args(["run", "check"]).current_dir(&*TYPESCRIPT).output();
    let check = check.expect("npm runs");
    assert!(check.status.success(), "{}", text(&check.stdout));
}
