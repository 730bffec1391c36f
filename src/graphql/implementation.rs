//! Implementation: the statuses of clauses, on a day and over time.

use std::collections::HashMap;
use std::rc::Rc;

use async_graphql::Enum;
use chrono::NaiveDate;

use super::clause::{ClauseFilter, ClauseStatus};
use super::engine::call::{Call, Item, Linked, Objects, Reference, Resolved, Slot};
use super::engine::coerce::Arguments;
use super::engine::leaf::{Enumerated, number};
use super::engine::link::{each, each_list, each_list_or_failed, reference, value_list};
use super::engine::reader::{Reader, call, value};
use super::engine::schema::{Abstract, Object};
use super::error::{Code, Error};
use super::perspective::{history_arguments, perspective, perspective_arguments};
use super::scalar::Date;
use crate::db;
use crate::db::implementation::{GroupCounts, Grouping, Selection};
use crate::db::rows::Rows;
use crate::domain::implementation::{self, Figures, History};
use crate::domain::interval::{self, MAX_POINTS, NoSeries};
use crate::domain::perspective::Perspective;
use crate::domain::{Kind, day, status};

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
    Object::new("Implementation", "Implementation of a group of clauses: a score and the counts it is based on. Only leaf clauses are counted, since a clause with parts is implemented by its parts.")
        .field("asOf", "The figures are as of the end of this day.", value(|of: &Implementation| Date(of.day)))
        .field("score", "Score. 0 to 100. COMPLETE counts as 100, PARTIAL as 200/3, MINIMAL as 100/3, and NOT_STARTED, BREACHED and SUSPENDED as 0. UNASSESSED, NOT_APPLICABLE, VOID, OVERTAKEN and LAPSED clauses are left out. `weighting` has the formula. For a clause whose agreement had ended by `asOf`, in the view of `heldBy`, the status at the end of the day before the end is used. Null if fewer than half of the clauses in `counted` are assessed, or none.", value(|of: &Implementation| of.figures.score))
        .field("assessed", "Number of clauses that the score is based on: those in `counted` that are not UNASSESSED.", value(|of: &Implementation| number(of.figures.assessed)))
        .field("counted", "Number of clauses that count for the score. Excludes NOT_APPLICABLE, VOID, OVERTAKEN and LAPSED. Like the score, it uses the statuses of the day before the end of an agreement.", value(|of: &Implementation| number(of.figures.counted)))
        .field("total", "Number of clauses.", value(|of: &Implementation| number(of.figures.breakdown.total())))
        .field("isEnded", "Whether the agreements of all clauses had ended by `asOf`, in the view of `heldBy`. Later statuses do not change its score. False if there are no clauses.", value(|of: &Implementation| of.ended_on().is_some()))
        .field("endedOn", "Latest day on which an agreement of the clauses ended, in the view of `heldBy`. Null if one of them had not ended by `asOf`, or if there are no clauses.", value(Implementation::ended_on))
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
        .field("count", "Number of clauses with this status.", value(|of: &Count| number(of.count)))
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
        is_party.then(|| number(self.counts.breaches))
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
        .field("subject", "What the clauses have in common: an agreement, an obliged party, or a topic.", call("ImplementationSubject!", subjects))
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
        .field("breaches", "Number of clauses whose status in force is BREACHED and whose assessment names the party of the group in `breachedBy`, whether or not they oblige it. Only leaf clauses are counted. Null if clauses are not grouped by PARTY.", value(Group::breaches))
        .field("series", "Implementation over time: one point at the end of each interval, starting with the interval that contains `from`. The last point is `to`.", series_of_groups())
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

fn series_of_groups() -> Reader {
    call("[Implementation!]!", |call: &mut Call<'_, '_>| {
        let groups = call.values::<Group>()?;
        // All groups of a level were read together.
        let Some(first) = groups.first() else { return Ok(Resolved::Linked(Linked::default())) };
        let selection = first.of.selection.clone();
        let from: Date = call.arguments.get("from")?;
        let keys = groups.iter().map(|group| (group.key.clone(), from.0)).collect();
        series(call, selection, keys)
    })
    .argument::<Date>("from", "First day.")
    .argument::<Option<Date>>("to", "Last day. Default: the day of `asOf`, otherwise today (UTC).")
    .argument_or::<Interval>(
        "every",
        "MONTH",
        "Length of the intervals. A series has at most 1,000 points.",
    )
}

