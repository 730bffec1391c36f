//! The change log.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::content::{AFTER, BEFORE, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{List, Slug, link, list_page, time, truncation_notice};

/// The maximum number of changes on the page. The feed of changes has the same maximum, and its entries link to this
/// page.
const MAX_CHANGES_SHOWN: usize = 100;
/// The maximum number of changes after a cursor. It equals the number in the web app, so both show the same changes.
const MAX_CHANGES_AFTER_CURSOR: usize = 25;

pub const PAGE: PageText = PageText {
    path: "/changes",
    source: TextSource::Document {
        id: "x-page:changes",
        text: include_str!("changes.graphql"),
        has_period: false,
        // The web app writes and reads the same parameters.
        cursors: &[AFTER, BEFORE],
        has_all_rows: false,
        variables: |page| {
            let is_after = page.has_cursor(AFTER);
            json!({
                "first": is_after.then_some(MAX_CHANGES_AFTER_CURSOR),
                "last": (!is_after).then_some(MAX_CHANGES_SHOWN),
            })
        },
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    changes: List<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    position: i64,
    recorded_at: String,
    actor: String,
    action: String,
    subject: Subject,
}

/// The record that was changed.
#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
enum Subject {
    Clause {
        reference: String,
        number: String,
        agreement: Slug,
    },
    Caveat {
        reference: String,
        number: String,
        proposal: Slug,
    },
    Proposal {
        reference: String,
        slug: String,
    },
    Agreement {
        slug: String,
        short_title: String,
    },
    Event {
        id: String,
        title: String,
    },
    Source {
        id: String,
        title: String,
    },
    Party {
        short_name: String,
    },
    Topic {
        name: String,
    },
    Precondition {},
    Interpretation {},
    /// A record without a page.
    #[serde(other)]
    Other,
}

impl Subject {
    fn name(&self, page: &PageRequest<'_>) -> Markup {
        let site = page.site;
        match self {
            Self::Clause { reference, number, agreement } => {
                link(reference, &site.clause(&agreement.slug, number))
            }
            Self::Caveat { reference, number, proposal } => {
                link(reference, &site.caveat(&proposal.slug, number))
            }
            Self::Proposal { reference, slug } => link(reference, &site.proposal(slug)),
            Self::Agreement { slug, short_title } => link(short_title, &site.agreement(slug)),
            Self::Event { id, title } => link(title, &site.event(id)),
            Self::Source { id, title } => link(title, &site.source(id)),
            Self::Party { short_name: name } | Self::Topic { name } => {
                html! { span dir="auto" { (name) } }
            }
            Self::Precondition {} => html! { "a precondition" },
            Self::Interpretation {} => html! { "an interpretation" },
            Self::Other => html! { "a record" },
        }
    }
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        p { "Changes, newest first." }
        ul {
            @for change in data.changes.nodes.iter().rev() {
                // The feed of changes links to this id. The web app has the same ids.
                li id={ "change-" (change.position) } {
                    (time(&change.recorded_at)) ": " span dir="auto" { (change.actor) } " "
                    (label("changeAction", &change.action)) " " (change.subject.name(page))
                }
            }
        }
        (truncation_notice(&data.changes, BEFORE, page))
    };
    list_page(page, "changes", "Change log", "All changes, with their authors and times.", body)
}
