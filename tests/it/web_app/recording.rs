//! What analysts do all day: record a status, by mouse or by keyboard, beside others who do the same.

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

/// The newest assessments of the clause, with who recorded them.
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

/// Says that there is no evidence, which the form asks for otherwise.
pub(super) fn without_evidence(browser: &Browser) {
    browser.click("#update-evidence ~ label input[type=checkbox]");
}

/// Goes on by the key until it stands where it should, as somebody does without a mouse.
fn tab_to(browser: &Browser, place: &str) {
    for _ in 0..60 {
        if browser.execute(&format!("return {place}"), vec![]) == true {
            return;
        }
        browser.press_tab();
    }
    panic!("no stop of the keyboard is {place}");
}

/// Opens the clause as an editor, with the form begun.
pub(super) fn begin(app: &TestApp, note: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, "Eve", Role::Editor);
    browser.goto(&format!("{}{CLAUSE}", app.url));
    press(&browser, "Update status");
    fill_status(&browser, "MINIMAL", note);
    without_evidence(&browser);
    browser
}

/// Waits until the form holds what was begun.
pub(super) fn see_draft(browser: &Browser, note: &str) {
    let note = json!(note);
    browser.wait_for(&format!("document.querySelector('#update-note')?.value === {note}"));
    browser.wait_for(
        "document.querySelector('input[name=update-status]:checked')?.value === 'MINIMAL'",
    );
}

