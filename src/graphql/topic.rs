//! Topics.

use super::change;
use super::engine::call::Call;
use super::engine::link::{lists_by_key, one};
use super::engine::reader::{call, id, instant, integer, text};
use super::engine::schema::{Object, Record};
use super::external_id;
use crate::db;
use crate::domain::Kind;

pub const RECORDS: [Record; 1] = [Record::new(Kind::Topic, "Topic", "topics", "topics.id")];

pub fn objects() -> Vec<Object> {
    let topic = Object::new("Topic", "Topic of clauses and caveats.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Topic, "topics.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("topics.version"))
        .field("slug", "Short name for addresses and filters, such as `security`. Unique among topics.", text("topics.slug"))
        .field("name", "Name.", text("topics.name"))
        .field("description", "Scope of the topic. Null if none is stated.", text("topics.description").nullable())
        .field("parent", "Wider topic that contains this topic. Null if there is none.", one("Topic", Kind::Topic, "topics.parent_id"))
        .field("externalIds", external_id::DESCRIPTION, external_id::of("topics.id"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("topics.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Lists exclude archived records.", instant("topics.archived_at").nullable());
    vec![topic]
}

pub fn queries(query: Object) -> Object {
    query.field(
        "topics",
        "All topics, in order of name. Excludes archived records.",
        call("[Topic!]", |call: &mut Call<'_, '_>| {
            let columns = call.selected.columns("Topic", &[]);
            let rows =
                call.context.read(|connection| db::topic::select_all(connection, &columns))?;
            let keys = vec![""; call.parents.len()];
            Ok(lists_by_key("Topic", &keys, rows))
        }),
    )
}
