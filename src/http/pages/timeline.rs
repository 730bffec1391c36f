//! The timeline.

use maud::html;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{PageOutcome, PageRequest, PageText, TextSource};
use super::entries::{Entry, entries};
use super::parts::{List, date, list_page, truncation_notice};

const DOCUMENT: &str = "x-page:timeline";

pub const PAGE: PageText = PageText {
    path: "/timeline",
    source: TextSource::Document {
        id: DOCUMENT,
        text: concat!(include_str!("timeline.graphql"), include_str!("entries.graphql")),
        has_period: true,
        variables: |page| variables(page, 100),
        content: |data, page| Ok(content(&serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>, last: usize) -> Json {
    let (from, to) = page.view.period;
    let to = to.map_or_else(|| page.view.day(), |day| day.to_string());
    // The API rejects an empty period, but the web app shows it as an empty page.
    let from = from.map(|day| day.to_string()).filter(|from| *from <= to);
    json!({ "from": from, "to": to, "last": last })
}

#[derive(Deserialize)]
struct Data {
    timeline: List<Entry>,
}

fn content(data: &Data, page: &PageRequest<'_>) -> PageOutcome {
    let variables = variables(page, 200);
    let body = html! {
        p { "The last entries up to " (date(variables.get("to").and_then(Json::as_str).unwrap_or_default())) ", newest first." }
        (entries(&data.timeline.nodes, page))
        (truncation_notice(&data.timeline, &page.site.answer(DOCUMENT, &variables)))
    };
    let description = "Proposals, events, assessments and deadlines of all agreements, by day.";
    list_page(page, "timeline", "Timeline", description, body)
}
