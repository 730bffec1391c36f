//! The change log: what was changed, by whom, when, field by field.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::schema::{change_fields, changes};
use super::{DbConnection, Error};
use crate::domain::Field;
use crate::domain::choice::choice;
use crate::domain::id::PartId;

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

/// A change to append.
#[derive(Insertable)]
#[diesel(table_name = changes)]
pub(super) struct NewChange<'a> {
    pub(super) position: i64,
    pub(super) recorded_at: NaiveDateTime,
    pub(super) actor: &'a str,
    pub(super) action: Action,
    pub(super) subject_kind: &'static str,
    pub(super) subject_id: PartId,
}

/// Appends a change, with those fields whose value is not the same before and after.
pub(super) fn append(
    connection: &mut DbConnection,
    change: &NewChange<'_>,
    before: &[Field],
    after: &[Field],
) -> Result<(), Error> {
    diesel::insert_into(changes::table).values(change).execute(connection)?;
    let names = if after.is_empty() { before } else { after };
    let rows: Vec<_> = names
        .iter()
        .map(|field| (field, value(before, field.name), value(after, field.name)))
        .filter(|(_, old, new)| old != new)
        .map(|(field, old, new)| {
            (
                change_fields::position.eq(change.position),
                change_fields::name.eq(field.name),
                change_fields::kind.eq(field.kind),
                change_fields::before_value.eq(old),
                change_fields::after_value.eq(new),
            )
        })
        .collect();
    // A statement of many rows does not compile for the two databases at once.
    let insert = diesel::insert_into(change_fields::table).values(&rows);
    match connection {
        DbConnection::Sqlite(connection) => insert.execute(connection)?,
        DbConnection::Postgres(connection) => insert.execute(connection)?,
    };
    Ok(())
}

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|field| field.name == name).and_then(|field| field.value.as_deref())
}
