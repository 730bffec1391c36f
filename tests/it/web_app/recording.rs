//! Recording a status by mouse or by keyboard, and at the same time as other users.

use std::collections::BTreeSet;

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::{
    CLAUSE, ENTER, MISTAKE, fill, open_retraction, press, press_primary, record, see, see_title,
    sign_in,
};
use crate::support::{Browser, TestApp, on_one_database};

const TAB: &str = "\u{e004}";
const DOWN: &str = "\u{e015}";

/// The two latest assessments of the clause, including retracted ones.
pub(super) fn assessments(app: &TestApp) -> Value {
    let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 2, includeRetracted: true) { nodes { \
                 status note recordedBy evidence { title } retractedAt retractionReason } } } }";
    app.data(query, json!({}))["clause"]["assessments"]["nodes"].take()
}

/// Fills in the form of a status.
pub(super) fn fill_status(browser: &Browser, status: &str, note: &str) {
    browser.click(&format!("input[name='update-status'][value='{status}']"));
    fill(browser, "#update-day", "2022-03-05");
    fill(browser, "#update-note", note);
}

/// Confirms in the form that no source is available. Otherwise the form requires evidence.
pub(super) fn without_evidence(browser: &Browser) {
    browser.click("#update-evidence ~ label input[type=checkbox]");
}

/// Presses Tab until the given element has the focus, as a keyboard user does.
fn tab_to(browser: &Browser, place: &str) {
    for _ in 0..60 {
        if browser.execute(&format!("return {place}"), vec![]) == true {
            return;
        }
        browser.press_tab();
    }
    panic!("no focusable element matches {place}");
}

/// Opens the clause as an editor, and enters a status in its form.
pub(super) fn begin(app: &TestApp, note: &str) -> Browser {
    begin_in(Browser::open(1280, 900), app, note)
}

/// Like [`begin`], in this browser.
pub(super) fn begin_in(browser: Browser, app: &TestApp, note: &str) -> Browser {
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, "Eve", Role::Editor);
    browser.goto(&format!("{}{CLAUSE}", app.url));
    press(&browser, "Update status");
    fill_status(&browser, "MINIMAL", note);
    without_evidence(&browser);
    browser
}

/// Waits until the form contains the draft.
pub(super) fn see_draft(browser: &Browser, note: &str) {
    let note = json!(note);
    browser.wait_for(&format!("document.querySelector('#update-note')?.value === {note}"));
    browser.wait_for(
        "document.querySelector('input[name=update-status]:checked')?.value === 'MINIMAL'",
    );
}

