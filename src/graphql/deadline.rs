//! Deadlines, and whether a clause is overdue.

use std::collections::HashMap;

use async_graphql::{Enum, ID, InputObject};

use super::engine::call::{Call, Context, Item, Linked, Objects, Resolved, Slot};
use super::engine::connection::connection_types;
use super::engine::link::{distinct, one, one_by_key};
use super::engine::reader::{Reader, call, date, id, integer, string_enum, text};
use super::engine::record_list::connection;
use super::engine::schema::{Abstract, Object, Record};
use super::error::Error;
use super::perspective;
use super::provenance::provenance;
use super::scalar::Date;
use crate::db;
use crate::db::deadline::{BasisKind, DeadlineList, Filter};
use crate::db::due_dates::Counts;
use crate::domain::deadline::{self, DeadlinePhase as Phase};
use crate::domain::perspective::Perspective;
use crate::domain::status::ClauseStatus;
use crate::domain::{Kind, StringEnum, day, due_dates};

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::Deadline, "Deadline", "deadlines", "deadlines.id")];

/// The object types of deadlines and of their bases. An object of a basis type contains the row of the deadline.
pub fn objects() -> Vec<Object> {
    let mut objects = connection_types!("Deadline").with([object()]);
    objects.extend([
        Object::new("FixedDay", "A fixed day.").field("day", "The day.", date("deadlines.due_on")),
        Object::new("EndOfPeriod", "The last day of a calendar period.")
            .field("period", "Kind of calendar period.", string_enum::<CalendarPeriod, deadline::CalendarPeriod>("deadlines.period"))
            .field("containing", "Any day in the period.", date("deadlines.containing")),
        Object::new("DaysAfterEvent", "A number of days after the last day of an event.")
            .field("days", "Number of days. 0 is the same day.", integer("deadlines.days"))
            .field("event", "Event whose last day is day 0.", one("Event!", Kind::Event, "deadlines.event_id")),
        Object::new("DaysAfterCompletion", "A number of days after the first day on which a clause was COMPLETE. Uses the assessments of the deadline's holder if that party has assessed the clause; otherwise the neutral record.")
            .field("days", "Number of days. 0 is the same day.", integer("deadlines.days"))
            .field("clause", "Clause whose completion is day 0.", one("Clause!", Kind::Clause, "deadlines.anchor_clause_id")),
        Object::new("DaysAfterDeadline", "A number of days after the due date of another deadline.")
            .field("days", "Number of days. 0 is the same day.", integer("deadlines.days"))
            .field("deadline", "The other deadline, of the same or another clause.", anchor()),
    ]);
    objects
}

fn object() -> Object {
    Object::new("Deadline", "A deadline of a clause: a rule and the resulting due date. Counting starts at day 0: one day after 15 February is 16 February.")
        .implements("Node")
        .field("id", "Opaque global id of this entry.", id(Kind::Deadline, "deadlines.id"))
        .field("clause", "Clause that the deadline belongs to.", one("Clause!", Kind::Clause, "deadlines.clause_id"))
        .field("key", "Name by which other deadlines refer to this one. Unique within the clause. Null if none is set.", text("deadlines.key").nullable())
        .field("rule", "Rule in words.", text("deadlines.rule"))
        .field("phase", "Whether the deadline is for starting or finishing the clause.", string_enum::<DeadlinePhase, Phase>("deadlines.phase"))
        .field("basis", "Basis of the due date. Null if the rule is only stated in words, so no due date can be computed.", basis_of_row())
        .field("dueOn", "Due date: the last day that is on time. Computed from the rule and updated whenever its basis changes. Null if the rule has no basis or its basis has not happened yet. Null if the date would be after the year 9999.", date("deadlines.due_on").nullable())
        .field("heldBy", "Party that holds this view. Null if undisputed.", one("Party", Kind::Party, "deadlines.held_by_id"))
        .fields(provenance!("deadlines"))
}

pub fn queries(query: Object) -> Object {
    query.field(
        "deadlines",
        "Deadlines of the clauses of all agreements, in order of `dueOn`; those without a due date come last. Excludes archived records.",
        connection("DeadlineConnection", "Deadline", None, |call| {
            let filter: Option<DeadlineFilter> = call.arguments.get("filter")?;
            let filter = filter.map(|filter| filter.read(call.context)).transpose()?;
            Ok(DeadlineList { filter: filter.unwrap_or_default() })
        })
        .argument::<Option<DeadlineFilter>>("filter", "Returns only matching deadlines."),
    )
}

/// Filter for deadlines. A deadline must match all given conditions.
#[derive(Debug, InputObject)]
pub struct DeadlineFilter {
    /// Slugs of agreements. Matches deadlines of clauses of any of them.
    agreement: Option<Vec<String>>,
    /// Matches deadlines of this phase.
    phase: Option<DeadlinePhase>,
    /// Matches deadlines due on or after this day. Excludes deadlines without a due date.
    due_from: Option<Date>,
    /// Matches deadlines due on or before this day. Excludes deadlines without a due date.
    due_to: Option<Date>,
    /// Ids or slugs of parties. Matches deadlines whose `heldBy` is any of them.
    held_by: Option<Vec<ID>>,
}

impl DeadlineFilter {
    /// The filter for the database.
    ///
    /// # Errors
    /// Fails if an item of `heldBy` is not a party.
    fn read(self, context: &mut Context<'_>) -> Result<Filter, Error> {
        let holders = self.held_by.as_deref();
        let holders = holders.map(|ids| perspective::parties(context, "heldBy", ids));
        Ok(Filter {
            agreements: self.agreement,
            phase: self.phase.map(Into::into),
            due_from: self.due_from.map(|day| day.0),
            due_to: self.due_to.map(|day| day.0),
            held_by: holders.transpose()?,
        })
    }
}

