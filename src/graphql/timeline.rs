//! The timeline.

use async_graphql::{Context, Enum, Object, Result, Union};
use futures_util::future::try_join_all;

use super::assessment::{CaveatAssessment, ClauseAssessment, ProposalAssessment};
use super::deadline::Deadline;
use super::error::Code;
use super::event::Event;
use super::node::{Node, expect_node};
use super::page::{self, Paging, connection_types};
use super::proposal::Proposal;
use super::scalar::{Date, check_order};
use crate::db;
use crate::db::timeline::{Parent, TimelineList};

/// Something that has a day: a proposal on the day it was made, an event on the day it happened or began, an assessment on the day since when it is so, a deadline on the day it falls due.
#[derive(Union, Clone)]
pub enum TimelineEntry {
    /// A proposal.
    Proposal(Proposal),
    /// An event.
    Event(Event),
    /// An assessment of a clause.
    ClauseAssessment(ClauseAssessment),
    /// An assessment of a caveat.
    CaveatAssessment(CaveatAssessment),
    /// An assessment of a proposal.
    ProposalAssessment(ProposalAssessment),
    /// A deadline.
    Deadline(Deadline),
}

/// The kinds of entries of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::timeline::EntryKind")]
pub enum TimelineKind {
    /// Proposals.
    Proposal,
    /// Events.
    Event,
    /// Assessments of clauses, caveats and proposals.
    Assessment,
    /// Deadlines.
    Deadline,
}

impl TimelineEntry {
    async fn load(context: &Context<'_>, entry: &db::timeline::Entry) -> Result<Self> {
        match expect_node(context, entry.kind, entry.id.uuid()).await? {
            Node::Proposal(proposal) => Ok(Self::Proposal(proposal)),
            Node::Event(event) => Ok(Self::Event(event)),
            Node::ClauseAssessment(assessment) => Ok(Self::ClauseAssessment(assessment)),
            Node::CaveatAssessment(assessment) => Ok(Self::CaveatAssessment(assessment)),
            Node::ProposalAssessment(assessment) => Ok(Self::ProposalAssessment(assessment)),
            Node::Deadline(deadline) => Ok(Self::Deadline(deadline)),
            _ => Err(Code::Internal.error("internal error")),
        }
    }
}

connection_types!(TimelineConnection, TimelineEdge, TimelineEntry, TimelineList);

impl TimelineConnection {
    /// Reads a page of the timeline between two days and of these kinds, of the parent with that id where there is one.
    pub async fn load(
        context: &Context<'_>,
        (from, to): (Option<Date>, Option<Date>),
        kinds: Option<Vec<TimelineKind>>,
        parent: Option<&str>,
        paging: Paging,
    ) -> Result<Self> {
        let (from, to) = (from.map(|day| day.0), to.map(|day| day.0));
        if let (Some(from), Some(to)) = (from, to) {
            check_order(from, to)?;
        }
        let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
        let whose = parent.map_or(Parent::None, |_| Parent::Agreement);
        let list = TimelineList { parent: whose, from, to, kinds };
        let loaded = page::load(context, list, parent, paging).await?;
        let nodes = loaded.rows.iter().map(|entry| TimelineEntry::load(context, entry));
        let nodes = try_join_all(nodes).await?;
        Ok(Self::new(loaded, nodes))
    }
}

/// Reading the timeline.
#[derive(Default)]
pub struct TimelineQuery;

#[Object]
impl TimelineQuery {
    /// Proposals, events, assessments and due days of all agreements and proposals in one order: by day, oldest first; within a day proposals, then events, then assessments, then what was due. Without what was retracted or put away.
    async fn timeline(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "How many records from the start of the list, from 0 to 200; 50 where neither `first` nor `last` is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only records after this cursor.")] after: Option<String>,
        #[graphql(
            desc = "How many records from the end of the list, from 0 to 200. Not together with `first`."
        )]
        last: Option<i32>,
        #[graphql(desc = "Only records before this cursor.")] before: Option<String>,
        #[graphql(desc = "Only what is of this day or later.")] from: Option<Date>,
        #[graphql(desc = "Only what is of this day or earlier.")] to: Option<Date>,
        #[graphql(
            desc = "Only entries of these kinds; all where left out, none where the list is empty. A cursor is good whichever kinds are asked for."
        )]
        kinds: Option<Vec<TimelineKind>>,
    ) -> Result<Option<TimelineConnection>> {
        let paging = Paging { first, after, last, before };
        TimelineConnection::load(context, (from, to), kinds, None, paging).await.map(Some)
    }
}
