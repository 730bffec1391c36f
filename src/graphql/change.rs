//! The change log.

use std::collections::HashMap;
use std::rc::Rc;

use async_graphql::{Enum, InputObject};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::change_filter::{self, ChangeFilter};
use super::engine::call::{Call, Context, Reference, Resolved, Selected};
use super::engine::coerce::Arguments;
use super::engine::connection::{Connection, ConnectionTypes, PagedList, Shape, connection_types};
use super::engine::leaf::Enumerated;
use super::engine::link::{distinct, each, reference, value_list};
use super::engine::page::{BEFORE, FIRST, PageEnds, page_size};
use super::engine::reader::{Reader, Statements, call, leaf, value};
use super::engine::schema::Object;
use super::error::{Code, Error};
use super::scalar::DateTime;
use super::user_error::camel_case;
use crate::db;
use crate::db::change::{Change, ChangedValue};
use crate::db::change_list::Filter;
use crate::db::rows::Column;
use crate::db::{DbConnection, LogPoint};
use crate::domain::{GlobalId, Id, content, text};

pub fn objects() -> Vec<Object> {
    let types = ConnectionTypes {
        description: "One page of the change log, oldest change first.",
        cursor: "Cursor of the item, for use as `after` or `before`, now or at any later time.",
        ..connection_types!("Change")
    };
    let mut objects = vec![change(), changed_field()];
    objects.extend(types.objects_of::<ChangeLog>());
    objects
}

/// An entry of the change log. `values` is empty if the query selects neither `before` nor `after`.
pub struct Entry {
    change: Change,
    values: Vec<ChangedValue>,
}

fn change() -> Object {
    Object::new("Change", "One entry of the change log: one action on one record. Entries are never changed or deleted.")
        .field("position", "Position in the change log. Positions start at 1, have no gaps, and follow the order in which the changes were committed.", value(|entry: &Entry| {
            i32::try_from(entry.change.position).map_err(|_| {
                Code::Internal.error("the position is too large for an Int: use cursors")
            })
        }))
        .field("cursor", "Cursor of the entry in the change log. Pass it as `after` to `changes` or to a subscription.", value(|entry: &Entry| encode(entry.change.point())))
        .field("recordedAt", "Time of the change. All changes of one transaction have the same time.", value(|entry: &Entry| DateTime(entry.change.recorded_at)))
        .field("actor", "Name of the account that made the change.", value(|entry: &Entry| entry.change.actor.clone()))
        .field("action", "Action on the record.", value(|entry: &Entry| Enumerated(ChangeAction::from(entry.change.action))))
        .field(
            "subject",
            "Record that was changed, in its current state. It may be archived.",
            reference("Node!", |entry: &Entry| {
                Some(Reference::new(entry.change.subject_kind, entry.change.subject_id))
            }),
        )
        .field("before", "Previous values of the changed fields. Empty for a new record.", values(Side::Before))
        .field("after", "New values of the changed fields.", values(Side::After))
}

/// The values before or after a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

fn values(side: Side) -> Reader {
    value_list("[ChangedField!]!", "ChangedField", move |entry: &Entry| {
        let is_after = side == Side::After;
        let values = entry.values.iter().filter(|value| value.is_after == is_after);
        values.cloned().collect()
    })
}

fn changed_field() -> Object {
    Object::new("ChangedField", "One value of a changed field. An empty field has no entry. A changed list has an entry for every item.")
        .field("name", "Name of the field, such as `summary`. For an item of a list, the name also contains the index of the item, from 0. If items have several fields, the name of the field follows. Examples: `actors.0`, `obligations.2.heldBy`.", value(|value: &ChangedValue| camel_case(&value.path)))
        .field("kind", "Format of the value.", value(|value: &ChangedValue| Enumerated(ChangedFieldKind::from(value.kind))))
        .field(
            "value",
            "Value as text. For a reference, the id of the record.",
            value(|value: &ChangedValue| match referenced(value) {
                Some(Reference { kind, id }) => GlobalId::new(kind, id).encode(),
                None => value.value.clone(),
            }),
        )
        .field("record", "Referenced record in its current state. Null for other kinds of value.", reference("Node", referenced))
}

/// The record to which a value refers. None if the value is not a reference.
fn referenced(value: &ChangedValue) -> Option<Reference> {
    let id = Id::<()>::parse(&value.value)?;
    value.refers_to.map(|kind| Reference::new(kind, id))
}

/// The change log as a list.
struct ChangeLog {
    filter: Filter,
}

impl PagedList for ChangeLog {
    type Item = Change;

    const NODE_STATEMENTS: Statements = Statements::Any;

    fn nodes(
        call: &mut Call<'_, '_>,
        object: &'static str,
        lists: &[&[Change]],
        shape: Shape,
    ) -> Result<Resolved, Error> {
        let entries = entries(call.context, &call.selected, lists.concat())?;
        Ok(shape.values(object, entries, lists.iter().map(|list| list.len())))
    }