on_one_database! {
    fn status_is_recorded_shown_to_others_and_retracted(app: Sample) {
        let browser = Browser::open(1280, 900);
        // The first window belongs to a reader.
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see(&browser, "Sign in");
        let reader = browser.window();
        browser.new_window();
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Sign in");
        sign_in(&app, &browser, "Eve", Role::Editor);
        // After the sign-in, the browser returns to the page.
        browser.wait_for(&format!("location.pathname === '{CLAUSE}'"));

        press(&browser, "Update status");
        press_primary(&browser);
        see(&browser, "Choose a status");
        see(&browser, "Enter a reason");
        see(&browser, "Add a source, or tick “No source is available”");
        fill_status(&browser, "PARTIAL", "Posts were handed over.");
        // Finds a source by words of its title. The clause does not cite it yet.
        press(&browser, "Find a source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'search'");
        browser.type_keys("steinmeier 616441");
        let options = "[...document.querySelectorAll('[role=option]')]";
        browser.wait_for(&format!("{options}.length === 1 && {options}[0].textContent.includes('616441')"));
        browser.type_keys(DOWN);
        browser.type_keys(ENTER);
        // Adds another source with Enter, before the results are shown.
        browser.type_keys("debaltseve 141866");
        browser.type_keys(ENTER);
        browser.wait_for("[...document.querySelectorAll('main form fieldset li')].some(it => it.textContent.includes('141866'))");
        press(&browser, "Add a new source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'text'");
        browser.type_keys("A report of the day");
        // The key submits neither the source nor the form.
        browser.type_keys(ENTER);
        see(&browser, "Neutral record, 5 Mar 2022:");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = assessments(&app)[0].take();
        assert_eq!(newest["status"], "PARTIAL", "{newest:#}");
        assert_eq!(newest["recordedBy"], "Eve");
        assert_eq!(newest["evidence"], json!([
            { "title": "Interfax-Ukraine report 616441: acceptance of the Steinmeier formula" },
            { "title": "SMM report on Debaltseve (OSCE document 141866)" },
            { "title": "A report of the day" },
        ]));

        let analyst = browser.window();
        browser.switch(&reader);
        see(&browser, "Posts were handed over.");
        // The reader's page shows the assessment and its holder.
        browser.wait_for("document.querySelector('aside')?.textContent.match(/Eve assessed Minsk II, 9: Partial since .* \\(neutral record\\)/)");
        browser.switch(&analyst);

        press(&browser, "Undo");
        see_title(&browser, "Retracted");
        let newest = assessments(&app)[0].take();
        assert_eq!(newest["retractionReason"], "Undone within a minute.");
        assert!(newest["retractedAt"].is_string());
        press(&browser, "View the change log");
        see(&browser, "Assessment of Minsk II, 9");
        see(&browser, "Reason: Undone within a minute.");
    }

    fn analyst_selects_the_parties_that_breached(app: Sample) {
        let browser = begin(&app, "Shots at the posts.");
        let boxes = "[...document.querySelectorAll('input[name=update-breakers]')]";
        assert_eq!(browser.execute(&format!("return {boxes}.length"), vec![]), 0, "only BREACHED has breakers");
        browser.click("input[name='update-status'][value='BREACHED']");
        // The form offers the parties of the agreement and the parties with a role in the clause, except persons.
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { obligations { party { shortName kind } } \
                     agreement { parties { party { shortName kind } } } } }";
        let clause = app.data(query, json!({}))["clause"].take();
        let lists = [&clause["obligations"], &clause["agreement"]["parties"]];
        let parties = lists.into_iter().flat_map(|list| list.as_array().unwrap()).map(|role| &role["party"]);
        let parties = parties.filter(|party| party["kind"] != "PERSON");
        let names: BTreeSet<&str> = parties.map(|party| party["shortName"].as_str().unwrap()).collect();
        browser.wait_for(&format!("{boxes}.length === {}", names.len()));
        let labels = browser.execute(&format!("return {boxes}.map(box => box.labels[0].textContent).sort()"), vec![]);
        assert_eq!(labels, json!(names));
        let legend = browser.execute(&format!("return {boxes}[0].closest('fieldset').querySelector('legend').textContent"), vec![]);
        assert_eq!(legend, "Breached by");

        for party in ["Ukraine", "Russia", "Ukraine"] {
            browser.execute(&format!("{boxes}.find(box => box.labels[0].textContent === '{party}').click()"), vec![]);
        }
        // Another status hides the selected parties. They remain selected.
        browser.click("input[name='update-status'][value='PARTIAL']");
        browser.wait_for(&format!("{boxes}.length === 0"));
        browser.click("input[name='update-status'][value='BREACHED']");
        browser.wait_for(&format!("{boxes}.filter(box => box.checked).map(box => box.labels[0].textContent).join() === 'Russia'"));
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { status note breachedBy { slug } } } } }";
        let recorded = json!([{ "status": "BREACHED", "note": "Shots at the posts.", "breachedBy": [{ "slug": "russia" }] }]);
        assert_eq!(app.data(query, json!({}))["clause"]["assessments"]["nodes"], recorded);
        for place in ["[role=status]", "section[aria-labelledby=status]", "section[aria-labelledby=viewpoints]", "section[aria-labelledby=history]"] {
            browser.wait_for(&format!("[...document.querySelectorAll('{place}')].some(it => it.textContent.includes('by Russia'))"));
        }
        browser.goto(&format!("{}/compare?agreement=minsk-2&from=2022-03-04&to=2022-03-05", app.url));
        see(&browser, "Breached by Russia");
    }

    fn conflict_shows_both_versions(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Eve", Role::Editor);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Update status");
        fill_status(&browser, "MINIMAL", "Mine: some posts.");
        without_evidence(&browser);
        record(&app, "BREACHED", "Theirs: shots were fired.");
        // The conflict is reported immediately, and the focus stays in the field.
        browser.execute("document.querySelector('#update-note').focus()", vec![]);
        see(&browser, "Someone else updated this record in the meantime");
        assert_eq!(browser.execute("return document.activeElement.id", vec![]), "update-note");
        press_primary(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        see(&browser, "Theirs: shots were fired.");
        see(&browser, "Recorded by analyst");
        assert_eq!(assessments(&app)[0]["note"], "Theirs: shots were fired.", "the other assessment must not be overwritten");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        browser.wait_for("!document.body.textContent.includes('Someone else updated this record in the meantime')");
        let newest = assessments(&app);
        assert_eq!(newest[0]["note"], "Mine: some posts.");
        assert_eq!(newest[1]["note"], "Theirs: shots were fired.");
    }

    fn form_shows_the_status_of_the_selected_view_and_day(app: Sample) {
        let browser = begin(&app, "Seen from elsewhere.");
        let query = "{ party(slug: \"ukraine\") { id } clause(agreement: \"minsk-2\", number: \"9\") { status(asOf: \"2021-12-10\", heldBy: \"ukraine\") } }";
        let data = app.data(query, json!({}));
        assert_eq!(data["clause"]["status"], "NOT_STARTED");
        fill(&browser, "#update-view", data["party"]["id"].as_str().unwrap());
        fill(&browser, "#update-day", "2021-12-10");
        see(&browser, "View of Ukraine, 10 Dec 2021: Not started");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        see(&browser, "This page shows a different viewpoint.");
        press(&browser, "Show this assessment");
        browser.wait_for("location.search.includes('heldBy=ukraine')");
        let newest = app.data("{ clause(agreement: \"minsk-2\", number: \"9\") { status(asOf: \"2021-12-10\", heldBy: \"ukraine\") } }", json!({}));
        assert_eq!(newest["clause"]["status"], "MINIMAL");
    }

    fn assessment_is_retracted_in_the_history(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("It was another clause.");
        // Holds back all requests after the mutation. The focus must move before they are answered.
        browser.execute(
            "const ask = window.fetch; let sent = 0; window.held = []; \
             window.fetch = async (...request) => { sent += 1; if (sent > 1) await new Promise(go => window.held?.push(go) ?? go()); return ask(...request); };",
            vec![],
        );
        browser.type_keys(ENTER);
        browser.wait_for("window.held.length > 0");
        browser.wait_for(&format!("document.activeElement.matches('p') && {MISTAKE}.contains(document.activeElement)"));
        browser.execute("window.focused = document.activeElement; const held = window.held; window.held = undefined; for (const go of held) go()", vec![]);
        see(&browser, "It was another clause.");
        browser.wait_for(&format!("document.activeElement.matches('p') && {MISTAKE}.contains(document.activeElement) && document.activeElement.textContent.includes('Eve')"));
        assert_eq!(browser.execute("return document.activeElement === window.focused", vec![]), true);
        assert_eq!(assessments(&app)[0]["retractionReason"], "It was another clause.");
    }

    fn draft_is_restored_after_visiting_another_page(app: Sample) {
        let browser = begin(&app, "Begun.");
        press(&browser, "Changes");
        browser.wait_for("location.pathname === '/changes'");
        record(&app, "BREACHED", "Theirs, while the form was closed.");
        browser.execute("history.back()", vec![]);
        see_draft(&browser, "Begun.");
        see(&browser, "Your draft was restored.");
        // The draft was based on the earlier assessment, so the form shows the new one.
        see(&browser, "Theirs, while the form was closed.");
        press(&browser, "Discard mine");
        browser.wait_for("document.activeElement.textContent.trim() === 'Update status'");
        press(&browser, "Update status");
        browser.wait_for("document.querySelector('#update-note')?.value === ''");
    }

    fn draft_survives_a_lost_connection(app: Sample) {
        let browser = begin(&app, "Kept.");
        browser.set_offline(true);
        fill(&browser, "main input[type=range]", "18000");
        browser.wait_for("location.search.includes('asOf=2019-04-14')");
        see(&browser, "The data for this day and viewpoint has not been loaded.");
        assert_eq!(browser.execute("return document.querySelector('section[aria-labelledby=status]')", vec![]), Value::Null);
        see_draft(&browser, "Kept.");
        press_primary(&browser);
        see(&browser, "The server did not respond. Your input may or may not have been recorded.");
        browser.set_offline(false);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = assessments(&app);
        assert_eq!(newest[0]["note"], "Kept.");
        assert_ne!(newest[1]["note"], "Kept.", "the status must be recorded once");
    }

    fn draft_survives_the_end_of_the_session(app: Sample) {
        let browser = begin(&app, "Kept.");
        // Ends the session without informing the page, as if the user had signed out elsewhere.
        browser.execute("fetch('/session', { method: 'DELETE' }).then(() => { window.isOut = true; })", vec![]);
        browser.wait_for("window.isOut");
        press_primary(&browser);
        see(&browser, "You are no longer signed in.");
        see_draft(&browser, "Kept.");
        browser.goto(&format!("{}/sign-in?to={CLAUSE}%3Fupdate%3Dyes", app.url));
        sign_in(&app, &browser, "Eve", Role::Editor);
        see_draft(&browser, "Kept.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        assert_eq!(assessments(&app)[0]["note"], "Kept.");
    }

    fn source_with_a_recorded_address_is_suggested(app: Sample) {
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { source { id title url } } }";
        let source = app.data(query, json!({}))["clause"]["source"].take();
        let browser = begin(&app, "On a known source.");
        press(&browser, "Add a new source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'text'");
        tab_to(&browser, "document.activeElement.type === 'url'");
        // The address differs from the recorded one, but is equivalent.
        let address = source["url"].as_str().expect("an address").replace("https://", "http://www.");
        browser.type_slowly(&format!("{address}#page=2"));
        see(&browser, &format!("A source with this URL already exists: {}", source["title"].as_str().unwrap()));
        press(&browser, "Use this source");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = app.data("{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { note evidence { id } } } } }", json!({}));
        assert_eq!(newest["clause"]["assessments"]["nodes"], json!([{ "note": "On a known source.", "evidence": [{ "id": source["id"] }] }]));
    }

    fn signing_out_affects_every_tab(app: Sample) {
        let browser = begin(&app, "Of somebody who goes.");
        let writing = browser.window();
        browser.new_window();
        browser.goto(&format!("{}/graphiql", app.url));
        browser.wait_for("document.querySelector('.graphiql-container')");
        browser.execute("window.isSamePage = true", vec![]);
        let playground = browser.window();
        browser.new_window();
        browser.goto(&format!("{}/timeline", app.url));
        press(&browser, "Sign out");
        see(&browser, "Sign in");
        // The tab with the draft opens the start page without asking for confirmation.
        browser.switch(&writing);
        browser.wait_for("location.pathname === '/' && document.readyState === 'complete'");
        see(&browser, "Sign in");
        assert_eq!(browser.execute("return { ...sessionStorage }", vec![]), json!({}));
        assert_eq!(browser.execute("return Object.keys(localStorage).filter(it => it.includes('draft'))", vec![]), json!([]));
        browser.switch(&playground);
        browser.wait_for("!window.isSamePage && document.querySelector('.graphiql-container')");
    }

    fn status_can_be_recorded_by_keyboard(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        browser.wait_for("document.querySelector('#token')");
        // The first focusable element is a link to the content. It skips the header.
        browser.type_keys(TAB);
        assert_eq!(browser.execute("return document.activeElement.getAttribute('href')", vec![]), "#content");
        browser.type_keys(ENTER);
        tab_to(&browser, "document.activeElement.id === 'token'");
        browser.type_keys(&app.token("Eve", Role::Editor));
        browser.type_keys(ENTER);
        browser.wait_for("document.querySelector('header')?.textContent.includes('Eve')");

        browser.goto(&format!("{}{CLAUSE}", app.url));
        see(&browser, "Update status");
        browser.type_keys("u");
        browser.wait_for("document.activeElement.id === 'update-title'");
        browser.type_keys(TAB);
        browser.wait_for("document.activeElement.name === 'update-status'");
        browser.type_keys(" ");
        let chosen = browser.execute("return document.querySelector('input[name=update-status]:checked').value", vec![]);
        tab_to(&browser, "document.activeElement.id === 'update-note'");
        browser.type_keys("By keyboard.");
        tab_to(&browser, "document.activeElement.type === 'checkbox'");
        browser.type_keys(" ");
        tab_to(&browser, "document.activeElement.matches('main form button.primary')");
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
}
