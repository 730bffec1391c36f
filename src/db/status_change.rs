//! Status changes: the log entries that record or retract an assessment.

use super::change::{self, Action};
use super::query::{self, Sql};
use super::{DbConnection, Dialect, Error, LogPoint};
use crate::domain::StringEnum;
use crate::domain::id::{AgreementId, AssessableId, AssessmentId, ProposalId};

/// A recorded or retracted assessment in the log.
#[derive(Debug, Clone, Copy)]
pub struct StatusChange {
    /// Its point in the log.
    pub point: LogPoint,
    /// The assessment.
    pub assessment_id: AssessmentId,
}

/// The records whose status changes are selected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Followed {
    /// All records.
    Everything,
    /// The records that match any of these conditions.
    Any {
        /// The clauses of this agreement.
        agreement: Option<AgreementId>,
        /// This proposal and its caveats.
        proposal: Option<ProposalId>,
        /// These clauses, caveats and proposals.
        subjects: Vec<AssessableId>,
    },
}

impl Followed {
    /// The approximate size in memory, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let subjects = match self {
            Self::Everything => 0,
            Self::Any { subjects, .. } => subjects.len(),
        };
        size_of::<Self>() + subjects * size_of::<AssessableId>()
    }

    /// The condition that the subject of a change is selected.
    fn condition(&self, dialect: Dialect) -> Sql {
        let Self::Any { agreement, proposal, subjects } = self else {
            return Sql::new("1 = 1");
        };
        let mut sql = Sql::new("(").any_of(dialect, "changes.subject_id", subjects);
        if let Some(id) = agreement {
            sql = sql
                .text(" OR changes.subject_id IN (SELECT id FROM clauses WHERE agreement_id = ")
                .bind(id.as_str())
                .text(")");
        }
        if let Some(id) = proposal {
            sql = sql
                .text(" OR changes.subject_id = ")
                .bind(id.as_str())
                .text(" OR changes.subject_id IN (SELECT id FROM caveats WHERE proposal_id = ")
                .bind(id.as_str())
                .text(")");
        }
        sql.text(")")
    }
}

/// The first status change of the selected records after `position`.
///
/// # Errors
/// Database errors.
pub fn next(
    connection: &mut DbConnection,
    position: i64,
    followed: &Followed,
) -> Result<Option<StatusChange>, Error> {
    let mut position = position;
    loop {
        let sql = Sql::new(
            "SELECT changes.fields, changes.position FROM changes WHERE changes.position > CAST(",
        )
        .bind(position.to_string())
        .text(" AS BIGINT) AND changes.action IN (")
        .bind(Action::Assessed.as_str())
        .text(", ")
        .bind(Action::Retracted.as_str())
        .text(") AND ")
        .append(followed.condition(connection.dialect()))
        .text(" ORDER BY changes.position LIMIT 1");
        let Some((fields, next)) = query::counts(connection, sql)?.pop() else {
            return Ok(None);
        };
        let assessment = change::value_after(&fields, "assessment")?;
        if let Some(assessment_id) = assessment.and_then(|id| AssessmentId::parse(&id)) {
            let Some(change) = change::at(connection, next)? else { return Ok(None) };
            return Ok(Some(StatusChange { point: change.point(), assessment_id }));
        }
        // Skips an entry that an early version wrote without naming the assessment.
        position = next;
    }
}
