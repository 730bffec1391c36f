//! Errors are shown next to the control that caused them.

use serde_json::json;

use super::recording::{assessments, begin, see_draft};
use super::{press_primary, record, see};
use crate::support::{Browser, on_one_database};

/// Waits until a focused message is next to the form's button, and both are visible.
fn see_next_to_the_button(browser: &Browser, text: &str) {
    browser.wait_for(&format!(
        "(() => {{ \
            const message = document.activeElement; \
            if (message.getAttribute('role') !== 'alert' || !message.textContent.includes({})) return false; \
            const [box, button] = [message, document.querySelector('main form button.primary')].map(it => it.getBoundingClientRect()); \
            const isSeen = ({{ top, bottom }}) => top >= 0 && bottom <= innerHeight; \
            return isSeen(box) && isSeen(button) && button.top >= box.bottom && button.top - box.bottom < 100; \
        }})()",
        json!(text)
    ));
}

on_one_database! {
    fn failed_recording_shows_the_error_next_to_the_button(app: Sample) {
        let browser = begin(&app, "Kept.");
        browser.set_offline(true);
        press_primary(&browser);
        see_next_to_the_button(&browser, "The server did not respond. Your input may or may not have been recorded.");
        browser.set_offline(false);
        // A repeated error is announced again.
        browser.execute("document.querySelector('#update-note').focus()", vec![]);
        browser.execute("scrollTo(0, 0)", vec![]);
        browser.set_offline(true);
        press_primary(&browser);
        see_next_to_the_button(&browser, "The server did not respond.");
        browser.set_offline(false);

        record(&app, "BREACHED", "Theirs.");
        press_primary(&browser);
        see_next_to_the_button(&browser, "Someone else updated this record in the meantime");
        see_draft(&browser, "Kept.");

        browser.execute("fetch('/session', { method: 'DELETE' }).then(() => { window.isOut = true; })", vec![]);
        browser.wait_for("window.isOut");
        press_primary(&browser);
        see_next_to_the_button(&browser, "You are no longer signed in.");
        assert_eq!(assessments(&app)[0]["note"], "Theirs.");

        app.terminate();
        press_primary(&browser);
        see_next_to_the_button(&browser, "The server did not respond.");
        see_draft(&browser, "Kept.");
    }

    fn form_survives_a_failed_reload_of_its_data(app: Sample) {
        let browser = begin(&app, "Kept.");
        // At first, all requests fail. Then only requests for the change log succeed, so the app cannot reload the
        // displayed data.
        browser.execute(
            "const send = window.fetch; window.mayPass = () => false; \
             window.fetch = (url, options) => window.mayPass(decodeURIComponent(url)) ? send(url, options) : Promise.reject(new TypeError('Failed to fetch')); \
             document.querySelector('#update-note').isSame = true; window.dispatchEvent(new Event('offline'));",
            vec![],
        );
        see(&browser, "Connection lost.");
        browser.execute(
            "window.mayPass = url => url.includes('\"after\":'); window.dispatchEvent(new Event('online'));",
            vec![],
        );
        see(&browser, "Showing data that was loaded earlier.");
        assert_eq!(browser.execute("return document.querySelector('#update-note')?.isSame ?? null", vec![]), true);
        see_draft(&browser, "Kept.");
    }
}
