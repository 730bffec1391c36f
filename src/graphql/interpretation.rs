//! Interpretations.

use async_graphql::ID;

use super::change;
use super::engine::connection::connection_types;
use super::engine::link::{one, one_of};
use super::engine::reader::{Reader, date, id, instant, integer, text};
use super::engine::record_list::connection;
use super::engine::schema::{Object, Record};
use super::perspective::{day, holder};
use super::provenance::provenance;
use super::scalar::Date;
use crate::db::interpretation::{Filter, InterpretationList};
use crate::db::rows::Column;
use crate::domain::Kind;

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::Interpretation, "Interpretation", "interpretations", "interpretations.id")];

/// Whether the subject is a clause or a caveat.
const SUBJECT_KIND: Column =
    "(SELECT trackables.kind FROM trackables WHERE trackables.id = interpretations.trackable_id)";

pub fn objects() -> Vec<Object> {
    connection_types!("Interpretation").with([object()])
}

fn object() -> Object {
    Object::new(
        "Interpretation",
        "Meaning of a clause or caveat, or of a term in it, according to a party.",
    )
    .implements("Node")
    .field(
        "id",
        "Opaque global id. Permanent, and unique across all types.",
        id(Kind::Interpretation, "interpretations.id"),
    )
    .field(
        "version",
        "Increases with every change to this record. Pass it as `expectedVersion`.",
        integer("interpretations.version"),
    )
    .field(
        "subject",
        "Clause or caveat that is interpreted.",
        one_of("Trackable!", SUBJECT_KIND, "interpretations.trackable_id"),
    )
    .field(
        "term",
        "Disputed words. Null if the whole clause or caveat is interpreted.",
        text("interpretations.term").nullable(),
    )
    .field(
        "meaning",
        "Meaning of the term, or of the whole record if `term` is null, according to the party.",
        text("interpretations.meaning"),
    )
    .field(
        "heldBy",
        "Party that holds this interpretation.",
        one("Party!", Kind::Party, "interpretations.held_by_id"),
    )
    .field(
        "statedOn",
        "Day on which the party stated the interpretation.",
        date("interpretations.stated_on"),
    )
    .fields(provenance!("interpretations"))
    .field("changedAt", change::CHANGED_AT, change::changed_at("interpretations.id"))
    .field(
        "archivedAt",
        "Time of archiving. Null if the record is not archived. Lists exclude archived records.",
        instant("interpretations.archived_at").nullable(),
    )
}

/// The interpretations of a clause or caveat. The record's id is in the column `subject`.
pub fn of_subject(subject: Column) -> Reader {
    list("InterpretationConnection!", Some(subject))
}

pub fn queries(query: Object) -> Object {
    query.field(
        "interpretations",
        "Interpretations of all clauses and caveats, in order of the day on which they were stated. Excludes archived records.",
        list("InterpretationConnection", None),
    )
}

fn list(ty: &'static str, subject: Option<Column>) -> Reader {
    connection(ty, "Interpretation", subject, move |call| {
        let filter =
            Filter { held_by: holder(call.context, call.arguments)?, as_of: day(call.arguments)? };
        Ok(InterpretationList { is_of_subject: subject.is_some(), filter })
    })
    .argument::<Option<ID>>(
        "heldBy",
        "Id or slug of a party. Returns only its interpretations. Default: interpretations of all parties.",
    )
    .argument::<Option<Date>>(
        "asOf",
        "Returns only interpretations stated on or before this day. Default: no limit.",
    )
}
