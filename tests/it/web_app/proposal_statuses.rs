//! The statuses of proposals and caveats are recorded with the same form as those of clauses.

use serde_json::{Value, json};

use super::recording::without_evidence;
use super::records::open_as_editor;
use super::{fill, press, press_primary, see, see_no, see_title};
use crate::support::{Browser, TestApp, on_one_database};

const PROPOSAL: &str = "/proposals/russia-us-draft-treaty";
const NUMBER: &str = "US-1";

/// The latest assessment of the proposal.
fn newest(app: &TestApp) -> Value {
    let query = "{ proposal(slug: \"russia-us-draft-treaty\") { assessments(first: 1, includeRetracted: true) { nodes { \
                 status note effectiveOn heldBy { slug } momentum confidence evidence { title } retractionReason } } } }";
    app.data(query, json!({}))["proposal"]["assessments"]["nodes"][0].take()
}

/// A caveat of the proposal, with its latest assessment.
fn caveat(app: &TestApp, number: &str) -> Value {
    let query = "{ proposal(slug: \"russia-us-draft-treaty\") { caveats(first: 50) { nodes { id number reference owedBy { id shortName } \
                 assessments(first: 1) { nodes { status note breachedBy { shortName } } } } } } }";
    let mut caveats = app.data(query, json!({}))["proposal"]["caveats"]["nodes"].take();
    caveats
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|caveat| caveat["number"] == number)
        .unwrap()
        .take()
}

pub(super) fn fill_status(browser: &Browser, status: &str, note: &str) {
    browser.click(&format!("input[name='update-status'][value='{status}']"));
    fill(browser, "#update-day", "2022-03-05");
    fill(browser, "#update-note", note);
}

