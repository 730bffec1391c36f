//! A real browser without a network: Chromium, driven through ChromeDriver.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use base64::Engine as _;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The maximum time that a page may take for an action.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The interval between two checks of a condition.
const POLL: Duration = Duration::from_millis(50);

/// A browser with a new profile. It can reach only this machine.
pub struct Browser {
    client: Client,
    runtime: Runtime,
    driver: Driver,
}

impl Browser {
    /// Starts a browser with a window of this size.
    pub fn open(width: u32, height: u32) -> Self {
        // ChromeDriver may exit early if another program takes the port that ChromeDriver has picked.
        let mut browser = Self::start(width, height);
        for _ in 0..4 {
            if browser.is_err() {
                browser = Self::start(width, height);
            }
        }
        let browser = browser.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        // The size of the window without the browser's own controls.
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        browser.cdp("Emulation.setDeviceMetricsOverride", size);
        browser
    }

    fn start(width: u32, height: u32) -> Result<Self, String> {
        let chromium = find(&["chromium", "google-chrome"], "chromium");
        let driver = Driver::start();
        let profile = driver.profile.path().display();
        let mut arguments = vec![
            format!("--user-data-dir={profile}"),
            format!("--window-size={width},{height}"),
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

    /// Opens a page, and waits until the app shows it instead of the text that the server sent.
    pub fn goto(&self, url: &str) {
        self.goto_served(url);
        self.wait_for("!document.querySelector('.served')");
    }

    /// Opens a page, which may still show the text that the server sent.
    pub fn goto_served(&self, url: &str) {
        self.runtime.block_on(self.client.goto(url)).expect("the page opens");
    }

    /// Disables scripts in all pages opened from now on.
    pub fn disable_scripts(&self) {
        self.cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    }

    /// The current window.
    pub fn window(&self) -> WindowHandle {
        self.runtime.block_on(self.client.window()).expect("there is a window")
    }

    /// Opens another window and brings it to the front.
    pub fn new_window(&self) {
        let opening = async {
            let window = self.client.new_window(false).await?;
            self.client.switch_to_window(window.handle).await
        };
        self.runtime.block_on(opening).expect("a window opens");
    }

    /// Brings a window to the front.
    pub fn switch(&self, window: &WindowHandle) {
        let switching = self.client.switch_to_window(window.clone());
        self.runtime.block_on(switching).expect("the window is there");
    }

    /// Runs a script and returns its result.
    pub fn execute(&self, script: &str, arguments: Vec<Value>) -> Value {
        let running = self.client.execute(script, arguments);
        self.runtime.block_on(running).unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Waits until the value of an expression is truthy, and returns it.
    pub fn wait_for(&self, expression: &str) -> Value {
        self.value_within(expression, TIMEOUT).unwrap_or_else(|| {
            panic!("timeout: waiting for {expression}; browser: {:#?}", self.complaints())
        })
    }

    /// Whether the value of an expression becomes truthy in time.
    pub fn waits_for(&self, expression: &str, patience: Duration) -> bool {
        self.value_within(expression, patience).is_some()
    }

    fn value_within(&self, expression: &str, patience: Duration) -> Option<Value> {
        let began = Instant::now();
        loop {
            let value = self.execute(&format!("return ({expression}) || null"), vec![]);
            if !value.is_null() {
                return Some(value);
            }
            if began.elapsed() > patience {
                return None;
            }
            thread::sleep(POLL);
        }
    }

    /// Clicks the element that the selector matches. Waits until it exists, and tries again if the page replaces it.
    pub fn click(&self, selector: &str) {
        let clicking = || async {
            let locator = fantoccini::Locator::Css(selector);
            self.client.wait().at_most(TIMEOUT).for_element(locator).await?.click().await
        };
        // The page may replace the element in the meantime.
        let began = Instant::now();
        while let Err(error) = self.runtime.block_on(clicking()) {
            assert!(began.elapsed() < TIMEOUT, "{selector}: {error}");
            // Something may cover the element, such as the buttons of a form. A user would scroll then.
            let scroll =
                "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center' })";
            self.execute(scroll, vec![json!(selector)]);
            thread::sleep(POLL);
        }
    }

    /// Types into the focused element.
    pub fn type_keys(&self, keys: &str) {
        let typing = || async { self.client.active_element().await?.send_keys(keys).await };
        // The page may replace the focused element. Then nothing was typed.
        let began = Instant::now();
        while let Err(error) = self.runtime.block_on(typing()) {
            let is_replaced = error.is_stale_element_reference();
            assert!(is_replaced && began.elapsed() < TIMEOUT, "keys cannot be typed: {error}");
        }
    }

    /// Presses the Tab key. Unlike [`Self::type_keys`], this moves through the parts of a date field.
    pub fn press_tab(&self) {
        const TAB: char = '\u{e004}';
        let press = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: TAB })
            .then(KeyAction::Up { value: TAB });
        self.runtime.block_on(self.client.perform_actions(press)).expect("the key is pressed");
    }

    /// Types as a person does, key by key and with a pause after each key.
    pub fn type_slowly(&self, keys: &str) {
        for key in keys.chars() {
            self.type_keys(&key.to_string());
            thread::sleep(Duration::from_millis(80));
        }
    }

    /// Prints the page and returns the PDF file.
    pub fn print(&self) -> Vec<u8> {
        let printed = self.command("print", json!({}));
        let text = printed.as_str().expect("the file in base 64");
        base64::engine::general_purpose::STANDARD.decode(text).expect("the file")
    }

    /// Disconnects the page from the network, or connects it again.
    pub fn set_offline(&self, is_offline: bool) {
        self.set_network(is_offline, Duration::ZERO);
    }

    /// Sets the minimum latency of every response.
    pub fn set_latency(&self, latency: Duration) {
        self.set_network(false, latency);
    }

    /// Makes the timers of all pages opened from now on run `factor` times faster.
    pub fn speed_up(&self, factor: u32) {
        let script = format!(
            "for (const name of ['setTimeout', 'setInterval']) {{ const start = window[name]; \
             window[name] = (action, delay = 0, ...rest) => start(action, delay / {factor}, ...rest); }}"
        );
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Sets the colour scheme that pages see as the reader's preference.
    pub fn prefer_scheme(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Runs an action, and returns the processor time that the page's main thread has used for it. Unlike the elapsed
    /// time, it does not depend on what else runs on the machine.
    pub fn processor_time(&self, action: impl FnOnce()) -> Duration {
        self.cdp("Performance.enable", json!({}));
        let before = self.thread_time();
        action();
        self.thread_time().saturating_sub(before)
    }

    fn thread_time(&self) -> Duration {
        let answer = self.cdp("Performance.getMetrics", json!({}));
        let metrics = answer["metrics"].as_array().expect("metrics");
        let time = metrics.iter().find(|metric| metric["name"] == "ThreadTime");
        let seconds = time.and_then(|metric| metric["value"].as_f64()).expect("the thread's time");
        Duration::from_secs_f64(seconds)
    }

    /// Sends a command of the Chrome DevTools Protocol, and returns its result.
    fn cdp(&self, command: &str, parameters: Value) -> Value {
        self.command("goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }

    fn set_network(&self, is_offline: bool, latency: Duration) {
        let latency = u64::try_from(latency.as_millis()).expect("the latency fits");
        let conditions = json!({ "offline": is_offline, "latency": latency, "throughput": -1 });
        self.command("chromium/network_conditions", json!({ "network_conditions": conditions }));
    }

    /// Waits until a file has been saved, removes it, and returns its name and content.
    pub fn downloaded(&self) -> (String, Vec<u8>) {
        let folder = self.driver.downloads();
        let began = Instant::now();
        loop {
            // The browser renames the file when the download is complete. Before that, an empty file may reserve the
            // name.
            let files = fs::read_dir(&folder).into_iter().flatten();
            let names = files.map(|file| file.expect("an entry").file_name());
            let mut whole = names.filter_map(|name| name.into_string().ok()).filter(|name| {
                !name.starts_with('.')
                    && Path::new(name).extension().is_none_or(|it| it != "crdownload")
            });
            if let Some(name) = whole.next() {
                let path = folder.join(&name);
                let content = fs::read(&path).expect("the file can be read");
                if !content.is_empty() {
                    fs::remove_file(&path).expect("the file can be removed");
                    return (name, content);
                }
            }
            assert!(began.elapsed() < TIMEOUT, "nothing was saved");
            thread::sleep(POLL);
        }
    }

    /// Returns the browser's messages since the last call: script errors, violations of the content security policy, and
    /// failed requests.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", json!({ "type": "browser" }));
        let entries = log.as_array().expect("a log").iter();
        let bad = entries.filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        bad.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Sends a command that is not part of WebDriver.
    fn command(&self, path: &'static str, body: Value) -> Value {
        let sending = self.client.issue_cmd(Extra { path, body });
        self.runtime.block_on(sending).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session ends Chromium. Otherwise it would outlive the driver.
        let client = self.client.clone();
        let closing = async { tokio::time::timeout(Duration::from_secs(10), client.close()).await };
        let closed = self.runtime.block_on(closing);
        let is_closed = matches!(closed, Ok(Ok(())));
        assert!(is_closed || thread::panicking(), "the browser does not close: {closed:?}");
        self.driver.stop();
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

/// A ChromeDriver process with its own port, and the folder of the browser's profile.
struct Driver {
    process: Child,
    url: String,
    profile: TempDir,
}

impl Driver {
    /// Starts ChromeDriver. Starts it again if another program takes the port that ChromeDriver has picked.
    fn start() -> Self {
        (0..5).find_map(|_| Self::try_start()).expect("ChromeDriver names no port")
    }

    fn try_start() -> Option<Self> {
        let mut process = Command::new(find(&["chromedriver"], "chromium-driver"))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("ChromeDriver starts");
        let mut lines =
            BufReader::new(process.stdout.take().expect("standard output is piped")).lines();
        let profile = TempDir::new().expect("a temporary folder");
        // Dropping this value stops the process, even if the process never prints its port.
        let mut driver = Self { process, url: String::new(), profile };
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        })?;
        // Other output is discarded, so the process never blocks on a full pipe.
        thread::spawn(move || lines.map_while(io::Result::ok).for_each(drop));
        driver.url = format!("http://127.0.0.1:{port}");
        Some(driver)
    }

    /// The folder where the browser saves files.
    fn downloads(&self) -> PathBuf {
        self.profile.path().join("downloads")
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.stop();
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
