//! From an empty database to the first agreement: the three options, and the form that splits the text of an agreement.

use serde_json::{Value, json};

use super::records::open_as_editor;
use super::{assert_clean, fill, press, press_primary, see, see_no};
use crate::support::{Browser, TestApp, on_one_database};

const TEXT: &str = "Accord of the River\n\nArticle 1\nCeasefire\n1. The Parties shall cease fire.\n2. They shall:\n(a) withdraw;\n\
                    (b) report, under\nArticle 3 of the Charter, every month.\nArticle 2 — Monitoring\nThe Commission monitors it.";

/// The numbers of the clauses in the form.
const NUMBERS: &str = "[...document.querySelectorAll('section[aria-labelledby=outline-clauses] li > div:first-child > span:first-child')].map(it => it.textContent)";

fn see_numbers(browser: &Browser, numbers: &[&str]) {
    browser.wait_for(&format!("{NUMBERS}.join() === {}", json!(numbers.join(","))));
}

/// Opens the clause at an index for editing.
fn open_clause(browser: &Browser, index: usize) {
    let button = format!("document.querySelector('#outline-clause-{index}')");
    browser.wait_for(&format!("!!{button}"));
    browser.execute(&format!("{button}.click()"), vec![]);
    browser.wait_for("!!document.querySelector('#outline-number')");
}

fn describe(browser: &Browser) {
    fill(browser, "#record-title", "Accord of the River");
    fill(browser, "#record-shortTitle", "River Accord");
    fill(browser, "#record-kind", "TREATY");
    fill(browser, "#record-agreedOn", "2021-05-01");
    fill(browser, "#record-adoption", "Signed by both sides.");
    fill(browser, "#record-summary", "Ends the war of the river.");
}

/// The clauses of an agreement: number, heading, text, parent and topic.
fn clauses(app: &TestApp, slug: &str) -> Value {
    let query = "query($slug: String!) { agreement(slug: $slug) { clauses(first: 200) { nodes { number heading text parent { number } topic { name } } } } }";
    let mut data = app.data(query, json!({ "slug": slug }));
    data["agreement"]["clauses"]["nodes"].take()
}

