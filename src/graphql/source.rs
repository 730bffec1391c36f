//! Sources.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};

use super::batch::batches;
use super::node::{global_id, shared, shared_lists};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::db::search::Searchable;
use crate::domain::id::{AssessmentId, EventId, SourceId};
use crate::domain::search::Passage;
use crate::domain::{Kind, source};

/// What a record or an assessment rests on.
#[derive(Clone)]
pub struct Source(Arc<db::source::Source>);

impl From<Arc<db::source::Source>> for Source {
    fn from(row: Arc<db::source::Source>) -> Self {
        Self(row)
    }
}

impl Source {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Sources by id.
    SourceById: SourceId => Source, |connection, keys| db::source::by_ids(connection, keys).map(shared);
    /// The sources of events.
    SourcesOfEvent: EventId => Vec<Source>, |connection, keys| db::source::of_events(connection, keys).map(shared_lists);
    /// The evidence of assessments.
    EvidenceOf: AssessmentId => Vec<Source>, |connection, keys| db::source::of_assessments(connection, keys).map(shared_lists);
}

/// Where a source comes from, and so how far it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "source::SourceKind")]
pub enum SourceKind {
    /// The text of an agreement or proposal, as its authors published it.
    OfficialText,
    /// A report of monitors.
    MonitorReport,
    /// The word of a party, or of media that a party controls: good for what the party claims, weak for facts.
    PartyStatement,
    /// Independent press.
    Press,
    /// Research.
    Academic,
    /// Published against its author's will.
    Leak,
}

/// What a record or an assessment rests on.
#[Object]
impl Source {
    /// Identifies the source.
    pub async fn id(&self) -> ID {
        global_id(Kind::Source, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Short name in dossiers; null for a source that came as evidence.
    async fn slug(&self) -> Option<&str> {
        self.0.slug.as_deref()
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Where it comes from, and so how far it carries.
    async fn kind(&self) -> SourceKind {
        self.0.kind.into()
    }

    /// Who published it.
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// Where it is: an `http` or `https` address.
    async fn url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    /// Where a copy of it is kept: an `http` or `https` address.
    async fn archived_url(&self) -> Option<&str> {
        self.0.archived_url.as_deref()
    }

    /// The day it was published.
    async fn published_on(&self) -> Option<Date> {
        self.0.published_on.map(Date)
    }

    /// When it was put away; null while it is in use. What rests on it still shows it.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}
