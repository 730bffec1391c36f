//! The supertype rows of clauses, caveats and proposals. They contain the columns that the three kinds share.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde_json::Value;

use super::insert::insert_rows;
use super::query::{self, Sql};
use super::schema::trackables;
use super::{DbConnection, Error};
use crate::domain::Id;
use crate::domain::id::{AssessableId, AssessmentId};
use crate::domain::status::{AssessableKind, Status};

/// The supertype row of a clause, caveat or proposal.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = trackables, treat_none_as_default_value = false)]
pub struct Assessable {
    /// The id of the clause, caveat or proposal.
    pub id: AssessableId,
    /// The kind of record.
    pub kind: AssessableKind,
    /// Starts at 1; every change adds 1.
    pub version: i32,
    /// The neutral status in force, as stored, such as `not_started`.
    pub status: String,
    /// The day from which the status applies. Null if there is no assessment.
    pub status_since: Option<NaiveDate>,
    /// The assessment in force. Null if there is none.
    pub assessment_id: Option<AssessmentId>,
    /// The time of archiving. Null if the record is not archived.
    pub archived_at: Option<NaiveDateTime>,
    /// The latest day on which an account checked the status or recorded an assessment. Null if there is no such day.
    pub checked_on: Option<NaiveDate>,
    /// The name of the account that made the check or recorded the assessment on `checked_on`. Null if `checked_on` is
    /// null.
    pub checked_by: Option<String>,
}

impl Assessable {
    /// Inserts the supertype rows of new records.
    pub(super) fn insert<T>(
        connection: &mut DbConnection,
        ids: impl Iterator<Item = Id<T>>,
        kind: AssessableKind,
    ) -> Result<(), Error> {
        let row = |id: Id<T>| Self {
            id: id.cast(),
            kind,
            version: 1,
            status: Status::initial(kind).as_str().to_owned(),
            status_since: None,
            assessment_id: None,
            archived_at: None,
            checked_on: None,
            checked_by: None,
        };
        insert_rows!(connection, trackables::table, ids.map(row).collect());
        Ok(())
    }
}

/// Updates the columns `version`, `checked_on` and `checked_by` of these rows.
pub(super) fn set_versions(
    connection: &mut DbConnection,
    rows: &[&Assessable],
) -> Result<(), Error> {
    match rows {
        [] => {}
        // A single row is the most frequent case, and gets a simpler statement.
        [row] => {
            diesel::update(trackables::table.find(row.id))
                .set((
                    trackables::version.eq(row.version),
                    trackables::checked_on.eq(row.checked_on),
                    trackables::checked_by.eq(&row.checked_by),
                ))
                .execute(connection)?;
        }
        rows => set(connection, &["version", "checked_on", "checked_by"], rows)?,
    }
    Ok(())
}

/// Updates the columns `version`, `checked_on`, `checked_by` and the status columns of these rows.
pub(super) fn set_statuses(
    connection: &mut DbConnection,
    rows: &[&Assessable],
) -> Result<(), Error> {
    match rows {
        [] => {}
        [row] => {
            diesel::update(trackables::table.find(row.id))
                .set((
                    trackables::status.eq(&row.status),
                    trackables::status_since.eq(row.status_since),
                    trackables::assessment_id.eq(row.assessment_id),
                    trackables::version.eq(row.version),
                    trackables::checked_on.eq(row.checked_on),
                    trackables::checked_by.eq(&row.checked_by),
                ))
                .execute(connection)?;
        }
        rows => {
            let columns =
                ["version", "checked_on", "checked_by", "status", "status_since", "assessment_id"];
            set(connection, &columns, rows)?;
        }
    }
    Ok(())
}

/// Stores these columns of several rows with one statement.
fn set(connection: &mut DbConnection, columns: &[&str], rows: &[&Assessable]) -> Result<(), Error> {
    let values = rows.iter().map(|row| {
        let status_since = row.status_since.map(|day| day.to_string());
        let assessment = row.assessment_id.map(|id| id.to_string());
        Value::from(vec![
            Value::from(row.id.as_str()),
            row.version.into(),
            row.status.as_str().into(),
            status_since.into(),
            assessment.into(),
            row.checked_on.map(|day| day.to_string()).into(),
            row.checked_by.as_deref().into(),
        ])
    });
    let settings: Vec<String> =
        columns.iter().map(|column| format!("{column} = assessed.{column}")).collect();
    let sql = Sql::new(format!("UPDATE trackables SET {} FROM (", settings.join(", ")))
        .select_given(
            connection.dialect(),
            &[
                ("id", "TEXT"),
                ("version", "INTEGER"),
                ("status", "TEXT"),
                ("status_since", "DATE"),
                ("assessment_id", "TEXT"),
                ("checked_on", "DATE"),
                ("checked_by", "TEXT"),
            ],
            &values.collect(),
        )
        .text(") AS assessed WHERE assessed.id = trackables.id");
    query::execute(connection, sql)?;
    Ok(())
}

/// The supertype rows with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[AssessableId],
) -> Result<HashMap<String, Assessable>, Error> {
    query::by_key(connection, "trackables WHERE", "trackables.id", ids)
}

impl Assessable {
    /// Marks the status as checked on a day, unless it was last checked on a later day.
    pub(super) fn mark_checked(&mut self, day: NaiveDate, by: &str) {
        if self.checked_on.is_none_or(|checked_on| checked_on <= day) {
            self.checked_on = Some(day);
            self.checked_by = Some(by.to_owned());
        }
    }

    pub(super) fn kind_in_words(&self) -> &'static str {
        use crate::domain::StringEnum;
        self.kind.as_str()
    }
}
