//! The list of agreements.

use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::agreement::Score;
use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, date, link, list_page, truncation_notice};

pub const PAGE: PageText = PageText {
    path: "/agreements",
    source: TextSource::Document {
        id: "x-page:agreements",
        text: include_str!("agreements.graphql"),
        has_period: false,
        cursors: &[AFTER],
        has_all_rows: false,
        variables: |page| json!({ "asOf": page.view.day(), "heldBy": page.view.held_by, "first": 100 }),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    agreements: List<Agreement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    slug: String,
    short_title: String,
    title: String,
    agreed_on: String,
    kind: String,
    implementation: Score,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        p { "As of " (date(&page.view.day())) "." }
        ul {
            @for agreement in &data.agreements.nodes {
                li {
                    (link(&agreement.short_title, &page.link(page.site.agreement(&agreement.slug))))
                    @if agreement.title != agreement.short_title { ": " span dir="auto" { (agreement.title) } }
                    ", " (date(&agreement.agreed_on)) ", " (label("agreementKind", &agreement.kind)) ". "
                    (agreement.implementation.text())
                }
            }
        }
        (truncation_notice(&data.agreements, AFTER, page))
    };
    let description = "All agreements, with the share of their clauses that is implemented.";
    list_page(page, "agreements", "Agreements", description, body)
}
