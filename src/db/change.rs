//! The change log: what was changed, by whom, when, field by field.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::page::Rows;
use super::query::{self, Sql, json_array};
use super::schema::{changes, log_head};
use super::{DbConnection, Dialect, Error, LogPoint, assessable};
use crate::domain::content::Value;
use crate::domain::id::AssessableId;
use crate::domain::string_enum::string_enum;
use crate::domain::{Field, Id, Kind, StringEnum, ValueKind};

/// How many changes one statement writes: seven binds each, and SQLite takes 32,766.
pub(super) const CHANGES_AT_ONCE: usize = 500;

string_enum! {
    /// What was done to a record.
    Action {
        /// It was created.
        Created = "created",
        /// It was changed.
        Updated = "updated",
        /// It was put away.
        Archived = "archived",
        /// It was brought back.
        Restored = "restored",
        /// A status was recorded for it.
        Assessed = "assessed",
        /// An assessment of it was taken back.
        Retracted = "retracted",
    }
}

/// An entry of the change log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = changes)]
pub struct Change {
    /// Its place in the log: from 1, without a gap, in the order of commits.
    pub position: i64,
    /// When it was made.
    pub recorded_at: NaiveDateTime,
    /// The name of who made it.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// To what kind of record.
    pub subject_kind: Kind,
    /// To which record.
    pub subject_id: Id<()>,
}

impl Change {
    /// Its point in the log.
    #[must_use]
    pub fn point(&self) -> LogPoint {
        let microseconds = self.recorded_at.and_utc().timestamp_micros();
        LogPoint { position: self.position, microseconds }
    }
}

/// A value that a change did away with, or brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// Whether the value was stated after the change, rather than before it.
    pub is_after: bool,
    /// Where it stands in the record, as [`Value::path`] has it.
    pub path: String,
    /// How to read it.
    pub kind: ValueKind,
    /// The kind of record that a reference refers to; none for values of other kinds.
    pub refers_to: Option<Kind>,
    /// The value.
    pub value: String,
}

/// The changed values of a change as `changes.fields` holds them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedFields {
    before: Vec<Entry>,
    after: Vec<Entry>,
}

/// A value in the column: its path, its kind, the kind of record that it refers to, and its text. An array takes a third
/// less space than an object.
type Entry = (String, String, Option<String>, String);

impl ChangedFields {
    fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::Internal(format!("the fields of a change: {error}")))
    }

    /// The values, those from before the change first.
    fn values(self) -> Result<Vec<ChangedValue>, Error> {
        let before = self.before.into_iter().map(|entry| value_of(false, entry));
        before.chain(self.after.into_iter().map(|entry| value_of(true, entry))).collect()
    }
}

fn value_of(is_after: bool, (path, kind, refers_to, value): Entry) -> Result<ChangedValue, Error> {
    let unexpected = |text: &str| Error::Internal(format!("unexpected {text:?} in a change"));
    let refers_to =
        refers_to.map(|kind| Kind::parse(&kind).ok_or_else(|| unexpected(&kind))).transpose()?;
    let kind = ValueKind::parse(&kind).ok_or_else(|| unexpected(&kind))?;
    Ok(ChangedValue { is_after, path, kind, refers_to, value })
}

/// A change that is yet to be appended.
#[derive(Debug, Insertable)]
#[diesel(table_name = changes)]
pub(super) struct NewChange {
    #[diesel(embed)]
    change: Change,
    fields: String,
}

impl NewChange {
    /// The change, with the values of those fields that differ before and after.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn new(
        connection: &mut DbConnection,
        change: Change,
        before: &[Field],
        after: &[Field],
    ) -> Result<Self, Error> {
        let (old, new) = (changed(before, after), changed(after, before));
        let kinds = referred_kinds(connection, old.iter().chain(&new))?;
        let entry = |value: &Value| -> Entry {
            let refers_to = match value.refers_to {
                [kind] => Some(*kind),
                _ => kinds.get(&value.text).copied(),
            };
            let refers_to = refers_to.map(|kind| kind.as_str().to_owned());
            (value.path.clone(), value.kind.as_str().to_owned(), refers_to, value.text.clone())
        };
        let fields = ChangedFields {
            before: old.into_iter().map(entry).collect(),
            after: new.into_iter().map(entry).collect(),
        };
        let fields = serde_json::to_string(&fields)
            .map_err(|error| Error::Internal(format!("the fields of a change: {error}")))?;
        Ok(Self { change, fields })
    }
}

