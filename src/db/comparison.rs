//! What is read to compare two days.

use chrono::NaiveDate;

use super::query::Sql;
use super::rows::{Column, Rows};
use super::{DbConnection, Error, view};
use crate::domain::view::{Moment, View};

/// The columns of assessments of the clauses of each of these agreements, with the agreement at position 0: of the
/// assessment in force in `view` at the end of the day `from`, and of those that took effect after it. Sorted by clause,
/// then from the earliest to the one in force. `view` is of the second day.
///
/// # Errors
/// Those of the database.
pub fn select_since(
    connection: &mut DbConnection,
    from: NaiveDate,
    view: View,
    agreements: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    let first = View { moment: Moment { as_of: Some(from), ..view.moment }, ..view };
    let tail = Sql::new(
        "FROM assessments JOIN trackables ON trackables.id = assessments.trackable_id \
         JOIN clauses ON clauses.id = assessments.trackable_id WHERE trackables.archived_at IS NULL AND ",
    )
    .any_of(connection.dialect(), "clauses.agreement_id", agreements)
    .text(" AND ")
    .append(view::held("assessments", view))
    .text(" AND (assessments.effective_on > ")
    .bind_date(from)
    .text(" OR assessments.id = ")
    .append(view::latest("id", "clauses.id", first))
    .text(
        ") ORDER BY clauses.agreement_id, clauses.position, clauses.id, assessments.effective_on, \
         assessments.recorded_at, assessments.id",
    );
    Rows::select_keyed(connection, "clauses.agreement_id", columns, tail)
}
