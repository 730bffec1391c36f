//! Open pages stay true.

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::{CLAUSE, record, see, see_no};
use crate::support::{Browser, on_both_databases};

const LOST: &str = "Connection lost.";

/// Waits until the page follows the change log.
fn see_live(browser: &Browser) {
    browser.wait_for("document.querySelector('footer')?.textContent.includes('Live')");
}

/// Has the page believe that its tab is hidden, which none is in a browser without a screen.
fn hide(browser: &Browser, is_hidden: bool) {
    browser.execute(
        "Object.defineProperty(document, 'hidden', { configurable: true, value: arguments[0] }); \
         document.dispatchEvent(new Event('visibilitychange'));",
        vec![json!(is_hidden)],
    );
}

on_both_databases! {
    fn page_that_lost_its_connection_says_so_and_heals_by_itself(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see_live(&browser);
        browser.execute("window.isSamePage = true", vec![]);
        browser.set_offline(true);
        see(&browser, LOST);
        record(&app, "SUSPENDED", "While nobody saw.");
        browser.set_offline(false);
        see(&browser, "While nobody saw.");
        see_no(&browser, LOST);
        browser.wait_for("document.querySelector('aside').textContent.includes('analyst')");
        assert_eq!(browser.execute("return window.isSamePage", vec![]), true, "nothing was loaded anew");
    }

    fn page_opened_without_a_connection_says_so_and_is_there_when_asked_again(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/", app.url));
        browser.wait_for("document.querySelectorAll('tbody tr').length > 0");
        browser.set_offline(true);
        // Its script and its data are not there yet.
        browser.execute("document.querySelector('header a[href=\"/timeline\"]').click()", vec![]);
        browser.wait_for("location.pathname === '/timeline'");
        browser.wait_for("document.querySelector('main [role=alert]')");
        browser.set_offline(false);
        browser.execute("document.querySelector('main [role=alert] button').click()", vec![]);
        browser.wait_for("document.querySelectorAll('main ol li').length > 10");
    }

    fn hidden_page_asks_nothing_until_it_is_seen_again(app: Sample) {
        let asked = "performance.getEntriesByType('resource').filter(it => it.name.includes('/graphql')).length";
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see_live(&browser);
        browser.wait_for("document.querySelector('#history') && !document.querySelector('[aria-busy=true]')");
        hide(&browser, true);
        // What was asked before that has its answer.
        thread::sleep(Duration::from_secs(2));
        let before = browser.execute(&format!("return {asked}"), vec![]);
        record(&app, "SUSPENDED", "Behind another tab.");
        // Longer than it waits otherwise.
        thread::sleep(Duration::from_secs(7));
        assert_eq!(browser.execute(&format!("return {asked}"), vec![]), before);
        hide(&browser, false);
        see(&browser, "Behind another tab.");
    }
}
