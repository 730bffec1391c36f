//! The overview.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::agreement::Score;
use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::entries::{Entry, entries};
use super::parts::{List, Step, date, link, list_section, section, steps};

/// The variables with the cursors of the lists.
const OVERDUE: &str = "overdueAfter";
const CONTESTED: &str = "contestedAfter";
/// The maximum number of clauses in each list on the page: overdue clauses and contested clauses.
const MAX_ROWS_SHOWN: usize = 8;
/// The maximum number of clauses in a list that continues at a cursor.
const MAX_LATER_ROWS_SHOWN: usize = 100;

pub const PAGE: PageText = PageText {
    path: "/",
    source: TextSource::Document {
        id: "x-page:overview",
        text: concat!(include_str!("overview.graphql"), include_str!("entries.graphql")),
        has_period: false,
        cursors: &[OVERDUE, CONTESTED],
        has_all_rows: false,
        variables,
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>) -> Json {
    let first = |cursor: &str| {
        if page.is_continued(cursor) { MAX_LATER_ROWS_SHOWN } else { MAX_ROWS_SHOWN }
    };
    json!({
        "asOf": page.view.day(),
        "heldBy": page.view.held_by,
        "overdueFirst": first(OVERDUE),
        "contestedFirst": first(CONTESTED),
    })
}

#[derive(Deserialize)]
struct Data {
    implementation: Vec<Group>,
    overdue: List<Step>,
    contested: List<Step>,
    timeline: List<Entry>,
}

#[derive(Deserialize)]
struct Group {
    subject: Agreement,
    implementation: Score,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    slug: String,
    short_title: String,
    title: String,
    agreed_on: String,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let site = page.site;
    let titles: Vec<&str> =
        data.implementation.iter().map(|group| group.subject.short_title.as_str()).collect();
    let description = format!(
        "The status of the clauses of {}: assessments by party, with their dates and evidence.",
        if titles.is_empty() { "treaties".to_owned() } else { titles.join(", ") }
    );
    let thing = json!({
        "@type": "Dataset",
        "@id": site.base(),
        "url": site.base(),
        "name": "Clausewatch: the status of treaty clauses",
        "description": description,
        "isAccessibleForFree": true,
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": "application/json",
            "contentUrl": site.page(&["export", "clauses.json"]),
        },
        "hasPart": data.implementation.iter().map(|group| json!({
            "@type": "Legislation",
            "name": group.subject.title,
            "url": site.agreement(&group.subject.slug),
        })).collect::<Vec<_>>(),
    });
    PageOutcome::Found(Box::new(Content {
        title: "Overview".to_owned(),
        description,
        address: site.base().clone(),
        trail: Vec::new(),
        body: body(data, page),
        thing,
        image: None,
        alternate: None,
    }))
}

fn body(data: &Data, page: &PageRequest<'_>) -> Markup {
    let timeline = page.site.page(&["timeline"]);
    html! {
        p { "The status of treaty clauses as of " (date(&page.view.day())) ", with dates, authors and evidence." }
        section {
            h2 { "Agreements" }
            @if data.implementation.is_empty() { p { "No agreement has been recorded yet." } }
            ul {
                @for Group { subject, implementation } in &data.implementation {
                    li {
                        (link(&subject.short_title, &page.link(page.site.agreement(&subject.slug))))
                        ", " (date(&subject.agreed_on)) ": " (implementation.text())
                    }
                }
            }
        }
        (list_section("Overdue", &data.overdue, OVERDUE, page, steps(&data.overdue.nodes, page)))
        (list_section("Contested", &data.contested, CONTESTED, page, steps(&data.contested.nodes, page)))
        (section("Recent events", !data.timeline.nodes.is_empty(), html! {
            (entries(data.timeline.nodes.iter().rev(), page))
            p { (link("All entries", &timeline)) }
        }))
    }
}
