//! Review: an editor submits a status, and another publishes or declines it.

use clausewatch::domain::viewer::Role;
use serde_json::json;

use super::accessibility::check;
use super::recording::{fill_status, without_evidence};
use super::{CLAUSE, assert_clean, fill, press, press_primary, see, see_no, see_title, sign_in};
use crate::support::{Browser, TestApp, on_one_database};

fn open_as(app: &TestApp, name: &str, address: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, name, Role::Editor);
    browser.goto(&format!("{}{address}", app.url));
    browser
}

/// Submits a status of the clause with the form on its page.
fn submit(app: &TestApp, browser: &Browser, status: &str, note: &str) {
    browser.goto(&format!("{}{CLAUSE}", app.url));
    press(browser, "Update status");
    fill_status(browser, status, note);
    without_evidence(browser);
    see(browser, "The status becomes public when another editor publishes it.");
    let button = "document.querySelector('main form button.primary').textContent";
    assert_eq!(browser.execute(&format!("return {button}"), vec![]), "Submit for review");
    press_primary(browser);
    see_title(browser, "Submitted for review: Minsk II, 9");
}

/// The submissions on the page.
const ENTRIES: &str = "[...document.querySelectorAll('[data-submission]')]";

fn see_entries(browser: &Browser, count: usize) {
    browser
        .wait_for(&format!("!document.querySelector('.served') && {ENTRIES}.length === {count}"));
}

/// Waits until the account menu shows this number next to “Review”. `""` means no number.
fn see_waiting(browser: &Browser, count: &str) {
    browser.wait_for(&format!(
        "(document.querySelector('header a[href*=\"/review\"] [aria-hidden]')?.textContent ?? '') === {}",
        json!(count)
    ));
}

fn assessments(app: &TestApp) -> serde_json::Value {
    let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { totalCount nodes { note submittedBy recordedBy } } } }";
    app.data(query, json!({}))["clause"]["assessments"].take()
}