on_one_database! {
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
        see(&browser, "Enter a reason");
        see(&browser, "Add a source, or tick “No source is available”");
        fill_status(&browser, "PARTIAL", "Posts were handed over.");
        // A source that this clause does not cite yet, by its words.
        press(&browser, "Find a source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'search'");
        browser.type_keys("steinmeier 616441");
        let options = "[...document.querySelectorAll('[role=option]')]";
        browser.wait_for(&format!("{options}.length === 1 && {options}[0].textContent.includes('616441')"));
        browser.type_keys(DOWN);
        browser.type_keys(ENTER);
        // And one by Enter alone, before it is shown.
        browser.type_keys("debaltseve 141866");
        browser.type_keys(ENTER);
        browser.wait_for("[...document.querySelectorAll('main form fieldset li')].some(it => it.textContent.includes('141866'))");
        press(&browser, "Add a new source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'text'");
        browser.type_keys("A report of the day");
        // The key ends neither the source nor the form.
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
        // Which judgement it was, and whose view it is.
        browser.wait_for("document.querySelector('aside')?.textContent.match(/Eve assessed Minsk II, 9: Partial since .* \\(neutral record\\)/)");
        browser.switch(&analyst);

        press(&browser, "Undo");
        see_title(&browser, "Retracted");
        let newest = assessments(&app)[0].take();
        assert_eq!(newest["retractionReason"], "Undone within a minute.");
        assert!(newest["retractedAt"].is_string());
        press(&browser, "View the change log");
        see(&browser, "Eve retracted an assessment of Minsk II, 9: Partial since");
    }

    fn analyst_names_the_parties_that_breached(app: Sample) {
        let browser = begin(&app, "Shots at the posts.");
        let boxes = "[...document.querySelectorAll('input[name=update-breakers]')]";
        assert_eq!(browser.execute(&format!("return {boxes}.length"), vec![]), 0, "only BREACHED has breakers");
        browser.click("input[name='update-status'][value='BREACHED']");
        // The parties of the agreement, and those with a role in the clause, but no persons.
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
        // Another status hides the parties, and does not forget them.
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

    fn conflict_shows_both_versions_and_lets_the_analyst_decide(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Eve", Role::Editor);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        press(&browser, "Update status");
        fill_status(&browser, "MINIMAL", "Mine: some posts.");
        without_evidence(&browser);
        record(&app, "BREACHED", "Theirs: shots were fired.");
        // It is told at once, and whoever is writing goes on writing.
        browser.execute("document.querySelector('#update-note').focus()", vec![]);
        see(&browser, "Someone else updated this record in the meantime");
        assert_eq!(browser.execute("return document.activeElement.id", vec![]), "update-note");
        press_primary(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        see(&browser, "Theirs: shots were fired.");
        see(&browser, "Recorded by analyst");
        assert_eq!(assessments(&app)[0]["note"], "Theirs: shots were fired.", "nothing was written over");
        press(&browser, "Record mine as well");
        see_title(&browser, "Recorded");
        browser.wait_for("!document.body.textContent.includes('Someone else updated this record in the meantime')");
        let newest = assessments(&app);
        assert_eq!(newest[0]["note"], "Mine: some posts.");
        assert_eq!(newest[1]["note"], "Theirs: shots were fired.");
    }

    fn form_says_what_the_status_was_in_the_view_and_on_the_day_that_are_chosen(app: Sample) {
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

    fn judgement_is_taken_back_where_it_stands(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("It was another clause.");
        // Only the mutation is answered: the focus does not wait for what is read after it.
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

    fn what_was_begun_is_there_again_after_going_elsewhere(app: Sample) {
        let browser = begin(&app, "Begun.");
        press(&browser, "Changes");
        browser.wait_for("location.pathname === '/changes'");
        record(&app, "BREACHED", "Theirs, while the form was closed.");
        browser.execute("history.back()", vec![]);
        see_draft(&browser, "Begun.");
        see(&browser, "Your draft was restored.");
        // It was decided on what stood there then.
        see(&browser, "Theirs, while the form was closed.");
        press(&browser, "Discard mine");
        browser.wait_for("document.activeElement.textContent.trim() === 'Update status'");
        press(&browser, "Update status");
        browser.wait_for("document.querySelector('#update-note')?.value === ''");
    }

    fn what_is_being_written_outlives_a_lost_connection(app: Sample) {
        let browser = begin(&app, "Kept.");
        browser.set_offline(true);
        fill(&browser, "main input[type=range]", "18000");
        browser.wait_for("location.search.includes('asOf=2019-04-14')");
        see(&browser, "The data for this day and viewpoint has not been loaded.");
        assert_eq!(browser.execute("return document.querySelector('section[aria-labelledby=status]')", vec![]), Value::Null);
        see_draft(&browser, "Kept.");
        press_primary(&browser);
        see(&browser, "The server did not respond. It is unknown whether this was recorded.");
        browser.set_offline(false);
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = assessments(&app);
        assert_eq!(newest[0]["note"], "Kept.");
        assert_ne!(newest[1]["note"], "Kept.", "it is recorded once");
    }

    fn what_is_being_written_outlives_the_session(app: Sample) {
        let browser = begin(&app, "Kept.");
        // It ends in another tab.
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

    fn source_whose_address_is_known_is_offered_instead_of_doubled(app: Sample) {
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { source { id title url } } }";
        let source = app.data(query, json!({}))["clause"]["source"].take();
        let browser = begin(&app, "On a known source.");
        press(&browser, "Add a new source");
        browser.wait_for("document.activeElement.closest('form') && document.activeElement.type === 'text'");
        tab_to(&browser, "document.activeElement.type === 'url'");
        // Written otherwise than it is recorded.
        let address = source["url"].as_str().expect("an address").replace("https://", "http://www.");
        browser.type_slowly(&format!("{address}#page=2"));
        see(&browser, &format!("A source with this URL already exists: {}", source["title"].as_str().unwrap()));
        press(&browser, "Use this source");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let newest = app.data("{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { note evidence { id } } } } }", json!({}));
        assert_eq!(newest["clause"]["assessments"]["nodes"], json!([{ "note": "On a known source.", "evidence": [{ "id": source["id"] }] }]));
    }

    fn signing_out_ends_every_tab(app: Sample) {
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
        // The page is left without a question, though something was begun in it.
        browser.switch(&writing);
        browser.wait_for("location.pathname === '/' && document.readyState === 'complete'");
        see(&browser, "Sign in");
        assert_eq!(browser.execute("return { ...sessionStorage }", vec![]), json!({}));
        assert_eq!(browser.execute("return Object.keys(localStorage).filter(it => it.includes('draft'))", vec![]), json!([]));
        browser.switch(&playground);
        browser.wait_for("!window.isSamePage && document.querySelector('.graphiql-container')");
    }

    fn keyboard_alone_is_enough(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        browser.wait_for("document.querySelector('#token')");
        // The first stop of a page leads past what is on every page.
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
