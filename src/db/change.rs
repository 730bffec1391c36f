//! The change log: for each change, the account, the time, and the changed fields.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};
use serde::{Deserialize, Serialize};

use super::insert::insert_rows;
use super::query::{self, Sql, json_array};
use super::schema::{changes, log_head};
use super::{DbConnection, Dialect, Error, LogPoint, assessable};
use crate::domain::content::Value;
use crate::domain::id::AssessableId;
use crate::domain::string_enum::string_enum;
use crate::domain::{Field, Id, Kind, StringEnum, ValueKind};

string_enum! {
    /// The action that changed a record.
    Action {
        /// The record was created.
        Created = "created",
        /// The record was updated.
        Updated = "updated",
        /// The record was archived.
        Archived = "archived",
        /// The record was restored.
        Restored = "restored",
        /// A status was recorded.
        Assessed = "assessed",
        /// An assessment was retracted.
        Retracted = "retracted",
        /// The status was checked, and is unchanged.
        Checked = "checked",
        /// A status check was retracted.
        CheckRetracted = "check_retracted",
    }
}

/// An entry of the change log.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
pub struct Change {
    /// Position in the log, from 1. Positions have no gaps and are in the order of commits.
    pub position: i64,
    /// The time of the change, in UTC.
    pub recorded_at: NaiveDateTime,
    /// The name of the account that made the change.
    pub actor: String,
    /// The action.
    pub action: Action,
    /// The kind of the changed record.
    pub subject_kind: Kind,
    /// The changed record.
    pub subject_id: Id<()>,
}

impl Change {
    /// The point of the change in the log.
    #[must_use]
    pub fn point(&self) -> LogPoint {
        let microseconds = self.recorded_at.and_utc().timestamp_micros();
        LogPoint { position: self.position, microseconds }
    }
}

/// A value that a change removed or added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// Whether the change added the value.
    pub is_after: bool,
    /// The path in the record: see [`Value::path`].
    pub path: String,
    /// The type of the value.
    pub kind: ValueKind,
    /// The kind of the referenced record. `None` for values that are not references.
    pub refers_to: Option<Kind>,
    /// The value as text.
    pub value: String,
}

/// The changed values of a change, as the column `changes.fields` stores them.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangedFields {
    before: Vec<Entry>,
    after: Vec<Entry>,
}

/// A value in the column, as an array of path, type, kind of the referenced record, and text. An object would take a
/// third more space.
type Entry = (String, String, Option<String>, String);

impl ChangedFields {
    fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text)
            .map_err(|error| Error::Internal(format!("the fields of a change: {error}")))
    }

    /// All values. The removed values come first.
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

/// A change that is not yet in the log.
#[derive(Debug)]
pub(super) struct NewChange {
    change: Change,
    /// The values that the change removed.
    before: Vec<Value>,
    /// The values that the change added.
    after: Vec<Value>,
}

impl NewChange {
    /// Keeps only the values of fields that differ between `before` and `after`.
    pub(super) fn new(change: Change, before: &[Field], after: &[Field]) -> Self {
        Self { change, before: changed(before, after), after: changed(after, before) }
    }

    /// The row of the log for this change. `kinds` contains the kinds of referenced records, keyed by id.
    fn row(&self, kinds: &HashMap<String, Kind>) -> Result<NewRow, Error> {
        let entry = |value: &Value| -> Entry {
            let refers_to = match value.refers_to {
                [kind] => Some(*kind),
                _ => kinds.get(&value.text).copied(),
            };
            let refers_to = refers_to.map(|kind| kind.as_str().to_owned());
            (value.path.clone(), value.kind.as_str().to_owned(), refers_to, value.text.clone())
        };
        let fields = ChangedFields {
            before: self.before.iter().map(entry).collect(),
            after: self.after.iter().map(entry).collect(),
        };
        let fields = serde_json::to_string(&fields)
            .map_err(|error| Error::Internal(format!("the fields of a change: {error}")))?;
        Ok(NewRow { change: self.change.clone(), fields })
    }
}

/// A new row of the log.
#[derive(Debug, Insertable)]
#[diesel(table_name = changes, treat_none_as_default_value = false)]
struct NewRow {
    #[diesel(embed)]
    change: Change,
    fields: String,
}

