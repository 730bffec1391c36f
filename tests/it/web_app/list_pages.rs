//! The lists of agreements, the views of all parties, the records of a party, and the timeline with its filters.

use serde_json::{Value, json};

use super::records::open_as_editor;
use super::{assert_clean, fill, press, see, see_no};
use crate::support::{Browser, TestApp, on_one_database};

/// The text of the first cell of each table row in a part of the page.
fn row_headers(browser: &Browser, section: &str) -> Value {
    let rows = format!(
        "return [...document.querySelectorAll('{section} tbody th')].map(it => it.textContent.trim())"
    );
    browser.execute(&rows, vec![])
}

fn see_rows(browser: &Browser, section: &str, count: &Value) {
    browser
        .wait_for(&format!("document.querySelectorAll('{section} tbody tr').length === {count}"));
}

/// The number at a JSON pointer in the response to a query. Fails unless it is 1 to 100.
fn count(app: &TestApp, query: &str, pointer: &str) -> Value {
    let data = app.data(query, json!({}));
    let count = data.pointer(pointer).cloned().unwrap_or_default();
    assert!(count.as_u64().is_some_and(|count| (1..=100).contains(&count)), "{query}: {count}");
    count
}

on_one_database! {
    fn agreements_are_filtered_and_sorted_by_the_address(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&app.url);
        press(&browser, "Agreements");
        browser.wait_for("location.pathname === '/agreements'");
        let all = count(&app, "{ agreements { totalCount } }", "/agreements/totalCount");
        see_rows(&browser, "main", &all);
        fill(&browser, "#filter-order", "title");
        browser.wait_for("location.search.includes('order=title')");
        let titles = "[...document.querySelectorAll('main tbody th a')].map(it => it.title)";
        let sorted = app.data("{ agreements(orderBy: { field: TITLE }) { nodes { title } } }", json!({}));
        let sorted: Vec<&Value> = sorted["agreements"]["nodes"].as_array().unwrap().iter().map(|node| &node["title"]).collect();
        browser.wait_for(&format!("{titles}.join('|') === {}.join('|')", json!(sorted)));
        fill(&browser, "#filter-kind", "PROTOCOL");
        browser.wait_for("document.querySelectorAll('main tbody tr').length === 1");
        assert_eq!(row_headers(&browser, "main"), json!(["Minsk Protocol"]));
        press(&browser, "Clear filters");
        fill(&browser, "#filter-state", "ended");
        let ended = count(&app, "{ agreements(filter: { ended: true }) { totalCount } }", "/agreements/totalCount");
        see_rows(&browser, "main", &ended);
        // On an earlier day, the page lists the agreements concluded by that day. None of them had ended.
        browser.goto(&format!("{}/agreements?asOf=2015-01-01", app.url));
        let earlier = count(&app, "{ agreements(filter: { agreedTo: \"2015-01-01\" }) { totalCount } }", "/agreements/totalCount");
        see_rows(&browser, "main", &earlier);
        browser.goto(&format!("{}/agreements?asOf=2015-01-01&state=ended", app.url));
        see(&browser, "No agreement matches these filters.");
        fill(&browser, "main input[type=search]", "nothing has this title");
        browser.wait_for("location.search.includes('text=nothing')");
        assert_clean(&browser, "agreements");
    }

    fn editor_finds_archived_agreements(app: Sample) {
        let query = "{ agreement(slug: \"minsk-protocol\") { id } }";
        let id = app.data(query, json!({}))["agreement"]["id"].take();
        let mutation = "mutation($id: ID!) { archiveAgreement(input: { agreementId: $id }) { userErrors { message } } }";
        app.data(mutation, json!({ "id": id }));
        let reader = Browser::open(1280, 900);
        reader.goto(&format!("{}/agreements?archived=1", app.url));
        see(&reader, "Minsk II");
        see_no(&reader, "Minsk Protocol");
        let editor = open_as_editor(&app, "/agreements");
        see(&editor, "Minsk II");
        editor.click("main search input[type=checkbox]");
        editor.wait_for("document.querySelectorAll('main tbody tr').length === 1");
        assert_eq!(row_headers(&editor, "main"), json!(["Minsk Protocol"]));
    }

    fn party_shows_its_duties_views_breaches_and_records(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2?asOf=2021-12-02", app.url));
        press(&browser, "Ukraine");
        browser.wait_for("location.pathname === '/parties/ukraine' && location.search.includes('asOf=2021-12-02')");
        let of_party = |field: &str| format!("{{ party(slug: \"ukraine\") {{ list: {field} {{ totalCount }} }} }}");
        let counted = |field: &str| count(&app, &of_party(field), "/party/list/totalCount");
        let differing = counted("viewpoints(asOf: \"2021-12-02\", differsFromNeutral: true)");
        let all = counted("viewpoints(asOf: \"2021-12-02\")");
        see(&browser, &format!("{differing} of {all} assessments of this party differ from the neutral record."));
        see_rows(&browser, "section[aria-labelledby=views]", &json!(differing.as_u64().unwrap().min(25)));
        let breaches = counted("breaches(asOf: \"2021-12-02\")");
        see_rows(&browser, "section[aria-labelledby=breaches]", &json!(breaches.as_u64().unwrap().min(25)));
        let proposals = count(&app, "{ proposals(filter: { party: [\"ukraine\"], madeTo: \"2021-12-02\" }) { totalCount } }", "/proposals/totalCount");
        see_rows(&browser, "section[aria-labelledby=proposals]", &proposals);
        let agreements = count(&app, "{ agreements(filter: { party: [\"ukraine\"], agreedTo: \"2021-12-02\" }) { totalCount } }", "/agreements/totalCount");
        see_rows(&browser, "section[aria-labelledby=agreements]", &agreements);
        fill(&browser, "#filter-role", "BENEFICIARY");
        let duties = counted("clauses(role: BENEFICIARY)");
        see_rows(&browser, "section[aria-labelledby=duties]", &json!(duties.as_u64().unwrap().min(25)));
        fill(&browser, "#filter-status", "NOT_APPLICABLE");
        see(&browser, "No clause matches these filters.");
        // The party's page links to the pages of its representatives, and their pages link back.
        press(&browser, "Zelensky");
        browser.wait_for("location.pathname.startsWith('/parties/') && document.querySelector('h1')?.textContent === 'Zelensky'");
        press(&browser, "Ukraine");
        browser.wait_for("document.querySelector('h1')?.textContent === 'Ukraine'");
        assert_clean(&browser, "party");
        browser.goto(&format!("{}/parties/atlantis", app.url));
        see(&browser, "Page not found");
    }

    fn search_links_to_the_page_of_a_party(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/search?q=Germany&kind=PARTY", app.url));
        press(&browser, "Germany");
        browser.wait_for("location.pathname === '/parties/germany' && document.querySelector('h1')?.textContent === 'Germany'");
    }

    fn views_are_shown_side_by_side_with_contested_clauses_marked(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2?asOf=2021-12-02", app.url));
        press(&browser, "Views side by side");
        browser.wait_for("location.pathname === '/agreements/minsk-2/views'");
        let clauses = |filter: &str| {
            let query = format!("{{ clauses(filter: {{ agreement: [\"minsk-2\"] {filter} }}) {{ totalCount }} }}");
            count(&app, &query, "/clauses/totalCount")
        };
        let (all, contested) = (clauses(""), clauses("contested: true, asOf: \"2021-12-02\""));
        see(&browser, &format!("{contested} of {all} clauses are contested on this day"));
        see_rows(&browser, "main", &all);
        browser.wait_for(&format!("[...document.querySelectorAll('main tbody th')].filter(it => it.textContent.includes('Contested')).length === {contested}"));
        // The cells of a row contain the viewpoints of its clause.
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { viewpoints(asOf: \"2021-12-02\") { status heldBy { shortName } } } }";
        let viewpoints = app.data(query, json!({}))["clause"]["viewpoints"].take();
        let row = "[...document.querySelectorAll('main tbody tr')].find(it => it.textContent.startsWith('9 '))";
        let filled = format!("[...{row}.cells].slice(1).filter(it => it.textContent).length");
        browser.wait_for(&format!("{filled} === {}", viewpoints.as_array().unwrap().len()));
        for viewpoint in viewpoints.as_array().unwrap() {
            let holder = viewpoint["heldBy"]["shortName"].as_str().unwrap_or("Neutral record");
            browser.wait_for(&format!("[...{row}.cells].some(it => it.dataset.title === {} && it.querySelector('svg'))", json!(holder)));
        }
        browser.click("main search input[type=checkbox]");
        see_rows(&browser, "main", &contested);
        browser.wait_for("location.search.includes('contested=1')");
        assert_clean(&browser, "views");
        browser.goto(&format!("{}/agreements/atlantis/views", app.url));
        see(&browser, "Page not found");
    }

    fn overview_links_to_all_contested_clauses(app: SharedSample) {
        let browser = Browser::open(360, 740);
        browser.goto(&format!("{}/?asOf=2021-12-02", app.url));
        browser.wait_for("!!document.querySelector('main a[href^=\"/views\"]')");
        browser.click("main a[href^=\"/views\"]");
        browser.wait_for("location.pathname === '/views' && location.search.includes('asOf=2021-12-02')");
        let contested = count(&app, "{ clauses(filter: { contested: true, asOf: \"2021-12-02\" }) { totalCount } }", "/clauses/totalCount");
        see_rows(&browser, "main", &contested);
        let sideways = browser.execute("return document.documentElement.scrollWidth - innerWidth", vec![]);
        assert!(sideways.as_i64().is_some_and(|pixels| pixels <= 0), "{sideways}");
    }

    fn timeline_is_filtered_by_party_agreement_and_text(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/parties/osce-smm?asOf=2015-12-31", app.url));
        browser.wait_for("!!document.querySelector('main a[href^=\"/timeline?party=\"]')");
        browser.click("main a[href^=\"/timeline?party=\"]");
        browser.wait_for("location.pathname === '/timeline' && location.search.includes('party=osce-smm')");
        let see_entries = |arguments: &str| {
            let query = format!("{{ timeline(to: \"2015-12-31\", {arguments}, first: 0) {{ totalCount }} }}");
            let expected = count(&app, &query, "/timeline/totalCount");
            browser.wait_for(&format!("document.querySelectorAll('main ol > li').length === {expected}"));
        };
        see_entries("party: [\"osce-smm\"]");
        browser.wait_for("!!document.querySelector('#filter-agreement option[value=minsk-2]')");
        fill(&browser, "#filter-agreement", "minsk-2");
        see_entries("party: [\"osce-smm\"], agreement: [\"minsk-2\"]");
        fill(&browser, "main input[type=search]", "Debaltseve");
        see_entries("party: [\"osce-smm\"], agreement: [\"minsk-2\"], text: \"Debaltseve\"");
        browser.wait_for("['party=osce-smm', 'agreement=minsk-2', 'text=Debaltseve'].every(it => location.search.includes(it))");
        // Each month has a heading, followed by the entries of that month.
        browser.goto(&format!("{}/timeline?to=2015-03-31&from=2015-02-01", app.url));
        let months = "[...document.querySelectorAll('main h2[id^=month]')].map(it => it.textContent.trim())";
        browser.wait_for(&format!("{months}.join() === 'March 2015,February 2015'"));
        let days = "[...document.querySelectorAll('section[aria-labelledby=month-2015-02] li time')]";
        browser.wait_for(&format!("{days}.length > 3 && {days}.every(it => it.dateTime.startsWith('2015-02'))"));
        assert_clean(&browser, "timeline");
    }
}
