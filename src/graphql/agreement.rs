//! Agreements.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use chrono::NaiveDate;

use super::assessment::Confidence;
use super::batch::{batches, reader};
use super::clause::{Clause, ClauseByNumber, ClauseConnection, ClauseFilter, ClauseOrder};
use super::comparison::AgreementComparison;
use super::implementation::AgreementImplementation;
use super::node::{expect, expect_optional, global_id, list, shared, shared_lists};
use super::order::OrderDirection;
use super::page::{Paging, connection};
use super::party::{Party, PartyById};
use super::proposal::ProposalConnection;
use super::scalar::{Date, DateTime};
use super::sequence::{Asked, Sequence};
use super::source::{Source, SourceById};
use super::timeline::{TimelineConnection, TimelineKind};
use crate::db;
use crate::db::agreement::AgreementList;
use crate::db::page::Direction;
use crate::db::search::Searchable;
use crate::domain::id::{AgreementId, PartId, ProposalId};
use crate::domain::search::Passage;
use crate::domain::{Kind, agreement};

/// An instrument that parties agreed: a protocol, memorandum, package of measures, resolution, treaty.
#[derive(Clone)]
pub struct Agreement(Arc<db::agreement::Agreement>);

impl From<Arc<db::agreement::Agreement>> for Agreement {
    fn from(row: Arc<db::agreement::Agreement>) -> Self {
        Self(row)
    }
}

impl Agreement {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Agreements by id.
    AgreementById: AgreementId => Agreement, |connection, keys| db::agreement::by_ids(connection, keys).map(shared);
    /// Agreements by slug.
    AgreementBySlug: String => Agreement, |connection, keys| db::agreement::by_slugs(connection, keys).map(shared);
    /// The agreements that proposals are about.
    AgreementsOfProposal: ProposalId => Vec<Agreement>,
        |connection, keys| db::agreement::of_proposals(connection, keys).map(shared_lists);
    /// Identifiers elsewhere, of agreements.
    ExternalIdsOf: AgreementId => Vec<ExternalId>,
        |connection, keys| db::agreement::external_ids_of(connection, keys).map(shared_lists);
    /// Identifiers elsewhere, by their own id.
    ExternalIdById: PartId => ExternalId,
        |connection, keys| db::agreement::part::external_ids(connection, keys).map(shared);
    /// Parties' parts in agreements.
    PartiesOf: AgreementId => Vec<AgreementParty>,
        |connection, keys| db::agreement::parties_of(connection, keys).map(shared_lists);
    /// Parties' parts, by their own id.
    AgreementPartyById: PartId => AgreementParty,
        |connection, keys| db::agreement::part::parties(connection, keys).map(shared);
    /// Relations of agreements.
    RelationsOf: AgreementId => Vec<AgreementRelation>,
        |connection, keys| db::agreement::relations_of(connection, keys).map(shared_lists);
    /// Relations, by their own id.
    AgreementRelationById: PartId => AgreementRelation,
        |connection, keys| db::agreement::part::relations(connection, keys).map(shared);
}

connection!(AgreementConnection, AgreementEdge, Agreement, AgreementList);

/// What an instrument calls itself, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::AgreementKind")]
pub enum AgreementKind {
    /// A protocol.
    Protocol,
    /// A memorandum.
    Memorandum,
    /// A package of measures.
    PackageOfMeasures,
    /// A declaration.
    Declaration,
    /// A resolution of an international body.
    Resolution,
    /// An addition to another instrument.
    Addendum,
    /// A treaty.
    Treaty,
    /// A law.
    Law,
    /// Anything else.
    Other,
}

/// What a party is to an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::AgreementRole")]
pub enum AgreementRole {
    /// It signed the agreement.
    Signatory,
    /// It has duties under the agreement.
    Party,
    /// It stands surety for the agreement.
    Guarantor,
    /// It brought the sides together.
    Mediator,
    /// It watches that the agreement is kept.
    Monitor,
    /// It backs the agreement without being a party.
    Endorser,
}

/// What an agreement is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "agreement::RelationKind")]
pub enum AgreementRelationKind {
    /// It carries the other out.
    Implements,
    /// It changes the other.
    Amends,
    /// It prolongs the other.
    Extends,
    /// It takes the other's place.
    Supersedes,
    /// It backs the other.
    Endorses,
}

