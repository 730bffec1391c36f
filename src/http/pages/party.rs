//! The page of a party.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parties::thing_type;
use super::parts::{AgreementName, List, PartyName, Step, date, link, section, truncation_notice};

const DOCUMENT: &str = "x-page:party";

pub const PAGE: PageText = PageText {
    path: "/parties/:slug",
    source: TextSource::Document {
        id: DOCUMENT,
        text: include_str!("party.graphql"),
        has_period: false,
        variables: |page| variables(page, 100),
        content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
    },
};

fn variables(page: &PageRequest<'_>, first: usize) -> Json {
    json!({
        "slug": page.parameter("slug"),
        "asOf": page.view.day(),
        "heldBy": page.view.held_by,
        "first": first,
    })
}

#[derive(Deserialize)]
struct Data {
    party: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Party {
    slug: String,
    name: String,
    short_name: String,
    aliases: Vec<String>,
    kind: String,
    archived_at: Option<String>,
    changed_at: Option<String>,
    represents: Option<PartyName>,
    agreements: List<AgreementName>,
    clauses: List<Clause>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clause {
    #[serde(flatten)]
    step: Step,
    status: String,
    status_since: Option<String>,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(party) = data.party.filter(|party| party.archived_at.is_none()) else {
        return PageOutcome::NotFound;
    };
    let address = page.site.party(&party.slug);
    if party.slug != page.parameter("slug") {
        return PageOutcome::Moved(address);
    }
    let kind = label("partyKind", &party.kind);
    let agreements: Vec<&str> =
        party.agreements.nodes.iter().map(|agreement| agreement.short_title.as_str()).collect();
    let part = if agreements.is_empty() {
        String::new()
    } else {
        format!(" It has a role in {}.", agreements.join(", "))
    };
    let thing = json!({
        "@type": thing_type(&party.kind),
        "@id": address,
        "url": address,
        "name": party.name,
        "alternateName": party.aliases,
        "dateModified": party.changed_at,
    });
    PageOutcome::Found(Box::new(Content {
        title: party.short_name.clone(),
        description: format!(
            "{}, {kind}.{part} Clauses with a role of this party: {}.",
            party.name,
            party.clauses.total_count.unwrap_or_default()
        ),
        address,
        trail: vec![("Parties and topics".to_owned(), page.site.page(&["parties"]))],
        body: body(&party, &kind, page),
        thing,
        image: None,
        alternate: None,
    }))
}

fn body(party: &Party, kind: &str, page: &PageRequest<'_>) -> Markup {
    let more = page.site.answer(DOCUMENT, &variables(page, 200));
    html! {
        dl.facts {
            div { dt { "Name" } dd dir="auto" { (party.name) } }
            div { dt { "Kind" } dd { (kind) } }
            @if !party.aliases.is_empty() { div { dt { "Also called" } dd dir="auto" { (party.aliases.join(", ")) } } }
            @if let Some(state) = &party.represents {
                div { dt { "Represents" } dd { (link(&state.short_name, &page.link(page.site.party(&state.slug)))) } }
            }
        }
        (section("Agreements", !party.agreements.nodes.is_empty(), html! {
            ul {
                @for agreement in &party.agreements.nodes {
                    li { (link(&agreement.short_title, &page.link(page.site.agreement(&agreement.slug)))) }
                }
            }
            (truncation_notice(&party.agreements, &more))
        }))
        (section("Clauses", !party.clauses.nodes.is_empty(), html! {
            p.muted { "Clauses in which the party has a role, with the status as of " (date(&page.view.day())) "." }
            ul {
                @for clause in &party.clauses.nodes {
                    li {
                        (clause.step.link(page)) ": " (label("clauseStatus", &clause.status))
                        @if let Some(since) = &clause.status_since { " since " (date(since)) }
                    }
                }
            }
            (truncation_notice(&party.clauses, &more))
        }))
    }
}
