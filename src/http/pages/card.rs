//! The card of a clause, which shows its status in brief. The share image and the embedded card show this card.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::answer::{self, Accepted, Answer, Message};
use super::content::{PageOutcome, PageQuery, PageRequest};
use super::parts::{Party, date_text, status_text, viewpoint};
use super::response::{Responder, TOKEN_MISSING};
use super::site::Site;
use crate::domain::{GlobalId, Kind};
use crate::http::entity_tag::{data_tags, response_tag};

const STATUS: &str = "clauseStatus";

/// The query for the card of a clause.
pub const QUERY: PageQuery<Card> = PageQuery {
    id: "x-page:card",
    has_period: false,
    cursors: &[],
    has_all_rows: false,
    variables: |page| {
        let held_by = page.view.held_by.as_deref();
        let is_id = held_by.and_then(GlobalId::decode).is_some_and(|id| id.kind == Kind::Party);
        json!({
            "agreement": page.parameter("slug"),
            "number": page.parameter("number"),
            "asOf": page.view.day(),
            "heldBy": held_by,
            "holderId": held_by.unwrap_or_default(),
            "holderSlug": held_by.unwrap_or_default(),
            "byId": is_id,
            "bySlug": held_by.is_some() && !is_id,
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
    /// The short title of the agreement and the number, such as `Minsk II, 9`.
    pub reference: String,
    /// The heading of the clause.
    pub heading: String,
    /// The status as a value of the API.
    pub status: String,
    /// The status, such as `Breached by Russia`.
    pub verdict: String,
    /// The date of the status, such as `17 Feb 2015`. None if there is no assessment.
    pub since: Option<String>,
    /// The remarks that apply: `overdue`, `contested`, both or none.
    pub remarks: Vec<&'static str>,
    /// The viewpoint, such as `neutral record`.
    pub viewpoint: String,
    /// The day of the view, such as `24 Feb 2022`.
    pub day: String,
    /// The address of the page of the clause, with the day and the viewpoint.
    pub page: Url,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    clause: Option<Clause>,
    holder_by_id: Option<Party>,
    holder_by_slug: Option<Party>,
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
    let holder = match &clause.assessment {
        Some(assessment) => assessment.held_by.as_ref(),
        None => data.holder_by_id.as_ref().or(data.holder_by_slug.as_ref()),
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
        viewpoint: viewpoint(holder),
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

/// Converts a date in the Extended Date/Time Format to words, such as `about February 2015` for `2015-02~`.
fn dates_text(edtf: &str) -> String {
    let (about, exact) = match edtf.strip_suffix('~') {
        Some(exact) => ("about ", exact),
        None => ("", edtf),
    };
    let periods: Vec<String> = exact.split('/').map(date_text).collect();
    format!("{about}{}", periods.join(" – "))
}

/// A format in which the server sends cards.
pub struct CardFormat {
    pub media_type: &'static str,
    /// The address of a card in this format, without parameters.
    pub address: fn(&Card, &Site) -> Url,
    /// The media type of a message that is sent instead of a card.
    pub message_type: &'static str,
    /// Writes a message that is sent instead of a card.
    pub message: fn(&Message, &Site) -> String,
}

impl CardFormat {
    /// Reads the card of the clause in the address. Returns the card and a response that still lacks its body. If there is no
    /// card to send, returns a complete response as the error. Ignores cookies, because pages of other sites show cards.
    pub async fn read(
        &self,
        request: &HttpRequest,
        responder: &Responder<'_>,
    ) -> Result<(Box<Card>, HttpResponseBuilder), HttpResponse> {
        let site = &responder.site;
        let known_tags = data_tags(request, &responder.hash);
        match answer::run(request, site, &QUERY, known_tags, Accepted::TokenOnly).await {
            Answer::Text { content: card, tag, .. } => {
                // The address contains an old slug of the agreement.
                if request.match_info().get("slug") != Some(card.slug.as_str()) {
                    return Err(responder.redirect((self.address)(&card, site)));
                }
                let mut response = HttpResponse::Ok();
                response.content_type(self.media_type);
                if let Some(tag) = tag {
                    response.insert_header((header::ETAG, response_tag(&tag, &responder.hash)));
                }
                Ok((card, response))
            }
            Answer::NotModified { tag } => Err(HttpResponse::NotModified()
                .insert_header((header::ETAG, response_tag(&tag, &responder.hash)))
                .finish()),
            Answer::Moved(url) => Err(responder.redirect(url)),
            Answer::Denied => {
                let message = Message {
                    status: StatusCode::UNAUTHORIZED,
                    title: None,
                    text: TOKEN_MISSING.to_owned(),
                    is_indexed: false,
                    retry_after: None,
                    list_start: None,
                };
                let mut response = self.respond_with_message(&message, site);
                let challenge = HeaderValue::from_static("Bearer");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                Err(response)
            }
            Answer::Message(message) => Err(self.respond_with_message(&message, site)),
        }
    }

    /// The response with a message instead of a card.
    pub fn respond_with_message(&self, message: &Message, site: &Site) -> HttpResponse {
        let mut response = HttpResponse::build(message.error_status());
        if let Some(seconds) = message.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response.content_type(self.message_type).body((self.message)(message, site))
    }
}
