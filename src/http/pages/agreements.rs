//! The list of agreements.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::agreement::Score;
use super::content::{PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, date, link, list_page, truncation_notice};

const DOCUMENT: &str = "x-page:agreements";

pub const PAGE: PageText = PageText {
    path: "/agreements",
    source: TextSource::Document {
        id: DOCUMENT,
        text: include_str!("agreements.graphql"),
        has_period: false,
        variables: |page| variables(page, 100),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>, first: usize) -> Json {
    json!({ "asOf": page.view.day(), "heldBy": page.view.held_by, "first": first })
}

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
    let more = page.site.answer(DOCUMENT, &variables(page, 200));
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
        (truncation_notice(&data.agreements, &more))
    };
    let description = "All agreements, with the share of their clauses that is implemented.";
    list_page(page, "agreements", "Agreements", description, body)
}
