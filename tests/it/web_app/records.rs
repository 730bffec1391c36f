//! Editors create, edit, archive and restore records in the app.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::{
    CLAUSE, ENTER, assert_clean, fill, press, press_primary, see, see_no, see_title, sign_in,
};
use crate::support::{Browser, TestApp, on_one_database};

/// Opens a page as an editor.
pub(super) fn open_as_editor(app: &TestApp, address: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}/sign-in", app.url));
    sign_in(app, &browser, "Eve", Role::Editor);
    browser.goto(&format!("{}{address}", app.url));
    browser
}

/// The first event in the search results for these words.
fn event(app: &TestApp, words: &str) -> Value {
    let query = "query($words: String!) { search(query: $words, kinds: [EVENT], first: 1) { nodes { item { ... on Event { \
                 id version title summary archivedAt } } } } }";
    app.data(query, json!({ "words": words }))["search"]["nodes"][0]["item"].take()
}

fn node(app: &TestApp, id: &Value) -> Value {
    let query =
        "query($id: ID!) { node(id: $id) { ... on Event { title summary place archivedAt } } }";
    app.data(query, json!({ "id": id }))["node"].take()
}

fn update_event(app: &TestApp, input: &Value) {
    let mutation = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": input }));
    assert_eq!(data["updateEvent"]["userErrors"], json!([]));
}

/// Waits until the form lists exactly these fields as changed.
fn see_changes(browser: &Browser, fields: &[&str]) {
    let shown = "[...document.querySelectorAll('section[aria-labelledby=changes-title] tbody th')].map(it => it.textContent).join()";
    browser.wait_for(&format!("{shown} === {}", json!(fields.join(","))));
}

/// Waits until the error summary shows this error with a link to the field, and the field shows it without the field's
/// name.
fn see_error(browser: &Browser, field: &str, error: &str) {
    let message = error.split_once(": ").map_or(error, |(_, message)| message);
    browser.wait_for(&format!(
        "document.getElementById('{field}-error')?.textContent.toLowerCase().includes({}) \
         && [...document.querySelectorAll('[role=alert] a')].some(it => it.getAttribute('href') === '#{field}' && it.textContent.includes({}))",
        json!(message.to_lowercase()),
        json!(error)
    ));
}

