//! Status checks: their rows, their recording and retraction, and the latest check of a record.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{Date, Text};

use super::assessable::{self, Assessable};
use super::change::Action;
use super::insert::insert_rows;
use super::page::{Direction, List, Listing};
use super::query::{self, Sql};
use super::record;
use super::schema::{status_checks, trackables};
use super::sort::SortKey;
use super::subject::{Dependencies, Subjects};
use super::{DbConnection, Dialect, Error, Transaction, perspective};
use crate::domain::content::Fields;
use crate::domain::id::{AssessableId, StatusCheckId};
use crate::domain::perspective::PointInTime;
use crate::domain::status::AssessableKind;
use crate::domain::status_check::StatusCheckContent;
use crate::domain::{Kind, ValidationErrorCode, ValidationErrors, text};

/// A status check.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = status_checks, treat_none_as_default_value = false)]
pub struct StatusCheck {
    /// Primary key.
    pub id: StatusCheckId,
    /// The clause, caveat or proposal.
    pub trackable_id: AssessableId,
    /// The day on which the status was checked.
    pub checked_on: NaiveDate,
    /// The evidence that was checked.
    pub note: Option<String>,
    /// The time of recording, in UTC.
    pub recorded_at: NaiveDateTime,
    /// The name of the account that recorded the check.
    pub recorded_by: String,
    /// The time of retraction. Null if the check was not retracted.
    pub retracted_at: Option<NaiveDateTime>,
    /// The name of the account that retracted the check.
    pub retracted_by: Option<String>,
    /// The reason for the retraction.
    pub retraction_reason: Option<String>,
}

/// Records a status check. `kind` is the kind of its subject.
///
/// # Errors
/// Validation errors, a missing subject, a stale version, and database errors.
pub fn record(
    transaction: &mut Transaction<'_>,
    kind: AssessableKind,
    content: StatusCheckContent,
    expected_version: Option<i32>,
) -> Result<StatusCheckId, Error> {
    let id = content.subject;
    let dependencies = Dependencies { subject: id, kind, held_by: None, references: Vec::new() };
    let mut subjects = Subjects::read(transaction.connection(), &[dependencies])?;
    let subject = subjects.by_id.remove(&id).filter(|subject| subject.row.kind == kind);
    let subject = subject.ok_or_else(|| record::missing(kind.record_kind(), "subject", id))?;
    record::check_version(subject.row.version, expected_version)?;
    let mut errors = ValidationErrors::default();
    content.check(&mut errors, subject.begins_on);
    errors.into_result()?;
    let check = StatusCheck {
        id: StatusCheckId::new(),
        trackable_id: id,
        checked_on: content.checked_on,
        note: content.note,
        recorded_at: transaction.at(),
        recorded_by: transaction.actor().to_owned(),
        retracted_at: None,
        retracted_by: None,
        retraction_reason: None,
    };
    let mut row = subject.row;
    row.version += 1;
    row.mark_checked(check.checked_on, &check.recorded_by);
    let after = Fields::default()
        .reference("status_check", &[Kind::StatusCheck], Some(check.id))
        .date("checked_on", Some(check.checked_on))
        .text_optional("note", check.note.as_ref())
        .0;
    insert_rows!(transaction.connection(), status_checks::table, vec![check.clone()]);
    assessable::set_versions(transaction.connection(), &[&row])?;
    transaction.log_without_deadlines(Action::Checked, kind.record_kind(), id, &[], &after)?;
    Ok(check.id)
}

