//! Two days compared: which clauses of an agreement have another status.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use chrono::NaiveDate;

use super::assessment::ClauseAssessment;
use super::batch::{Batch, reader};
use super::clause::{Clause, ClauseById, ClauseStatus};
use super::error::Code;
use super::node::expect;
use super::scalar::{Date, DateTime, check_order};
use super::view::view;
use crate::db::assessment::Assessment;
use crate::db::{self, DbConnection};
use crate::domain::comparison::{Difference, difference};
use crate::domain::id::AgreementId;
use crate::domain::status::{Status, TrackableKind};
use crate::domain::view::View;

/// What became of an agreement's clauses since a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Since {
    from: NaiveDate,
    view: View,
}

impl Batch for Since {
    type Key = AgreementId;
    type Value = Vec<Arc<Assessment>>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[AgreementId],
    ) -> std::result::Result<HashMap<String, Vec<Arc<Assessment>>>, db::Error> {
        let lists = db::comparison::since(connection, self.from, self.view, keys)?;
        let share = |rows: Vec<Assessment>| rows.into_iter().map(Arc::new).collect();
        Ok(lists.into_iter().map(|(agreement, rows)| (agreement, share(rows))).collect())
    }
}

/// A clause whose status on one day is not the one it had on another.
pub struct ClauseStatusChange(Difference<Arc<Assessment>>);

/// A clause whose status on one day is not the one it had on another.
#[Object]
impl ClauseStatusChange {
    /// The clause.
    async fn clause(&self, context: &Context<'_>) -> Result<Clause> {
        expect(context, ClauseById, self.last()?.trackable_id.cast()).await
    }

    /// The status at the end of the first day.
    async fn status_before(&self) -> Result<ClauseStatus> {
        match &self.0.before {
            Some(row) => ClauseStatus::stored(&row.status),
            None => ClauseStatus::stored(initial()),
        }
    }

    /// The status at the end of the second day.
    async fn status_after(&self) -> Result<ClauseStatus> {
        ClauseStatus::stored(&self.last()?.status)
    }

    /// The assessments that took effect in between, oldest first: after the first day, up to the end of the second.
    async fn assessments(&self) -> Vec<ClauseAssessment> {
        self.0.between.iter().cloned().map(ClauseAssessment::from).collect()
    }
}

impl ClauseStatusChange {
    fn last(&self) -> Result<&Arc<Assessment>> {
        self.0.between.last().ok_or_else(|| Code::Internal.error("internal error"))
    }
}

fn initial() -> &'static str {
    Status::initial(TrackableKind::Clause).as_str()
}

/// An agreement on two days: an object whose field is one of the agreement, which it is flattened into.
pub struct AgreementComparison(pub AgreementId);

#[Object]
impl AgreementComparison {
    /// Every clause whose status at the end of `to` is not the one at the end of `from`, by position, with the assessments that took effect in between.
    async fn changes_between(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The second day, not before the first.")] to: Date,
        #[graphql(
            desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "In the view of the party with this id or slug; in the neutral record where left out."
        )]
        held_by: Option<ID>,
    ) -> Result<Vec<ClauseStatusChange>> {
        let first = from.0;
        check_order(first, to.0)?;
        let view = view(context, Some(to), known_at, held_by).await?;
        let rows = reader(context)?.load(Since { from: first, view }, self.0).await?;
        let rows = rows.unwrap_or_default();
        let of_one_clause = rows.chunk_by(|one, other| one.trackable_id == other.trackable_id);
        let changes = of_one_clause.filter_map(|history| {
            difference(
                history.iter().cloned(),
                first,
                |row| row.effective_on,
                |row| row.status.clone(),
                &initial().to_owned(),
            )
        });
        Ok(changes.map(ClauseStatusChange).collect())
    }
}
