//! Sources.

use async_graphql::Enum;

use super::engine::call::Call;
use super::engine::link::one_by_key;
use super::engine::reader::{call, date, id, instant, integer, string_enum, text};
use super::engine::schema::{Object, Record};
use crate::db;
use crate::domain::{Kind, source};

pub const RECORDS: [Record; 1] = [Record::new(Kind::Source, "Source", "sources", "sources.id")];

pub fn objects() -> Vec<Object> {
    let source = Object::new("Source", "Source of a record or of an assessment.")
        .implements("Node")
        .field("id", "Opaque global id. Unique across all types and permanent.", id(Kind::Source, "sources.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("sources.version"))
        .field("slug", "Short name in dossiers. Unique among sources. Null if none is set.", text("sources.slug").nullable())
        .field("title", "Title.", text("sources.title"))
        .field("kind", "Kind of source.", string_enum::<SourceKind, source::SourceKind>("sources.kind"))
        .field("publisher", "Publisher. Null if none is recorded.", text("sources.publisher").nullable())
        .field("url", "Address: an `http` or `https` URL. Null if none is recorded.", text("sources.url").nullable())
        .field("archivedUrl", "Archived copy: an `http` or `https` URL. Null if none is recorded.", text("sources.archived_url").nullable())
        .field("publishedOn", "Day of publication. Null if none is recorded.", date("sources.published_on").nullable())
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Records that refer to it still return it.", instant("sources.archived_at").nullable());
    vec![source]
}

pub fn queries(query: Object) -> Object {
    query.field(
        "source",
        "Source with this address. Null if there is none or it is archived. Addresses that differ only in `http` or `https`, in `www.`, in a slash at the end or in what follows `#` are the same.",
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
        .argument::<String>("url", "Address of the source: an `http` or `https` URL."),
    )
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
