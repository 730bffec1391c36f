//! The web app, used in a real browser as people use it.

use std::path::Path;

use clausewatch::domain::viewer::Role;
use serde_json::json;

use crate::support::{Browser, TestApp, on_one_database};

mod accessibility;
mod batches;
mod by_id;
mod coding;
mod day;
mod exporting;
mod failures;
mod fast_entry;
mod finder;
mod following;
mod form_faults;
mod list_pages;
mod long_agreement;
mod long_words;
mod my_work;
mod proposal_statuses;
mod reading;
mod record_pages;
mod record_parts;
mod recording;
mod records;
mod renaming;
mod review;
mod served_text;
mod starting;
mod story;

const CLAUSE: &str = "/agreements/minsk-2/clauses/9";
const ENTER: &str = "\u{e007}";

/// Waits until the page shows this text.
pub(crate) fn see(browser: &Browser, text: &str) {
    // Includes text that only screen readers announce.
    let text = json!(text);
    browser.wait_for(&format!(
        "!document.querySelector('.served') && document.body.textContent.includes({text})"
    ));
}

/// Waits until the page no longer shows this text.
fn see_no(browser: &Browser, text: &str) {
    browser.wait_for(&format!("!document.body.textContent.includes({})", json!(text)));
}

/// Waits until a section of the page has this title.
fn see_title(browser: &Browser, title: &str) {
    let titles = "[...document.querySelectorAll('h2')].map(title => title.textContent.trim())";
    browser.wait_for(&format!("{titles}.includes({})", json!(title)));
}

/// Clicks the first enabled button or link with this text.
pub(crate) fn press(browser: &Browser, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('button, a')].find(it => it.textContent.trim() === {} && !it.disabled)",
        json!(text)
    );
    browser.wait_for(&format!("!!{found}"));
    browser.execute(&format!("{found}.click()"), vec![]);
}

/// Sets the value of a field, as if a person had typed or selected it.
pub(crate) fn fill(browser: &Browser, selector: &str, value: &str) {
    browser.wait_for(&format!("!!document.querySelector({})", json!(selector)));
    browser.execute(
        "const field = document.querySelector(arguments[0]); \
         const kind = { TEXTAREA: HTMLTextAreaElement, SELECT: HTMLSelectElement }[field.tagName] ?? HTMLInputElement; \
         Object.getOwnPropertyDescriptor(kind.prototype, 'value').set.call(field, arguments[1]); \
         field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));",
        vec![json!(selector), json!(value)],
    );
}

pub(crate) fn sign_in(app: &TestApp, browser: &Browser, name: &str, role: Role) {
    fill(browser, "#token", &app.token(name, role));
    press_primary(browser);
    let signed_in =
        format!("document.querySelector('header')?.textContent.includes({})", json!(name));
    browser.wait_for(&signed_in);
}

fn press_primary(browser: &Browser) {
    browser.click("main form button.primary");
}

fn record(app: &TestApp, status: &str, note: &str) {
    let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
    let input = json!({
        "clauseId": app.clause_id("minsk-2", "9"), "status": status, "effectiveOn": "2022-03-05", "note": note
    });
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["updateClauseStatus"]["userErrors"], json!([]));
}

/// The row of the assessment with the note "By mistake." in the history of the clause.
const MISTAKE: &str = "[...document.querySelectorAll('section[aria-labelledby=history] tbody tr')].find(row => row.textContent.includes('By mistake.'))";

/// Records an assessment with the note "By mistake.", signs in as an editor, opens the clause, and opens the form that
/// retracts the assessment. The form's field has the focus.
fn open_retraction(app: &TestApp) -> Browser {
    record(app, "BREACHED", "By mistake.");
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, "Eve", Role::Editor);
    browser.goto(&format!("{}{CLAUSE}", app.url));
    browser.wait_for(&format!("!!{MISTAKE}"));
    browser.execute(&format!("{MISTAKE}.querySelector('summary').click()"), vec![]);
    browser.wait_for(&format!(
        "document.activeElement.matches('input') && {MISTAKE}.contains(document.activeElement)"
    ));
    browser
}

pub(crate) fn assert_clean(browser: &Browser, address: &str) {
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "{address}: {complaints:#?}");
}

/// Fails if the page sent a request to another host, or if the scripts that it has loaded exceed the size limit. Call
/// this before the first interaction.
fn assert_small_and_local(app: &TestApp, browser: &Browser, address: &str) {
    let asked =
        "return performance.getEntriesByType('resource').map(it => [it.name, it.encodedBodySize])";
    let asked = browser.execute(asked, vec![]);
    let asked = asked.as_array().expect("a list").iter();
    let asked: Vec<_> =
        asked.map(|it| (it[0].as_str().unwrap(), it[1].as_u64().unwrap())).collect();
    let own = format!("{}/", app.url);
    let foreign: Vec<_> = asked
        .iter()
        .filter(|(url, _)| !url.starts_with(&own) && !url.starts_with("data:"))
        .collect();
    assert!(foreign.is_empty(), "{address}: {foreign:?}");
    let scripts: Vec<_> =
        asked.iter().filter(|(url, _)| Path::new(url).extension() == Some("js".as_ref())).collect();
    let weight: u64 = scripts.iter().map(|(_, size)| size).sum();
    assert!(
        (20_000..150_000).contains(&weight),
        "{address}: {weight} bytes of scripts: {scripts:#?}"
    );
}

on_one_database! {
    fn every_page_works_on_desktop_and_phone_screens(app: SharedSample) {
        for (width, height) in [(1280, 900), (360, 740)] {
            let browser = Browser::open(width, height);
            for address in [
                "/",
                "/agreements",
                "/agreements/minsk-2",
                "/agreements/minsk-2/sequence",
                "/agreements/minsk-2/sequence?asOf=2021-12-02",
                "/agreements/minsk-2/views",
                "/views?contested=1",
                CLAUSE,
                "/proposals",
                "/proposals/russia-us-draft-treaty",
                "/compare?from=2015-02-12&to=2016-02-12",
                "/search?q=border",
                "/timeline",
                "/parties",
                "/parties/ukraine",
                "/changes",
                "/my-work",
                "/review",
                "/sign-in",
                "/tokens",
                "/new/event",
                "/record-sheet",
            ] {
                browser.goto(&format!("{}{address}", app.url));
                browser.wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
                browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
                let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
                assert!(sideways.as_i64().is_some_and(|pixels| pixels <= 0), "{address} at {width}: {sideways}");
                assert_clean(&browser, address);
                assert_small_and_local(&app, &browser, address);
            }
            browser.goto(&format!("{}/nothing/here", app.url));
            browser.wait_for("document.querySelector('h1')?.textContent === 'Page not found'");
        }
    }

    fn admin_creates_and_revokes_a_token_that_is_shown_once(app: Sample) {
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
        let secret = json!(shown);
        browser.goto(&format!("{}/tokens", app.url));
        see(&browser, "New colleague");
        browser.wait_for(&format!("!document.documentElement.outerHTML.includes({secret})"));

        let row = "[...document.querySelectorAll('tbody tr')].find(it => it.textContent.includes('New colleague'))";
        browser.execute(&format!("{row}.querySelector('button').click()"), vec![]);
        browser.wait_for("document.querySelector('dialog[open]')?.textContent.includes('New colleague')");
        browser.execute("document.querySelector('dialog button:not([autofocus]):last-of-type').click()", vec![]);
        browser.wait_for(&format!("{row}?.textContent.includes('Revoked')"));
        let refused = app.send_by(&crate::support::client(shown.as_str()), "{ viewer { name } }", json!({}));
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}