/// Retracts a status check. The status check stays in the history.
///
/// # Errors
/// A missing or already retracted check, a stale version of the subject, an invalid reason, and database errors.
pub fn retract(
    transaction: &mut Transaction<'_>,
    id: StatusCheckId,
    reason: &str,
    expected_version: Option<i32>,
) -> Result<StatusCheckId, Error> {
    let check = by_ids(transaction.connection(), &[id])?.remove(id.as_str());
    let check = check.ok_or_else(|| record::missing(Kind::StatusCheck, "status_check_id", id))?;
    let subject = assessable::by_ids(transaction.connection(), &[check.trackable_id])?
        .remove(check.trackable_id.as_str())
        .ok_or_else(|| {
            Error::Internal(format!("the subject of the status check {id} is missing"))
        })?;
    record::check_version(subject.version, expected_version)?;
    let mut errors = ValidationErrors::default();
    text::check(&mut errors, "reason", reason, text::MAX_PROSE);
    if let Some(at) = check.retracted_at {
        let message = format!("was already retracted on {}", at.date());
        errors.add(ValidationErrorCode::Invalid, "status_check_id", message);
    }
    errors.into_result()?;
    let (at, by) = (transaction.at(), transaction.actor().to_owned());
    let retracted = diesel::update(status_checks::table.find(id)).set((
        status_checks::retracted_at.eq(Some(at)),
        status_checks::retracted_by.eq(Some(&by)),
        status_checks::retraction_reason.eq(Some(reason)),
    ));
    retracted.execute(transaction.connection())?;
    refresh(transaction.connection(), subject.id)?;
    let version = trackables::version.eq(subject.version + 1);
    diesel::update(trackables::table.find(subject.id))
        .set(version)
        .execute(transaction.connection())?;
    let after = Fields::default()
        .reference("status_check", &[Kind::StatusCheck], Some(id))
        .text("reason", reason)
        .0;
    let kind = subject.kind.record_kind();
    transaction.log_without_deadlines(Action::CheckRetracted, kind, subject.id, &[], &after)?;
    Ok(id)
}

/// Updates the latest check of a record. Must run after one of its status checks is retracted.
fn refresh(connection: &mut DbConnection, subject: AssessableId) -> Result<(), Error> {
    let latest = latest(connection, PointInTime::default(), Some(&[subject]))?;
    let latest = latest.get(subject.as_str());
    diesel::update(trackables::table.find(subject))
        .set((
            trackables::checked_on.eq(latest.map(|latest| latest.day)),
            trackables::checked_by.eq(latest.map(|latest| &latest.by)),
        ))
        .execute(connection)?;
    Ok(())
}

/// The status checks with these ids, keyed by id.
///
/// # Errors
/// Database errors.
pub fn by_ids(
    connection: &mut DbConnection,
    ids: &[impl AsRef<str>],
) -> Result<HashMap<String, StatusCheck>, Error> {
    query::by_key(connection, "status_checks WHERE", "status_checks.id", ids)
}

/// The latest check or assessment of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LatestCheck {
    /// The day of the check, or the day on which the assessment was recorded.
    pub day: NaiveDate,
    /// The name of the account that recorded the check or assessment.
    pub by: String,
}

/// The latest check or assessment of each record, keyed by the record's id. Considers only checks and assessments on or
/// before `point_in_time.as_of` that were recorded at or before `point_in_time.known_at`. `subjects` are the ids of the
/// records, or `None` for all records. Omits records without a check or assessment.
///
/// # Errors
/// Database errors.
pub fn latest(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    subjects: Option<&[impl AsRef<str>]>,
) -> Result<HashMap<String, LatestCheck>, Error> {
    let dialect = connection.dialect();
    let of_subjects = |column: &str| match subjects {
        Some(subjects) => Sql::default().any_of(dialect, column, subjects),
        None => Sql::new("1 = 1"),
    };
    let mut sql = Sql::new(
        "SELECT latest.trackable_id, latest.day, latest.recorded_by FROM (SELECT checks.*, \
         row_number() OVER (PARTITION BY checks.trackable_id ORDER BY checks.day DESC, checks.recorded_at DESC, checks.id DESC) AS place \
         FROM (",
    )
    .append(checks(dialect, point_in_time, &of_subjects))
    .text(") AS checks");
    if let Some(day) = point_in_time.as_of {
        sql = sql.text(" WHERE checks.day <= ").bind_date(day);
    }
    let sql = sql.text(") AS latest WHERE latest.place = 1");
    let rows = query::rows::<(Text, Date, Text), (String, NaiveDate, String)>(connection, sql)?;
    Ok(rows.into_iter().map(|(subject, day, by)| (subject, LatestCheck { day, by })).collect())
}

