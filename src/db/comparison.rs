//! What is read to compare two days.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::assessment::Assessment;
use super::query::{self, Sql};
use super::{DbConnection, Error, view};
use crate::domain::id::AgreementId;
use crate::domain::view::{Moment, View};

/// Of the clauses of each of these agreements: the assessment in force in `view` at the end of the day `from`, and those
/// that took effect after it, in the order of the clauses and then in that in which they hold; by agreement. `view` is
/// of the second day.
///
/// # Errors
/// Those of the database.
pub fn since(
    connection: &mut DbConnection,
    from: NaiveDate,
    view: View,
    agreements: &[AgreementId],
) -> Result<HashMap<String, Vec<Assessment>>, Error> {
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
    let mut found: HashMap<String, Vec<Assessment>> = HashMap::new();
    for (agreement, row) in query::select_keyed(connection, "clauses.agreement_id", tail)? {
        found.entry(agreement).or_default().push(row);
    }
    Ok(found)
}
