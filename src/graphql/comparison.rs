//! Comparison of two days: the clauses of an agreement whose status differs.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::NaiveDate;

use super::clause::ClauseStatus;
use super::engine::call::{Call, Linked, Reference, Resolved};
use super::engine::leaf::Enumerated;
use super::engine::link::{distinct, each_list, picked_lists, reference};
use super::engine::reader::{Reader, call, value};
use super::engine::schema::Object;
use super::error::Error;
use super::perspective::{history_arguments, perspective};
use super::scalar::{Date, check_order};
use crate::db;
use crate::db::rows::{Column, Rows};
use crate::domain::comparison::difference;
use crate::domain::status::ClauseStatus as Status;
use crate::domain::{Id, Kind, StringEnum};

/// A clause whose status differs between two days.
#[derive(Clone)]
struct StatusChange {
    clause: Id<()>,
    before: Status,
    after: Status,
    /// The assessments of all changes in the result: one statement reads them together.
    rows: Rc<Rows>,
    /// The indexes in `rows` of the assessments that took effect between the ends of the two days.
    between: Vec<usize>,
}

struct Turn<'r> {
    row: usize,
    agreement: &'r str,
    clause: &'r str,
    effective_on: NaiveDate,
    status: Status,
}

pub fn objects() -> Vec<Object> {
    let object = Object::new("ClauseStatusChange", "A clause whose status differs between two days.")
        .field(
            "clause",
            "The clause.",
            reference("Clause!", |change: &StatusChange| {
                Some(Reference::new(Kind::Clause, change.clause))
            }),
        )
        .field("statusBefore", "Status at the end of the first day.", value(|change: &StatusChange| Enumerated(ClauseStatus::from(change.before))))
        .field("statusAfter", "Status at the end of the second day.", value(|change: &StatusChange| Enumerated(ClauseStatus::from(change.after))))
        .field("assessments", "Assessments that took effect after the first day, up to the end of the second day, oldest first.", call("[ClauseAssessment!]!", assessments));
    vec![object]
}

/// The assessments of each change. They were read together with the changes.
fn assessments(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let changes = call.values::<StatusChange>()?;
    let Some(first) = changes.first() else { return Ok(Resolved::Linked(Linked::default())) };
    let lists = changes.iter().map(|change| change.between.as_slice());
    Ok(picked_lists("ClauseAssessment", first.rows.clone(), lists))
}

pub fn changes_between() -> Reader {
    call("[ClauseStatusChange!]!", |call: &mut Call<'_, '_>| {
        let from: Date = call.arguments.get("from")?;
        let to: Date = call.arguments.get("to")?;
        check_order(from.0, to.0)?;
        let mut perspective = perspective(call.context, call.arguments)?;
        perspective.point_in_time.as_of = Some(to.0);
        let agreements = call.keys(AGREEMENT)?;
        let distinct_ids = distinct(agreements.iter().copied());
        let columns = call.selected.field("assessments").columns("ClauseAssessment", &TURN);
        let rows = call.context.read(|connection| {
            db::comparison::select_since(connection, from.0, perspective, &distinct_ids, &columns)
        })?;
        let changes = changes(&Rc::new(rows), from.0)?;
        let lists = agreements.iter().map(|id| changes.get(*id).cloned().unwrap_or_default());
        Ok(each_list("ClauseStatusChange", lists.collect()))
    })
    .needs(&[AGREEMENT])
    .argument::<Date>("from", "First day.")
    .argument::<Date>("to", "Last day. Must not be before `from`.")
    .arguments(history_arguments)
}

const AGREEMENT: Column = "agreements.id";
/// The columns of an assessment that the comparison needs.
const TURN: [Column; 3] =
    ["assessments.trackable_id", "assessments.effective_on", "assessments.status"];

/// The changes of each agreement, in the order of the clauses.
fn changes(rows: &Rc<Rows>, from: NaiveDate) -> Result<HashMap<String, Vec<StatusChange>>, Error> {
    let turns = (0..rows.len()).map(|row| Turn::read(rows, row));
    let turns = turns.collect::<Result<Vec<Turn<'_>>, Error>>()?;
    let mut changes: HashMap<String, Vec<StatusChange>> = HashMap::new();
    for history in turns.chunk_by(|turn, next| turn.clause == next.clause) {
        let difference = difference(
            history,
            from,
            |turn| turn.effective_on,
            |turn| turn.status,
            &Status::Unassessed,
        );
        let Some(difference) = difference else { continue };
        let Some(last) = difference.between.last() else { continue };
        let clause = Id::stored(last.clause)
            .ok_or_else(|| Error::internal(format!("the stored id {}", last.clause)))?;
        changes.entry(last.agreement.to_owned()).or_default().push(StatusChange {
            clause,
            before: difference.before.map_or(Status::Unassessed, |turn| turn.status),
            after: last.status,
            rows: rows.clone(),
            between: difference.between.iter().map(|turn| turn.row).collect(),
        });
    }
    Ok(changes)
}

impl<'r> Turn<'r> {
    /// The assessment in a row. The first columns of the row are the id of the agreement and the columns of `TURN`.
    fn read(rows: &'r Rows, row: usize) -> Result<Self, Error> {
        let text = |position: usize| {
            rows.text(row, position).ok_or_else(|| Error::internal("an incomplete assessment"))
        };
        let status = text(3)?;
        Ok(Self {
            row,
            agreement: text(0)?,
            clause: text(1)?,
            effective_on: Date::stored(text(2)?)?.0,
            status: Status::parse(status)
                .ok_or_else(|| Error::internal(format!("the stored status {status}")))?,
        })
    }
}