/// Appends changes, at most [`CHANGES_AT_ONCE`], with one statement.
pub(super) fn append(
    connection: &mut DbConnection,
    new_changes: &[NewChange],
) -> Result<(), Error> {
    match new_changes {
        [] => {}
        // The most frequent number has a statement that is prepared once.
        [one] => drop(diesel::insert_into(changes::table).values(one).execute(connection)?),
        several => {
            // A statement of many rows does not compile for the two databases at once.
            let insert = diesel::insert_into(changes::table).values(several);
            match connection {
                DbConnection::Sqlite(connection) => insert.execute(connection)?,
                DbConnection::Postgres(connection) => insert.execute(connection)?,
            };
        }
    }
    Ok(())
}

/// The values of those fields that are not the same among the others.
fn changed<'a>(fields: &'a [Field], others: &[Field]) -> Vec<&'a Value> {
    let changed = fields.iter().filter(|field| !others.contains(field));
    changed.flat_map(|field| &field.values).collect()
}

/// What the references among these values refer to, where their field leaves it open: clauses, caveats or proposals.
fn referred_kinds<'a>(
    connection: &mut DbConnection,
    values: impl Iterator<Item = &'a &'a Value>,
) -> Result<HashMap<String, Kind>, Error> {
    let open = values.filter(|value| value.refers_to.len() > 1);
    let ids: Vec<AssessableId> =
        open.filter_map(|value| AssessableId::parse(&value.text)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = assessable::by_ids(connection, &ids)?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.kind.record_kind())).collect())
}

/// At most `size` changes that come after `position`, oldest first.
///
/// # Errors
/// Those of the database.
pub fn after(
    connection: &mut DbConnection,
    position: i64,
    size: i32,
) -> Result<Rows<Change>, Error> {
    between(connection, position, i64::MAX, size, false)
}

/// At most `size` of the changes that come after one position and before another, the first of them or, `from_end`, the
/// last of them, oldest first.
///
/// # Errors
/// Those of the database.
pub fn between(
    connection: &mut DbConnection,
    after: i64,
    before: i64,
    size: i32,
    from_end: bool,
) -> Result<Rows<Change>, Error> {
    let position = changes::position;
    let all = changes::table.filter(position.gt(after)).filter(position.lt(before));
    // One more than asked for tells whether there is more.
    let all = all.limit(i64::from(size) + 1).select(Change::as_select());
    let mut rows: Vec<Change> = if from_end {
        all.order(position.desc()).load(connection)?
    } else {
        all.order(position).load(connection)?
    };
    let size = usize::try_from(size).unwrap_or_default();
    let more = rows.len() > size;
    rows.truncate(size);
    if from_end {
        rows.reverse();
    }
    Ok(Rows { rows, more })
}

/// The change at a position; none where the log does not reach so far.
///
/// # Errors
/// Those of the database.
pub fn at(connection: &mut DbConnection, position: i64) -> Result<Option<Change>, Error> {
    let change = changes::table.find(position).select(Change::as_select());
    Ok(change.first(connection).optional()?)
}

/// Sets the head of the log back to an earlier position, in the transaction that moved it.
///
/// # Errors
/// Those of the database.
pub(super) fn reset_head(connection: &mut DbConnection, position: i64) -> Result<(), Error> {
    let microseconds = at(connection, position)?.map_or(0, |change| change.point().microseconds);
    diesel::update(log_head::table)
        .set((log_head::position.eq(position), log_head::recorded_microseconds.eq(microseconds)))
        .execute(connection)?;
    Ok(())
}

/// The values of each of these changes, those from before it first, by position.
///
/// # Errors
/// Those of the database.
pub fn values_of(
    connection: &mut DbConnection,
    positions: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<ChangedValue>>, Error> {
    let sql = Sql::new(
        "SELECT CAST(changes.position AS TEXT), changes.fields FROM changes WHERE changes.position ",
    );
    let sql = match connection.dialect() {
        Dialect::Sqlite => sql
            .text("IN (SELECT CAST(value AS INTEGER) FROM json_each(")
            .bind(json_array(positions))
            .text("))"),
        Dialect::Postgres => sql
            .text("= ANY(ARRAY(SELECT CAST(json_array_elements_text(")
            .bind(json_array(positions))
            .text("::json) AS BIGINT)))"),
    };
    let rows = query::pairs(connection, sql)?.into_iter();
    rows.map(|(position, fields)| Ok((position, ChangedFields::parse(&fields)?.values()?)))
        .collect()
}

/// The value that a field got by a change whose `changes.fields` are `fields`, if it got one.
///
/// # Errors
/// Fields that are not as this version writes them.
pub(super) fn value_after(fields: &str, path: &str) -> Result<Option<String>, Error> {
    let after = ChangedFields::parse(fields)?.after;
    Ok(after.into_iter().find(|entry| entry.0 == path).map(|(_, _, _, value)| value))
}
