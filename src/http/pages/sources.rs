//! The list of sources.

use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, date, link, list_page, truncation_notice};

pub const PAGE: PageText = PageText {
    path: "/sources",
    source: TextSource::Document {
        id: "x-page:sources",
        text: include_str!("sources.graphql"),
        has_period: false,
        cursors: &[AFTER],
        has_all_rows: false,
        variables: |_| json!({ "first": 100 }),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    sources: List<Source>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    id: String,
    title: String,
    publisher: Option<String>,
    published_on: Option<String>,
    kind: String,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        ul {
            @for source in &data.sources.nodes {
                li {
                    (link(&source.title, &page.site.source(&source.id)))
                    @if let Some(publisher) = &source.publisher { ", " span dir="auto" { (publisher) } }
                    @if let Some(day) = &source.published_on { ", " (date(day)) }
                    ": " (label("sourceKind", &source.kind))
                }
            }
        }
        (truncation_notice(&data.sources, AFTER, page))
    };
    let description = "The sources of records and assessments: official texts, monitoring reports, statements, press and research.";
    list_page(page, "sources", "Sources", description, body)
}
