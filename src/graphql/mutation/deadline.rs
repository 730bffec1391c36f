//! Deadlines, as part of a clause that is created or updated.

use async_graphql::InputObject;

use super::input::{Given, Ids, RecordId, Text};
use super::provenance::ProvenanceInput;
use crate::domain::ValidationErrorCode;
use crate::domain::deadline::{Anchor, DeadlineBasis, DeadlineContent};
use crate::domain::id::of;
use crate::graphql::deadline::{CalendarPeriod, DeadlinePhase};
use crate::graphql::scalar::Date;

/// A deadline of a clause. Give at most one of `dueOn`, `endOf` and `after`. Give none if the rule is only stated in words.
#[derive(InputObject)]
pub struct DeadlineInput {
    /// Name by which other deadlines refer to this one: lower-case letters, digits and single hyphens. At most 80 characters. Unique within the clause.
    key: Option<String>,
    /// Rule in words. At most 20000 characters.
    rule: Text,
    /// Whether the deadline is for starting or finishing the clause.
    #[graphql(default_with = "DeadlinePhase::Finish")]
    phase: DeadlinePhase,
    /// Due on a fixed day.
    due_on: Option<Date>,
    /// Due on the last day of a period.
    end_of: Option<EndOfPeriodInput>,
    /// Due a number of days after an event, the completion of a clause, or another deadline.
    after: Option<DaysAfterInput>,
    /// Id of the party that holds this view. Default: undisputed.
    held_by_id: Option<RecordId<of::Party>>,
    #[graphql(flatten)]
    provenance: ProvenanceInput,
}

/// The last day of a calendar period.
#[derive(InputObject)]
pub struct EndOfPeriodInput {
    /// Kind of calendar period.
    period: CalendarPeriod,
    /// Any day in the period.
    containing: Date,
}

/// A number of days after an event, the completion of a clause, or another deadline. Give exactly one of `eventId`, `completedClauseId` and `deadline`.
#[derive(InputObject)]
pub struct DaysAfterInput {
    /// Number of days. 0 to 36500. 0 is the same day.
    days: i32,
    /// Id of an event. The days are counted from its last day.
    event_id: Option<RecordId<of::Event>>,
    /// Id of a clause. The days are counted from the first day on which it was COMPLETE. Uses the assessments of the deadline's holder if that party has assessed the clause; otherwise the neutral record.
    completed_clause_id: Option<RecordId<of::Clause>>,
    /// The other deadline. The days are counted from its due date.
    deadline: Option<DeadlineReferenceInput>,
}

/// Reference to another deadline.
#[derive(InputObject)]
pub struct DeadlineReferenceInput {
    /// Id of the clause that the other deadline belongs to. Default: the clause being created or updated.
    clause_id: Option<RecordId<of::Clause>>,
    /// Key of the other deadline.
    key: String,
}

impl Given<DeadlineContent> for DeadlineInput {
    fn read(self, ids: &mut Ids, path: &str) -> DeadlineContent {
        let mut bases = Vec::new();
        bases.extend(self.due_on.map(|day| DeadlineBasis::Day(day.0)));
        bases.extend(self.end_of.map(|end_of| DeadlineBasis::EndOf {
            period: end_of.period.into(),
            containing: end_of.containing.0,
        }));
        if let Some(after) = self.after {
            bases.extend(after.basis(ids, &format!("{path}.after")));
        }
        if bases.len() > 1 {
            let message = "has more than one of `dueOn`, `endOf` and `after`; at most one is valid";
            ids.note(ValidationErrorCode::Invalid, path, message.to_owned());
        }
        DeadlineContent {
            key: self.key,
            rule: self.rule.into(),
            phase: self.phase.into(),
            basis: bases.pop(),
            held_by: ids.optional(&format!("{path}.held_by"), self.held_by_id.as_ref()),
            provenance: self.provenance.read(ids, &format!("{path}.")),
        }
    }
}

impl DaysAfterInput {
    fn basis(self, ids: &mut Ids, path: &str) -> Option<DeadlineBasis> {
        let mut anchors = Vec::new();
        let event = ids.optional(&format!("{path}.event"), self.event_id.as_ref());
        anchors.extend(event.map(Anchor::Event));
        let completed = self.completed_clause_id.as_ref();
        let completed = ids.optional(&format!("{path}.completion"), completed);
        anchors.extend(completed.map(Anchor::Completion));
        if let Some(DeadlineReferenceInput { clause_id, key }) = self.deadline {
            // A deadline of the updated clause itself is identified by its key only.
            let other = clause_id.as_ref().filter(|id| !ids.is_own(id));
            let clause = ids.optional(&format!("{path}.deadline.clause"), other);
            anchors.push(Anchor::Deadline { clause, key });
        }
        if anchors.len() != 1 {
            let message = format!(
                "has {} of `eventId`, `completedClauseId` and `deadline`; exactly one is required",
                if anchors.is_empty() { "none" } else { "more than one" }
            );
            ids.note(ValidationErrorCode::Invalid, path, message);
        }
        anchors.pop().map(|anchor| DeadlineBasis::After { days: self.days, anchor })
    }
}