on_one_database! {
    fn status_of_a_proposal_is_recorded_and_retracted(app: Sample) {
        let in_force = newest(&app);
        let browser = open_as_editor(&app, PROPOSAL);
        see(&browser, "Update status");
        browser.type_keys("u");
        browser.wait_for("document.activeElement.id === 'update-title'");
        press_primary(&browser);
        see(&browser, "Choose a status");
        fill_status(&browser, "LAPSED", "The war overtook it.");
        // The form of a proposal has neither breakers nor statuses of clauses.
        assert_eq!(browser.execute("return document.querySelectorAll('input[name=update-breakers], input[value=COMPLETE]').length", vec![]), 0);
        see(&browser, "Neutral record, 5 Mar 2022:");
        without_evidence(&browser);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let recorded = newest(&app);
        assert_eq!(recorded, json!({
            "status": "LAPSED", "note": "The war overtook it.", "effectiveOn": "2022-03-05", "heldBy": null,
            // These values are taken from the assessment in force.
            "momentum": in_force["momentum"], "confidence": in_force["confidence"], "evidence": [], "retractionReason": null,
        }));
        // After a minute, the user must enter a reason.
        browser.execute("const now = Date.now; Date.now = () => now() + 61_000", vec![]);
        press(&browser, "Undo");
        fill(&browser, "[role=status] form input", "It was another one.");
        press(&browser, "Retract assessment");
        see_title(&browser, "Retracted");
        assert_eq!(newest(&app)["retractionReason"], "It was another one.");
    }

    fn status_of_a_caveat_is_recorded_with_breakers(app: Sample) {
        let before = caveat(&app, NUMBER);
        let browser = open_as_editor(&app, PROPOSAL);
        press(&browser, &format!("Update status {}", before["reference"].as_str().unwrap()));
        browser.wait_for("document.activeElement.id === 'update-title' && document.activeElement.closest('article')");
        fill_status(&browser, "BREACHED", "Acted against it.");
        let owner = &before["owedBy"][0];
        let owners_box = format!("input[name=update-breakers][value='{}']", owner["id"].as_str().unwrap());
        browser.click(&owners_box);
        without_evidence(&browser);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let recorded = caveat(&app, NUMBER)["assessments"]["nodes"].take();
        assert_eq!(recorded, json!([{
            "status": "BREACHED", "note": "Acted against it.", "breachedBy": [{ "shortName": owner["shortName"] }],
        }]));
    }

    fn concurrent_status_of_a_caveat_is_shown_first(app: Sample) {
        let caveat_id = caveat(&app, NUMBER)["id"].take();
        let browser = open_as_editor(&app, &format!("{PROPOSAL}?update=caveat-{NUMBER}"));
        fill_status(&browser, "REJECTED", "Mine.");
        without_evidence(&browser);
        let mutation = "mutation($input: UpdateCaveatStatusInput!) { updateCaveatStatus(input: $input) { userErrors { message } } }";
        let input = json!({ "caveatId": caveat_id, "status": "COUNTERED", "effectiveOn": "2022-03-05", "note": "Theirs." });
        assert_eq!(app.data(mutation, json!({ "input": input }))["updateCaveatStatus"]["userErrors"], json!([]));
        see(&browser, "Someone else updated this record in the meantime");
        press_primary(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        see(&browser, "Theirs.");
        assert_eq!(caveat(&app, NUMBER)["assessments"]["nodes"][0]["note"], "Theirs.", "the other status must not be overwritten");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        see_no(&browser, "Someone else updated this record in the meantime");
        assert_eq!(caveat(&app, NUMBER)["assessments"]["nodes"][0]["note"], "Mine.");
    }

    fn draft_of_a_status_of_a_proposal_is_kept(app: Sample) {
        let browser = open_as_editor(&app, &format!("{PROPOSAL}?update=yes"));
        fill_status(&browser, "REJECTED", "Kept.");
        browser.goto(&format!("{}/timeline", app.url));
        browser.goto(&format!("{}{PROPOSAL}", app.url));
        press(&browser, "Continue your draft");
        browser.wait_for("document.querySelector('#update-note')?.value === 'Kept.'");
        browser.wait_for("document.querySelector('input[name=update-status]:checked')?.value === 'REJECTED'");
    }

    fn status_of_a_caveat_is_corrected(app: Sample) {
        let before = caveat(&app, NUMBER);
        let browser = open_as_editor(&app, PROPOSAL);
        press(&browser, &format!("Correct {}", before["reference"].as_str().unwrap()));
        let note = &before["assessments"]["nodes"][0]["note"];
        browser.wait_for(&format!("document.querySelector('#update-note')?.value === {note}"));
        fill(&browser, "#update-note", "Without the typing error.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let after = caveat(&app, NUMBER);
        assert_eq!(after["assessments"]["nodes"][0]["note"], "Without the typing error.");
        assert_eq!(after["assessments"]["nodes"][0]["status"], before["assessments"]["nodes"][0]["status"]);
    }

    fn assessment_of_a_caveat_is_retracted_in_the_history(app: Sample) {
        let mutation = "mutation($input: UpdateCaveatStatusInput!) { updateCaveatStatus(input: $input) { userErrors { message } } }";
        let input = json!({ "caveatId": caveat(&app, NUMBER)["id"], "status": "ACCEPTED", "effectiveOn": "2022-03-05", "note": "By mistake." });
        app.data(mutation, json!({ "input": input }));
        let browser = open_as_editor(&app, PROPOSAL);
        let row = "[...document.querySelectorAll('section[aria-labelledby=history] tbody tr')].find(row => row.textContent.includes('By mistake.'))";
        browser.wait_for(&format!("!!{row}?.querySelector('summary')"));
        browser.execute(&format!("{row}.querySelector('summary').click()"), vec![]);
        browser.wait_for("document.activeElement.matches('section[aria-labelledby=history] input')");
        browser.type_keys("It was another caveat.");
        press(&browser, "Retract assessment");
        browser.wait_for(&format!("!{row} && document.activeElement.id === 'history'"));
        assert_ne!(caveat(&app, NUMBER)["assessments"]["nodes"][0]["note"], "By mistake.");
    }
}
