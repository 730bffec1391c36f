//! Forms that lose a response, are open in several tabs, or edit a record that someone else changes. No input is lost,
//! and nothing is recorded twice.

use serde_json::{Value, json};

use super::proposal_statuses::fill_status;
use super::recording::{assessments, begin, see_draft, without_evidence};
use super::records::open_as_editor;
use super::{CLAUSE, fill, press, press_primary, see, see_no, see_title};
use crate::support::{Browser, TestApp, on_one_database};

/// Lets the server execute the next mutation, but discards its response.
fn lose_next_response(browser: &Browser) {
    browser.execute(
        "const send = window.fetch; window.fetch = (...request) => send(...request).then(answer => { \
             if (request[1]?.method !== 'POST') return answer; window.fetch = send; throw new TypeError('Failed to fetch'); })",
        vec![],
    );
}

const LOST: &str = "The server did not respond. Your input may or may not have been recorded.";

/// The number of assessments of the clause, including retracted ones.
fn number_of_assessments(app: &TestApp) -> Value {
    let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(includeRetracted: true) { totalCount } } }";
    app.data(query, json!({}))["clause"]["assessments"]["totalCount"].take()
}

/// Submits the form of a status, loses the response, changes the form, and submits it again.
fn change_after_lost_response(browser: &Browser) {
    lose_next_response(browser);
    press_primary(browser);
    see(browser, LOST);
    fill(browser, "#update-note", "Second version.");
    press_primary(browser);
    see(browser, "Your earlier attempt was recorded as “Minimal since 5 Mar 2022”.");
}

