//! How far agreements are carried out, at a moment and in the course of time.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, Error, ID, Object, Result, SimpleObject, Union};
use chrono::NaiveDate;

use super::agreement::{Agreement, AgreementById};
use super::batch::{Batch, reader};
use super::clause::{ClauseFilter, ClauseStatus};
use super::error::Code;
use super::node::{expect, expect_optional};
use super::party::{Party, PartyById};
use super::scalar::{Date, DateTime};
use super::topic::{Topic, TopicById};
use super::view::view;
use crate::db::implementation::Selection;
use crate::db::{self, DbConnection};
use crate::domain::day;
use crate::domain::id::Id;
use crate::domain::implementation::{Breakdown, History};
use crate::domain::interval::{self, MOST_POINTS, NoSeries};
use crate::domain::view::View;

/// How many clauses of a group have which status.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct BreakdownOf(Selection);

impl Batch for BreakdownOf {
    type Key = String;
    type Value = Breakdown;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, Breakdown>, db::Error> {
        self.0.breakdowns(connection, Some(keys))
    }
}

/// What became of the clauses of a group.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct HistoryOf(Selection);

impl Batch for HistoryOf {
    type Key = String;
    type Value = Arc<History>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, Arc<History>>, db::Error> {
        let histories = self.0.histories(connection, keys)?;
        Ok(histories.into_iter().map(|(group, history)| (group, Arc::new(history))).collect())
    }
}

/// How far a number of clauses are carried out. Never a bare percentage: what was counted, and what was not, stands beside it.
///
/// Leaf clauses alone are counted: a clause that has parts is carried out by them.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Implementation {
    /// The day at whose end it is so.
    as_of: Date,
    /// From 0 to 100: the mean over the clauses that count, of 0 for NOT_STARTED, BREACHED and SUSPENDED, a third of 100 for MINIMAL, two thirds for PARTIAL and 100 for COMPLETE. UNASSESSED, NOT_APPLICABLE and VOID are not counted. Null where no clause counts.
    score: Option<f64>,
    /// How many clauses count for the score: all but those that are UNASSESSED, NOT_APPLICABLE or VOID.
    assessed: i32,
    /// How many clauses there are.
    total: i32,
    /// How many clauses have which status: every status in the order of the scale, those that no clause has too.
    breakdown: Vec<ClauseStatusCount>,
    #[graphql(skip)]
    view: View,
}

#[async_graphql::ComplexObject]
impl Implementation {
    /// In whose view; null for the neutral record.
    async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.view.held_by).await
    }
}

impl Implementation {
    fn new(breakdown: &Breakdown, day: NaiveDate, view: View) -> Self {
        let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            as_of: Date(day),
            score: breakdown.score(),
            assessed: number(breakdown.assessed()),
            total: number(breakdown.total()),
            breakdown: breakdown
                .counts()
                .map(|(status, count)| ClauseStatusCount {
                    status: status.into(),
                    count: number(count),
                })
                .collect(),
            view,
        }
    }
}

/// How many clauses have a status.
#[derive(SimpleObject)]
pub struct ClauseStatusCount {
    /// The status.
    status: ClauseStatus,
    /// How many clauses have it.
    count: i32,
}

/// How far the points of a series are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "interval::Interval")]
pub enum Interval {
    /// A day.
    Day,
    /// A week, which ends on Sunday (ISO 8601).
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter, which ends with March, June, September or December.
    Quarter,
    /// A calendar year.
    Year,
}

/// What clauses are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::implementation::Grouping")]
pub enum ImplementationGrouping {
    /// The agreement that they are of.
    Agreement,
    /// The parties that are obliged, undisputedly or according to the party named by `heldBy`. A clause counts for each of them.
    Party,
    /// What they are about.
    Topic,
}

/// What the clauses of a group have in common.
#[derive(Union, Clone)]
pub enum ImplementationSubject {
    /// Their agreement.
    Agreement(Agreement),
    /// A party that is obliged by them.
    Party(Party),
    /// Their topic.
    Topic(Topic),
}

/// How far the clauses of a group are carried out.
pub struct ImplementationGroup {
    key: String,
    subject: ImplementationSubject,
    breakdown: Breakdown,
    selection: Selection,
}

/// How far the clauses of a group are carried out.
#[Object]
impl ImplementationGroup {
    /// What the clauses have in common: an agreement, a party that is obliged, or a topic.
    async fn subject(&self) -> ImplementationSubject {
        self.subject.clone()
    }

    /// How far they are carried out.
    async fn implementation(&self) -> Implementation {
        Implementation::new(&self.breakdown, last_day(self.selection.view), self.selection.view)
    }

    /// The same in the course of time: at the end of each interval from the one that `from` lies in, and at last on `to`.
    async fn series(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day; the day of `asOf`, or else today (UTC), where left out.")]
        to: Option<Date>,
        #[graphql(
            default_with = "Interval::Month",
            desc = "How far the points are apart. A series has at most 1,000."
        )]
        every: Interval,
    ) -> Result<Vec<Implementation>> {
        series(context, self.selection.clone(), &self.key, from.0, to, every).await
    }
}

/// The day that a view is of: today where it names none.
fn last_day(view: View) -> NaiveDate {
    view.moment.as_of.unwrap_or_else(|| day::now().date())
}