/// The expression for the latest day on which a clause was checked or assessed, at a point in time. Null if it never
/// was checked or assessed.
pub(super) fn latest_day(dialect: Dialect, point_in_time: PointInTime) -> Sql {
    let of_clause = |column: &str| Sql::new(format!("{column} = clauses.id"));
    let checks = checks(dialect, point_in_time, &of_clause);
    let sql = Sql::new("(SELECT max(checks.day) FROM (").append(checks).text(") AS checks");
    match point_in_time.as_of {
        Some(as_of) => sql.text(" WHERE checks.day <= ").bind_date(as_of).text(")"),
        None => sql.text(")"),
    }
}

/// Selects the status checks and assessments that count at `point_in_time.known_at`. The day of an assessment is the
/// day on which it was recorded. `of_subject` returns the condition on the column that contains the subject's id.
fn checks(dialect: Dialect, point_in_time: PointInTime, of_subject: &dyn Fn(&str) -> Sql) -> Sql {
    let known = PointInTime { as_of: None, ..point_in_time };
    let recorded_on = match dialect {
        Dialect::Sqlite => "date(assessments.recorded_at)",
        Dialect::Postgres => "CAST(assessments.recorded_at AS DATE)",
    };
    let from = |table: &str, day: &str| {
        Sql::new(format!(
            "SELECT {table}.id, {table}.trackable_id, {day} AS day, {table}.recorded_at, {table}.recorded_by \
             FROM {table} WHERE "
        ))
        .append(of_subject(&format!("{table}.trackable_id")))
        .text(" AND ")
        .append(perspective::counts(table, known))
    };
    from("assessments", recorded_on)
        .text(" UNION ALL ")
        .append(from("status_checks", "status_checks.checked_on"))
}

/// Describes in a sentence each record whose stored `checked_on` or `checked_by` is wrong.
///
/// # Errors
/// Database errors.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let mut latest = latest(connection, PointInTime::default(), None::<&[&str]>)?;
    let rows: Vec<Assessable> =
        trackables::table.order(trackables::id).select(Assessable::as_select()).load(connection)?;
    let words = |day: Option<NaiveDate>, by: Option<&String>| match (day, by) {
        (Some(day), Some(by)) => format!("on {day} by {by}"),
        (Some(day), None) => format!("on {day} by nobody"),
        (None, _) => "never".to_owned(),
    };
    let differences = rows.into_iter().filter_map(|row| {
        let expected = latest.remove(row.id.as_str());
        let (day, by) = (expected.as_ref().map(|check| check.day), expected.map(|check| check.by));
        ((row.checked_on, &row.checked_by) != (day, &by)).then(|| {
            format!(
                "{} {}: last checked {}, expected {}",
                row.kind_in_words(),
                row.id,
                words(row.checked_on, row.checked_by.as_ref()),
                words(day, by.as_ref())
            )
        })
    });
    Ok(differences.collect())
}

/// The status checks of a clause, caveat or proposal, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StatusCheckList {
    /// Whether to include retracted checks.
    pub include_retracted: bool,
}

impl List for StatusCheckList {
    const KIND: Kind = Kind::StatusCheck;
    const ID: &'static str = "status_checks.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const {
            &[
                SortKey::day("status_checks.checked_on"),
                SortKey::instant("status_checks.recorded_at"),
                SortKey::id("status_checks.id"),
            ]
        }
    }

    fn listing(&self, _connection: &DbConnection) -> Listing {
        let in_use =
            (!self.include_retracted).then(|| Sql::new("status_checks.retracted_at IS NULL"));
        Listing {
            parent: Some("status_checks.trackable_id = {parent}"),
            conditions: in_use.into_iter().collect(),
            direction: Direction::Descending,
            ..Listing::of("status_checks", self.sort_keys())
        }
    }
}
