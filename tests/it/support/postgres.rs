//! A temporary PostgreSQL cluster, which the tests start and remove.
//!
//! If `TEST_DATABASE_URL` is set, the tests use that server instead. The user in this address must be allowed to create
//! databases.

use std::env;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// Starts a server in a new folder, prints `ready`, and stops the server when standard input closes. The cluster
/// therefore ends with the test process. Commands on standard input stop the server with a signal and start it again.
const WATCHDOG: &str = r#"
set -e
dir=$(mktemp -d "${TMPDIR:-/tmp}/clausewatch-test-XXXXXX")
# $server may be a shell that waits for the server and ignores INT, so the id of the server is read from its file.
trap 'kill -INT "$(head -n 1 "$dir/data/postmaster.pid")" 2>/dev/null; wait $server 2>/dev/null; rm -rf "$dir"' EXIT
if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses to run as root.
    user=nobody; id postgres >/dev/null 2>&1 && user=postgres
    chown "$user" "$dir"
    as() { setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups env HOME="$dir" "$@"; }
else
    as() { "$@"; }
fi
cd "$dir"
as "$BIN/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 \
    || { cat "$dir/initdb.log"; exit 1; }
start() {
    as "$BIN/postgres" -D "$dir/data" -k "$dir" -c listen_addresses='' $SETTINGS >>"$dir/server.log" 2>&1 &
    server=$!
    for _ in $(seq 600); do
        if "$BIN/pg_isready" -q -h "$dir" -U postgres; then echo "ready $dir"; break; fi
        kill -0 $server 2>/dev/null || { cat "$dir/server.log"; exit 1; }
        sleep 0.05
    done
}
start
while read -r command; do
    if [ "$command" = start ]; then
        start
    else
        kill -"$command" "$(head -n 1 "$dir/data/postmaster.pid")"
        wait $server || true
        echo stopped
    fi
done
"#;

/// The settings of the test server. The data of tests need not survive a power failure.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c max_connections=500 -c shared_buffers=64MB -c max_wal_size=256MB";

/// A PostgreSQL server for the databases of tests.
pub struct Cluster {
    /// The part of a database's address before the database name. `after` is the part after the name.
    before: String,
    after: String,
    watchdog: Option<Watchdog>,
}

struct Watchdog {
    process: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// The cluster shared by all tests that do not need their own.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(shared);

fn shared() -> Cluster {
    if let Ok(url) = env::var("TEST_DATABASE_URL") {
        let mut url = url::Url::parse(&url).expect("TEST_DATABASE_URL is an address");
        url.set_path("/");
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        url.set_query(None);
        return Cluster { before: url.to_string(), after: query, watchdog: None };
    }
    Cluster::start()
}

impl Cluster {
    /// Starts a cluster.
    pub fn start() -> Self {
        Self::start_with(SETTINGS)
    }

    /// Starts a cluster with these options of the command `postgres`.
    pub fn start_with(settings: &str) -> Self {
        let mut process = Command::new("bash")
            .args(["-c", WATCHDOG])
            .env("SETTINGS", settings)
            .env("BIN", binaries().expect(MISSING))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("bash runs");
        let commands = process.stdin.take().expect("standard input is piped");
        let answers =
            BufReader::new(process.stdout.take().expect("standard output is piped")).lines();
        let mut watchdog = Watchdog { process, commands, answers };
        let directory = watchdog.expect("ready ");
        Self {
            before: "postgres:///".to_owned(),
            after: format!("?host={directory}&user=postgres"),
            watchdog: Some(watchdog),
        }
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.before, self.after)
    }

    /// Runs a statement as the superuser, in the database `postgres`.
    pub fn execute(&self, sql: &str) {
        let mut connection =
            PgConnection::establish(&self.url("postgres")).expect("PostgreSQL answers");
        connection.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Requires passwords for all connections from now on.
    pub fn require_passwords(&self) {
        self.execute(
            "COPY (SELECT 'local all all scram-sha-256') TO PROGRAM 'cat > pg_hba.conf'; \
             SELECT pg_reload_conf()",
        );
        // The server reads the file when it gets the signal.
        let began = Instant::now();
        while PgConnection::establish(&self.url("postgres")).is_ok() {
            assert!(began.elapsed() < Duration::from_secs(10), "the new rule is not in effect");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops the server with a signal: INT for a fast shutdown, QUIT for an immediate shutdown without a checkpoint.
    pub fn stop(&mut self, signal: &str) {
        let watchdog = self.watchdog.as_mut().expect("the tests own the cluster");
        watchdog.tell(signal);
        watchdog.expect("stopped");
    }

    /// Starts the server again.
    pub fn resume(&mut self) {
        let watchdog = self.watchdog.as_mut().expect("the tests own the cluster");
        watchdog.tell("start");
        watchdog.expect("ready ");
    }
}

impl Watchdog {
    fn tell(&mut self, command: &str) {
        writeln!(self.commands, "{command}").expect("the watchdog listens");
    }

    /// Waits for a line that starts with `start`, and returns the rest of the line.
    fn expect(&mut self, start: &str) -> String {
        let mut said = Vec::new();
        for line in self.answers.by_ref().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(start) {
                return rest.to_owned();
            }
            said.push(line);
        }
        let _ = self.process.wait();
        panic!("PostgreSQL does not start:\n{}", said.join("\n"));
    }
}

/// The message if PostgreSQL is missing.
const MISSING: &str = "PostgreSQL is not installed, and the tests run on it, too: install it (Debian: apt-get install \
                       postgresql), or name a server with TEST_DATABASE_URL";

/// The folder of `initdb` and `postgres`, if PostgreSQL is installed.
pub fn binaries() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    // Debian does not put these programs on the PATH. Each version has its own folder.
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.sort();
    versions.reverse();
    folders.splice(0..0, versions);
    folders
        .into_iter()
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// The only connection that creates databases, because a template must not be in use while it is copied.
static ADMIN: LazyLock<Mutex<PgConnection>> = LazyLock::new(|| {
    Mutex::new(PgConnection::establish(&CLUSTER.url("postgres")).expect("PostgreSQL answers"))
});

fn execute(sql: &str) {
    let mut admin = ADMIN.lock().expect("no test panics here");
    admin.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Creates an empty database and returns its address.
pub fn create(name: &str) -> String {
    create_with(name, "")
}

/// Like [`create`], with options of `CREATE DATABASE`.
pub fn create_with(name: &str, options: &str) -> String {
    execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    execute(&format!("CREATE DATABASE {name} TEMPLATE template0 {options}"));
    CLUSTER.url(name)
}

/// Creates a copy of a database and returns its address.
pub fn create_from_template(name: &str, template: &str) -> String {
    execute(&format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
    ));
    execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    CLUSTER.url(name)
}

/// Removes a database.
pub fn remove(name: &str) {
    // A failed test may have poisoned the lock. Report that failure instead of another panic.
    if let Ok(mut admin) = ADMIN.lock() {
        let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }
}
