//! Reads the assessments that are needed to compare two days.

use chrono::NaiveDate;

use super::query::Sql;
use super::rows::{Column, Rows};
use super::{DbConnection, Error, perspective};
use crate::domain::perspective::{Perspective, PointInTime};

/// Reads these columns of assessments of clauses of these agreements, by the holder in `perspective`. For each clause,
/// reads the assessment in force at the end of the day `from`, and the assessments that took effect after that day.
/// `perspective` is the perspective of the second day. The result has an additional first column: the agreement's id.
/// Sorted by agreement and clause, then from the earliest assessment to the one in force on the second day.
///
/// # Errors
/// Database errors.
pub fn select_since(
    connection: &mut DbConnection,
    from: NaiveDate,
    perspective: Perspective,
    agreements: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let first = Perspective {
        point_in_time: PointInTime { as_of: Some(from), ..perspective.point_in_time },
        ..perspective
    };
    let tail = Sql::new(
        "FROM assessments JOIN trackables ON trackables.id = assessments.trackable_id \
         JOIN clauses ON clauses.id = assessments.trackable_id WHERE trackables.archived_at IS NULL AND ",
    )
    .any_of(connection.dialect(), "clauses.agreement_id", agreements)
    .text(" AND ")
    .append(perspective::held("assessments", perspective))
    .text(" AND (assessments.effective_on > ")
    .bind_date(from)
    .text(" OR assessments.id = ")
    .append(perspective::latest("id", "clauses.id", first))
    .text(
        ") ORDER BY clauses.agreement_id, clauses.position, clauses.id, assessments.effective_on, \
         assessments.recorded_at, assessments.id",
    );
    Rows::select_keyed(connection, "clauses.agreement_id", columns, tail)
}
