//! The comparison of two days.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{AFTER, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, all_rows_notice, date, link, list_page, row_limit, truncation_notice};

/// The maximum number of agreements on the page.
const MAX_AGREEMENTS: usize = 50;
/// The maximum number of changed clauses of an agreement on the page.
const MAX_CHANGES_SHOWN: usize = 100;

pub const PAGE: PageText = PageText {
    path: "/compare",
    source: TextSource::Document {
        id: "x-page:compare",
        text: include_str!("compare.graphql"),
        has_period: true,
        cursors: &[AFTER],
        has_all_rows: true,
        variables,
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

/// The variables of the document. The two days are those in the address, or the defaults of `View::days`.
fn variables(page: &PageRequest<'_>) -> Json {
    let (from, to) = page.view.days();
    json!({ "from": from, "to": to, "heldBy": page.view.held_by, "first": MAX_AGREEMENTS })
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

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let (from, to) = page.view.days();
    let status = |value: &str| label("clauseStatus", value);
    let body = html! {
        p { "Clauses whose status differs between " (date(&from)) " and " (date(&to)) "." }
        @for agreement in &data.agreements.nodes {
            section {
                h2 { (link(&agreement.short_title, &page.site.agreement(&agreement.slug))) }
                @if agreement.changes_between.is_empty() { p { "No status differs." } }
                ul {
                    @for change in agreement.changes_between.iter().take(row_limit(MAX_CHANGES_SHOWN, page)) {
                        li {
                            (link(
                                &format!("{}. {}", change.clause.number, change.clause.heading),
                                &page.site.clause(&agreement.slug, &change.clause.number),
                            ))
                            ": " (status(&change.status_before)) " → " (status(&change.status_after))
                        }
                    }
                }
                (all_rows_notice(agreement.changes_between.len(), MAX_CHANGES_SHOWN, page))
            }
        }
        (truncation_notice(&data.agreements, AFTER, page))
    };
    let description = "The clauses whose status differs between two days.";
    list_page(page, "compare", "Compare two days", description, body)
}
