//! Chromium and its ChromeDriver. Tests take a browser from a pool, because it takes a second of processor time to start one.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The maximum time in which ChromeDriver must end itself and Chromium.
const SHUTDOWN: Duration = Duration::from_secs(20);

/// The browsers that no test uses.
static IDLE: Mutex<Vec<Chromium>> = Mutex::new(Vec::new());

/// A browser with its ChromeDriver. Dropping the value ends both.
pub struct Chromium {
    pub client: Client,
    runtime: Runtime,
    driver: Driver,
}

impl Chromium {
    /// Takes a browser without data from the pool, or starts one.
    pub fn take() -> Self {
        let idle = IDLE.lock().expect("no test panics here").pop();
        idle.unwrap_or_else(|| {
            // ChromeDriver may exit early if another program takes the port that ChromeDriver has picked.
            let mut browser = Self::start();
            for _ in 0..4 {
                if browser.is_err() {
                    browser = Self::start();
                }
            }
            browser.unwrap_or_else(|error| panic!("Chromium does not start: {error}"))
        })
    }

    fn start() -> Result<Self, String> {
        let chromium = find(&["chromium", "google-chrome"], "chromium");
        let driver = Driver::start();
        let profile = driver.profile.path().display();
        let mut arguments = vec![
            format!("--user-data-dir={profile}"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
        ];
        let flags = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run \
                     --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars";
        arguments.extend(flags.split_whitespace().map(str::to_owned));
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": chromium,
                "args": arguments,
                "prefs": {
                    "download.default_directory": driver.downloads(),
                    // A page may save several files.
                    "profile.default_content_setting_values.automatic_downloads": 1,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("the capabilities are an object")
        };
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let connecting = async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(Capabilities::from_iter(capabilities));
            builder.connect(&driver.url).await
        };
        match runtime.block_on(connecting) {
            Ok(client) => Ok(Self { client, runtime, driver }),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Deletes the data of a test, and puts the browser into the pool. `origins` are the origins of the opened pages.
    pub fn give_back(self, origins: &BTreeSet<String>) {
        let opened = self.block_on(self.open_only_window());
        opened.expect("a new window replaces the windows of the test");
        for origin in origins {
            let all = json!({ "origin": origin, "storageTypes": "all" });
            self.cdp("Storage.clearDataForOrigin", all);
        }
        self.cdp("Network.clearBrowserCookies", json!({}));
        self.cdp("Network.clearBrowserCache", json!({}));
        self.messages();
        let _ = fs::remove_dir_all(self.downloads());
        IDLE.lock().expect("no test panics here").push(self);
    }

    /// Opens a window and closes all others. A new window has neither the history nor the session storage of the others.
    async fn open_only_window(&self) -> Result<(), CmdError> {
        let before = self.client.windows().await?;
        let window = self.client.new_window(true).await?.handle;
        for handle in before {
            self.client.switch_to_window(handle).await?;
            self.client.close_window().await?;
        }
        self.client.switch_to_window(window).await
    }

    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Sends a command of the Chrome DevTools Protocol, and returns its result.
    pub fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.command("goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }

    /// The browser's messages since the last call.
    pub fn messages(&self) -> Value {
        self.command("se/log", json!({ "type": "browser" }))
    }

    /// Sends a command that is not part of WebDriver.
    pub fn command(&self, path: &'static str, body: Value) -> Value {
        let sending = self.client.issue_cmd(Extra { path, body });
        self.block_on(sending).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The folder where the browser saves files.
    pub fn downloads(&self) -> PathBuf {
        self.driver.downloads()
    }
}

/// A command that is not in the WebDriver standard.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _url: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// Starts ChromeDriver, and shuts it down together with Chromium when standard input closes. So both end with the test
/// process, even if it is killed.
const WATCHDOG: &str = r#"
"$DRIVER" --port=0 &
driver=$!
# Standard output ends when ChromeDriver ends.
exec >/dev/null
read -r port
cat >/dev/null
if exec 3<>"/dev/tcp/127.0.0.1/$port"; then
    printf 'GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' >&3
else
    kill $driver
fi
wait $driver
rm -rf "$PROFILE"
"#;

/// A ChromeDriver process with its own port, and the folder of the browser's profile.
struct Driver {
    watchdog: Child,
    /// Closing it ends the processes.
    commands: Option<ChildStdin>,
    url: String,
    profile: TempDir,
}

impl Driver {
    /// Starts ChromeDriver. Starts it again if another program takes the port that ChromeDriver has picked.
    fn start() -> Self {
        (0..5).find_map(|_| Self::try_start()).expect("ChromeDriver names no port")
    }

    fn try_start() -> Option<Self> {
        let profile = TempDir::new().expect("a temporary folder");
        let mut watchdog = Command::new("bash")
            .args(["-c", WATCHDOG])
            .env("DRIVER", find(&["chromedriver"], "chromium-driver"))
            .env("PROFILE", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("bash runs");
        let mut lines =
            BufReader::new(watchdog.stdout.take().expect("standard output is piped")).lines();
        let commands = watchdog.stdin.take();
        // Dropping this value stops the processes, even if ChromeDriver never prints its port.
        let mut driver = Self { watchdog, commands, url: String::new(), profile };
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        })?;
        writeln!(driver.commands.as_mut()?, "{port}").expect("the watchdog reads");
        // Other output is discarded, so the process never blocks on a full pipe.
        thread::spawn(move || lines.map_while(io::Result::ok).for_each(drop));
        driver.url = format!("http://127.0.0.1:{port}");
        Some(driver)
    }

    fn downloads(&self) -> PathBuf {
        self.profile.path().join("downloads")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.commands.take());
        let began = Instant::now();
        while matches!(self.watchdog.try_wait(), Ok(None)) {
            if began.elapsed() > SHUTDOWN {
                let _ = self.watchdog.kill();
                let _ = self.watchdog.wait();
                assert!(thread::panicking(), "ChromeDriver does not shut down");
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The path of the first of these programs that is installed.
fn find(programs: &[&str], package: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let mut places =
        programs.iter().flat_map(|program| folders.iter().map(move |folder| folder.join(program)));
    places.find(|place| place.is_file()).unwrap_or_else(|| {
        panic!(
            "{} is not on the PATH, and the browser tests need it: install it \
             (Debian: apt-get install {package})",
            programs.join(" or ")
        )
    })
}
