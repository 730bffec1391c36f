//! Deadlines: when a clause must begin or finish. The content states a rule; `due_dates` computes the day.

use chrono::NaiveDate;

use super::content::{CLAUSE, EVENT, Fields, PARTY, References, check_distinct};
use super::id::{ClauseId, EventId, PartyId};
use super::interval::Interval;
use super::provenance::Provenance;
use super::string_enum::string_enum;
use super::{ValidationErrorCode, ValidationErrors, day, text};

string_enum! {
    /// The phase that a clause must reach by a deadline.
    DeadlinePhase {
        /// The clause must begin.
        Start = "start",
        /// The clause must finish.
        Finish = "finish",
    }
}

string_enum! {
    /// A period of the calendar.
    CalendarPeriod {
        /// A month.
        Month = "month",
        /// A quarter. The first begins in January.
        Quarter = "quarter",
        /// A year.
        Year = "year",
    }
}

impl CalendarPeriod {
    /// The last day of the period that contains `day`.
    #[must_use]
    pub fn last_day(self, day: NaiveDate) -> Option<NaiveDate> {
        let interval = match self {
            Self::Month => Interval::Month,
            Self::Quarter => Interval::Quarter,
            Self::Year => Interval::Year,
        };
        interval.last_day(day)
    }
}

/// The maximum number of days between a deadline and its anchor: a hundred years.
pub const MAX_DAYS: i32 = 36_500;

/// The content of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineContent {
    /// A key by which other deadlines refer to this one. Unique in its clause.
    pub key: Option<String>,
    /// The rule, in words.
    pub rule: String,
    /// Whether the clause must begin or finish.
    pub phase: DeadlinePhase,
    /// The basis of the due date. `None` if the rule is stated only in words, so no due date can be computed.
    pub basis: Option<DeadlineBasis>,
    /// The party according to which the deadline exists. `None` for the neutral record.
    pub held_by: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    pub provenance: Provenance,
}

/// The basis of a due date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadlineBasis {
    /// A fixed day.
    Day(NaiveDate),
    /// The last day of the period that contains a day.
    EndOf {
        /// The type of period.
        period: CalendarPeriod,
        /// Any day of the period.
        containing: NaiveDate,
    },
    /// A number of days after an anchor.
    After {
        /// The number of days, from 0 to [`MAX_DAYS`].
        days: i32,
        /// The anchor.
        anchor: Anchor,
    },
}

/// The day from which a number of days is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// The last day of an event.
    Event(EventId),
    /// The completion of a clause: the first day on which its status was COMPLETE, according to the deadline's holder.
    /// If that holder has not assessed the clause, the neutral assessments are used.
    Completion(ClauseId),
    /// The due date of another deadline.
    Deadline {
        /// The clause of the other deadline. `None` for the same clause.
        clause: Option<ClauseId>,
        /// The key of the other deadline.
        key: String,
    },
}

/// Adds the errors of a clause's deadlines, except errors that depend on other records.
pub fn check(errors: &mut ValidationErrors, deadlines: &[DeadlineContent]) {
    for (index, deadline) in deadlines.iter().enumerate() {
        let path = |field: &str| format!("deadlines.{index}.{field}");
        text::check(errors, &path("rule"), &deadline.rule, text::MAX_PROSE);
        deadline.provenance.check(errors, &path(""));
        if let Some(key) = &deadline.key {
            text::check_slug(errors, &path("key"), key);
            let has_same_key = |other: &DeadlineContent| other.key.as_ref() == Some(key);
            if let Some(first) = deadlines.iter().take(index).position(has_same_key) {
                let message = format!("item {first} of deadlines already has the key “{key}”");
                errors.add(ValidationErrorCode::Duplicate, &path("key"), message);
            }
        }
        match &deadline.basis {
            Some(DeadlineBasis::Day(due_on)) => day::check(errors, &path("due_on"), *due_on),
            Some(DeadlineBasis::EndOf { containing, .. }) => {
                day::check(errors, &path("end_of.containing"), *containing);
            }
            Some(DeadlineBasis::After { days, .. }) if !(0..=MAX_DAYS).contains(days) => {
                let message = format!("{days} is out of range: from 0 to {MAX_DAYS} days");
                errors.add(ValidationErrorCode::OutOfRange, &path("after.days"), message);
            }
            Some(DeadlineBasis::After { .. }) | None => {}
        }
    }
    check_distinct(errors, "deadlines", deadlines);
}

