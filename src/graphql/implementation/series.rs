//! Implementation over time: series of points.

use std::collections::HashMap;

use async_graphql::Enum;
use chrono::NaiveDate;

use super::{
    AGREEMENT, Group, Implementation, clause_filter, last_day, of_agreements, weighting,
    weighting_argument,
};
use crate::db::implementation::{Grouping, Selection};
use crate::domain::implementation::History;
use crate::domain::interval::{self, MAX_POINTS, NoSeries};
use crate::graphql::clause::ClauseFilter;
use crate::graphql::engine::call::{Call, Linked, Resolved};
use crate::graphql::engine::link::{each_list, each_list_or_failed};
use crate::graphql::engine::reader::{Reader, call};
use crate::graphql::engine::schema::Object;
use crate::graphql::error::{Code, Error};
use crate::graphql::perspective::{history_arguments, perspective};
use crate::graphql::scalar::Date;

const AGREED_ON: &str = "agreements.agreed_on";

pub(super) fn series_of_groups() -> Reader {
    call("[Implementation!]!", |call: &mut Call<'_, '_>| {
        let groups = call.values::<Group>()?;
        // All groups of one list were read together, so they have the same `selection`.
        let Some(first) = groups.first() else { return Ok(Resolved::Linked(Linked::default())) };
        let selection = first.of.selection.clone();
        let from: Date = call.arguments.get("from")?;
        let keys = groups.iter().map(|group| (group.key.clone(), from.0)).collect();
        series(call, selection, keys)
    })
    .argument::<Date>("from", "First day.")
    .argument::<Option<Date>>("to", "Last day. Default: the `asOf` of the query `implementation`, or today (UTC) if it has none.")
    .argument_or::<Interval>(
        "every",
        "MONTH",
        "Length of the intervals. A series has at most 1,000 points.",
    )
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

/// Adds the field with the series of all clauses.
pub(super) fn queries(query: Object) -> Object {
    query.field(
        "implementationSeries",
        "Implementation of all clauses over time: one point at the end of each interval, starting with the interval that contains `from`. The last point is at the end of `to`. A clause is counted from the day of its agreement.",
        call("[Implementation!]", |call: &mut Call<'_, '_>| series_of_all(call))
            .argument::<Option<ClauseFilter>>("filter", "Counts only matching clauses. `asOf`, `knownAt` and `heldBy` of the filter apply to the conditions of the filter. Their defaults are the field's arguments `to` (for `asOf`), `knownAt` and `heldBy`.")
            .argument::<Option<Date>>("from", "First day. Default: the day of the first agreement with a matching clause.")
            .argument::<Option<Date>>("to", "Last day. Default: today (UTC).")
            .argument_or::<Interval>("every", "MONTH", "Length of the intervals. A series has at most 1,000 points.")
            .arguments(weighting_argument)
            .arguments(history_arguments),
    )
}

/// The implementation of all clauses over time. A clause is included from the day on which its agreement was made.
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

/// The series of each group. `groups` contains the key of each group and the first day of its series. The arguments `to` and
/// `every` are the last day and the interval.
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
    // All points of a group use the same history, so the history must not end at one day.
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
                format!("`from: {from}` is after `to: {to}`: give the earlier day first")
            }
            NoSeries::TooLong => format!(
                "a series from {from} to {to} would have more than {MAX_POINTS} points: use a longer interval or fewer days"
            ),
        })
    })
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
