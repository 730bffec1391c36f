//! Caveats.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use super::assessment::{CaveatAssessment, CaveatAssessmentConnection, Confidence};
use super::batch::batches;
use super::clause::{Clause, ClauseById, folded_filter};
use super::error::Code;
use super::event::EventConnection;
use super::node::{expect, expect_optional, global_id, list as load_list, shared, shared_lists};
use super::order::OrderDirection;
use super::page::{Paging, connection};
use super::party::{OwedBy, OwedTo, Party};
use super::precondition::{Precondition, PreconditionsOf, PreconditionsRequiring};
use super::proposal::{Proposal, ProposalById};
use super::scalar::{Date, DateTime};
use super::source::{Source, SourceById};
use super::topic::{Topic, TopicById};
use super::view::fate;
use crate::db;
use crate::db::caveat::{CaveatList, Parent};
use crate::db::event::EventList;
use crate::db::page::Direction;
use crate::db::search::Searchable;
use crate::domain::id::{CaveatId, ClauseId, PartId};
use crate::domain::search::Passage;
use crate::domain::{Choice, Kind, caveat, status};

/// One term of a proposal: what is offered, asked in exchange, threatened, or left to be made clear.
#[derive(Clone)]
pub struct Caveat(Arc<db::caveat::Caveat>);

impl From<Arc<db::caveat::Caveat>> for Caveat {
    fn from(row: Arc<db::caveat::Caveat>) -> Self {
        Self(row)
    }
}

impl Caveat {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Caveats by id.
    CaveatById: CaveatId => Caveat, |connection, keys| db::caveat::by_ids(connection, keys).map(shared);
    /// Caveats by proposal's id and number.
    CaveatByNumber: String => Caveat, |connection, keys| db::caveat::by_numbers(connection, keys).map(shared);
    /// What caveats are exchanged for.
    ExchangedFor: CaveatId => Vec<Caveat>,
        |connection, keys| db::caveat::exchanged_for(connection, keys).map(shared_lists);
    /// What caveats counter.
    AnsweredBy: CaveatId => Vec<Caveat>,
        |connection, keys| db::caveat::answered_by(connection, keys).map(shared_lists);
    /// Links to clauses, of caveats.
    LinksOfCaveat: CaveatId => Vec<CaveatClauseLink>,
        |connection, keys| db::caveat::links_of_caveats(connection, keys).map(shared_lists);
    /// Links to caveats, of clauses.
    LinksOfClause: ClauseId => Vec<CaveatClauseLink>,
        |connection, keys| db::caveat::links_of_clauses(connection, keys).map(shared_lists);
    /// Links by their own id.
    CaveatClauseLinkById: PartId => CaveatClauseLink,
        |connection, keys| db::caveat::links(connection, keys).map(shared);
}

connection!(CaveatConnection, CaveatEdge, Caveat, CaveatList);

/// What became of a caveat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::CaveatStatus")]
pub enum CaveatStatus {
    /// It stands, without an answer. Also what holds while nobody has assessed it.
    Open,
    /// It is being talked about between the sides.
    UnderNegotiation,
    /// It was taken as it is.
    Accepted,
    /// It was answered with another caveat.
    Countered,
    /// It was refused.
    Rejected,
    /// It was fulfilled, or cleared up.
    Satisfied,
    /// It was accepted, and acted against.
    Breached,
    /// It was taken back by those who made it.
    Withdrawn,
    /// It was overtaken by events.
    Lapsed,
}

impl CaveatStatus {
    /// The status with that database name.
    pub fn stored(name: &str) -> Result<Self> {
        let status = status::CaveatStatus::parse(name).map(Self::from);
        status.ok_or_else(|| Code::Internal.error("internal error"))
    }
}

/// What a caveat does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caveat::CaveatKind")]
pub enum CaveatKind {
    /// Something is offered.
    Offer,
    /// Something is asked.
    Demand,
    /// Something is threatened.
    Consequence,
    /// Something is left to be made clear.
    Clarification,
}

/// What a caveat is to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "caveat::CaveatLinkKind")]
pub enum CaveatLinkKind {
    /// It would carry the clause out.
    Implements,
    /// It asks for some of the same.
    Overlaps,
    /// It cannot stand beside the clause.
    Conflicts,
}

