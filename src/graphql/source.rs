//! Sources.

use async_graphql::{Enum, InputObject};

use super::engine::call::Call;
use super::engine::coerce::Arguments;
use super::engine::connection::connection_types;
use super::engine::link::one_by_key;
use super::engine::reader::{Reader, call, date, id, instant, integer, string_enum, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::error::Error;
use super::order::{Order, order};
use super::scalar::Date;
use super::text_filter::folded_filter;
use super::{assessment, change, event, external_id};
use crate::db;
use crate::db::source::SourceList;
use crate::domain::{Kind, source};

pub const RECORDS: [Record; 1] = [Record::new(Kind::Source, "Source", "sources", "sources.id")];

pub fn objects() -> Vec<Object> {
    connection_types!("Source").with([object()])
}

fn object() -> Object {
    Object::new("Source", "Source of a record or of an assessment.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Source, "sources.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("sources.version"))
        .field("slug", "Short name in dossiers. Unique among sources. Null if none is set.", text("sources.slug").nullable())
        .field("title", "Title.", text("sources.title"))
        .field("kind", "Kind of source.", string_enum::<SourceKind, source::SourceKind>("sources.kind"))
        .field("publisher", "Publisher. Null if none is recorded.", text("sources.publisher").nullable())
        .field("url", "Address: an `http` or `https` URL. Null if none is recorded.", text("sources.url").nullable())
        .field("archivedUrl", "Archived copy: an `http` or `https` URL. Null if none is recorded.", text("sources.archived_url").nullable())
        .field("publishedOn", "Day of publication. Null if none is recorded.", date("sources.published_on").nullable())
        .field("language", "Language, as a tag of BCP 47, such as `en`. Null if none is recorded.", text("sources.language").nullable())
        .field(
            "assessments",
            "Assessments that cite this source as evidence, newest first by `effectiveOn`, then by `recordedAt`. Excludes assessments of archived records.",
            assessment::citing("sources.id"),
        )
        .field(
            "events",
            "Events that cite this source, in order of day. Excludes archived records.",
            event::citing("sources.id"),
        )
        .field("externalIds", external_id::DESCRIPTION, external_id::of("sources.id"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("sources.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Records that refer to an archived record still return it.", instant("sources.archived_at").nullable())
}

pub fn queries(query: Object) -> Object {
    query.field(
        "source",
        "Source with this address. Null if it does not exist or is archived. Addresses that differ only in `http` or `https`, in `www.`, in a final slash or in the part after `#` are equal.",
        source_by_url().argument::<String>("url", "Address of the source: an `http` or `https` URL."),
    )
    .field(
        "sources",
        "Sources. Excludes archived records.",
        connection("SourceConnection", "Source", None, |call| list(call.arguments))
            .argument::<Option<SourceFilter>>("filter", "Returns only matching records.")
            .argument::<Option<Order<SourceOrderField>>>("orderBy", "Sort order. Default: by title."),
    )
}

fn source_by_url() -> Reader {
    call("Source", |call: &mut Call<'_, '_>| {
        let url: String = call.arguments.get("url")?;
        let addresses = source::same_addresses(&url);
        let columns = call.selected.columns("Source", &[]);
        let rows = call
            .context
            .read(|connection| db::source::BY_URL.select(connection, &addresses, &columns))?;
        let address = (0..rows.len()).find_map(|row| rows.text(row, 0).map(str::to_owned));
        Ok(one_by_key("Source", &[address.as_deref()], rows))
    })
}

/// The list of sources that the arguments select.
///
/// # Errors
/// Fails if the text of the filter is invalid.
fn list(arguments: &Arguments) -> Result<SourceList, Error> {
    let filter: Option<SourceFilter> = arguments.get("filter")?;
    let filter = filter.map(SourceFilter::read).transpose()?.unwrap_or_default();
    let (order, direction) = order::<SourceOrderField, _>(arguments, db::source::Order::Title)?;
    Ok(SourceList { filter, order, direction })
}

/// Kind of a source, which indicates its reliability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "source::SourceKind")]
pub enum SourceKind {
    /// Text of an agreement or proposal, as published by its authors.
    OfficialText,
    /// Report by monitors.
    MonitorReport,
    /// Statement by a party, or by media under its control. Reliable for the claims of the party, weak for facts.
    PartyStatement,
    /// Independent press.
    Press,
    /// Research.
    Academic,
    /// Published against the will of its author.
    Leak,
}

/// Filter for sources. A record must match all given conditions.
#[derive(Debug, InputObject)]
pub struct SourceFilter {
    /// Matches records of any of these kinds.
    kind: Option<Vec<SourceKind>>,
    /// Matches sources published on or after this day. Excludes sources without a day of publication.
    published_from: Option<Date>,
    /// Matches sources published on or before this day. Excludes sources without a day of publication.
    published_to: Option<Date>,
    /// Whether an assessment or event cites the source, that is, whether `Source.assessments` or `Source.events` is not empty. Retracted assessments are ignored. Records that have the source only as their `source` are ignored, too.
    cited: Option<bool>,
    /// Whether the source has a `url`. An `archivedUrl` does not count.
    has_url: Option<bool>,
    /// Matches records with this text in title or publisher. Ignores case, accents, apostrophes and invisible characters.
    text: Option<String>,
}

/// Fields by which sources can be sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::source::Order")]
pub enum SourceOrderField {
    /// Title, in alphabetical order.
    Title,
    /// Day of publication. Sources without a day of publication sort as earliest.
    PublishedOn,
}

impl SourceFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if `text` is too long, or contains NUL.
    fn read(self) -> Result<db::source::Filter, Error> {
        Ok(db::source::Filter {
            kinds: self.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            published_from: self.published_from.map(|day| day.0),
            published_to: self.published_to.map(|day| day.0),
            cited: self.cited,
            has_url: self.has_url,
            text: folded_filter(self.text)?,
        })
    }
}
