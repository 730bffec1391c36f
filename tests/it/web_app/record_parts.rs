//! Forms for agreements, clauses, proposals, caveats, preconditions and interpretations, with their parts.

use serde_json::{Value, json};

use super::records::open_as_editor;
use super::{CLAUSE, ENTER, assert_clean, fill, press, press_primary, see, see_no, see_title};
use crate::support::{Browser, TestApp, on_one_database};

/// Opens the finder of a field, and selects the first record that matches the words.
fn find(browser: &Browser, field: &str, words: &str) {
    browser.click(&format!("#{field}"));
    browser.wait_for("document.activeElement.type === 'search'");
    browser.type_keys(words);
    browser.type_keys(ENTER);
    browser.wait_for(&format!("document.querySelector('#{field}')?.textContent === 'Remove'"));
}

/// Selects a party or topic by its name.
fn choose(browser: &Browser, field: &str, name: &str) {
    let option = format!(
        "[...document.querySelectorAll('#{field} option')].find(it => it.textContent === {})",
        json!(name)
    );
    let value = browser.wait_for(&format!("{option}?.value"));
    fill(browser, &format!("#{field}"), value.as_str().unwrap());
}

/// The deadlines of a clause with all fields that an author states.
fn deadlines(app: &TestApp, agreement: &str, number: &str) -> Value {
    let query = "query($agreement: String!, $number: String!) { clause(agreement: $agreement, number: $number) { deadlines { \
                 key rule phase dueOn confidence note sourceLocator source { title } heldBy { slug } basis { __typename \
                 ... on FixedDay { day } ... on EndOfPeriod { period containing } ... on DaysAfterEvent { days event { title } } \
                 ... on DaysAfterCompletion { days clause { reference } } \
                 ... on DaysAfterDeadline { days deadline { key clause { reference } } } } } } }";
    app.data(query, json!({ "agreement": agreement, "number": number }))["clause"]["deadlines"]
        .take()
}

