//! What readers ask: any day, any view, what waits for what, what changed, where something is.

use serde_json::json;

use super::{CLAUSE, assert_clean, fill, press, see, see_no};
use crate::support::{Browser, on_both_databases};

const LEFT: &str = "\u{e012}";

on_both_databases! {
    fn reader_asks_for_any_day_and_any_view(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}?asOf=2015-02-12", app.url));
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { status(asOf: \"2015-02-12\") } }";
        assert_eq!(app.data(query, json!({}))["clause"]["status"], "NOT_STARTED");
        let status = "document.querySelector('section[aria-labelledby=status]')?.textContent";
        browser.wait_for(&format!("{status}?.includes('Not started')"));
        browser.goto(&format!("{}{CLAUSE}", app.url));
        browser.wait_for(&format!("{status} && !{status}.includes('Not started')"));
        browser.goto(&format!("{}/agreements/minsk-2?asOf=2021-12-02", app.url));
        let clauses = "document.querySelector('section[aria-labelledby=clauses] tbody')";
        browser.wait_for(&format!("{clauses}?.rows.length >= 20"));
        let neutral = browser.execute(&format!("return {clauses}.textContent"), vec![]);
        fill(&browser, "select:has(option[value=ukraine])", "ukraine");
        browser.wait_for("location.search.includes('heldBy=ukraine')");
        browser.wait_for(&format!("{clauses}.textContent !== {neutral}"));
        browser.execute("history.back()", vec![]);
        browser.wait_for("!location.search.includes('heldBy')");
        browser.wait_for(&format!("{clauses}.textContent === {neutral}"));
        browser.execute("document.querySelector('input[type=range]').focus()", vec![]);
        browser.type_keys(LEFT);
        browser.wait_for("location.search.includes('asOf=2021-12-01')");
        assert_clean(&browser, "minsk-2");
    }

    fn deadlock_is_told_in_a_sentence_and_a_step_can_be_taken_as_done(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02", app.url));
        see(&browser, "wait for each other");
        see(&browser, "Russia’s reading: Minsk II, 9 waits for Minsk II, 12");
        see(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        // What if this were done? The step is clicked in the picture, and taken back where it is named.
        let step = "[...document.querySelectorAll('svg g[role=button]')].find(it => it.textContent.startsWith('12 '))";
        browser.wait_for(&format!("!!{step}"));
        let click = format!("{step}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))");
        browser.execute(&click, vec![]);
        browser.wait_for("new URLSearchParams(location.search).get('assumeDone') === 'minsk-2/12'");
        see_no(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        press(&browser, "Minsk II, 12 ×");
        see(&browser, "Ukraine’s reading: Minsk II, 12 waits for Minsk II, 9");
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02&readings=nobody", app.url));
        see(&browser, "No steps wait for each other in these readings.");
        assert_clean(&browser, "sequence");
    }

    fn days_are_compared_and_words_are_found(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/compare?from=2015-02-12&to=2016-02-12&agreement=minsk-2", app.url));
        let query = "{ agreement(slug: \"minsk-2\") { changesBetween(from: \"2015-02-12\", to: \"2016-02-12\") { clause { reference } } } }";
        let changes = app.data(query, json!({}))["agreement"]["changesBetween"].take();
        let changes = changes.as_array().expect("a list");
        assert!(changes.len() > 5, "{changes:?}");
        browser.wait_for(&format!("document.querySelectorAll('tbody')[1]?.rows.length === {}", changes.len()));
        for change in changes {
            see(&browser, change["clause"]["reference"].as_str().expect("a name"));
        }
        browser.goto(&format!("{}/search", app.url));
        fill(&browser, "main input[type=search]", "border control");
        browser.wait_for("location.search.includes('border')");
        see(&browser, "Minsk II, 9");
        fill(&browser, "main input[type=search]", "ceasfyre");
        see(&browser, "Did you mean: ceasefire");
        press(&browser, "ceasefire");
        see(&browser, "Minsk II, 1 Full ceasefire");
        browser.wait_for("[...document.querySelectorAll('mark')].some(it => it.textContent === 'ceasefire')");
        assert_clean(&browser, "search");
    }

    fn day_that_is_typed_is_one_step_of_the_way_back(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2", app.url));
        browser.wait_for("document.querySelector('tbody')");
        let steps = browser.execute("return history.length", vec![]);
        browser.execute("document.querySelector('main input[type=date]').focus()", vec![]);
        // The same in whichever order day and month are asked for.
        browser.type_keys("05052019");
        browser.wait_for("location.search.includes('asOf=2019-05-05')");
        let steps_then = browser.execute("return history.length", vec![]);
        assert_eq!(steps_then.as_u64(), steps.as_u64().map(|steps| steps + 1));
        browser.execute("history.back()", vec![]);
        browser.wait_for("location.search === ''");
    }

    fn other_clause_is_another_page_seen_from_its_beginning(app: Sample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        let other = "document.querySelector('section[aria-labelledby=waits-for] a[href*=\"/clauses/\"]')";
        browser.wait_for(other);
        let name = browser.execute(&format!("return {other}.textContent"), vec![]);
        browser.execute(&format!("{other}.scrollIntoView()"), vec![]);
        browser.wait_for("scrollY > 100");
        browser.execute(&format!("{other}.click()"), vec![]);
        browser.wait_for(&format!("document.querySelector('h1').textContent.startsWith('Minsk II, ' + {name}.match(/[0-9]+/)[0])"));
        browser.wait_for("scrollY === 0 && document.activeElement.tagName === 'H1'");
        browser.execute("history.back()", vec![]);
        browser.wait_for("document.querySelector('h1').textContent.startsWith('Minsk II, 9')");
    }
}
