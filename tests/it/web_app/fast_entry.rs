//! Entering statuses fast, by keyboard, clause after clause, and starting from recorded values.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::recording::{assessments, fill_status, without_evidence};
use super::records::open_as_editor;
use super::{CLAUSE, ENTER, fill, press, press_primary, record, see, see_no, see_title, sign_in};
use crate::support::{Browser, TestApp, on_one_database};

const ESCAPE: &str = "\u{e00c}";
const CONTROL_ENTER: &str = "\u{e009}\u{e007}\u{e000}";
/// The keys that record a status and open the form of the next clause.
const CONTROL_SHIFT_ENTER: &str = "\u{e009}\u{e008}\u{e007}\u{e000}";
/// Five consecutive clauses of Minsk II.
const CLAUSES: [&str; 5] = ["9", "10", "10.a", "10.b", "11"];

/// Counts the user's clicks and keys, except the keys that enter the note. A key combination counts as one key.
const COUNT: &str = "window.count = 0; \
     addEventListener('keydown', ({ key, ctrlKey, target, isTrusted }) => { \
         const isPart = ['Control', 'Shift', 'Alt', 'Meta'].includes(key) || (target.id === 'update-note' && !ctrlKey); \
         if (isTrusted && !isPart) window.count += 1; \
     }, { capture: true }); \
     addEventListener('click', ({ isTrusted, detail }) => { if (isTrusted && detail > 0) window.count += 1; }, { capture: true });";

/// The latest assessment of each of the five clauses.
fn newest(app: &TestApp) -> Vec<Value> {
    let query = "query($number: String!) { clause(agreement: \"minsk-2\", number: $number) { assessments(first: 1) { nodes { \
                 status note recordedBy momentum confidence evidence { title } } } } }";
    let newest = |number| {
        app.data(query, json!({ "number": number }))["clause"]["assessments"]["nodes"][0].take()
    };
    CLAUSES.into_iter().map(newest).collect()
}

/// Waits until the form of a clause has the focus.
fn see_form(browser: &Browser, number: &str) {
    browser.wait_for(&format!(
        "location.pathname === '/agreements/minsk-2/clauses/{number}' && document.activeElement.id === 'update-title' \
         && document.activeElement.textContent.endsWith(' {number}')"
    ));
    // Waits until the initial values of the form are loaded.
    browser.wait_for("document.querySelector('button[aria-keyshortcuts=e]')");
}

fn count(browser: &Browser) -> i64 {
    browser.execute("return window.count", vec![]).as_i64().unwrap()
}

/// Clicks the button whose text starts with `text`.
fn click_button(browser: &Browser, text: &str) {
    let found = format!(
        "[...document.querySelectorAll('main button')].find(it => it.textContent.trim().startsWith({}))",
        json!(text)
    );
    browser.wait_for(&format!("!!{found}"));
    browser.execute(&format!("{found}.setAttribute('data-pressed', '')"), vec![]);
    browser.click("[data-pressed]");
    browser.execute("document.querySelectorAll('[data-pressed]').forEach(it => it.removeAttribute('data-pressed'))", vec![]);
}

/// Checks that the five clauses have the entered statuses.
fn assert_entered(app: &TestApp, before: &[Value]) {
    for (number, (entered, before)) in CLAUSES.iter().zip(newest(app).iter().zip(before)) {
        assert_eq!(
            (&entered["status"], &entered["recordedBy"]),
            (&json!("PARTIAL"), &json!("Eve")),
            "{number}"
        );
        assert_eq!(entered["note"], format!("Seen at {number}."));
        assert_eq!(entered["evidence"].as_array().map(Vec::len), Some(1), "{number}");
        assert_eq!(entered["momentum"], before["momentum"], "{number}: carried over");
        assert_eq!(entered["confidence"], before["confidence"], "{number}: carried over");
    }
}

