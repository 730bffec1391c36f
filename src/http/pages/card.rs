//! The card of a clause: its status, in short. The share image and the embedded card show it.

use actix_web::HttpRequest;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::answer::{self, Accepted, Answer};
use super::content::{PageOutcome, PageQuery, PageRequest};
use super::parts::{Party, date_text, status_text, viewpoint};
use super::response::Responder;
use crate::http::entity_tag::data_tags;

const STATUS: &str = "clauseStatus";

/// The query for the card of a clause.
pub const QUERY: PageQuery<Card> = PageQuery {
    id: "x-page:card",
    has_period: false,
    variables: |page| {
        json!({
            "agreement": page.parameter("slug"),
            "number": page.parameter("number"),
            "asOf": page.view.day(),
            "heldBy": page.view.held_by,
        })
    },
    content: |data, page| Ok(content(serde_json::from_slice(data)?, page)),
};

/// The document of the query.
pub const DOCUMENT: &str = include_str!("card.graphql");

/// The card of a clause, in words.
pub struct Card {
    /// The current slug of the agreement.
    pub slug: String,
    /// The title of the agreement.
    pub agreement: String,
    /// The number of the clause.
    pub number: String,
    /// The short title of the agreement and the number: `Minsk II, 9`.
    pub reference: String,
    /// The heading of the clause.
    pub heading: String,
    /// The status as a value of the API.
    pub status: String,
    /// The status: `Breached by Russia`.
    pub verdict: String,
    /// The date of the status: `17 Feb 2015`. None if there is no assessment.
    pub since: Option<String>,
    /// The remarks `overdue` and `contested`, as far as they apply.
    pub remarks: Vec<&'static str>,
    /// The holder of the view: `neutral record`.
    pub viewpoint: String,
    /// The day of the view: `24 Feb 2022`.
    pub day: String,
    /// The page of the clause, with the day and the viewpoint.
    pub page: Url,
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
    agreement: Agreement,
    status: String,
    is_overdue: bool,
    is_contested: bool,
    assessment: Option<Assessment>,
}

#[derive(Deserialize)]
struct Agreement {
    slug: String,
    title: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assessment {
    effective_date: String,
    held_by: Option<Party>,
    breached_by: Vec<Party>,
}

fn content(data: Data, page: &PageRequest<'_>) -> PageOutcome<Card> {
    let Some(clause) = data.clause else { return PageOutcome::NotFound };
    let breakers = clause.assessment.as_ref().map(|assessment| assessment.breached_by.as_slice());
    let holder = match (&clause.assessment, &page.view.held_by) {
        (Some(assessment), _) => viewpoint(assessment.held_by.as_ref()),
        // The party has no assessment, so the data does not contain its name.
        (None, Some(party)) => format!("view of {party}"),
        (None, None) => viewpoint(None),
    };
    let remarks = [(clause.is_overdue, "overdue"), (clause.is_contested, "contested")];
    let address = page.site.clause(&clause.agreement.slug, &clause.number);
    PageOutcome::Found(Box::new(Card {
        verdict: status_text(STATUS, &clause.status, breakers.unwrap_or_default()),
        since: clause.assessment.as_ref().map(|assessment| dates_text(&assessment.effective_date)),
        remarks: remarks
            .into_iter()
            .filter(|(applies, _)| *applies)
            .map(|(_, text)| text)
            .collect(),
        viewpoint: holder,
        day: date_text(&page.view.day()),
        page: page.link(address),
        slug: clause.agreement.slug,
        agreement: clause.agreement.title,
        number: clause.number,
        reference: clause.reference,
        heading: clause.heading,
        status: clause.status,
    }))
}

/// A date in the Extended Date/Time Format in words, such as `about February 2015`.
fn dates_text(edtf: &str) -> String {
    let (about, exact) = match edtf.strip_suffix('~') {
        Some(exact) => ("about ", exact),
        None => ("", edtf),
    };
    let periods: Vec<String> = exact.split('/').map(date_text).collect();
    format!("{about}{}", periods.join(" – "))
}

/// Reads the card of the clause in the address. Uses no cookie, because pages of other sites show cards.
pub async fn read(request: &HttpRequest, responder: &Responder<'_>) -> Answer<Card> {
    let known_tags = data_tags(request, &responder.hash);
    answer::run(request, &responder.site, &QUERY, known_tags, Accepted::TokenOnly).await
}

impl Card {
    /// Whether the agreement has another slug than the address.
    pub fn has_moved(&self, request: &HttpRequest) -> bool {
        request.match_info().get("slug") != Some(&self.slug)
    }
}