/// The day of a perspective. Default: today.
fn last_day(perspective: Perspective) -> NaiveDate {
    perspective.point_in_time.as_of.unwrap_or_else(day::today)
}

/// The series of each group from its first day. The arguments `to` and `every` give the last day and the interval.
fn series(
    call: &mut Call<'_, '_>,
    mut selection: Selection,
    groups: Vec<(String, NaiveDate)>,
) -> Result<Resolved, Error> {
    let to: Option<Date> = call.arguments.get("to")?;
    let to = to.map_or_else(|| last_day(selection.perspective), |day| day.0);
    let every: Interval = call.arguments.get("every")?;
    let points = groups.into_iter().map(|(group, from)| Ok((group, points(every, from, to)?)));
    let points: Vec<Result<(String, Vec<NaiveDate>), Error>> = points.collect();
    let group_keys = points.iter().flatten().map(|(group, _)| group.clone());
    let group_keys: Vec<String> = group_keys.collect();
    // One history of each group serves all points.
    selection.perspective.point_in_time.as_of = None;
    let perspective = selection.perspective;
    let histories = if group_keys.is_empty() {
        HashMap::default()
    } else {
        call.context.read(|connection| selection.histories(connection, Some(&group_keys)))?
    };
    let without_clauses = History::default();
    let lists = points.into_iter().map(|points| {
        let (group, days) = points?;
        let figures = histories.get(&group).unwrap_or(&without_clauses).figures(&days);
        let points = days.into_iter().zip(figures);
        Ok(points.map(|(day, figures)| Implementation { figures, day, perspective }).collect())
    });
    Ok(each_list_or_failed("Implementation", lists.collect()))
}

fn points(every: Interval, from: NaiveDate, to: NaiveDate) -> Result<Vec<NaiveDate>, Error> {
    interval::Interval::from(every).points(from, to).map_err(|reason| {
        Code::BadUserInput.error(match reason {
            NoSeries::Backwards => {
                format!("`from: {from}` is after `to: {to}`: a series runs forward in time")
            }
            NoSeries::TooLong => format!(
                "a series from {from} to {to} would have more than {MAX_POINTS} points: take a longer interval or fewer days"
            ),
        })
    })
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

/// The implementation of each agreement over time.
pub fn series_of_agreement() -> Reader {
    call("[Implementation!]!", |call: &mut Call<'_, '_>| {
        let perspective = perspective(call.context, call.arguments)?;
        let from: Option<Date> = call.arguments.get("from")?;
        let agreements = call.keys(AGREEMENT)?.into_iter().zip(call.keys(AGREED_ON)?);
        let agreements = agreements.map(|(agreement, agreed_on)| {
            let from = from.map_or_else(|| Date::stored(agreed_on), Ok)?;
            Ok((agreement.to_owned(), from.0))
        });
        let agreements = agreements.collect::<Result<_, Error>>()?;
        let selection = of_agreements(perspective, weighting(call.arguments)?);
        series(call, selection, agreements)
    })
    .needs(&[AGREEMENT, AGREED_ON])
    .argument::<Option<Date>>("from", "First day. Default: the day of agreement.")
    .argument::<Option<Date>>("to", "Last day. Default: today (UTC).")
    .argument_or::<Interval>(
        "every",
        "MONTH",
        "Length of the intervals. A series has at most 1,000 points.",
    )
    .arguments(weighting_argument)
    .arguments(history_arguments)
}

const AGREEMENT: &str = "agreements.id";
const AGREED_ON: &str = "agreements.agreed_on";

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
        "How clauses are weighted in the score.",
    )
}

fn weighting(arguments: &Arguments) -> Result<implementation::Weighting, Error> {
    let weighting: ImplementationWeighting = arguments.get("weighting")?;
    Ok(weighting.into())
}

pub fn group_key() -> Abstract {
    Abstract {
        name: "ImplementationSubject",
        description: "What the clauses of a group have in common: an agreement, an obliged party, or a topic.",
        members: &["Agreement", "Party", "Topic"],
        fields: &[],
    }
}

