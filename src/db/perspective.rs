//! Statuses in a perspective: as of a day, as known at a time, according to a holder. This is `domain::assessment::in_force`
//! in SQL.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::sql_types::{Nullable, Text};
use serde_json::json;

use super::assessment::Assessment;
use super::query::{self, Sql};
use super::rows::{Column, Rows};
use super::{DbConnection, Dialect, Error};
use crate::domain::StringEnum;
use crate::domain::assessment::Viewpoint;
use crate::domain::id::{AssessableId, PartyId};
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::status::{AssessableKind, Status};

/// The columns of an assessable record that contain its status in the default perspective. The filters of lists use
/// these columns.
#[derive(Clone, Copy)]
pub(super) struct StatusColumns {
    /// The kind of the record.
    pub(super) kind: AssessableKind,
    /// The column of the record's id.
    pub(super) id: &'static str,
    /// The column of the record's status.
    pub(super) status: &'static str,
    /// The column of the day from which the status applies.
    pub(super) since: &'static str,
}

impl StatusColumns {
    /// The expression for the status in `perspective`.
    pub(super) fn status(self, perspective: Perspective) -> Sql {
        if perspective == Perspective::default() {
            return Sql::new(self.status);
        }
        Sql::new("coalesce(")
            .append(latest("status", self.id, perspective))
            .text(format!(", '{}')", Status::initial(self.kind).as_str()))
    }

    /// The expression for the day from which the status in `perspective` applies. Null if there is no assessment.
    pub(super) fn since(self, perspective: Perspective) -> Sql {
        if perspective == Perspective::default() {
            return Sql::new(self.since);
        }
        latest("effective_on", self.id, perspective)
    }

    /// The condition that the status in `perspective` is one of `statuses`.
    pub(super) fn is_one_of<T: StringEnum>(
        self,
        dialect: Dialect,
        statuses: &[T],
        perspective: Perspective,
    ) -> Sql {
        let names = T::stored_names(statuses);
        if perspective == Perspective::default() {
            return Sql::default().one_or_any_of(dialect, self.status, &names);
        }
        self.status(perspective).in_any(dialect, &names)
    }
}

/// The assessments in force in `perspective`, keyed by subject. Excludes subjects without an assessment.
///
/// # Errors
/// Database errors.
pub fn in_force(
    connection: &mut DbConnection,
    perspective: Perspective,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Assessment>, Error> {
    let tail = of_subjects(connection.dialect(), perspective, subjects);
    Ok(query::select_keyed(connection, "assessments.trackable_id", tail)?.into_iter().collect())
}

/// The part of a statement after the columns, for the assessments in force in `perspective`.
fn of_subjects(dialect: Dialect, perspective: Perspective, subjects: &[impl AsRef<str>]) -> Sql {
    Sql::new("FROM ").each(dialect, "subject", subjects).text(" JOIN ").append(latest_row(
        dialect,
        "subject.value",
        perspective,
    ))
}

/// Selects the assessment in force of one subject, according to one holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubjectView {
    /// The subject.
    pub subject: AssessableId,
    /// The holder. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// Considers assessments up to the end of this day. `None` for all days.
    pub as_of: Option<NaiveDate>,
}

/// The assessments in force that these views select, keyed by the index of the view. Runs only one statement, even if
/// the views have different holders and days.
///
/// # Errors
/// Database errors.
pub fn in_force_each(
    connection: &mut DbConnection,
    views: &[SubjectView],
    known_at: Option<NaiveDateTime>,
) -> Result<HashMap<usize, Assessment>, Error> {
    let dialect = connection.dialect();
    let given = views.iter().enumerate().map(|(index, SubjectView { subject, held_by, as_of })| {
        json!([index, subject.as_str(), held_by.map(|party| party.to_string()), as_of])
    });
    let columns = [("number", "INTEGER"), ("subject", "TEXT"), ("holder", "TEXT"), ("day", "DATE")];
    let latest = |column: &str| {
        Sql::new(format!(
            "(SELECT latest.{column} FROM assessments latest WHERE latest.trackable_id = views.subject \
             AND coalesce(latest.held_by_id, '') = coalesce(views.holder, '') \
             AND (views.day IS NULL OR latest.effective_on <= views.day) AND "
        ))
        .append(counts("latest", PointInTime { as_of: None, known_at }))
        .text(LATEST)
    };
    let tail = Sql::new("FROM (")
        .select_given(dialect, &columns, &given.collect())
        .text(") AS views JOIN ")
        .append(join_latest(dialect, latest));
    let rows: Vec<(String, Assessment)> =
        query::select_keyed(connection, "CAST(views.number AS TEXT)", tail)?;
    Ok(rows.into_iter().filter_map(|(index, row)| Some((index.parse().ok()?, row))).collect())
}

