//! The web app sends the ids of its documents, and works if the server executes only trusted documents.

use clausewatch::domain::viewer::Role;
use serde_json::json;

use super::{CLAUSE, assert_clean, fill, press, press_primary, see, see_title, sign_in};
use crate::support::{Browser, on_one_database};

/// The addresses of the operations that the page has sent.
const SENT: &str = "return performance.getEntriesByType('resource').map(it => it.name) \
                    .filter(name => new URL(name).pathname === '/graphql')";

on_one_database! {
    fn web_app_works_with_only_trusted_documents(app: Sample) {
        let locked = app.another_with(|config| config.trusted_documents_only = true);
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", locked.url));
        sign_in(&app, &browser, "Ada", Role::Admin);
        for address in [
            "/",
            "/agreements/minsk-2",
            "/agreements/minsk-2/sequence",
            "/proposals",
            "/proposals/russia-us-draft-treaty",
            "/compare?from=2015-02-12&to=2016-02-12",
            "/search?q=border",
            "/timeline",
            "/sources",
            "/changes",
            "/tokens",
        ] {
            browser.goto(&format!("{}{address}", locked.url));
            browser.wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
            browser.wait_for("!document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')");
            assert_clean(&browser, address);
            let sent = browser.execute(SENT, vec![]);
            let sent = sent.as_array().expect("a list");
            assert!(!sent.is_empty(), "{address}");
            for operation in sent {
                let operation = operation.as_str().unwrap();
                assert!(operation.contains("/graphql?documentId=sha256%3A"), "{address}: {operation}");
            }
        }

        browser.goto(&format!("{}{CLAUSE}", locked.url));
        press(&browser, "Update status");
        fill(&browser, "#update-day", "2022-03-05");
        fill(&browser, "#update-note", "Sent by its id.");
        browser.click("input[name='update-status'][value='MINIMAL']");
        browser.click("#update-evidence ~ label input[type=checkbox]");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { note } } } }";
        assert_eq!(app.data(query, json!({}))["clause"]["assessments"]["nodes"][0]["note"], "Sent by its id.");

        // The server rejects any other document that the page sends, even if the user is signed in.
        let other = "fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, \
                     body: JSON.stringify({ query: '{ viewer { role } }' }) }).then(it => it.text()).then(it => { window.told = it; })";
        browser.execute(other, vec![]);
        browser.wait_for("window.told?.includes('DOCUMENT_NOT_TRUSTED')");
    }

    fn playground_is_closed_with_only_trusted_documents(app: Sample) {
        let locked = app.another_with(|config| config.trusted_documents_only = true);
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/graphiql", locked.url));
        see(&browser, "The playground is closed");
        see(&browser, "--trusted-documents-only");
        browser.goto(&format!("{}/graphiql", app.url));
        browser.wait_for("document.querySelector('.graphiql-container')");
    }
}
