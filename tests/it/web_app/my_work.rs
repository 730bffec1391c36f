//! The page “My work” for editors. All users can watch pages.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::records::open_as_editor;
use super::{
    CLAUSE, MISTAKE, assert_clean, fill, open_retraction, press, record, see, see_no, sign_in,
};
use crate::support::{Browser, TestApp, client, on_one_database};

/// The status checks of a clause of Minsk II, newest first.
fn checks(app: &TestApp, number: &str) -> Value {
    let query = "query($n: String!) { clause(agreement: \"minsk-2\", number: $n) { statusChecks(includeRetracted: true) { nodes { \
                 recordedBy retractedBy } } } }";
    app.data(query, json!({ "n": number }))["clause"]["statusChecks"]["nodes"].take()
}

/// A JavaScript expression: the references of the clauses in the list of clauses without a recent check, in order.
const STALE: &str = "[...document.querySelectorAll('button[data-check]')].map(it => it.getAttribute('aria-label').replace('Checked, unchanged: ', ''))";

/// The references of the clauses in the list of [`STALE`].
fn stale(browser: &Browser) -> Vec<String> {
    let rows = browser.execute(&format!("return {STALE}"), vec![]);
    rows.as_array().unwrap().iter().map(|row| row.as_str().unwrap().to_owned()).collect()
}

/// Waits until the list of [`STALE`] does not contain this clause.
fn see_gone(browser: &Browser, clause: &str) {
    browser.wait_for(&format!("!{STALE}.includes({})", json!(clause)));
}

/// Waits until the header shows this number of new changes. `""` means no number.
fn see_badge(browser: &Browser, count: &str) {
    browser.wait_for(&format!(
        "(document.querySelector('header a[href*=\"/my-work\"] [aria-hidden]:not(svg)')?.textContent ?? '') === {}",
        json!(count)
    ));
}

/// Opens the page through the link in the header.
fn open_my_work(browser: &Browser) {
    browser.wait_for("document.querySelector('header a[href*=\"/my-work\"]')");
    browser.execute("document.querySelector('header a[href*=\"/my-work\"]').click()", vec![]);
}

/// Waits until the browser has stored a draft whose name begins with this text.
fn see_stored(browser: &Browser, name: &str) {
    let name = json!(format!("clausewatch-draft-{name}"));
    browser
        .wait_for(&format!("Object.keys(localStorage).some(stored => stored.startsWith({name}))"));
}

/// Opens the page “My work”, and clicks the link of the draft with this name.
fn open_draft(app: &TestApp, browser: &Browser, name: &str) {
    browser.goto(&format!("{}/my-work", app.url));
    let link = format!(
        "[...document.querySelectorAll('section[aria-labelledby=drafts] a')].find(link => link.textContent === {})",
        json!(name)
    );
    browser.wait_for(&format!("!!{link}"));
    browser.execute(&format!("{link}.click()"), vec![]);
}

/// Makes all assessments of the sample old, so that its clauses have no recent check.
fn age_assessments(app: &TestApp) {
    app.execute_sql("UPDATE assessments SET recorded_at = '2020-01-01 00:00:00'; UPDATE trackables SET checked_on = '2020-01-01' WHERE checked_on IS NOT NULL;");
}

