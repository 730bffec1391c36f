//! A real browser without a network: Chromium, driven through ChromeDriver.

mod chromium;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

use base64::Engine as _;
use fantoccini::Client;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use chromium::Chromium;

/// The maximum time that a page may take for an action.
const TIMEOUT: Duration = Duration::from_mins(1);

/// The interval between two checks of a condition.
const POLL: Duration = Duration::from_millis(50);

/// A browser without data of other tests. It can reach only this machine.
pub struct Browser {
    /// Present until the value is dropped.
    chromium: Option<Chromium>,
    /// The size of the windows, without the browser's own controls.
    size: (u32, u32),
    /// The origins of the opened pages, whose data is deleted at the end.
    origins: RefCell<BTreeSet<String>>,
    /// Whether another test can use the browser. False if the test has changed settings that new windows may have, too, such
    /// as those of the network.
    is_reusable: Cell<bool>,
}

impl Browser {
    /// Opens a browser with a window of this size.
    pub fn open(width: u32, height: u32) -> Self {
        let browser = Self {
            chromium: Some(Chromium::take()),
            size: (width, height),
            origins: RefCell::default(),
            is_reusable: Cell::new(true),
        };
        browser.set_size();
        browser
    }

    /// Gives the current window its size. Each new window needs it.
    fn set_size(&self) {
        let (width, height) = self.size;
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.chromium().cdp("Emulation.setDeviceMetricsOverride", size);
    }

    fn chromium(&self) -> &Chromium {
        self.chromium.as_ref().expect("the browser is open")
    }

    fn client(&self) -> &Client {
        &self.chromium().client
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.chromium().block_on(future)
    }

    /// Opens a page, and waits until the app shows it instead of the text that the server sent.
    pub fn goto(&self, url: &str) {
        self.goto_served(url);
        self.wait_for("!document.querySelector('.served')");
    }

    /// Opens a page, which may still show the text that the server sent.
    pub fn goto_served(&self, url: &str) {
        let origin = url::Url::parse(url).expect("an address").origin().ascii_serialization();
        self.origins.borrow_mut().insert(origin);
        self.block_on(self.client().goto(url)).expect("the page opens");
    }

    /// Disables scripts in all pages opened from now on.
    pub fn disable_scripts(&self) {
        self.is_reusable.set(false);
        self.chromium().cdp("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    }

    /// The current window.
    pub fn window(&self) -> WindowHandle {
        self.block_on(self.client().window()).expect("there is a window")
    }

    /// Opens another window and brings it to the front.
    pub fn new_window(&self) {
        let opening = async {
            let window = self.client().new_window(false).await?;
            self.client().switch_to_window(window.handle).await
        };
        self.block_on(opening).expect("a window opens");
        self.set_size();
    }

    /// Brings a window to the front.
    pub fn switch(&self, window: &WindowHandle) {
        let switching = self.client().switch_to_window(window.clone());
        self.block_on(switching).expect("the window is there");
    }

    /// Runs a script and returns its result.
    pub fn execute(&self, script: &str, arguments: Vec<Value>) -> Value {
        let running = self.client().execute(script, arguments);
        self.block_on(running).unwrap_or_else(|error| panic!("{script}: {error}"))
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
            self.client().wait().at_most(TIMEOUT).for_element(locator).await?.click().await
        };
        // The page may replace the element in the meantime.
        let began = Instant::now();
        while let Err(error) = self.block_on(clicking()) {
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
        let typing = || async { self.client().active_element().await?.send_keys(keys).await };
        // The page may replace the focused element. Then nothing was typed.
        let began = Instant::now();
        while let Err(error) = self.block_on(typing()) {
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
        self.block_on(self.client().perform_actions(press)).expect("the key is pressed");
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
        let printed = self.chromium().command("print", json!({}));
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
        self.is_reusable.set(false);
        let script = format!(
            "for (const name of ['setTimeout', 'setInterval']) {{ const start = window[name]; \
             window[name] = (action, delay = 0, ...rest) => start(action, delay / {factor}, ...rest); }}"
        );
        self.chromium().cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// Sets the colour scheme that pages see as the reader's preference.
    pub fn prefer_scheme(&self, scheme: &str) {
        self.is_reusable.set(false);
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.chromium().cdp("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Runs an action, and returns the processor time that the page's main thread has used for it. Unlike the elapsed
    /// time, it does not depend on what else runs on the machine.
    pub fn processor_time(&self, action: impl FnOnce()) -> Duration {
        self.chromium().cdp("Performance.enable", json!({}));
        let before = self.thread_time();
        action();
        self.thread_time().saturating_sub(before)
    }

    fn thread_time(&self) -> Duration {
        let answer = self.chromium().cdp("Performance.getMetrics", json!({}));
        let metrics = answer["metrics"].as_array().expect("metrics");
        let time = metrics.iter().find(|metric| metric["name"] == "ThreadTime");
        let seconds = time.and_then(|metric| metric["value"].as_f64()).expect("the thread's time");
        Duration::from_secs_f64(seconds)
    }

    fn set_network(&self, is_offline: bool, latency: Duration) {
        self.is_reusable.set(false);
        let latency = u64::try_from(latency.as_millis()).expect("the latency fits");
        let conditions = json!({ "offline": is_offline, "latency": latency, "throughput": -1 });
        self.chromium()
            .command("chromium/network_conditions", json!({ "network_conditions": conditions }));
    }

    /// Waits until a file has been saved, removes it, and returns its name and content.
    pub fn downloaded(&self) -> (String, Vec<u8>) {
        let folder = self.chromium().downloads();
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
        let log = self.chromium().messages();
        let entries = log.as_array().expect("a log").iter();
        let bad = entries.filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        bad.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let chromium = self.chromium.take();
        if self.is_reusable.get() && !thread::panicking() {
            chromium.expect("the browser is open").give_back(&self.origins.borrow());
        }
    }
}
