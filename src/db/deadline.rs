//! Deadlines of clauses: their rows, with the rule and its due date.

mod list;

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::insert::insert_rows;
use super::provenance::DeadlineProvenance;
use super::query::Sql;
use super::rows::{Column, Lookup, Rows};
use super::schema::deadlines;
use super::{DbConnection, Error};
use crate::domain::deadline::{
    Anchor, CalendarPeriod, DeadlineBasis, DeadlineContent, DeadlinePhase,
};
use crate::domain::due_dates::ClauseDeadline;
use crate::domain::id::{ClauseId, EventId, PartId, PartyId};
use crate::domain::status::ClauseStatus;
use crate::domain::string_enum::string_enum;
use crate::domain::{Id, StringEnum};

pub use list::{DeadlineList, Filter};

string_enum! {
    /// The basis from which a due date is computed.
    BasisKind {
        /// A fixed day.
        Day = "day",
        /// The end of a period.
        EndOf = "end_of",
        /// An event.
        Event = "event",
        /// The completion of a clause.
        Completion = "completion",
        /// Another deadline.
        Deadline = "deadline",
    }
}

/// The deadlines of clauses.
pub const OF_CLAUSES: Lookup =
    Lookup { from: "deadlines WHERE", key: "deadlines.clause_id", order: "deadlines.position" };

/// A deadline of a clause: its rule, and the due date that follows from the rule.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = deadlines, treat_none_as_default_value = false)]
pub struct Deadline {
    /// Primary key.
    pub id: PartId,
    /// The clause.
    pub clause_id: ClauseId,
    /// Position in the list, from 1.
    pub position: i32,
    /// A key that is unique in the clause.
    pub key: Option<String>,
    /// The rule, in words.
    pub rule: String,
    /// Whether the clause must begin or finish by the due date.
    pub phase: DeadlinePhase,
    /// The basis of the due date. Null if the rule is stated only in words.
    pub basis: Option<BasisKind>,
    /// The type of period whose end is the due date.
    pub period: Option<CalendarPeriod>,
    /// Any day of the period.
    pub containing: Option<NaiveDate>,
    /// The number of days from the anchor to the due date. The anchor is an event, the completion of a clause, or
    /// another deadline.
    pub days: Option<i32>,
    /// The event that is the anchor.
    pub event_id: Option<EventId>,
    /// The clause whose completion is the anchor or, with `anchor_key`, whose deadline is the anchor.
    pub anchor_clause_id: Option<ClauseId>,
    /// The key of the deadline that is the anchor.
    pub anchor_key: Option<String>,
    /// The due date from the last computation.
    pub due_on: Option<NaiveDate>,
    /// The party according to which the deadline exists. Null for the neutral record.
    pub held_by_id: Option<PartyId>,
    /// The source of this record, and the confidence in it.
    #[diesel(embed)]
    pub provenance: DeadlineProvenance,
}

impl Deadline {
    /// The row of a deadline. Due dates that depend on other records are computed at the end of the transaction.
    fn new(id: PartId, clause: ClauseId, position: i32, content: &DeadlineContent) -> Self {
        let mut row = Self {
            id,
            clause_id: clause,
            position,
            key: content.key.clone(),
            rule: content.rule.clone(),
            phase: content.phase,
            basis: None,
            period: None,
            containing: None,
            days: None,
            event_id: None,
            anchor_clause_id: None,
            anchor_key: None,
            due_on: None,
            held_by_id: content.held_by,
            provenance: (&content.provenance).into(),
        };
        match &content.basis {
            None => {}
            Some(DeadlineBasis::Day(day)) => {
                row.basis = Some(BasisKind::Day);
                row.due_on = Some(*day);
            }
            Some(DeadlineBasis::EndOf { period, containing }) => {
                row.basis = Some(BasisKind::EndOf);
                row.period = Some(*period);
                row.containing = Some(*containing);
                row.due_on = period.last_day(*containing);
            }
            Some(DeadlineBasis::After { days, anchor }) => {
                row.days = Some(*days);
                row.basis = Some(match anchor {
                    Anchor::Event(event) => {
                        row.event_id = Some(*event);
                        BasisKind::Event
                    }
                    Anchor::Completion(of) => {
                        row.anchor_clause_id = Some(*of);
                        BasisKind::Completion
                    }
                    Anchor::Deadline { clause: of, key } => {
                        row.anchor_clause_id = Some(of.unwrap_or(clause));
                        row.anchor_key = Some(key.clone());
                        BasisKind::Deadline
                    }
                });
            }
        }
        row
    }

