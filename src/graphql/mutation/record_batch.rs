//! Changing many records together.

use async_graphql::{ID, InputObject};

use super::input::{Idempotency, Ids, RecordId};
use super::{Payload, mutation, with_errors, write};
use crate::db;
use crate::db::record_batch::{self, ARCHIVABLE, ArchivedRecord, ClauseTopic};
use crate::domain::id::of;
use crate::domain::{GlobalId, Id, Kind, ValidationErrorCode, text};
use crate::graphql::engine::call::{Call, Reference};
use crate::graphql::engine::link::reference_list;
use crate::graphql::engine::schema::Object;
use crate::graphql::error::Error;
use crate::graphql::user_error::UserError;

/// Adds the mutations.
pub fn mutations(mutations: Object) -> Object {
    mutations
        .field(
            "archiveRecords",
            "Archives or restores records of any kind, all or none. Lists exclude archived records, but `node` and fields that refer to them still return them.",
            mutation("ArchiveRecordsPayload", "Records to archive or restore.", archive),
        )
        .field(
            "setClauseTopics",
            "Sets the topics of clauses, all or none.",
            mutation("SetClauseTopicsPayload", "Clauses with their new topics.", set_topics),
        )
}

/// The types of the payloads.
pub fn objects() -> Vec<Object> {
    let archived = Object::new("ArchiveRecordsPayload", "Result of a mutation.").field(
        "records",
        "The records after the change, in the order of the input. Empty if `userErrors` is not empty.",
        reference_list("[Node!]!", |payload: &Payload| payload.records.clone()),
    );
    let clauses = Object::new("SetClauseTopicsPayload", "Result of a mutation.").field(
        "clauses",
        "The clauses after the change, in the order of the input. Empty if `userErrors` is not empty.",
        reference_list("[Clause!]!", |payload: &Payload| payload.records.clone()),
    );
    vec![with_errors(archived), with_errors(clauses)]
}

/// Records to archive or restore together.
#[derive(InputObject)]
pub struct ArchiveRecordsInput {
    /// Records to archive or restore. 1 to 200, each at most once.
    records: Vec<RecordVersionInput>,
    /// True archives the records. False restores them.
    #[graphql(default = true)]
    archived: bool,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// A record, and the version that a change is based on.
#[derive(InputObject)]
pub struct RecordVersionInput {
    /// Id of the record.
    id: ID,
    /// Version of the record that this change is based on. If the record has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    expected_version: Option<i32>,
}

fn archive(call: &mut Call<'_, '_>, input: ArchiveRecordsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let numbered = input.records.into_iter().enumerate();
    let records = numbered.map(|(index, RecordVersionInput { id, expected_version })| {
        let (kind, id) = archivable(&mut ids, &format!("records.{index}.id"), &id);
        ArchivedRecord { kind, id, expected_version }
    });
    let records: Vec<ArchivedRecord> = records.collect();
    let outcome = ids.into_result().and_then(|()| {
        write(call, "archiveRecords", &editor, |transaction| {
            record_batch::set_archived(transaction, &records, input.archived)?;
            Ok(records.first().map(|record| record.id).unwrap_or_default())
        })
    });
    Ok(Payload::of(UserError::split(outcome, &[])?, |_| Payload {
        records: records.iter().map(|record| Reference::new(record.kind, record.id)).collect(),
        ..Payload::default()
    }))
}

/// The kind and id in the global id of a record that can be archived.
fn archivable(ids: &mut Ids, path: &str, id: &ID) -> (Kind, Id<()>) {
    let message = match GlobalId::decode(id) {
        Some(GlobalId { kind, uuid }) if ARCHIVABLE.contains(&kind) => {
            return (kind, Id::from_uuid(uuid));
        }
        Some(other) => {
            let kind = other.kind.words();
            format!("{} is an id of kind {kind}, which cannot be archived", text::quote(id))
        }
        None => format!("{} is not an id: give the `id` of a record", text::quote(id)),
    };
    ids.note(ValidationErrorCode::Invalid, path, message);
    (Kind::Clause, Id::new())
}

/// Clauses whose topics are set together.
#[derive(InputObject)]
pub struct SetClauseTopicsInput {
    /// Clauses with their new topics. 1 to 200, each clause at most once.
    items: Vec<ClauseTopicInput>,
    #[graphql(flatten)]
    idempotency: Idempotency,
}

/// A clause and its new topic.
#[derive(InputObject)]
pub struct ClauseTopicInput {
    /// Id of the clause.
    clause_id: RecordId<of::Clause>,
    /// Id of the topic.
    topic_id: RecordId<of::Topic>,
    /// Version of the clause that this change is based on. If the clause has changed since, the server writes nothing and returns CONFLICT in `userErrors`. Default: no check.
    expected_version: Option<i32>,
}

fn set_topics(call: &mut Call<'_, '_>, input: SetClauseTopicsInput) -> Result<Payload, Error> {
    let editor = call.context.viewer.editor()?;
    let mut ids = Ids::default();
    let items = input.items.into_iter().enumerate().map(|(index, item)| ClauseTopic {
        clause: ids.one(&format!("items.{index}.clause"), &item.clause_id),
        topic: ids.one(&format!("items.{index}.topic"), &item.topic_id),
        expected_version: item.expected_version,
    });
    let items: Vec<ClauseTopic> = items.collect();
    let outcome = ids.into_result().and_then(|()| {
        write(call, "setClauseTopics", &editor, |transaction: &mut db::Transaction<'_>| {
            record_batch::set_topics(transaction, &items)?;
            Ok(items.first().map(|item| item.clause).unwrap_or_default())
        })
    });
    // The database reports a missing clause at `id`; the field of the input is `clauseId`.
    let renamed = [("id", "clauseId")];
    Ok(Payload::of(UserError::split(outcome, &renamed)?, |_| Payload {
        records: items.iter().map(|item| Reference::new(Kind::Clause, item.clause)).collect(),
        ..Payload::default()
    }))
}
