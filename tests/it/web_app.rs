//! The web app, used in a real browser as people use it.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use crate::support::{Browser, TestApp, on_both_databases};

mod exporting;
mod following;
mod long_agreement;

const CLAUSE: &str = "/agreements/minsk-2/clauses/9";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const DOWN: &str = "\u{e015}";
const LEFT: &str = "\u{e012}";

/// Waits until the page shows this text.
fn see(browser: &Browser, text: &str) {
    // Also what only those who cannot see the page are told.
    let expression = format!("document.body.textContent.includes({})", json!(text));
    browser.wait_for(&expression);
}

/// Waits until the page shows this text no more.
fn see_no(browser: &Browser, text: &str) {
    browser.wait_for(&format!("!document.body.textContent.includes({})", json!(text)));
}

/// Waits until a part of the page has this title.
fn see_title(browser: &Browser, title: &str) {
    let titles = "[...document.querySelectorAll('h2')].map(title => title.textContent.trim())";
    browser.wait_for(&format!("{titles}.includes({})", json!(title)));
}

/// Clicks the first button or link with this text.
fn press(browser: &Browser, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('button, a')].find(it => it.textContent.trim() === {} && !it.disabled)",
        json!(text)
    );
    browser.wait_for(&format!("!!{found}"));
    browser.execute(&format!("{found}.click()"), vec![]);
}

/// Puts a value into a field as somebody does who types or chooses it.
fn fill(browser: &Browser, selector: &str, value: &str) {
    browser.wait_for(&format!("!!document.querySelector({})", json!(selector)));
    browser.execute(
        "const field = document.querySelector(arguments[0]); \
         const kind = { TEXTAREA: HTMLTextAreaElement, SELECT: HTMLSelectElement }[field.tagName] ?? HTMLInputElement; \
         Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(field, arguments[1]); \
         field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));",
        vec![json!(selector), json!(value)],
    );
}

fn sign_in(app: &TestApp, browser: &Browser, name: &str, role: Role) {
    fill(browser, "#token", &app.token(name, role));
    press_primary(browser);
    let signed_in =
        format!("document.querySelector('header').textContent.includes({})", json!(name));
    browser.wait_for(&signed_in);
}

fn press_primary(browser: &Browser) {
    browser.click("main form button.primary");
}

/// The newest assessments of the clause, with who recorded them.
fn assessments(app: &TestApp) -> Value {
    let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 2, includeRetracted: true) { nodes { \
                 status note recordedBy evidence { title } retractedAt retractionReason } } } }";
    app.data(query, json!({}))["clause"]["assessments"]["nodes"].take()
}

fn record(app: &TestApp, status: &str, note: &str) {
    let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
    let input = json!({
        "clauseId": app.clause_id("minsk-2", "9"), "status": status, "effectiveOn": "2022-03-05", "note": note
    });
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
}

/// Fills in the form of a status.
fn fill_status(browser: &Browser, status: &str, note: &str) {
    browser.click(&format!("input[name='update-status'][value='{status}']"));
    fill(browser, "#update-day", "2022-03-05");
    fill(browser, "#update-note", note);
}

fn assert_clean(browser: &Browser, address: &str) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{address}: {complaints:#?}");
}

/// Fails if the page asked another host for anything, or its scripts weigh more than they may before something is done.
fn assert_light(app: &TestApp, browser: &Browser, address: &str) {
    let asked = "return performance.getEntriesByType('resource').map(it => [it.name, it.encodedBodySize])";
    let asked = browser.execute(asked, vec![]);
    let asked = asked.as_array().expect("a list").iter();
    let asked: Vec<_> = asked.map(|it| (it[0].as_str().unwrap(), it[1].as_u64().unwrap())).collect();
    let own = format!("{}/", app.url);
    let foreign: Vec<_> =
        asked.iter().filter(|(url, _)| !url.starts_with(&own) && !url.starts_with("data:")).collect();
    assert!(foreign.is_empty(), "{address}: {foreign:?}");
    let scripts: Vec<_> = asked.iter().filter(|(url, _)| url.ends_with(".js")).collect();
    let weight: u64 = scripts.iter().map(|(_, size)| size).sum();
    assert!((20_000..150_000).contains(&weight), "{address}: {weight} bytes of scripts: {scripts:#?}");
}

