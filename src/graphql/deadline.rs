//! Deadlines, and whether a clause is overdue.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, Union};
use chrono::NaiveDateTime;

use super::batch::{Batch, batches};
use super::clause::{Clause, ClauseById};
use super::error::Code;
use super::event::{Event, EventById};
use super::node::{expect, expect_optional, global_id, list, shared, shared_lists};
use super::party::{Party, PartyById};
use super::scalar::Date;
use super::view;
use crate::db::reckoning::Counts;
use crate::db::{self, DbConnection};
use crate::domain::deadline::{self, Anchor};
use crate::domain::id::{ClauseId, PartId};
use crate::domain::status::ClauseStatus;
use crate::domain::view::View;
use crate::domain::{Choice, Kind, day, reckoning};

/// One count of when a clause is due.
#[derive(Clone)]
pub struct Deadline(Arc<db::deadline::Deadline>);

impl From<Arc<db::deadline::Deadline>> for Deadline {
    fn from(row: Arc<db::deadline::Deadline>) -> Self {
        Self(row)
    }
}

batches! {
    /// The deadlines of clauses.
    DeadlinesOf: ClauseId => Vec<Deadline>,
        |connection, keys| db::deadline::of_clauses(connection, keys).map(shared_lists);
    /// Deadlines by id.
    DeadlineById: PartId => Deadline, |connection, keys| db::deadline::by_ids(connection, keys).map(shared);
    /// Deadlines by clause's id, `#` and key.
    DeadlineByName: String => Deadline, |connection, keys| db::deadline::by_names(connection, keys).map(shared);
}

/// What a deadline is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "deadline::DeadlinePhase")]
pub enum DeadlinePhase {
    /// By then it is to be begun.
    Start,
    /// By then it is to be done.
    Finish,
}

/// A stretch of the calendar that has a last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "deadline::CalendarPeriod")]
pub enum CalendarPeriod {
    /// A month.
    Month,
    /// Three months: the first are January to March.
    Quarter,
    /// A year.
    Year,
}

/// One count of when a clause is due: a rule, and the day that it gives. A day that is counted from is day 0, so that one day after 15 February is 16 February.
#[Object]
impl Deadline {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::Deadline, self.0.id)
    }

    /// The clause that is due.
    async fn clause(&self, context: &Context<'_>) -> Result<Clause> {
        expect(context, ClauseById, self.0.clause_id).await
    }

    /// A short name by which other deadlines are counted from this one, unique in its clause; null where none needs it.
    async fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The rule, in words.
    async fn rule(&self) -> &str {
        &self.0.rule
    }

    /// Whether the clause is to be begun or done.
    async fn phase(&self) -> DeadlinePhase {
        self.0.phase.into()
    }

    /// What the day is reckoned from; null where the rule is words alone, so that no day can be told.
    async fn basis(&self, context: &Context<'_>) -> Result<Option<DeadlineBasis>> {
        match self.0.basis() {
            Some(basis) => DeadlineBasis::of(context, basis, self.0.clause_id).await.map(Some),
            None => Ok(None),
        }
    }

    /// The last day that is in time. It is reckoned from the rule, and anew whenever what it hangs on changes; null where the rule is words alone, and as long as what it is counted from has not happened.
    async fn due_on(&self) -> Option<Date> {
        self.0.due_on.map(Date)
    }

    /// According to whom; null where it is undisputed.
    async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.0.held_by_id).await
    }

    /// What to know about this count.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

/// What the day of a deadline is reckoned from.
#[derive(Union)]
pub enum DeadlineBasis {
    /// A fixed day.
    FixedDay(FixedDay),
    /// The end of a period.
    EndOfPeriod(EndOfPeriod),
    /// So many days after an event.
    DaysAfterEvent(DaysAfterEvent),
    /// So many days after a clause is complete.
    DaysAfterCompletion(DaysAfterCompletion),
    /// So many days after another deadline.
    DaysAfterDeadline(DaysAfterDeadline),
}

