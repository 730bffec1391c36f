//! The finder of sources loses no typed letters, and shortcut keys do nothing while the user types in it.

use std::time::Duration;

use serde_json::json;

use super::recording::{assessments, begin, begin_in};
use super::{CLAUSE, ENTER, press, see, see_title};
use crate::support::{Browser, on_one_database};

const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const CONTROL_ENTER: &str = "\u{e009}\u{e007}";
const IN_FINDER: &str =
    "document.activeElement.closest('form') && document.activeElement.type === 'search'";
const OPTIONS: &str = "document.querySelectorAll('[role=option]')";

fn typed(browser: &Browser) -> serde_json::Value {
    browser.execute("return document.activeElement.value", vec![])
}

on_one_database! {
    fn finder_of_sources_ignores_shortcut_keys(app: Sample) {
        let browser = begin(&app, "Kept.");
        press(&browser, "Find a source");
        browser.wait_for(&format!("{OPTIONS}.length > 0"));
        // These texts contain the letters of shortcuts: `u`, `?`, `/`, and `g` followed by each letter that opens a page.
        for words in ["putin?", "guardian", "government", "gp gt gd gc gs", "and/or"] {
            browser.type_slowly(words);
            assert_eq!(typed(&browser), words);
            browser.type_keys(ESCAPE);
            browser.wait_for("document.activeElement.value === ''");
        }
        browser.type_keys(DOWN);
        // Shortcut keys also do nothing while an option of the list is focused.
        browser.type_slowly("gou?");
        assert_eq!(typed(&browser), "gou?");
        let place = "return [location.pathname, document.querySelector('dialog[open]') === null]";
        assert_eq!(browser.execute(place, vec![]), json!([CLAUSE, true]));
    }

    fn letters_typed_before_the_finder_is_loaded_are_kept(app: Sample) {
        let browser = begin(&app, "Kept.");
        browser.wait_for("document.querySelector('#history')");
        browser.set_latency(Duration::from_secs(2));
        press(&browser, "Find a source");
        browser.type_keys("steinmeier 616");
        assert_eq!(browser.execute(&format!("return {OPTIONS}.length"), vec![]), 0, "the list must not be loaded yet");
        browser.wait_for(&format!("{OPTIONS}.length > 0"));
        browser.wait_for(IN_FINDER);
        browser.type_slowly("441");
        assert_eq!(typed(&browser), "steinmeier 616441");
        browser.wait_for(&format!("{OPTIONS}.length === 1 && {OPTIONS}[0].textContent.includes('616441')"));
    }

    fn enter_before_the_finder_is_loaded_adds_the_source(app: Sample) {
        let browser = begin(&app, "Kept.");
        browser.wait_for("document.querySelector('#history')");
        browser.set_latency(Duration::from_secs(1));
        press(&browser, "Find a source");
        browser.type_keys("steinmeier 616441");
        browser.type_keys(ENTER);
        browser.wait_for("[...document.querySelectorAll('main form fieldset li')].some(it => it.textContent.includes('616441'))");
        // The key did not submit the form.
        assert_ne!(assessments(&app)[0]["note"], "Kept.");
    }

    fn control_enter_submits_the_form_from_any_focus(app: Sample) {
        for place in ["list", "finder", "heading", "status", "page"] {
            let browser = begin(&app, place);
            match place {
                "list" | "finder" => {
                    press(&browser, "Find a source");
                    browser.wait_for(&format!("{OPTIONS}.length > 0"));
                    browser.type_slowly("osce");
                    browser.wait_for(&format!("{OPTIONS}[0]?.textContent.includes('OSCE')"));
                    if place == "list" {
                        browser.type_keys(DOWN);
                    }
                }
                "heading" => drop(browser.execute("document.querySelector('#update-title').focus()", vec![])),
                "status" => drop(browser.execute("document.querySelector('input[name=update-status]:checked').focus()", vec![])),
                _ => drop(browser.execute("document.activeElement.blur()", vec![])),
            }
            browser.type_keys(CONTROL_ENTER);
            see_title(&browser, "Recorded");
            let newest = assessments(&app)[0].take();
            assert_eq!((&newest["note"], &newest["evidence"]), (&json!(place), &json!([])), "{newest:#}");
        }
    }

    fn control_enter_in_another_form_does_not_submit_this_form(app: Sample) {
        // The window is wide, because in a narrow window a link replaces the search field while a form is open.
        let browser = begin_in(Browser::open(1600, 900), &app, "Not yet.");
        browser.execute("document.querySelector('header input[type=search]').focus()", vec![]);
        browser.type_keys("border");
        browser.type_keys(CONTROL_ENTER);
        browser.wait_for("location.pathname === '/search'");
        see(&browser, "Minsk II, 9");
        assert_ne!(assessments(&app)[0]["note"], "Not yet.");
    }
}
