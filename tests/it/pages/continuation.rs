//! Lists that are longer than a page. Readers without JavaScript reach every row with links.

use std::fmt::Write;

use serde_json::{Value, json};

use super::Page;
use crate::dossiers::{BASE, import_text};
use crate::support::{TestApp, on_both_databases};

/// The numbers of clauses and of sources that the dossier adds. Both are greater than the number of rows on a page.
const CLAUSES: usize = 230;
const SOURCES: usize = 130;
/// The number of clauses with an assessment on one day. It is greater than the number of rows on a page.
const ASSESSED: usize = 120;
/// The number of assessments of the first clause. They fill three pages.
const HISTORY: usize = 112;

/// An agreement with many clauses, many sources and many assessments.
fn import_long_lists(app: &TestApp) {
    let mut text = BASE.to_owned();
    text.push_str(
        "\n[[agreement]]\nslug = \"long\"\ntitle = \"A long agreement\"\nshort_title = \"Long\"\nkind = \"TREATY\"\n\
         adoption = \"Signed.\"\nagreed_on = 2020-01-01\nsummary = \"Much.\"\n",
    );
    for number in 1..=CLAUSES {
        write!(
            text,
            "\n[[agreement.clause]]\nnumber = \"{number}\"\nheading = \"Duty {number}\"\n\
             summary = \"It is agreed.\"\nnature = \"ONE_OFF\"\ntopic = \"security\"\n"
        )
        .unwrap();
    }
    for number in 1..=SOURCES {
        write!(text, "\n[[source]]\nslug = \"report-{number}\"\ntitle = \"Report {number}\"\nkind = \"PRESS\"\n").unwrap();
    }
    import_text(app, &text);
    let item = |number: usize, day: String| json!({ "subject": format!("long/{number}"), "status": "PARTIAL", "effectiveOn": day, "note": "Some of it." });
    let history = (0..HISTORY).map(|index| {
        let (month, day) = (index / 28 + 1, index % 28 + 1);
        item(1, format!("2021-{month:02}-{day:02}"))
    });
    let others = (2..=ASSESSED).map(|number| item(number, "2021-02-01".to_owned()));
    let items: Vec<Value> = history.chain(others).collect();
    let mutation = "mutation($input: RecordAssessmentsInput!) { recordAssessments(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": { "items": items } }));
    assert_eq!(data["recordAssessments"]["userErrors"], json!([]));
}

/// The address of the first link with this text. `None` if the page has none.
fn link(page: &Page, text: &str) -> Option<String> {
    let (before, _) = page.text().split_once(&format!("\">{text}</a>"))?;
    let (_, address) = before.rsplit_once("<a href=\"")?;
    Some(address.replace("&amp;", "&"))
}

/// This page, and the pages to which the links "More" lead.
fn pages_from(app: &TestApp, path: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(address) = next {
        let page = Page::get(app, &address);
        assert_eq!(page.status, 200, "{address}: {}", page.html);
        next = link(&page, "More");
        pages.push(page);
    }
    pages
}

/// The number of list items in the text of these pages.
fn items(pages: &[Page]) -> usize {
    pages.iter().map(|page| page.text().matches("<li>").count()).sum()
}

/// The days of the assessments in the history of a clause, in the order of the page.
fn history(page: &Page) -> Vec<&str> {
    let section = page.between("<section id=\"assessmentsAfter\">", "</section>");
    let days = section.split("since <time datetime=\"").skip(1);
    days.map(|rest| rest.split('"').next().unwrap()).collect()
}

