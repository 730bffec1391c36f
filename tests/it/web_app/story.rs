//! The overview, sequence, proposal, change log and comparison pages: their main facts, and their layout on desktops and
//! phones.

use serde_json::json;

use super::{CLAUSE, assert_clean, fill, press, see, see_no};
use crate::dossiers::import_text;
use crate::support::{Browser, on_one_database};

/// The page's main chart: the first image that is wider than 250 pixels.
const CHART: &str = "[...document.querySelectorAll('figure svg[role=img]')].find(it => it.getBoundingClientRect().width > 250)";

/// The maximum number of pixels by which an area of the chart extends below the line of its bottom axis, or beyond an
/// end of this line.
const BEYOND: &str = "(() => { \
    const chart = [...document.querySelectorAll('figure svg[role=img]')].find(it => it.getBoundingClientRect().width > 250); \
    const axis = chart.querySelector('.time-axis-line').getBoundingClientRect(); \
    const shapes = [...chart.querySelectorAll('g > path')].filter(it => !it.closest('.time-axis') && it.style.fill !== 'none').map(it => it.getBoundingClientRect()); \
    return Math.max(...shapes.map(it => Math.max(axis.left - it.left, it.right - axis.right, it.bottom - axis.bottom))); })()";

on_one_database! {
    fn overview_describes_the_site_and_the_current_state(app: Whole) {
        let browser = Browser::open(1280, 900);
        browser.goto(&app.url);
        see(&browser, "Clausewatch tracks agreements clause by clause");
        let data = app.data("{ clauses(filter: { contested: true }) { totalCount } overdue: clauses(filter: { overdue: true }) { totalCount } }", json!({}));
        let (contested, overdue) = (&data["clauses"]["totalCount"], &data["overdue"]["totalCount"]);
        see(&browser, &format!("Parties disagree about {contested} clauses, and {overdue} clauses are overdue."));
        // The chart ends at its axis. It marks the events with the most changes, and the ends of agreements.
        browser.wait_for(CHART);
        browser.wait_for(&format!("{CHART}.querySelector('.time-axis-line')"));
        let beyond = browser.execute(&format!("return {BEYOND}"), vec![]);
        assert!(beyond.as_f64().is_some_and(|pixels| pixels <= 1.0), "{beyond}");
        see(&browser, "Russia's full-scale invasion of Ukraine");
        see(&browser, "Powers transferred, treaty in force");
        // The user can select one agreement. The URL keeps the selection.
        fill(&browser, "#agreement", "minsk-2");
        browser.wait_for("location.search === '?agreement=minsk-2'");
        see(&browser, "Minsk II: number of clauses by status");
        see(&browser, "Russia's full-scale invasion of Ukraine");
        see_no(&browser, "Powers transferred, treaty in force");
        // Each score shows its basis. If only a few clauses are counted, there is no score.
        see(&browser, "32 of 100, from 25 of 25 clauses");
        see(&browser, "Only 2 clauses: no score");
        assert_clean(&browser, "overview");
    }

    fn all_contested_clauses_can_be_shown(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&app.url);
        let data = app.data("{ clauses(filter: { contested: true }) { totalCount } }", json!({}));
        let count = &data["clauses"]["totalCount"];
        browser.wait_for("document.querySelectorAll('section[aria-labelledby=contested] > ul > li').length === 4");
        press(&browser, &format!("Show all {count}"));
        browser.wait_for(&format!("document.querySelectorAll('section[aria-labelledby=contested] > ul > li').length === {count}"));
    }

    fn clause_page_starts_with_the_status_and_other_views(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}", app.url));
        see(&browser, "Neutral record, high confidence, 3 sources.");
        let views = "document.querySelector('ul[aria-label=\"Other views\"]')";
        browser.wait_for(&format!("[...{views}.querySelectorAll('a')].map(it => it.textContent).join() === 'CADLR,Russia,Ukraine'"));
        // One row for each view, and one bar for each status.
        browser.wait_for(CHART);
        let rows = browser.execute(&format!("return [...{CHART}.querySelectorAll('text')].map(it => it.textContent).filter(it => ['Neutral record', 'CADLR', 'Russia', 'Ukraine'].includes(it))"), vec![]);
        assert_eq!(rows, json!(["Neutral record", "CADLR", "Russia", "Ukraine"]));
        let shapes = browser.execute(&format!("const chart = {CHART}.getBoundingClientRect(); return [...{CHART}.querySelectorAll('rect')].map(it => it.getBoundingClientRect()).every(it => it.left >= chart.left && it.right <= chart.right)"), vec![]);
        assert_eq!(shapes, true);
        // The list of sections remains visible and marks the current section.
        let contents = "document.querySelector('nav[aria-label=Sections]')";
        browser.execute("document.querySelector('#history').scrollIntoView()", vec![]);
        browser.wait_for(&format!("{contents}.querySelector('[aria-current]').textContent === 'History'"));
        let top = browser.execute(&format!("return {contents}.getBoundingClientRect().top"), vec![]);
        assert!(top.as_f64().is_some_and(|top| top > 0.0 && top < 200.0), "{top}");
        // The page shows five rows at first, then all.
        let shown = "[...document.querySelectorAll('section[aria-labelledby=history] tbody tr')].filter(it => it.getClientRects().length > 0).length";
        browser.wait_for(&format!("{shown} === 5"));
        browser.execute("[...document.querySelectorAll('section[aria-labelledby=history] button')].find(it => it.textContent.startsWith('Show all')).click()", vec![]);
        browser.wait_for(&format!("{shown} > 5"));
        // A link leads to another view.
        browser.execute(&format!("{views}.querySelectorAll('a')[1].click()"), vec![]);
        browser.wait_for("location.search === '?heldBy=russia'");
        see(&browser, "View of Russia, ");
        assert_clean(&browser, CLAUSE);
    }

    fn sequence_fits_the_width_of_desktop_and_phone_screens(app: SharedSample) {
        for width in [1280, 360] {
            let browser = Browser::open(width, 800);
            browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02", app.url));
            browser.wait_for("document.querySelectorAll('figure svg g[role]').length > 10");
            let beyond = "(() => { const boxes = [...document.querySelectorAll('figure svg g[role] rect')].map(it => it.getBoundingClientRect()); \
                return Math.max(...boxes.map(it => Math.max(-it.left, it.right - innerWidth))); })()";
            let beyond = browser.execute(&format!("return {beyond}"), vec![]);
            assert!(beyond.as_f64().is_some_and(|pixels| pixels <= 0.0), "{width}: {beyond}");
            // The first stage is at the top. The deadlock is below all stages before it.
            let top = |name: &str| browser.execute(&format!("return [...document.querySelectorAll('figure svg text')].find(it => it.textContent === '{name}').getBoundingClientRect().top"), vec![]).as_f64().unwrap();
            assert!(top("Stage 1") < top("Stage 2") && top("Stage 6") < top("Deadlocked"));
        }
    }

    fn sequence_of_an_ended_agreement_links_to_its_last_day(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2/sequence", app.url));
        see(&browser, "Minsk II ended on 24 Feb 2022.");
        see(&browser, "On 23 Feb 2022, the last day of the agreement, 9 Border control returns to Ukraine and 12 Local elections waited for each other.");
        press(&browser, "Show the sequence on 23 Feb 2022");
        browser.wait_for("location.search === '?asOf=2022-02-23'");
        see(&browser, "Minsk II, 9 Border control returns to Ukraine and Minsk II, 12 Local elections wait for each other");
        browser.goto(&app.url);
        see(&browser, "There is no deadlock on this day.");
        assert_clean(&browser, "sequence");
    }

    fn proposal_shows_offers_and_demands_first(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/proposals/minsk-track-2021", app.url));
        browser.wait_for("document.querySelector('#history') && !document.querySelector('[aria-busy=true]')");
        let titles = browser.execute("return [...document.querySelectorAll('main h2')].map(it => it.id)", vec![]);
        let titles: Vec<&str> = titles.as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        let place = |id: &str| titles.iter().position(|other| *other == id).unwrap_or_else(|| panic!("{id} is not in {titles:?}"));
        assert!(place("exchanges") < place("views") && place("views") < place("about") && place("about") < place("history"));
        // Offers are on the left, demands on the right.
        let sides = "[...document.querySelectorAll('section[aria-labelledby=exchanges] h4')]";
        browser.wait_for(&format!("{sides}.length >= 2"));
        let lefts = browser.execute(&format!("return {sides}.slice(0, 2).map(it => it.getBoundingClientRect().left)"), vec![]);
        assert!(lefts[0].as_f64() < lefts[1].as_f64(), "{lefts}");
        assert_clean(&browser, "proposal");
    }

    fn clause_and_change_log_are_short_and_complete_on_a_phone(app: SharedSample) {
        let height = |browser: &Browser| browser.execute("return document.documentElement.scrollHeight", vec![]).as_u64().expect("the height must be a number");
        let loaded = "document.querySelectorAll('h1').length === 1 && !document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')";
        // The lines of some sections on the desktop page. On a phone, these sections are collapsed.
        let lines = "['obligations', 'interpretations', 'viewpoints', 'deadlines', 'waits-for', 'holds-up'].flatMap(id => \
            document.querySelector(`section[aria-labelledby=${id}]`).innerText.split('\\n')).map(line => line.replace(/\\s/g, '')).filter(line => line && !/^(Showall|.*shown|.*intotal)/.test(line))";
        let desk = Browser::open(1280, 900);
        desk.goto(&format!("{}{CLAUSE}", app.url));
        desk.wait_for(loaded);
        desk.wait_for("!!document.querySelector('#holds-up')");
        let lines = desk.execute(&format!("return {lines}"), vec![]);
        assert!(lines.as_array().is_some_and(|lines| lines.len() > 50), "{lines}");

        let phone = Browser::open(360, 740);
        phone.goto(&format!("{}{CLAUSE}", app.url));
        phone.wait_for(loaded);
        phone.wait_for("document.querySelectorAll('section[aria-labelledby=history] tbody tr').length > 3");
        assert!(height(&phone) <= 6_000, "{}", height(&phone));
        let lost = phone.execute("const all = document.querySelector('main').textContent.replace(/\\s/g, ''); return arguments[0].filter(line => !all.includes(line))", vec![lines]);
        assert_eq!(lost, json!([]));
        // A click on a line expands its details.
        let basis = "document.querySelector('section[aria-labelledby=waits-for] li details')";
        let is_shown = format!("{basis}.querySelector('p').checkVisibility({{ contentVisibilityAuto: true }})");
        assert_eq!(phone.execute(&format!("return {is_shown}"), vec![]), false);
        phone.execute(&format!("{basis}.querySelector('summary').click()"), vec![]);
        phone.wait_for(&is_shown);

        phone.goto(&format!("{}/changes", app.url));
        phone.wait_for(loaded);
        phone.wait_for("document.querySelectorAll('main ol > li').length === 25");
        assert!(height(&phone) <= 8_000, "{}", height(&phone));
        assert_clean(&phone, "clause and changes");
    }

    fn comparison_is_short_until_expanded(app: SharedSample) {
        let browser = Browser::open(390, 844);
        browser.goto(&format!("{}/compare?from=2015-02-12&to=2026-01-01", app.url));
        let rows = "[...document.querySelectorAll('tbody')[1]?.rows ?? []].filter(it => it.getClientRects().length > 0).length";
        browser.wait_for(&format!("{rows} === 10"));
        let height = browser.execute("return document.documentElement.scrollHeight", vec![]);
        assert!(height.as_u64().is_some_and(|height| height < 9_000), "{height}");
        let button = "[...document.querySelectorAll('button')].find(it => it.textContent.startsWith('Show all'))";
        browser.execute(&format!("{button}.click()"), vec![]);
        browser.wait_for(&format!("{rows} > 50"));
        press(&browser, "Show fewer");
        browser.wait_for(&format!("{rows} === 10"));
    }

    fn comparison_of_more_agreements_than_a_page_says_so(app: Empty) {
        let agreements: Vec<String> = (0..201).map(|number| format!(
            "[[agreement]]\nslug = \"a-{number}\"\ntitle = \"T {number}\"\nshort_title = \"T {number}\"\nkind = \"OTHER\"\nadoption = \"Signed.\"\nagreed_on = 2020-01-01\nsummary = \"S.\"\n"
        )).collect();
        import_text(&app, &agreements.concat());
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/compare?from=2020-01-01&to=2026-01-01", app.url));
        see(&browser, "This page compares the first 200 of 201 agreements. The CSV files are made from all agreements.");
    }
}