/// An instrument that parties agreed: a protocol, memorandum, package of measures, resolution, treaty.
#[Object]
impl Agreement {
    /// Identifies the agreement.
    pub async fn id(&self) -> ID {
        global_id(Kind::Agreement, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Short name for addresses and filters, such as `minsk-2`. Unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Full title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Title for tables, such as `Minsk II`.
    async fn short_title(&self) -> &str {
        &self.0.short_title
    }

    /// What it is.
    async fn kind(&self) -> AgreementKind {
        self.0.kind.into()
    }

    /// How it was adopted, in a sentence: who signed, in what form.
    async fn adoption(&self) -> &str {
        &self.0.adoption
    }

    /// The day it was agreed.
    async fn agreed_on(&self) -> Date {
        Date(self.0.agreed_on)
    }

    /// Where it was agreed.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }

    /// What it is about, in plain words.
    async fn summary(&self) -> &str {
        &self.0.summary
    }

    /// What this record rests on.
    async fn source(&self, context: &Context<'_>) -> Result<Option<Source>> {
        expect_optional(context, SourceById, self.0.source_id).await
    }

    /// How sure this record is.
    async fn confidence(&self) -> Confidence {
        self.0.confidence.into()
    }

    /// What is uncertain about this record.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Its identifiers elsewhere.
    async fn external_ids(&self, context: &Context<'_>) -> Result<Vec<ExternalId>> {
        list(context, ExternalIdsOf, self.0.id).await
    }

    /// Who takes part in it, as what. Roles can be disputed: then one party stands here several times, and `heldBy` says according to whom.
    async fn parties(&self, context: &Context<'_>) -> Result<Vec<AgreementParty>> {
        list(context, PartiesOf, self.0.id).await
    }

    /// What it is to other agreements.
    async fn relations(&self, context: &Context<'_>) -> Result<Vec<AgreementRelation>> {
        list(context, RelationsOf, self.0.id).await
    }

    /// Its clauses.
    async fn clauses(
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
        #[graphql(desc = "Only those that fit.")] filter: Option<ClauseFilter>,
        #[graphql(desc = "By position where left out.")] order_by: Option<ClauseOrder>,
    ) -> Result<ClauseConnection> {
        let list =
            super::clause::list(context, db::clause::Parent::Agreement, filter, order_by).await?;
        ClauseConnection::load(
            context,
            list,
            Some(self.0.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    #[graphql(flatten)]
    async fn implementation(&self, _context: &Context<'_>) -> AgreementImplementation {
        let agreement = self.0.id.to_string();
        AgreementImplementation { agreement, agreed_on: self.0.agreed_on }
    }

    #[graphql(flatten)]
    async fn comparison(&self, _context: &Context<'_>) -> AgreementComparison {
        AgreementComparison(self.0.id)
    }

    /// Its clause with this number; null where there is none.
    async fn clause(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The number as printed, such as `4.a`.")] number: String,
    ) -> Result<Option<Clause>> {
        reader(context)?.load(ClauseByNumber, format!("{}/{number}", self.0.id)).await
    }

    /// In which order its clauses can be carried out: its own steps, and whatever they require, of other agreements and proposals too.
    async fn sequence(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "Whose preconditions count beside the text's own: parties by id or slug. Everyone's where left out; the text's alone where empty. The text counts as these parties read it: what the text says of two steps is left out where every one of them puts the two the other way round."
        )]
        readings: Option<Vec<ID>>,
        #[graphql(desc = "What is done as of the end of this day; the latest where left out.")]
        as_of: Option<Date>,
        #[graphql(
            desc = "What is done by what the database knew at this instant; what it knows now where left out. Preconditions count as they stand now."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "Steps that are taken to be done, to see what would follow: clauses, caveats and proposals by id, or by name as in `minsk-2/9`, `us-reply-2022/UR-4` and `us-reply-2022`. Each must be a step of this sequence, in anyone's reading."
        )]
        assume_done: Option<Vec<ID>>,
    ) -> Result<Sequence> {
        let question = Asked { readings, as_of, known_at, assume_done };
        question.answer(context, &[self.0.id.cast()]).await
    }

    /// The proposals that are about it, by the day they were made.
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
    ) -> Result<ProposalConnection> {
        let list = super::proposal::list(db::proposal::Parent::Agreement, None, None);
        ProposalConnection::load(
            context,
            list,
            Some(self.0.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    /// What happened around it, in one order: the proposals about it, the events that concern its clauses, these proposals or their caveats, the assessments of all of these, and the days on which its clauses were due. By day, oldest first; within a day proposals, then events, then assessments, then what was due. Without what was retracted or put away.
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
    ) -> Result<TimelineConnection> {
        let paging = Paging { first, after, last, before };
        let agreement = Some(self.0.id.as_str());
        TimelineConnection::load(context, (from, to), kinds, agreement, paging).await
    }

    /// When it was put away; null while it is in use. Archived agreements and their clauses are left out of lists.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}

impl Agreement {
    /// Its id in the database.
    pub fn key(&self) -> AgreementId {
        self.0.id
    }

    /// The day on which it was agreed.
    pub fn agreed_on_day(&self) -> NaiveDate {
        self.0.agreed_on
    }

    /// Its title for tables.
    pub fn short_title_text(&self) -> &str {
        &self.0.short_title
    }
}

/// An identifier of an agreement in someone else's numbering.
#[derive(Clone)]
pub struct ExternalId(Arc<db::agreement::ExternalId>);

impl From<Arc<db::agreement::ExternalId>> for ExternalId {
    fn from(row: Arc<db::agreement::ExternalId>) -> Self {
        Self(row)
    }
}

/// An identifier of an agreement in someone else's numbering.
#[Object]
impl ExternalId {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::ExternalId, self.0.id)
    }

    /// Whose numbering, such as `PA-X`.
    async fn scheme(&self) -> &str {
        &self.0.scheme
    }

    /// The identifier there, such as `1364`.
    async fn value(&self) -> &str {
        &self.0.value
    }
}

/// A party's part in an agreement, according to someone.
#[derive(Clone)]
pub struct AgreementParty(Arc<db::agreement::AgreementParty>);

impl From<Arc<db::agreement::AgreementParty>> for AgreementParty {
    fn from(row: Arc<db::agreement::AgreementParty>) -> Self {
        Self(row)
    }
}

/// A party's part in an agreement, according to someone.
#[Object]
impl AgreementParty {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::AgreementParty, self.0.id)
    }

    /// Who takes part.
    async fn party(&self, context: &Context<'_>) -> Result<Party> {
        expect(context, PartyById, self.0.party_id).await
    }

    /// As what.
    async fn role(&self) -> AgreementRole {
        self.0.role.into()
    }

    /// In which capacity, in words.
    async fn capacity(&self) -> Option<&str> {
        self.0.capacity.as_deref()
    }

    /// According to whom; null where it is undisputed.
    async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.0.held_by_id).await
    }
}