/// A fixed day.
#[derive(SimpleObject)]
pub struct FixedDay {
    /// The day.
    day: Date,
}

/// The last day of a period of the calendar.
#[derive(SimpleObject)]
pub struct EndOfPeriod {
    /// Which period.
    period: CalendarPeriod,
    /// Any day of it.
    containing: Date,
}

/// So many days after the last day of an event.
#[derive(SimpleObject)]
pub struct DaysAfterEvent {
    /// How many: 0 is the same day.
    days: i32,
    /// The event.
    event: Event,
}

/// So many days after the first day on which a clause was COMPLETE: in the record of the deadline's own holder where that says anything of the clause, or else in the neutral record.
#[derive(SimpleObject)]
pub struct DaysAfterCompletion {
    /// How many: 0 is the same day.
    days: i32,
    /// The clause.
    clause: Clause,
}

/// So many days after the day of another deadline.
#[derive(SimpleObject)]
pub struct DaysAfterDeadline {
    /// How many: 0 is the same day.
    days: i32,
    /// The other deadline, of the same clause or of another.
    deadline: Deadline,
}

impl DeadlineBasis {
    /// The basis of a deadline of that clause, with the records that it names.
    async fn of(
        context: &Context<'_>,
        basis: deadline::DeadlineBasis,
        clause: ClauseId,
    ) -> Result<Self> {
        Ok(match basis {
            deadline::DeadlineBasis::Day(day) => Self::FixedDay(FixedDay { day: Date(day) }),
            deadline::DeadlineBasis::EndOf { period, containing } => {
                let (period, containing) = (period.into(), Date(containing));
                Self::EndOfPeriod(EndOfPeriod { period, containing })
            }
            deadline::DeadlineBasis::After { days, anchor } => match anchor {
                Anchor::Event(event) => {
                    let event = expect(context, EventById, event).await?;
                    Self::DaysAfterEvent(DaysAfterEvent { days, event })
                }
                Anchor::Completion(clause) => {
                    let clause = expect(context, ClauseById, clause).await?;
                    Self::DaysAfterCompletion(DaysAfterCompletion { days, clause })
                }
                Anchor::Deadline { clause: of, key } => {
                    let name = format!("{}#{key}", of.unwrap_or(clause));
                    let deadline = expect(context, DeadlineByName, name).await?;
                    Self::DaysAfterDeadline(DaysAfterDeadline { days, deadline })
                }
            },
        })
    }
}

/// What the deadlines of clauses came to, as the completions of clauses were known at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct KnownCounts(NaiveDateTime);

impl Batch for KnownCounts {
    type Key = ClauseId;
    type Value = Counts;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[ClauseId],
    ) -> std::result::Result<HashMap<String, Counts>, db::Error> {
        db::reckoning::known_counts(connection, self.0, keys)
    }
}

/// Whether a clause is overdue, its status being that of a view.
pub async fn is_overdue(
    context: &Context<'_>,
    clause: &db::clause::Clause,
    view: View,
) -> Result<bool> {
    let (id, trackable) = (clause.row.id, &clause.trackable);
    let status = if view == View::default() {
        ClauseStatus::parse(&trackable.status)
    } else {
        let in_force = view::in_force(context, trackable, view).await?;
        in_force.map_or(Some(ClauseStatus::Unassessed), |row| ClauseStatus::parse(&row.status))
    };
    let status = status.ok_or_else(|| Code::Internal.error("internal error"))?;
    let counts: Counts = if let Some(instant) = view.moment.known_at {
        list(context, KnownCounts(instant), id).await?
    } else {
        let deadlines = list(context, DeadlinesOf, id).await?;
        deadlines.into_iter().map(|deadline| (deadline.0.phase, deadline.0.due_on)).collect()
    };
    let on = view.moment.as_of.unwrap_or_else(day::today);
    Ok(reckoning::is_overdue(status, &counts, on))
}
