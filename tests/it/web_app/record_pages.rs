//! The pages of events and sources.

use serde_json::json;

use super::{assert_clean, fill, press, see};
use crate::support::{Browser, TestApp, on_one_database};

const EVENT: &str = "Debaltseve";

/// The first event in the search results.
fn event(app: &TestApp) -> serde_json::Value {
    let query = "query($words: String!) { search(query: $words, kinds: [EVENT], first: 1) { nodes { item { \
                 ... on Event { id title summary actors { shortName } concerns { reference } sources { id title } } } } } }";
    app.data(query, json!({ "words": EVENT }))["search"]["nodes"][0]["item"].take()
}

on_one_database! {
    fn event_page_shows_clauses_and_sources(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        let event = event(&app);
        browser.goto(&format!("{}/search?q={EVENT}&kind=EVENT", app.url));
        press(&browser, event["title"].as_str().unwrap());
        browser.wait_for(&format!("location.pathname === '/events/{}'", event["id"].as_str().unwrap()));
        see(&browser, event["summary"].as_str().unwrap());
        for clause in event["concerns"].as_array().unwrap() {
            see(&browser, clause["reference"].as_str().unwrap());
        }
        for source in event["sources"].as_array().unwrap() {
            see(&browser, source["title"].as_str().unwrap());
        }
        let link = "document.querySelector('section[aria-labelledby=concerns] tbody a')";
        browser.wait_for(&format!("!!{link}"));
        browser.execute(&format!("{link}.click()"), vec![]);
        browser.wait_for("location.pathname.includes('/clauses/') && document.querySelector('h2#status')");
        assert_clean(&browser, "event");
    }

    fn source_page_shows_the_records_that_cite_it(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&app.url);
        press(&browser, "Sources");
        browser.wait_for("location.pathname === '/sources' && document.querySelectorAll('tbody tr').length === 50");
        fill(&browser, "main input[type=search]", "resolution 2202");
        browser.wait_for("location.search.includes('2202') && document.querySelectorAll('tbody tr').length < 50");
        let query = "{ sources(filter: { text: \"resolution 2202\" }, first: 1) { nodes { id title kind url \
                     assessments(first: 0) { totalCount } } } }";
        let source = app.data(query, json!({}))["sources"]["nodes"][0].take();
        press(&browser, source["title"].as_str().unwrap());
        browser.wait_for(&format!("location.pathname === '/sources/{}'", source["id"].as_str().unwrap()));
        see(&browser, source["url"].as_str().unwrap());
        see(&browser, "Official text");
        let count = source["assessments"]["totalCount"].as_u64().unwrap();
        assert!(count > 0, "{source}");
        let shown = format!("document.querySelectorAll('section[aria-labelledby=assessments] li').length === {}", count.min(20));
        browser.wait_for(&shown);
        assert_clean(&browser, "source");

        browser.goto(&format!("{}/sources?text=nothing+has+this+title", app.url));
        see(&browser, "No source matches these filters.");
        browser.goto(&format!("{}/sources?uncited=1", app.url));
        let uncited = app.data("{ sources(filter: { cited: false }, first: 0) { totalCount } }", json!({}));
        let uncited = uncited["sources"]["totalCount"].as_u64().unwrap().min(50);
        browser.wait_for(&format!("document.querySelectorAll('tbody tr').length === {uncited}"));
    }

    fn page_of_a_missing_record_is_not_found(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        let source = app.data("{ sources(first: 1) { nodes { id } } }", json!({}))["sources"]["nodes"][0]["id"].take();
        let source = source.as_str().unwrap();
        for address in [format!("/events/{source}"), "/events/none".to_owned(), "/sources/none".to_owned()] {
            browser.goto(&format!("{}{address}", app.url));
            see(&browser, "Page not found");
        }
    }
}
