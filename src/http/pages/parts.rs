//! Parts that several pages show.

use chrono::NaiveDate;
use maud::{Markup, html};
use serde::Deserialize;
use url::Url;

use super::content::{Content, PageOutcome, PageRequest};
use super::json_ld;
use super::labels::label;
use super::site::{Site, href};

/// A page of a list of records, and the total number of records.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    #[serde(default)]
    pub total_count: Option<usize>,
    pub page_info: Option<PageInfo>,
    pub nodes: Vec<T>,
}

/// Where a list continues. A document that reads a list from its start selects `hasNextPage` and `endCursor`. A document that
/// reads a list from its end selects `hasPreviousPage` and `startCursor`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
    has_previous_page: bool,
    start_cursor: Option<String>,
}

impl<T> List<T> {
    /// The cursor at which the list continues. `None` if the list has no further rows.
    pub fn next_cursor(&self) -> Option<&str> {
        let info = self.page_info.as_ref()?;
        let after = info.end_cursor.as_deref().filter(|_| info.has_next_page);
        after.or_else(|| info.start_cursor.as_deref().filter(|_| info.has_previous_page))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    pub short_name: String,
}

/// A party with a link to its page.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartyName {
    pub slug: String,
    pub short_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementName {
    pub slug: String,
    pub short_title: String,
}

#[derive(Deserialize)]
pub struct ProposalName {
    pub slug: String,
    pub title: String,
}

/// An event in a list.
#[derive(Deserialize)]
pub struct EventLine {
    pub id: String,
    pub title: String,
    pub date: String,
}

#[derive(Deserialize)]
pub struct SourceName {
    pub id: String,
    pub title: String,
}

#[derive(Deserialize)]
pub struct Citation {
    pub source: SourceName,
}

/// A record that has a status.
#[derive(Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
pub enum Step {
    Clause { reference: String, heading: String, number: String, agreement: Slug },
    Caveat { reference: String, heading: String, number: String, proposal: Slug },
    Proposal { reference: String, slug: String },
}

#[derive(Deserialize)]
pub struct Slug {
    pub slug: String,
}

impl Step {
    /// The name of the record, such as `Minsk II, 9: Border control`.
    pub fn name(&self) -> String {
        match self {
            Self::Clause { reference, heading, .. } | Self::Caveat { reference, heading, .. } => {
                format!("{reference}: {heading}")
            }
            Self::Proposal { reference, .. } => reference.clone(),
        }
    }

    pub fn reference(&self) -> &str {
        match self {
            Self::Clause { reference, .. }
            | Self::Caveat { reference, .. }
            | Self::Proposal { reference, .. } => reference,
        }
    }

    fn address(&self, site: &Site) -> Url {
        match self {
            Self::Clause { agreement, number, .. } => site.clause(&agreement.slug, number),
            Self::Caveat { proposal, number, .. } => site.caveat(&proposal.slug, number),
            Self::Proposal { slug, .. } => site.proposal(slug),
        }
    }

    pub fn link(&self, page: &PageRequest<'_>) -> Markup {
        link(&self.name(), &page.link(self.address(page.site)))
    }
}

/// An assessment of a clause, caveat or proposal.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    pub status: String,
    pub effective_date: String,
    pub note: String,
    pub held_by: Option<Party>,
    #[serde(default)]
    pub breached_by: Vec<Party>,
    pub recorded_by: String,
    #[serde(default)]
    pub submitted_by: Option<String>,
    pub recorded_at: String,
    #[serde(default)]
    pub citations: Vec<Citation>,
}

/// A link to a page of this server. The text can be in any script.
pub fn link(text: &str, url: &Url) -> Markup {
    html! { a href=(href(url)) dir="auto" { (text) } }
}

/// The text as paragraphs. Blank lines separate paragraphs. The browser detects the direction of each paragraph
/// (`dir=auto`).
pub fn prose(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
            p.prose dir="auto" { (paragraph) }
        }
    }
}

/// Shows a date in the Extended Date/Time Format in words, such as `12 Feb 2015`, `February 2015`, `about 2015` or
/// `1 Feb 2015 – 3 Feb 2015`.
pub fn date(edtf: &str) -> Markup {
    let (about, exact) = match edtf.strip_suffix('~') {
        Some(exact) => ("about ", exact),
        None => ("", edtf),
    };
    html! {
        (about)
        @for (index, period) in exact.split('/').enumerate() {
            @if index > 0 { " – " }
            time datetime=(period) { (date_text(period)) }
        }
    }
}