on_one_database! {
    fn empty_database_offers_three_options(app: Empty) {
        let browser = Browser::open(360, 740);
        browser.goto(&app.url);
        see(&browser, "There are three ways to begin");
        see(&browser, "clausewatch import my-dossiers/");
        see(&browser, "CLAUSEWATCH_NO_SAMPLE=false clausewatch serve");
        let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
        assert!(sideways.as_i64().is_some_and(|pixels| pixels <= 0), "{sideways}");
        press(&browser, "Copy");
        press(&browser, "Sign in as an editor to start an agreement");
        browser.wait_for("location.pathname === '/sign-in' && location.search.includes('guided')");
        assert_clean(&browser, "overview");
    }

    fn editor_creates_an_agreement_from_its_text(app: Empty) {
        let browser = open_as_editor(&app, "/");
        press(&browser, "Start an agreement");
        browser.wait_for("location.pathname === '/new/agreement/guided'");
        describe(&browser);
        browser.wait_for("document.querySelector('#record-slug').value === 'river-accord'");
        fill(&browser, "#outline-text", TEXT);
        press(&browser, "Split into clauses");
        see_numbers(&browser, &["no number", "1", "1.1", "1.2", "1.2.a", "1.2.b", "2"]);
        // The form reports two errors: the title has no number, and the clauses have no topic.
        press_primary(&browser);
        see(&browser, "Clause Accord of the River: enter a number");
        see(&browser, "Topic of all clauses: choose a value");
        open_clause(&browser, 0);
        press(&browser, "Remove");
        see_numbers(&browser, &["1", "1.1", "1.2", "1.2.a", "1.2.b", "2"]);
        // Changing the number of a clause renumbers its parts. Two parts can be merged.
        open_clause(&browser, 2);
        fill(&browser, "#outline-number", "1.3");
        see_numbers(&browser, &["1", "1.1", "1.3", "1.3.a", "1.3.b", "2"]);
        press(&browser, "Done");
        open_clause(&browser, 4);
        press(&browser, "Merge into the clause above");
        see_numbers(&browser, &["1", "1.1", "1.3", "1.3.a", "2"]);
        open_clause(&browser, 4);
        fill(&browser, "#outline-heading", "Monitoring by the Commission");
        press(&browser, "Done");
        fill(&browser, "#outline-new-topic", "Security");
        press(&browser, "Create topic");
        browser.wait_for("document.querySelector('#outline-topic').selectedOptions[0]?.textContent === 'Security'");
        browser.execute("document.querySelector('input[name=wording]').click()", vec![]);
        see(&browser, "This creates the agreement with 5 clauses.");
        assert_eq!(app.data("{ agreement(slug: \"river-accord\") { id } }", json!({}))["agreement"], Value::Null, "nothing is saved yet");
        press_primary(&browser);
        browser.wait_for("location.pathname === '/agreements/river-accord' && document.querySelectorAll('section[aria-labelledby=clauses] tbody tr').length === 5");
        let clause = |number: &str, heading: &str, text: Option<&str>, parent: Option<&str>| {
            json!({ "number": number, "heading": heading, "text": text, "parent": parent.map(|number| json!({ "number": number })), "topic": { "name": "Security" } })
        };
        assert_eq!(clauses(&app, "river-accord"), json!([
            clause("1", "Ceasefire", Some("Ceasefire"), None),
            clause("1.1", "The Parties shall cease fire", Some("The Parties shall cease fire."), Some("1")),
            clause("1.3", "They shall", Some("They shall:"), Some("1")),
            clause("1.3.a", "withdraw", Some("withdraw;\n\nreport, under Article 3 of the Charter, every month."), Some("1.3")),
            clause("2", "Monitoring by the Commission", Some("The Commission monitors it."), None),
        ]));
        assert_clean(&browser, "guided");
    }

    fn draft_and_errors_of_an_outline_are_shown(app: Sample) {
        let browser = open_as_editor(&app, "/agreements/minsk-2");
        press(&browser, "Paste clauses");
        browser.wait_for("location.search.includes('agreementId=')");
        see(&browser, "Add clauses to Minsk II");
        fill(&browser, "#outline-text", "13. A point that is taken\n14. Another point");
        press(&browser, "Split into clauses");
        see_numbers(&browser, &["13", "14"]);
        let address = browser.execute("return location.href", vec![]);
        browser.new_window();
        browser.goto(address.as_str().unwrap());
        see(&browser, "Your draft was restored.");
        see_numbers(&browser, &["13", "14"]);
        let topic = app.data("{ topics { id } }", json!({}))["topics"][0]["id"].take();
        fill(&browser, "#outline-topic", topic.as_str().unwrap());
        press_primary(&browser);
        browser.wait_for("[...document.querySelectorAll('[role=alert] a')].some(it => it.getAttribute('href') === '#outline-clause-0')");
        open_clause(&browser, 0);
        press(&browser, "Remove");
        see_numbers(&browser, &["14"]);
        press_primary(&browser);
        browser.wait_for("location.pathname === '/agreements/minsk-2'");
        let numbers = clauses(&app, "minsk-2");
        assert_eq!(numbers.as_array().unwrap().last().unwrap()["number"], "14");
        see_no(&browser, "Your draft was restored.");
    }

    fn pasted_text_of_five_thousand_lines_is_split(app: Empty) {
        let browser = open_as_editor(&app, "/new/agreement/guided");
        describe(&browser);
        let lines: Vec<String> = (1..=1000).map(|number| format!("{number}. Point {number}\nThe sides agree\non point {number},\nand\nkeep it.")).collect();
        fill(&browser, "#outline-text", &lines.join("\n"));
        press(&browser, "Split into clauses");
        see(&browser, "1000 clauses found.");
        fill(&browser, "#outline-new-topic", "Безпека");
        press(&browser, "Create topic");
        browser.wait_for("document.querySelector('#outline-topic').selectedOptions[0]?.textContent === 'Безпека'");
        press_primary(&browser);
        browser.wait_for("location.pathname === '/agreements/river-accord'");
        let count = app.data("{ agreement(slug: \"river-accord\") { clauses(first: 0) { totalCount } } }", json!({}));
        assert_eq!(count["agreement"]["clauses"]["totalCount"], 1000);
    }
}
