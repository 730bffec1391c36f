//! Implementation: the statuses of clauses, on a day and over time.

mod series;

use std::rc::Rc;

use async_graphql::Enum;
use chrono::NaiveDate;

use super::clause::{ClauseFilter, ClauseStatus};
use super::engine::call::{Call, Item, Linked, Objects, Reference, Resolved, Slot};
use super::engine::coerce::Arguments;
use super::engine::leaf::{Enumerated, saturating_int};
use super::engine::link::{each, each_list, reference, value_list};
use super::engine::reader::{Reader, call, value};
use super::engine::schema::{Abstract, Object};
use super::error::Error;
use super::perspective::{perspective, perspective_arguments};
use super::scalar::Date;
use crate::db;
use crate::db::implementation::{GroupCounts, Grouping, Selection};
use crate::db::rows::Rows;
use crate::domain::implementation::{self, Figures};
use crate::domain::perspective::Perspective;
use crate::domain::{Kind, day, status};
pub use series::series_of_agreement;

pub fn objects() -> Vec<Object> {
    vec![implementation(), count(), group()]
}

/// The implementation of a set of clauses at the end of a day, in a perspective.
struct Implementation {
    figures: Figures,
    day: NaiveDate,
    perspective: Perspective,
}

impl Implementation {
    fn counts(&self) -> Vec<Count> {
        let counts = self.figures.breakdown.counts();
        counts.map(|(status, count)| Count { status, count }).collect()
    }

    fn ended_on(&self) -> Option<Date> {
        self.figures.ended_on.map(Date)
    }
}

struct Count {
    status: status::ClauseStatus,
    count: u32,
}

fn implementation() -> Object {
    Object::new("Implementation", "Implementation of a group of clauses: a score and the counts it is based on. Only clauses without parts are counted, because a clause with parts is implemented by its parts.")
        .field("asOf", "Day at the end of which the figures apply.", value(|of: &Implementation| Date(of.day)))
        .field("score", "Score. 0 to 100. COMPLETE counts as 100, PARTIAL as 200/3, MINIMAL as 100/3, and NOT_STARTED, BREACHED and SUSPENDED as 0. UNASSESSED, NOT_APPLICABLE, VOID, OVERTAKEN and LAPSED clauses are omitted. `weighting` defines the formula. If the agreement of a clause had ended by `asOf` in the view that `heldBy` selects, the clause counts with its status at the end of the agreement's last day in force. Null if no clause is assessed, or if fewer than half of the clauses in `counted` are assessed.", value(|of: &Implementation| of.figures.score))
        .field("assessed", "Number of clauses that the score is based on: those in `counted` that are not UNASSESSED.", value(|of: &Implementation| saturating_int(of.figures.assessed)))
        .field("counted", "Number of clauses, including UNASSESSED clauses. Excludes NOT_APPLICABLE, VOID, OVERTAKEN and LAPSED clauses. If the agreement of a clause had ended by `asOf` in the view that `heldBy` selects, the clause counts with its status at the end of the agreement's last day in force, as in the score.", value(|of: &Implementation| saturating_int(of.figures.counted)))
        .field("total", "Number of clauses.", value(|of: &Implementation| saturating_int(of.figures.breakdown.total())))
        .field("isEnded", "Whether the agreements of all clauses had ended by `asOf`, in the view that `heldBy` selects. If they had, later statuses do not change the score. False if there are no clauses.", value(|of: &Implementation| of.ended_on().is_some()))
        .field("endedOn", "Latest day on which an agreement of the clauses ended, in the view that `heldBy` selects. Null if any of these agreements had not ended by `asOf`, or if there are no clauses.", value(Implementation::ended_on))
        .field(
            "breakdown",
            "Number of clauses with each status at the end of `asOf`, even after the end of an agreement. Includes zeros. Order: UNASSESSED, NOT_APPLICABLE, NOT_STARTED, MINIMAL, PARTIAL, COMPLETE, BREACHED, SUSPENDED, VOID, OVERTAKEN, LAPSED.",
            value_list("[ClauseStatusCount!]!", "ClauseStatusCount", Implementation::counts),
        )
        .field(
            "heldBy",
            "Party whose assessments are used. Null for the neutral record.",
            reference("Party", |of: &Implementation| {
                of.perspective.held_by.map(|id| Reference::new(Kind::Party, id))
            }),
        )
}

