//! Reading: any day, any view, preconditions, changes, and search.

use serde_json::json;

use super::{CLAUSE, assert_clean, fill, press, record, see, see_no};
use crate::support::{Browser, on_one_database};

const LEFT: &str = "\u{e012}";

on_one_database! {
    fn overview_of_an_empty_database_finishes_loading(app: Empty) {
        let browser = Browser::open(1280, 900);
        browser.goto(&app.url);
        see(&browser, "There is no deadlock on this day.");
        browser.wait_for("!document.body.innerText.includes('Loading…')");
    }

    fn reader_can_select_any_day_and_any_view(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}{CLAUSE}?asOf=2015-02-12", app.url));
        let query = "{ clause(agreement: \"minsk-2\", number: \"9\") { status(asOf: \"2015-02-12\") } }";
        assert_eq!(app.data(query, json!({}))["clause"]["status"], "NOT_STARTED");
        // The text of the status, without the views of the parties, which follow the status.
        let status = "document.querySelector('section[aria-labelledby=status]')?.textContent.split('since')[0]";
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

    fn deadlock_is_described_and_a_step_can_be_assumed_done(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02", app.url));
        see(&browser, "wait for each other");
        see(&browser, "by the text, CADLR’s reading and Russia’s reading, 9 waits for 12; by Ukraine’s reading, 12 waits for 9.");
        // Clicks a step in the picture to assume that it is done, and removes the assumption in the list.
        let step = "[...document.querySelectorAll('svg g[role=button]')].find(it => it.textContent.startsWith('12 '))";
        browser.wait_for(&format!("!!{step}"));
        let click = format!("{step}.dispatchEvent(new MouseEvent('click', {{ bubbles: true }}))");
        browser.execute(&click, vec![]);
        browser.wait_for("new URLSearchParams(location.search).get('assumeDone') === 'minsk-2/12'");
        see_no(&browser, "by Ukraine’s reading, 12 waits for 9");
        press(&browser, "Minsk II, 12 ×");
        see(&browser, "by Ukraine’s reading, 12 waits for 9");
        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02&readings=nobody", app.url));
        see(&browser, "No steps wait for each other in these readings.");
        assert_clean(&browser, "sequence");
    }

    fn reader_compares_two_days_and_searches_words(app: SharedSample) {
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

    fn page_of_a_record_shows_its_aliases(app: Sample) {
        let browser = Browser::open(1280, 900);
        let proposal = "{ proposal(slug: \"russia-us-draft-treaty\") { id caveats(first: 1) { nodes { id number } } } }";
        let proposal = app.data(proposal, json!({}))["proposal"].take();
        let caveat = &proposal["caveats"]["nodes"][0];
        for (kind, id, alias) in [("Proposal", &proposal["id"], "The draft of December"), ("Caveat", &caveat["id"], "The first demand")] {
            let mutation = format!("mutation($input: Update{kind}Input!) {{ update{kind}(input: $input) {{ userErrors {{ message }} }} }}");
            let answer = app.data(&mutation, json!({ "input": { format!("{}Id", kind.to_lowercase()): id, "aliases": [alias, "Another name"] } }));
            assert_eq!(answer[format!("update{kind}")]["userErrors"], json!([]));
        }
        for (address, aliases) in [
            ("/agreements/minsk-2", "Minsk 2, Мінськ-2, Минск-2"),
            (CLAUSE, "кордон, граница"),
            ("/proposals/russia-us-draft-treaty", "The draft of December, Another name"),
        ] {
            browser.goto(&format!("{}{address}", app.url));
            see(&browser, "Also called");
            browser.wait_for(&format!("[...document.querySelectorAll('dl.facts dd')].some(it => it.textContent === {})", json!(aliases)));
        }
        let card = format!("document.getElementById({})", caveat["number"]);
        browser.wait_for(&format!("{card}?.textContent.includes('The first demand, Another name')"));
        // A record without other names does not show the label.
        browser.goto(&format!("{}/agreements/unsc-2202", app.url));
        browser.wait_for("!!document.querySelector('dl.facts')");
        see_no(&browser, "Also called");
    }

    fn typed_day_is_one_entry_of_the_history(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2", app.url));
        browser.wait_for("document.querySelector('tbody')");
        let steps = browser.execute("return history.length", vec![]);
        browser.execute("document.querySelector('main input[type=date]').focus()", vec![]);
        // These keys mean the same date in day-month and month-day order.
        browser.type_keys("05052019");
        browser.wait_for("location.search.includes('asOf=2019-05-05')");
        let steps_then = browser.execute("return history.length", vec![]);
        assert_eq!(steps_then.as_u64(), steps.as_u64().map(|steps| steps + 1));
        browser.execute("history.back()", vec![]);
        browser.wait_for("location.search === ''");
    }

    fn link_to_another_clause_opens_the_top_of_its_page(app: SharedSample) {
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

    fn address_with_an_invalid_day_or_party_shows_one_error(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        for (query, said, leads_to) in [
            ("heldBy=atlantis", "There is no party “atlantis”.", ""),
            ("asOf=2021-02-30", "“2021-02-30” is not a valid date.", ""),
            ("asOf=yesterday&status=BREACHED", "“yesterday” is not a valid date.", "?status=BREACHED"),
            ("asOf=2021-02-30&heldBy=atlantis", "There is no party “atlantis”.", ""),
        ] {
            for page in ["/", "/agreements/minsk-2", "/agreements/minsk-2/sequence", CLAUSE, "/proposals", "/proposals/russia-us-draft-treaty", "/compare", "/timeline"] {
                browser.goto(&format!("{}{page}?{query}", app.url));
                see(&browser, said);
                let count = format!("return document.body.textContent.split({}).length - 1", json!(said));
                assert_eq!(browser.execute(&count, vec![]), 1, "{page}?{query}");
                assert_eq!(browser.execute("return document.querySelectorAll('main [role=alert], main table').length", vec![]), 0, "{page}?{query}");
                // The browser reports nothing but the status code of the page itself.
                let complaints = browser.complaints();
                assert!(complaints.iter().all(|complaint| complaint.contains("status of 400")), "{page}?{query}: {complaints:#?}");
                browser.execute("document.querySelector('main a').click()", vec![]);
                browser.wait_for(&format!("location.pathname + location.search === {}", json!(format!("{page}{leads_to}"))));
                browser.wait_for("document.querySelector('main h2, main search, main .prose')");
            }
        }
        browser.goto(&format!("{}/compare?from=2021-13-01&to=2022-01-01", app.url));
        see(&browser, "“2021-13-01” is not a valid date.");
        // A party can be given by its slug or by its id.
        let party = app.data("{ party(slug: \"ukraine\") { id } }", json!({}));
        browser.goto(&format!("{}/agreements/minsk-2?heldBy={}", app.url, party["party"]["id"].as_str().unwrap()));
        browser.wait_for("document.querySelector('tbody')");
    }

    fn chart_is_printed_without_scrolling_to_it(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2", app.url));
        let chart = "[...document.querySelectorAll('figure svg')].find(it => it.getBoundingClientRect().width > 400)";
        browser.wait_for(chart);
        let place = browser.execute(&format!("return [scrollY, {chart}.getBoundingClientRect().top > innerHeight]"), vec![]);
        assert_eq!(place, json!([0, true]), "the chart must be below the visible part");
        browser.execute(&format!("addEventListener('afterprint', () => {{ window.printed = {chart}.querySelectorAll('path').length }})"), vec![]);
        assert!(browser.print().starts_with(b"%PDF"));
        assert!(browser.wait_for("window.printed").as_u64().is_some_and(|shapes| shapes > 3));
    }

    fn days_can_be_pasted_in_every_usual_format(app: SharedSample) {
        const CONTROL: &str = "\u{e009}";
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/agreements/minsk-2", app.url));
        browser.wait_for("document.querySelector('tbody')");
        let paste = |text: &str| {
            // Copies the text from another field, as a person copies a date from elsewhere.
            browser.execute("const field = document.querySelector('header input[type=search]'); field.value = arguments[0]; field.focus()", vec![json!(text)]);
            browser.type_keys(&format!("{CONTROL}a"));
            browser.type_keys(&format!("{CONTROL}c"));
            browser.execute("document.querySelector('main input[type=date]').focus()", vec![]);
            browser.type_keys(&format!("{CONTROL}v"));
        };
        for (text, day) in [
            ("2021-12-02", "2021-12-02"),
            ("03.12.2021", "2021-12-03"),
            ("4 December 2021", "2021-12-04"),
            ("Dec 5, 2021", "2021-12-05"),
            ("12/16/2021", "2021-12-16"),
            ("17/12/2021", "2021-12-17"),
        ] {
            paste(text);
            browser.wait_for(&format!("new URLSearchParams(location.search).get('asOf') === '{day}'"));
        }
        see(&browser, "“17/12/2021” was read as 17 Dec 2021.");
        paste("6/7/2021");
        see(&browser, "“6/7/2021” can mean 6 Jul 2021 or 7 Jun 2021. Nothing was entered.");
        paste("the other day");
        see(&browser, "“the other day” is not a valid date.");
        paste("1 May 1999");
        see(&browser, "1 May 1999 is before 12 Feb 2015");
        assert_eq!(browser.execute("return new URLSearchParams(location.search).get('asOf')", vec![]), "2021-12-17");
    }

    fn backdated_status_is_shown_as_an_addition_to_the_history(app: Sample) {
        record(&app, "BREACHED", "The latest.");
        let mutation = "mutation($input: UpdateClauseStatusInput!) { updateClauseStatus(input: $input) { userErrors { message } } }";
        let input = json!({ "clauseId": app.clause_id("minsk-2", "9"), "status": "MINIMAL", "effectiveOn": "2016-03-05", "note": "Found later." });
        app.data(mutation, json!({ "input": input }));
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/changes", app.url));
        see(&browser, "Minimal since 5 Mar 2016 · neutral record · backdated: Breached since 5 Mar 2022 stays in force");
        // The entry does not show the backdated status as a change of the current status.
        let entry = "document.querySelector('main ol li')";
        assert_eq!(browser.execute(&format!("return {entry}.textContent.includes('Before')"), vec![]), false);
        browser.wait_for(&format!("{entry}.textContent.includes('Found later.')"));
    }
}