on_one_database! {
    fn status_is_submitted_and_published_by_another_editor(app: Sample) {
        let server = app.another_with(|config| config.review = true);
        let before = assessments(&app);
        let ann = open_as(&server, "Ann", CLAUSE);
        submit(&server, &ann, "MINIMAL", "One post was returned.");
        submit(&server, &ann, "COMPLETE", "Everything was returned.");
        assert_eq!(assessments(&app), before, "nothing is public yet");
        // The author can only withdraw the submission.
        press(&ann, "Open the page “Review”");
        see_entries(&ann, 2);
        see(&ann, "You submitted this status. Another editor can publish it.");
        assert_eq!(ann.execute("return document.querySelectorAll('button[data-verb]').length", vec![]), 0);

        let ben = open_as(&server, "Ben", "/my-work");
        press(&ben, "2 submissions to review");
        see_entries(&ben, 2);
        see(&ben, "Submitted by Ann, 0 minutes ago");
        see(&ben, "One post was returned.");
        see(&ben, "Overtakensince 24 Feb 2022");
        press(&ben, "Comment");
        fill(&ben, "[data-submission] textarea", "Which source says so?");
        press(&ben, "Add comment");
        ben.wait_for("document.querySelector('[data-submission] ul[aria-label=Comments] strong')?.textContent === 'Ben'");
        let mut found = Vec::new();
        check(&ben, "/review", None, &mut found);
        assert!(found.is_empty(), "{found:#?}");
        // Select and publish the second submission with the keyboard.
        ben.execute("document.activeElement.blur()", vec![]);
        ben.wait_for(&format!("{ENTRIES}[0].hasAttribute('aria-current')"));
        ben.type_keys("j");
        ben.wait_for(&format!("document.activeElement === {ENTRIES}[1] && {ENTRIES}[1].hasAttribute('aria-current')"));
        ben.type_keys("p");
        see(&ben, "Published: Minsk II, 9");
        see_entries(&ben, 1);
        // Decline the other submission with the mouse. After “Cancel”, the button that opened the form has the focus.
        press(&ben, "Decline");
        press(&ben, "Cancel");
        ben.wait_for("document.activeElement.dataset.verb === 'DECLINE'");
        press(&ben, "Decline");
        ben.wait_for("document.activeElement.matches('textarea')");
        press(&ben, "Decline submission");
        see(&ben, "Enter a reason");
        ben.execute("document.activeElement.blur()", vec![]);
        fill(&ben, "textarea[id^=reason]", "One post is not minimal.");
        press(&ben, "Decline submission");
        see(&ben, "Declined: Minsk II, 9");
        see(&ben, "No submission of another editor is waiting for review.");
        assert_clean(&ben, "/review");
        let after = assessments(&app);
        assert_eq!(after["totalCount"].as_i64(), before["totalCount"].as_i64().map(|count| count + 1));
        assert_eq!(after["nodes"][0], json!({ "note": "Everything was returned.", "submittedBy": "Ann", "recordedBy": "Ben" }));

        ann.goto(&format!("{}/my-work", server.url));
        see(&ann, "Published by Ben");
        see(&ann, "Declined by Ben");
        see(&ann, "Reason: One post is not minimal.");
        ann.goto(&format!("{}{CLAUSE}", server.url));
        see(&ann, "Submitted by Ann, published by Ben,");
        assert_clean(&ann, CLAUSE);
    }

    fn menu_shows_the_number_of_open_submissions(app: Sample) {
        let server = app.another_with(|config| config.review = true);
        let ann = open_as(&server, "Ann", CLAUSE);
        submit(&server, &ann, "MINIMAL", "One post was returned.");
        let ben = open_as(&server, "Ben", "/review");
        see_entries(&ben, 1);
        see_waiting(&ben, "1");
        let cleo = open_as(&server, "Cleo", "/review");
        see_entries(&cleo, 1);
        press(&cleo, "Publish");
        see(&cleo, "Published: Minsk II, 9");
        // Ben's page is connected to the change log, so the entry disappears there.
        see(&ben, "No submission of another editor is waiting for review.");
        // Without review, editors record statuses directly, and the page says so.
        let dee = open_as(&app, "Dee", "/review");
        see(&dee, "On this server, new statuses are published without a review.");
        dee.goto(&format!("{}{CLAUSE}", app.url));
        press(&dee, "Update status");
        see(&dee, "Record status");
        see_no(&dee, "Submit for review");
    }

    fn keys_do_not_act_on_another_entry_if_the_selected_one_is_ended(app: Sample) {
        let server = app.another_with(|config| config.review = true);
        let ann = open_as(&server, "Ann", CLAUSE);
        submit(&server, &ann, "MINIMAL", "One post was returned.");
        submit(&server, &ann, "COMPLETE", "Everything was returned.");
        let ben = open_as(&server, "Ben", "/review");
        see_entries(&ben, 2);
        ben.wait_for(&format!("{ENTRIES}[0].hasAttribute('aria-current')"));
        let cleo = open_as(&server, "Cleo", "/review");
        see_entries(&cleo, 2);
        press(&cleo, "Publish");
        see_entries(&ben, 1);
        assert_eq!(ben.execute(&format!("return {ENTRIES}[0].hasAttribute('aria-current')"), vec![]), false);
        ben.type_keys("p");
        // The key `j` selects the entry, so that `p` publishes it.
        ben.type_keys("j");
        ben.wait_for(&format!("document.activeElement === {ENTRIES}[0]"));
        see_no(&ben, "Published: Minsk II, 9");
        ben.type_keys("p");
        see(&ben, "Published: Minsk II, 9");
    }

    fn rows_are_submitted_and_withdrawn_together(app: Sample) {
        let server = app.another_with(|config| config.review = true);
        let ann = open_as(&server, "Ann", "/agreements/minsk-2");
        ann.wait_for("document.querySelectorAll('input[data-row]').length > 2");
        ann.execute("document.querySelectorAll('input[data-row]')[0].click(); document.querySelectorAll('input[data-row]')[1].click()", vec![]);
        see(&ann, "2 rows selected");
        press(&ann, "Set status…");
        fill(&ann, "#batch-status", "SUSPENDED");
        fill(&ann, "#batch-day", "2022-03-05");
        fill(&ann, "#batch-note", "Nothing moves.");
        press(&ann, "Preview");
        press(&ann, "Submit 2 statuses for review");
        see(&ann, "2 statuses were submitted for review. Another editor can publish them.");
        let ben = open_as(&server, "Ben", "/review");
        see_entries(&ben, 2);
        press(&ann, "Undo");
        see(&ann, "Undone.");
        ben.goto(&format!("{}/review?show=ENDED", server.url));
        see_entries(&ben, 2);
        see(&ben, "Withdrawn by Ann");
    }
}