on_one_database! {
    fn five_consecutive_statuses_take_fifteen_keys(app: Sample) {
        let before = newest(&app);
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "Update status");
        see(&browser, "of 29");
        browser.execute(COUNT, vec![]);
        for (index, number) in CLAUSES.into_iter().enumerate() {
            // On a page without the form, the shortcut key of a status opens the form.
            browser.type_keys("2");
            browser.wait_for("document.querySelector('input[name=update-status][value=PARTIAL]')?.checked");
            browser.wait_for("document.querySelector('button[aria-keyshortcuts=e]')");
            browser.type_keys("e");
            browser.wait_for("document.activeElement.id === 'update-note'");
            browser.type_keys(&format!("Seen at {number}."));
            browser.type_keys(if index < 4 { CONTROL_SHIFT_ENTER } else { CONTROL_ENTER });
            match CLAUSES.get(index + 1) {
                Some(next) => {
                    see_form(&browser, next);
                    see(&browser, &format!("Recorded: Minsk II, {number}"));
                }
                None => see_title(&browser, "Recorded"),
            }
        }
        assert_entered(&app, &before);
        let keys = count(&browser);
        assert!(keys <= 15, "{keys} keys");
    }

    fn five_consecutive_statuses_take_sixteen_clicks(app: Sample) {
        let before = newest(&app);
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "of 29");
        browser.execute(COUNT, vec![]);
        click_button(&browser, "Update status");
        for (index, number) in CLAUSES.into_iter().enumerate() {
            see_form(&browser, number);
            browser.click("input[name='update-status'][value='PARTIAL']");
            click_button(&browser, "Add ");
            browser.wait_for("document.activeElement.id === 'update-note'");
            browser.type_keys(&format!("Seen at {number}."));
            click_button(&browser, if index < 4 { "Record, then next" } else { "Record status" });
        }
        see_title(&browser, "Recorded");
        assert_entered(&app, &before);
        let clicks = count(&browser);
        assert!(clicks <= 16, "{clicks} clicks");
    }

    fn every_key_is_listed(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "of 29");
        see(&browser, "Update status");
        let listed = |browser: &Browser| {
            browser.type_keys("?");
            browser.wait_for("document.querySelector('dialog[open]')");
            let list = browser.execute("return document.querySelector('dialog dl').textContent", vec![]);
            browser.type_keys(ESCAPE);
            browser.wait_for("!document.querySelector('dialog[open]')");
            list.as_str().unwrap().to_owned()
        };
        let keys = listed(&browser);
        for key in ["uUpdate the status", "cCorrect", "1Status: Complete", "0Status: Not applicable", "jNext clause", "kPrevious clause", "Ctrl+Shift+Enter"] {
            assert!(keys.contains(key), "{key}: {keys}");
        }
        assert!(!keys.contains("zUndo"), "{keys}");
        browser.type_keys("u");
        see_form(&browser, "9");
        let keys = listed(&browser);
        for key in ["eAdd the most recently used source", "nWrite the reason", "3Status: Minimal"] {
            assert!(keys.contains(key), "{key}: {keys}");
        }
        // In a text field, keys enter text until the user leaves the field.
        browser.type_keys("n");
        browser.wait_for("document.activeElement.id === 'update-note'");
        browser.type_keys("3e");
        browser.type_keys(ESCAPE);
        browser.wait_for("document.activeElement.id === 'update-title'");
        assert_eq!(browser.execute("return document.querySelector('#update-note').value", vec![]), "3e");
        browser.type_keys("4");
        browser.wait_for("document.querySelector('input[name=update-status]:checked')?.value === 'NOT_STARTED'");
    }

    fn next_and_previous_clause_follow_the_visited_list(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "13 of 29");
        browser.type_keys("j");
        browser.wait_for("location.pathname.endsWith('/clauses/10')");
        see(&browser, "14 of 29");
        browser.type_keys("k");
        browser.wait_for("location.pathname.endsWith('/clauses/9')");
        // While a form is open, the buttons for the next and previous clause also work. They open the form of that
        // clause.
        press(&browser, "Update status");
        press(&browser, "10 →");
        see_form(&browser, "10");

        browser.goto(&format!("{}/agreements/minsk-2?text=border", app.url));
        browser.wait_for("!document.querySelector('[aria-busy=true]') && document.querySelectorAll('section[aria-labelledby=clauses] tbody tr').length > 1");
        let listed = browser.execute("return [...document.querySelectorAll('section[aria-labelledby=clauses] tbody tr a')].map(it => it.getAttribute('href').split('?')[0])", vec![]);
        let paths: Vec<&str> = listed.as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
        browser.execute(&format!("document.querySelector('a[href^=\"{}\"]').click()", paths[0]), vec![]);
        see(&browser, &format!("1 of {}", paths.len()));
        see(&browser, "in the filtered list");
        browser.type_keys("j");
        browser.wait_for(&format!("location.pathname === '{}'", paths[1]));
        press(&browser, "in the filtered list");
        browser.wait_for("location.search.includes('text=border')");
        // Without a filter, the list contains all clauses of the agreement.
        press(&browser, "Clear filters");
        browser.wait_for("!location.search.includes('text') && !document.querySelector('[aria-busy=true]') && document.querySelectorAll('section[aria-labelledby=clauses] tbody tr').length > 20");
        browser.execute(&format!("document.querySelector('a[href^=\"{}\"]').click()", paths[0]), vec![]);
        see(&browser, "of 29");
        see_no(&browser, "in the filtered list");
    }

    fn form_starts_with_values_of_the_page_and_shows_their_origin(app: Sample) {
        let browser = open_as_editor(&app, &format!("{CLAUSE}?asOf=2021-12-10&heldBy=ukraine"));
        press(&browser, "Update status");
        browser.wait_for("document.querySelector('#update-day')?.value === '2021-12-10'");
        let query = "{ party(slug: \"ukraine\") { id } clause(agreement: \"minsk-2\", number: \"9\") { assessment(asOf: \"2021-12-10\", heldBy: \"ukraine\") { momentum confidence } } }";
        let data = app.data(query, json!({}));
        assert_eq!(browser.execute("return document.querySelector('#update-view').value", vec![]), data["party"]["id"]);
        let in_force = &data["clause"]["assessment"];
        for (field, name) in [("momentum", "momentum"), ("confidence", "confidence")] {
            let chosen = browser.execute(&format!("return document.querySelector('input[name=update-{field}]:checked').value"), vec![]);
            assert_eq!(chosen, in_force[name], "{name}");
        }
        see(&browser, "These values are copied from the assessment in force (Not started since");
        see(&browser, "The date is set to the day that this page shows, 10 Dec 2021.");
        see(&browser, "12 Feb 2015 or later, not in the future.");
    }

    fn button_of_the_form_stays_visible(app: Sample) {
        for (width, height) in [(1280, 900), (390, 844)] {
            let browser = Browser::open(width, height);
            browser.goto(&format!("{}/sign-in", app.url));
            sign_in(&app, &browser, "Eve", Role::Editor);
            browser.goto(&format!("{}{CLAUSE}", app.url));
            press(&browser, "Update status");
            let is_seen = "(({ top, bottom }) => top >= 0 && bottom <= innerHeight)(document.querySelector('main form button.primary').getBoundingClientRect())";
            see_form(&browser, "9");
            browser.wait_for(is_seen);
            if width > 1000 {
                // The page scrolls next to the form, and does not overlap it.
                browser.execute("scrollTo(0, 2000)", vec![]);
                browser.wait_for(&format!("scrollY > 1000 && {is_seen}"));
                browser.wait_for("document.querySelector('h1').getBoundingClientRect().right <= document.querySelector('[data-panel]').getBoundingClientRect().left");
            } else {
                browser.execute("document.querySelector('#update-note').scrollIntoView()", vec![]);
                browser.wait_for(is_seen);
            }
            let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
            assert!(sideways.as_i64().is_some_and(|pixels| pixels <= 0), "{width}: {sideways}");
        }
    }

    fn typing_error_is_corrected_with_two_clicks(app: Sample) {
        record(&app, "PARTIAL", "Wiht a typing error.");
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "Wiht a typing error.");
        see(&browser, "of 29");
        browser.execute(COUNT, vec![]);
        click_button(&browser, "Correct");
        browser.wait_for("document.querySelector('#update-correction')?.value === 'Corrected by another assessment.'");
        fill(&browser, "#update-note", "With a typing error.");
        click_button(&browser, "Record correction");
        see_title(&browser, "Recorded");
        assert_eq!(count(&browser), 2);
        let [right, wrong] = [0, 1].map(|index| assessments(&app)[index].take());
        assert_eq!((&right["note"], &right["status"], &right["retractedAt"]), (&json!("With a typing error."), &json!("PARTIAL"), &Value::Null));
        assert_eq!((&wrong["note"], &wrong["retractionReason"]), (&json!("Wiht a typing error."), &json!("Corrected by another assessment.")));

        // The correction also works with only the keyboard and with another reason.
        press(&browser, "Dismiss");
        browser.type_keys("c");
        browser.wait_for("document.activeElement.id === 'update-title'");
        fill(&browser, "#update-correction", "It was another status.");
        browser.type_keys("3");
        browser.type_keys(CONTROL_ENTER);
        see_title(&browser, "Recorded");
        let [right, wrong] = [0, 1].map(|index| assessments(&app)[index].take());
        assert_eq!((&right["status"], &wrong["retractionReason"]), (&json!("MINIMAL"), &json!("It was another status.")));
    }

    fn earlier_assessment_is_corrected_from_its_row_in_the_history(app: Sample) {
        record(&app, "PARTIAL", "Wiht a typing error.");
        record(&app, "MINIMAL", "In force since.");
        let browser = open_as_editor(&app, CLAUSE);
        let row = "[...document.querySelectorAll('section[aria-labelledby=history] tbody tr')].find(row => row.textContent.includes('Wiht a typing error.'))";
        browser.wait_for(&format!("!!{row}"));
        let button = format!("[...{row}.querySelectorAll('button')].find(it => it.textContent === 'Correct')");
        let name = browser.execute(&format!("return {button}.getAttribute('aria-label')"), vec![]);
        assert_eq!(name, "Correct Partial of 5 Mar 2022");
        browser.execute(&format!("{button}.click()"), vec![]);
        browser.wait_for("document.activeElement.id === 'update-title'");
        browser.wait_for("document.querySelector('#update-note')?.value === 'Wiht a typing error.'");
        fill(&browser, "#update-note", "With a typing error.");
        press(&browser, "Record correction");
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 3, includeRetracted: true) { nodes { note retractionReason } } } }";
        let newest = app.data(query, json!({}))["clause"]["assessments"]["nodes"].take();
        let notes: Vec<_> = newest.as_array().unwrap().iter().map(|it| (it["note"].clone(), it["retractionReason"].clone())).collect();
        assert_eq!(notes, [
            (json!("With a typing error."), Value::Null),
            (json!("In force since."), Value::Null),
            (json!("Wiht a typing error."), json!("Corrected by another assessment.")),
        ]);
        // A retracted assessment has no button “Correct”.
        browser.wait_for(&format!("!!{row} && !{button}"));
    }

    fn correction_of_a_retracted_assessment_is_kept(app: Sample) {
        record(&app, "PARTIAL", "Wiht a typing error.");
        let browser = open_as_editor(&app, CLAUSE);
        see(&browser, "Wiht a typing error.");
        press(&browser, "Correct");
        fill(&browser, "#update-note", "With a typing error.");
        let id = app.data("{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { id } } } }", json!({}))["clause"]["assessments"]["nodes"][0]["id"].take();
        let mutation = "mutation($input: RetractAssessmentInput!) { retractAssessment(input: $input) { userErrors { message } } }";
        app.data(mutation, json!({ "input": { "assessmentId": id, "reason": "Wrong." } }));
        see(&browser, "The assessment to correct was retracted in the meantime.");
        press(&browser, "Record this as a new assessment");
        press_primary(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        let [right, wrong] = [0, 1].map(|index| assessments(&app)[index].take());
        assert_eq!((&right["note"], &wrong["retractionReason"]), (&json!("With a typing error."), &json!("Wrong.")));
    }

    fn recording_is_undone_with_one_key_within_a_minute(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "Update status");
        fill_status(&browser, "MINIMAL", "Too early.");
        without_evidence(&browser);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        browser.type_keys("z");
        see_title(&browser, "Retracted");
        assert_eq!(assessments(&app)[0]["retractionReason"], "Undone within a minute.");
        // After a minute, the user must enter a reason.
        press(&browser, "Update status");
        fill_status(&browser, "MINIMAL", "Too late.");
        without_evidence(&browser);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        browser.execute("const now = Date.now; Date.now = () => now() + 61_000", vec![]);
        browser.type_keys("z");
        see(&browser, "Reason for the retraction");
        browser.wait_for("document.activeElement.matches('[role=status] form input')");
        browser.type_keys("Not yet.");
        browser.type_keys(ENTER);
        see_title(&browser, "Retracted");
        assert_eq!(assessments(&app)[0]["retractionReason"], "Not yet.");
    }
}