    fn counts(&self, context: &mut Context<'_>, parents: &[&str]) -> Result<Vec<i64>, Error> {
        let filter = &self.filter;
        let count = if *filter == Filter::default() {
            // Positions start at 1 and have no gaps, so the last position is the number of entries.
            context.read(DbConnection::log_position)?
        } else {
            context.read(|connection| db::change_list::count(connection, filter, 0, i32::MAX))?
        };
        Ok(vec![count; parents.len()])
    }
}

/// The changes as entries. Reads the values of all changes at once, and only if `selected` contains `before` or `after`.
pub fn entries(
    context: &mut Context<'_>,
    selected: &Selected<'_>,
    changes: Vec<Change>,
) -> Result<Vec<Entry>, Error> {
    let mut values = if selected.has("before") || selected.has("after") {
        let positions: Vec<String> =
            changes.iter().map(|change| change.position.to_string()).collect();
        context.read(|connection| db::change::values_of(connection, &positions))?
    } else {
        HashMap::new()
    };
    let entries = changes.into_iter().map(|change| {
        let values = values.remove(&change.position.to_string()).unwrap_or_default();
        Entry { change, values }
    });
    Ok(entries.collect())
}

/// The description of `changedAt`.
pub const CHANGED_AT: &str = "Time of the latest entry about the record in the change log. Recording or retracting an assessment also adds an entry. Null if the change log has no entry about the record.";

/// The time of the last change of each parent. The parent's id is in the column `id`.
pub fn changed_at(id: Column) -> Reader {
    leaf(move |call: &mut Call<'_, '_>| {
        let keys = call.keys(id)?;
        let subjects = distinct(keys.iter().copied());
        let times =
            call.context.read(|connection| db::change::last_times(connection, &subjects))?;
        Ok(keys.iter().map(|key| times.get(*key).copied().map(DateTime)).collect())
    })
    .needs(&[id])
    .reads_once()
}

/// The first byte of a cursor of the log. It distinguishes these cursors from cursors of lists, which begin with the number
/// of a kind of record.
const CURSOR_TAG: u8 = u8::MAX;

