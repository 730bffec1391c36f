//! The page of an event.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{Citation, Party, Step, date, names, prose, section, sources, steps};

pub const PAGE: PageText = PageText {
    path: "/events/:id",
    source: TextSource::Document {
        id: "x-page:event",
        text: include_str!("event.graphql"),
        has_period: false,
        cursors: &[],
        has_all_rows: false,
        variables: |page| json!({ "id": page.parameter("id") }),
        content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
    },
};

#[derive(Deserialize)]
struct Data {
    node: Option<Node>,
}

#[derive(Deserialize)]
#[serde(tag = "__typename")]
enum Node {
    Event(Box<Event>),
    /// A record of another kind.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    archived_at: Option<String>,
    changed_at: Option<String>,
    title: String,
    kind: String,
    happened_on: String,
    ended_on: Option<String>,
    date: String,
    place: Option<String>,
    summary: String,
    actors: Vec<Party>,
    concerns: Vec<Step>,
    citations: Vec<Citation>,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(Node::Event(event)) = data.node else { return PageOutcome::NotFound };
    if event.archived_at.is_some() {
        return PageOutcome::NotFound;
    }
    let address = page.site.event(page.parameter("id"));
    let thing = json!({
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": event.title,
        "description": event.summary,
        "startDate": event.happened_on,
        "endDate": event.ended_on,
        "location": event.place.as_ref().map(|place| json!({ "@type": "Place", "name": place })),
        "dateModified": event.changed_at,
    });
    PageOutcome::Found(Box::new(Content {
        title: event.title.clone(),
        description: event.summary.clone(),
        address,
        trail: vec![("Timeline".to_owned(), page.site.page(&["timeline"]))],
        body: body(&event, page),
        thing,
        image: None,
        alternate: None,
    }))
}

fn body(event: &Event, page: &PageRequest<'_>) -> Markup {
    html! {
        dl.facts {
            div { dt { "Date" } dd { (date(&event.date)) } }
            div { dt { "Kind" } dd { (label("eventKind", &event.kind)) } }
            @if let Some(place) = &event.place { div { dt { "Place" } dd dir="auto" { (place) } } }
            @if !event.actors.is_empty() { div { dt { "Actors" } dd dir="auto" { (names(&event.actors)) } } }
        }
        (prose(&event.summary))
        (section("Concerns", !event.concerns.is_empty(), steps(&event.concerns, page)))
        (section("Evidence", !event.citations.is_empty(), html! {
            ul { @for citation in &event.citations { li { (sources([&citation.source], page)) } } }
        }))
    }
}
