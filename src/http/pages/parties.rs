//! The list of parties and topics.

use maud::html;
use serde::Deserialize;
use serde_json::json;

use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, Party, link, list_page, section, truncation_notice};

/// The maximum number of parties on the page.
const MAX_PARTIES_SHOWN: usize = 200;

pub const PAGE: PageText = PageText {
    path: "/parties",
    source: TextSource::Document {
        id: "x-page:parties",
        text: include_str!("parties.graphql"),
        has_period: false,
        cursors: &[AFTER],
        has_all_rows: false,
        variables: |_| json!({ "first": MAX_PARTIES_SHOWN }),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

/// The type of a party in the vocabulary of schema.org. `kind` is a value of the API's enum.
pub fn thing_type(kind: &str) -> &'static str {
    match kind {
        "STATE" => "Country",
        "PERSON" => "Person",
        _ => "Organization",
    }
}

#[derive(Deserialize)]
struct Data {
    parties: List<PartyLine>,
    topics: Vec<Topic>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartyLine {
    slug: String,
    name: String,
    short_name: String,
    kind: String,
    represents: Option<Party>,
}

#[derive(Deserialize)]
struct Topic {
    name: String,
    description: Option<String>,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        ul {
            @for party in &data.parties.nodes {
                li {
                    strong { (link(&party.short_name, &page.site.party(&party.slug))) }
                    @if party.name != party.short_name { ": " span dir="auto" { (party.name) } }
                    " (" (label("partyKind", &party.kind))
                    @if let Some(state) = &party.represents { ", represents " (state.short_name) }
                    ")"
                }
            }
        }
        (truncation_notice(&data.parties, AFTER, page))
        (section("Topics", !data.topics.is_empty(), html! {
            ul {
                @for topic in &data.topics {
                    li dir="auto" {
                        strong { (topic.name) }
                        @if let Some(description) = &topic.description { ": " (description) }
                    }
                }
            }
        }))
    };
    let description = "The parties to the agreements and other actors, and the topics of clauses.";
    list_page(page, "parties", "Parties and topics", description, body)
}