/// The cursor of a point in the log: its position, and the time of its entry.
pub fn encode(point: LogPoint) -> String {
    let mut bytes = vec![CURSOR_TAG];
    bytes.extend_from_slice(&point.position.to_be_bytes());
    bytes.extend_from_slice(&point.microseconds.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The cursor of a position in the log, for documents that the server itself executes. It contains no time, so it is also
/// valid in a log from another history (a restored backup or another database).
#[must_use]
pub fn cursor_of_position(position: i64) -> String {
    let mut bytes = vec![CURSOR_TAG];
    bytes.extend_from_slice(&position.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The position in a cursor, and the time of the log entry. Cursors from [`cursor_of_position`] and from earlier
/// versions of the server have no time.
fn decode(cursor: &str) -> Option<(i64, Option<i64>)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (position, time) = bytes.strip_prefix(&[CURSOR_TAG])?.split_first_chunk()?;
    let time = (!time.is_empty()).then(|| time.try_into().map(i64::from_be_bytes)).transpose();
    let position = i64::from_be_bytes(*position);
    Some((position, time.ok()?)).filter(|(position, _)| *position >= 0)
}

/// The position of the cursor in the argument `name`. None if the argument is absent.
///
/// # Errors
/// Fails if the cursor is not from the log, or is from another history.
pub fn start(
    context: &mut Context<'_>,
    arguments: &Arguments,
    name: &str,
) -> Result<Option<i64>, Error> {
    let cursor: Option<String> = arguments.get(name)?;
    cursor.map(|cursor| position_of(context, name, &cursor)).transpose()
}

/// The position of a cursor. `name` is the name of the argument or header.
///
/// # Errors
/// Fails if the cursor is not from the log, or is from another history.
pub fn position_of(context: &mut Context<'_>, name: &str, cursor: &str) -> Result<i64, Error> {
    let Some((position, time)) = decode(cursor) else {
        return Err(Code::BadUserInput.error(format!(
            "`{name}: {}` is not a cursor of the change log: use `changesEnd`, a `cursor` or `endCursor` of `changes`, or the `cursor` of an event",
            text::quote(cursor)
        )));
    };
    if position == 0 {
        return Ok(position);
    }
    let Some(change) = context.read(|connection| db::change::at(connection, position))? else {
        let head = context.read(DbConnection::log_position)?;
        return Err(beyond_the_end(position, head));
    };
    if time.is_some_and(|time| time != change.point().microseconds) {
        return Err(Code::StaleCursor.error(format!(
            "`{name}: {}` is a cursor of another history: a backup has been restored since, or the cursor comes from \
             another database. Take a new cursor (`changesEnd`), read everything again, and continue from the new cursor",
            text::quote(cursor)
        )));
    }
    Ok(position)
}

/// The error for a cursor beyond the end of the log.
pub fn beyond_the_end(position: i64, head: i64) -> Error {
    Code::StaleCursor.error(format!(
        "the cursor names position {position} of the change log, which ends at {head}: a backup has been restored since, or the \
         cursor comes from another database. Take a new cursor (`changesEnd`), read everything again, and continue from the new \
         cursor"
    ))
}

pub fn queries(query: Object) -> Object {
    query.field(
        "changes",
        "Change log of all records, oldest first. To poll for new changes, keep the last cursor and pass it as `after`. An empty page means there are no new changes; it has no cursors.",
        call("ChangeConnection", changes)
            .argument::<Option<i32>>("first", FIRST)
            .argument::<Option<String>>("after", "Returns only items after this cursor. A cursor at the end of the log is valid. A cursor that this log does not contain, for example because a backup was restored, is rejected with STALE_CURSOR: take a new cursor (`changesEnd`), read everything again, and continue from the new cursor.")
            .argument::<Option<i32>>("last", "Number of items from the end of the list. 0 to 200. Cannot be combined with `first`. `last: 1` returns the newest change.")
            .argument::<Option<String>>("before", BEFORE)
            .arguments(change_filter::argument),
    )
    .field(
        "changesEnd",
        "Cursor of the end of the change log. Pass it as `after` to follow all later changes. An empty log has such a cursor, too.",
        leaf(|call: &mut Call<'_, '_>| Ok(vec![encode(call.context.read(DbConnection::log_point)?)])),
    )
    .field(
        "changeCounts",
        "Number of changes in each part of the change log, in the order of the argument `of`. A count of 100 means 100 or more. Use this field to count new changes of several records at once.",
        leaf(|call: &mut Call<'_, '_>| Ok(vec![counts(call)?]))
            .argument::<Vec<ChangeCountInput>>("of", "Parts of the change log. At most 50."),
    )
}

/// The maximum number of items in the argument `of` of `changeCounts`.
const MAX_COUNTS: usize = 50;
/// The maximum count that `changeCounts` returns.
const MAX_COUNT: i32 = 100;

/// A part of the change log in which to count changes.
#[derive(InputObject)]
pub struct ChangeCountInput {
    /// Counts only changes after this cursor. Default: from the beginning of the log.
    after: Option<String>,
    /// Counts only matching changes.
    filter: Option<ChangeFilter>,
}

fn counts(call: &mut Call<'_, '_>) -> Result<Vec<i32>, Error> {
    let parts: Vec<ChangeCountInput> = call.arguments.get("of")?;
    if parts.len() > MAX_COUNTS {
        let message =
            format!("`of` has {} items; at most {MAX_COUNTS} can be counted at once", parts.len());
        return Err(Code::BadUserInput.error(message));
    }
    let context = &mut *call.context;
    let counts = parts.into_iter().map(|ChangeCountInput { after, filter }| {
        let after = after.map(|cursor| position_of(context, "after", &cursor)).transpose()?;
        let filter = filter.map(|filter| filter.read(context)).transpose()?.unwrap_or_default();
        let count = context.read(|connection| {
            db::change_list::count(connection, &filter, after.unwrap_or_default(), MAX_COUNT)
        })?;
        Ok(i32::try_from(count).unwrap_or(MAX_COUNT))
    });
    counts.collect()
}

fn changes(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let (size, from_end) = page_size(call.arguments)?;
    let after = start(call.context, call.arguments, "after")?;
    let before = start(call.context, call.arguments, "before")?;
    let filter = change_filter::filter(call.context, call.arguments)?;
    let (first, last) = (after.unwrap_or_default(), before.unwrap_or(i64::MAX));
    let page = call.context.read(|connection| {
        db::change_list::between(connection, &filter, first, last, size, from_end)
    })?;
    let ends = PageEnds { from_end, has_after: after.is_some(), has_before: before.is_some() };
    let cursor = |change: &Change| encode(change.point());
    let page =
        Connection::new(call, Rc::new(ChangeLog { filter }), page.rows, ends, page.more, cursor);
    Ok(each("ChangeConnection", vec![page]))
}

/// Action on a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::change::Action")]
pub enum ChangeAction {
    /// The record was created.
    Created,
    /// The content of the record was changed.
    Updated,
    /// The record was archived.
    Archived,
    /// The record was restored.
    Restored,
    /// A status was recorded. `before` contains the previous assessment in force of the same holder.
    Assessed,
    /// An assessment was retracted. `after` contains the assessment and the reason.
    Retracted,
    /// The status was checked and found unchanged. `after` contains the status check. Added on 2026-11-30.
    Checked,
    /// A status check was retracted. `after` contains the status check and the reason. Added on 2026-11-30.
    CheckRetracted,
}

/// Format of the value of a changed field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "content::ValueKind")]
pub enum ChangedFieldKind {
    /// Plain text.
    Text,
    /// Integer.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// Date, YYYY-MM-DD.
    Date,
    /// Value of the field's enum type.
    Choice,
    /// Id of a record. `record` returns the record itself.
    Reference,
}
