//! Keeps due dates consistent with the records on which they depend.
//!
//! Deadlines depend on events, on clauses, and on deadlines of other clauses. So due dates are computed at the end of a
//! transaction, when all its records are written. At that time, every key to which a deadline refers must exist, and no
//! deadline may depend on itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::change_set::ChangeSet;
use super::deadline::Deadline;
use super::query::{self, Sql};
use super::schema::assessments;
use super::{DbConnection, Error, clause, event, perspective};
use crate::domain::assessment::AssessmentFacts;
use crate::domain::deadline::DeadlinePhase;
use crate::domain::due_dates::{ClauseDeadline, CompletionFacts, KnownFacts, cycles, due_days};
use crate::domain::id::{AssessableId, AssessmentId, ClauseId, EventId, PartId, PartyId};
use crate::domain::perspective::PointInTime;
use crate::domain::status::ClauseStatus;
use crate::domain::{StringEnum, ValidationErrorCode, ValidationErrors};

/// Rejects deadlines that depend on a missing deadline or on themselves, and stores the changed due dates. Must run
/// after all other writes of the transaction. Runs one statement if no deadline is affected. Otherwise, runs at most
/// five.
pub(super) fn refresh(connection: &mut DbConnection, changes: &ChangeSet) -> Result<(), Error> {
    let deadlines = affected(connection, changes)?;
    if deadlines.is_empty() {
        return Ok(());
    }
    let errors = errors_of(connection, changes, &deadlines)?;
    ValidationErrors(errors.into_values().flat_map(|errors| errors.0).collect()).into_result()?;
    let days = compute(connection, &deadlines, None)?;
    let changed: BTreeMap<PartId, Option<NaiveDate>> = deadlines
        .iter()
        .zip(days)
        .filter(|(deadline, day)| deadline.due_on != *day)
        .map(|(deadline, day)| (deadline.id, day))
        .collect();
    store(connection, &changed)
}

/// The errors that [`refresh`] would return, keyed by the clause that must be corrected. Paths start at the clause.
pub(super) fn errors(
    connection: &mut DbConnection,
    changes: &ChangeSet,
) -> Result<BTreeMap<ClauseId, ValidationErrors>, Error> {
    let deadlines = affected(connection, changes)?;
    errors_of(connection, changes, &deadlines)
}

/// Describes in a sentence each stored due date that does not match its rule.
pub(super) fn differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let everything = Sql::new("FROM deadlines ORDER BY deadlines.clause_id, deadlines.position");
    let deadlines: Vec<Deadline> = query::select(connection, everything)?;
    let days = compute(connection, &deadlines, None)?;
    let words = |day: Option<NaiveDate>| day.map_or("no day".to_owned(), |day| day.to_string());
    let compared = deadlines.iter().zip(days);
    let different = compared.filter(|(deadline, day)| deadline.due_on != *day);
    let sentence = |(deadline, day): (&Deadline, Option<NaiveDate>)| {
        format!(
            "deadline {} of clause {}: stored {}, expected {}",
            deadline.position,
            deadline.clause_id,
            words(deadline.due_on),
            words(day)
        )
    };
    Ok(different.map(sentence).collect())
}

/// The phases and due dates of the deadlines of a clause.
pub type Counts = Vec<(DeadlinePhase, Option<NaiveDate>)>;

/// The deadlines of these clauses, keyed by clause. Their due dates follow from the assessments that were known at
/// `known_at`. The current rules and events are used, because their history is not stored.
///
/// # Errors
/// Database errors.
pub fn counts_known_at(
    connection: &mut DbConnection,
    known_at: NaiveDateTime,
    clauses: &[impl AsRef<str>],
) -> Result<HashMap<String, Counts>, Error> {
    let own = Sql::new("SELECT deadlines.id FROM deadlines WHERE ").any_of(
        connection.dialect(),
        "deadlines.clause_id",
        clauses,
    );
    let deadlines = with_anchors(connection, own)?;
    let days = compute(connection, &deadlines, Some(known_at))?;
    let mut counts: HashMap<String, Counts> = HashMap::new();
    for (deadline, day) in deadlines.iter().zip(days) {
        counts.entry(deadline.clause_id.to_string()).or_default().push((deadline.phase, day));
    }
    Ok(counts)
}

