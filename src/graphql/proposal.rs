//! Proposals.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use super::agreement::{Agreement, AgreementsOfProposal};
use super::assessment::{Confidence, ProposalAssessment, ProposalAssessmentConnection};
use super::batch::{batches, reader};
use super::caveat::{Caveat, CaveatByNumber, CaveatConnection, CaveatFilter};
use super::clause::folded_filter;
use super::error::Code;
use super::event::EventConnection;
use super::node::{expect_optional, global_id, list as load_list, shared, shared_lists};
use super::order::OrderDirection;
use super::page::{Paging, connection};
use super::party::{AddresseesOf, Party, ProposersOf};
use super::precondition::{Precondition, PreconditionsOf, PreconditionsRequiring};
use super::scalar::{Date, DateTime};
use super::source::{Source, SourceById};
use super::view::fate;
use crate::db;
use crate::db::event::EventList;
use crate::db::page::Direction;
use crate::db::proposal::{Parent, ProposalList};
use crate::db::search::Searchable;
use crate::domain::id::ProposalId;
use crate::domain::search::Passage;
use crate::domain::{Choice, Kind, proposal, status};

/// An offer or plan put forward by someone, and the caveats it comes with.
#[derive(Clone)]
pub struct Proposal(Arc<db::proposal::Proposal>);

impl From<Arc<db::proposal::Proposal>> for Proposal {
    fn from(row: Arc<db::proposal::Proposal>) -> Self {
        Self(row)
    }
}

impl Proposal {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Proposals by id.
    ProposalById: ProposalId => Proposal, |connection, keys| db::proposal::by_ids(connection, keys).map(shared);
    /// Proposals by slug.
    ProposalBySlug: String => Proposal, |connection, keys| db::proposal::by_slugs(connection, keys).map(shared);
    /// The answers to proposals.
    ResponsesTo: ProposalId => Vec<Proposal>,
        |connection, keys| db::proposal::responses_to(connection, keys).map(shared_lists);
}

connection!(ProposalConnection, ProposalEdge, Proposal, ProposalList);

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::ProposalStatus")]
pub enum ProposalStatus {
    /// It was mentioned, without form. Also what holds while nobody has assessed it.
    Floated,
    /// It was put forward in due form.
    Tabled,
    /// It is being talked about between the sides.
    UnderNegotiation,
    /// It was taken as it is.
    Accepted,
    /// It was taken in part.
    PartlyAccepted,
    /// It was answered with another proposal.
    Countered,
    /// It was refused.
    Rejected,
    /// It was taken back by those who made it.
    Withdrawn,
    /// It was overtaken by events.
    Lapsed,
}

impl ProposalStatus {
    /// The status with that database name.
    pub fn stored(name: &str) -> Result<Self> {
        let status = status::ProposalStatus::parse(name).map(Self::from);
        status.ok_or_else(|| Code::Internal.error("internal error"))
    }
}

/// In whose name a proposal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "proposal::ProposalStanding")]
pub enum ProposalStanding {
    /// It was put forward by a party itself.
    Official,
    /// It is a commentator's, or known from a leak alone.
    Unofficial,
}

fate! { ProposalFate, db::proposal::Proposal, ProposalStatus, ProposalAssessment, ProposalAssessmentConnection, "FLOATED" }

impl Proposal {
    /// Whether parties disagree.
    pub async fn is_contested(
        &self,
        context: &Context<'_>,
        as_of: Option<Date>,
        known_at: Option<DateTime>,
    ) -> Result<bool> {
        ProposalFate(self.0.clone()).is_contested_at(context, as_of, known_at).await
    }
}

/// An offer or plan put forward by someone, and the caveats it comes with.
#[Object]
impl Proposal {
    /// Identifies the proposal.
    pub async fn id(&self) -> ID {
        global_id(Kind::Proposal, self.0.row.id)
    }

    /// Counts up with every change of this record, new assessments among them; sent back as `expectedVersion`.
    pub async fn version(&self) -> i32 {
        self.0.trackable.version
    }

    /// A short reference for people: the title.
    pub async fn reference(&self, _context: &Context<'_>) -> Result<String> {
        Ok(self.0.row.title.clone())
    }

    /// Short name for addresses and filters, such as `us-reply-2022`. Unique.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Title.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What it is about, in plain words.
    async fn summary(&self) -> &str {
        &self.0.row.summary
    }

    /// In whose name it speaks.
    async fn standing(&self) -> ProposalStanding {
        self.0.row.standing.into()
    }

    /// Whether it is put forward as all or nothing.
    async fn is_package(&self) -> bool {
        self.0.row.is_package
    }

    /// The day it was made.
    async fn made_on(&self) -> Date {
        Date(self.0.row.made_on)
    }

