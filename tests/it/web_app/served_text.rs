//! The server-rendered text of a page. It is shown without JavaScript, or until the app replaces it.

use std::time::Duration;

use serde_json::json;

use super::{CLAUSE, assert_clean};
use crate::support::{Browser, on_one_database};

/// The text of the visible elements of the page.
const SHOWN: &str = "return document.body.innerText";

on_one_database! {
    fn pages_are_readable_without_javascript(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.disable_scripts();
        for (path, parts) in [
            ("/", vec!["Overview", "Minsk II", "Score"]),
            (CLAUSE, vec!["Minsk II, 9", "Content", "History", "Recorded by"]),
            ("/proposals", vec!["Proposals"]),
        ] {
            browser.goto_served(&format!("{}{path}", app.url));
            let shown = browser.execute(SHOWN, vec![]);
            let shown = shown.as_str().unwrap();
            for part in parts.iter().chain(&["This is the text of the page."]) {
                assert!(shown.contains(part), "{path}: no {part} in {shown}");
            }
        }
        // A reader can navigate with links only.
        browser.goto_served(&format!("{}/", app.url));
        browser.click("main a[href='/agreements/minsk-2']");
        browser.wait_for("document.querySelector('h1')?.textContent === 'Minsk II'");
        browser.click("main a[href$='/clauses/9']");
        browser.wait_for("document.querySelector('h1')?.textContent.startsWith('Minsk II, 9')");
        assert_clean(&browser, CLAUSE);
    }

    fn served_text_stays_until_the_app_shows_the_page(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        // Fills the cache of the browser, so that only the API responses are slow.
        browser.goto(&format!("{}{CLAUSE}", app.url));
        browser.set_latency(Duration::from_millis(700));
        browser.goto_served(&format!("{}{CLAUSE}", app.url));
        let is_shown = "document.querySelector('header nav') && document.querySelector('.served h1')";
        browser.wait_for(is_shown);
        let shown = browser.execute(SHOWN, vec![]);
        let shown = shown.as_str().unwrap();
        assert!(shown.contains("Recorded by") && !shown.contains("Loading…"), "{shown}");
        browser.wait_for("!document.querySelector('.served')");
        let headings = browser.execute("return document.querySelectorAll('h1').length", vec![]);
        assert_eq!(headings, json!(1));
        let shown = browser.execute(SHOWN, vec![]);
        assert!(shown.as_str().unwrap().contains("Minsk II, 9"), "{shown}");
        assert_clean(&browser, CLAUSE);
    }

    fn app_replaces_every_kind_of_page_without_errors(app: SharedSample) {
        let browser = Browser::open(390, 800);
        let data = app.data("{ events(first: 1) { nodes { id } } sources(first: 1) { nodes { id } } }", json!({}));
        let of = |kind: &str| format!("/{kind}/{}", data[kind]["nodes"][0]["id"].as_str().unwrap());
        for path in [
            "/".to_owned(), CLAUSE.to_owned(), "/agreements/minsk-2".to_owned(), "/agreements/minsk-2/sequence".to_owned(),
            "/proposals".to_owned(), "/proposals/russia-us-draft-treaty".to_owned(), "/timeline".to_owned(), "/sources".to_owned(),
            "/parties".to_owned(), "/changes".to_owned(), "/compare".to_owned(), "/search".to_owned(), "/sign-in".to_owned(),
            of("events"), of("sources"),
        ] {
            let served = app.client().get(format!("{}{path}", app.url)).header("accept", "text/html").send().unwrap().text().unwrap();
            let (_, rest) = served.split_once("<title>").unwrap();
            let title = rest.split_once("</title>").unwrap().0.replace("&amp;", "&").replace("&quot;", "\"");
            browser.goto(&format!("{}{path}", app.url));
            // The app sets the same title as the server.
            browser.wait_for(&format!("document.title === {}", json!(title)));
            assert_clean(&browser, &path);
        }
    }

    fn unknown_clause_is_an_error_page(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2/clauses/99", app.url));
        browser.wait_for("document.title === 'Page not found · Clausewatch'");
        browser.click("main a[href='/']");
        browser.wait_for("document.title === 'Overview · Clausewatch'");
    }
}