on_both_databases! {
    fn analyst_records_a_status_others_see_it_and_it_is_taken_back(app: Sample) {
        let browser = Browser::open(1280, 900);
        // Another window, of somebody who reads.
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see(&browser, "Sign in");
        let reader = browser.window();
        browser.new_window();
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Sign in");
        sign_in(&app, &browser, "Eve", Role::Editor);
        // Back where one was.
        browser.wait_for(&format!("location.pathname === '{CLAUSE}'"));

        press(&browser, "Update status");
        press_primary(&browser);
        see(&browser, "Choose a status");
        see(&browser, "Say why");
        fill_status(&browser, "PARTIAL", "Posts were handed over.");
        // A source that this clause does not cite yet, by its words.
        press(&browser, "Find a source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'search'");
        browser.type_keys("steinmeier 616441");
        let options = "[...document.querySelectorAll('[role=option]')]";
        browser.wait_for(&format!("{options}.length === 1 && {options}[0].textContent.includes('616441')"));
        browser.type_keys(DOWN);
        browser.type_keys(ENTER);
        press(&browser, "Add a new source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'text'");
        browser.type_keys("A report of the day");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = assessments(&app)[0].take();
        assert_eq!(newest["status"], "PARTIAL", "{newest:#}");
        assert_eq!(newest["recordedBy"], "Eve");
        assert_eq!(newest["evidence"], json!([
            { "title": "Interfax-Ukraine report 616441: acceptance of the Steinmeier formula" },
            { "title": "A report of the day" },
        ]));

        let analyst = browser.window();
        browser.switch(&reader);
        see(&browser, "Posts were handed over.");
        browser.wait_for("document.querySelector('aside')?.textContent.includes('Eve')");
        browser.switch(&analyst);

        press(&browser, "Undo");
        fill(&browser, "main form textarea, main form input:not([type=radio]):not([type=checkbox])", "It was another post.");
        press(&browser, "Take it back");
        see_title(&browser, "Taken back");
        let newest = assessments(&app)[0].take();
        assert_eq!(newest["retractionReason"], "It was another post.");
        assert!(newest["retractedAt"].is_string());
    }

    fn conflict_shows_both_versions_and_lets_the_analyst_decide(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Eve", Role::Editor);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Update status");
        fill_status(&browser, "MINIMAL", "Mine: some posts.");
        record(&app, "BREACHED", "Theirs: shots were fired.");
        press_primary(&browser);
        see(&browser, "Someone else recorded something meanwhile");
        see(&browser, "Theirs: shots were fired.");
        see(&browser, "Recorded by analyst");
        assert_eq!(assessments(&app)[0]["note"], "Theirs: shots were fired.", "nothing was written over");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        browser.wait_for("!document.body.textContent.includes('Someone else recorded something meanwhile')");
        let newest = assessments(&app);
        assert_eq!(newest[0]["note"], "Mine: some posts.");
        assert_eq!(newest[1]["note"], "Theirs: shots were fired.");
    }

    fn keyboard_alone_is_enough(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        browser.wait_for("document.querySelector('#token')");
        // The first stop of a page leads past what is on every page.
        browser.type_keys(TAB);
        assert_eq!(browser.execute("return document.activeElement.getAttribute('href')", vec![]), "#content");
        browser.type_keys(ENTER);
        let stop = "document.activeElement.id === 'token'";
        for _ in 0..5 {
            if browser.execute(&format!("return {stop}"), vec![]) == true {
                break;
            }
            browser.type_keys(TAB);
        }
        browser.wait_for(stop);
        browser.type_keys(&app.token("Eve", Role::Editor));
        browser.type_keys(ENTER);
        browser.wait_for("document.querySelector('header').textContent.includes('Eve')");

        browser.goto(&format!("{}{CLAUSE}", app.url));
        see(&browser, "Update status");
        browser.type_keys("u");
        browser.wait_for("document.activeElement.id === 'update-title'");
        browser.type_keys(TAB);
        browser.wait_for("document.activeElement.name === 'update-status'");
        browser.type_keys(" ");
        let chosen = browser.execute("return document.querySelector('input[name=update-status]:checked').value", vec![]);
        browser.execute("document.querySelector('#update-note').focus()", vec![]);
        browser.type_keys("By keyboard.");
        browser.execute("document.querySelector('main form button.primary').focus()", vec![]);
        browser.type_keys(ENTER);
        see_title(&browser, "Recorded");
        let newest = assessments(&app);
        assert_eq!((&newest[0]["status"], newest[0]["note"].as_str()), (&chosen, Some("By keyboard.")));

        browser.type_keys("gc");
        browser.wait_for("location.pathname === '/changes'");
        browser.wait_for("document.activeElement.tagName === 'H1'");
        browser.type_keys("/");
        browser.wait_for("document.activeElement.type === 'search'");
        browser.type_keys("border");
        browser.type_keys(ENTER);
        browser.wait_for("location.pathname === '/search'");
        see(&browser, "Minsk II, 9");
    }

    fn reader_asks_for_any_day_and_any_view(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}?asOf=2015-02-12", app.url));
        see(&browser, "12 February 2015");
        browser.goto(&format!("{}/agreements/minsk-2?asOf=2021-12-02", app.url));
        browser.wait_for("document.querySelectorAll('tbody tr').length >= 20");
        let neutral = browser.execute("return document.querySelector('tbody').textContent", vec![]);
        fill(&browser, "select:has(option[value=ukraine])", "ukraine");
        browser.wait_for("location.search.includes('heldBy=ukraine')");
        browser.wait_for(&format!("document.querySelector('tbody').textContent !== {neutral}"));
        browser.execute("history.back()", vec![]);
        browser.wait_for("!location.search.includes('heldBy')");
        browser.wait_for(&format!("document.querySelector('tbody').textContent === {neutral}"));
        browser.execute("document.querySelector('input[type=range]').focus()", vec![]);
        browser.type_keys(LEFT);
        browser.wait_for("location.search.includes('asOf=2021-12-01')");
        assert_clean(&browser, "minsk-2");
    }

    fn deadlock_is_told_in_a_sentence_and_a_step_can_be_taken_as_done(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02", app.url));
        see(&browser, "wait for each other");
        see(&browser, "Russia’s reading: Minsk II, 9 waits for Minsk II, 12");
        see(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        // What if this were done? The step is clicked in the picture, and taken back where it is named.
        let step = "[...document.querySelectorAll('svg g[role=button]')].find(it => it.textContent.startsWith('12 '))";
        browser.wait_for(&format!("!!{step}"));
        let click = format!("{step}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))");
        browser.execute(&click, vec![]);
        browser.wait_for("new URLSearchParams(location.search).get('assumeDone') === 'minsk-2/12'");
        see_no(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        press(&browser, "minsk-2/12 ×");
        see(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02&readings=nobody", app.url));
        see(&browser, "No steps wait for each other in these readings.");
        assert_clean(&browser, "sequence");
    }

    fn days_are_compared_and_words_are_found(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/compare?from=2015-02-12&to=2016-02-12&agreement=minsk-2", app.url));
        see(&browser, "stood otherwise at the end of");
        browser.goto(&format!("{}/search", app.url));
        fill(&browser, "main input[type=search]", "border control");
        browser.wait_for("location.search.includes('border')");
        see(&browser, "Minsk II, 9");
        assert_clean(&browser, "search");
    }

    fn every_page_is_sound_on_a_desk_and_on_a_phone(app: Sample) {
        for (width, height) in [(1280, 900), (360, 740)] {
            let browser = Browser::open(width, height);
            for address in [
                "/",
                "/agreements/minsk-2",
                "/agreements/minsk-2/sequence",
                CLAUSE,
                "/proposals",
                "/proposals/russia-us-draft-treaty",
                "/compare?from=2015-02-12&to=2016-02-12",
                "/search?q=border",
                "/timeline",
                "/changes",
                "/sign-in",
                "/tokens",
            ] {
                browser.goto(&format!("{}{address}", app.url));
                browser.wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
                browser.wait_for("!document.querySelector('[aria-busy=true]')");
                let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
                assert!(sideways.as_i64().is_some_and(|pixels| pixels <= 0), "{address} at {width}: {sideways}");
                assert_clean(&browser, address);
                assert_light(&app, &browser, address);
            }
            browser.goto(&format!("{}/nothing/here", app.url));
            browser.wait_for("document.querySelector('h1')?.textContent.length > 4");
        }
    }

    fn admin_makes_a_token_that_is_shown_once_and_revokes_it(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Ada", Role::Admin);
        browser.goto(&format!("{}/tokens", app.url));
        see(&browser, "Ada");
        fill(&browser, "#token-name", "New colleague");
        press_primary(&browser);
        see(&browser, "New colleague");
        let shown = browser.wait_for("[...document.querySelectorAll('main input')].map(it => it.value).find(it => it.startsWith('cwt_'))");
        let viewer = app.send_by(&crate::support::client(shown.as_str()), "{ viewer { name } }", json!({}));
        assert_eq!(viewer["data"]["viewer"]["name"], "New colleague");
    }
}
