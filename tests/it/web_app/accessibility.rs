//! The pages follow the rules of axe-core, in both colour schemes.

use std::fs;
use std::sync::LazyLock;

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::{CLAUSE, fill, press, sign_in};
use crate::support::{Browser, TestApp, npm_install, on_one_database};

/// The script of axe-core, which the tests run in the pages.
static AXE: LazyLock<String> = LazyLock::new(|| {
    let script = npm_install("tests/accessibility").join("node_modules/axe-core/axe.min.js");
    fs::read_to_string(script).expect("axe-core is installed")
});

/// The pages that are visible without signing in.
const PAGES: [&str; 24] = [
    "/",
    "/agreements",
    "/agreements/minsk-2",
    "/agreements/minsk-2/views",
    "/views?contested=1",
    "/agreements/minsk-2?layout=tree",
    "/agreements/minsk-2/sequence",
    "/agreements/minsk-2/sequence?asOf=2021-12-02",
    "/agreements/minsk-2/coding",
    CLAUSE,
    "/proposals",
    "/proposals/russia-us-draft-treaty",
    "/compare?from=2015-02-12&to=2016-02-12",
    "/search?q=border",
    "/timeline",
    "/sources",
    "/parties",
    "/parties/ukraine",
    "/releases",
    "/changes",
    "/changes?agreement=minsk-2&kind=CLAUSE",
    "/my-work",
    "/review",
    "/sign-in",
];

/// Opens a page, and waits until its content is loaded.
fn open(app: &TestApp, browser: &Browser, address: &str) {
    browser.goto(&format!("{}{address}", app.url));
    browser.wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
    browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
}

/// The rules that depend on colours.
const RULES_OF_COLOURS: &[&str] = &["color-contrast", "link-in-text-block"];

