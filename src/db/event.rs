//! Events: their rows, lists, creation and updates.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::citation::EVENT_SOURCES;
use super::filter::{Conditions, LinkTable};
use super::insert::insert_rows;
use super::link::Links;
use super::page::{Direction, List, Listing};
use super::query;
use super::record::{Candidate, Record, Stored};
use super::rows::Lookup;
use super::schema::events;
use super::search_index::Searched;
use super::sort::SortKey;
use super::{DbConnection, Error, edtf, external_id};
use crate::domain::Kind;
use crate::domain::assessment::Confidence;
use crate::domain::edtf::EdtfDate;
use crate::domain::event::{EventContent, EventKind};
use crate::domain::id::{EventId, of};
use crate::domain::search::{Field, IndexedText, SearchKind};

/// The actors of events, in order.
pub const ACTORS_OF: Lookup = Lookup {
    from: "event_actors JOIN parties ON parties.id = event_actors.party_id WHERE",
    key: "event_actors.event_id",
    order: "event_actors.position, parties.id",
};

/// The clauses, caveats and proposals that events concern, in order. Excludes archived records.
pub const CONCERNS_OF: Lookup = Lookup {
    from: "event_trackables JOIN trackables ON trackables.id = event_trackables.trackable_id \
           WHERE trackables.archived_at IS NULL AND",
    key: "event_trackables.event_id",
    order: "event_trackables.position, trackables.id",
};

/// The links of events to their actors.
const ACTOR_LINKS: Links = Links::new("event_actors", "event_id", "party_id");

/// The links of events to the clauses, caveats and proposals that they concern.
const CONCERN_LINKS: Links = Links::new("event_trackables", "event_id", "trackable_id");

/// An event.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Event {
    /// Primary key.
    pub id: EventId,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// Short name in dossiers. Null if the event has none.
    pub slug: Option<String>,
    /// The first day.
    pub happened_on: NaiveDate,
    /// The last day. Null if the event lasted one day.
    pub ended_on: Option<NaiveDate>,
    /// The date in EDTF. Null if `happened_on` and `ended_on` fully describe the date.
    pub edtf_date: Option<String>,
    /// The kind of event.
    pub kind: EventKind,
    /// Title.
    pub title: String,
    /// Other names and spellings, as a JSON array of strings.
    pub aliases: String,
    /// A summary of the event.
    pub summary: String,
    /// The place of the event.
    pub place: Option<String>,
    /// The confidence in this record.
    pub confidence: Confidence,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
}

/// The texts of events in the search index.
pub const SEARCHED: Searched = Searched {
    kind: SearchKind::Event,
    table: "events",
    container: None,
    name: None,
    aliases: Some("events.aliases"),
    columns: &["events.title", "events.summary", "events.slug", "events.place"],
    external_ids: external_id::column!("events"),
    filtered: &["events.title", "events.summary", "events.place"],
    indexed_texts: |texts| {
        let &[title, summary, slug, place] = texts else { return Vec::new() };
        let indexed_texts = [
            title.map(|title| IndexedText::new(Field::Title, title)),
            summary.map(|summary| IndexedText::new(Field::Summary, summary)),
            slug.map(|slug| IndexedText::new(Field::Label, slug)),
            place.map(|place| IndexedText::new(Field::Label, place)),
        ];
        indexed_texts.into_iter().flatten().collect()
    },
};

/// The parent of a list of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// A clause, caveat or proposal: lists the events that concern it.
    Assessable,
    /// A source: lists the events that cite it.
    Source,
}

/// Conditions on events, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches events of these kinds.
    pub kinds: Option<Vec<EventKind>>,
    /// Matches events with one of these actors, named by slug.
    pub actors: Option<Vec<String>>,
    /// Matches events that concern a clause of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches events that ended on this day or later.
    pub from: Option<NaiveDate>,
    /// Matches events that began on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Matches events with this text in title, aliases, summary or place. The text must be folded with
    /// `domain::text::fold`.
    pub text: Option<String>,
}

/// The parties that are actors of events.
const ACTORS: LinkTable = LinkTable {
    listed_id: "events.id",
    table: "event_actors",
    listed: "event_actors.event_id",
    other: "event_actors.party_id",
};

/// The agreements of the clauses that an event concerns.
const AGREEMENTS: LinkTable = LinkTable {
    listed_id: "events.id",
    table: "event_trackables JOIN clauses ON clauses.id = event_trackables.trackable_id",
    listed: "event_trackables.event_id",
    other: "clauses.agreement_id",
};

/// The order of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By day.
    Day,
    /// By the number of clauses with a neutral assessment that names the event.
    Clauses,
}

/// The number of clauses with a neutral assessment that names the event.
const CLAUSES: &str = "(SELECT count(DISTINCT clauses.id) FROM assessments \
     JOIN clauses ON clauses.id = assessments.trackable_id WHERE assessments.event_id = events.id \
     AND assessments.held_by_id IS NULL AND assessments.retracted_at IS NULL AND clauses.is_listed)";

/// A list of events.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EventList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
    pub direction: Direction,
}

