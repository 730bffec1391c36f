//! Exports for readers: tables, pictures, links and citations.

use serde_json::json;

use super::{press, see};
use crate::support::{Browser, TestApp, on_one_database};

const VIEW: &str = "asOf=2021-12-02&heldBy=russia";

/// The lines of the CSV file that was saved last. Checks the name of the file.
fn saved_table(browser: &Browser, name: &str) -> Vec<String> {
    let (file, content) = browser.downloaded();
    assert_eq!(file, name);
    let text = String::from_utf8(content).expect("UTF-8");
    let text = text
        .strip_prefix('\u{feff}')
        .expect("the file starts with a byte order mark, which spreadsheets need to read UTF-8");
    text.strip_suffix("\r\n")
        .expect("the file ends with a line break")
        .split("\r\n")
        .map(str::to_owned)
        .collect()
}

/// Opens a page, and waits until its table has rows.
fn open(app: &TestApp, address: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}{address}", app.url));
    browser.wait_for("document.querySelectorAll('tbody tr').length > 0");
    browser
}

on_one_database! {
    fn list_is_downloaded_with_the_filters_and_the_view_of_the_page(app: SharedSample) {
        let browser = open(&app, &format!("/agreements/minsk-2?{VIEW}&status=BREACHED"));
        browser.wait_for("document.querySelector('section[aria-labelledby=clauses] tbody') && !document.querySelector('[aria-busy=true]')");
        let shown = browser.execute("return document.querySelector('section[aria-labelledby=clauses] tbody').rows.length", vec![]);
        let link = |name: &str| format!("[...document.querySelectorAll('section[aria-labelledby=clauses] a[download]')].find(it => it.textContent === '{name}')");
        let name = "clauses-minsk-2-2021-12-02-russia";
        browser.execute(&format!("{}.click()", link("CSV")), vec![]);
        let lines = saved_table(&browser, &format!("{name}.csv"));
        assert!(lines[0].starts_with("id,reference,agreementId,"), "{}", lines[0]);
        browser.execute(&format!("{}.click()", link("JSON")), vec![]);
        let (file, content) = browser.downloaded();
        assert_eq!(file, format!("{name}.json"));
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&content).expect("JSON");
        assert_eq!(json!(rows.len()), shown);
        for row in &rows {
            assert_eq!((&row["status"], &row["asOf"], &row["heldBy"]), (&json!("BREACHED"), &json!("2021-12-02"), &json!("russia")));
        }
        browser.execute(&format!("{}.click()", link("Excel")), vec![]);
        let (file, content) = browser.downloaded();
        assert_eq!(file, format!("{name}.xlsx"));
        assert_eq!(&content[..2], b"PK");
    }

    fn table_of_agreements_contains_the_data_of_the_bars(app: SharedSample) {
        let figures = "{ agreement(slug: \"minsk-2\") { title implementation(asOf: \"2021-12-02\") { score breakdown { status count } } } }";
        let figures = app.data(figures, json!({}))["agreement"]["implementation"].take();
        let of = |name: &str| figures["breakdown"].as_array().unwrap().iter().map(|entry| entry[name].clone()).collect::<Vec<_>>();
        for (address, is_filtered) in [("/?asOf=2021-12-02", false), ("/agreements?asOf=2021-12-02&state=inForce&order=title", true)] {
            let browser = open(&app, address);
            let table = "[...document.querySelectorAll('caption')].find(it => it.textContent === 'Agreements')?.closest('div')";
            browser.wait_for(&format!("!!{table}"));
            let shown = browser.execute(&format!("return {table}.querySelectorAll('tbody tr').length"), vec![]);
            browser.execute(&format!("[...{table}.querySelectorAll('a[download]')].find(it => it.textContent === 'JSON').click()"), vec![]);
            let (_, content) = browser.downloaded();
            let saved: Vec<serde_json::Value> = serde_json::from_slice(&content).expect("JSON");
            assert_eq!(json!(saved.len()), shown, "{address}");
            let row = saved.iter().find(|row| row["slug"] == "minsk-2").expect("the row of Minsk II");
            assert_eq!((&row["clauseStatuses"], &row["clauseStatusCounts"]), (&json!(of("status")), &json!(of("count"))));
            assert_eq!(row["asOf"], "2021-12-02");
            if is_filtered {
                assert!(saved.iter().all(|row| row["endedOn"].is_null()), "the filter applies");
                let titles: Vec<_> = saved.iter().map(|row| row["title"].as_str().unwrap()).collect();
                let order = browser.execute(&format!("return [...{table}.querySelectorAll('tbody th a')].map(it => it.title)"), vec![]);
                assert_eq!(json!(titles), order);
            }
        }
    }

    fn files_created_by_the_page_contain_ids_and_addresses(app: SharedSample) {
        for (address, name, columns) in [
            ("/timeline?agreement=minsk-2&to=2016-01-01", "timeline-minsk-2-2016-01-01.csv", "Kind,Kind (code),"),
            ("/search?q=border", "search-border.csv", "Kind,Kind (code),"),
            ("/compare?agreement=minsk-2&from=2015-02-12&to=2016-02-12", "changes-minsk-2-2015-02-12-2016-02-12-neutral.csv", ",Evidence addresses,"),
            ("/proposals/minsk-track-2021?asOf=2022-03-01", "minsk-track-2021-history-2022-03-01.csv", "Status,"),
        ] {
            let browser = Browser::open(1280, 900);
            browser.goto(&format!("{}{address}", app.url));
            let button = "[...document.querySelectorAll('button')].filter(it => it.textContent === 'Download CSV').at(-1)";
            browser.wait_for(&format!("!!{button} && !document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')"));
            browser.execute(&format!("{button}.click()"), vec![]);
            let lines = saved_table(&browser, name);
            assert!(lines[0].ends_with(",Id,Address") && lines[0].contains(columns), "{address}: {}", lines[0]);
            assert!(lines.len() > 3, "{address}: {lines:?}");
            for line in &lines[1..] {
                let mut ends = line.rsplit(',');
                let (url, id) = (ends.next().expect("an address"), ends.next().expect("an id"));
                assert!(url.starts_with(&format!("{}/", app.url)), "{address}: {line}");
                for id in id.split("; ") {
                    let node = app.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }));
                    assert_eq!(node["node"]["id"], id, "{address}: {line}");
                }
            }
        }
        // The timeline also links to the server's exports, unless the exports do not support one of its filters.
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/timeline?agreement=minsk-2&kind=EVENT&from=2015-01-01&to=2015-12-31", app.url));
        see(&browser, "Events as");
        browser.execute("[...document.querySelectorAll('a[download]')].find(it => it.textContent === 'JSON').click()", vec![]);
        let (_, content) = browser.downloaded();
        let saved: Vec<serde_json::Value> = serde_json::from_slice(&content).expect("JSON");
        assert!(!saved.is_empty() && saved.iter().all(|row| row["happenedOn"].as_str().unwrap().starts_with("2015")), "{saved:?}");
        browser.goto(&format!("{}/timeline?agreement=minsk-2&kind=EVENT&text=border", app.url));
        see(&browser, "Download CSV");
        super::see_no(&browser, "Events as");
    }

    fn files_created_by_the_page_contain_all_rows(app: SharedSample) {
        let query = "{ timeline(to: \"2022-03-01\") { totalCount } agreementTimeline: timeline(agreement: [\"minsk-2\"], to: \"2022-03-01\") { totalCount } \
                     search(query: \"minsk\") { totalCount } clauses: search(query: \"minsk\", kinds: [CLAUSE]) { totalCount } \
                     agreements(first: 200) { nodes { changesBetween(from: \"2015-03-01\", to: \"2022-02-23\") { statusAfter } } } }";
        let data = app.data(query, json!({}));
        let agreements = data["agreements"]["nodes"].as_array().unwrap().iter();
        let changes: usize = agreements.map(|agreement| agreement["changesBetween"].as_array().unwrap().len()).sum();
        let browser = Browser::open(1280, 900);
        // The pages show at most 100 entries of a timeline and 30 search results, but the files contain all rows.
        for (address, name, total) in [
            ("/timeline?to=2022-03-01", "timeline-2022-03-01.csv", data["timeline"]["totalCount"].clone()),
            ("/agreements/minsk-2?asOf=2022-03-01", "minsk-2-timeline-2022-03-01.csv", data["agreementTimeline"]["totalCount"].clone()),
            ("/search?q=minsk", "search-minsk.csv", data["search"]["totalCount"].clone()),
            ("/search?q=minsk&kind=CLAUSE", "search-minsk-clause.csv", data["clauses"]["totalCount"].clone()),
            ("/compare?from=2015-03-01&to=2022-02-23", "changes-all-2015-03-01-2022-02-23-neutral.csv", json!(changes)),
        ] {
            browser.goto(&format!("{}{address}", app.url));
            let button = "[...document.querySelectorAll('button')].filter(it => it.textContent === 'Download CSV').at(-1)";
            browser.wait_for(&format!("!!{button} && !document.querySelector('[aria-busy=true]') && !document.body.innerText.includes('Loading…')"));
            browser.execute(&format!("{button}.click()"), vec![]);
            let lines = saved_table(&browser, name);
            assert_eq!(json!(lines.len() - 1), total, "{address}");
        }
        assert!(data["timeline"]["totalCount"].as_i64() > Some(100) && data["search"]["totalCount"].as_i64() > Some(30), "{data}");
    }

    fn file_of_scores_contains_all_agreements_without_the_evidence_of_changes(app: SharedSample) {
        let query = "{ agreements(first: 200) { nodes { implementation(asOf: \"2022-02-23\") { total } } } }";
        let agreements = app.data(query, json!({}))["agreements"]["nodes"].take();
        let scored = agreements.as_array().unwrap().iter().filter(|agreement| agreement["implementation"]["total"] != 0).count();
        let browser = open(&app, "/compare?from=2015-03-01&to=2022-02-23");
        let buttons = "[...document.querySelectorAll('button')].filter(it => it.textContent === 'Download CSV')";
        browser.wait_for(&format!("{buttons}.length === 2 && !document.body.innerText.includes('Loading…')"));
        let save = |index: usize, name: &str| {
            browser.execute(&format!("performance.clearResourceTimings(); {buttons}[{index}].click()"), vec![]);
            let lines = saved_table(&browser, name);
            let bytes = "return performance.getEntriesByType('resource').reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)";
            (lines, browser.execute(bytes, vec![]).as_u64().expect("a number"))
        };
        let (lines, of_scores) = save(0, "scores-all-2015-03-01-2022-02-23-neutral.csv");
        assert_eq!(lines.len() - 1, scored);
        let (_, of_changes) = save(1, "changes-all-2015-03-01-2022-02-23-neutral.csv");
        assert!(of_scores < of_changes / 2, "{of_scores} and {of_changes} bytes");
    }

    fn rows_that_cannot_be_loaded_are_not_saved(app: SharedSample) {
        let browser = Browser::open(1280, 900);
        browser.goto(&format!("{}/timeline", app.url));
        browser.wait_for("document.querySelectorAll('main li').length > 3");
        browser.set_offline(true);
        press(&browser, "Download CSV");
        see(&browser, "The rows could not be loaded, so nothing was saved. Try again.");
        browser.set_offline(false);
        press(&browser, "Download CSV");
        let (name, _) = browser.downloaded();
        assert!(name.starts_with("timeline-"), "{name}");
        super::see_no(&browser, "could not be loaded");
    }

    fn citation_is_saved_in_formats_of_reference_managers(app: SharedSample) {
        let browser = open(&app, &format!("/agreements/minsk-2/clauses/9?{VIEW}"));
        let address = format!("{}/agreements/minsk-2/clauses/9?{VIEW}", app.url);
        let today = browser.execute("return new Date().toISOString().slice(0, 10)", vec![]);
        let today = today.as_str().unwrap();
        let save = |format: &str| {
            press(&browser, format);
            let (name, content) = browser.downloaded();
            (name, String::from_utf8(content).expect("UTF-8"))
        };
        let file = "minsk-ii-9-border-control-returns-to-ukraine-2021-12-02";
        let (name, text) = save("BibTeX");
        assert_eq!(name, format!("{file}.bib"));
        for line in [
            "  title = {{Minsk II, 9, Border control returns to Ukraine}},".to_owned(),
            "  publisher = {Clausewatch},".to_owned(),
            "  date = {2021-12-02},".to_owned(),
            format!("  url = {{{address}}},"),
            format!("  urldate = {{{today}}},"),
            "  note = {As of 2 Dec 2021; view of Russia},".to_owned(),
        ] {
            assert!(text.lines().any(|other| other == line), "{line} is not in {text}");
        }
        let (name, text) = save("RIS");
        assert_eq!(name, format!("{file}.ris"));
        assert!(text.starts_with("TY  - ELEC\r\n") && text.contains(&format!("UR  - {address}\r\n")) && text.ends_with("ER  - \r\n"), "{text}");
        let (name, text) = save("CSL-JSON");
        assert_eq!(name, format!("{file}.csl.json"));
        let items: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&items[0]["URL"], &items[0]["issued"]), (&json!(address), &json!({ "date-parts": [[2021, 12, 2]] })));
        // The citation of a list includes its filters. It has no date if the list does not depend on a day.
        browser.goto(&format!("{}/search?q=border", app.url));
        let (_, text) = save("CSL-JSON");
        let items: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!((&items[0]["URL"], items[0].get("issued")), (&json!(format!("{}/search?q=border", app.url)), None));
    }

    fn picture_is_saved_with_its_title_day_and_source(app: SharedSample) {
        let browser = open(&app, &format!("/agreements/minsk-2?{VIEW}"));
        browser.execute("document.querySelector('figure').scrollIntoView()", vec![]);
        press(&browser, "Download as SVG");
        let (name, drawing) = browser.downloaded();
        assert_eq!(name, "minsk-2-statuses-russia-2021-12-02.svg");
        let drawing = String::from_utf8(drawing).expect("UTF-8");
        let source = browser.execute("return document.querySelector('figure .hint').textContent", vec![]);
        let source = source.as_str().expect("a line");
        let address = browser.execute("return location.href", vec![]);
        let expected = format!("Clausewatch · View of Russia · 2 Dec 2021 · {}", address.as_str().unwrap());
        assert_eq!(source, expected);
        for part in ["<svg", &source.replace('&', "&amp;"), "Breached"] {
            assert!(drawing.contains(part), "{part} is not in {drawing}");
        }
        assert!(!drawing.contains("var(--"), "a separate file cannot use the style sheet of the page");
        press(&browser, "Download as PNG");
        let (name, pixels) = browser.downloaded();
        assert_eq!(name, "minsk-2-statuses-russia-2021-12-02.png");
        assert_eq!(&pixels[..8], b"\x89PNG\r\n\x1a\n");
        let width = u32::from_be_bytes(pixels[16..20].try_into().unwrap());
        assert!(width > 600 && pixels.len() > 5_000, "{width} wide, {} bytes", pixels.len());

        browser.goto(&format!("{}/agreements/minsk-2/sequence?asOf=2021-12-02", app.url));
        press(&browser, "Download as SVG");
        let (name, drawing) = browser.downloaded();
        assert_eq!(name, "minsk-2-sequence-2021-12-02.svg");
        assert!(String::from_utf8(drawing).expect("UTF-8").contains("2 Dec 2021"));
    }

    fn link_and_citation_contain_the_day_and_the_viewpoint(app: SharedSample) {
        let browser = open(&app, "/agreements/minsk-2?heldBy=russia");
        let today = browser.execute("return document.querySelector('main input[type=date]').value", vec![]);
        let today = today.as_str().expect("a day");
        let link = format!("{}/agreements/minsk-2?heldBy=russia&asOf={today}", app.url);
        see(&browser, "view of Russia");
        see(&browser, &link);
        press(&browser, "Link to this day and viewpoint");
        browser.wait_for(&format!("location.href === {}", json!(link)));
        browser.execute("history.back()", vec![]);
        browser.wait_for("!location.search.includes('asOf')");
    }
}
