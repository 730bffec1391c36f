//! Deadlines, as part of a clause that is created or updated.

use async_graphql::{ID, InputObject};

use super::input::Ids;
use crate::domain::deadline::{Anchor, DeadlineBasis, DeadlineContent};
use crate::domain::{FaultCode, Kind};
use crate::graphql::deadline::{CalendarPeriod, DeadlinePhase};
use crate::graphql::scalar::Date;

/// One count of when a clause is due. Its day is given by one of `dueOn`, `endOf` and `after`, or by none of them where the rule is words alone.
#[derive(Debug, InputObject)]
pub struct DeadlineInput {
    /// A short name by which other deadlines can be counted from this one: lower-case letters, digits and single hyphens, up to 80 characters. Unique in the clause.
    key: Option<String>,
    /// The rule, in words; up to 20000 characters.
    rule: String,
    /// Whether the clause is to be begun or done.
    #[graphql(default_with = "DeadlinePhase::Finish")]
    phase: DeadlinePhase,
    /// A fixed day.
    due_on: Option<Date>,
    /// The last day of a period.
    end_of: Option<EndOfPeriodInput>,
    /// So many days after something.
    after: Option<DaysAfterInput>,
    /// According to whom: the id of a party. Undisputed where left out.
    held_by_id: Option<ID>,
    /// What to know about this count, up to 20000 characters.
    note: Option<String>,
}

/// The last day of a period of the calendar.
#[derive(Debug, InputObject)]
pub struct EndOfPeriodInput {
    /// Which period.
    period: CalendarPeriod,
    /// Any day of it.
    containing: Date,
}

/// So many days after one of an event, a clause's completion, and another deadline.
#[derive(Debug, InputObject)]
pub struct DaysAfterInput {
    /// How many, from 0 (the same day) to 36500.
    days: i32,
    /// After the last day of this event.
    event_id: Option<ID>,
    /// After the first day on which this clause was COMPLETE: in the record of the deadline's own holder where that says anything of the clause, or else in the neutral record.
    completed_clause_id: Option<ID>,
    /// After the day of this deadline.
    deadline: Option<DeadlineReferenceInput>,
}

/// Another deadline.
#[derive(Debug, InputObject)]
pub struct DeadlineReferenceInput {
    /// The clause that it is of; the clause that is created or updated where left out.
    clause_id: Option<ID>,
    /// Its key.
    key: String,
}

impl DeadlineInput {
    /// What is stated about a deadline of the clause with the id `own`, if that has one already.
    pub fn content(self, own: Option<&ID>, ids: &mut Ids, path: &str) -> DeadlineContent {
        let mut bases = Vec::new();
        bases.extend(self.due_on.map(|day| DeadlineBasis::Day(day.0)));
        bases.extend(self.end_of.map(|end_of| DeadlineBasis::EndOf {
            period: end_of.period.into(),
            containing: end_of.containing.0,
        }));
        if let Some(after) = self.after {
            bases.extend(after.basis(own, ids, &format!("{path}.after")));
        }
        if bases.len() > 1 {
            let message =
                "gives more than one of `dueOn`, `endOf` and `after`; at most one is right";
            ids.note(FaultCode::Invalid, path, message.to_owned());
        }
        DeadlineContent {
            key: self.key,
            rule: self.rule,
            phase: self.phase.into(),
            basis: bases.pop(),
            held_by: ids.optional(
                Kind::Party,
                &format!("{path}.held_by"),
                self.held_by_id.as_ref(),
            ),
            note: self.note,
        }
    }
}

impl DaysAfterInput {
    fn basis(self, own: Option<&ID>, ids: &mut Ids, path: &str) -> Option<DeadlineBasis> {
        let mut anchors = Vec::new();
        anchors.extend(
            ids.optional(Kind::Event, &format!("{path}.event"), self.event_id.as_ref())
                .map(Anchor::Event),
        );
        let completed = self.completed_clause_id.as_ref();
        anchors.extend(
            ids.optional(Kind::Clause, &format!("{path}.completion"), completed)
                .map(Anchor::Completion),
        );
        if let Some(DeadlineReferenceInput { clause_id, key }) = self.deadline {
            let path = format!("{path}.deadline.clause");
            let other = clause_id.as_ref().filter(|id| Some(*id) != own);
            let clause = ids.optional(Kind::Clause, &path, other);
            anchors.push(Anchor::Deadline { clause, key });
        }
        if anchors.len() != 1 {
            let message = format!(
                "gives {} of `eventId`, `completedClauseId` and `deadline`; exactly one is right",
                if anchors.is_empty() { "none" } else { "more than one" }
            );
            ids.note(FaultCode::Invalid, path, message);
        }
        anchors.pop().map(|anchor| DeadlineBasis::After { days: self.days, anchor })
    }
}