impl List for EventList {
    const KIND: Kind = Kind::Event;
    const ID: &'static str = "events.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Day => 0,
            Order::Clauses => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match self.order {
            Order::Day => const { &[SortKey::day("events.happened_on"), SortKey::id("events.id")] },
            Order::Clauses => {
                const {
                    &[
                        SortKey::integer(CLAUSES),
                        SortKey::day("events.happened_on"),
                        SortKey::id("events.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let filter = &self.filter;
        let mut conditions = Conditions::new(connection.dialect(), "events.archived_at IS NULL");
        conditions.require_one_of("events.kind", filter.kinds.as_deref());
        conditions.require_link(Kind::Party, ACTORS, filter.actors.as_deref());
        conditions.require_link(Kind::Agreement, AGREEMENTS, filter.agreements.as_deref());
        conditions.require_from("coalesce(events.ended_on, events.happened_on)", filter.from);
        conditions.require_until("events.happened_on", filter.to);
        conditions.require_text("events.folded", filter.text.as_deref());
        Listing {
            parent: match self.parent {
                Parent::None => None,
                Parent::Assessable => Some(
                    "events.id IN (SELECT event_trackables.event_id FROM event_trackables \
                     WHERE event_trackables.trackable_id = {parent})",
                ),
                Parent::Source => Some(
                    "events.id IN (SELECT event_sources.event_id FROM event_sources \
                     WHERE event_sources.source_id = {parent})",
                ),
            },
            conditions: conditions.into_vec(),
            direction: self.direction,
            ..Listing::of("events", self.sort_keys())
        }
    }
}

/// The events with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, Event>, Error> {
    query::by_key(connection, "events WHERE", "events.id", ids)
}

impl Record for EventContent {
    type Of = of::Event;
    const KIND: Kind = Kind::Event;
    const SEARCHED: Option<Searched> = Some(SEARCHED);

    fn slug(&self) -> Option<&str> {
        self.slug.as_deref()
    }

    fn keep_slug(&mut self, stored: &Self) {
        self.slug.clone_from(&stored.slug);
    }

    fn load(
        connection: &mut DbConnection,
        ids: &[EventId],
    ) -> Result<HashMap<String, Stored<Self>>, Error> {
        let rows: HashMap<String, Event> = by_ids(connection, ids)?;
        let mut actors = ACTOR_LINKS.load(connection, ids)?;
        let mut concerns = CONCERN_LINKS.load(connection, ids)?;
        let mut sources = EVENT_SOURCES.load(connection, ids)?;
        let mut external_ids = external_id::load(connection, ids)?;
        let stored = |(id, row): (String, Event)| {
            let content = Self {
                slug: row.slug,
                date: edtf::stored(
                    row.edtf_date.as_deref(),
                    EdtfDate::days(row.happened_on, row.ended_on),
                )?,
                kind: row.kind,
                title: row.title,
                aliases: query::parse_json_array(&row.aliases)?,
                summary: row.summary,
                place: row.place,
                confidence: row.confidence,
                actors: actors.remove(&id).unwrap_or_default(),
                concerns: concerns.remove(&id).unwrap_or_default(),
                sources: sources.remove(&id).unwrap_or_default(),
                external_ids: external_ids.remove(&id).unwrap_or_default(),
            };
            let is_archived = row.archived_at.is_some();
            Ok((id, Stored { version: row.version, is_archived, content }))
        };
        rows.into_iter().map(stored).collect()
    }

    fn insert(
        connection: &mut DbConnection,
        candidates: &[Candidate<'_, Self>],
    ) -> Result<(), Error> {
        let row = |Candidate { id, content, .. }: &Candidate<'_, Self>| {
            let (happened_on, ended_on) = content.date.event_days();
            let row = Event {
                id: *id,
                version: 1,
                slug: content.slug.clone(),
                happened_on,
                ended_on,
                edtf_date: content.date.text_beside_event_days(),
                kind: content.kind,
                title: content.title.clone(),
                aliases: query::json_array(&content.aliases),
                summary: content.summary.clone(),
                place: content.place.clone(),
                confidence: content.confidence,
                archived_at: None,
            };
            (row, events::folded.eq(content.folded()))
        };
        insert_rows!(connection, events::table, candidates.iter().map(row).collect());
        insert_links(connection, candidates)
    }

    fn update(&self, connection: &mut DbConnection, id: EventId, _old: &Self) -> Result<(), Error> {
        let (happened_on, ended_on) = self.date.event_days();
        diesel::update(events::table.find(id))
            .set((
                events::slug.eq(&self.slug),
                events::happened_on.eq(happened_on),
                events::ended_on.eq(ended_on),
                events::edtf_date.eq(self.date.text_beside_event_days()),
                events::kind.eq(self.kind),
                events::title.eq(&self.title),
                events::aliases.eq(query::json_array(&self.aliases)),
                events::summary.eq(&self.summary),
                events::place.eq(&self.place),
                events::confidence.eq(self.confidence),
                events::folded.eq(self.folded()),
            ))
            .execute(connection)?;
        ACTOR_LINKS.delete(connection, id)?;
        CONCERN_LINKS.delete(connection, id)?;
        EVENT_SOURCES.delete(connection, id)?;
        insert_links(connection, &[Candidate::new(id, self)])
    }
}

fn insert_links(
    connection: &mut DbConnection,
    candidates: &[Candidate<'_, EventContent>],
) -> Result<(), Error> {
    let all = candidates.iter();
    ACTOR_LINKS.insert(connection, all.clone().map(|event| (event.id, &event.content.actors)))?;
    CONCERN_LINKS
        .insert(connection, all.clone().map(|event| (event.id, &event.content.concerns)))?;
    EVENT_SOURCES.insert(connection, all.map(|event| (event.id, &event.content.sources)))
}
