//! The comparison of two days.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{Outcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, date, link, list_page};

/// The largest number of changed clauses of an agreement on the page.
const MAX_CHANGES_SHOWN: usize = 100;

pub const PAGE: PageText = PageText {
    path: "/compare",
    source: TextSource::Document {
        id: "x-page:compare",
        text: include_str!("compare.graphql"),
        has_period: true,
        variables,
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

/// The two days of the address. Default: today, and a year before.
fn variables(page: &PageRequest<'_>) -> Json {
    let (from, to) = page.view.days();
    json!({ "from": from, "to": to, "heldBy": page.view.held_by })
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
    changes_between: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    status_before: String,
    status_after: String,
    clause: Clause,
}

#[derive(Deserialize)]
struct Clause {
    number: String,
    heading: String,
}

fn content(data: &Data, page: &PageRequest<'_>) -> Outcome {
    let (from, to) = page.view.days();
    let status = |value: &str| label("clauseStatus", value);
    let body = html! {
        p { "Clauses whose status differs between " (date(&from)) " and " (date(&to)) "." }
        @for agreement in &data.agreements.nodes {
            section {
                h2 { (link(&agreement.short_title, &page.site.agreement(&agreement.slug))) }
                @if agreement.changes_between.is_empty() { p { "No status differs." } }
                ul {
                    @for change in agreement.changes_between.iter().take(MAX_CHANGES_SHOWN) {
                        li {
                            (link(
                                &format!("{}. {}", change.clause.number, change.clause.heading),
                                &page.site.clause(&agreement.slug, &change.clause.number),
                            ))
                            ": " (status(&change.status_before)) " → " (status(&change.status_after))
                        }
                    }
                }
                @if agreement.changes_between.len() > MAX_CHANGES_SHOWN {
                    p.muted { (MAX_CHANGES_SHOWN) " of " (agreement.changes_between.len()) " shown." }
                }
            }
        }
    };
    let description = "Which clauses changed their status between two days.";
    list_page(page, "compare", "Compare two days", description, body)
}