fate! { CaveatFate, db::caveat::Caveat, CaveatStatus, CaveatAssessment, CaveatAssessmentConnection, "OPEN" }

impl Caveat {
    /// Its id in the database.
    pub fn key(&self) -> CaveatId {
        self.0.row.id
    }

    /// Whether parties disagree.
    pub async fn is_contested(
        &self,
        context: &Context<'_>,
        as_of: Option<Date>,
        known_at: Option<DateTime>,
    ) -> Result<bool> {
        CaveatFate(self.0.clone()).is_contested_at(context, as_of, known_at).await
    }
}

/// One term of a proposal: what is offered, asked in exchange, threatened, or left to be made clear.
#[Object]
impl Caveat {
    /// Identifies the caveat.
    pub async fn id(&self) -> ID {
        global_id(Kind::Caveat, self.0.row.id)
    }

    /// Counts up with every change of this record, new assessments among them; sent back as `expectedVersion`.
    pub async fn version(&self) -> i32 {
        self.0.trackable.version
    }

    /// A short reference for people: the proposal's title and the number.
    pub async fn reference(&self, context: &Context<'_>) -> Result<String> {
        let proposal = expect(context, ProposalById, self.0.row.proposal_id).await?;
        Ok(format!("{}, {}", proposal.title_text(), self.0.row.number))
    }

    /// The proposal that it is of.
    async fn proposal(&self, context: &Context<'_>) -> Result<Proposal> {
        expect(context, ProposalById, self.0.row.proposal_id).await
    }

    /// The number, such as `UR-1`. Unique in the proposal.
    async fn number(&self) -> &str {
        &self.0.row.number
    }

    /// Its place in the proposal, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// What it does.
    async fn kind(&self) -> CaveatKind {
        self.0.row.kind.into()
    }

    /// A short name.
    async fn heading(&self) -> &str {
        &self.0.row.heading
    }

    /// What it says, in plain words.
    async fn summary(&self) -> &str {
        &self.0.row.summary
    }

    /// What it says, verbatim, where the source's licence allows.
    async fn text(&self) -> Option<&str> {
        self.0.row.text.as_deref()
    }

    /// What it is about.
    async fn topic(&self, context: &Context<'_>) -> Result<Topic> {
        expect(context, TopicById, self.0.row.topic_id).await
    }

    /// Who would have to do it.
    async fn owed_by(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        load_list(context, OwedBy, self.0.row.id).await
    }

    /// To whom it would be owed.
    async fn owed_to(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        load_list(context, OwedTo, self.0.row.id).await
    }

    /// What would be given for it. Symmetrical: each of them names this one, too.
    async fn in_exchange_for(&self, context: &Context<'_>) -> Result<Vec<Caveat>> {
        load_list(context, ExchangedFor, self.0.row.id).await
    }

    /// The caveats of other proposals that it counters.
    async fn answers(&self, context: &Context<'_>) -> Result<Vec<Caveat>> {
        load_list(context, AnsweredBy, self.0.row.id).await
    }

    /// The clauses of agreements that it touches.
    async fn clause_links(&self, context: &Context<'_>) -> Result<Vec<CaveatClauseLink>> {
        load_list(context, LinksOfCaveat, self.0.row.id).await
    }

    /// What this record rests on.
    async fn source(&self, context: &Context<'_>) -> Result<Option<Source>> {
        expect_optional(context, SourceById, self.0.row.source_id).await
    }

    /// How sure this record is.
    async fn confidence(&self) -> Confidence {
        self.0.row.confidence.into()
    }

    /// What is uncertain about this record.
    async fn note(&self) -> Option<&str> {
        self.0.row.note.as_deref()
    }

    #[graphql(flatten)]
    async fn fate(&self, _context: &Context<'_>) -> CaveatFate {
        CaveatFate(self.0.clone())
    }

    /// What it waits for: by the text itself, and in each party's reading.
    pub async fn preconditions(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        load_list(context, PreconditionsOf, self.0.row.id.cast()).await
    }

    /// What waits for it: by the text itself, and in each party's reading.
    pub async fn precondition_of(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        load_list(context, PreconditionsRequiring, self.0.row.id.cast()).await
    }