fn count() -> Object {
    Object::new("ClauseStatusCount", "Number of clauses with a status.")
        .field("status", "Status.", value(|of: &Count| Enumerated(ClauseStatus::from(of.status))))
        .field(
            "count",
            "Number of clauses with this status.",
            value(|of: &Count| saturating_int(of.count)),
        )
}

struct Group {
    key: String,
    counts: GroupCounts,
    /// The index of the subject in [`Groups::subjects`].
    subject: usize,
    of: Rc<Groups>,
}

impl Group {
    fn breaches(&self) -> Option<i32> {
        let is_party = self.of.selection.grouping == Grouping::Party;
        is_party.then(|| saturating_int(self.counts.breaches))
    }
}

/// The shared data of groups that were read together.
struct Groups {
    selection: Selection,
    object: &'static str,
    subjects: Rc<Rows>,
}

fn group() -> Object {
    Object::new("ImplementationGroup", "Implementation of one group of clauses.")
        .field("subject", "Subject that the clauses share: an agreement, an obliged party, or a topic.", call("ImplementationSubject!", subjects))
        .field(
            "implementation",
            "Implementation of the clauses of the group.",
            call("Implementation!", |call: &mut Call<'_, '_>| {
                let groups = call.values::<Group>()?.iter().map(|group| {
                    let perspective = group.of.selection.perspective;
                    let day = last_day(perspective);
                    Implementation { figures: group.counts.tally.figures(day), day, perspective }
                });
                Ok(each("Implementation", groups.collect()))
            }),
        )
        .field("breaches", "Number of clauses whose status in force is BREACHED and whose assessment names the party of the group in `breachedBy`, including clauses that do not oblige the party. Only clauses without parts are counted. Null unless clauses are grouped by PARTY.", value(Group::breaches))
        .field("series", "Implementation over time: one point at the end of each interval, starting with the interval that contains `from`. The last point is at the end of `to`.", series::series_of_groups())
}

/// The subject of each group. Subjects were read together with the groups.
fn subjects(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let groups = call.values::<Group>()?;
    let Some(first) = groups.first() else { return Ok(Resolved::Linked(Linked::default())) };
    let picked = groups.iter().map(|group| group.subject).collect();
    let objects = Objects::Rows { rows: first.of.subjects.clone(), picked };
    let slots = (0..groups.len()).map(|index| Slot::One(Item::Object { set: 0, index }));
    Ok(Resolved::Linked(Linked {
        slots: slots.collect(),
        sets: vec![(first.of.object, objects)],
        items: Vec::new(),
    }))
}

/// The day of a perspective. Default: today.
fn last_day(perspective: Perspective) -> NaiveDate {
    perspective.point_in_time.as_of.unwrap_or_else(day::today)
}

/// The implementation of each agreement.
pub fn of_agreement() -> Reader {
    call("Implementation!", |call: &mut Call<'_, '_>| {
        let perspective = perspective(call.context, call.arguments)?;
        let agreements = texts(&call.keys(AGREEMENT)?);
        let selection = of_agreements(perspective, weighting(call.arguments)?);
        let counts =
            call.context.read(|connection| selection.counts(connection, Some(&agreements)))?;
        let day = last_day(perspective);
        let implementations = agreements.iter().map(|agreement| {
            let figures = counts.get(agreement).map(|counts| counts.tally.figures(day));
            Implementation { figures: figures.unwrap_or_default(), day, perspective }
        });
        Ok(each("Implementation", implementations.collect()))
    })
    .needs(&[AGREEMENT])
    .arguments(weighting_argument)
    .arguments(perspective_arguments)
}

const AGREEMENT: &str = "agreements.id";