on_one_database! {
    fn source_form_shows_errors_at_their_fields(app: Sample) {
        let browser = open_as_editor(&app, "/");
        browser.wait_for("document.querySelector('header details summary')");
        browser.execute("document.querySelector('header details summary').click()", vec![]);
        press(&browser, "Source");
        browser.wait_for("location.pathname === '/new/source' && !document.querySelector('header details[open]')");
        press_primary(&browser);
        see_error(&browser, "record-title", "Enter a title");
        see_error(&browser, "record-kind", "Choose a kind of source");
        fill(&browser, "#record-title", "Report on the withdrawal");
        fill(&browser, "#record-kind", "MONITOR_REPORT");
        fill(&browser, "#record-url", "example.org/report");
        press_primary(&browser);
        see_error(&browser, "record-url", "Address: “example.org/report”");
        fill(&browser, "#record-url", "https://example.org/withdrawal");
        fill(&browser, "#record-language", "en");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let source = app.data("{ source(url: \"https://example.org/withdrawal\") { id title kind language publisher } }", json!({}))["source"].take();
        assert_eq!(
            (&source["title"], &source["kind"], &source["language"], &source["publisher"]),
            (&json!("Report on the withdrawal"), &json!("MONITOR_REPORT"), &json!("en"), &Value::Null),
        );
        press(&browser, "Open Report on the withdrawal");
        browser.wait_for(&format!("location.pathname === '/sources/{}'", source["id"].as_str().unwrap()));
        see(&browser, "No assessment cites this source.");
        assert_clean(&browser, "source");
    }

    fn event_is_recorded_from_a_clause_with_its_sources(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "New event");
        browser.wait_for("location.pathname === '/new/event'");
        see(&browser, "Minsk II, 9");
        fill(&browser, "#record-title", "Posts are handed over");
        fill(&browser, "#record-kind", "WITHDRAWAL");
        fill(&browser, "#record-date", "2022-03-05");
        fill(&browser, "#record-summary", "Four posts were handed over.");
        let ukraine = app.data("{ party(slug: \"ukraine\") { id } }", json!({}))["party"]["id"].take();
        fill(&browser, "#record-actorIds", ukraine.as_str().unwrap());
        press(&browser, "Add source");
        // A missing source of a part is reported at that part.
        press_primary(&browser);
        see_error(&browser, "record-citations-0-sourceId", "Source 1, source: choose a value");
        browser.click("#record-citations-0-sourceId");
        browser.wait_for("document.activeElement.type === 'search'");
        browser.type_keys("steinmeier 616441");
        browser.type_keys(ENTER);
        browser.wait_for("document.querySelector('#record-citations-0')?.textContent.includes('616441')");
        fill(&browser, "#record-citations-0-locator", "p. 2");
        fill(&browser, "#record-citations-0-quotation", "The posts were handed over.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { events(last: 100) { nodes { title kind happenedOn summary \
                     confidence actors { slug } concerns { reference } citations { source { title } locator quotation } } } } }";
        let events = app.data(query, json!({}))["clause"]["events"]["nodes"].take();
        let recorded = events.as_array().unwrap().iter().find(|event| event["title"] == "Posts are handed over");
        assert_eq!(recorded, Some(&json!({
            "title": "Posts are handed over", "kind": "WITHDRAWAL", "happenedOn": "2022-03-05", "summary": "Four posts were handed over.",
            "confidence": "MEDIUM", "actors": [{ "slug": "ukraine" }], "concerns": [{ "reference": "Minsk II, 9" }],
            "citations": [{
                "source": { "title": "Interfax-Ukraine report 616441: acceptance of the Steinmeier formula" },
                "locator": "p. 2", "quotation": "The posts were handed over.",
            }],
        })));
        // Undoing the creation archives the record.
        press(&browser, "Undo");
        see_title(&browser, "Undone");
        let archived = event(&app, "posts handed over");
        assert_ne!(archived["title"], "Posts are handed over", "searches must not return the archived record");
    }

    fn edit_shows_changes_before_saving_and_can_be_undone(app: Sample) {
        let before = event(&app, "Debaltseve");
        let id = before["id"].as_str().unwrap();
        let browser = open_as_editor(&app, &format!("/events/{id}"));
        press(&browser, "Edit");
        browser.wait_for(&format!("document.querySelector('#record-title')?.value === {}", before["title"]));
        see(&browser, "Nothing has changed.");
        press_primary(&browser);
        see(&browser, "Nothing was saved, because nothing has changed.");
        see_no(&browser, "There is a problem");
        fill(&browser, "#record-title", "A clearer title");
        fill(&browser, "#record-place", "");
        see_changes(&browser, &["Title", "Place"]);
        see(&browser, before["title"].as_str().unwrap());
        press_primary(&browser);
        see_title(&browser, "Saved: 2 fields changed");
        let saved = node(&app, &before["id"]);
        assert_eq!((&saved["title"], &saved["place"]), (&json!("A clearer title"), &Value::Null));
        assert_eq!(saved["summary"], before["summary"], "unchanged fields must not change");
        press(&browser, "Undo");
        see_title(&browser, "Undone");
        assert_eq!(node(&app, &before["id"])["title"], before["title"]);
        assert_clean(&browser, "edit");
    }

    fn draft_of_a_record_is_kept_until_the_user_signs_out(app: Sample) {
        let browser = open_as_editor(&app, "/new/topic");
        fill(&browser, "#record-name", "Prisoners");
        browser.new_window();
        browser.goto(&format!("{}/new/topic", app.url));
        see(&browser, "Your draft was restored.");
        browser.wait_for("document.querySelector('#record-name').value === 'Prisoners'");
        press(&browser, "Discard");
        browser.wait_for("document.querySelector('#record-name').value === ''");
        see_no(&browser, "Your draft was restored.");
        fill(&browser, "#record-name", "Detainees");
        browser.wait_for("Object.keys(localStorage).some(it => it.startsWith('clausewatch-draft-'))");
        press(&browser, "Sign out");
        see(&browser, "Sign in");
        assert_eq!(browser.execute("return Object.keys(localStorage).filter(it => it.startsWith('clausewatch-draft-'))", vec![]), json!([]));
    }

    fn record_is_created_once_after_a_lost_response(app: Sample) {
        let browser = open_as_editor(&app, "/new/topic");
        fill(&browser, "#record-name", "Prisoners");
        fill(&browser, "#record-slug", "prisoners");
        browser.execute(
            "const send = window.fetch; window.fetch = (...request) => send(...request).then(answer => { \
                 if (request[1]?.method !== 'POST') return answer; window.fetch = send; throw new TypeError('Failed to fetch'); })",
            vec![],
        );
        press_primary(&browser);
        see(&browser, "The server did not respond. Your input may or may not have been recorded.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let topics = app.data("{ topics { slug } }", json!({}))["topics"].take();
        let count = topics.as_array().unwrap().iter().filter(|topic| topic["slug"] == "prisoners").count();
        assert_eq!(count, 1);
        let query = "{ changes(last: 2) { nodes { action subject { __typename } } } }";
        let changes = app.data(query, json!({}))["changes"]["nodes"].take();
        let created = changes.as_array().unwrap().iter().filter(|change| change["subject"]["__typename"] == "Topic").count();
        assert_eq!(created, 1, "{changes:#}");
    }

    fn edits_by_others_are_shown_and_preserved(app: Sample) {
        let before = event(&app, "Debaltseve");
        let id = before["id"].as_str().unwrap();
        let browser = open_as_editor(&app, &format!("/edit/event/{id}"));
        fill(&browser, "#record-title", "Mine");
        update_event(&app, &json!({ "eventId": id, "title": "Theirs", "summary": "Their summary." }));
        // The conflict is reported immediately, and the user can continue typing.
        see(&browser, "Someone else changed this record in the meantime");
        see(&browser, "You changed this field, too.");
        press_primary(&browser);
        browser.wait_for("document.activeElement.getAttribute('role') === 'alert'");
        assert_eq!(node(&app, &before["id"])["title"], "Theirs", "the other edit must not be overwritten");
        press(&browser, "Keep my changes, and add theirs");
        see_no(&browser, "Someone else changed this record in the meantime");
        browser.wait_for("document.querySelector('#record-summary').value === 'Their summary.'");
        see_changes(&browser, &["Title"]);
        press_primary(&browser);
        see_title(&browser, "Saved: 1 field changed");
        let saved = node(&app, &before["id"]);
        assert_eq!((&saved["title"], &saved["summary"]), (&json!("Mine"), &json!("Their summary.")));
    }

    fn record_is_archived_and_restored(app: Sample) {
        let record = event(&app, "Debaltseve");
        let id = record["id"].as_str().unwrap();
        let browser = open_as_editor(&app, &format!("/edit/event/{id}"));
        browser.wait_for("document.querySelector('main details summary')");
        browser.execute("document.querySelector('main details summary').click()", vec![]);
        press(&browser, "Archive");
        see(&browser, "This record is archived.");
        assert!(node(&app, &record["id"])["archivedAt"].is_string());
        press(&browser, "Restore");
        see_no(&browser, "This record is archived.");
        assert_eq!(node(&app, &record["id"])["archivedAt"], Value::Null);
    }

    fn party_and_topic_are_edited_from_their_list(app: Sample) {
        let browser = open_as_editor(&app, "/");
        press(&browser, "Parties and topics");
        press(&browser, "Edit Ukraine");
        browser.wait_for("document.querySelector('#record-name')?.value === 'Ukraine'");
        // Only the form of a person has the field for the represented party.
        assert_eq!(browser.execute("return document.querySelector('#record-representsId')", vec![]), Value::Null);
        fill(&browser, "#record-aliases", "Україна\n\n Ukrajina ");
        see_changes(&browser, &["Other names and spellings"]);
        press_primary(&browser);
        see_title(&browser, "Saved: 1 field changed");
        let aliases = app.data("{ party(slug: \"ukraine\") { aliases } }", json!({}))["party"]["aliases"].take();
        assert_eq!(aliases, json!(["Україна", "Ukrajina"]));
    }

    fn readers_see_no_editing_functions(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Rita", Role::Reader);
        let id = event(&app, "Debaltseve")["id"].as_str().unwrap().to_owned();
        browser.goto(&format!("{}/events/{id}", app.url));
        see(&browser, "Clauses, caveats and proposals concerned");
        let offers = "return [...document.querySelectorAll('a, summary')].filter(it => ['Edit', 'New'].includes(it.textContent.trim())).length";
        assert_eq!(browser.execute(offers, vec![]), 0);
        browser.goto(&format!("{}/edit/event/{id}", app.url));
        see(&browser, "You need the Editor role to create or edit records.");
        assert_eq!(browser.execute("return document.querySelector('main form')", vec![]), Value::Null);
        browser.goto(&format!("{}/edit/source/{id}", app.url));
        see(&browser, "Page not found");
    }
}
