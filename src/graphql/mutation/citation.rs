//! Citations in inputs: the sources of events and the evidence of assessments.

use async_graphql::InputObject;

use super::input::{Edit, Given, Ids, RecordId, Text};
use super::presence::{List, Presence, Reads, Shared};
use crate::domain::ValidationErrorCode;
use crate::domain::citation::{Citation, CitationDetails};
use crate::domain::id::{SourceId, of};
use crate::graphql::scalar::Date;

/// Citation of a recorded source, with the place in the source.
#[derive(InputObject)]
pub struct CitationInput {
    /// Id of the source.
    source_id: RecordId<of::Source>,
    #[graphql(flatten)]
    details: CitationDetailsInput,
}

impl CitationInput {
    pub fn source(&self) -> &RecordId<of::Source> {
        &self.source_id
    }
}

/// The place in a cited source. Part of inputs that cite a source.
#[derive(InputObject)]
pub struct CitationDetailsInput {
    /// Place in the source: a paragraph, page or article, such as `annex I, point 4`. At most 300 characters.
    locator: Option<Text>,
    /// Verbatim quotation from the source. At most 500 characters.
    quotation: Option<Text>,
    /// Day on which the source was read. Must not be in the future: the last valid day is the current day in UTC+14.
    accessed_on: Option<Date>,
}

impl From<CitationDetailsInput> for CitationDetails {
    fn from(given: CitationDetailsInput) -> Self {
        Self {
            locator: given.locator.map(String::from),
            quotation: given.quotation.map(String::from),
            accessed_on: given.accessed_on.map(|day| day.0),
        }
    }
}

impl Given<Citation> for CitationInput {
    fn read(self, ids: &mut Ids, path: &str) -> Citation {
        let source = ids.one(&format!("{path}.source_id"), &self.source_id);
        Citation { source, details: self.details.into() }
    }
}

/// The sources of a new event.
#[derive(InputObject)]
pub struct SourcesInput {
    /// Ids of the sources of this record. Give them here or in `citations`.
    #[graphql(default)]
    source_ids: Vec<RecordId<of::Source>>,
    /// Sources of this record, with the place in each. Give them here or in `sourceIds`.
    #[graphql(default)]
    citations: Vec<CitationInput>,
}

/// The sources of an event that is updated.
#[derive(InputObject)]
pub struct SourcesChanges {
    /// Ids of the sources of this record. Replaces the whole list. A source that this record already cites keeps its citation details.
    source_ids: Option<Vec<RecordId<of::Source>>>,
    /// Sources of this record, with the place in each. Replaces the whole list.
    citations: Option<Vec<CitationInput>>,
}

impl Presence for Vec<Citation> {
    type Create = SourcesInput;
    type Update = SourcesChanges;
}

impl Shared for Vec<Citation> {
    fn created(given: SourcesInput, ids: &mut Ids) -> Self {
        let is_given = |is_empty: bool| (!is_empty).then_some(());
        let source_ids = is_given(given.source_ids.is_empty()).map(|()| given.source_ids);
        let citations = is_given(given.citations.is_empty()).map(|()| given.citations);
        let mut content = Self::new();
        Self::edit(SourcesChanges { source_ids, citations }, ids)(&mut content);
        content
    }

    fn edit(given: SourcesChanges, ids: &mut Ids) -> Edit<Self> {
        if given.source_ids.is_some() && given.citations.is_some() {
            let message = "cannot be combined with `sourceIds`".to_owned();
            ids.note(ValidationErrorCode::Invalid, "citations", message);
        }
        if let Some(citations) = given.citations {
            ids.rename("sources", "citations");
            let citations: Self = List::created(citations, ids, "citations");
            return Box::new(move |content| *content = citations);
        }
        let sources = given.source_ids.map(|sources| List::created(sources, ids, "sources"));
        Box::new(move |content| {
            let Some(sources): Option<Vec<SourceId>> = sources else { return };
            let cited = |source: SourceId| {
                let cited = content.iter().find(|citation| citation.source == source);
                cited.cloned().unwrap_or_else(|| source.into())
            };
            *content = sources.into_iter().map(cited).collect();
        })
    }
}
