//! The page of a clause.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{Content, PageOutcome, PageRequest, PageText, PreviewImage, TextSource};
use super::labels::label;
use super::parts::{
    Assessment, EventLine, List, Party, SourceName, Step, assessments, date, events, list_section,
    prose, section, sources, status_text, steps, viewpoint,
};
use super::share_image;

/// The maximum number of rows in each list on the page: assessments and events.
const MAX_ROWS_SHOWN: usize = 50;
/// The variables with the cursors of the lists.
const ASSESSMENTS: &str = "assessmentsAfter";
const EVENTS: &str = "eventsBefore";
const STATUS: &str = "clauseStatus";

pub const PAGE: PageText = PageText {
    path: "/agreements/:slug/clauses/:number",
    source: TextSource::Document {
        id: "x-page:clause",
        text: include_str!("clause.graphql"),
        has_period: false,
        cursors: &[ASSESSMENTS, EVENTS],
        has_all_rows: false,
        variables,
        content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>) -> Json {
    json!({
        "agreement": page.parameter("slug"),
        "number": page.parameter("number"),
        "asOf": page.view.day(),
        "heldBy": page.view.held_by,
        "first": MAX_ROWS_SHOWN,
    })
}

#[derive(Deserialize)]
struct Data {
    clause: Option<Clause>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clause {
    reference: String,
    number: String,
    heading: String,
    summary: String,
    text: Option<String>,
    changed_at: Option<String>,
    agreement: Agreement,
    parent: Option<Step>,
    children: Vec<Step>,
    obligations: Vec<Obligation>,
    deadlines: Vec<Deadline>,
    source: Option<SourceName>,
    status: String,
    is_overdue: bool,
    assessment: Option<Assessment>,
    viewpoints: Vec<Viewpoint>,
    assessments: List<Assessment>,
    preconditions: Vec<Precondition>,
    precondition_of: Vec<Dependent>,
    caveat_links: Vec<CaveatLink>,
    events: List<EventLine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    slug: String,
    short_title: String,
    title: String,
    agreed_on: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Obligation {
    role: String,
    party: Party,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deadline {
    rule: String,
    due_on: Option<String>,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Viewpoint {
    status: String,
    effective_date: String,
    held_by: Option<Party>,
    breached_by: Vec<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Precondition {
    kind: String,
    needs: String,
    requires: Step,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependent {
    kind: String,
    needs: String,
    step: Step,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
struct CaveatLink {
    kind: String,
    caveat: Step,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(clause) = data.clause else { return PageOutcome::NotFound };
    let site = page.site;
    let address = site.clause(&clause.agreement.slug, &clause.number);
    if clause.agreement.slug != page.parameter("slug") {
        return PageOutcome::Moved(address);
    }
    let agreement = site.agreement(&clause.agreement.slug);
    let trail = vec![(clause.agreement.short_title.clone(), page.link(agreement.clone()))];
    let thing = json!({
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "name": format!("{}: {}", clause.reference, clause.heading),
        "legislationIdentifier": clause.number,
        "legislationDate": clause.agreement.agreed_on,
        "description": clause.summary,
        "text": clause.text,
        "dateModified": clause.changed_at,
        "isPartOf": { "@type": "Legislation", "@id": agreement, "name": clause.agreement.title, "url": agreement },
    });
    let image = PreviewImage {
        address: share_image::address(&address, page.view),
        size: (share_image::WIDTH, share_image::HEIGHT),
        description: format!("{}: {}. {}", clause.reference, clause.heading, verdict_text(&clause)),
    };
    PageOutcome::Found(Box::new(Content {
        title: format!("{}: {}", clause.reference, clause.heading),
        description: format!("{}. {}", verdict_text(&clause), clause.summary),
        address,
        trail,
        body: body(&clause, page),
        thing,
        image: Some(image),
        alternate: None,
    }))
}

/// The status in force in words, such as `Breached by Russia since 17 Feb 2015`.
fn verdict_text(clause: &Clause) -> String {
    match &clause.assessment {
        Some(assessment) => format!(
            "{} since {}",
            status_text(STATUS, &assessment.status, &assessment.breached_by),
            super::parts::date_text(&assessment.effective_date),
        ),
        None => label(STATUS, &clause.status),
    }
}

fn body(clause: &Clause, page: &PageRequest<'_>) -> Markup {
    html! {
        p.served-verdict {
            strong { (verdict_text(clause)) }
            " (" (viewpoint(clause.assessment.as_ref().and_then(|assessment| assessment.held_by.as_ref()))) ", as of " (date(&page.view.day())) ")"
            @if clause.is_overdue { " · overdue" }
        }
        @if let Some(assessment) = &clause.assessment { (prose(&assessment.note)) }
        section {
            h2 { "Content" }
            (prose(&clause.summary))
            @if let Some(text) = &clause.text { blockquote { (prose(text)) } }
            @if let Some(source) = &clause.source { p { "Source: " (sources([source], page)) } }
            @if let Some(parent) = &clause.parent { p { "Part of " (parent.link(page)) } }
        }
        (section("Parts", !clause.children.is_empty(), steps(&clause.children, page)))
        (section("Obligations", !clause.obligations.is_empty(), obligations(&clause.obligations)))
        (section("Assessments by party", !clause.viewpoints.is_empty(), viewpoints(&clause.viewpoints)))
        (section("Deadlines", !clause.deadlines.is_empty(), deadlines(&clause.deadlines)))
        (section("Preconditions", !clause.preconditions.is_empty(), html! {
            ul {
                @for precondition in &clause.preconditions {
                    li { (label(&format!("preconditionKind.{}", precondition.needs), &precondition.kind)) " " (precondition.requires.link(page)) " (" (reading_text(precondition.held_by.as_ref())) ")" }
                }
            }
        }))
        (section("Required for", !clause.precondition_of.is_empty(), html! {
            ul {
                @for dependent in &clause.precondition_of {
                    li { (label(&format!("dependentKind.{}", dependent.needs), &dependent.kind)) " " (dependent.step.link(page)) " (" (reading_text(dependent.held_by.as_ref())) ")" }
                }
            }
        }))
        (list_section("History", &clause.assessments, ASSESSMENTS, page, assessments(STATUS, &clause.assessments.nodes, page)))
        (list_section("Events", &clause.events, EVENTS, page, events(clause.events.nodes.iter().rev(), page)))
        (section("Related caveats", !clause.caveat_links.is_empty(), html! {
            ul {
                @for caveat_link in &clause.caveat_links {
                    li { (label("clauseToCaveat", &caveat_link.kind)) " " (caveat_link.caveat.link(page)) }
                }
            }
        }))
    }
}

fn obligations(list: &[Obligation]) -> Markup {
    html! {
        ul {
            @for obligation in list {
                li {
                    span dir="auto" { (obligation.party.short_name) } ": " (label("obligationRole", &obligation.role))
                    @if let Some(holder) = &obligation.held_by { " (according to " (holder.short_name) ")" }
                }
            }
        }
    }
}

fn viewpoints(list: &[Viewpoint]) -> Markup {
    html! {
        ul {
            @for held in list {
                li {
                    span dir="auto" { (viewpoint(held.held_by.as_ref())) } ": "
                    (status_text(STATUS, &held.status, &held.breached_by)) " since " (date(&held.effective_date))
                }
            }
        }
    }
}

fn deadlines(list: &[Deadline]) -> Markup {
    html! {
        ul {
            @for deadline in list {
                li {
                    @if let Some(day) = &deadline.due_on { (date(day)) ": " }
                    span dir="auto" { (deadline.rule) }
                    @if let Some(holder) = &deadline.held_by { " (as counted by " (holder.short_name) ")" }
                }
            }
        }
    }
}

/// The reading that a precondition belongs to: `according to the text`, or `in the reading of Ukraine`.
fn reading_text(held_by: Option<&Party>) -> String {
    held_by.map_or_else(
        || "according to the text".to_owned(),
        |party| format!("in the reading of {}", party.short_name),
    )
}