fn texts(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn of_agreements(perspective: Perspective, weighting: implementation::Weighting) -> Selection {
    Selection {
        filter: db::clause::Filter::default(),
        grouping: Grouping::Agreement,
        weighting,
        perspective,
    }
}

/// Adds the argument `weighting`.
fn weighting_argument(reader: Reader) -> Reader {
    reader.argument_or::<ImplementationWeighting>(
        "weighting",
        "CLAUSES",
        "Weighting of clauses in the score.",
    )
}

fn weighting(arguments: &Arguments) -> Result<implementation::Weighting, Error> {
    let weighting: ImplementationWeighting = arguments.get("weighting")?;
    Ok(weighting.into())
}

pub fn group_key() -> Abstract {
    Abstract {
        name: "ImplementationSubject",
        description: "Subject that the clauses of a group share: an agreement, an obliged party, or a topic.",
        members: &["Agreement", "Party", "Topic"],
        fields: &[],
    }
}

pub fn queries(query: Object) -> Object {
    query.field(
        "implementation",
        "Implementation of groups of clauses. Agreements are in order of the day of agreement; parties and topics are in order of name. Groups without clauses are omitted, with one exception: if clauses are grouped by PARTY, a party that breached a clause but is not obliged by any of the clauses has a group whose `total` is 0.",
        call("[ImplementationGroup!]", |call: &mut Call<'_, '_>| groups(call))
            .argument::<Option<ClauseFilter>>("filter", "Counts only matching clauses. `asOf`, `knownAt` and `heldBy` of the filter apply to the conditions of the filter. Their defaults are the field's arguments with the same names.")
            .argument::<ImplementationGrouping>("groupBy", "Criterion for grouping clauses.")
            .arguments(weighting_argument)
            .arguments(perspective_arguments),
    )
    .fields(series::queries)
}

fn groups(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let perspective = perspective(call.context, call.arguments)?;
    let filter = clause_filter(call, perspective)?;
    let grouping: ImplementationGrouping = call.arguments.get("groupBy")?;
    let grouping = Grouping::from(grouping);
    let weighting = weighting(call.arguments)?;
    let selection = Selection { filter, grouping, weighting, perspective };
    let object = match grouping {
        Grouping::Agreement => "Agreement",
        Grouping::Party => "Party",
        Grouping::Topic => "Topic",
    };
    let columns = call.selected.field("subject").columns(object, &[]);
    let (mut counts, subjects) = call.context.read(|connection| {
        let counts = selection.counts(connection, None)?;
        let keys: Vec<&String> = counts.keys().collect();
        let subjects = grouping.subjects().select(connection, &keys, &columns)?;
        Ok((counts, subjects))
    })?;
    let of = Rc::new(Groups { selection, object, subjects: Rc::new(subjects) });
    let groups = (0..of.subjects.len()).filter_map(|subject| {
        let key = of.subjects.text(subject, 0)?.to_owned();
        let counts = counts.remove(&key)?;
        Some(Group { key, counts, subject, of: of.clone() })
    });
    let groups: Vec<Group> = groups.collect();
    if let Some(key) = counts.keys().next() {
        return Err(Error::internal(format!("the {object} {key} of a clause is missing")));
    }
    // The field has one parent, the root.
    Ok(each_list("ImplementationGroup", vec![groups]))
}

/// The argument `filter`. Its day, time and holder default to the values of `perspective`.
fn clause_filter(
    call: &mut Call<'_, '_>,
    perspective: Perspective,
) -> Result<db::clause::Filter, Error> {
    let filter: Option<ClauseFilter> = call.arguments.get("filter")?;
    let mut filter = match filter {
        Some(filter) => filter.read(call.context)?,
        None => db::clause::Filter::default(),
    };
    filter.perspective.point_in_time.as_of =
        filter.perspective.point_in_time.as_of.or(perspective.point_in_time.as_of);
    filter.perspective.point_in_time.known_at =
        filter.perspective.point_in_time.known_at.or(perspective.point_in_time.known_at);
    filter.perspective.held_by = filter.perspective.held_by.or(perspective.held_by);
    Ok(filter)
}

/// Weighting of clauses in a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "implementation::Weighting")]
pub enum ImplementationWeighting {
    /// All clauses have the same weight. The score is the sum of the values of the assessed clauses, divided by their number.
    Clauses,
    /// All points have the same weight. A point is a clause that is not part of another clause. The value of a point is the mean of the values of its assessed clauses. The score is the mean of the values of the points that have an assessed clause.
    Points,
    /// Each clause has its `weight`. The score is the sum of weight times value over the assessed clauses, divided by the sum of their weights.
    Weights,
}

/// Criterion for grouping clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Grouping")]
pub enum ImplementationGrouping {
    /// Agreement of the clause.
    Agreement,
    /// Parties that the clause obliges. A disputed obligation is included only if it is in the view of the party that `heldBy` names. A clause with several obliged parties is in the group of each of them.
    Party,
    /// Topic of the clause.
    Topic,
}
