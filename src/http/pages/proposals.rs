//! The list of proposals.

use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, Party, date, link, list_page, names, truncation_notice};

pub const PAGE: PageText = PageText {
    path: "/proposals",
    source: TextSource::Document {
        id: "x-page:proposals",
        text: include_str!("proposals.graphql"),
        has_period: false,
        cursors: &[AFTER],
        has_all_rows: false,
        variables: |page| json!({ "asOf": page.view.day(), "heldBy": page.view.held_by, "first": 100 }),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    proposals: List<Proposal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    slug: String,
    title: String,
    made_on: String,
    proposed_by: Vec<Party>,
    status: String,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        ul {
            @for proposal in &data.proposals.nodes {
                li {
                    (date(&proposal.made_on)) ": " (link(&proposal.title, &page.link(page.site.proposal(&proposal.slug))))
                    @if !proposal.proposed_by.is_empty() { ", proposed by " span dir="auto" { (names(&proposal.proposed_by)) } }
                    ": " (label("proposalStatus", &proposal.status))
                }
            }
        }
        (truncation_notice(&data.proposals, AFTER, page))
    };
    let description =
        "Proposals about the agreements, with their offers and demands, and what became of them.";
    list_page(page, "proposals", "Proposals", description, body)
}
