//! The page of an agreement.

use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use url::Url;

use super::content::{Alternate, Content, PageOutcome, PageRequest, PageText, TextSource};
use super::labels::label;
use super::parts::{
    AgreementName, List, Party, SourceName, date, date_text, link, list_section, prose, section,
    sources,
};
use super::site::href;
use crate::export::AkomaNtoso;

/// The maximum number of clauses on the page.
const MAX_CLAUSES_SHOWN: usize = 200;
/// The variables with the cursors of the lists.
const CLAUSES: &str = "clausesAfter";
const PROPOSALS: &str = "proposalsAfter";

pub const PAGE: PageText = PageText {
    path: "/agreements/:slug",
    source: TextSource::Document {
        id: "x-page:agreement",
        text: include_str!("agreement.graphql"),
        has_period: false,
        cursors: &[CLAUSES, PROPOSALS],
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
        "first": MAX_CLAUSES_SHOWN,
    })
}

#[derive(Deserialize)]
struct Data {
    agreement: Option<Agreement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Agreement {
    slug: String,
    changed_at: Option<String>,
    short_title: String,
    title: String,
    summary: String,
    agreed_on: String,
    place: Option<String>,
    kind: String,
    adoption: String,
    source: Option<SourceName>,
    ending: Option<Ending>,
    implementation: Score,
    parties: Vec<AgreementParty>,
    relations: Vec<Relation>,
    clauses: List<Clause>,
    proposals: List<Proposal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ending {
    ended_on: String,
    kind: String,
}

/// The score of an agreement and the numbers on which it is based.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the fields of the API")]
pub struct Score {
    score: Option<f64>,
    assessed: usize,
    counted: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AgreementParty {
    role: String,
    capacity: Option<String>,
    party: PartyName,
    held_by: Option<Party>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PartyName {
    short_name: String,
    name: String,
    kind: String,
}

#[derive(Deserialize)]
struct Relation {
    kind: String,
    agreement: AgreementName,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Clause {
    number: String,
    heading: String,
    status: String,
    status_since: Option<String>,
    is_overdue: bool,
    is_contested: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Proposal {
    slug: String,
    title: String,
    made_on: String,
}

impl Score {
    /// The score in words, such as `Score 33 of 100; 12 of 13 clauses assessed`.
    pub fn text(&self) -> String {
        let assessed = format!("{} of {} clauses assessed", self.assessed, self.counted);
        match self.score {
            Some(score) => format!("Score {} of 100; {assessed}", score.round()),
            None => format!("No score; {assessed}"),
        }
    }
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome {
    let Some(agreement) = data.agreement else { return PageOutcome::NotFound };
    let address = page.site.agreement(&agreement.slug);
    if agreement.slug != page.parameter("slug") {
        return PageOutcome::Moved(address);
    }
    let is_in_force = agreement.ending.is_none();
    let thing = json!({
        "@type": "Legislation",
        "@id": address,
        "url": address,
        "name": agreement.title,
        "alternateName": agreement.short_title,
        "description": agreement.summary,
        "legislationType": label("agreementKind", &agreement.kind),
        "legislationDate": agreement.agreed_on,
        "dateModified": agreement.changed_at,
        "legislationLegalForce": if is_in_force { "https://schema.org/InForce" } else { "https://schema.org/NotInForce" },
        "locationCreated": agreement.place.as_ref().map(|place| json!({ "@type": "Place", "name": place })),
        "contributor": agreement.parties.iter().map(|entry| json!({
            "@type": super::parties::thing_type(&entry.party.kind),
            "name": entry.party.name,
        })).collect::<Vec<_>>(),
    });
    let alternate = Alternate {
        media_type: AkomaNtoso::MEDIA_TYPE,
        address: legal_text(&agreement.slug, page),
    };
    PageOutcome::Found(Box::new(Content {
        title: agreement.short_title.clone(),
        description: format!(
            "{}, {}. {}. {}",
            agreement.title,
            date_text(&agreement.agreed_on),
            agreement.implementation.text(),
            agreement.summary
        ),
        address,
        trail: Vec::new(),
        body: body(&agreement, page),
        thing,
        image: None,
        alternate: Some(alternate),
    }))
}

/// The address of the agreement as Akoma Ntoso.
fn legal_text(slug: &str, page: &PageRequest<'_>) -> Url {
    let file = format!("{slug}.{}", AkomaNtoso::EXTENSION);
    page.link(page.site.page(&["export", "agreements", &file]))
}

fn body(agreement: &Agreement, page: &PageRequest<'_>) -> Markup {
    let sequence = page.site.page(&["agreements", &agreement.slug, "sequence"]);
    let clauses = &agreement.clauses;
    html! {
        p { strong dir="auto" { (agreement.title) } }
        p.served-verdict {
            (agreement.implementation.text()) " (as of " (date(&page.view.day())) ")"
            @if let Some(ending) = &agreement.ending {
                ". Ended on " (date(&ending.ended_on)) ": " (label("endingKind", &ending.kind)) "."
            }
        }
        (prose(&agreement.summary))
        dl.facts {
            div { dt { "Agreed" } dd { (date(&agreement.agreed_on)) @if let Some(place) = &agreement.place { ", " span dir="auto" { (place) } } } }
            div { dt { "Kind" } dd { (label("agreementKind", &agreement.kind)) } }
            div { dt { "Adopted" } dd dir="auto" { (agreement.adoption) } }
            @if let Some(source) = &agreement.source { div { dt { "Text" } dd { (sources([source], page)) } } }
        }
        p {
            a href=(href(&page.link(sequence))) { "Sequence and deadlocks" } " · "
            a href=(href(&legal_text(&agreement.slug, page))) { "Legal XML (Akoma Ntoso)" }
        }
        (list_section("Clauses", clauses, CLAUSES, page, html! {
            ul {
                @for clause in &clauses.nodes {
                    li { (clause_line(clause, &agreement.slug, page)) }
                }
            }
        }))
        (section("Parties", !agreement.parties.is_empty(), html! {
            ul {
                @for entry in &agreement.parties {
                    li {
                        span dir="auto" { (entry.party.short_name) } ": " (label("agreementRole", &entry.role))
                        @if let Some(capacity) = &entry.capacity { ", " span dir="auto" { (capacity) } }
                        @if let Some(holder) = &entry.held_by { " (according to " (holder.short_name) ")" }
                    }
                }
            }
        }))
        (section("Related agreements", !agreement.relations.is_empty(), html! {
            ul {
                @for relation in &agreement.relations {
                    li {
                        (label("agreementRelation", &relation.kind)) " "
                        (link(&relation.agreement.short_title, &page.link(page.site.agreement(&relation.agreement.slug))))
                    }
                }
            }
        }))
        (list_section("Proposals", &agreement.proposals, PROPOSALS, page, html! {
            ul {
                @for proposal in &agreement.proposals.nodes {
                    li { (date(&proposal.made_on)) ": " (link(&proposal.title, &page.link(page.site.proposal(&proposal.slug)))) }
                }
            }
        }))
    }
}

fn clause_line(clause: &Clause, agreement: &str, page: &PageRequest<'_>) -> Markup {
    let name = format!("{}. {}", clause.number, clause.heading);
    html! {
        (link(&name, &page.link(page.site.clause(agreement, &clause.number)))) ": "
        (label("clauseStatus", &clause.status))
        @if let Some(since) = &clause.status_since { " since " (date(since)) }
        @if clause.is_overdue { " · overdue" }
        @if clause.is_contested { " · contested" }
    }
}
