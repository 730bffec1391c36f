//! The day control, and the header on narrow screens.

use clausewatch::domain::viewer::Role;
use serde_json::{Value, json};

use super::{CLAUSE, assert_clean, press, see, see_no, sign_in};
use crate::support::{Browser, TestApp, on_one_database};

const ESCAPE: &str = "\u{e00c}";

/// The days on which the neutral record of the clause changed, or on which an event concerned the clause. Latest first.
fn days_of_changes(app: &TestApp) -> Vec<String> {
    let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { \
                 assessments(first: 200) { nodes { day: effectiveOn heldBy { id } } } \
                 events(last: 200) { nodes { day: happenedOn } } } }";
    let mut clause = app.data(query, json!({}))["clause"].take();
    let mut days: Vec<String> = ["assessments", "events"]
        .iter()
        .flat_map(|list| clause[*list]["nodes"].as_array_mut().expect("a list").split_off(0))
        .filter(|entry| entry.get("heldBy").is_none_or(Value::is_null))
        .map(|entry| entry["day"].as_str().expect("a day").to_owned())
        .collect();
    days.sort_unstable();
    days.dedup();
    days.reverse();
    days
}

fn wait_for_day(browser: &Browser, day: &str) {
    browser
        .wait_for(&format!("new URLSearchParams(location.search).get('asOf') === {}", json!(day)));
}

on_one_database! {
    fn keys_and_buttons_navigate_between_changes_and_today(app: SharedSample) {
        let days = days_of_changes(&app);
        assert!(days.len() > 3, "{days:?}");
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        let ready = |name: &str| browser.wait_for(&format!("document.querySelector('[aria-label=\"{name}\"]')?.getAttribute('aria-disabled') === 'false'"));
        ready("Previous change");
        see_no(&browser, "Back to today");
        browser.type_keys(",");
        wait_for_day(&browser, &days[0]);
        see(&browser, "Back to today");
        see(&browser, "On this day: ");
        ready("Previous change");
        browser.click("[aria-label='Previous change']");
        wait_for_day(&browser, &days[1]);
        ready("Next change");
        browser.click("h1");
        browser.type_keys(".");
        wait_for_day(&browser, &days[0]);
        // The field shows the day in the same format as the rest of the page.
        let field = "document.querySelector('main input[type=date]').parentElement.textContent";
        browser.wait_for(&format!("/^\\d+ [A-Z][a-z]{{2}} \\d{{4}}$/.test({field})"));
        press(&browser, "Back to today");
        browser.wait_for("!location.search.includes('asOf')");
        see_no(&browser, "Back to today");
        assert_clean(&browser, CLAUSE);
    }

    fn day_control_stays_visible_in_one_row_on_a_phone(app: SharedSample) {
        let browser = Browser::open(360, 740);
        browser.goto(&format!("{}{CLAUSE}?asOf=2017-09-01&heldBy=russia", app.url));
        see(&browser, "1 Sep 2017 · Russia");
        browser.wait_for("document.querySelector('#history')");
        let bar = "document.querySelector('section[aria-label=\"Day and viewpoint\"]').getBoundingClientRect()";
        browser.wait_for(&format!("{bar}.height > 0 && {bar}.height < 60"));
        browser.execute("window.scrollTo(0, 3000)", vec![]);
        browser.wait_for(&format!("window.scrollY > 1000 && Math.abs({bar}.top) < 1"));
        press(&browser, "1 Sep 2017 · Russia");
        browser.wait_for("document.querySelector('input[type=range]').checkVisibility()");
        press(&browser, "Back to today");
        browser.wait_for("location.search === '?heldBy=russia'");
        assert_clean(&browser, CLAUSE);
    }

    fn navigation_opens_below_the_header_on_a_phone(app: SharedSample) {
        let browser = Browser::open(360, 740);
        browser.goto(&format!("{}/proposals", app.url));
        let timeline = "document.querySelector('header nav a[href=\"/timeline\"]')";
        browser.wait_for(&format!("{timeline} && !{timeline}.checkVisibility()"));
        browser.click("header button[aria-label=Menu]");
        browser.wait_for(&format!("{timeline}.checkVisibility()"));
        assert_eq!(browser.execute("return document.querySelector('header nav [aria-current=page]').textContent", vec![]), "Proposals");
        browser.type_keys(ESCAPE);
        browser.wait_for(&format!("!{timeline}.checkVisibility() && document.activeElement.matches('[aria-label=Menu]')"));
        browser.click("header button[aria-label=Menu]");
        browser.click("header nav a[href='/timeline']");
        browser.wait_for("location.pathname === '/timeline'");
        browser.wait_for(&format!("!{timeline}.checkVisibility()"));
        // On a phone, the search field is only on the search page.
        browser.click("header search a");
        browser.wait_for("location.pathname === '/search' && document.activeElement.type === 'search'");
        assert_clean(&browser, "/search");
    }

    fn header_of_a_signed_in_user_fits_the_narrowest_window(app: Sample) {
        let browser = Browser::open(320, 640);
        browser.goto(&format!("{}/sign-in", app.url));
        sign_in(&app, &browser, "Ada", Role::Admin);
        browser.goto(&format!("{}/proposals", app.url));
        browser.wait_for("document.querySelector('header')?.textContent.includes('Ada')");
        let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
        assert_eq!(sideways, 0);
    }

    fn typeface_is_served_and_used(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/parties", app.url));
        see(&browser, "ОРДЛО");
        // Cyrillic names need a second font file.
        browser.wait_for("[...document.fonts].filter((face) => face.family.includes('Source Sans 3') && face.status === 'loaded').length >= 2");
        let licences = browser.execute("const request = new XMLHttpRequest(); request.open('GET', '/assets/licenses.md', false); request.send(); return request.responseText", vec![]);
        assert!(licences.as_str().is_some_and(|text| text.contains("SIL OPEN FONT LICENSE")), "the licence of the typeface is missing");
    }
}
