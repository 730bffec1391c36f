//! The page of a source.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::entries::{Entry, entries};
use super::labels::label;
use super::parts::{List, date, date_text, list_section};

/// The variables with the cursors of the lists.
const ASSESSMENTS: &str = "assessmentsAfter";
const EVENTS: &str = "eventsBefore";

pub const PAGE: PageText = PageText {
    path: "/sources/:id",
    source: TextSource::Document {
        id: "x-page:source",
        text: concat!(include_str!("source.graphql"), include_str!("entries.graphql")),
        has_period: false,
        cursors: &[ASSESSMENTS, EVENTS],
        has_all_rows: false,
        variables: |page| json!({ "id": page.parameter("id"), "first": 100 }),
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
    Source(Box<Source>),
    /// A record of another kind.
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    archived_at: Option<String>,
    changed_at: Option<String>,
    title: String,
    publisher: Option<String>,
    published_on: Option<String>,
    kind: String,
    url: Option<String>,
    archived_url: Option<String>,
    assessments: List<Entry>,
    events: List<Entry>,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(Node::Source(source)) = data.node else { return PageOutcome::NotFound };
    if source.archived_at.is_some() {
        return PageOutcome::NotFound;
    }
    let address = page.site.source(page.parameter("id"));
    let thing = json!({
        "@type": "CreativeWork",
        "@id": address,
        "url": address,
        "name": source.title,
        "publisher": source.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name })),
        "datePublished": source.published_on,
        "dateModified": source.changed_at,
        "sameAs": source.url.iter().chain(&source.archived_url).collect::<Vec<_>>(),
    });
    let published = source.published_on.as_deref().map(date_text);
    let origin: Vec<String> = source.publisher.iter().cloned().chain(published).collect();
    let kind = label("sourceKind", &source.kind);
    PageOutcome::Found(Box::new(Content {
        title: source.title.clone(),
        description: format!("{kind}. {}. {}", origin.join(", "), citation_counts(&source)),
        address,
        trail: vec![("Sources".to_owned(), page.site.page(&["sources"]))],
        body: body(&source, &kind, page),
        thing,
        image: None,
        alternate: None,
    }))
}

/// The number of citations of the source, such as `Cited by assessments: 12, by events: 3`.
fn citation_counts(source: &Source) -> String {
    let assessments = source.assessments.total_count.unwrap_or_default();
    let events = source.events.total_count.unwrap_or_default();
    format!("Cited by assessments: {assessments}, by events: {events}")
}

fn body(source: &Source, kind: &str, page: &PageRequest<'_>) -> Markup {
    html! {
        dl.facts {
            div { dt { "Kind" } dd { (kind) } }
            @if let Some(publisher) = &source.publisher { div { dt { "Publisher" } dd dir="auto" { (publisher) } } }
            @if let Some(day) = &source.published_on { div { dt { "Published on" } dd { (date(day)) } } }
            @if let Some(url) = &source.url { div { dt { "Address" } dd { a href=(url) { (url) } } } }
            @if let Some(url) = &source.archived_url { div { dt { "Archived copy" } dd { a href=(url) { (url) } } } }
        }
        p { (citation_counts(source)) "." }
        (list_section("Assessments", &source.assessments, ASSESSMENTS, page, entries(&source.assessments.nodes, page)))
        (list_section("Events", &source.events, EVENTS, page, entries(source.events.nodes.iter().rev(), page)))
    }
}
