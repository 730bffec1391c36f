//! The timeline.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{AFTER, BEFORE, PageOutcome, PageRequest, PageText, TextSource};
use super::entries::{Entry, entries};
use super::parts::{List, date, list_page, truncation_notice};

/// The maximum number of entries on the page, as in the web app.
const MAX_ENTRIES_SHOWN: usize = 100;

pub const PAGE: PageText = PageText {
    path: "/timeline",
    source: TextSource::Document {
        id: "x-page:timeline",
        text: concat!(include_str!("timeline.graphql"), include_str!("entries.graphql")),
        has_period: true,
        // The web app writes and reads the same parameters.
        cursors: &[AFTER, BEFORE],
        has_all_rows: false,
        variables,
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

/// The last day of the entries.
fn last_day(page: &PageRequest<'_>) -> String {
    let (_, to) = page.view.period;
    to.map_or_else(|| page.view.day(), |day| day.to_string())
}

fn variables(page: &PageRequest<'_>) -> Json {
    let (from, _) = page.view.period;
    let to = last_day(page);
    // The API rejects a period that begins after its end, so such a `from` is ignored.
    let from = from.map(|day| day.to_string()).filter(|from| *from <= to);
    let is_after = page.has_cursor(AFTER);
    json!({
        "from": from,
        "to": to,
        "first": is_after.then_some(MAX_ENTRIES_SHOWN),
        "last": (!is_after).then_some(MAX_ENTRIES_SHOWN),
    })
}

#[derive(Deserialize)]
struct Data {
    timeline: List<Entry>,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let body = html! {
        p { "Entries up to " (date(&last_day(page))) ", newest first." }
        (entries(data.timeline.nodes.iter().rev(), page))
        (truncation_notice(&data.timeline, BEFORE, page))
    };
    let description = "Proposals, events, assessments and deadlines of all agreements, by day.";
    list_page(page, "timeline", "Timeline", description, body)
}