on_one_database! {
    fn status_changed_after_a_lost_response_can_be_a_correction(app: Sample) {
        let before = number_of_assessments(&app).as_i64().unwrap();
        let browser = begin(&app, "First version.");
        change_after_lost_response(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        assert_eq!(assessments(&app)[0]["note"], "First version.");
        press(&browser, "Correct it with this version");
        see_title(&browser, "Recorded");
        let [right, wrong] = [0, 1].map(|index| assessments(&app)[index].take());
        assert_eq!((&right["note"], &right["retractedAt"]), (&json!("Second version."), &Value::Null));
        assert_eq!((&wrong["note"], &wrong["retractionReason"]), (&json!("First version."), &json!("Corrected by another assessment.")));
        assert_eq!(number_of_assessments(&app), before + 2);
    }

    fn status_changed_after_a_lost_response_can_stay(app: Sample) {
        let before = number_of_assessments(&app).as_i64().unwrap();
        let browser = begin(&app, "First version.");
        change_after_lost_response(&browser);
        press(&browser, "Leave it as recorded");
        see_title(&browser, "Recorded");
        assert_eq!(assessments(&app)[0]["note"], "First version.");
        assert_eq!(number_of_assessments(&app), before + 1);
    }

    fn status_is_recorded_once_after_a_lost_response_and_reload(app: Sample) {
        let before = number_of_assessments(&app).as_i64().unwrap();
        let browser = begin(&app, "First version.");
        lose_next_response(&browser);
        press_primary(&browser);
        see(&browser, LOST);
        // Leaving the page shows a confirmation dialog, so the test opens another window.
        browser.new_window();
        browser.goto(&format!("{}{CLAUSE}?update=yes", app.url));
        see_draft(&browser, "First version.");
        fill(&browser, "#update-note", "Second version.");
        press_primary(&browser);
        see(&browser, "Your earlier attempt was recorded as");
        assert_eq!(number_of_assessments(&app), before + 1);
    }

    fn new_record_changed_after_a_lost_response_is_edited(app: Sample) {
        let browser = open_as_editor(&app, "/new/topic");
        fill(&browser, "#record-name", "Prisoners");
        browser.wait_for("document.querySelector('#record-slug').value === 'prisoners'");
        lose_next_response(&browser);
        press_primary(&browser);
        see(&browser, LOST);
        fill(&browser, "#record-description", "Persons who are held.");
        fill(&browser, "#record-slug", "detainees");
        press_primary(&browser);
        browser.wait_for("location.pathname.startsWith('/edit/topic/')");
        see(&browser, "Your draft was restored.");
        browser.wait_for("document.querySelector('#record-description').value === 'Persons who are held.'");
        let created = |app: &TestApp| {
            let topics = app.data("{ topics { slug description } }", json!({}))["topics"].take();
            topics.as_array().unwrap().iter().filter(|topic| ["prisoners", "detainees"].contains(&topic["slug"].as_str().unwrap())).cloned().collect::<Vec<_>>()
        };
        assert_eq!(created(&app), [json!({ "slug": "prisoners", "description": null })]);
        press_primary(&browser);
        see_title(&browser, "Saved: 2 fields changed");
        assert_eq!(created(&app), [json!({ "slug": "detainees", "description": "Persons who are held." })]);
    }

    fn two_tabs_with_one_form_do_not_overwrite_each_other(app: Sample) {
        let browser = begin(&app, "Of the first tab.");
        let first = browser.window();
        browser.new_window();
        browser.goto(&format!("{}{CLAUSE}?update=yes", app.url));
        see_draft(&browser, "Of the first tab.");
        let second = browser.window();
        fill(&browser, "#update-note", "Of the second tab.");
        browser.switch(&first);
        see(&browser, "You changed this form in another tab.");
        // Until the user chooses a version, typing does not overwrite the draft of the other tab.
        fill(&browser, "#update-note", "Of the first tab, again.");
        let stored = "Object.entries(localStorage).find(([name]) => name.startsWith('clausewatch-draft-status'))[1]";
        browser.wait_for(&format!("{stored}.includes('Of the second tab.')"));
        press(&browser, "Keep this version");
        see_no(&browser, "You changed this form in another tab");
        browser.wait_for(&format!("{stored}.includes('Of the first tab, again.')"));
        browser.switch(&second);
        see(&browser, "You changed this form in another tab.");
        press(&browser, "Show the version of the other tab");
        see_draft(&browser, "Of the first tab, again.");
        see_no(&browser, "You changed this form in another tab");

        // Both tabs submit the same form, but the server records the status only once.
        let before = number_of_assessments(&app).as_i64().unwrap();
        press_primary(&browser);
        see_title(&browser, "Recorded");
        browser.switch(&first);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        assert_eq!(number_of_assessments(&app), before + 1);
    }

    fn status_form_survives_archiving_of_the_clause(app: Sample) {
        let browser = begin(&app, "Kept.");
        let mutation = "mutation($input: ArchiveClauseInput!) { archiveClause(input: $input) { userErrors { message } } }";
        let id = app.clause_id("minsk-2", "9");
        let input = json!({ "clauseId": id, "archived": true });
        assert_eq!(app.data(mutation, json!({ "input": input }))["archiveClause"]["userErrors"], json!([]));
        see(&browser, "This clause was archived in the meantime. Your input is still here.");
        see_draft(&browser, "Kept.");
        // Another editor restores the clause.
        let input = json!({ "clauseId": id, "archived": false });
        assert_eq!(app.data(mutation, json!({ "input": input }))["archiveClause"]["userErrors"], json!([]));
        see_no(&browser, "This clause was archived in the meantime.");
        see_draft(&browser, "Kept.");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        assert_eq!(assessments(&app)[0]["note"], "Kept.");
    }

    fn status_form_survives_archiving_of_the_proposal(app: Sample) {
        let id = app.data("{ proposal(slug: \"russia-us-draft-treaty\") { id } }", json!({}))["proposal"]["id"].take();
        let archive = |archived: bool| {
            let mutation = "mutation($input: ArchiveProposalInput!) { archiveProposal(input: $input) { userErrors { message } } }";
            let input = json!({ "proposalId": id, "archived": archived });
            assert_eq!(app.data(mutation, json!({ "input": input }))["archiveProposal"]["userErrors"], json!([]));
        };
        let browser = open_as_editor(&app, "/proposals/russia-us-draft-treaty");
        press(&browser, "Update status");
        fill_status(&browser, "LAPSED", "Kept.");
        without_evidence(&browser);
        archive(true);
        see(&browser, "This proposal was archived in the meantime. Your input is still here.");
        assert_eq!(browser.execute("return document.querySelector('#update-note').value", vec![]), "Kept.");
        archive(false);
        see_no(&browser, "This proposal was archived in the meantime.");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        let query = "{ proposal(slug: \"russia-us-draft-treaty\") { assessments(first: 1) { nodes { note status } } } }";
        assert_eq!(app.data(query, json!({}))["proposal"]["assessments"]["nodes"][0], json!({ "note": "Kept.", "status": "LAPSED" }));
    }

    fn status_form_survives_archiving_of_the_caveat(app: Sample) {
        let query = "{ proposal(slug: \"russia-us-draft-treaty\") { caveats(first: 50) { nodes { id number assessments(first: 1) { nodes { note status } } } } } }";
        let caveat = |app: &TestApp| {
            let caveats = app.data(query, json!({}))["proposal"]["caveats"]["nodes"].take();
            caveats.as_array().unwrap().iter().find(|it| it["number"] == "US-3").cloned()
        };
        let id = caveat(&app).unwrap()["id"].take();
        let archive = |archived: bool| {
            let mutation = "mutation($input: ArchiveCaveatInput!) { archiveCaveat(input: $input) { userErrors { message } } }";
            let input = json!({ "caveatId": id, "archived": archived });
            assert_eq!(app.data(mutation, json!({ "input": input }))["archiveCaveat"]["userErrors"], json!([]));
        };
        let browser = open_as_editor(&app, "/proposals/russia-us-draft-treaty?update=caveat-US-3");
        fill_status(&browser, "LAPSED", "Kept.");
        without_evidence(&browser);
        archive(true);
        assert_eq!(caveat(&app), None);
        see(&browser, "This caveat was archived in the meantime. Your input is still here.");
        assert_eq!(browser.execute("return document.querySelector('#update-note').value", vec![]), "Kept.");
        archive(false);
        see_no(&browser, "This caveat was archived in the meantime.");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        assert_eq!(caveat(&app).unwrap()["assessments"]["nodes"][0], json!({ "note": "Kept.", "status": "LAPSED" }));
        // An archived caveat without an open form disappears from the page.
        archive(true);
        browser.wait_for("!document.getElementById('US-3')");
    }

    fn invalid_date_is_not_erased(app: Sample) {
        let browser = open_as_editor(&app, "/new/event");
        let check_box = "div:has(> #record-date, > span > #record-date) > label > input[type=checkbox]";
        browser.click(check_box);
        fill(&browser, "#record-date", "spring 2015");
        browser.click(check_box);
        see(&browser, "Enter a valid date first, or clear the field.");
        browser.wait_for("document.querySelector('#record-date').value === 'spring 2015'");
        // One click on the check box changes a month to its last day. Another click restores the month.
        fill(&browser, "#record-date", "2015-02");
        browser.click(check_box);
        browser.wait_for("document.querySelector('#record-date').value === '2015-02-28'");
        browser.click(check_box);
        browser.wait_for("document.querySelector('#record-date').value === '2015-02'");
    }

    fn date_in_words_is_read_and_an_impossible_day_is_named(app: Sample) {
        const BOX: &str = "[...document.querySelectorAll('label')].find(label => label.textContent.includes('A period or an approximate date')).querySelector('input')";
        let browser = open_as_editor(&app, "/new/event");
        browser.wait_for("!!document.querySelector('#record-date')");
        browser.execute(&format!("{BOX}.click()"), vec![]);
        browser.wait_for("document.querySelector('#record-date').type === 'text'");
        browser.execute("document.querySelector('#record-date').focus()", vec![]);
        browser.type_keys("24 February 2022");
        browser.wait_for("document.querySelector('#record-date').value === '24 February 2022'");
        see(&browser, "24 Feb 2022");
        browser.wait_for("Object.values(localStorage).some(text => text.includes('2022-02-24'))");
        fill(&browser, "#record-date", "30 February 2022");
        press_primary(&browser);
        see(&browser, "30 February 2022 does not exist");
        browser.wait_for("document.querySelector('#record-date').value === '30 February 2022'");
        // The hint in the status form shows the date only if it is valid.
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Update status");
        browser.wait_for("!!document.querySelector('#update-day-hint strong')");
        browser.execute(&format!("{BOX}.click()"), vec![]);
        fill(&browser, "#update-day", "2022-02-30");
        browser.wait_for("!document.querySelector('#update-day-hint strong')");
        press_primary(&browser);
        see(&browser, "30 February 2022 does not exist");
    }

    fn form_says_that_its_draft_cannot_be_stored(app: Sample) {
        const FULL: &str = "This form cannot be stored, because the storage of this browser is full or blocked.";
        let fill_storage = "window.setItem ??= Storage.prototype.setItem; \
             Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }";
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "Update status");
        fill(&browser, "#update-note", "First.");
        let stored = |text: &str| {
            browser.wait_for(&format!("Object.values(localStorage).some(stored => stored.includes({}))", json!(text)));
        };
        stored("First.");
        see_no(&browser, FULL);
        browser.execute(fill_storage, vec![]);
        fill(&browser, "#update-note", "Second.");
        see(&browser, FULL);
        stored("First.");
        browser.execute("Storage.prototype.setItem = window.setItem", vec![]);
        fill(&browser, "#update-note", "Third.");
        see_no(&browser, FULL);
        stored("Third.");
        browser.goto(&format!("{}/record-sheet", app.url));
        browser.wait_for("!!document.querySelector('#sheet-rows')");
        browser.execute(fill_storage, vec![]);
        fill(&browser, "#sheet-rows", "reference,status");
        see(&browser, FULL);
        fill(&browser, "#sheet-rows", "");
        see_no(&browser, FULL);
    }

    fn form_reports_initial_values_that_cannot_be_loaded(app: Sample) {
        let browser = open_as_editor(&app, "/new/interpretation");
        browser.wait_for("document.querySelector('main form')");
        browser.execute(
            "const send = window.fetch; window.fails = true; window.fetch = (url, options) => \
                 window.fails && decodeURIComponent(`${url} ${options?.body ?? ''}`).includes('\"ids\"') \
                     ? Promise.reject(new TypeError('Failed to fetch')) : send(url, options);",
            vec![],
        );
        let id = app.clause_id("minsk-2", "9");
        browser.execute(&format!("history.pushState(null, '', '/new/interpretation?subjectId={id}')"), vec![]);
        browser.wait_for("document.querySelector('main [role=alert]')?.textContent.includes('This could not be loaded')");
        assert_eq!(browser.execute("return document.querySelector('main form')", vec![]), Value::Null);
        browser.execute("window.fails = false", vec![]);
        press(&browser, "Try again");
        browser.wait_for("document.querySelector('main form')?.textContent.includes('Minsk II, 9')");
    }

    fn form_reports_a_missing_record_in_its_address(app: Sample) {
        let browser = open_as_editor(&app, "/new/interpretation?subjectId=nonsense");
        see(&browser, "The address of this form refers to a record that does not exist.");
        browser.wait_for("document.querySelector('main form')");
    }
}