/// A day, month or year in words.
pub fn date_text(period: &str) -> String {
    let parse = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = parse(period).map(|day| day.format("%-d %b %Y").to_string());
    let month = || parse(&format!("{period}-01")).map(|day| day.format("%B %Y").to_string());
    day.or_else(month).unwrap_or_else(|| period.to_owned())
}

/// The day of a time such as `2022-01-26T16:20:00.000000Z`.
pub fn time(text: &str) -> Markup {
    let day = text.split('T').next().unwrap_or(text);
    // The attribute `datetime` allows at most milliseconds.
    let seconds = text.split('.').next().unwrap_or(text).trim_end_matches('Z');
    html! { time datetime={ (seconds) "Z" } { (date_text(day)) } }
}

/// Names in a sentence, such as `Ukraine, Russia and OSCE`.
pub fn names<'a>(parties: impl IntoIterator<Item = &'a Party>) -> String {
    and(&parties.into_iter().map(|party| party.short_name.as_str()).collect::<Vec<_>>())
}

/// Joins texts in a sentence, such as `A, B and C`.
pub fn and(texts: &[&str]) -> String {
    match texts {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// The holder of a view: `neutral record`, or `view of Ukraine`.
pub fn viewpoint(held_by: Option<&Party>) -> String {
    held_by.map_or_else(
        || "neutral record".to_owned(),
        |party| format!("view of {}", party.short_name),
    )
}

/// A status with the parties responsible for a breach, such as `Breached by Russia`.
pub fn status_text(kind: &str, status: &str, breached_by: &[Party]) -> String {
    let status = label(kind, status);
    if breached_by.is_empty() { status } else { format!("{status} by {}", names(breached_by)) }
}

/// A list of assessments. Each item shows the status, day, viewpoint, note and evidence, and the account that recorded
/// the assessment. `kind` is the enum of the status.
pub fn assessments(kind: &str, list: &[Assessment], page: &PageRequest<'_>) -> Markup {
    html! {
        ol.served-history {
            @for assessment in list {
                li {
                    p {
                        strong { (status_text(kind, &assessment.status, &assessment.breached_by)) }
                        " since " (date(&assessment.effective_date))
                        " (" (viewpoint(assessment.held_by.as_ref())) ")"
                    }
                    (prose(&assessment.note))
                    @if !assessment.citations.is_empty() {
                        p { "Evidence: " (sources(assessment.citations.iter().map(|citation| &citation.source), page)) }
                    }
                    p.muted {
                        @if let Some(author) = &assessment.submitted_by {
                            "Submitted by " span dir="auto" { (author) } ", published by "
                        } @else {
                            "Recorded by "
                        }
                        span dir="auto" { (assessment.recorded_by) } ", " (time(&assessment.recorded_at))
                    }
                }
            }
        }
    }
}

/// Links to the pages of sources.
pub fn sources<'a>(
    list: impl IntoIterator<Item = &'a SourceName>,
    page: &PageRequest<'_>,
) -> Markup {
    html! {
        @for (index, source) in list.into_iter().enumerate() {
            @if index > 0 { "; " }
            (link(&source.title, &page.site.source(&source.id)))
        }
    }
}

/// Steps as a list of links.
pub fn steps<'a>(list: impl IntoIterator<Item = &'a Step>, page: &PageRequest<'_>) -> Markup {
    html! { ul { @for step in list { li { (step.link(page)) } } } }
}

/// Events as a list, with their days.
pub fn events<'a>(list: impl IntoIterator<Item = &'a EventLine>, page: &PageRequest<'_>) -> Markup {
    html! {
        ul {
            @for event in list {
                li { (date(&event.date)) ": " (link(&event.title, &page.link(page.site.event(&event.id)))) }
            }
        }
    }
}

