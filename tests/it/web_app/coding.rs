//! Coding by two coders. The second one codes without seeing the codings of the first one.

use clausewatch::domain::viewer::Role;
use serde_json::json;

use super::{fill, press, press_primary, see, see_no, sign_in};
use crate::support::{Browser, TestApp, client, on_one_database};

const PAGE: &str = "/agreements/minsk-disengagement-2016/coding?asOf=2019-06-30";
const AGREEMENT: &str = "minsk-disengagement-2016";

/// Records the codings of the first coder for clauses 1 and 2 through the API.
fn code_first(app: &TestApp) {
    let item = |number: &str, status: &str| json!({ "clauseId": app.clause_id(AGREEMENT, number), "status": status, "note": "Seen by Ann." });
    let input =
        json!({ "on": "2019-06-30", "items": [item("1", "COMPLETE"), item("2", "PARTIAL")] });
    let mutation = "mutation($input: RecordCodingsInput!) { recordCodings(input: $input) { userErrors { message } } }";
    let ann = client(Some(&app.token("Ann", Role::Editor)));
    let answer = app.send_by(&ann, mutation, json!({ "input": input }));
    assert_eq!(answer["data"]["recordCodings"]["userErrors"], json!([]), "{answer}");
}

/// Selects the status of a clause in the form.
fn choose(app: &TestApp, browser: &Browser, number: &str, status: &str) {
    let field = format!("[id='status-{}']", app.clause_id(AGREEMENT, number));
    fill(browser, &field, status);
}

on_one_database! {
    fn second_coder_codes_blind_and_then_sees_the_agreement(app: Sample) {
        code_first(&app);
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{PAGE}", app.url));
        see(&browser, "Sign in as an editor to code.");
        see(&browser, "No clause has two codings that you may see.");
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Bob", Role::Editor);
        browser.goto(&format!("{}/agreements/{AGREEMENT}?asOf=2019-06-30", app.url));
        press(&browser, "Code the clauses");
        see(&browser, "Complete: ");
        see_no(&browser, "Seen by Ann.");
        press_primary(&browser);
        see(&browser, "Choose or change the status of at least one clause");
        choose(&app, &browser, "1", "COMPLETE");
        choose(&app, &browser, "2", "MINIMAL");
        press_primary(&browser);
        see(&browser, "2 codings recorded.");
        see(&browser, "Seen by Ann.");
        // Clauses that both coders have coded no longer have fields.
        browser.wait_for("document.querySelectorAll('main form select').length === 1");
        // The coders gave the levels 3 and 3 to clause 1, and the levels 2 and 1 to clause 2, so alpha is 5 / 6.
        browser.wait_for("document.querySelector('section[aria-labelledby=comparison] table')?.textContent.includes('All topics')");
        let rows = browser.execute(
            "return [...document.querySelectorAll('section[aria-labelledby=comparison] tbody tr')].map(row => [...row.children].map(cell => cell.textContent))",
            vec![],
        );
        assert_eq!(rows[1], json!(["All topics", "0.833", "2", "2", "0"]), "{rows}");
        // A coding can be changed until another coder has coded the clause.
        for status in ["PARTIAL", "COMPLETE"] {
            choose(&app, &browser, "3", status);
            press_primary(&browser);
            see(&browser, "1 coding recorded.");
            browser.goto(&format!("{}{PAGE}", app.url));
            browser.wait_for(&format!("document.querySelector('main form select')?.value === '{status}'"));
        }
    }
}
