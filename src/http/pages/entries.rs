//! Timeline entries, which several pages show as a list.

use maud::{Markup, html};
use serde::Deserialize;

use super::content::PageRequest;
use super::labels::label;
use super::parts::{Party, Step, date, link, names, viewpoint};

/// An entry of the timeline.
#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
pub enum Entry {
    Proposal {
        slug: String,
        title: String,
        made_on: String,
        proposed_by: Vec<Party>,
    },
    Event {
        id: String,
        title: String,
        date: String,
    },
    ClauseAssessment {
        effective_date: String,
        clause_status: String,
        held_by: Option<Party>,
        clause: Step,
    },
    CaveatAssessment {
        effective_date: String,
        caveat_status: String,
        held_by: Option<Party>,
        caveat: Step,
    },
    ProposalAssessment {
        effective_date: String,
        proposal_status: String,
        held_by: Option<Party>,
        proposal: Step,
    },
    Deadline {
        due_on: Option<String>,
        rule: String,
        clause: Step,
    },
}

impl Entry {
    fn line(&self, page: &PageRequest<'_>) -> Markup {
        match self {
            Self::Proposal { slug, title, made_on, proposed_by } => html! {
                (date(made_on)) ": " (link(title, &page.link(page.site.proposal(slug))))
                @if !proposed_by.is_empty() { ", proposed by " span dir="auto" { (names(proposed_by)) } }
            },
            Self::Event { id, title, date: day } => html! {
                (date(day)) ": " (link(title, &page.link(page.site.event(id))))
            },
            Self::ClauseAssessment { effective_date, clause_status, held_by, clause } => {
                let status = label("clauseStatus", clause_status);
                assessed(effective_date, clause, &status, held_by.as_ref(), page)
            }
            Self::CaveatAssessment { effective_date, caveat_status, held_by, caveat } => {
                let status = label("caveatStatus", caveat_status);
                assessed(effective_date, caveat, &status, held_by.as_ref(), page)
            }
            Self::ProposalAssessment { effective_date, proposal_status, held_by, proposal } => {
                let status = label("proposalStatus", proposal_status);
                assessed(effective_date, proposal, &status, held_by.as_ref(), page)
            }
            Self::Deadline { due_on, rule, clause } => html! {
                @if let Some(day) = due_on { (date(day)) ": " }
                "deadline of " (clause.link(page)) ": " span dir="auto" { (rule) }
            },
        }
    }
}

fn assessed(
    day: &str,
    step: &Step,
    status: &str,
    held_by: Option<&Party>,
    page: &PageRequest<'_>,
) -> Markup {
    html! { (date(day)) ": " (step.link(page)) ": " (status) " (" (viewpoint(held_by)) ")" }
}

/// Entries as a list.
pub fn entries<'a>(list: impl IntoIterator<Item = &'a Entry>, page: &PageRequest<'_>) -> Markup {
    html! { ul { @for entry in list { li { (entry.line(page)) } } } }
}
