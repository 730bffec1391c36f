//! PgBouncer in front of a test's PostgreSQL database.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The message if PgBouncer is missing.
const MISSING: &str = "PgBouncer is not installed, and a test runs the server behind it: install it (Debian: apt-get install \
                       pgbouncer)";

/// The path of Debian's PgBouncer, which is not in every user's PATH.
const DEBIAN: &str = "/usr/sbin/pgbouncer";

/// A PgBouncer in transaction mode. It stops when the test ends.
pub struct PgBouncer {
    /// The address of the database through PgBouncer.
    pub url: String,
    process: Child,
    _directory: TempDir,
}

impl PgBouncer {
    /// Starts a PgBouncer with two connections to the database at this address, so that clients share them.
    pub fn start(database_url: &str) -> Self {
        let url = url::Url::parse(database_url).expect("an address");
        let option = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let host = option("host")
            .or_else(|| url.host_str().map(str::to_owned))
            .expect("the address names a host");
        let user = option("user").unwrap_or_else(|| url.username().to_owned());
        let database = url.path().trim_start_matches('/');
        let password =
            url.password().map(|password| format!(" password={password}")).unwrap_or_default();
        let server = format!(
            "host={host} port={} dbname={database} user={user}{password}",
            url.port().unwrap_or(5432)
        );

        let directory = TempDir::new().expect("a temporary folder");
        let port = super::free_port();
        let settings = directory.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n{database} = {server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 200\n"
        );
        fs::write(&settings, text).expect("the settings can be written");
        let mut command =
            Command::new(if fs::exists(DEBIAN).unwrap_or(false) { DEBIAN } else { "pgbouncer" });
        if succeeds("test \"$(id -u)\" = 0") {
            // PgBouncer refuses to run as root. The user `postgres` may access PostgreSQL's socket.
            assert!(succeeds(&format!("chmod 755 '{}'", directory.path().display())));
            let has_user = succeeds("id postgres");
            command.args(["-u", if has_user { "postgres" } else { "nobody" }]);
        }
        let mut process =
            command.arg("-q").arg(&settings).stderr(Stdio::null()).spawn().expect(MISSING);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = process.try_wait().expect("the process has a status");
            assert!(
                ended.is_none() && began.elapsed() < Duration::from_secs(10),
                "PgBouncer does not start"
            );
            thread::sleep(Duration::from_millis(20));
        }
        Self {
            url: format!("postgres://{user}@127.0.0.1:{port}/{database}"),
            process,
            _directory: directory,
        }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn succeeds(command: &str) -> bool {
    let mut shell = Command::new("sh");
    let status = shell.args(["-c", command]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
