//! The change log: what was changed, by whom, when, field by field.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::assessment::kind_of;
use super::page::Rows;
use super::query::{self, Sql, json_array};
use super::schema::{change_values, changes};
use super::{DbConnection, Dialect, Error, trackable};
use crate::domain::choice::choice;
use crate::domain::content::Value;
use crate::domain::id::TrackableId;
use crate::domain::{Field, Id, Kind, ValueKind};

/// How many values are written by one statement: PostgreSQL takes 65,535 binds, SQLite 32,766.
const VALUES_AT_ONCE: usize = 1_000;

choice! {
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

/// A value that a change did away with, or brought.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = change_values)]
pub struct ChangedValue {
    /// By which change.
    pub position: i64,
    /// Whether it is what was stated after the change, or before it.
    pub is_after: bool,
    /// Its place among the values of that side, from 1.
    pub place: i32,
    /// Where it stands in the record, as [`Value::path`] has it.
    pub path: String,
    /// How to read it.
    pub kind: ValueKind,
    /// What kind of record a reference refers to.
    pub refers_to: Option<Kind>,
    /// The value.
    pub value: String,
}

/// Appends a change, with the values of those fields that are not the same before and after.
pub(super) fn append(
    connection: &mut DbConnection,
    change: &Change,
    before: &[Field],
    after: &[Field],
) -> Result<(), Error> {
    diesel::insert_into(changes::table).values(change).execute(connection)?;
    let (old, new) = (changed(before, after), changed(after, before));
    let kinds = referred_kinds(connection, old.iter().chain(&new))?;
    let row = |is_after: bool, place: i32, value: &Value| ChangedValue {
        position: change.position,
        is_after,
        place,
        path: value.path.clone(),
        kind: value.kind,
        refers_to: match value.refers_to {
            [kind] => Some(*kind),
            _ => kinds.get(&value.text).copied(),
        },
        value: value.text.clone(),
    };
    let old = (1..).zip(old).map(|(place, value)| row(false, place, value));
    let new = (1..).zip(new).map(|(place, value)| row(true, place, value));
    let rows: Vec<ChangedValue> = old.chain(new).collect();
    for rows in rows.chunks(VALUES_AT_ONCE) {
        // A statement of many rows does not compile for the two databases at once.
        let insert = diesel::insert_into(change_values::table).values(rows);
        match connection {
            DbConnection::Sqlite(connection) => insert.execute(connection)?,
            DbConnection::Postgres(connection) => insert.execute(connection)?,
        };
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
    let ids: Vec<TrackableId> = open.filter_map(|value| TrackableId::parse(&value.text)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = trackable::by_ids(connection, &ids)?;
    Ok(rows.into_iter().map(|(id, row)| (id, kind_of(row.kind))).collect())
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

/// The values of each of these changes, those from before it first, by position.
///
/// # Errors
/// Those of the database.
pub fn values_of(
    connection: &mut DbConnection,
    positions: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<ChangedValue>>, Error> {
    let tail = Sql::new("FROM change_values WHERE change_values.position ");
    let tail = match connection.dialect() {
        Dialect::Sqlite => tail
            .text("IN (SELECT CAST(value AS INTEGER) FROM json_each(")
            .bind(json_array(positions))
            .text("))"),
        Dialect::Postgres => tail
            .text("= ANY(ARRAY(SELECT CAST(json_array_elements_text(")
            .bind(json_array(positions))
            .text("::json) AS BIGINT)))"),
    };
    let order = "change_values.position, change_values.is_after, change_values.place";
    let tail = tail.text(format!(" ORDER BY {order}"));
    let mut values: HashMap<String, Vec<ChangedValue>> = HashMap::new();
    for (position, value) in
        query::select_keyed(connection, "CAST(change_values.position AS TEXT)", tail)?
    {
        values.entry(position).or_default().push(value);
    }
    Ok(values)
}