pub fn queries(query: Object) -> Object {
    query.field(
        "implementation",
        "Implementation of groups of clauses. Agreements are in order of the day of agreement; parties and topics are in order of name. Groups without clauses are omitted, except with PARTY those of parties that breached a clause: their `total` is 0.",
        call("[ImplementationGroup!]", |call: &mut Call<'_, '_>| groups(call))
            .argument::<Option<ClauseFilter>>("filter", "Returns only matching records. `asOf`, `knownAt` and `heldBy` of the filter apply to its conditions. They default to the arguments of the field.")
            .argument::<ImplementationGrouping>("groupBy", "Criterion for grouping.")
            .arguments(weighting_argument)
            .arguments(perspective_arguments),
    )
    .field(
        "implementationSeries",
        "Implementation of all clauses over time: one point at the end of each interval, starting with the interval that contains `from`. The last point is `to`. A clause is counted from the day of its agreement.",
        call("[Implementation!]", |call: &mut Call<'_, '_>| series_of_all(call))
            .argument::<Option<ClauseFilter>>("filter", "Counts only matching clauses. `asOf`, `knownAt` and `heldBy` of the filter apply to its conditions. They default to `to`, `knownAt` and `heldBy` of the field.")
            .argument::<Option<Date>>("from", "First day. Default: the day of the first agreement with a matching clause.")
            .argument::<Option<Date>>("to", "Last day. Default: today (UTC).")
            .argument_or::<Interval>("every", "MONTH", "Length of the intervals. A series has at most 1,000 points.")
            .arguments(weighting_argument)
            .arguments(history_arguments),
    )
}

/// The implementation of all clauses over time. A clause counts from the day of its agreement.
fn series_of_all(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let perspective = perspective(call.context, call.arguments)?;
    let from: Option<Date> = call.arguments.get("from")?;
    let to: Option<Date> = call.arguments.get("to")?;
    let to = to.map_or_else(|| last_day(perspective), |day| day.0);
    let every: Interval = call.arguments.get("every")?;
    let mut filter = clause_filter(call, perspective)?;
    filter.perspective.point_in_time.as_of.get_or_insert(to);
    let grouping = Grouping::Agreement;
    let weighting = weighting(call.arguments)?;
    let selection = Selection { filter, grouping, weighting, perspective };
    let (histories, agreements) = call.context.read(|connection| {
        let histories = selection.histories(connection, None)?;
        let keys: Vec<&String> = histories.keys().collect();
        let agreements = grouping.subjects().select(connection, &keys, &[AGREED_ON])?;
        Ok((histories, agreements))
    })?;
    let mut started = Vec::with_capacity(agreements.len());
    for row in 0..agreements.len() {
        let (Some(key), Some(agreed_on)) = (agreements.text(row, 0), agreements.text(row, 1))
        else {
            continue;
        };
        let agreed_on = Date::stored(agreed_on)?.0;
        started.extend(histories.get(key).map(|history| history.clone().starting_on(agreed_on)));
    }
    let history = History::merge(started);
    let from = match from {
        Some(day) => day.0,
        None => history.first_day().map_or(to, |day| day.min(to)),
    };
    let days = points(every, from, to)?;
    let figures = history.figures(&days);
    let points = days.into_iter().zip(figures);
    let points = points.map(|(day, figures)| Implementation { figures, day, perspective });
    // The field has one parent, the root.
    Ok(each_list("Implementation", vec![points.collect::<Vec<_>>()]))
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

/// Interval between the points of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "interval::Interval")]
pub enum Interval {
    /// One day.
    Day,
    /// Week, ending on Sunday (ISO 8601).
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter, ending in March, June, September or December.
    Quarter,
    /// Calendar year.
    Year,
}

/// How clauses are weighted in a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "implementation::Weighting")]
pub enum ImplementationWeighting {
    /// Each clause equally. The score is the sum of the values of the assessed clauses, divided by their number.
    Clauses,
    /// Each point equally, and the clauses of a point equally. A point is a clause that is not part of another. The score is the mean of the means of the points that have an assessed clause.
    Points,
    /// Each clause by its `weight`. The score is the sum of weight times value of the assessed clauses, divided by the sum of their weights.
    Weights,
}

/// Criterion for grouping clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Grouping")]
pub enum ImplementationGrouping {
    /// Agreement of the clause.
    Agreement,
    /// Obliged parties, undisputed or in the view of the party named by `heldBy`. A clause counts for each of them.
    Party,
    /// Topic of the clause.
    Topic,
}