/// The deadlines whose due dates the transaction may have changed, and the deadlines on which they depend.
fn affected(connection: &mut DbConnection, changes: &ChangeSet) -> Result<Vec<Deadline>, Error> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let dialect = connection.dialect();
    let events: Vec<EventId> = changes.events.iter().copied().collect();
    let revised: Vec<ClauseId> = changes.revised.iter().copied().collect();
    let clauses: Vec<ClauseId> = changes.revised.union(&changes.assessed).copied().collect();
    let dependent = Sql::new(
        "WITH RECURSIVE hanging (id, clause_id, key) AS (\
         SELECT deadlines.id, deadlines.clause_id, deadlines.key FROM deadlines WHERE ",
    )
    .any_of(dialect, "deadlines.event_id", &events)
    .text(" OR ")
    .any_of(dialect, "deadlines.anchor_clause_id", &clauses)
    .text(" OR ")
    .any_of(dialect, "deadlines.clause_id", &revised)
    .text(
        " UNION SELECT later.id, later.clause_id, later.key FROM hanging JOIN deadlines later \
         ON later.anchor_clause_id = hanging.clause_id AND later.anchor_key = hanging.key) \
         SELECT hanging.id FROM hanging",
    );
    with_anchors(connection, dependent)
}

/// The deadlines that `ids` selects, and all deadlines on which they depend, directly or indirectly.
fn with_anchors(connection: &mut DbConnection, ids: Sql) -> Result<Vec<Deadline>, Error> {
    let tail = Sql::new(
        "FROM deadlines WHERE deadlines.id IN (\
         WITH RECURSIVE needed (id, anchor_clause_id, anchor_key) AS (\
         SELECT hung.id, hung.anchor_clause_id, hung.anchor_key FROM deadlines hung WHERE hung.id IN (",
    )
    .append(ids)
    .text(
        ") UNION SELECT earlier.id, earlier.anchor_clause_id, earlier.anchor_key \
         FROM needed JOIN deadlines earlier \
         ON earlier.clause_id = needed.anchor_clause_id AND earlier.key = needed.anchor_key) \
         SELECT needed.id FROM needed) ORDER BY deadlines.clause_id, deadlines.position",
    );
    Ok(query::select(connection, tail)?)
}

/// The due dates of deadlines. `deadlines` must contain all deadlines on which they depend.
fn compute(
    connection: &mut DbConnection,
    deadlines: &[Deadline],
    known_at: Option<NaiveDateTime>,
) -> Result<Vec<Option<NaiveDate>>, Error> {
    let rules: Vec<ClauseDeadline> = deadlines.iter().map(Deadline::placed).collect();
    let events: BTreeSet<EventId> =
        rules.iter().filter_map(|deadline| deadline.content.event()).collect();
    let clauses: BTreeSet<ClauseId> =
        rules.iter().filter_map(|deadline| deadline.content.completion()).collect();
    let facts = KnownFacts {
        events: last_days(connection, &Vec::from_iter(events))?,
        assessments: completion_facts(connection, &Vec::from_iter(clauses), known_at)?,
    };
    Ok(due_days(&rules, &facts))
}

/// The last day of each of these events.
fn last_days(
    connection: &mut DbConnection,
    events: &[EventId],
) -> Result<HashMap<EventId, NaiveDate>, Error> {
    if events.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = event::by_ids(connection, events)?.into_values();
    Ok(rows.map(|event| (event.id, event.ended_on.unwrap_or(event.happened_on))).collect())
}

/// The assessments of these clauses that had been recorded and not retracted at the time `known_at`, keyed by clause.
fn completion_facts(
    connection: &mut DbConnection,
    clauses: &[ClauseId],
    known_at: Option<NaiveDateTime>,
) -> Result<HashMap<ClauseId, Vec<CompletionFacts>>, Error> {
    #[derive(Queryable, Selectable)]
    #[diesel(table_name = assessments)]
    struct Row {
        id: AssessmentId,
        trackable_id: AssessableId,
        status: String,
        effective_on: NaiveDate,
        recorded_at: NaiveDateTime,
        held_by_id: Option<PartyId>,
        retracted_at: Option<NaiveDateTime>,
    }
    if clauses.is_empty() {
        return Ok(HashMap::new());
    }
    let tail = Sql::new("FROM assessments WHERE ")
        .any_of(connection.dialect(), "assessments.trackable_id", clauses)
        .text(" AND ")
        .append(perspective::counts("assessments", PointInTime { as_of: None, known_at }));
    let rows: Vec<Row> = query::select(connection, tail)?;
    let mut facts: HashMap<ClauseId, Vec<CompletionFacts>> = HashMap::new();
    for row in rows {
        facts.entry(row.trackable_id.cast()).or_default().push(CompletionFacts {
            facts: AssessmentFacts {
                id: row.id,
                held_by: row.held_by_id,
                effective_on: row.effective_on,
                recorded_at: row.recorded_at,
                retracted_at: row.retracted_at,
            },
            is_complete: row.status == ClauseStatus::Complete.as_str(),
        });
    }
    Ok(facts)
}

