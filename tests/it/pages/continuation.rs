//! Lists that are longer than a page. Without JavaScript, readers can reach every row by following links.

use std::collections::BTreeSet;
use std::fmt::Write;

use clausewatch::graphql::cursor_of_position;
use serde_json::{Value, json};

use super::Page;
use crate::dossiers::{BASE, import_text};
use crate::support::world::World;
use crate::support::{TestApp, on_both_databases};

/// The number of clauses that the dossier adds. Like the next two numbers, it is greater than the number of rows on a
/// page.
const CLAUSES: usize = 230;
const PROPOSALS: usize = 120;
const SOURCES: usize = 130;
/// The number of clauses with an assessment on one day. It is greater than the number of rows on a page.
const ASSESSED: usize = 120;
/// The number of assessments of the first clause. They fill three pages.
const HISTORY: usize = 112;

/// Imports an agreement with many clauses, proposals and assessments. Also imports many sources. All clauses are
/// overdue.
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
             summary = \"It is agreed.\"\nnature = \"ONE_OFF\"\ntopic = \"security\"\n\
             deadlines = [{{ rule = \"By June\", due_on = 2020-06-01 }}]\n"
        )
        .unwrap();
    }
    for number in 1..=PROPOSALS {
        write!(
            text,
            "\n[[proposal]]\nslug = \"idea-{number}\"\ntitle = \"Idea {number}\"\nsummary = \"Talks.\"\n\
             standing = \"OFFICIAL\"\nmade_on = 2020-03-01\nproposed_by = [\"north\"]\naddressed_to = [\"south\"]\n\
             agreements = [\"long\"]\n"
        )
        .unwrap();
    }
    for number in 1..=SOURCES {
        write!(text, "\n[[source]]\nslug = \"report-{number}\"\ntitle = \"Report {number}\"\nkind = \"PRESS\"\n").unwrap();
    }
    import_text(app, &text);
    let history = (0..HISTORY).map(|index| {
        let (month, day) = (index / 28 + 1, index % 28 + 1);
        item(1, None, "PARTIAL", &format!("2021-{month:02}-{day:02}"))
    });
    let others = (2..=ASSESSED).map(|number| item(number, None, "PARTIAL", "2021-02-01"));
    record(app, history.chain(others).collect());
}

/// An assessment of a clause of the agreement, for the mutation.
fn item(number: usize, held_by: Option<&str>, status: &str, day: &str) -> Value {
    json!({ "subject": format!("long/{number}"), "heldBy": held_by, "status": status, "effectiveOn": day, "note": "Some of it." })
}

fn record(app: &TestApp, items: Vec<Value>) {
    let mutation = "mutation($input: RecordAssessmentsInput!) { recordAssessments(input: $input) { userErrors { message } } }";
    let data = app.data(mutation, json!({ "input": { "items": items } }));
    assert_eq!(data["recordAssessments"]["userErrors"], json!([]));
}

/// The texts and addresses of the links in the text of a page.
fn links(page: &Page) -> Vec<(&str, String)> {
    let tags = page.text().split("<a href=\"").skip(1).map(|rest| {
        let (address, rest) = rest.split_once('"').unwrap();
        let (_, rest) = rest.split_once('>').unwrap();
        let (text, _) = rest.split_once("</a>").unwrap();
        (text, address.replace("&amp;", "&"))
    });
    tags.collect()
}

/// The address of the first link with this text. `None` if the page has none.
fn link(page: &Page, text: &str) -> Option<String> {
    links(page).into_iter().find(|(name, _)| *name == text).map(|(_, address)| address)
}

/// The address that the link “More” of a list leads to, where `cursor` is the list's query parameter. `None` if the
/// list has no further rows.
fn more(page: &Page, cursor: &str) -> Option<String> {
    let parameter = format!("{cursor}=");
    let is_more =
        |(text, address): &(&str, String)| *text == "More" && address.contains(&parameter);
    links(page).into_iter().find(is_more).map(|(_, address)| address)
}

/// The page at `path`, and the pages with the further rows of the list whose query parameter is `cursor`.
fn pages_from(app: &TestApp, path: &str, cursor: &str) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(address) = next {
        let page = Page::get(app, &address);
        assert_eq!(page.status, 200, "{address}: {}", page.html);
        next = more(&page, cursor);
        pages.push(page);
    }
    pages
}

