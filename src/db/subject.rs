//! Reads all data that recording an assessment needs, with one statement.

use chrono::NaiveDate;
use diesel::sql_types::{Bool, Date, Nullable, Text};

use super::assessable::Assessable;
use super::assessment::{Assessment, LinkedAssessment};
use super::query::{self, Row, Sql};
use super::reference::{self, ExistingRecords};
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::id::{AssessableId, PartyId};
use crate::domain::perspective::Perspective;
use crate::domain::status::AssessableKind;
use crate::domain::{Id, Reference};

/// The clause, caveat or proposal that is assessed.
pub(super) struct Subject {
    /// Its supertype row.
    pub(super) row: Assessable,
    /// The day on which it was agreed or proposed.
    pub(super) begins_on: NaiveDate,
    /// Whether a deadline depends on its completion.
    pub(super) anchors_deadlines: bool,
    /// The assessment of the same holder in force.
    pub(super) in_force: Option<LinkedAssessment>,
    /// The existing ones among the records that the new assessment refers to.
    pub(super) existing: ExistingRecords,
}

type Columns = (
    <Assessable as Row>::SqlType,
    Nullable<<Assessment as Row>::SqlType>,
    Date,
    Bool,
    Text,
    Text,
    Text,
);
type Values = (Assessable, Option<Assessment>, NaiveDate, bool, String, String, String);

/// Reads the subject of a new assessment by `held_by` with these references. `None` if no record of this kind has the
/// id.
///
/// # Errors
/// Database errors.
pub(super) fn read(
    connection: &mut DbConnection,
    id: AssessableId,
    kind: AssessableKind,
    held_by: Option<PartyId>,
    references: &[Reference],
) -> Result<Option<Subject>, Error> {
    let dialect = connection.dialect();
    let (begins_on, from) = match kind {
        AssessableKind::Clause => (
            "agreements.agreed_on",
            "JOIN clauses ON clauses.id = trackables.id \
             JOIN agreements ON agreements.id = clauses.agreement_id",
        ),
        AssessableKind::Caveat => (
            "proposals.made_on",
            "JOIN caveats ON caveats.id = trackables.id \
             JOIN proposals ON proposals.id = caveats.proposal_id",
        ),
        AssessableKind::Proposal => {
            ("proposals.made_on", "JOIN proposals ON proposals.id = trackables.id")
        }
    };
    let evidence = linked(dialect, "assessment_evidence", "source_id");
    let breakers = linked(dialect, "assessment_breakers", "party_id");
    let sql = Sql::new("SELECT ")
        .columns::<Assessable>()
        .text(", ")
        .columns::<Assessment>()
        .text(format!(
            ", {begins_on}, EXISTS (SELECT 1 FROM deadlines \
             WHERE deadlines.anchor_clause_id = trackables.id), {evidence}, {breakers}, "
        ))
        .append(reference::existing_as_text(dialect, references))
        .text(format!(" FROM trackables {from} LEFT JOIN "))
        .append(perspective::latest_row(
            dialect,
            "trackables.id",
            Perspective { held_by, ..Perspective::default() },
        ))
        .text(" WHERE trackables.id = ")
        .bind(id.as_str());
    let row = query::rows::<Columns, Values>(connection, sql)?.pop();
    row.map(|(row, in_force, begins_on, anchors_deadlines, evidence, breakers, existing)| {
        let (evidence, breached_by) = (parsed_ids(&evidence)?, parsed_ids(&breakers)?);
        let in_force = in_force.map(|row| LinkedAssessment { row, evidence, breached_by });
        Ok(Subject {
            row,
            begins_on,
            anchors_deadlines,
            in_force,
            existing: ExistingRecords::parse(parsed(&existing)?),
        })
    })
    .transpose()
}

/// The expression for a JSON array of the ids that the assessment is linked to, in order. `column` of `table` refers to
/// them.
fn linked(dialect: Dialect, table: &str, column: &str) -> String {
    let linked = format!("FROM {table} WHERE assessment_id = assessments.id");
    match dialect {
        Dialect::Sqlite => format!(
            "(SELECT json_group_array({column}) FROM (SELECT {column} {linked} ORDER BY position))"
        ),
        Dialect::Postgres => {
            format!("coalesce((SELECT json_agg({column} ORDER BY position) {linked})::text, '[]')")
        }
    }
}

fn parsed_ids<T>(array: &str) -> Result<Vec<Id<T>>, Error> {
    Ok(parsed(array)?.iter().filter_map(|id| Id::parse(id)).collect())
}

fn parsed(array: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(array).map_err(|error| Error::Internal(error.to_string()))
}