/// Reads these columns of the assessments in force in `perspective`. The result has an additional first column: the
/// subject's id.
///
/// # Errors
/// Database errors.
pub fn select_in_force(
    connection: &mut DbConnection,
    perspective: Perspective,
    subjects: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let tail = of_subjects(connection.dialect(), perspective, subjects);
    Rows::select_keyed(connection, "assessments.trackable_id", columns, tail)
}

/// Reads these columns of the assessments in force at `point_in_time`, for each holder. The result has an additional
/// first column: the subject's id. For each subject, the neutral record comes first. The other holders follow in order
/// of name.
///
/// # Errors
/// Database errors.
pub fn select_viewpoints(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let tail = of_every_holder(connection.dialect(), point_in_time, subjects);
    Rows::select_keyed(connection, "assessments.trackable_id", columns, tail)
}

/// The part of a statement after the columns, for the assessments in force of each holder.
fn of_every_holder(
    dialect: Dialect,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
) -> Sql {
    let of_subjects = Sql::default().any_of(dialect, "candidates.trackable_id", subjects);
    Sql::new(
        "FROM assessments LEFT JOIN parties ON parties.id = assessments.held_by_id \
         WHERE assessments.id IN (SELECT ranked.id FROM (",
    )
    .append(ranked("candidates.id", point_in_time, of_subjects))
    .text(
        ") AS ranked WHERE ranked.place = 1) \
         ORDER BY assessments.held_by_id IS NOT NULL, parties.name COLLATE alphabetical, assessments.held_by_id",
    )
}

/// The viewpoints of all holders, from the assessments in force at `point_in_time`, keyed by subject. For each subject,
/// the neutral record comes first. The other holders follow in order of name.
///
/// # Errors
/// Database errors.
pub fn viewpoints(
    connection: &mut DbConnection,
    point_in_time: PointInTime,
    subjects: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<Viewpoint>>, Error> {
    let breakers = breakers("assessments.status", "assessments.id");
    let sql = Sql::new(format!(
        "SELECT assessments.trackable_id, assessments.held_by_id, assessments.status, {breakers} "
    ))
    .append(of_every_holder(connection.dialect(), point_in_time, subjects));
    let rows: Vec<(String, Option<PartyId>, String, Option<String>)> =
        query::rows::<(Text, Nullable<Text>, Text, Nullable<Text>), _>(connection, sql)?;
    let mut viewpoints: HashMap<String, Vec<Viewpoint>> = HashMap::new();
    for (subject, held_by, status, breakers) in rows {
        let breakers = breakers.as_deref().unwrap_or_default().split(',');
        let breached_by = breakers.filter_map(PartyId::parse).collect();
        viewpoints.entry(subject).or_default().push(Viewpoint { held_by, status, breached_by });
    }
    Ok(viewpoints)
}

/// The expression for the breakers that an assessment names: their ids in order, separated by commas. Null if it names no
/// breakers. `status` and `id` are the expressions for its status and id.
fn breakers(status: &str, id: &str) -> String {
    format!(
        "CASE WHEN {status} = 'breached' THEN (SELECT string_agg(party_id, ',' ORDER BY party_id) \
         FROM assessment_breakers WHERE assessment_breakers.assessment_id = {id}) END"
    )
}

/// The expression for the id of the assessment in force in `perspective`. Null if there is none. `subject` is the
/// expression for the subject's id.
pub(super) fn assessment_in_force(subject: &str, perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        return Sql::new(format!(
            "(SELECT current.assessment_id FROM trackables current WHERE current.id = {subject})"
        ));
    }
    latest("id", subject, perspective)
}

/// The expression for a column of the assessment in force in `perspective`. Null if there is none. `subject` is the
/// expression for the subject's id.
pub(super) fn latest(column: &str, subject: &str, perspective: Perspective) -> Sql {
    latest_with("", column, subject, perspective)
}

/// Like [`latest`], but considers only the assessments that took effect before a day. `day` is the expression for the
/// day.
pub(super) fn latest_before(
    day: &str,
    column: &str,
    subject: &str,
    perspective: Perspective,
) -> Sql {
    let condition = format!("latest.effective_on < {day} AND ");
    latest_with(&condition, column, subject, perspective)
}

/// Like [`latest`], with a further condition on the assessments. `condition` ends with `AND` unless it is empty.
fn latest_with(condition: &str, column: &str, subject: &str, perspective: Perspective) -> Sql {
    Sql::new(format!(
        "(SELECT latest.{column} FROM assessments latest WHERE latest.trackable_id = {subject} AND {condition}"
    ))
    .append(held("latest", perspective))
    .text(LATEST)
}

/// The end of a subquery of assessments (alias `latest`): sorts them and selects the assessment in force.
const LATEST: &str =
    " ORDER BY latest.effective_on DESC, latest.recorded_at DESC, latest.id DESC LIMIT 1)";

