//! The page of a proposal.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{
    AgreementName, Assessment, EventLine, List, Party, ProposalName, SourceName, Step, assessments,
    date, date_text, events, link, list_section, names, prose, section, sources, viewpoint,
};

/// The maximum number of rows in each list on the page: caveats, assessments and events.
const MAX_ROWS_SHOWN: usize = 100;
/// The variables with the cursors of the lists.
const ASSESSMENTS: &str = "assessmentsAfter";
const CAVEATS: &str = "caveatsAfter";
const EVENTS: &str = "eventsAfter";
const STATUS: &str = "proposalStatus";

pub const PAGE: PageText = PageText {
    path: "/proposals/:slug",
    source: TextSource::Document {
        id: "x-page:proposal",
        text: include_str!("proposal.graphql"),
        has_period: false,
        cursors: &[ASSESSMENTS, CAVEATS, EVENTS],
        has_all_rows: false,
        variables,
        content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>) -> Json {
    json!({
        "slug": page.parameter("slug"),
        "asOf": page.view.day(),
        "heldBy": page.view.held_by,
        "first": MAX_ROWS_SHOWN,
    })
}

#[derive(Deserialize)]
struct Data {
    proposal: Option<Proposal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    slug: String,
    title: String,
    summary: String,
    made_on: String,
    standing: String,
    changed_at: Option<String>,
    source: Option<SourceName>,
    proposed_by: Vec<Party>,
    addressed_to: Vec<Party>,
    agreements: Vec<AgreementName>,
    responds_to: Option<ProposalName>,
    responses: Vec<ProposalName>,
    status: String,
    assessment: Option<InForce>,
    assessments: List<Assessment>,
    caveats: List<Caveat>,
    events: List<EventLine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InForce {
    effective_date: String,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Caveat {
    number: String,
    heading: String,
    kind: String,
    summary: String,
    status: String,
    status_since: Option<String>,
    clause_links: Vec<ClauseLink>,
}

#[derive(Deserialize)]
struct ClauseLink {
    kind: String,
    clause: Step,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(proposal) = data.proposal else { return PageOutcome::NotFound };
    let address = page.site.proposal(&proposal.slug);
    if proposal.slug != page.parameter("slug") {
        return PageOutcome::Moved(address);
    }
    let thing = json!({
        "@type": "CreativeWork",
        "@id": address,
        "url": address,
        "name": proposal.title,
        "description": proposal.summary,
        "dateCreated": proposal.made_on,
        "dateModified": proposal.changed_at,
        "author": proposal.proposed_by.iter().map(|party| json!({ "@type": "Organization", "name": party.short_name })).collect::<Vec<_>>(),
        "about": proposal.agreements.iter().map(|agreement| json!({
            "@type": "Legislation", "name": agreement.short_title, "url": page.site.agreement(&agreement.slug),
        })).collect::<Vec<_>>(),
        "hasPart": proposal.caveats.nodes.iter().map(|caveat| json!({
            "@type": "CreativeWork", "name": caveat.heading, "url": page.site.caveat(&proposal.slug, &caveat.number),
        })).collect::<Vec<_>>(),
    });
    PageOutcome::Found(Box::new(Content {
        title: proposal.title.clone(),
        description: format!(
            "{}, {}. {}",
            label(STATUS, &proposal.status),
            date_text(&proposal.made_on),
            proposal.summary
        ),
        address,
        trail: vec![("Proposals".to_owned(), page.link(page.site.page(&["proposals"])))],
        body: body(&proposal, page),
        thing,
        image: None,
        alternate: None,
    }))
}

fn body(proposal: &Proposal, page: &PageRequest<'_>) -> Markup {
    let holder = proposal.assessment.as_ref().and_then(|assessment| assessment.held_by.as_ref());
    html! {
        p.served-verdict {
            strong { (label(STATUS, &proposal.status)) }
            @if let Some(assessment) = &proposal.assessment { " since " (date(&assessment.effective_date)) }
            " (" (viewpoint(holder)) ", as of " (date(&page.view.day())) ")"
        }
        (prose(&proposal.summary))
        dl.facts {
            div { dt { "Made" } dd { (date(&proposal.made_on)) } }
            div { dt { "Standing" } dd { (label("proposalStanding", &proposal.standing)) } }
            @if !proposal.proposed_by.is_empty() { div { dt { "Proposed by" } dd dir="auto" { (names(&proposal.proposed_by)) } } }
            @if !proposal.addressed_to.is_empty() { div { dt { "Addressed to" } dd dir="auto" { (names(&proposal.addressed_to)) } } }
            @if let Some(source) = &proposal.source { div { dt { "Source" } dd { (sources([source], page)) } } }
            @if let Some(other) = &proposal.responds_to {
                div { dt { "Responds to" } dd { (link(&other.title, &page.link(page.site.proposal(&other.slug)))) } }
            }
        }
        (section("Agreements", !proposal.agreements.is_empty(), html! {
            ul { @for agreement in &proposal.agreements { li { (link(&agreement.short_title, &page.link(page.site.agreement(&agreement.slug)))) } } }
        }))
        (list_section("Offers, demands and open questions", &proposal.caveats, CAVEATS, page, html! {
            @for caveat in &proposal.caveats.nodes { (caveat_section(caveat, page)) }
        }))
        (section("Responses", !proposal.responses.is_empty(), html! {
            ul { @for other in &proposal.responses { li { (link(&other.title, &page.link(page.site.proposal(&other.slug)))) } } }
        }))
        (list_section("History", &proposal.assessments, ASSESSMENTS, page, assessments(STATUS, &proposal.assessments.nodes, page)))
        (list_section("Events", &proposal.events, EVENTS, page, events(&proposal.events.nodes, page)))
    }
}

fn caveat_section(caveat: &Caveat, page: &PageRequest<'_>) -> Markup {
    html! {
        section id=(caveat.number) {
            h3 dir="auto" { (caveat.number) ": " (caveat.heading) }
            p {
                (label("caveatKind", &caveat.kind)) ": " strong { (label("caveatStatus", &caveat.status)) }
                @if let Some(since) = &caveat.status_since { " since " (date(since)) }
            }
            (prose(&caveat.summary))
            @if !caveat.clause_links.is_empty() {
                ul {
                    @for clause_link in &caveat.clause_links {
                        li { (label("caveatToClause", &clause_link.kind)) " " (clause_link.clause.link(page)) }
                    }
                }
            }
        }
    }
}
