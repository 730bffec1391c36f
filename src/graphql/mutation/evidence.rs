//! Evidence in inputs of assessments.

use async_graphql::{InputObject, OneofObject};

use super::citation::{CitationDetailsInput, CitationInput};
use super::external_id::ExternalIdInput;
use super::input::{Given, Ids, RecordId, Text};
use super::presence::{List, Reads};
use crate::db::assessment_write::Evidence;
use crate::domain::id::of;
use crate::domain::source::SourceContent;
use crate::graphql::scalar::Date;
use crate::graphql::source::SourceKind;

/// Evidence for an assessment: a recorded source or a new source.
#[derive(OneofObject)]
pub enum EvidenceInput {
    /// Id of a recorded source.
    SourceId(RecordId<of::Source>),
    /// New source, with the place in the source. Recorded together with the assessment.
    Source(EvidenceSourceInput),
    /// Recorded source, with the place in the source.
    Citation(CitationInput),
}

impl EvidenceInput {
    /// The source, if it is a recorded one.
    pub fn recorded_source(&self) -> Option<&RecordId<of::Source>> {
        match self {
            Self::SourceId(source) => Some(source),
            Self::Citation(citation) => Some(citation.source()),
            Self::Source(_) => None,
        }
    }
}

impl Given<Evidence> for EvidenceInput {
    fn read(self, ids: &mut Ids, path: &str) -> Evidence {
        match self {
            Self::SourceId(id) => Evidence::Recorded(ids.one(&format!("{path}.source_id"), &id)),
            Self::Citation(citation) => {
                Evidence::Cited(citation.read(ids, &format!("{path}.citation")))
            }
            Self::Source(source) => Evidence::New(
                SourceContent {
                    slug: None,
                    title: source.title.into(),
                    kind: source.kind.into(),
                    publisher: source.publisher.map(String::from),
                    url: source.url,
                    archived_url: source.archived_url,
                    published_on: source.published_on.map(|day| day.0),
                    language: source.language,
                    external_ids: List::created(source.external_ids, ids, path),
                },
                source.details.into(),
            ),
        }
    }
}

/// Content of a new source, given as evidence for an assessment.
#[derive(InputObject)]
pub struct EvidenceSourceInput {
    /// Title. At most 300 characters.
    title: Text,
    /// Kind of source.
    kind: SourceKind,
    /// Publisher. At most 300 characters.
    publisher: Option<Text>,
    /// Address: an `http` or `https` URL. At most 2000 characters.
    url: Option<String>,
    /// Archived copy: an `http` or `https` URL. At most 2000 characters.
    archived_url: Option<String>,
    /// Day of publication. Default: none.
    published_on: Option<Date>,
    /// Language: a tag of BCP 47 with a language of ISO 639, such as `en`. At most 35 characters. Default: none.
    language: Option<String>,
    /// Identifiers of the source in other collections.
    #[graphql(default)]
    external_ids: Vec<ExternalIdInput>,
    #[graphql(flatten)]
    details: CitationDetailsInput,
}