    /// The events that concern it, by day.
    async fn events(
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
    ) -> Result<EventConnection> {
        let list = EventList {
            parent: db::event::Parent::Trackable,
            filter: db::event::Filter::default(),
        };
        EventConnection::load(
            context,
            list,
            Some(self.0.row.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    /// When it was put away; null while it is in use. Archived records are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.trackable.archived_at.map(DateTime)
    }
}

/// What a caveat of a proposal is to a clause of an agreement.
#[derive(Clone)]
pub struct CaveatClauseLink(Arc<db::caveat::CaveatClauseLink>);

impl From<Arc<db::caveat::CaveatClauseLink>> for CaveatClauseLink {
    fn from(row: Arc<db::caveat::CaveatClauseLink>) -> Self {
        Self(row)
    }
}

/// What a caveat of a proposal is to a clause of an agreement.
#[Object]
impl CaveatClauseLink {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::CaveatClauseLink, self.0.id)
    }

    /// The caveat.
    async fn caveat(&self, context: &Context<'_>) -> Result<Caveat> {
        expect(context, CaveatById, self.0.caveat_id).await
    }

    /// The clause.
    async fn clause(&self, context: &Context<'_>) -> Result<Clause> {
        expect(context, ClauseById, self.0.clause_id).await
    }

    /// What the caveat is to the clause.
    async fn kind(&self) -> CaveatLinkKind {
        self.0.kind.into()
    }

    /// What to know about the link.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

/// Which caveats are listed: those that fit everything that is given.
#[derive(Debug, InputObject)]
pub struct CaveatFilter {
    /// Of one of these proposals, by slug.
    proposal: Option<Vec<String>>,
    /// Of one of these kinds.
    kind: Option<Vec<CaveatKind>>,
    /// With one of these statuses in force in the neutral record.
    status: Option<Vec<CaveatStatus>>,
    /// About one of these topics, by slug.
    topic: Option<Vec<String>>,
    /// Owed by or to one of these parties, by slug.
    party: Option<Vec<String>>,
    /// Whose status has been so since this day or later. Caveats that nobody has assessed are left out.
    status_since_from: Option<Date>,
    /// Whose status has been so since this day or earlier. Caveats that nobody has assessed are left out.
    status_since_to: Option<Date>,
    /// With this text in heading, summary or text, whatever its case and accents.
    text: Option<String>,
}

/// By what caveats are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::caveat::Order")]
pub enum CaveatOrderField {
    /// By proposal (the day it was made), then by their place in it.
    Position,
    /// By the day since when their status is so. Those that nobody has assessed count as earliest.
    StatusSince,
}

/// How caveats are ordered.
#[derive(Debug, InputObject)]
pub struct CaveatOrder {
    /// By what.
    field: CaveatOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// The list of caveats that is asked for.
pub fn list(
    parent: Parent,
    filter: Option<CaveatFilter>,
    order: Option<CaveatOrder>,
) -> Result<CaveatList> {
    Ok(CaveatList {
        parent,
        filter: filter.map(db::caveat::Filter::try_from).transpose()?.unwrap_or_default(),
        order: order.as_ref().map_or(db::caveat::Order::Position, |order| order.field.into()),
        direction: order.map_or(Direction::Ascending, |order| order.direction.into()),
    })
}

impl TryFrom<CaveatFilter> for db::caveat::Filter {
    type Error = async_graphql::Error;

    fn try_from(filter: CaveatFilter) -> Result<Self> {
        Ok(Self {
            proposals: filter.proposal,
            kinds: filter.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            statuses: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            topics: filter.topic,
            parties: filter.party,
            status_since_from: filter.status_since_from.map(|day| day.0),
            status_since_to: filter.status_since_to.map(|day| day.0),
            text: folded_filter(filter.text)?,
        })
    }
}

/// Reading caveats.
#[derive(Default)]
pub struct CaveatQuery;

#[Object]
impl CaveatQuery {
    /// Caveats of all proposals.
    async fn caveats(
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
        #[graphql(desc = "Only those that fit.")] filter: Option<CaveatFilter>,
        #[graphql(desc = "By proposal and position where left out.")] order_by: Option<CaveatOrder>,
    ) -> Result<Option<CaveatConnection>> {
        let list = list(Parent::None, filter, order_by)?;
        CaveatConnection::load(context, list, None, Paging { first, after, last, before })
            .await
            .map(Some)
    }
}