/// Appends changes. Must run after the changed records are written: if a field accepts several kinds, the kind of the
/// referenced record is read from the database.
pub(super) fn append(
    connection: &mut DbConnection,
    new_changes: &[NewChange],
) -> Result<(), Error> {
    let values = new_changes.iter().flat_map(|change| change.before.iter().chain(&change.after));
    let kinds = referred_kinds(connection, values)?;
    let rows =
        new_changes.iter().map(|change| change.row(&kinds)).collect::<Result<Vec<_>, _>>()?;
    insert_rows!(connection, changes::table, rows);
    Ok(())
}

/// The values of those `fields` that are not in `others`.
fn changed(fields: &[Field], others: &[Field]) -> Vec<Value> {
    let changed = fields.iter().filter(|field| !others.contains(field));
    changed.flat_map(|field| field.values.clone()).collect()
}

/// The kinds of the referenced records, keyed by id, for fields that can refer to clauses, caveats or proposals.
fn referred_kinds<'a>(
    connection: &mut DbConnection,
    values: impl Iterator<Item = &'a Value>,
) -> Result<HashMap<String, Kind>, Error> {
    let ambiguous = values.filter(|value| value.refers_to.len() > 1);
    let ids: Vec<AssessableId> =
        ambiguous.filter_map(|value| AssessableId::parse(&value.text)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = assessable::by_ids(connection, &ids)?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.kind.record_kind())).collect())
}

/// The change at a position. `None` if the log is shorter.
///
/// # Errors
/// Database errors.
pub fn at(connection: &mut DbConnection, position: i64) -> Result<Option<Change>, Error> {
    let change = changes::table.find(position).select(Change::as_select());
    Ok(change.first(connection).optional()?)
}

/// Resets the head of the log to an earlier position. May only be called in the transaction that moved the head.
///
/// # Errors
/// Database errors.
pub(super) fn reset_head(connection: &mut DbConnection, position: i64) -> Result<(), Error> {
    let microseconds = at(connection, position)?.map_or(0, |change| change.point().microseconds);
    diesel::update(log_head::table)
        .set((log_head::position.eq(position), log_head::recorded_microseconds.eq(microseconds)))
        .execute(connection)?;
    Ok(())
}

/// The values of these changes, keyed by position. The removed values come first.
///
/// # Errors
/// Database errors.
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

/// At most `size` changes after a position, up to the position `last`, oldest first, with their values.
///
/// # Errors
/// Database errors.
pub(super) fn with_values(
    connection: &mut DbConnection,
    after: i64,
    last: i64,
    size: i64,
) -> Result<Vec<(Change, Vec<ChangedValue>)>, Error> {
    let rows: Vec<(Change, String)> = changes::table
        .filter(changes::position.gt(after))
        .filter(changes::position.le(last))
        .order(changes::position)
        .limit(size)
        .select((Change::as_select(), changes::fields))
        .load(connection)?;
    rows.into_iter()
        .map(|(change, fields)| Ok((change, ChangedFields::parse(&fields)?.values()?)))
        .collect()
}

/// The times of the last changes of these records, keyed by id. Excludes records without changes.
///
/// # Errors
/// Database errors.
pub fn last_times(
    connection: &mut DbConnection,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, NaiveDateTime>, Error> {
    let sql = Sql::new(
        "SELECT changes.subject_id, changes.recorded_at FROM changes WHERE changes.position IN \
         (SELECT MAX(position) FROM changes WHERE ",
    )
    .any_of(connection.dialect(), "subject_id", subjects)
    .text(" GROUP BY subject_id)");
    Ok(query::rows::<(Text, Timestamp), _>(connection, sql)?.into_iter().collect())
}

/// The value that a change added to a field. `None` if it added no value. `fields` is the column `changes.fields`.
///
/// # Errors
/// The column has an unexpected format.
pub(super) fn value_after(fields: &str, path: &str) -> Result<Option<String>, Error> {
    let after = ChangedFields::parse(fields)?.after;
    Ok(after.into_iter().find(|entry| entry.0 == path).map(|(_, _, _, value)| value))
}