on_both_databases! {
    fn every_row_of_a_long_list_can_be_reached_with_links(app: Empty) {
        import_long_lists(&app);
        let query = "{ sources { totalCount } changes { totalCount } timeline(to: \"2022-01-01\") { totalCount } }";
        let data = app.data(query, json!({}));
        for (path, list) in [("/sources", "sources"), ("/changes", "changes"), ("/timeline?to=2022-01-01", "timeline")] {
            let pages = pages_from(&app, path);
            assert!(pages.len() > 1, "{path}");
            assert_eq!(json!(items(&pages)), data[list]["totalCount"], "{path}");
        }
        let pages = pages_from(&app, "/sources");
        for number in 1..=SOURCES {
            let title = format!(">Report {number}</a>");
            let count = pages.iter().filter(|page| page.text().contains(&title)).count();
            assert_eq!(count, 1, "{title}");
        }
        let pages = pages_from(&app, "/agreements/long");
        let clauses = pages.iter().map(|page| page.between("<section id=\"clausesAfter\">", "</section>").matches("<li>").count());
        assert_eq!(clauses.collect::<Vec<_>>(), [200, 30]);
        let pages = pages_from(&app, "/agreements/long/clauses/1");
        let days: Vec<&str> = pages.iter().flat_map(history).collect();
        assert_eq!((pages.len(), days.len()), (3, HISTORY));
        assert!(days.is_sorted_by(|first, second| first > second), "the newest day must come first, and each must appear once: {days:?}");
    }

    fn continued_page_is_not_indexed_and_keeps_the_view(app: Empty) {
        import_long_lists(&app);
        let first = Page::get(&app, "/agreements/long/clauses/1?asOf=2021-12-31");
        assert_eq!(first.title(), "Long, 1: Duty 1 · Clausewatch");
        assert!(first.text().contains("50 of 112 shown.") && link(&first, "Start of the list").is_none(), "{}", first.text());
        let address = link(&first, "More").unwrap();
        assert!(address.starts_with("/agreements/long/clauses/1?asOf=2021-12-31&assessmentsAfter="), "{address}");
        assert!(address.ends_with("#assessmentsAfter"), "{address}");
        let second = Page::get(&app, &address);
        assert_eq!(second.title(), "Long, 1: Duty 1 (continued) · Clausewatch");
        assert!(second.html.contains("noindex") && !second.html.contains("rel=\"canonical\""), "{}", second.html);
        assert_eq!(link(&second, "Start of the list").unwrap(), "/agreements/long/clauses/1?asOf=2021-12-31#assessmentsAfter");
        // The JSON contains the same rows, and the cursor of the next rows.
        let json = link(&first, "More, as JSON").unwrap();
        let answer: Value = app.client().get(format!("{}{json}", app.url)).send().unwrap().json().unwrap();
        let assessments = &answer["data"]["clause"]["assessments"];
        let days: Vec<&str> = assessments["nodes"].as_array().unwrap().iter().map(|node| node["effectiveDate"].as_str().unwrap()).collect();
        assert_eq!(days, history(&second));
        let next = assessments["pageInfo"]["endCursor"].as_str().unwrap();
        assert!(link(&second, "More").unwrap().contains(&format!("assessmentsAfter={next}")), "{next}");
        // The last page has a link to the start, and none to further rows.
        let last = Page::get(&app, &link(&second, "More").unwrap());
        assert!(last.text().contains("12 of 112 shown.") && link(&last, "Start of the list").is_some(), "{}", last.text());
        assert!(link(&last, "More").is_none() && link(&last, "More, as JSON").is_none());
    }

    fn invalid_cursor_is_reported(app: Empty) {
        import_long_lists(&app);
        for path in ["/agreements/long?clausesAfter=x", "/sources?after=x", "/changes?before=x", "/timeline?before=%3Cb%3E"] {
            let page = Page::get(&app, path);
            assert_eq!((page.status.as_u16(), page.title()), (400, "Invalid address · Clausewatch"), "{path}");
            assert!(page.text().contains("is not a cursor") && page.html.contains("noindex"), "{path}: {}", page.text());
            assert!(!page.html.contains("<b>"), "{path}");
        }
        // An empty parameter counts as missing.
        let page = Page::get(&app, "/sources?after=");
        assert_eq!((page.status.as_u16(), page.title()), (200, "Sources · Clausewatch"));
    }

    fn lists_without_cursors_can_be_shown_completely(app: Empty) {
        import_long_lists(&app);
        let short = Page::get(&app, "/agreements/long/sequence");
        let shown = format!("100 of {CLAUSES} shown.");
        assert!(short.text().contains(&shown), "{}", short.text());
        assert_eq!(link(&short, "Show all").unwrap(), "/agreements/long/sequence?rows=all");
        let all = Page::get(&app, "/agreements/long/sequence?rows=all");
        assert_eq!(all.title(), "Sequence of Long (all rows) · Clausewatch");
        assert!(all.html.contains("noindex") && !all.text().contains("shown."), "{}", all.text());
        assert_eq!(all.text().matches("<li>").count(), CLAUSES);
        let compared = Page::get(&app, "/compare?from=2020-06-01&to=2021-12-31");
        assert!(compared.text().contains(&format!("100 of {ASSESSED} shown.")), "{}", compared.text());
        let address = link(&compared, "Show all").unwrap();
        assert_eq!(address, "/compare?from=2020-06-01&to=2021-12-31&rows=all");
        assert_eq!(Page::get(&app, &address).text().matches("<li>").count(), ASSESSED);
    }
}
