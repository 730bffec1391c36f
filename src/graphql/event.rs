//! Events.

use std::collections::HashMap;

use async_graphql::{Enum, InputObject};

use super::assessment::Confidence;
use super::change;
use super::citation::citations;
use super::edtf::edtf_date;
use super::engine::call::{Call, Reference, References, Resolved};
use super::engine::connection::connection_types;
use super::engine::link::{distinct, many};
use super::engine::reader::{Reader, call, date, id, instant, integer, string_enum, text, texts};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::external_id;
use super::order::{Order, order};
use super::scalar::Date;
use super::text_filter::folded_filter;
use crate::db;
use crate::db::event::{EventList, Parent};
use crate::db::page::Direction;
use crate::db::rows::Column;
use crate::domain::{Kind, event};

pub const RECORDS: [Record; 1] = [Record::new(Kind::Event, "Event", "events", "events.id")];

pub fn objects() -> Vec<Object> {
    connection_types!("Event").with([object()])
}

fn object() -> Object {
    Object::new("Event", "An event, such as a statement, a signing or a violation.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Event, "events.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("events.version"))
        .field("slug", "Short name in dossiers. Unique among events. Null if none is set.", text("events.slug").nullable())
        .field("happenedOn", "Day of the event, or its first day if it lasted several days. If `date` is a month or a year, this is the last day of that month or year. Lists are sorted by this day.", date("events.happened_on"))
        .field("endedOn", "Last day of an event of several days. Null if `date` is not an interval.", date("events.ended_on").nullable())
        .field("date", "Date of the event with its precision: a day, a month, a year or an interval, exact or approximate.", edtf_date("events.edtf_date", "events.happened_on", Some("events.ended_on")))
        .field("kind", "Kind of event.", string_enum::<EventKind, event::EventKind>("events.kind"))
        .field("title", "Title.", text("events.title"))
        .field("aliases", "Other names and spellings, in any language, such as `кордон`. Searches and text filters match them.", texts("events.aliases"))
        .field("summary", "Plain-language summary of the event.", text("events.summary"))
        .field("place", "Place of the event. Null if none is recorded.", text("events.place").nullable())
        .field("confidence", "Confidence in this record.", Confidence::column("events.confidence"))
        .field("actors", "Parties that acted or spoke.", many("[Party!]!", "Party", "events.id", db::event::ACTORS_OF))
        .field("concerns", "Clauses, caveats and proposals that the event concerns.", concerns())
        .field("sources", "Sources of this record. `citations` contains the place in each.", many("[Source!]!", "Source", "events.id", db::source::OF_EVENTS))
        .field("citations", "Sources of this record, with the place in each. In the order of `sources`.", citations("events.id", db::citation::OF_EVENTS))
        .field("externalIds", external_id::DESCRIPTION, external_id::of("events.id"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("events.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Lists exclude archived records.", instant("events.archived_at").nullable())
}

fn concerns() -> Reader {
    call("[Trackable!]!", |call: &mut Call<'_, '_>| {
        let keys = call.keys("events.id")?;
        let events = distinct(keys.iter().copied());
        let columns = ["trackables.kind", "trackables.id"];
        let rows = call
            .context
            .read(|connection| db::event::CONCERNS_OF.select(connection, &events, &columns))?;
        let mut concerned: HashMap<&str, Vec<Option<Reference>>> = HashMap::new();
        for row in 0..rows.len() {
            let Some(event) = rows.text(row, 0) else { continue };
            let (kind, id) = (rows.text(row, 1), rows.text(row, 2));
            let reference = kind.zip(id).and_then(|(kind, id)| Reference::stored(kind, id));
            concerned.entry(event).or_default().push(reference);
        }
        let lists = keys.iter().map(|event| {
            References::List(concerned.get(event).into_iter().flatten().copied().map(Ok).collect())
        });
        Ok(Resolved::References(lists.collect()))
    })
    .needs(&["events.id"])
}

/// The events that concern a clause, caveat or proposal. The record's id is in the column `subject`.
pub fn concerning(subject: Column) -> Reader {
    of_parent(subject, Parent::Assessable)
}

/// The events that cite a source. The source's id is in the column `source`.
pub fn citing(source: Column) -> Reader {
    of_parent(source, Parent::Source)
}

fn of_parent(id: Column, parent: Parent) -> Reader {
    connection("EventConnection!", "Event", Some(id), move |_| {
        Ok(EventList {
            parent,
            filter: db::event::Filter::default(),
            order: db::event::Order::Day,
            direction: Direction::Ascending,
        })
    })
}

pub fn queries(query: Object) -> Object {
    query.field(
        "events",
        "Events, by default in order of day. Excludes archived records.",
        connection("EventConnection", "Event", None, |call| {
            let filter: Option<EventFilter> = call.arguments.get("filter")?;
            let filter = filter.map(EventFilter::read).transpose()?.unwrap_or_default();
            let (order, direction) =
                order::<EventOrderField, _>(call.arguments, db::event::Order::Day)?;
            Ok(EventList { parent: Parent::None, filter, order, direction })
        })
        .argument::<Option<EventFilter>>("filter", "Returns only matching records.")
        .argument::<Option<Order<EventOrderField>>>("orderBy", "Sort order. Default: by day."),
    )
}

/// Fields by which events can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::event::Order")]
pub enum EventOrderField {
    /// Day, or first day of an event of several days.
    Day,
    /// Number of clauses with an assessment in the neutral record that names the event as its cause. Ties are sorted by day.
    Clauses,
}

/// Kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "event::EventKind")]
pub enum EventKind {
    /// Statement.
    Statement,
    /// Signing or adoption.
    Signing,
    /// Vote.
    Vote,
    /// Exchange of prisoners or goods.
    Exchange,
    /// Violation of an agreement.
    Violation,
    /// Deployment of forces or monitors.
    Deployment,
    /// Withdrawal of forces or monitors.
    Withdrawal,
    /// Negotiations.
    Negotiation,
    /// Earlier case cited as a precedent.
    Precedent,
    /// Any other kind.
    Other,
}

/// Filter for events. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct EventFilter {
    /// Matches records of any of these kinds.
    kind: Option<Vec<EventKind>>,
    /// Slugs of parties. Matches events in which any of them acted or spoke.
    actor: Option<Vec<String>>,
    /// Slugs of agreements. Matches events that concern a clause of any of them.
    agreement: Option<Vec<String>>,
    /// Matches events whose only or last day is on or after this day. If the date of an event is a month or a year, the last day of that month or year is compared.
    from: Option<Date>,
    /// Matches events whose only or first day is on or before this day. If the date of an event is a month or a year, the last day of that month or year is compared.
    to: Option<Date>,
    /// Matches records with this text in title, aliases, summary or place. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
}

impl EventFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text` is too long, or contains NUL.
    fn read(self) -> Result<db::event::Filter, Error> {
        Ok(db::event::Filter {
            kinds: self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            actors: self.actor,
            agreements: self.agreement,
            from: self.from.map(|day| day.0),
            to: self.to.map(|day| day.0),
            text: folded_filter(self.text)?,
        })
    }
}
