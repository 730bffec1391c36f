//! The evidence of a submission as JSON. New sources are recorded only when the submission is published.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::Error;
use super::super::assessment_write::Evidence;
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::external_id::ExternalIdContent;
use crate::domain::id::SourceId;
use crate::domain::source::{SourceContent, SourceKind};
use crate::domain::{Id, StringEnum};

/// An item of evidence. It has either `source` or `new_source`.
#[derive(Serialize, Deserialize)]
struct StoredEvidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_source: Option<StoredSource>,
    locator: Option<String>,
    quotation: Option<String>,
    accessed_on: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct StoredSource {
    title: String,
    kind: String,
    publisher: Option<String>,
    url: Option<String>,
    archived_url: Option<String>,
    published_on: Option<String>,
    language: Option<String>,
    /// Pairs of scheme and value.
    external_ids: Vec<(String, String)>,
}

/// The JSON array of evidence.
///
/// # Errors
/// The evidence cannot be serialized, which is a defect of the server.
pub(super) fn to_json(evidence: &[Evidence]) -> Result<String, Error> {
    let stored: Vec<StoredEvidence> = evidence.iter().map(StoredEvidence::from).collect();
    serde_json::to_string(&stored).map_err(|error| Error::Internal(error.to_string()))
}

/// The evidence in a JSON array of the column `submissions.evidence`.
///
/// # Errors
/// The JSON is malformed.
pub fn parse(json: &str) -> Result<Vec<Evidence>, Error> {
    let stored: Vec<StoredEvidence> = serde_json::from_str(json).map_err(|_| malformed(json))?;
    let evidence: Option<Vec<Evidence>> =
        stored.into_iter().map(StoredEvidence::into_evidence).collect();
    evidence.ok_or_else(|| malformed(json))
}

fn malformed(json: &str) -> Error {
    Error::Internal(format!("the stored evidence {json} is malformed"))
}

/// Parses an optional day.
fn day(text: Option<String>) -> chrono::ParseResult<Option<NaiveDate>> {
    text.map(|text| NaiveDate::parse_from_str(&text, "%Y-%m-%d")).transpose()
}

fn day_text(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}

impl From<&Evidence> for StoredEvidence {
    fn from(evidence: &Evidence) -> Self {
        let (source, new_source, details) = match evidence {
            Evidence::Recorded(source) => (Some(*source), None, &CitationDetails::default()),
            Evidence::Cited(citation) => (Some(citation.source), None, &citation.details),
            Evidence::New(source, details) => (None, Some(source), details),
        };
        Self {
            source: source.map(|source| source.to_string()),
            new_source: new_source.map(StoredSource::from),
            locator: details.locator.clone(),
            quotation: details.quotation.clone(),
            accessed_on: day_text(details.accessed_on),
        }
    }
}

impl StoredEvidence {
    fn into_evidence(self) -> Option<Evidence> {
        let Self { source, new_source, locator, quotation, accessed_on } = self;
        let details = CitationDetails { locator, quotation, accessed_on: day(accessed_on).ok()? };
        match (source, new_source) {
            (Some(source), None) => {
                let source: SourceId = Id::parse(&source)?;
                Some(Evidence::Cited(Citation { source, details }))
            }
            (None, Some(source)) => Some(Evidence::New(source.into_content()?, details)),
            _ => None,
        }
    }
}

impl From<&SourceContent> for StoredSource {
    fn from(source: &SourceContent) -> Self {
        let identifier = |id: &ExternalIdContent| (id.scheme.clone(), id.value.clone());
        Self {
            title: source.title.clone(),
            kind: source.kind.as_str().to_owned(),
            publisher: source.publisher.clone(),
            url: source.url.clone(),
            archived_url: source.archived_url.clone(),
            published_on: day_text(source.published_on),
            language: source.language.clone(),
            external_ids: source.external_ids.iter().map(identifier).collect(),
        }
    }
}

impl StoredSource {
    fn into_content(self) -> Option<SourceContent> {
        let identifier = |(scheme, value)| ExternalIdContent { scheme, value };
        Some(SourceContent {
            slug: None,
            title: self.title,
            kind: SourceKind::parse(&self.kind)?,
            publisher: self.publisher,
            url: self.url,
            archived_url: self.archived_url,
            published_on: day(self.published_on).ok()?,
            language: self.language,
            external_ids: self.external_ids.into_iter().map(identifier).collect(),
        })
    }
}