/// What an agreement is to another.
#[derive(Clone)]
pub struct AgreementRelation(Arc<db::agreement::AgreementRelation>);

impl From<Arc<db::agreement::AgreementRelation>> for AgreementRelation {
    fn from(row: Arc<db::agreement::AgreementRelation>) -> Self {
        Self(row)
    }
}

/// What an agreement is to another.
#[Object]
impl AgreementRelation {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::AgreementRelation, self.0.id)
    }

    /// What it is to the other.
    async fn kind(&self) -> AgreementRelationKind {
        self.0.kind.into()
    }

    /// The other agreement.
    async fn agreement(&self, context: &Context<'_>) -> Result<Agreement> {
        expect(context, AgreementById, self.0.related_id).await
    }
}

/// Which agreements are listed: those that fit everything that is given.
#[derive(Debug, InputObject)]
pub struct AgreementFilter {
    /// Of one of these kinds.
    kind: Option<Vec<AgreementKind>>,
    /// In which one of these parties takes part in any role, by slug.
    party: Option<Vec<String>>,
    /// Agreed on this day or later.
    agreed_from: Option<Date>,
    /// Agreed on this day or earlier.
    agreed_to: Option<Date>,
}

/// By what agreements are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::agreement::Order")]
pub enum AgreementOrderField {
    /// By the day they were agreed.
    AgreedOn,
    /// By title.
    Title,
}

/// How agreements are ordered.
#[derive(Debug, InputObject)]
pub struct AgreementOrder {
    /// By what.
    field: AgreementOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: OrderDirection,
}

impl From<AgreementFilter> for db::agreement::Filter {
    fn from(filter: AgreementFilter) -> Self {
        Self {
            kinds: filter.kind.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            parties: filter.party,
            agreed_from: filter.agreed_from.map(|day| day.0),
            agreed_to: filter.agreed_to.map(|day| day.0),
        }
    }
}

/// Reading agreements.
#[derive(Default)]
pub struct AgreementQuery;

#[Object]
impl AgreementQuery {
    /// The agreement with this slug; null where there is none.
    async fn agreement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agreement's slug, such as `minsk-2`.")] slug: String,
    ) -> Result<Option<Agreement>> {
        reader(context)?.load(AgreementBySlug, slug).await
    }

    /// Agreements.
    async fn agreements(
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
        #[graphql(desc = "Only those that fit.")] filter: Option<AgreementFilter>,
        #[graphql(desc = "By the day they were agreed where left out.")] order_by: Option<
            AgreementOrder,
        >,
    ) -> Result<Option<AgreementConnection>> {
        let list = AgreementList {
            parent: db::agreement::Parent::None,
            filter: filter.map(Into::into).unwrap_or_default(),
            order: order_by
                .as_ref()
                .map_or(db::agreement::Order::AgreedOn, |order| order.field.into()),
            direction: order_by.map_or(Direction::Ascending, |order| order.direction.into()),
        };
        AgreementConnection::load(context, list, None, Paging { first, after, last, before })
            .await
            .map(Some)
    }
}