/// The addresses that have the path `path` and can be reached from `path` by links. Fragments are removed.
fn reachable(app: &TestApp, path: &str) -> BTreeSet<String> {
    let mut addresses = BTreeSet::from([path.to_owned()]);
    let mut unread = vec![path.to_owned()];
    while let Some(address) = unread.pop() {
        let page = Page::get(app, &address);
        assert_eq!(page.status, 200, "{address}: {}", page.html);
        for (_, target) in links(&page) {
            let target = target.split('#').next().unwrap();
            if target.split('?').next() == Some(path) && addresses.insert(target.to_owned()) {
                unread.push(target.to_owned());
            }
        }
        assert!(addresses.len() < 50, "{addresses:#?}");
    }
    addresses
}

/// The number of pages that a list fills if its first page has `first` rows and each further page `later` rows.
fn page_count(rows: usize, first: usize, later: usize) -> usize {
    1 + rows.saturating_sub(first).div_ceil(later)
}

/// The list items in the text of a page, except items with an id.
fn items(page: &Page) -> Vec<&str> {
    let items = page.text().split("<li>").skip(1);
    items.map(|rest| rest.split("</li>").next().unwrap()).collect()
}

/// The positions of the changes on a page of the change log, in the order of the page.
fn positions(page: &Page) -> Vec<i64> {
    let ids = page.text().split("<li id=\"change-").skip(1);
    ids.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

/// The JSON to which the link "More, as JSON" leads.
fn more_as_json(app: &TestApp, page: &Page) -> Value {
    let address = link(page, "More, as JSON").unwrap();
    app.client().get(format!("{}{address}", app.url)).send().unwrap().json().unwrap()
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
        let data = app.data("{ sources { totalCount } proposals { totalCount } }", json!({}));
        for list in ["sources", "proposals"] {
            let pages = pages_from(&app, &format!("/{list}"), "after");
            let rows: Vec<&str> = pages.iter().flat_map(items).collect();
            assert!(pages.len() > 1, "{list}");
            assert_eq!(json!(rows.len()), data[list]["totalCount"], "{list}");
            assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "{list}");
        }
        let pages = pages_from(&app, "/agreements/long", "clausesAfter");
        let clauses = pages.iter().map(|page| page.between("<section id=\"clausesAfter\">", "</section>").matches("<li>").count());
        assert_eq!(clauses.collect::<Vec<_>>(), [200, 30]);
        let pages = pages_from(&app, "/agreements/long/clauses/1", "assessmentsAfter");
        let days: Vec<&str> = pages.iter().flat_map(history).collect();
        assert_eq!((pages.len(), days.len()), (3, HISTORY));
        assert!(days.is_sorted_by(|first, second| first > second), "the newest day must come first, and each must appear once: {days:?}");
    }

    fn every_change_and_timeline_entry_is_listed_once(app: Empty) {
        import_long_lists(&app);
        let pages = pages_from(&app, "/changes", "before");
        let shown: Vec<i64> = pages.iter().flat_map(positions).collect();
        assert!(pages.len() > 5, "{}", pages.len());
        assert_eq!(shown, (1..=app.log_position()).rev().collect::<Vec<_>>());

        let data = app.data("{ timeline(to: \"2022-01-01\") { totalCount } }", json!({}));
        let pages = pages_from(&app, "/timeline?to=2022-01-01", "before");
        let entries: Vec<&str> = pages.iter().flat_map(items).collect();
        assert!(pages.len() > 5, "{}", pages.len());
        assert_eq!(json!(entries.len()), data["timeline"]["totalCount"]);
        // No two entries of this timeline have the same text.
        assert_eq!(entries.iter().collect::<BTreeSet<_>>().len(), entries.len());
        let days: Vec<&str> = entries.iter().map(|entry| entry.split('"').nth(1).unwrap()).collect();
        assert!(days.is_sorted_by(|first, second| first >= second), "{days:?}");
    }

    fn page_with_several_lists_has_one_address_for_each_page_of_rows(app: Empty) {
        import_long_lists(&app);
        // The parties disagree about these clauses.
        let contested = 2..=ASSESSED + 1;
        let held = contested.flat_map(|number| {
            [(number, "north", "COMPLETE"), (number, "south", "NOT_STARTED")]
        });
        record(&app, held.map(|(number, party, status)| item(number, Some(party), status, "2021-03-01")).collect());
        for (path, lists) in [
            ("/agreements/long", [page_count(CLAUSES, 200, 200), page_count(PROPOSALS, 50, 50)]),
            ("/", [page_count(CLAUSES, 8, 100), page_count(ASSESSED, 8, 100)]),
        ] {
            let addresses = reachable(&app, path);
            // The first page contains the first rows of both lists, so both lists count it.
            assert_eq!(addresses.len(), lists[0] + lists[1] - 1, "{path}: {addresses:#?}");
        }
        // On the second page of one list, the other list starts at its first row.
        let first = Page::get(&app, "/agreements/long");
        let second = Page::get(&app, &more(&first, "clausesAfter").unwrap());
        assert_eq!(more(&second, "proposalsAfter"), more(&first, "proposalsAfter"));
        // Addresses with the cursors of several lists remain valid.
        let clauses = more(&first, "clausesAfter").unwrap().replace("#clausesAfter", "");
        let proposals = more(&first, "proposalsAfter").unwrap().replace("#proposalsAfter", "");
        let both = Page::get(&app, &format!("{clauses}&{}", proposals.split_once('?').unwrap().1));
        assert!(both.text().contains("30 of 230 shown.") && both.text().contains("50 of 120 shown."), "{}", both.text());
        assert_eq!(link(&both, "Start of the list").unwrap(), "/agreements/long#clausesAfter");
        // The JSON has the rows of the next page, which has more rows than the overview.
        let overview = Page::get(&app, "/");
        assert_eq!(more_as_json(&app, &overview)["data"]["overdue"]["nodes"].as_array().unwrap().len(), 100);
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
        // The JSON contains the rows of the second page, and the cursor for the rows after them.
        let answer = more_as_json(&app, &first);
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

    fn rows_of_the_web_app_after_a_cursor_are_shown(app: Empty) {
        import_long_lists(&app);
        let data = app.data("{ changesEnd changes(first: 10) { pageInfo { endCursor } } timeline(first: 10, to: \"2022-01-01\") { pageInfo { endCursor } } }", json!({}));
        let cursor = |list: &str| data[list]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let address = format!("/changes?after={}", cursor("changes"));
        let pages = pages_from(&app, &address, "before");
        assert_eq!(positions(&pages[0]), (11..=35).rev().collect::<Vec<_>>());
        assert_eq!(positions(&pages[1]), (1..=10).rev().collect::<Vec<_>>());
        assert_eq!((pages.len(), pages[0].title()), (2, "Change log (continued) · Clausewatch"));
        assert!(pages[0].html.contains("noindex") && !pages[0].html.contains("rel=\"canonical\""), "{}", pages[0].html);
        assert_eq!(link(&pages[0], "Start of the list").unwrap(), "/changes");
        let answer = more_as_json(&app, &pages[0]);
        let nodes = answer["data"]["changes"]["nodes"].as_array().unwrap().iter();
        assert_eq!(nodes.map(|change| change["position"].as_i64().unwrap()).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
        // The app ignores `before` if the address has `after`.
        let both = Page::get(&app, &format!("{address}&before=x"));
        assert_eq!(positions(&both), positions(&pages[0]));
        let end = Page::get(&app, &format!("/changes?after={}", data["changesEnd"].as_str().unwrap()));
        assert!(end.text().contains(&format!("0 of {} shown.", app.log_position())), "{}", end.text());
        assert_eq!((link(&end, "Start of the list").as_deref(), link(&end, "More")), (Some("/changes"), None));

        let pages = pages_from(&app, &format!("/timeline?to=2022-01-01&after={}", cursor("timeline")), "before");
        assert_eq!(pages.iter().map(|page| items(page).len()).collect::<Vec<_>>(), [100, 10]);
        assert_eq!(pages.iter().flat_map(items).collect::<BTreeSet<_>>().len(), 110);
        assert_eq!(pages[0].title(), "Timeline (continued) · Clausewatch");
        assert_eq!(link(&pages[0], "Start of the list").unwrap(), "/timeline?to=2022-01-01");
    }

    fn invalid_cursor_is_reported(app: Empty) {
        import_long_lists(&app);
        let agreement = Page::get(&app, "/agreements/long");
        let second = more(&agreement, "clausesAfter").unwrap().replace("#clausesAfter", "");
        let of_clauses = second.split_once('=').unwrap().1;
        let beyond_the_end = cursor_of_position(1_000_000);
        for (path, parameter, start) in [
            ("/agreements/long?asOf=2021-12-31&clausesAfter=x", "clausesAfter", "/agreements/long?asOf=2021-12-31#clausesAfter"),
            (&format!("{second}&proposalsAfter=x"), "proposalsAfter", "/agreements/long#proposalsAfter"),
            (&format!("/agreements/long?proposalsAfter={of_clauses}"), "proposalsAfter", "/agreements/long#proposalsAfter"),
            ("/sources?after=x", "after", "/sources"),
            ("/changes?before=x", "before", "/changes"),
            ("/changes?after=x", "after", "/changes"),
            (&format!("/changes?after={beyond_the_end}"), "after", "/changes"),
            ("/timeline?to=2022-01-01&before=%3Cb%3E", "before", "/timeline?to=2022-01-01"),
        ] {
            let page = Page::get(&app, path);
            assert_eq!((page.status.as_u16(), page.title()), (400, "Invalid address · Clausewatch"), "{path}");
            assert!(page.text().contains(&format!("The parameter `{parameter}` of this address is invalid: ")), "{path}: {}", page.text());
            assert!(page.text().contains("is not a cursor of this list.") && page.html.contains("noindex"), "{path}: {}", page.text());
            assert!(!page.html.contains("<b>"), "{path}");
            assert_eq!(link(&page, "Start of the list").unwrap(), start, "{path}");
            assert_eq!(Page::get(&app, start).status, 200, "{path}");
        }
        // An empty parameter counts as missing.
        let page = Page::get(&app, "/sources?after=");
        assert_eq!((page.status.as_u16(), page.title()), (200, "Sources · Clausewatch"));
    }

    fn other_errors_of_continued_pages_do_not_name_the_cursor(app: Empty) {
        import_long_lists(&app);
        let data = app.data("{ agreements(first: 1) { pageInfo { endCursor } } }", json!({}));
        let cursor = data["agreements"]["pageInfo"]["endCursor"].as_str().unwrap();
        let overview = more(&Page::get(&app, "/"), "overdueAfter").unwrap().replace("#overdueAfter", "");
        for path in [format!("/agreements?after={cursor}"), overview] {
            assert_eq!(Page::get(&app, &path).status, 200, "{path}");
            let page = Page::get(&app, &format!("{path}&heldBy=nobody"));
            assert_eq!((page.status.as_u16(), page.title()), (400, "Invalid date or unknown party · Clausewatch"), "{path}");
            assert!(page.text().contains("“nobody”") && !page.text().contains("cursor"), "{path}: {}", page.text());
        }
        for path in [format!("/sources/zzz?assessmentsAfter={cursor}"), "/sources/zzz?heldBy=nobody".to_owned(), format!("/agreements/nothing?clausesAfter={cursor}")] {
            let page = Page::get(&app, &path);
            assert_eq!((page.status.as_u16(), page.title()), (404, "Page not found · Clausewatch"), "{path}");
        }
    }

    fn emptied_list_has_a_link_to_its_start(app: Empty) {
        let w = World::new(&app);
        let data = app.data("{ agreement(slug: \"treaty\") { proposals(first: 1) { pageInfo { endCursor } } } }", json!({}));
        let cursor = data["agreement"]["proposals"]["pageInfo"]["endCursor"].as_str().unwrap();
        w.change("archive", "answer", &json!({ "archived": true }));
        let page = Page::get(&app, &format!("/agreements/treaty?proposalsAfter={cursor}"));
        assert!(page.status == 200 && page.text().contains("0 of 0 shown."), "{}", page.text());
        assert_eq!(link(&page, "Start of the list").unwrap(), "/agreements/treaty#proposalsAfter");
        assert!(!Page::get(&app, "/agreements/treaty").text().contains("shown."));
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
        // Other pages ignore the parameter, like every unknown parameter.
        for (path, title) in [("/agreements", "Agreements · Clausewatch"), ("/agreements/long", "Long · Clausewatch")] {
            let page = Page::get(&app, &format!("{path}?rows=all"));
            assert_eq!(page.title(), title);
            assert!(!page.html.contains("noindex"), "{path}");
            assert_eq!(page.canonical(), format!("{}{path}", app.url));
        }
    }
}