/// The union of the bases from which due dates are computed.
pub fn basis() -> Abstract {
    Abstract {
        name: "DeadlineBasis",
        description: "Basis from which the due date is computed.",
        members: &[
            "FixedDay",
            "EndOfPeriod",
            "DaysAfterEvent",
            "DaysAfterCompletion",
            "DaysAfterDeadline",
        ],
        fields: &[],
    }
}

/// The type of a basis.
fn basis_type(kind: BasisKind) -> &'static str {
    match kind {
        BasisKind::Day => "FixedDay",
        BasisKind::EndOf => "EndOfPeriod",
        BasisKind::Event => "DaysAfterEvent",
        BasisKind::Completion => "DaysAfterCompletion",
        BasisKind::Deadline => "DaysAfterDeadline",
    }
}

/// The basis of each due date: an object of the basis type, which contains the row of the deadline.
fn basis_of_row() -> Reader {
    call("DeadlineBasis", |call: &mut Call<'_, '_>| {
        let Objects::Rows { rows, picked } = call.parents else {
            return Err(Error::internal("the deadlines are not rows"));
        };
        let kinds = call.column("deadlines.basis")?;
        let mut linked = Linked::default();
        for kind in BasisKind::ALL {
            let objects = kinds.iter().zip(picked);
            let objects = objects.filter(|(stored, _)| **stored == Some(kind.as_str()));
            let picked = objects.map(|(_, row)| *row).collect();
            linked.sets.push((basis_type(*kind), Objects::Rows { rows: rows.clone(), picked }));
        }
        let mut counts = vec![0; BasisKind::ALL.len()];
        linked.slots.extend(kinds.into_iter().map(|stored| {
            let set = BasisKind::ALL.iter().position(|kind| Some(kind.as_str()) == stored);
            Slot::One(match set.and_then(|set| Some((set, counts.get_mut(set)?))) {
                Some((set, count)) => {
                    *count += 1;
                    Item::Object { set, index: *count - 1 }
                }
                None => Item::Null,
            })
        }));
        Ok(Resolved::Linked(linked))
    })
    .needs(&[
        "deadlines.basis",
        "deadlines.due_on",
        "deadlines.period",
        "deadlines.containing",
        "deadlines.days",
        "deadlines.event_id",
        "deadlines.anchor_clause_id",
        "deadlines.anchor_key",
    ])
}

/// For each deadline, the other deadline from whose due date the days are counted.
fn anchor() -> Reader {
    call("Deadline!", |call: &mut Call<'_, '_>| {
        let clauses = call.keys("deadlines.anchor_clause_id")?;
        let keys = call.keys("deadlines.anchor_key")?;
        let names: Vec<String> =
            clauses.iter().zip(keys).map(|(clause, key)| format!("{clause}#{key}")).collect();
        let columns = call.selected.columns("Deadline", &[]);
        let distinct_ids = distinct(names.iter().map(String::as_str));
        let rows = call.context.read(|connection| {
            db::deadline::select_by_names(connection, &distinct_ids, &columns)
        })?;
        let names: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
        Ok(one_by_key("Deadline", &names, rows))
    })
    .needs(&["deadlines.anchor_clause_id", "deadlines.anchor_key"])
}

/// Whether each clause is overdue in a perspective. `statuses` contains the clauses' statuses in that perspective.
pub fn are_overdue(
    context: &mut Context<'_>,
    clauses: &[&str],
    statuses: &[ClauseStatus],
    perspective: Perspective,
) -> Result<Vec<bool>, Error> {
    let distinct_ids = distinct(clauses.iter().copied());
    let counts = match perspective.point_in_time.known_at {
        Some(instant) => context.read(|connection| {
            db::due_dates::counts_known_at(connection, instant, &distinct_ids)
        })?,
        None => counts(context, &distinct_ids)?,
    };
    let on = perspective.point_in_time.as_of.unwrap_or_else(day::today);
    let overdue = clauses.iter().zip(statuses).map(|(clause, status)| {
        let counts = counts.get(*clause).map(Vec::as_slice).unwrap_or_default();
        due_dates::is_overdue(*status, counts, on)
    });
    Ok(overdue.collect())
}

/// The phase and the due date of each deadline of these clauses, keyed by clause.
fn counts(context: &mut Context<'_>, clauses: &[&str]) -> Result<HashMap<String, Counts>, Error> {
    let columns = ["deadlines.phase", "deadlines.due_on"];
    let rows = context
        .read(|connection| db::deadline::OF_CLAUSES.select(connection, clauses, &columns))?;
    let mut counts: HashMap<String, Counts> = HashMap::new();
    for row in 0..rows.len() {
        let phase = rows.text(row, 1).and_then(Phase::parse);
        let (Some(clause), Some(phase)) = (rows.text(row, 0), phase) else {
            return Err(Error::internal("a deadline of an unknown phase"));
        };
        let due_on = rows.text(row, 2).map(Date::stored).transpose()?.map(|day| day.0);
        counts.entry(clause.to_owned()).or_default().push((phase, due_on));
    }
    Ok(counts)
}

/// Whether a deadline is for starting or for finishing a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "deadline::DeadlinePhase")]
pub enum DeadlinePhase {
    /// The clause must be started.
    Start,
    /// The clause must be finished.
    Finish,
}

/// Kind of calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "deadline::CalendarPeriod")]
pub enum CalendarPeriod {
    /// Calendar month.
    Month,
    /// Calendar quarter. The first is January to March.
    Quarter,
    /// Calendar year.
    Year,
}