on_one_database! {
    fn agreement_and_its_clauses_are_recorded(app: Sample) {
        let browser = open_as_editor(&app, "/");
        press(&browser, "New agreement");
        fill(&browser, "#record-title", "Treaty of peace");
        fill(&browser, "#record-shortTitle", "Treaty");
        fill(&browser, "#record-kind", "TREATY");
        fill(&browser, "#record-agreedOn", "2020-02-12");
        fill(&browser, "#record-adoption", "Signed.");
        fill(&browser, "#record-summary", "Peace.");
        // The slug follows the short title until the user enters another slug.
        browser.wait_for("document.querySelector('#record-slug').value === 'treaty'");
        fill(&browser, "#record-slug", "minsk-2");
        press(&browser, "Add end");
        fill(&browser, "#record-endings-0-kind", "TERMINATED");
        fill(&browser, "#record-endings-0-endedOn", "2021-06-01");
        choose(&browser, "record-endings-0-heldById", "Ukraine");
        fill(&browser, "#record-endings-0-note", "By a note.");
        press(&browser, "Add party");
        choose(&browser, "record-parties-0-partyId", "Ukraine");
        fill(&browser, "#record-parties-0-role", "SIGNATORY");
        press(&browser, "Add relation");
        fill(&browser, "#record-relations-0-kind", "SUPERSEDES");
        find(&browser, "record-relations-0-agreementId", "minsk protocol");
        press_primary(&browser);
        // The server's error is shown at its field.
        browser.wait_for("document.querySelector('#record-slug-error')?.textContent.includes('minsk-2')");
        fill(&browser, "#record-slug", "treaty");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ agreement(slug: \"treaty\") { title kind agreedOn adoption confidence parties { role party { slug } } relations { kind } \
                     endings { kind endedOn note heldBy { slug } } } }";
        assert_eq!(app.data(query, json!({}))["agreement"], json!({
            "title": "Treaty of peace", "kind": "TREATY", "agreedOn": "2020-02-12", "adoption": "Signed.", "confidence": "MEDIUM",
            "parties": [{ "role": "SIGNATORY", "party": { "slug": "ukraine" } }], "relations": [{ "kind": "SUPERSEDES" }],
            "endings": [{ "kind": "TERMINATED", "endedOn": "2021-06-01", "note": "By a note.", "heldBy": { "slug": "ukraine" } }],
        }));

        press(&browser, "Open Treaty");
        press(&browser, "New clause");
        browser.wait_for("document.querySelector('main form fieldset')?.textContent.includes('Treaty')");
        fill(&browser, "#record-number", "1");
        fill(&browser, "#record-heading", "Withdrawal");
        choose(&browser, "record-topicId", "Security");
        fill(&browser, "#record-nature", "ONE_OFF");
        fill(&browser, "#record-summary", "All troops withdraw.");
        press(&browser, "Add obligation");
        choose(&browser, "record-obligations-0-partyId", "Ukraine");
        fill(&browser, "#record-obligations-0-role", "OBLIGED");
        press(&browser, "Add deadline");
        fill(&browser, "#record-deadlines-0-rule", "Ten days after the talks.");
        fill(&browser, "[id='record-deadlines-0-$basis']", "EVENT");
        fill(&browser, "#record-deadlines-0-after-days", "ten");
        find(&browser, "record-deadlines-0-after-eventId", "debaltseve");
        press(&browser, "Add criterion");
        fill(&browser, "#record-criteria-0-status", "COMPLETE");
        fill(&browser, "#record-criteria-0-text", "No troops are seen.");
        press_primary(&browser);
        see(&browser, "Deadline 1, days: enter a whole number");
        fill(&browser, "#record-deadlines-0-after-days", "10");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"treaty\", number: \"1\") { heading nature topic { slug } obligations { role party { slug } heldBy { slug } } \
                     criteria { status text } deadlines { rule phase basis { ... on DaysAfterEvent { days } } } } }";
        assert_eq!(app.data(query, json!({}))["clause"], json!({
            "heading": "Withdrawal", "nature": "ONE_OFF", "topic": { "slug": "security" },
            "obligations": [{ "role": "OBLIGED", "party": { "slug": "ukraine" }, "heldBy": null }],
            "criteria": [{ "status": "COMPLETE", "text": "No troops are seen." }],
            "deadlines": [{ "rule": "Ten days after the talks.", "phase": "FINISH", "basis": { "days": 10 } }],
        }));

        // The form of a subclause starts with values of the parent clause.
        press(&browser, "Open Treaty, 1");
        press(&browser, "New part of this clause");
        see(&browser, "Treaty, 1");
        fill(&browser, "#record-number", "1.a");
        fill(&browser, "#record-heading", "Heavy weapons");
        fill(&browser, "#record-nature", "ONE_OFF");
        fill(&browser, "#record-summary", "Heavy weapons withdraw first.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"treaty\", number: \"1.a\") { parent { number } topic { slug } } }";
        assert_eq!(app.data(query, json!({}))["clause"], json!({ "parent": { "number": "1" }, "topic": { "slug": "security" } }));
        assert_clean(&browser, "clause");
    }

    fn edit_of_one_deadline_does_not_change_the_others(app: Sample) {
        // The clauses have deadlines of all kinds. The first clause has deadlines after an event. The second has them
        // after a completion, and at the end of a period. The third has them after deadlines of the same clause and of
        // another clause.
        for (agreement, number) in [("minsk-memorandum", "4"), ("minsk-2", "9"), ("minsk-2", "2")] {
            let mut expected = deadlines(&app, agreement, number);
            let browser = open_as_editor(&app, &format!("/agreements/{agreement}/clauses/{number}"));
            press(&browser, "Edit");
            see(&browser, "Nothing has changed.");
            fill(&browser, "#record-deadlines-0-note", "Counted anew.");
            see_no(&browser, "Nothing has changed.");
            press_primary(&browser);
            see_title(&browser, "Saved: 1 field changed");
            expected[0]["note"] = json!("Counted anew.");
            assert_eq!(deadlines(&app, agreement, number), expected, "{agreement}, {number}");
        }
    }

    fn caveat_is_recorded_from_its_proposal(app: Sample) {
        let browser = open_as_editor(&app, "/proposals/russia-us-draft-treaty");
        press(&browser, "New caveat");
        see(&browser, "Number");
        fill(&browser, "#record-number", "99");
        fill(&browser, "#record-heading", "Inspections");
        fill(&browser, "#record-kind", "DEMAND");
        choose(&browser, "record-topicId", "Security");
        fill(&browser, "#record-summary", "Inspections at any time.");
        choose(&browser, "record-owedByIds", "Russia");
        press(&browser, "Add related clause");
        fill(&browser, "#record-clauseLinks-0-kind", "CONFLICTS");
        find(&browser, "record-clauseLinks-0-clauseId", "minsk-2 9");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ proposal(slug: \"russia-us-draft-treaty\") { caveats(last: 1) { nodes { number heading kind status owedBy { slug } \
                     clauseLinks { kind } } } } }";
        assert_eq!(app.data(query, json!({}))["proposal"]["caveats"]["nodes"], json!([{
            "number": "99", "heading": "Inspections", "kind": "DEMAND", "status": "OPEN", "owedBy": [{ "slug": "russia" }],
            "clauseLinks": [{ "kind": "CONFLICTS" }],
        }]));
        browser.goto(&format!("{}/proposals/russia-us-draft-treaty", app.url));
        press(&browser, "Edit 99");
        // A caveat cannot be moved to another proposal.
        browser.wait_for("document.querySelector('#record-number')?.value === '99' && !document.querySelector('#record-proposalId')");
        fill(&browser, "#record-heading", "Inspections on demand");
        press_primary(&browser);
        see_title(&browser, "Saved: 1 field changed");
    }

    fn response_to_a_proposal_is_recorded_from_its_page(app: Sample) {
        let browser = open_as_editor(&app, "/proposals/russia-us-draft-treaty");
        press(&browser, "New response");
        fill(&browser, "#record-title", "Answer to the draft");
        fill(&browser, "#record-madeOn", "2022-01-20");
        choose(&browser, "record-proposedByIds", "Ukraine");
        fill(&browser, "#record-standing", "OFFICIAL");
        browser.click("#record-isPackage");
        fill(&browser, "#record-summary", "An answer.");
        fill(&browser, "#record-slug", "answer");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ proposal(slug: \"answer\") { title isPackage standing proposedBy { slug } respondsTo { slug } } }";
        assert_eq!(app.data(query, json!({}))["proposal"], json!({
            "title": "Answer to the draft", "isPackage": true, "standing": "OFFICIAL", "proposedBy": [{ "slug": "ukraine" }],
            "respondsTo": { "slug": "russia-us-draft-treaty" },
        }));
    }

    fn precondition_is_recorded_and_edited_from_its_clause(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "New precondition");
        see(&browser, "Minsk II, 9");
        fill(&browser, "#record-kind", "BEFORE_START");
        find(&browser, "record-requiresId", "minsk-2 3");
        choose(&browser, "record-heldById", "Germany");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { preconditions { id kind needs note heldBy { slug } requires { reference } } } }";
        let of_germany = || {
            let mut preconditions = app.data(query, json!({}))["clause"]["preconditions"].take();
            preconditions.as_array_mut().unwrap().retain(|it| it["heldBy"]["slug"] == "germany");
            preconditions[0].take()
        };
        let recorded = of_germany();
        assert_eq!((&recorded["kind"], &recorded["needs"]), (&json!("BEFORE_START"), &json!("DONE")));
        browser.goto(&format!("{}/edit/precondition/{}", app.url, recorded["id"].as_str().unwrap()));
        fill(&browser, "#record-note", "Said in talks.");
        press_primary(&browser);
        see_title(&browser, "Saved: 1 field changed");
        assert_eq!(of_germany()["note"], "Said in talks.");
    }

    fn interpretation_is_recorded_from_its_clause(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "New interpretation");
        see(&browser, "Minsk II, 9");
        choose(&browser, "record-heldById", "Germany");
        fill(&browser, "#record-statedOn", "2016-03-01");
        fill(&browser, "#record-term", "full control");
        press_primary(&browser);
        see(&browser, "Meaning: enter a value");
        fill(&browser, "#record-meaning", "Control of the border by Ukraine alone.");
        press_primary(&browser);
        see_title(&browser, "Recorded");
        press(&browser, "Open Minsk II, 9, Germany");
        see(&browser, "Control of the border by Ukraine alone.");
        press(&browser, "Edit Germany");
        browser.wait_for("document.querySelector('#record-term')?.value === 'full control'");
        fill(&browser, "#record-term", "");
        press_primary(&browser);
        see_title(&browser, "Saved: 1 field changed");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { interpretations(last: 50) { nodes { term meaning statedOn heldBy { slug } } } } }";
        let mut interpretations = app.data(query, json!({}))["clause"]["interpretations"]["nodes"].take();
        interpretations.as_array_mut().unwrap().retain(|it| it["heldBy"]["slug"] == "germany");
        assert_eq!(interpretations, json!([{
            "term": null, "meaning": "Control of the border by Ukraine alone.", "statedOn": "2016-03-01", "heldBy": { "slug": "germany" },
        }]));
    }
}
