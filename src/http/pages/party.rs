//! The page of a party.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::content::{Content, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parties::thing_type;
use super::parts::{AgreementName, List, PartyName, Step, date, link, list_section};

/// The variables with the cursors of the lists.
const AGREEMENTS: &str = "agreementsAfter";
const CLAUSES: &str = "clausesAfter";

pub const PAGE: PageText = PageText {
    path: "/parties/:slug",
    source: TextSource::Document {
        id: "x-page:party",
        text: include_str!("party.graphql"),
        has_period: false,
        cursors: &[AGREEMENTS, CLAUSES],
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
        "first": 100,
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
        format!(" The party has a role in {}.", agreements.join(", "))
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
            "{}, {kind}.{part} Clauses in which this party has a role: {}.",
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
    html! {
        dl.facts {
            div { dt { "Name" } dd dir="auto" { (party.name) } }
            div { dt { "Kind" } dd { (kind) } }
            @if !party.aliases.is_empty() { div { dt { "Also called" } dd dir="auto" { (party.aliases.join(", ")) } } }
            @if let Some(state) = &party.represents {
                div { dt { "Represents" } dd { (link(&state.short_name, &page.link(page.site.party(&state.slug)))) } }
            }
        }
        (list_section("Agreements", &party.agreements, AGREEMENTS, page, html! {
            ul {
                @for agreement in &party.agreements.nodes {
                    li { (link(&agreement.short_title, &page.link(page.site.agreement(&agreement.slug)))) }
                }
            }
        }))
        (list_section("Clauses", &party.clauses, CLAUSES, page, html! {
            p.muted { "Clauses in which the party has a role, with the status as of " (date(&page.view.day())) "." }
            ul {
                @for clause in &party.clauses.nodes {
                    li {
                        (clause.step.link(page)) ": " (label("clauseStatus", &clause.status))
                        @if let Some(since) = &clause.status_since { " since " (date(since)) }
                    }
                }
            }
        }))
    }
}