    /// The basis of the due date. `None` if the rule is stated only in words.
    #[must_use]
    pub fn basis(&self) -> Option<DeadlineBasis> {
        let after = |anchor| Some(DeadlineBasis::After { days: self.days?, anchor });
        match self.basis? {
            BasisKind::Day => Some(DeadlineBasis::Day(self.due_on?)),
            BasisKind::EndOf => {
                Some(DeadlineBasis::EndOf { period: self.period?, containing: self.containing? })
            }
            BasisKind::Event => after(Anchor::Event(self.event_id?)),
            BasisKind::Completion => after(Anchor::Completion(self.anchor_clause_id?)),
            BasisKind::Deadline => after(Anchor::Deadline {
                clause: self.anchor_clause_id.filter(|clause| *clause != self.clause_id),
                key: self.anchor_key.clone()?,
            }),
        }
    }

    /// The content, as stated by its author: without the computed due date.
    #[must_use]
    pub fn content(&self) -> DeadlineContent {
        DeadlineContent {
            key: self.key.clone(),
            rule: self.rule.clone(),
            phase: self.phase,
            basis: self.basis(),
            held_by: self.held_by_id,
            provenance: self.provenance.clone().into(),
        }
    }

    /// The content of the deadline, with its clause.
    #[must_use]
    pub fn placed(&self) -> ClauseDeadline {
        ClauseDeadline { clause: self.clause_id, content: self.content() }
    }
}

/// The deadlines of each of these clauses, keyed by clause.
///
/// # Errors
/// Database errors.
pub fn of_clauses(
    connection: &mut DbConnection,
    clauses: &[impl AsRef<str>],
) -> Result<HashMap<String, Vec<Deadline>>, Error> {
    OF_CLAUSES.load(connection, clauses)
}

/// Reads these columns of the deadlines with these names. A name consists of the clause's id, `#` and the deadline's
/// key. The result has an additional first column: the name.
///
/// # Errors
/// Database errors.
pub fn select_by_names(
    connection: &mut DbConnection,
    names: &[impl AsRef<str>],
    columns: &[Column],
) -> Result<Rows, Error> {
    const NAME: &str = "deadlines.clause_id || '#' || deadlines.key";
    let clauses: Vec<&str> =
        names.iter().filter_map(|name| name.as_ref().split('#').next()).collect();
    let dialect = connection.dialect();
    // The condition on the clause lets the database use an index.
    let tail = Sql::new("FROM deadlines WHERE ")
        .any_of(dialect, "deadlines.clause_id", &clauses)
        .text(" AND ")
        .any_of(dialect, NAME, names);
    Rows::select_keyed(connection, NAME, columns, tail)
}

/// Inserts the deadlines of new clauses.
pub(super) fn insert<'a>(
    connection: &mut DbConnection,
    clauses: impl Iterator<Item = (ClauseId, &'a Vec<DeadlineContent>)>,
) -> Result<(), Error> {
    let rows = clauses.flat_map(|(clause, contents)| rows(clause, contents, &[]));
    insert_rows!(connection, deadlines::table, rows.collect());
    Ok(())
}

/// Replaces the deadlines of a clause.
pub(super) fn replace(
    connection: &mut DbConnection,
    clause: ClauseId,
    contents: &[DeadlineContent],
) -> Result<(), Error> {
    let old: Vec<Deadline> = OF_CLAUSES.load_one(connection, clause)?;
    let of_clause = deadlines::table.filter(deadlines::clause_id.eq(clause));
    diesel::delete(of_clause).execute(connection)?;
    insert_rows!(connection, deadlines::table, rows(clause, contents, &old));
    Ok(())
}

/// The rows of the deadlines of a clause. A deadline keeps the id of the old deadline with the same key or, if it has
/// no key, with the same content.
fn rows(clause: ClauseId, contents: &[DeadlineContent], old: &[Deadline]) -> Vec<Deadline> {
    let row = |(position, content): (i32, &DeadlineContent)| {
        let is_same = |old: &&Deadline| match &content.key {
            Some(_) => old.key == content.key,
            None => old.content() == *content,
        };
        let id = old.iter().find(is_same).map_or_else(Id::new, |old| old.id);
        Deadline::new(id, clause, position, content)
    };
    (1..).zip(contents).map(row).collect()
}

/// The condition that the clause `clauses.id` is overdue on a day. `status` is the expression for its status. This is
/// `domain::due_dates::is_overdue` in SQL, with the stored due dates.
pub(super) fn overdue(status: impl Fn() -> Sql, on: NaiveDate) -> Sql {
    let mut sql = Sql::new(
        "EXISTS (SELECT 1 FROM deadlines WHERE deadlines.clause_id = clauses.id AND (1 = 0",
    );
    for phase in DeadlinePhase::ALL {
        let awaited: Vec<ClauseStatus> =
            ClauseStatus::ALL.iter().copied().filter(|status| phase.is_awaited(*status)).collect();
        sql = sql
            .text(format!(" OR deadlines.phase = '{}' AND ", phase.as_str()))
            .append(status())
            .text(format!(" IN ('{}')", ClauseStatus::stored_names(&awaited).join("', '")));
    }
    sql.text(") GROUP BY deadlines.phase HAVING max(deadlines.due_on) < ").bind_date(on).text(")")
}