on_one_database! {
    fn stale_clauses_can_be_checked_by_click_or_key_and_undone(app: Sample) {
        age_assessments(&app);
        let browser = open_as_editor(&app, "/");
        open_my_work(&browser);
        browser.wait_for("document.activeElement.tagName === 'H1' && document.querySelectorAll('section[aria-labelledby=stale] tbody th').length > 3");
        let [first, second, third] = &stale(&browser)[..3] else { panic!("at least three rows") };
        browser.execute("document.querySelector('button[data-check]').click()", vec![]);
        see(&browser, &format!("{first}: checked today, unchanged."));
        see_gone(&browser, first);
        // The shortcut key checks the first row.
        browser.type_keys("k");
        see(&browser, &format!("{second}: checked today, unchanged."));
        see_gone(&browser, second);
        assert_eq!(&stale(&browser)[0], third);
        press(&browser, "Undo");
        see(&browser, &format!("{second}: the check is undone."));
        browser.wait_for(&format!("{STALE}.includes({})", json!(second)));
        let data = app.data("{ changes(last: 3) { nodes { actor action subject { ... on Clause { reference } } } } }", json!({}));
        let entry = |action: &str, reference: &str| json!({ "actor": "Eve", "action": action, "subject": { "reference": reference } });
        assert_eq!(data["changes"]["nodes"], json!([entry("CHECKED", first), entry("CHECKED", second), entry("CHECK_RETRACTED", second)]));
        // The list of the user's own changes contains these three changes, newest first.
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=mine] li').length === 3");
        let latest = "document.querySelector('section[aria-labelledby=mine] li').textContent";
        browser.wait_for(&format!("{latest}.startsWith({}) && {latest}.includes('Check retracted')", json!(second)));
        assert_clean(&browser, "/my-work");
    }

    fn number_of_days_is_stored_and_validated(app: Sample) {
        let browser = open_as_editor(&app, "/my-work");
        see(&browser, "Every clause was checked within the last 90 days.");
        fill(&browser, "#stale-days", "0");
        see(&browser, "“0” is not a number of days. Enter 1 to 36500.");
        age_assessments(&app);
        fill(&browser, "#stale-days", "30");
        see_no(&browser, "is not a number of days");
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=stale] tbody th').length > 3");
        browser.goto(&format!("{}/my-work", app.url));
        browser.wait_for("document.querySelector('#stale-days')?.value === '30'");
    }

    fn clause_that_has_changed_cannot_be_checked(app: Sample) {
        age_assessments(&app);
        let browser = open_as_editor(&app, "/my-work");
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=stale] tbody th').length > 3");
        // This change is not in the change log, so the page does not notice it.
        let id = app.clause_id("minsk-2", "9");
        app.execute_sql("UPDATE trackables SET version = version + 1");
        browser.execute(&format!("document.querySelector('button[data-check=\"{id}\"]').click()"), vec![]);
        see(&browser, "The record has changed in the meantime. Open it before you confirm its status.");
        assert_eq!(checks(&app, "9"), json!([]));
    }

    fn drafts_are_listed_with_conflicts_and_can_be_discarded(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "Update status");
        fill(&browser, "#update-note", "Half of a thought.");
        browser.wait_for("Object.keys(localStorage).some(key => key.includes('draft-status'))");
        record(&app, "SUSPENDED", "Somebody was faster.");
        browser.execute("window.onbeforeunload = null", vec![]);
        open_my_work(&browser);
        see(&browser, "Status of Minsk II, 9");
        see(&browser, "Conflict: the record has changed since you started");
        press(&browser, "Discard");
        see(&browser, "No drafts in this browser.");
    }

    fn drafts_of_every_form_are_opened_by_their_links(app: Sample) {
        const PROPOSAL: &str = "/proposals/russia-us-draft-treaty";
        const CODED: &str = "minsk-disengagement-2016";
        let query = "{ proposal(slug: \"russia-us-draft-treaty\") { reference caveats(first: 50) { nodes { number reference } } } \
                     agreement(slug: \"minsk-2\") { id } coded: agreement(slug: \"minsk-disengagement-2016\") { shortTitle } \
                     clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { id } } } }";
        let data = app.data(query, json!({}));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let caveats = data["proposal"]["caveats"]["nodes"].as_array().unwrap();
        let caveat = caveats.iter().find(|caveat| caveat["number"] == "US-1").unwrap();
        let agreement = text(&data["agreement"]["id"]);
        let assessment = text(&data["clause"]["assessments"]["nodes"][0]["id"]);
        let coding = format!("[id='status-{}']", app.clause_id(CODED, "1"));
        let outline = format!("outline-1-{agreement}");
        let forms = [
            (format!("/agreements/{CODED}/coding?asOf=2019-06-30"), coding.as_str(), "MINIMAL", "coding", format!("Coding of {} on 30 Jun 2019", text(&data["coded"]["shortTitle"]))),
            (format!("{PROPOSAL}?update=caveat-US-1#US-1"), "#update-note", "Of a caveat.", "status", format!("Status of {}", text(&caveat["reference"]))),
            (format!("{PROPOSAL}?update=yes"), "#update-note", "Of a proposal.", "status", format!("Status of {}", text(&data["proposal"]["reference"]))),
            (format!("{CLAUSE}?update=yes&corrects={assessment}"), "#update-note", "Without the error.", "correction", "Correction of an assessment of Minsk II, 9".to_owned()),
            ("/new/agreement/guided".to_owned(), "#outline-text", "1. Peace.", "outline-1-new", "New agreement from its text".to_owned()),
            (format!("/new/agreement/guided?agreementId={agreement}"), "#outline-text", "2. More peace.", outline.as_str(), "New clauses of Minsk II".to_owned()),
            ("/record-sheet".to_owned(), "#sheet-rows", "reference,status", "record-sheet", "Assessments from a sheet".to_owned()),
        ];
        let browser = open_as_editor(&app, "/my-work");
        see(&browser, "No drafts in this browser.");
        for (address, field, value, stored, _) in &forms {
            browser.goto(&format!("{}{address}", app.url));
            fill(&browser, field, value);
            see_stored(&browser, stored);
            browser.wait_for(&format!("Object.values(localStorage).some(text => text.includes({}))", json!(value)));
        }
        for (address, field, value, _, name) in &forms {
            open_draft(&app, &browser, name);
            browser.wait_for(&format!("document.querySelector({})?.value === {}", json!(field), json!(value)));
            let opened = browser.execute("return location.pathname + location.search + location.hash", vec![]);
            assert_eq!(opened, json!(address), "{name}");
        }
        browser.goto(&format!("{}/my-work", app.url));
        browser.wait_for(&format!("document.querySelectorAll('section[aria-labelledby=drafts] li').length === {}", forms.len()));
    }

    fn draft_of_a_batch_is_opened_with_its_rows(app: Sample) {
        const BOXES: &str = "[...document.querySelectorAll('input[data-row]')]";
        let browser = open_as_editor(&app, "/agreements/minsk-2?text=border");
        browser.wait_for(&format!("{BOXES}.length > 1"));
        browser.execute(&format!("{BOXES}[0].click(); {BOXES}[1].click()"), vec![]);
        see(&browser, "2 rows selected");
        press(&browser, "Set status…");
        fill(&browser, "#batch-note", "Of two clauses.");
        see_stored(&browser, "batch");
        open_draft(&app, &browser, "Status of 2 records");
        let note = "document.querySelector('dialog[open] #batch-note')?.value === 'Of two clauses.'";
        browser.wait_for(note);
        see(&browser, "2 rows selected");
        see_no(&browser, "The draft was written for");
        let address = "location.pathname + location.search";
        assert_eq!(browser.execute(&format!("return {address}"), vec![]), json!("/agreements/minsk-2?text=border&batch=status"));
        // The dialog can be closed, and opened for other rows.
        press(&browser, "Cancel");
        browser.wait_for(&format!("!document.querySelector('dialog[open]') && {address} === '/agreements/minsk-2?text=border'"));
        browser.execute(&format!("{BOXES}[1].click()"), vec![]);
        see(&browser, "1 row selected");
        press(&browser, "Set status…");
        browser.wait_for(note);
        see(&browser, "The draft was written for 2 records. It now applies to the 1 record selected.");
        // Opening the dialog for other rows keeps the records of the draft. Changing a field replaces them with the
        // selected rows.
        open_draft(&app, &browser, "Status of 2 records");
        browser.wait_for(note);
        see(&browser, "2 rows selected");
        press(&browser, "Cancel");
        browser.wait_for("!document.querySelector('dialog[open]')");
        browser.execute(&format!("{BOXES}[1].click()"), vec![]);
        see(&browser, "1 row selected");
        press(&browser, "Set status…");
        browser.wait_for(note);
        fill(&browser, "#batch-note", "Of one clause.");
        browser.wait_for("Object.values(localStorage).some(text => text.includes('Of one clause.'))");
        open_draft(&app, &browser, "Status of 1 record");
        browser.wait_for("document.querySelector('dialog[open] #batch-note')?.value === 'Of one clause.'");
        see(&browser, "1 row selected");
        // The list contains none of the draft's records.
        browser.goto(&format!("{}/agreements/minsk-2?text=no-clause-has-this&batch=status", app.url));
        see(&browser, "Your draft for 1 record was not opened, because this list has none of the records of the draft.");
        see(&browser, "Reason: “Of one clause.”");
        browser.wait_for(&format!("{address} === '/agreements/minsk-2?text=no-clause-has-this'"));
        press(&browser, "Open the draft in the list without filters");
        browser.wait_for("document.querySelector('dialog[open] #batch-note')?.value === 'Of one clause.'");
        see(&browser, "1 row selected");
        see_no(&browser, "was not opened");
        press(&browser, "Discard");
        browser.wait_for("document.querySelector('#batch-note')?.value === ''");
        // If there is no draft, the parameter `batch` selects no rows. It also does not open the dialog when the user
        // selects a row later.
        browser.goto(&format!("{}/agreements/minsk-2?batch=status", app.url));
        browser.wait_for(&format!("{BOXES}.length > 3 && {address} === '/agreements/minsk-2'"));
        browser.execute(&format!("{BOXES}[0].click()"), vec![]);
        see(&browser, "1 row selected");
        assert_eq!(browser.execute("return document.querySelector('dialog[open]')", vec![]), json!(null));
        see_no(&browser, "was not opened");
        // The page of a proposal shows its caveats in a collapsed table.
        browser.goto(&format!("{}/proposals/russia-us-draft-treaty", app.url));
        browser.wait_for("!!document.querySelector('details table')");
        browser.execute("document.querySelector('details table').closest('details').open = true", vec![]);
        browser.wait_for(&format!("{BOXES}.length > 3"));
        browser.execute(&format!("for (const box of {BOXES}.slice(0, 3)) box.click()"), vec![]);
        see(&browser, "3 rows selected");
        press(&browser, "Set status…");
        fill(&browser, "#batch-note", "Of three caveats.");
        browser.wait_for("Object.values(localStorage).some(text => text.includes('Of three caveats.'))");
        open_draft(&app, &browser, "Status of 3 records");
        browser.wait_for("document.querySelector('dialog[open] #batch-note')?.value === 'Of three caveats.'");
        see(&browser, "3 rows selected");
    }

    fn reason_of_a_retraction_is_opened_in_the_history(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("By accident.");
        see_stored(&browser, "reason");
        // The history shows five rows at first. The row with the form is below them.
        for index in 0..6 {
            record(&app, "SUSPENDED", &format!("Later {index}."));
        }
        open_draft(&app, &browser, "Reason for retracting an assessment of Minsk II, 9");
        browser.wait_for(&format!("{MISTAKE}?.querySelector('input')?.value === 'By accident.'"));
        browser.wait_for(&format!("{MISTAKE}.contains(document.activeElement) && {MISTAKE}.offsetParent !== null"));
        let id = browser.execute("return location.hash", vec![]);
        assert!(id.as_str().unwrap().starts_with("#retract-"), "{id}");
    }

    fn draft_of_an_archived_clause_is_listed_until_the_clause_is_restored(app: Sample) {
        const NAME: &str = "Status of Minsk II, 9";
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "Update status");
        fill(&browser, "#update-note", "Half of a thought.");
        see_stored(&browser, "status");
        let agreement = app.data("{ agreement(slug: \"minsk-2\") { id } }", json!({}))["agreement"]["id"].take();
        for (kind, id) in [("clause", json!(app.clause_id("minsk-2", "9"))), ("agreement", agreement)] {
            let mutation = match kind {
                "clause" => "mutation($id: ID!) { archived: archiveClause(input: { clauseId: $id }) { userErrors { message } } }",
                _ => "mutation($id: ID!) { archived: archiveAgreement(input: { agreementId: $id }) { userErrors { message } } }",
            };
            assert_eq!(app.data(mutation, json!({ "id": id }))["archived"]["userErrors"], json!([]));
            browser.goto(&format!("{}/my-work", app.url));
            see(&browser, NAME);
            see(&browser, "Archived");
            see(&browser, "Half of a thought.");
            let links = browser.execute("return [...document.querySelectorAll('section[aria-labelledby=drafts] a')].map(link => link.textContent)", vec![]);
            assert_eq!(links, json!(["Restore the record"]), "{kind}");
            press(&browser, "Restore the record");
            browser.wait_for(&format!("location.pathname === '/edit/{kind}/{}'", id.as_str().unwrap()));
            press(&browser, "Restore");
            see_no(&browser, "This record is archived.");
            open_draft(&app, &browser, NAME);
            browser.wait_for("document.querySelector('#update-note')?.value === 'Half of a thought.'");
        }
    }

    fn reason_for_a_retracted_assessment_is_listed(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("By accident.");
        see_stored(&browser, "reason");
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { assessments(first: 1) { nodes { id note } } } }";
        let latest = app.data(query, json!({}))["clause"]["assessments"]["nodes"][0].take();
        assert_eq!(latest["note"], "By mistake.");
        let retract = "mutation($id: ID!) { retractAssessment(input: { assessmentId: $id, reason: \"Wrong.\" }) { userErrors { message } } }";
        assert_eq!(app.data(retract, json!({ "id": latest["id"] }))["retractAssessment"]["userErrors"], json!([]));
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "Reason for retracting an assessment of Minsk II, 9");
        see(&browser, "Already retracted");
        see(&browser, "By accident.");
        press(&browser, "Open the record");
        browser.wait_for(&format!("location.pathname === '{CLAUSE}'"));
    }

    fn drafts_that_no_form_can_open_are_listed_with_their_text(app: Sample) {
        let browser = open_as_editor(&app, "/my-work");
        let store = "localStorage.setItem('clausewatch-draft-' + arguments[0], JSON.stringify({ by: arguments[1], value: arguments[2] }))";
        let older = json!({ "draft": { "note": "Of an earlier version." }, "key": "", "unanswered": [] });
        browser.execute(store, vec![json!("batch-1-Clause"), json!("Eve"), older]);
        // A form does not delete the draft of another account.
        browser.execute(store, vec![json!("record-sheet"), json!("Nina"), json!("reference,status")]);
        browser.goto(&format!("{}/record-sheet", app.url));
        browser.wait_for("document.querySelector('#sheet-rows')?.value === ''");
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "Draft that this version of the app cannot open");
        see(&browser, "Of an earlier version.");
        press(&browser, "Discard");
        see(&browser, "No drafts in this browser.");
        browser.wait_for("localStorage.getItem('clausewatch-draft-record-sheet').includes('reference,status')");
    }

    fn many_drafts_keep_their_names_and_links(app: Sample) {
        let browser = open_as_editor(&app, "/my-work");
        browser.execute(
            "const value = { draft: { note: 'Kept.', effectiveDate: '', momentum: 'STEADY', heldBy: '', event: '', breachedBy: [], evidence: [] }, key: '', unanswered: [], base: { version: 1 } }; \
             const others = Array.from({ length: 250 }, (_, index) => `Ag${String(index).padStart(20, 'A')}A`); \
             for (const id of [...others, 'malformed', arguments[0]]) \
                 localStorage.setItem(`clausewatch-draft-status-4-${id}`, JSON.stringify({ by: 'Eve', value }));",
            vec![json!(app.clause_id("minsk-2", "9"))],
        );
        open_draft(&app, &browser, "Status of Minsk II, 9");
        browser.wait_for("document.querySelector('#update-note')?.value === 'Kept.'");
        browser.goto(&format!("{}/my-work", app.url));
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=drafts] li').length === 252");
    }

    fn clause_without_a_status_is_assessed_instead_of_checked(app: Sample) {
        let data = app.data("{ agreement(slug: \"minsk-2\") { id } topics { id } }", json!({}));
        let input = json!({
            "agreementId": data["agreement"]["id"], "number": "99", "heading": "An annex", "summary": "It was never assessed.",
            "topicId": data["topics"][0]["id"], "nature": "ONE_OFF"
        });
        let mutation = "mutation($input: CreateClauseInput!) { createClause(input: $input) { userErrors { message } } }";
        assert_eq!(app.data(mutation, json!({ "input": input }))["createClause"]["userErrors"], json!([]));
        let browser = open_as_editor(&app, "/my-work");
        see(&browser, "Set status Minsk II, 99");
        assert_eq!(stale(&browser), Vec::<String>::new());
        press(&browser, "Set status Minsk II, 99");
        browser.wait_for("location.pathname.endsWith('/clauses/99') && !!document.querySelector('#update-note')");
    }

    fn watched_pages_show_unseen_changes_by_others(app: Sample) {
        let browser = open_as_editor(&app, CLAUSE);
        press(&browser, "Watch");
        see(&browser, "Watching");
        see_badge(&browser, "");
        // The page is open, so the change counts as seen.
        record(&app, "SUSPENDED", "Seen at once.");
        see(&browser, "Seen at once.");
        browser.goto(&format!("{}/parties", app.url));
        see_badge(&browser, "");
        record(&app, "PARTIAL", "Meanwhile.");
        see_badge(&browser, "1");
        // The user's own changes are not counted.
        let eve = client(Some(&app.token("Eve", Role::Editor)));
        let input = json!({ "subjectId": app.clause_id("minsk-2", "9"), "checkedOn": "2026-11-01" });
        let mutation = "mutation($input: RecordStatusCheckInput!) { recordStatusCheck(input: $input) { userErrors { message } } }";
        assert_eq!(app.send_by(&eve, mutation, json!({ "input": input }))["data"]["recordStatusCheck"]["userErrors"], json!([]));
        open_my_work(&browser);
        browser.wait_for("document.querySelector('h2#watched')?.textContent.startsWith('Watched')");
        browser.wait_for("document.querySelector('section[aria-labelledby=watched] button[aria-expanded]')?.textContent === '1 new change'");
        browser.wait_for("/Minsk II, 9 .+Partial since 5 Mar 2022/.test(document.querySelector('section[aria-labelledby=watched]').textContent)");
        press(&browser, "Minsk II, 9");
        see(&browser, "Meanwhile.");
        see_badge(&browser, "");
        press(&browser, "Watching");
        record(&app, "BREACHED", "Nobody looks.");
        see(&browser, "Nobody looks.");
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "You do not watch any page yet.");
    }

    fn party_agreements_and_views_can_be_watched(app: Sample) {
        let browser = Browser::open(1280, 900);
        let pages = [
            ("/parties/ukraine", "Ukraine"),
            ("/agreements", "Agreements"),
            ("/agreements?state=ended", "Agreements: ended"),
            ("/views", "Views side by side"),
            ("/agreements/minsk-2/views?contested=1", "Minsk II: views side by side: contested"),
        ];
        for (address, _) in pages {
            browser.goto(&format!("{}{address}", app.url));
            browser.wait_for("document.querySelectorAll('main button[aria-pressed=false]:not(:disabled)').length === 1");
            press(&browser, "Watch");
            see(&browser, "Watching");
            assert_clean(&browser, address);
        }
        // A page with other filters is watched separately.
        browser.goto(&format!("{}/agreements/minsk-2/views", app.url));
        browser.wait_for("!!document.querySelector('main button[title^=\"Watches the clauses that match these filters.\"]')");
        browser.wait_for("document.querySelectorAll('main button[aria-pressed=false]').length === 1");
        see_badge(&browser, "");
        // The changed clause matches each watched page. The header counts the change once.
        record(&app, "SUSPENDED", "News.");
        see_badge(&browser, "1");
        record(&app, "PARTIAL", "More news.");
        see_badge(&browser, "2");
        browser.goto(&format!("{}/my-work", app.url));
        for (_, title) in pages {
            browser.wait_for(&format!("[...document.querySelectorAll('section[aria-labelledby=watched] a')].some(it => it.textContent === {})", json!(title)));
        }
        press(&browser, "Agreements: ended");
        browser.wait_for("location.pathname + location.search === '/agreements?state=ended'");
        // The other watched pages still have unseen changes.
        browser.wait_for("document.querySelector('main button[aria-pressed=true]')");
        see_badge(&browser, "2");
        press(&browser, "Watching");
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "Minsk II: views side by side: contested");
        see_no(&browser, "Agreements: ended");
    }

    fn clause_shows_its_last_status_check(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}?asOf=2016-01-01", app.url));
        let said = "[...document.querySelectorAll('section[aria-labelledby=status] p')].map(it => it.textContent).join(' ')";
        browser.wait_for(&format!("/Status last checked on \\d+ \\w+ \\d{{4}} by operator\\./.test({said})"));
        let data = app.data("{ clause(agreement: \"minsk-2\", number: \"9\") { checkedOn } }", json!({}));
        let on = format!("document.querySelector('section[aria-labelledby=status] time[datetime=\"{}\"]')", data["clause"]["checkedOn"].as_str().unwrap());
        browser.wait_for(&format!("!!{on}"));
        // A check by another account is shown immediately.
        let eve = client(Some(&app.token("Eve", Role::Editor)));
        let input = json!({ "subjectId": app.clause_id("minsk-2", "9"), "checkedOn": data["clause"]["checkedOn"] });
        let mutation = "mutation($input: RecordStatusCheckInput!) { recordStatusCheck(input: $input) { userErrors { message } } }";
        assert_eq!(app.send_by(&eve, mutation, json!({ "input": input }))["data"]["recordStatusCheck"]["userErrors"], json!([]));
        browser.wait_for(&format!("{said}.includes(' by Eve.')"));
        assert_clean(&browser, CLAUSE);
    }

    fn filters_can_be_watched_and_are_stored_for_each_account(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2?status=SUSPENDED", app.url));
        browser.wait_for("!!document.querySelector('main button[title^=\"Watches the clauses that match these filters.\"]')");
        browser.wait_for("document.querySelectorAll('button[aria-pressed=false]').length === 2 && !document.querySelector('button[aria-pressed]:disabled')");
        browser.execute("[...document.querySelectorAll('button[aria-pressed]')].at(-1).click()", vec![]);
        browser.goto(&format!("{}/parties", app.url));
        see_badge(&browser, "");
        record(&app, "SUSPENDED", "Now it matches.");
        see_badge(&browser, "1");
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "Minsk II: SUSPENDED");
        see(&browser, "Sign in as an editor to see what you recorded");
        press(&browser, "Minsk II: SUSPENDED");
        browser.wait_for("location.pathname + location.search === '/agreements/minsk-2?status=SUSPENDED'");
        see_badge(&browser, "");
        // In the same browser, another account watches nothing.
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Eve", Role::Editor);
        browser.goto(&format!("{}/my-work", app.url));
        see(&browser, "You do not watch any page yet.");
    }

    fn change_log_is_filtered_by_address_and_links(app: Sample) {
        record(&app, "SUSPENDED", "A change.");
        let browser = open_as_editor(&app, "/changes");
        fill(&browser, "#filter-agreement", "minsk-2");
        browser.wait_for("location.search === '?agreement=minsk-2'");
        fill(&browser, "#filter-action", "ASSESSED");
        browser.wait_for("location.search.includes('action=ASSESSED') && [...document.querySelectorAll('main li')].every(it => it.textContent.includes('Status of'))");
        press(&browser, "Older changes");
        browser.wait_for("location.search.includes('before=') && location.search.includes('agreement=minsk-2') && location.search.includes('action=ASSESSED')");
        fill(&browser, "#filter-kind", "TOPIC");
        see(&browser, "No change matches the filters.");
        browser.wait_for("!location.search.includes('before=')");
        press(&browser, "Clear filters");
        browser.wait_for("location.search === ''");
        press(&browser, "analyst");
        browser.wait_for("location.search === '?actor=analyst'");
        see(&browser, "1 in total");
        browser.goto(&format!("{}/changes?about={}", app.url, app.clause_id("minsk-2", "9")));
        see(&browser, "Only changes to Minsk II, 9, and to the records that belong to it.");
        assert_clean(&browser, "/changes");
    }
}
