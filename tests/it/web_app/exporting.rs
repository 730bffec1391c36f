//! What readers take along: tables, pictures, links, citations.

use serde_json::json;

use super::{press, see};
use crate::support::{Browser, TestApp, on_one_database};

const VIEW: &str = "asOf=2021-12-02&heldBy=russia";

/// The lines of the CSV file that was saved last, under its name.
fn saved_table(browser: &Browser, name: &str) -> Vec<String> {
    let (file, content) = browser.downloaded();
    assert_eq!(file, name);
    let text = String::from_utf8(content).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets need the mark to read UTF-8");
    text.strip_suffix("\r\n").expect("an end").split("\r\n").map(str::to_owned).collect()
}

/// Opens a page whose table has been filled.
fn open(app: &TestApp, address: &str) -> Browser {
    let browser = Browser::open(1280, 900);
    browser.goto(&format!("{}{address}", app.url));
    browser.wait_for("document.querySelectorAll('tbody tr').length > 0");
    browser
}

on_one_database! {
    fn list_is_downloaded_with_the_filters_and_the_view_of_the_page(app: Sample) {
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

    fn table_of_agreements_has_what_the_bars_show(app: Sample) {
        let browser = open(&app, "/?asOf=2021-12-02");
        let table = "[...document.querySelectorAll('caption')].find(it => it.textContent === 'Agreements')?.closest('div')";
        browser.wait_for(&format!("!!{table}"));
        browser.execute(&format!("{table}.querySelector('button').click()"), vec![]);
        let lines = saved_table(&browser, "agreements-2021-12-02-neutral.csv");
        assert_eq!(
            lines[0],
            "Agreement,Agreed,Kind,Score,Complete,Partial,Minimal,Not started,Suspended,Breached,Void,Overtaken,Lapsed,Not applicable,Not assessed"
        );
        let figures = "{ agreement(slug: \"minsk-2\") { title implementation(asOf: \"2021-12-02\") { score breakdown { status count } } } }";
        let figures = app.data(figures, json!({}))["agreement"].take();
        let line = lines.iter().find(|it| it.starts_with(figures["title"].as_str().unwrap())).expect("its line");
        let count = |status: &str| {
            let counts = figures["implementation"]["breakdown"].as_array().unwrap();
            counts.iter().find(|it| it["status"] == status).map_or(0, |it| it["count"].as_u64().unwrap())
        };
        let expected = format!(
            ",{},{},{},{},{},",
            figures["implementation"]["score"], count("COMPLETE"), count("PARTIAL"), count("MINIMAL"), count("NOT_STARTED")
        );
        assert!(line.contains(&expected), "{line}, and not {expected}");
    }

    fn picture_is_saved_with_its_title_day_and_source(app: Sample) {
        let browser = open(&app, &format!("/agreements/minsk-2?{VIEW}"));
        browser.execute("document.querySelector('figure').scrollIntoView()", vec![]);
        press(&browser, "Download as SVG");
        let (name, drawing) = browser.downloaded();
        assert_eq!(name, "minsk-2-statuses-russia-2021-12-02.svg");
        let drawing = String::from_utf8(drawing).expect("UTF-8");
        let source = browser.execute("return document.querySelector('figure > .hint').textContent", vec![]);
        let source = source.as_str().expect("a line");
        let address = browser.execute("return location.href", vec![]);
        let expected = format!("Clausewatch · View of Russia · 2 Dec 2021 · {}", address.as_str().unwrap());
        assert_eq!(source, expected);
        for part in ["<svg", &source.replace('&', "&amp;"), "Breached"] {
            assert!(drawing.contains(part), "{part} is not in {drawing}");
        }
        assert!(!drawing.contains("var(--"), "a file of its own knows no style sheet");
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

    fn link_and_citation_hold_the_day_and_the_viewpoint(app: Sample) {
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
