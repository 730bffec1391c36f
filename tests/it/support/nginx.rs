//! nginx in front of a test's server, with the server below a path.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use clausewatch::config::Config;
use tempfile::TempDir;

use super::{TestApp, free_port};

/// The message if nginx is missing.
const MISSING: &str = "nginx is not installed, and a test runs the server behind it: install it (Debian: apt-get install \
                       nginx-light)";

/// The path of Debian's nginx, which is not in every user's PATH.
const DEBIAN: &str = "/usr/sbin/nginx";

/// The path prefix that nginx removes.
pub const PREFIX: &str = "/clausewatch";

/// An nginx that forwards requests below [`PREFIX`] to a server. It stops when the test ends.
pub struct Nginx {
    /// The address of the server through nginx, without a trailing slash.
    pub url: String,
    /// The address of nginx without the prefix. There, nginx responds as another program would.
    pub root: String,
    process: Child,
    _app: TestApp,
    _directory: TempDir,
}

impl Nginx {
    /// Starts another server on the database of `app`, and nginx in front of it.
    pub fn start(app: &TestApp, set: impl FnOnce(&mut Config)) -> Self {
        let port = free_port();
        let root = format!("http://127.0.0.1:{port}");
        let url = format!("{root}{PREFIX}");
        let app = app.another_with(|config| {
            config.public_url = Some(format!("{url}/").parse().expect("an address"));
            set(config);
        });
        let directory = TempDir::new().expect("a temporary folder");
        let folder = directory.path().display();
        let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {folder}/{name};"))
            .join(" ");
        let server = &app.url;
        let settings = directory.path().join("nginx.conf");
        // The location block is the one in docs/OPERATIONS.md.
        let text = format!(
            r#"daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
            events {{}}
            http {{
                access_log off; {folders}
                server {{
                    listen 127.0.0.1:{port};
                    location {PREFIX}/ {{
                        proxy_pass {server}/;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $http_connection;
                        proxy_read_timeout 60s;
                    }}
                    location / {{ return 404 "This is another program."; }}
                }}
            }}"#
        );
        fs::write(&settings, text).expect("the settings can be written");
        let program = if fs::exists(DEBIAN).unwrap_or(false) { DEBIAN } else { "nginx" };
        let mut process = Command::new(program)
            .arg("-p")
            .arg(directory.path())
            .arg("-c")
            .arg(&settings)
            .stderr(Stdio::null())
            .spawn()
            .expect(MISSING);
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = process.try_wait().expect("the process has a status");
            assert!(
                ended.is_none() && began.elapsed() < Duration::from_secs(10),
                "nginx does not start: {}",
                fs::read_to_string(directory.path().join("error.log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Self { url, root, process, _app: app, _directory: directory }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