    /// Who put it forward.
    async fn proposed_by(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        load_list(context, ProposersOf, self.0.row.id).await
    }

    /// Who is asked for an answer.
    async fn addressed_to(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        load_list(context, AddresseesOf, self.0.row.id).await
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
    async fn fate(&self, _context: &Context<'_>) -> ProposalFate {
        ProposalFate(self.0.clone())
    }

    /// Its caveats, in order.
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
    ) -> Result<CaveatConnection> {
        let list = super::caveat::list(db::caveat::Parent::Proposal, filter, None)?;
        CaveatConnection::load(
            context,
            list,
            Some(self.0.row.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    /// Its caveat with this number; null where there is none.
    async fn caveat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The number, such as `UR-1`.")] number: String,
    ) -> Result<Option<Caveat>> {
        reader(context)?.load(CaveatByNumber, format!("{}/{number}", self.0.row.id)).await
    }

    /// The instruments that it is about.
    async fn agreements(&self, context: &Context<'_>) -> Result<Vec<Agreement>> {
        load_list(context, AgreementsOfProposal, self.0.row.id).await
    }

    /// The proposal that it answers.
    async fn responds_to(&self, context: &Context<'_>) -> Result<Option<Proposal>> {
        expect_optional(context, ProposalById, self.0.row.responds_to_id).await
    }

    /// The proposals that answer it, by the day they were made.
    async fn responses(&self, context: &Context<'_>) -> Result<Vec<Proposal>> {
        load_list(context, ResponsesTo, self.0.row.id).await
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

    /// When it was put away; null while it is in use. Archived proposals and their caveats are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.trackable.archived_at.map(DateTime)
    }
}

impl Proposal {
    /// Its id in the database.
    pub fn key(&self) -> ProposalId {
        self.0.row.id
    }

    /// Its title.
    pub fn title_text(&self) -> &str {
        &self.0.row.title
    }
}

/// Which proposals are listed: those that fit everything that is given.
#[derive(Debug, InputObject)]
pub struct ProposalFilter {
    /// With one of these statuses in force in the neutral record.
    status: Option<Vec<ProposalStatus>>,
    /// Of this standing.
    standing: Option<ProposalStanding>,
    /// Made by or addressed to one of these parties, by slug.
    party: Option<Vec<String>>,
    /// About one of these agreements, by slug.
    agreement: Option<Vec<String>>,
    /// Made on this day or later.
    made_from: Option<Date>,
    /// Made on this day or earlier.
    made_to: Option<Date>,
    /// With this text in title or summary, whatever its case and accents.
    text: Option<String>,
}

/// By what proposals are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::proposal::Order")]
pub enum ProposalOrderField {
    /// By the day they were made.
    MadeOn,
    /// By the day since when their status is so. Those that nobody has assessed count as earliest.
    StatusSince,
}

/// How proposals are ordered.
#[derive(Debug, InputObject)]
pub struct ProposalOrder {
    /// By what.
    field: ProposalOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// The list of proposals that is asked for.
pub fn list(
    parent: Parent,
    filter: Option<db::proposal::Filter>,
    order: Option<ProposalOrder>,
) -> ProposalList {
    ProposalList {
        parent,
        filter: filter.unwrap_or_default(),
        order: order.as_ref().map_or(db::proposal::Order::MadeOn, |order| order.field.into()),
        direction: order.map_or(Direction::Ascending, |order| order.direction.into()),
    }
}

impl TryFrom<ProposalFilter> for db::proposal::Filter {
    type Error = async_graphql::Error;

    fn try_from(filter: ProposalFilter) -> Result<Self> {
        Ok(Self {
            statuses: filter.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            standing: filter.standing.map(Into::into),
            parties: filter.party,
            agreements: filter.agreement,
            made_from: filter.made_from.map(|day| day.0),
            made_to: filter.made_to.map(|day| day.0),
            text: folded_filter(filter.text)?,
        })
    }
}

/// Reading proposals.
#[derive(Default)]
pub struct ProposalQuery;

#[Object]
impl ProposalQuery {
    /// The proposal with this slug; null where there is none.
    async fn proposal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The proposal's slug, such as `us-reply-2022`.")] slug: String,
    ) -> Result<Option<Proposal>> {
        reader(context)?.load(ProposalBySlug, slug).await
    }

    /// Proposals.
    async fn proposals(
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
        #[graphql(desc = "Only those that fit.")] filter: Option<ProposalFilter>,
        #[graphql(desc = "By the day they were made where left out.")] order_by: Option<
            ProposalOrder,
        >,
    ) -> Result<Option<ProposalConnection>> {
        let filter = filter.map(db::proposal::Filter::try_from).transpose()?;
        let list = list(Parent::None, filter, order_by);
        ProposalConnection::load(context, list, None, Paging { first, after, last, before })
            .await
            .map(Some)
    }
}
