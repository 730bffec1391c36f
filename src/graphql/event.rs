//! Events.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use futures_util::future::try_join_all;

use super::assessment::Confidence;
use super::batch::batches;
use super::clause::folded_filter;
use super::node::{global_id, list as load_list, shared};
use super::page::{Paging, connection};
use super::party::{ActorsOf, Party};
use super::scalar::{Date, DateTime};
use super::source::{Source, SourcesOfEvent};
use super::trackable::Trackable;
use crate::db;
use crate::db::event::{EventList, Parent};
use crate::db::search::Searchable;
use crate::domain::id::EventId;
use crate::domain::search::Passage;
use crate::domain::{Kind, event};

/// Something that happened or was said on a day.
#[derive(Clone)]
pub struct Event(Arc<db::event::Event>);

impl From<Arc<db::event::Event>> for Event {
    fn from(row: Arc<db::event::Event>) -> Self {
        Self(row)
    }
}

impl Event {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Events by id.
    EventById: EventId => Event, |connection, keys| db::event::by_ids(connection, keys).map(shared);
    /// What events concern.
    ConcernsOf: EventId => Vec<db::trackable::Trackable>, db::event::concerns_of;
}

connection!(EventConnection, EventEdge, Event, EventList);

/// What an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "event::EventKind")]
pub enum EventKind {
    /// Somebody said something.
    Statement,
    /// Something was signed or adopted.
    Signing,
    /// There was a vote.
    Vote,
    /// Prisoners or goods changed hands.
    Exchange,
    /// An agreement was acted against.
    Violation,
    /// Forces or monitors moved in.
    Deployment,
    /// Forces or monitors moved out.
    Withdrawal,
    /// There were talks.
    Negotiation,
    /// It is an earlier case that is pointed to.
    Precedent,
    /// Anything else.
    Other,
}

/// Something that happened or was said on a day.
#[Object]
impl Event {
    /// Identifies the event.
    pub async fn id(&self) -> ID {
        global_id(Kind::Event, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Short name in dossiers; null for an event that was recorded through the API without one.
    async fn slug(&self) -> Option<&str> {
        self.0.slug.as_deref()
    }

    /// The day, or the first of several.
    async fn happened_on(&self) -> Date {
        Date(self.0.happened_on)
    }

    /// The last day, where there was more than one.
    async fn ended_on(&self) -> Option<Date> {
        self.0.ended_on.map(Date)
    }

    /// What it is.
    async fn kind(&self) -> EventKind {
        self.0.kind.into()
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What happened, in plain words.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Where it happened.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// How sure this record is.
    async fn confidence(&self) -> Confidence {
        self.0.confidence.into()
    }

    /// Who acted or spoke.
    async fn actors(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        load_list(context, ActorsOf, self.0.id).await
    }

    /// The clauses, caveats and proposals that it concerns.
    async fn concerns(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        let rows = load_list(context, ConcernsOf, self.0.id).await?;
        try_join_all(rows.iter().map(|row| Trackable::of(context, row.id, row.kind))).await
    }

    /// What this record rests on.
    async fn sources(&self, context: &Context<'_>) -> Result<Vec<Source>> {
        load_list(context, SourcesOfEvent, self.0.id).await
    }

    /// When it was put away; null while it is in use. Archived records are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}

/// Which events are listed: those that fit everything that is given.
#[derive(Debug, InputObject)]
pub struct EventFilter {
    /// Of one of these kinds.
    kind: Option<Vec<EventKind>>,
    /// In which one of these parties acted or spoke, by slug.
    actor: Option<Vec<String>>,
    /// That concern a clause of one of these agreements, by slug.
    agreement: Option<Vec<String>>,
    /// On this day or later. An event of several days counts while it goes on.
    from: Option<Date>,
    /// On this day or earlier. An event of several days counts from its first.
    to: Option<Date>,
    /// With this text in title, summary or place, whatever its case and accents.
    text: Option<String>,
}

impl TryFrom<EventFilter> for db::event::Filter {
    type Error = async_graphql::Error;

    fn try_from(filter: EventFilter) -> Result<Self> {
        Ok(Self {
            kinds: filter.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            actors: filter.actor,
            agreements: filter.agreement,
            from: filter.from.map(|day| day.0),
            to: filter.to.map(|day| day.0),
            text: folded_filter(filter.text)?,
        })
    }
}

/// Reading events.
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// Events, by day.
    async fn events(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "How many records from the start of the list, from 0 to 200; 50 where neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only records after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many records from the end of the list, from 0 to 200. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Only records before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only those that fit.")] filter: Option<EventFilter>,
    ) -> Result<Option<EventConnection>> {
        let filter = filter.map(db::event::Filter::try_from).transpose()?.unwrap_or_default();
        let list = EventList { parent: Parent::None, filter };
        EventConnection::load(context, list, None, Paging { first, after, last, before })
            .await
            .map(Some)
    }
}