/// Adds the records that a clause's deadlines refer to.
pub fn add_references(references: &mut References, deadlines: &[DeadlineContent]) {
    for (index, deadline) in deadlines.iter().enumerate() {
        let path = |field: &str| format!("deadlines.{index}.{field}");
        references.add_optional(PARTY, &path("held_by"), deadline.held_by);
        deadline.provenance.add_references(references, &path(""));
        let Some(DeadlineBasis::After { anchor, .. }) = &deadline.basis else { continue };
        match anchor {
            Anchor::Event(event) => references.add(EVENT, &path("after.event"), *event),
            Anchor::Completion(clause) => {
                references.add(CLAUSE, &path("after.completion"), *clause);
            }
            Anchor::Deadline { clause, .. } => {
                references.add_optional(CLAUSE, &path("after.deadline.clause"), *clause);
            }
        }
    }
}

impl DeadlineContent {
    /// The fields, for the change log.
    #[must_use]
    pub fn fields(&self, fields: Fields) -> Fields {
        let fields = fields
            .text_optional("key", self.key.as_ref())
            .text("rule", &self.rule)
            .string_enum("phase", self.phase);
        let fields = match &self.basis {
            None => fields,
            Some(DeadlineBasis::Day(day)) => fields.date("due_on", Some(*day)),
            Some(DeadlineBasis::EndOf { period, containing }) => fields
                .string_enum("end_of.period", *period)
                .date("end_of.containing", Some(*containing)),
            Some(DeadlineBasis::After { days, anchor }) => {
                let fields = fields.integer("after.days", *days);
                match anchor {
                    Anchor::Event(event) => fields.reference("after.event", EVENT, Some(*event)),
                    Anchor::Completion(clause) => {
                        fields.reference("after.completion", CLAUSE, Some(*clause))
                    }
                    Anchor::Deadline { clause, key } => fields
                        .reference("after.deadline.clause", CLAUSE, *clause)
                        .text("after.deadline.key", key),
                }
            }
        };
        self.provenance.fields(fields.reference("held_by", PARTY, self.held_by))
    }

    /// The clause whose completion is the anchor.
    #[must_use]
    pub fn completion(&self) -> Option<ClauseId> {
        match &self.basis {
            Some(DeadlineBasis::After { anchor: Anchor::Completion(clause), .. }) => Some(*clause),
            _ => None,
        }
    }

    /// The event that is the anchor.
    #[must_use]
    pub fn event(&self) -> Option<EventId> {
        match &self.basis {
            Some(DeadlineBasis::After { anchor: Anchor::Event(event), .. }) => Some(*event),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Days, Months};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::StringEnum;

    fn days() -> impl Strategy<Value = NaiveDate> {
        (0u64..800).prop_map(|days| NaiveDate::default() + Days::new(days))
    }

    proptest! {
        #[test]
        fn period_ends_where_another_begins(day in days(), period in prop::sample::select(CalendarPeriod::ALL)) {
            let last = period.last_day(day).unwrap();
            prop_assert!(last >= day);
            prop_assert_eq!(period.last_day(last), Some(last));
            let next = last + Days::new(1);
            prop_assert_eq!(next.day(), 1);
            prop_assert!(period.last_day(next).unwrap() > last);
            let months = match period {
                CalendarPeriod::Month => 1,
                CalendarPeriod::Quarter => 3,
                CalendarPeriod::Year => 12,
            };
            prop_assert_eq!(period.last_day(next), (next + Months::new(months)).pred_opt());
        }
    }
}
