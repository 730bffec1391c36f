//! Reads all data that is needed to record assessments, with one statement for each combination of subject kind and
//! holder.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::sql_types::{Bool, Date, Nullable, Text};

use super::assessable::Assessable;
use super::assessment::{Assessment, BREAKERS, LinkedAssessment};
use super::citation::{self, EVIDENCE};
use super::query::{self, Row, Sql};
use super::reference::{self, ExistingRecords};
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::id::{AssessableId, PartyId};
use crate::domain::perspective::Perspective;
use crate::domain::status::AssessableKind;
use crate::domain::{Id, Reference};

/// A clause, caveat or proposal that is assessed.
pub(super) struct Subject {
    /// Its supertype row.
    pub(super) row: Assessable,
    /// The day on which the subject was agreed or proposed.
    pub(super) begins_on: NaiveDate,
    /// Whether a deadline depends on the completion of the subject.
    pub(super) anchors_deadlines: bool,
    /// The version before the new assessments.
    pub(super) stored_version: i32,
}

/// The records on which a new assessment depends.
pub(super) struct Dependencies {
    pub(super) subject: AssessableId,
    pub(super) kind: AssessableKind,
    pub(super) held_by: Option<PartyId>,
    pub(super) references: Vec<Reference>,
}

/// All data that is needed to record assessments.
#[derive(Default)]
pub(super) struct Subjects {
    /// The subjects, keyed by id.
    pub(super) by_id: HashMap<AssessableId, Subject>,
    /// The assessments in force, keyed by subject and holder.
    pub(super) in_force: HashMap<(AssessableId, Option<PartyId>), LinkedAssessment>,
    /// The records to which the new assessments refer, if they exist.
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

impl Subjects {
    /// Reads the data for new assessments. Omits subjects whose kind differs from the stated kind.
    ///
    /// # Errors
    /// Database errors.
    pub(super) fn read(
        connection: &mut DbConnection,
        dependencies: &[Dependencies],
    ) -> Result<Self, Error> {
        let mut groups: BTreeMap<(AssessableKind, Option<PartyId>), Vec<&Dependencies>> =
            BTreeMap::new();
        for assessment in dependencies {
            groups.entry((assessment.kind, assessment.held_by)).or_default().push(assessment);
        }
        let mut subjects = Self::default();
        for ((kind, held_by), group) in groups {
            let sql = statement(connection.dialect(), kind, held_by, &group);
            for row in query::rows::<Columns, Values>(connection, sql)? {
                subjects.add(held_by, row)?;
            }
        }
        Ok(subjects)
    }

    fn add(&mut self, held_by: Option<PartyId>, values: Values) -> Result<(), Error> {
        let (row, in_force, begins_on, anchors_deadlines, evidence, breakers, existing) = values;
        if let Some(assessment) = in_force {
            let assessment = LinkedAssessment {
                row: assessment,
                evidence: citation::parsed(&evidence)?,
                breached_by: parsed_ids(&breakers)?,
            };
            self.in_force.insert((row.id, held_by), assessment);
        }
        self.existing.extend(query::parse_json_array(&existing)?);
        let stored_version = row.version;
        self.by_id.insert(row.id, Subject { row, begins_on, anchors_deadlines, stored_version });
        Ok(())
    }
}

/// The statement that reads the subjects of one kind, and the assessments in force of one holder.
fn statement(
    dialect: Dialect,
    kind: AssessableKind,
    held_by: Option<PartyId>,
    dependencies: &[&Dependencies],
) -> Sql {
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
    let evidence = EVIDENCE.as_text(dialect, "assessments.id");
    let breakers = BREAKERS.as_text(dialect, "assessments.id");
    let ids: BTreeSet<AssessableId> =
        dependencies.iter().map(|assessment| assessment.subject).collect();
    let references = dependencies.iter().flat_map(|assessment| &assessment.references);
    // The existing records are the same for all subjects, so only the first row contains them.
    Sql::new("SELECT ")
        .columns::<Assessable>()
        .text(", ")
        .columns::<Assessment>()
        .text(format!(
            ", {begins_on}, EXISTS (SELECT 1 FROM deadlines \
             WHERE deadlines.anchor_clause_id = trackables.id), {evidence}, {breakers}, \
             CASE WHEN row_number() OVER () = 1 THEN "
        ))
        .append(reference::existing_as_text(dialect, references))
        .text(format!(" ELSE '[]' END FROM trackables {from} LEFT JOIN "))
        .append(perspective::latest_row(
            dialect,
            "trackables.id",
            Perspective { held_by, ..Perspective::default() },
        ))
        .text(" WHERE ")
        .one_or_any_of(dialect, "trackables.id", &Vec::from_iter(ids))
}

fn parsed_ids<T>(array: &str) -> Result<Vec<Id<T>>, Error> {
    Ok(query::parse_json_array(array)?.iter().filter_map(|id| Id::parse(id)).collect())
}