/// A group's breakdowns at the ends of intervals.
async fn series(
    context: &Context<'_>,
    mut selection: Selection,
    group: &str,
    from: NaiveDate,
    to: Option<Date>,
    every: Interval,
) -> Result<Vec<Implementation>> {
    let to = to.map_or_else(|| last_day(selection.view), |day| day.0);
    let every = interval::Interval::from(every);
    let days = every.points(from, to).map_err(|reason| match reason {
        NoSeries::Backwards => Code::BadUserInput
            .error(format!("`from: {from}` is after `to: {to}`: a series runs forward in time")),
        NoSeries::TooLong => Code::BadUserInput.error(format!(
            "a series from {from} to {to} would have more than {MOST_POINTS} points: take a longer interval or fewer days"
        )),
    })?;
    // The days say when; what is read is the same for all of them.
    selection.view.moment.as_of = None;
    let view = selection.view;
    let history = reader(context)?.load(HistoryOf(selection), group.to_owned()).await?;
    let breakdowns = history.unwrap_or_default().breakdowns(&days);
    let points = days.iter().zip(&breakdowns);
    Ok(points.map(|(day, breakdown)| Implementation::new(breakdown, *day, view)).collect())
}

/// How far an agreement is carried out: an object whose fields are those of the agreement, which it is flattened into.
pub struct AgreementImplementation {
    /// The agreement's id.
    pub agreement: String,
    /// The day on which it was agreed.
    pub agreed_on: NaiveDate,
}

impl AgreementImplementation {
    fn selection(view: View) -> Selection {
        let filter = db::clause::Filter::default();
        Selection { filter, grouping: db::implementation::Grouping::Agreement, view }
    }
}

#[Object]
impl AgreementImplementation {
    /// How far its clauses are carried out.
    async fn implementation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "As of the end of this day; the latest where left out.")] as_of: Option<
            Date,
        >,
        #[graphql(
            desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "In the view of the party with this id or slug; in the neutral record where left out."
        )]
        held_by: Option<ID>,
    ) -> Result<Implementation> {
        let view = view(context, as_of, known_at, held_by).await?;
        let batch = BreakdownOf(Self::selection(view));
        let breakdown = reader(context)?.load(batch, self.agreement.clone()).await?;
        Ok(Implementation::new(&breakdown.unwrap_or_default(), last_day(view), view))
    }

    /// How far its clauses were carried out in the course of time: at the end of each interval from the one that `from` lies in, and at last on `to`.
    async fn implementation_series(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first day; the day on which it was agreed where left out.")]
        from: Option<Date>,
        #[graphql(desc = "The last day; today (UTC) where left out.")] to: Option<Date>,
        #[graphql(
            default_with = "Interval::Month",
            desc = "How far the points are apart. A series has at most 1,000."
        )]
        every: Interval,
        #[graphql(
            desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "In the view of the party with this id or slug; in the neutral record where left out."
        )]
        held_by: Option<ID>,
    ) -> Result<Vec<Implementation>> {
        let view = view(context, None, known_at, held_by).await?;
        let from = from.map_or(self.agreed_on, |day| day.0);
        series(context, Self::selection(view), &self.agreement, from, to, every).await
    }
}

/// Reading how far agreements are carried out.
#[derive(Default)]
pub struct ImplementationQuery;

#[Object]
impl ImplementationQuery {
    /// How far clauses are carried out, by what they are grouped by: agreements by the day they were agreed, parties and topics by name. A group without a clause is left out.
    async fn implementation(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Only clauses that fit. Statuses are judged as of the filter's own `asOf` and `heldBy`, or else as of the field's."
        )]
        filter: Option<ClauseFilter>,
        #[graphql(desc = "What they are grouped by.")] group_by: ImplementationGrouping,
        #[graphql(desc = "As of the end of this day; the latest where left out.")] as_of: Option<
            Date,
        >,
        #[graphql(
            desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "In the view of the party with this id or slug; in the neutral record where left out."
        )]
        held_by: Option<ID>,
    ) -> Result<Option<Vec<ImplementationGroup>>> {
        let view = view(context, as_of, known_at, held_by).await?;
        let mut filter = match filter {
            Some(filter) => filter.read(context).await?,
            None => db::clause::Filter::default(),
        };
        filter.view.moment.as_of = filter.view.moment.as_of.or(view.moment.as_of);
        filter.view.moment.known_at = view.moment.known_at;
        filter.view.held_by = filter.view.held_by.or(view.held_by);
        let selection = Selection { filter, grouping: group_by.into(), view };
        let breakdowns =
            reader(context)?.read(|connection| selection.breakdowns(connection, None))?;
        let groups = breakdowns.into_iter().map(async |(key, breakdown)| {
            let subject = subject(context, group_by, &key).await?;
            let selection = selection.clone();
            Ok::<_, Error>(ImplementationGroup { key, subject, breakdown, selection })
        });
        let mut groups: Vec<ImplementationGroup> =
            futures_util::future::try_join_all(groups).await?;
        groups.sort_by_cached_key(|group| (group.subject.sort_key(), group.key.clone()));
        Ok(Some(groups))
    }
}

impl ImplementationSubject {
    fn sort_key(&self) -> String {
        match self {
            Self::Agreement(agreement) => agreement.agreed_on_day().to_string(),
            Self::Party(party) => party.name_text().to_owned(),
            Self::Topic(topic) => topic.name_text().to_owned(),
        }
    }
}

async fn subject(
    context: &Context<'_>,
    grouping: ImplementationGrouping,
    key: &str,
) -> Result<ImplementationSubject> {
    fn id<T>(key: &str) -> Result<Id<T>> {
        Id::parse(key).ok_or_else(|| Code::Internal.error("internal error"))
    }
    Ok(match grouping {
        ImplementationGrouping::Agreement => {
            ImplementationSubject::Agreement(expect(context, AgreementById, id(key)?).await?)
        }
        ImplementationGrouping::Party => {
            ImplementationSubject::Party(expect(context, PartyById, id(key)?).await?)
        }
        ImplementationGrouping::Topic => {
            ImplementationSubject::Topic(expect(context, TopicById, id(key)?).await?)
        }
    })
}
