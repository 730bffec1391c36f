//! Reads all data that recording an assessment needs, with one statement.

use chrono::NaiveDate;
use diesel::sql_types::{Bool, Date, Nullable, Text};

use super::assessable::Assessable;
use super::assessment::{Assessment, WithEvidence};
use super::query::{self, Row, Sql};
use super::reference::{self, ExistingRecords};
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::Reference;
use crate::domain::id::{AssessableId, PartyId, SourceId};
use crate::domain::perspective::Perspective;
use crate::domain::status::AssessableKind;

/// The clause, caveat or proposal that is assessed.
pub(super) struct Subject {
    /// Its supertype row.
    pub(super) row: Assessable,
    /// The day on which it was agreed or proposed.
    pub(super) begins_on: NaiveDate,
    /// Whether a deadline depends on its completion.
    pub(super) anchors_deadlines: bool,
    /// The assessment of the same holder in force, with its evidence.
    pub(super) in_force: Option<WithEvidence>,
    /// The existing ones among the records that the new assessment refers to.
    pub(super) existing: ExistingRecords,
}

type Columns =
    (<Assessable as Row>::SqlType, Nullable<<Assessment as Row>::SqlType>, Date, Bool, Text, Text);
type Values = (Assessable, Option<Assessment>, NaiveDate, bool, String, String);

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
    let evidence = match dialect {
        Dialect::Sqlite => {
            "(SELECT json_group_array(source_id) FROM (SELECT source_id FROM assessment_evidence \
             WHERE assessment_id = assessments.id ORDER BY position))"
        }
        Dialect::Postgres => {
            "coalesce((SELECT json_agg(source_id ORDER BY position) FROM assessment_evidence \
             WHERE assessment_id = assessments.id)::text, '[]')"
        }
    };
    let sql = Sql::new("SELECT ")
        .columns::<Assessable>()
        .text(", ")
        .columns::<Assessment>()
        .text(format!(
            ", {begins_on}, EXISTS (SELECT 1 FROM deadlines \
             WHERE deadlines.anchor_clause_id = trackables.id), {evidence}, "
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
    row.map(|(row, in_force, begins_on, anchors_deadlines, evidence, existing)| {
        let evidence: Vec<String> = parsed(&evidence)?;
        let sources = evidence.iter().filter_map(|id| SourceId::parse(id)).collect();
        Ok(Subject {
            row,
            begins_on,
            anchors_deadlines,
            in_force: in_force.map(|assessment| (assessment, sources)),
            existing: ExistingRecords::parse(parsed(&existing)?),
        })
    })
    .transpose()
}

fn parsed(array: &str) -> Result<Vec<String>, Error> {
    serde_json::from_str(array).map_err(|error| Error::Internal(error.to_string()))
}