/// The table to join for the row of the assessment in force in `perspective`, with the alias `assessments`.
pub(super) fn latest_row(dialect: Dialect, subject: &str, perspective: Perspective) -> Sql {
    join_latest(dialect, |column| latest(column, subject, perspective))
}

/// The table to join for the row of the assessment in force, with the alias `assessments`. `latest` returns the subquery for
/// one of its columns.
///
/// PostgreSQL may keep a plan that it made while the table was empty. With the lateral join, even such a plan uses the
/// index.
fn join_latest(dialect: Dialect, latest: impl Fn(&str) -> Sql) -> Sql {
    match dialect {
        Dialect::Sqlite => Sql::new("assessments ON assessments.id = ").append(latest("id")),
        Dialect::Postgres => {
            Sql::new("LATERAL ").append(latest("*")).text(" AS assessments ON TRUE")
        }
    }
}

/// The condition that an assessment is held by the perspective's holder and counts at the perspective's point in time.
pub(super) fn held(assessment: &str, perspective: Perspective) -> Sql {
    let sql = match perspective.held_by {
        Some(holder) => Sql::new(format!("{assessment}.held_by_id = ")).bind(holder.as_str()),
        None => Sql::new(format!("{assessment}.held_by_id IS NULL")),
    };
    sql.text(" AND ").append(counts(assessment, perspective.point_in_time))
}

/// The condition that the parties have different statuses in force, or that they name different breakers. This is
/// `domain::assessment::is_contested` in SQL.
pub(super) fn contested(subject: &str, point_in_time: PointInTime) -> Sql {
    let by_parties = Sql::new(format!(
        "candidates.trackable_id = {subject} AND candidates.held_by_id IS NOT NULL"
    ));
    let breakers = breakers("ranked.status", "ranked.id");
    Sql::new(format!(
        "(SELECT count(DISTINCT ranked.status) > 1 OR count(DISTINCT {breakers}) > 1 FROM ("
    ))
    .append(ranked("candidates.id, candidates.status", point_in_time, by_parties))
    .text(") AS ranked WHERE ranked.place = 1 AND ranked.status <> 'unassessed')")
}

/// The condition that an assessment is in force for its own holder at `point_in_time`: it counts, and no later assessment of
/// the same holder and record counts.
pub(super) fn is_latest_of_holder(assessment: &str, point_in_time: PointInTime) -> Sql {
    counts(assessment, point_in_time)
        .text(format!(
            " AND NOT EXISTS (SELECT 1 FROM assessments later WHERE later.trackable_id = {assessment}.trackable_id \
             AND coalesce(later.held_by_id, '') = coalesce({assessment}.held_by_id, '') \
             AND (later.effective_on, later.recorded_at, later.id) \
             > ({assessment}.effective_on, {assessment}.recorded_at, {assessment}.id) AND "
        ))
        .append(counts("later", point_in_time))
        .text(")")
}

/// The condition that, at `point_in_time`, the status of an assessment differs from the neutral status, or that both
/// name breakers and the breakers differ. UNASSESSED never differs. Without a neutral assessment, the neutral status is
/// the initial status.
pub(super) fn differs_from_neutral(assessment: &str, point_in_time: PointInTime) -> Sql {
    let neutral = Perspective { point_in_time, held_by: None };
    let subject = format!("{assessment}.trackable_id");
    let initial = AssessableKind::ALL.iter().map(|kind| {
        format!(" WHEN '{}' THEN '{}'", kind.as_str(), Status::initial(*kind).as_str())
    });
    let initial: String = initial.collect();
    let own = breakers(&format!("{assessment}.status"), &format!("{assessment}.id"));
    let of_neutral = breakers("neutral.status", "neutral.id");
    Sql::new(format!("({assessment}.status <> 'unassessed' AND ({assessment}.status <> coalesce("))
        .append(latest("status", &subject, neutral))
        .text(format!(", CASE {assessment}.trackable_kind{initial} END)"))
        .text(format!(
            " OR coalesce({own} <> (SELECT {of_neutral} FROM assessments neutral WHERE neutral.id = "
        ))
        .append(latest("id", &subject, neutral))
        .text("), FALSE)))")
}

/// The condition that an assessment counts at `point_in_time`. This is [`PointInTime::counts`] in SQL.
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

/// The assessments (alias `candidates`) that count at `point_in_time` and meet `condition`, with their rank in the
/// column `place`, separately for each subject and holder. The assessment in force has place 1.
fn ranked(columns: &str, point_in_time: PointInTime, condition: Sql) -> Sql {
    Sql::new(format!(
        "SELECT {columns}, row_number() OVER (PARTITION BY candidates.trackable_id, candidates.held_by_id \
         ORDER BY candidates.effective_on DESC, candidates.recorded_at DESC, candidates.id DESC) AS place \
         FROM assessments candidates WHERE "
    ))
    .append(condition)
    .text(" AND ")
    .append(counts("candidates", point_in_time))
}