/// The violations of the rules on the page, excluding the elements that match the selector `without`. An empty list of rules
/// means all rules. Each violation contains the id of the rule, the element and a summary.
fn violations(browser: &Browser, without: Option<&str>, rules: &[&str]) -> Vec<String> {
    if browser.execute("return typeof axe", vec![]) == "undefined" {
        browser.execute(&AXE, vec![]);
    }
    browser.execute(
        "window.violations = null; \
         axe.run({ include: [['html']], exclude: arguments[0] ? [[arguments[0]]] : [] }, { resultTypes: ['violations'], ...(arguments[1].length && { runOnly: arguments[1] }) }) \
            .then(({ violations }) => { \
                window.violations = violations.flatMap(({ id, nodes }) => \
                    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`)); \
            }, (error) => { window.violations = [`axe: ${error}`]; });",
        vec![json!(without), json!(rules)],
    );
    let found = browser.wait_for("window.violations");
    found.as_array().expect("a list").iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

/// Adds the violations on the current page in both colour schemes to `found`, prefixed with the name of the page.
pub(super) fn check(browser: &Browser, page: &str, without: Option<&str>, found: &mut Vec<String>) {
    check_in(&["light", "dark"], browser, page, without, found);
}

fn check_in(
    schemes: &[&str],
    browser: &Browser,
    page: &str,
    without: Option<&str>,
    found: &mut Vec<String>,
) {
    for (index, scheme) in schemes.iter().enumerate() {
        browser.prefer_scheme(scheme);
        // Only these rules can have another result in another scheme.
        let rules = if index == 0 { &[] } else { RULES_OF_COLOURS };
        let here = violations(browser, without, rules).into_iter();
        found.extend(here.map(|violation| format!("{page}, {scheme}: {violation}")));
    }
}

/// Fails if a page violates a rule.
fn check_pages(app: &TestApp, browser: &Browser, schemes: &[&str]) {
    let mut found = Vec::new();
    for address in PAGES {
        open(app, browser, address);
        check_in(schemes, browser, address, None, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// The background colour of a page.
fn background(browser: &Browser) -> Value {
    browser.execute("return getComputedStyle(document.body).backgroundColor", vec![])
}

on_one_database! {
    fn every_page_on_a_desktop_screen_is_accessible(app: SharedSample) {
        check_pages(&app, &Browser::open(1280, 900), &["light", "dark"]);
    }

    fn every_page_on_a_phone_is_accessible(app: SharedSample) {
        // One colour scheme suffices, because the colours are the same as on a desktop screen.
        check_pages(&app, &Browser::open(360, 740), &["light"]);
    }

    fn pages_have_different_colours_in_the_dark_scheme(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        open(&app, &browser, "/");
        browser.prefer_scheme("light");
        let light = background(&browser);
        browser.prefer_scheme("dark");
        assert_ne!(background(&browser), light);
    }

    fn inaccessible_element_is_reported(app: Empty) {
        let browser = Browser::open(1280, 900);
        open(&app, &browser, "/sign-in");
        let add = "document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=pale>Pale</p>'); \
                   Object.assign(document.querySelector('#pale').style, { color: '#999', background: '#fff' });";
        browser.execute(add, vec![]);
        let found = violations(&browser, None, &[]);
        assert_eq!(violations(&browser, None, RULES_OF_COLOURS), found);
        assert!(found.len() == 1 && found[0].starts_with("color-contrast: <p id=\"pale\""), "{found:#?}");
        assert_eq!(violations(&browser, Some("#pale"), &[]), [""; 0]);
    }

    fn forms_and_dialogs_are_accessible(app: Sample) {
        let mut found = Vec::new();
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Ada", Role::Admin);
        open(&app, &browser, "/tokens");
        browser.wait_for("document.querySelector('tbody tr')");
        check(&browser, "/tokens", None, &mut found);
        browser.execute("document.querySelector('tbody button').click()", vec![]);
        browser.wait_for("document.querySelector('dialog[open]')");
        check(&browser, "the dialog of /tokens", None, &mut found);
        app.execute_sql("UPDATE trackables SET checked_on = '2020-01-01' WHERE checked_on IS NOT NULL");
        open(&app, &browser, "/my-work");
        browser.wait_for("document.querySelectorAll('button[data-check]').length > 3");
        check(&browser, "/my-work", None, &mut found);
        open(&app, &browser, CLAUSE);
        press(&browser, "Update status");
        browser.click("input[name='update-status'][value='BREACHED']");
        browser.wait_for("document.querySelectorAll('input[name=update-breakers]').length > 1");
        press(&browser, "Find a source");
        browser.wait_for("document.querySelectorAll('[role=option]').length > 0");
        check(&browser, "the form of a status", None, &mut found);
        open(&app, &browser, CLAUSE);
        press(&browser, "Correct");
        browser.wait_for("document.querySelector('#update-correction')");
        check(&browser, "the form of a correction", None, &mut found);
        open(&app, &browser, "/proposals/russia-us-draft-treaty?update=caveat-US-1");
        browser.click("input[name='update-status'][value='BREACHED']");
        browser.click("main form button.primary");
        browser.wait_for("document.querySelector('[role=alert]')");
        check(&browser, "the form of a status of a caveat", None, &mut found);
        for kind in ["agreement", "caveat", "clause", "event", "interpretation", "party", "precondition", "proposal", "source", "topic"] {
            open(&app, &browser, &format!("/new/{kind}"));
            browser.execute(
                "[...document.querySelectorAll('main form fieldset > button')].filter(it => it.textContent.startsWith('Add ')).forEach(it => it.click())",
                vec![],
            );
            browser.click("main form button.primary");
            browser.wait_for("document.querySelector('[role=alert]')");
            check(&browser, &format!("the form of a new {kind}"), None, &mut found);
        }
        open(&app, &browser, "/new/agreement/guided");
        fill(&browser, "#outline-text", "Title\n1. Ceasefire\n(a) at once");
        press(&browser, "Split into clauses");
        browser.click("#outline-clause-1");
        browser.wait_for("document.querySelector('#outline-number')");
        browser.click("main form button.primary");
        browser.wait_for("document.querySelector('[role=alert]')");
        check(&browser, "the form that starts an agreement", None, &mut found);
        open(&app, &browser, "/agreements/minsk-2");
        browser.click("thead input[type=checkbox]");
        press(&browser, "Set status…");
        press(&browser, "Preview");
        browser.wait_for("document.querySelector('dialog [role=alert]')");
        check(&browser, "the form of a batch", None, &mut found);
        open(&app, &browser, "/record-sheet");
        fill(&browser, "#sheet-rows", "reference,status,date,note\nminsk-2/9,PARTIAL,2022-03-05,Seen\nminsk-2/99,PARTIAL,2022-03-05,Seen");
        press(&browser, "Preview");
        browser.wait_for("document.querySelectorAll('main tbody tr').length === 2");
        check(&browser, "the preview of a sheet", None, &mut found);
        browser.execute("document.querySelector('header details').open = true", vec![]);
        check(&browser, "the menu of new records", None, &mut found);
        open(&app, &browser, "/nothing/here");
        check(&browser, "a page that does not exist", None, &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }

    fn page_of_the_playground_is_accessible_outside_graphiql(app: Sample) {
        let mut found = Vec::new();
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/graphiql", app.url));
        browser.wait_for("document.querySelector('.graphiql-container .view-line')");
        check(&browser, "/graphiql", Some(".graphiql-container"), &mut found);
        let closed = app.another_with(|config| config.trusted_documents_only = true);
        browser.goto(&format!("{}/graphiql", closed.url));
        browser.wait_for("document.querySelector('.closed')");
        check(&browser, "the closed playground", None, &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
