//! Records and parties that get another slug while their page is open, and pages opened with a former slug.

use serde_json::{Value, json};

use super::recording::assessments;
use super::{CLAUSE, ENTER, MISTAKE, open_retraction, press, see, see_no};
use crate::support::{Browser, TestApp, on_both_databases};

const RENAMED: &str = "/agreements/minsk-two/clauses/9";

/// Changes the slug of a record.
fn rename(app: &TestApp, kind: &str, old: &str, new: &str) {
    let field = kind.to_lowercase();
    let found = app.data(&format!("{{ {field}(slug: \"{old}\") {{ id }} }}"), json!({}));
    let mutation = format!(
        "mutation($input: Update{kind}Input!) {{ update{kind}(input: $input) {{ userErrors {{ message }} }} }}"
    );
    let input = json!({ format!("{field}Id"): found[&field]["id"], "slug": new });
    let answer = app.data(&mutation, json!({ "input": input }));
    assert_eq!(answer[format!("update{kind}")]["userErrors"], json!([]));
}

fn wait_for_address(browser: &Browser, address: &str) {
    let expression = "location.pathname + location.search + location.hash";
    browser.wait_for(&format!("{expression} === {}", json!(address)));
}

on_both_databases! {
    fn page_opened_with_a_former_slug_gets_the_current_address(app: Sample) {
        rename(&app, "Agreement", "minsk-2", "minsk-two");
        rename(&app, "Proposal", "russia-us-draft-treaty", "draft-treaty");
        let browser = Browser::open(1280, 900);
        for (old, present) in [
            ("/agreements/minsk-2?asOf=2021-12-02", "/agreements/minsk-two?asOf=2021-12-02"),
            ("/agreements/minsk-2/sequence", "/agreements/minsk-two/sequence"),
            ("/agreements/minsk-2/clauses/9#history", "/agreements/minsk-two/clauses/9#history"),
            ("/proposals/russia-us-draft-treaty", "/proposals/draft-treaty"),
        ] {
            browser.goto(&format!("{}{old}", app.url));
            wait_for_address(&browser, present);
            browser.wait_for("document.querySelectorAll('h1').length === 1 && document.title.length > 12");
            browser.wait_for("!document.querySelector('[aria-busy=true]')");
        }
        // The page can be used normally, and the history of the browser does not contain the old address.
        browser.goto(&format!("{}/changes", app.url));
        browser.goto(&format!("{}{CLAUSE}", app.url));
        wait_for_address(&browser, RENAMED);
        press(&browser, "Minsk II");
        wait_for_address(&browser, "/agreements/minsk-two");
        browser.execute("history.back()", vec![]);
        wait_for_address(&browser, RENAMED);
        browser.execute("history.back()", vec![]);
        wait_for_address(&browser, "/changes");
    }

    fn draft_survives_a_new_slug_of_the_agreement(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("It was ");
        browser.execute("window.written = document.activeElement", vec![]);
        for (old, new) in [("minsk-2", "minsk-two"), ("minsk-two", "minsk-second"), ("minsk-second", "minsk-two")] {
            rename(&app, "Agreement", old, new);
            wait_for_address(&browser, &format!("/agreements/{new}/clauses/9"));
            browser.wait_for("!document.querySelector('[aria-busy=true]')");
            assert_eq!(browser.execute("return window.written.isConnected && document.activeElement === window.written", vec![]), true, "{new}");
        }
        browser.type_keys("another clause.");
        browser.type_keys(ENTER);
        see(&browser, "It was another clause.");
        assert_eq!(assessments(&app)[0]["retractionReason"], "It was another clause.");
    }

    fn draft_of_a_reason_is_restored(app: Sample) {
        let browser = open_retraction(&app);
        browser.type_keys("It was another one.");
        browser.goto(&format!("{}/changes", app.url));
        browser.goto(&format!("{}{CLAUSE}", app.url));
        browser.wait_for(&format!("{MISTAKE}?.querySelector('input')?.value === 'It was another one.'"));
        // The user did not open the form, so it does not take the focus.
        assert_eq!(browser.execute("return document.activeElement.matches('input')", vec![]), false);
        browser.execute(&format!("{MISTAKE}.querySelector('input').focus()"), vec![]);
        browser.type_keys(ENTER);
        browser.wait_for(&format!("!{MISTAKE}?.querySelector('input')"));
        see(&browser, "It was another one.");
        assert_eq!(assessments(&app)[0]["retractionReason"], "It was another one.");
        assert_eq!(browser.execute("return Object.keys(localStorage).filter(it => it.includes('reason'))", vec![]), json!([]));
    }

    fn view_of_a_renamed_party_uses_the_new_slug(app: Sample) {
        rename(&app, "Party", "ukraine", "ukraine-state");
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2?asOf=2021-12-02&heldBy=ukraine", app.url));
        browser.wait_for("new URLSearchParams(location.search).get('heldBy') === 'ukraine-state'");
        browser.wait_for("location.search.includes('asOf=2021-12-02')");
        see(&browser, "View of Ukraine");
        // The address also changes while the page is open.
        browser.wait_for("document.querySelector('footer')?.textContent.includes('Live')");
        rename(&app, "Party", "ukraine-state", "ukraine-again");
        browser.wait_for("new URLSearchParams(location.search).get('heldBy') === 'ukraine-again'");
        see(&browser, "View of Ukraine");
        see_no(&browser, "ukraine-state");
        browser.goto(&format!("{}/agreements/minsk-2?heldBy=ukrain", app.url));
        see(&browser, "ukrain");
        browser.wait_for("document.querySelectorAll('h1').length === 1 && !document.body.textContent.includes('View of')");
        let location = browser.execute("return location.search", vec![]);
        assert_eq!(location, Value::from("?heldBy=ukrain"));
    }
}
