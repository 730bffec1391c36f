//! Statuses in a view: as of a day, as known at an instant, as one holder sees it.
//!
//! What `domain::assessment::in_force` says, in SQL.

use std::collections::HashMap;

use super::assessment::Assessment;
use super::query::{self, Sql};
use super::rows::{Column, Rows};
use super::{DbConnection, Dialect, Error};
use crate::domain::perspective::{Perspective, PointInTime};

/// The assessment in force in `perspective` of each of these clauses, caveats and proposals, by its subject; what has none is
/// left out.
///
/// # Errors
/// Those of the database.
pub fn in_force(
    connection: &mut DbConnection,
    perspective: Perspective,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Assessment>, Error> {
    let tail = of_subjects(connection.dialect(), perspective, subjects);
    Ok(query::select_keyed(connection, "assessments.trackable_id", tail)?.into_iter().collect())
}

/// What follows the columns of the assessments in force in `perspective` of these subjects.
fn of_subjects(dialect: Dialect, perspective: Perspective, subjects: &[impl AsRef<str>]) -> Sql {
    Sql::new("FROM ").each(dialect, "subject", subjects).text(" JOIN ").append(latest_row(
        dialect,
        "subject.value",
        perspective,
    ))
}

/// The columns of the assessment in force in `perspective` of each of these clauses, caveats and proposals, with its subject at
/// position 0.
///
/// # Errors
/// Those of the database.
pub fn select_in_force(
    connection: &mut DbConnection,
    perspective: Perspective,
    subjects: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let tail = of_subjects(connection.dialect(), perspective, subjects);
    Rows::select_keyed(connection, "assessments.trackable_id", columns, tail)
}

/// The columns of the assessments in force at `point_in_time` of every holder, with their subject at position 0; the neutral
/// record's first, then by the holders' names.
///
/// # Errors
/// Those of the database.
pub fn select_viewpoints(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let tail = of_every_holder(connection.dialect(), point_in_time, subjects);
    Rows::select_keyed(connection, "assessments.trackable_id", columns, tail)
}

/// What follows the columns of the assessments in force of every holder.
fn of_every_holder(
    dialect: Dialect,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
) -> Sql {
    let of_subjects = Sql::default().any_of(dialect, "said.trackable_id", subjects);
    Sql::new(
        "FROM assessments LEFT JOIN parties ON parties.id = assessments.held_by_id \
         WHERE assessments.id IN (SELECT held.id FROM (",
    )
    .append(ranked("said.id", point_in_time, of_subjects))
    .text(
        ") AS held WHERE held.place = 1) \
         ORDER BY assessments.held_by_id IS NOT NULL, parties.name COLLATE alphabetical, assessments.held_by_id",
    )
}

/// The assessments in force at `point_in_time` of every holder, by their subject; the neutral record's first, then by the
/// holders' names.
///
/// # Errors
/// Those of the database.
pub fn viewpoints(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<Assessment>>, Error> {
    let tail = of_every_holder(connection.dialect(), point_in_time, subjects);
    let mut viewpoints: HashMap<String, Vec<Assessment>> = HashMap::new();
    for (subject, row) in query::select_keyed(connection, "assessments.trackable_id", tail)? {
        viewpoints.entry(subject).or_default().push(row);
    }
    Ok(viewpoints)
}

/// The expression for a column of the assessment in force in `perspective` of the subject that `subject` names; null where there
/// is none.
pub(super) fn latest(column: &str, subject: &str, perspective: Perspective) -> Sql {
    Sql::new(format!(
        "(SELECT said.{column} FROM assessments said WHERE said.trackable_id = {subject} AND "
    ))
    .append(held("said", perspective))
    .text(" ORDER BY said.effective_on DESC, said.recorded_at DESC, said.id DESC LIMIT 1)")
}

/// What to join to get, as `assessments`, the row of the assessment in force in `perspective` of the subject that `subject` names.
///
/// PostgreSQL keeps a plan that it made while the table was empty: only when the one row is looked for in a join of its own
/// does every plan go by the index.
pub(super) fn latest_row(dialect: Dialect, subject: &str, perspective: Perspective) -> Sql {
    match dialect {
        Dialect::Sqlite => {
            Sql::new("assessments ON assessments.id = ").append(latest("id", subject, perspective))
        }
        Dialect::Postgres => Sql::new("LATERAL ")
            .append(latest("*", subject, perspective))
            .text(" AS assessments ON TRUE"),
    }
}

/// The condition that an assessment is of the view's holder and counts at its moment.
pub(super) fn held(assessment: &str, perspective: Perspective) -> Sql {
    let sql = match perspective.held_by {
        Some(holder) => Sql::new(format!("{assessment}.held_by_id = ")).bind(holder.as_str()),
        None => Sql::new(format!("{assessment}.held_by_id IS NULL")),
    };
    sql.text(" AND ").append(counts(assessment, perspective.point_in_time))
}

/// The condition that the parties' statuses in force at `point_in_time` of the subject that `subject` names are not the same:
/// what `domain::assessment::is_contested` says.
pub(super) fn contested(subject: &str, point_in_time: PointInTime) -> Sql {
    let by_parties =
        Sql::new(format!("said.trackable_id = {subject} AND said.held_by_id IS NOT NULL"));
    Sql::new("(SELECT count(DISTINCT held.status) FROM (")
        .append(ranked("said.status", point_in_time, by_parties))
        .text(") AS held WHERE held.place = 1 AND held.status <> 'unassessed') > 1")
}

/// The condition that an assessment counts at `point_in_time`: what [`PointInTime::counts`] says.
pub(super) fn counts(assessment: &str, point_in_time: PointInTime) -> Sql {
    let sql = match point_in_time.known_at {
        Some(instant) => Sql::new(format!("{assessment}.recorded_at <= "))
            .bind_instant(instant)
            .text(format!(
                " AND ({assessment}.retracted_at IS NULL OR {assessment}.retracted_at > "
            ))
            .bind_instant(instant)
            .text(")"),
        None => Sql::new(format!("{assessment}.retracted_at IS NULL")),
    };
    match point_in_time.as_of {
        Some(day) => sql.text(format!(" AND {assessment}.effective_on <= ")).bind_date(day),
        None => sql,
    }
}

/// The assessments (`said`) that count at `point_in_time` and that `condition` holds for, with their `place` among those of the
/// same subject and holder: the one in force has the first.
fn ranked(column: &str, point_in_time: PointInTime, condition: Sql) -> Sql {
    Sql::new(format!(
        "SELECT {column}, row_number() OVER (PARTITION BY said.trackable_id, said.held_by_id \
         ORDER BY said.effective_on DESC, said.recorded_at DESC, said.id DESC) AS place \
         FROM assessments said WHERE "
    ))
    .append(condition)
    .text(" AND ")
    .append(counts("said", point_in_time))
}