/// The content of a page that is not the page of a record. `path` is the only segment of its address.
pub fn list_page(
    page: &PageRequest<'_>,
    path: &str,
    title: &str,
    description: &str,
    body: Markup,
) -> PageOutcome {
    let address = page.site.page(&[path]);
    let thing = json_ld::list(path, &address, title, description, page.site);
    PageOutcome::Found(Box::new(Content {
        title: title.to_owned(),
        description: description.to_owned(),
        address,
        trail: Vec::new(),
        body,
        thing,
        image: None,
        alternate: None,
    }))
}

/// A section with a heading. Empty unless `is_shown`.
pub fn section(title: &str, is_shown: bool, body: Markup) -> Markup {
    html! { @if is_shown { section { h2 { (title) } (body) } } }
}

/// A section with the rows of a list. Its id is `cursor`, the name of the variable for the cursor of the list, so that
/// links to further rows lead to this section. Empty if the list has no rows and the address has no cursor for it.
pub fn list_section<T>(
    title: &str,
    list: &List<T>,
    cursor: &'static str,
    page: &PageRequest<'_>,
    rows: Markup,
) -> Markup {
    html! {
        // The rows after a cursor may have been archived. The section then still has a link to the start of the list.
        @if !list.nodes.is_empty() || page.is_continued(cursor) {
            section id=(cursor) {
                h2 { (title) }
                (rows)
                (truncation_notice(list, cursor, page))
            }
        }
    }
}

/// A notice of how many records are shown, with links to the start and to the further rows of the list. Empty if the
/// page shows the complete list. `cursor` is the name of the variable for the cursor of the list.
pub fn truncation_notice<T>(
    list: &List<T>,
    cursor: &'static str,
    page: &PageRequest<'_>,
) -> Markup {
    let (shown, total) = (list.nodes.len(), list.total_count.unwrap_or(list.nodes.len()));
    let is_continued = page.is_continued(cursor);
    html! {
        @if shown < total || is_continued {
            p.muted {
                (shown) " of " (total) " shown."
                @if is_continued {
                    " " a href=(href(&page.at_cursor(cursor, None))) { "Start of the list" }
                }
                @if let Some(next) = list.next_cursor() {
                    " " a href=(href(&page.at_cursor(cursor, Some(next)))) { "More" }
                    " " a href=(href(&page.answer_at(cursor, next))) { "More, as JSON" }
                }
            }
        }
    }
}

/// The maximum number of rows that a list without cursors shows: `limit`, unless the page shows all rows.
pub fn row_limit(limit: usize, page: &PageRequest<'_>) -> usize {
    if page.shows_all_rows() { usize::MAX } else { limit }
}

/// A notice of how many rows of a list without cursors are shown, with a link to all rows. Empty if the page shows the
/// complete list.
pub fn all_rows_notice(total: usize, limit: usize, page: &PageRequest<'_>) -> Markup {
    html! {
        @if total > row_limit(limit, page) {
            p.muted { (limit) " of " (total) " shown. " a href=(href(&page.with_all_rows())) { "Show all" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_of_every_precision_are_written_in_words() {
        for (edtf, expected) in [
            ("2015-02-12", r#"<time datetime="2015-02-12">12 Feb 2015</time>"#),
            ("2015-02", r#"<time datetime="2015-02">February 2015</time>"#),
            ("2015", r#"<time datetime="2015">2015</time>"#),
            ("2015-02~", r#"about <time datetime="2015-02">February 2015</time>"#),
            (
                "2015-02-01/2015-03",
                r#"<time datetime="2015-02-01">1 Feb 2015</time> – <time datetime="2015-03">March 2015</time>"#,
            ),
        ] {
            assert_eq!(date(edtf).into_string(), expected);
        }
        assert_eq!(and(&["A", "B", "C"]), "A, B and C");
    }

    #[test]
    fn lists_continue_in_the_direction_in_which_they_are_read() {
        for (info, expected) in [
            (json!({ "hasNextPage": true, "endCursor": "b" }), Some("b")),
            (json!({ "hasNextPage": false, "endCursor": "b" }), None),
            (json!({ "hasPreviousPage": true, "startCursor": "a" }), Some("a")),
            (json!({ "hasPreviousPage": false, "startCursor": "a" }), None),
            (json!(null), None),
        ] {
            let list = json!({ "totalCount": 3, "pageInfo": info, "nodes": [1] });
            let list: List<i32> = serde_json::from_value(list).unwrap();
            assert_eq!(list.next_cursor(), expected, "{info}");
        }
    }
}
