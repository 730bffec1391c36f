//! Open pages stay up to date.

use std::thread;
use std::time::Duration;

use serde_json::json;

use super::{CLAUSE, record, see, see_no};
use crate::support::{Browser, on_one_database};

const LOST: &str = "Connection lost.";
const LEFT: &str = "\u{e012}";
/// Counts the operations that the page sends from now on, except those over a WebSocket.
const COUNT: &str = "window.sent = 0; const send = window.fetch; \
    window.fetch = (...request) => { \
        if (String(request[0]?.url ?? request[0]).includes('/graphql')) window.sent += 1; \
        return send(...request); \
    };";
/// The factor by which the page's clock is accelerated in tests that wait for a timer.
const SPEED: u32 = 10;
/// A time longer than the polling interval of a page, which is five seconds on the page's accelerated clock.
const LONGER_THAN_POLLING: Duration = Duration::from_millis(1_200);

/// The number of operations that the page has sent since `COUNT`.
fn sent(browser: &Browser) -> serde_json::Value {
    browser.execute("return window.sent", vec![])
}

/// Waits until the page is connected to the change log.
fn see_live(browser: &Browser) {
    browser.wait_for("document.querySelector('footer')?.textContent.includes('Live')");
}

/// Makes the page see its tab as hidden or visible. In a headless browser, every tab is visible.
fn hide(browser: &Browser, is_hidden: bool) {
    browser.execute(
        "Object.defineProperty(document, 'hidden', { configurable: true, value: arguments[0] }); \
         document.dispatchEvent(new Event('visibilitychange'));",
        vec![json!(is_hidden)],
    );
}

on_one_database! {
    fn page_reports_a_lost_connection_and_recovers(app: Sample) {
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
        assert_eq!(browser.execute("return window.isSamePage", vec![]), true, "the page must not be reloaded");
    }

    fn page_recovers_after_a_backup_was_restored(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see_live(&browser);
        record(&app, "SUSPENDED", "Of the history that is lost.");
        see(&browser, "Of the history that is lost.");
        hide(&browser, true);
        let position = app.log_position() - 1;
        app.execute_sql(&format!("DELETE FROM changes WHERE position > {position}; UPDATE log_head SET position = {position}"));
        record(&app, "SUSPENDED", "Of the history that took its place.");
        hide(&browser, false);
        see(&browser, "Of the history that took its place.");
        see_no(&browser, LOST);
        record(&app, "SUSPENDED", "Followed since.");
        see(&browser, "Followed since.");
    }

    fn page_opened_offline_reports_it_and_recovers(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/", app.url));
        browser.wait_for("document.querySelectorAll('tbody tr').length > 0");
        browser.set_offline(true);
        // The script and the data of this page are not loaded yet.
        browser.execute("document.querySelector('header a[href=\"/timeline\"]').click()", vec![]);
        browser.wait_for("location.pathname === '/timeline'");
        browser.wait_for("document.querySelector('main [role=alert]')?.textContent.includes('The server cannot be reached.')");
        browser.set_offline(false);
        // The page recovers automatically, including its style sheet.
        browser.wait_for("document.querySelectorAll('main ol li').length > 10");
        let links = "[...document.querySelectorAll('link[rel=stylesheet]')]";
        browser.wait_for(&format!("{links}.length > 1 && {links}.every(it => it.sheet)"));
    }

    fn page_reloads_only_data_that_a_change_concerns(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.speed_up(SPEED);
        browser.goto(&format!("{}/agreements/unsc-2202/clauses/1", app.url));
        see_live(&browser);
        browser.wait_for("document.querySelector('#history') && !document.querySelector('[aria-busy=true]')");
        browser.execute(COUNT, vec![]);
        thread::sleep(LONGER_THAN_POLLING);
        assert_eq!(sent(&browser), 0, "the page must send nothing while nothing changes");
        record(&app, "SUSPENDED", "Of another agreement.");
        browser.wait_for("document.querySelector('aside').textContent.includes('analyst assessed Minsk II, 9: Suspended')");
        // A page reloads affected data before it shows a change. So if this change concerned the page, the page would
        // already have sent requests.
        assert_eq!(sent(&browser), 0, "the change does not concern the page");

        browser.goto(&format!("{}{CLAUSE}", app.url));
        see_live(&browser);
        see(&browser, "Of another agreement.");
        browser.wait_for("!document.querySelector('[aria-busy=true]')");
        browser.execute(COUNT, vec![]);
        record(&app, "BREACHED", "Of this clause.");
        see(&browser, "Of this clause.");
        // The page reloads five things: the clause, its history, its events, the chart of its views, and the marks of
        // the days. It does not reload the viewer or the names of the parties.
        browser.wait_for("window.sent >= 5");
        thread::sleep(LONGER_THAN_POLLING);
        assert_eq!(sent(&browser), 5);
    }

    fn page_without_subscription_polls(app: Sample) {
        let without_sockets = app.another_with(|config| config.sockets.max_sockets = 0);
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", without_sockets.url));
        see_live(&browser);
        record(&app, "SUSPENDED", "Told without a socket.");
        see(&browser, "Told without a socket.");
        see_live(&browser);
    }

    fn data_of_one_day_is_never_shown_for_another_day(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        for (address, figures) in [
            ("/?asOf=2021-12-02", "main tbody"),
            ("/agreements/minsk-2?asOf=2021-12-02", "main tbody"),
            ("/agreements/minsk-2/sequence?asOf=2021-12-02", "main tbody"),
            (&format!("{CLAUSE}?asOf=2021-12-02"), "section[aria-labelledby=status]"),
            ("/proposals?asOf=2021-12-02", "main tbody"),
            ("/proposals/russia-us-draft-treaty?asOf=2022-02-12", "main tbody"),
        ] {
            browser.goto(&format!("{}{address}", app.url));
            let are_shown = format!("!!document.querySelector('{figures}')");
            browser.wait_for(&are_shown);
            browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
            browser.set_offline(true);
            browser.execute("document.querySelector('main input[type=range]').focus()", vec![]);
            browser.type_keys(LEFT);
            browser.wait_for("location.search.match(/asOf=(2021-12-01|2022-02-11)/)");
            browser.wait_for(&format!("!{are_shown} && document.querySelector('main [role=alert]')"));
            // The day control keeps the focus.
            assert_eq!(browser.execute("return document.activeElement.type", vec![]), "range", "{address}");
            browser.set_offline(false);
            browser.wait_for(&are_shown);
            see_no(&browser, LOST);
        }
    }

    fn hidden_page_sends_nothing_until_it_is_visible(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.speed_up(SPEED);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see_live(&browser);
        browser.wait_for("document.querySelector('#history') && !document.querySelector('[aria-busy=true]')");
        hide(&browser, true);
        browser.execute(COUNT, vec![]);
        record(&app, "SUSPENDED", "Behind another tab.");
        thread::sleep(LONGER_THAN_POLLING);
        assert_eq!(sent(&browser), 0);
        hide(&browser, false);
        see(&browser, "Behind another tab.");
    }
}