/// Stores due dates with one statement.
fn store(
    connection: &mut DbConnection,
    days: &BTreeMap<PartId, Option<NaiveDate>>,
) -> Result<(), Error> {
    if days.is_empty() {
        return Ok(());
    }
    let given: serde_json::Map<String, serde_json::Value> = days
        .iter()
        .map(|(id, day)| (id.to_string(), day.map(|day| day.to_string()).into()))
        .collect();
    let sql = match connection {
        DbConnection::Sqlite(_) => {
            "UPDATE deadlines SET due_on = given.value FROM json_each($1) AS given \
             WHERE deadlines.id = given.key"
        }
        DbConnection::Postgres(_) => {
            "UPDATE deadlines SET due_on = given.value::date FROM json_each_text($1::json) AS given \
             WHERE deadlines.id = given.key"
        }
    };
    let given = serde_json::Value::from(given).to_string();
    diesel::sql_query(sql).bind::<Text, _>(given).execute(connection)?;
    Ok(())
}

/// The errors of deadlines, keyed by the clause that must be corrected. The transaction has changed this clause.
fn errors_of(
    connection: &mut DbConnection,
    changes: &ChangeSet,
    deadlines: &[Deadline],
) -> Result<BTreeMap<ClauseId, ValidationErrors>, Error> {
    let rules: Vec<ClauseDeadline> = deadlines.iter().map(Deadline::placed).collect();
    let cycles = cycles(&rules);
    let names: BTreeSet<_> = rules.iter().filter_map(ClauseDeadline::name).collect();
    let is_stray = |rule: &ClauseDeadline| {
        rule.counted_from().is_some_and(|(name, _)| !names.contains(&name))
            || rule.content.completion() == Some(rule.clause)
    };
    if cycles.is_empty() && !rules.iter().any(is_stray) {
        return Ok(BTreeMap::new());
    }
    let clauses: BTreeSet<ClauseId> = rules
        .iter()
        .flat_map(|deadline| {
            [Some(deadline.clause), deadline.counted_from().map(|((of, _), _)| of)]
        })
        .flatten()
        .collect();
    let clauses = clause::names(connection, &Vec::from_iter(clauses))?;
    let name = |clause: &ClauseId| clauses.get(clause.as_str()).map_or("-", String::as_str);
    let mut errors: BTreeMap<ClauseId, ValidationErrors> = BTreeMap::new();
    for (row, deadline) in deadlines.iter().zip(&rules) {
        let path = |field: &str| format!("deadlines.{}.after.{field}", row.position - 1);
        if deadline.content.completion() == Some(deadline.clause) {
            let message =
                "is the completion of the same clause; a deadline cannot depend on its own clause";
            let errors = errors.entry(deadline.clause).or_default();
            errors.add(ValidationErrorCode::Invalid, &path("completion"), message);
        }
        let Some(((of, key), _)) =
            deadline.counted_from().filter(|(name, _)| !names.contains(name))
        else {
            continue;
        };
        if changes.revised.contains(&deadline.clause) {
            let message = format!("no deadline of {} has the key “{key}”", name(&of));
            let errors = errors.entry(deadline.clause).or_default();
            errors.add(ValidationErrorCode::NotFound, &path("deadline"), message);
        } else {
            let message = format!(
                "the key “{key}” is missing, and a deadline of {} depends on it",
                name(&deadline.clause)
            );
            errors.entry(of).or_default().add(ValidationErrorCode::Invalid, "deadlines", message);
        }
    }
    for cycle in cycles {
        let members = cycle.iter().filter_map(|index| deadlines.get(*index));
        let mut names_in_cycle: Vec<String> = members
            .clone()
            .map(|row| format!("{}#{}", name(&row.clause_id), row.key.as_deref().unwrap_or("-")))
            .collect();
        names_in_cycle.extend(names_in_cycle.first().cloned());
        let message = format!("depends on itself: {}", names_in_cycle.join(" → "));
        let first = members
            .filter(|row| changes.revised.contains(&row.clause_id))
            .min_by_key(|row| row.position);
        if let Some(row) = first {
            let path = format!("deadlines.{}.after.deadline", row.position - 1);
            errors.entry(row.clause_id).or_default().add(
                ValidationErrorCode::Invalid,
                &path,
                message,
            );
        }
    }
    Ok(errors)
}
