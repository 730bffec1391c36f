//! Clauses.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, Result};

use super::agreement::{Agreement, AgreementById, AgreementBySlug};
use super::assessment::{ClauseAssessment, ClauseAssessmentConnection, Confidence};
use super::batch::{batches, reader};
use super::caveat::{CaveatClauseLink, LinksOfClause};
use super::deadline::{self, Deadline, DeadlinesOf};
use super::error::Code;
use super::event::EventConnection;
use super::node::{expect, expect_optional, global_id, list as load_list, shared, shared_lists};
use super::order::OrderDirection;
use super::page::{Paging, connection};
use super::party::{Party, PartyById};
use super::precondition::{Precondition, PreconditionsOf, PreconditionsRequiring};
use super::scalar::{Date, DateTime};
use super::source::{Source, SourceById};
use super::topic::{Topic, TopicById};
use super::view::{fate, view};
use crate::db;
use crate::db::clause::{ClauseList, Parent};
use crate::db::event::EventList;
use crate::db::page::Direction;
use crate::db::search::Searchable;
use crate::domain::id::{ClauseId, PartId};
use crate::domain::search::Passage;
use crate::domain::{Choice, Kind, clause, status, text};

/// A point of an agreement.
#[derive(Clone)]
pub struct Clause(Arc<db::clause::Clause>);

impl From<Arc<db::clause::Clause>> for Clause {
    fn from(row: Arc<db::clause::Clause>) -> Self {
        Self(row)
    }
}

impl Clause {
    /// Its texts, for excerpts.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        self.0.passages()
    }
}

batches! {
    /// Clauses by id.
    ClauseById: ClauseId => Clause, |connection, keys| db::clause::by_ids(connection, keys).map(shared);
    /// Clauses by agreement's id and number.
    ClauseByNumber: String => Clause, |connection, keys| db::clause::by_numbers(connection, keys).map(shared);
    /// The parts of clauses.
    ChildrenOf: ClauseId => Vec<Clause>, |connection, keys| db::clause::children_of(connection, keys).map(shared_lists);
    /// The obligations of clauses.
    ObligationsOf: ClauseId => Vec<Obligation>,
        |connection, keys| db::clause::obligations_of(connection, keys).map(shared_lists);
    /// Obligations by id.
    ObligationById: PartId => Obligation,
        |connection, keys| db::clause::obligations_by_ids(connection, keys).map(shared);
}

connection!(ClauseConnection, ClauseEdge, Clause, ClauseList);

/// What became of a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "status::ClauseStatus")]
pub enum ClauseStatus {
    /// Nobody has judged it.
    Unassessed,
    /// It asks for nothing in this case.
    NotApplicable,
    /// Nothing was done.
    NotStarted,
    /// First steps were made, far from what it asks.
    Minimal,
    /// A good part was done, not all.
    Partial,
    /// All that it asks was done; of a standing duty: it is being kept.
    Complete,
    /// It was acted against.
    Breached,
    /// It was set aside for a time.
    Suspended,
    /// It is no longer of force, or was overtaken by events.
    Void,
}

impl ClauseStatus {
    /// The status with that database name.
    pub fn stored(name: &str) -> Result<Self> {
        let status = status::ClauseStatus::parse(name).map(Self::from);
        status.ok_or_else(|| Code::Internal.error("internal error"))
    }
}

/// Whether a clause can be done once and for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "clause::ClauseNature")]
pub enum ClauseNature {
    /// It is done once.
    OneOff,
    /// It is a standing duty, which can regress.
    Continuing,
}

/// What a party has to do with a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "clause::ObligationRole")]
pub enum ObligationRole {
    /// It has to do what the clause asks.
    Obliged,
    /// It watches that it is done.
    Monitor,
    /// It helps it to be done.
    Facilitator,
    /// It gains by it.
    Beneficiary,
}

fate! { ClauseFate, db::clause::Clause, ClauseStatus, ClauseAssessment, ClauseAssessmentConnection, "UNASSESSED" }

impl Clause {
    /// Its id in the database.
    pub fn key(&self) -> ClauseId {
        self.0.row.id
    }

    /// Whether parties disagree.
    pub async fn is_contested(
        &self,
        context: &Context<'_>,
        as_of: Option<Date>,
        known_at: Option<DateTime>,
    ) -> Result<bool> {
        ClauseFate(self.0.clone()).is_contested_at(context, as_of, known_at).await
    }
}

/// A point of an agreement.
#[Object]
impl Clause {
    /// Identifies the clause.
    pub async fn id(&self) -> ID {
        global_id(Kind::Clause, self.0.row.id)
    }

    /// Counts up with every change of this record, new assessments among them; sent back as `expectedVersion`.
    pub async fn version(&self) -> i32 {
        self.0.trackable.version
    }

    /// A short reference for people: the agreement's short title and the number, such as `Minsk II, 9`.
    pub async fn reference(&self, context: &Context<'_>) -> Result<String> {
        let agreement = expect(context, AgreementById, self.0.row.agreement_id).await?;
        Ok(format!("{}, {}", agreement.short_title_text(), self.0.row.number))
    }

    /// The agreement that it is of.
    async fn agreement(&self, context: &Context<'_>) -> Result<Agreement> {
        expect(context, AgreementById, self.0.row.agreement_id).await
    }

    /// The number as printed, with a dot before a letter: `4`, `10.a`, `11.n7`. Unique in the agreement.
    async fn number(&self) -> &str {
        &self.0.row.number
    }

    /// Its place in the agreement, from 1.
    async fn position(&self) -> i32 {
        self.0.row.position
    }

    /// The clause that it is a part of.
    async fn parent(&self, context: &Context<'_>) -> Result<Option<Clause>> {
        expect_optional(context, ClauseById, self.0.row.parent_id).await
    }

    /// The clauses that are parts of it, in order.
    async fn children(&self, context: &Context<'_>) -> Result<Vec<Clause>> {
        load_list(context, ChildrenOf, self.0.row.id).await
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

    /// Whether it can be done once and for all.
    async fn nature(&self) -> ClauseNature {
        self.0.row.nature.into()
    }

    /// What it is about.
    async fn topic(&self, context: &Context<'_>) -> Result<Topic> {
        expect(context, TopicById, self.0.row.topic_id).await
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

    /// Who has what to do with it.
    async fn obligations(&self, context: &Context<'_>) -> Result<Vec<Obligation>> {
        load_list(context, ObligationsOf, self.0.row.id).await
    }

    /// When it is due. Rival counts stand side by side.
    async fn deadlines(&self, context: &Context<'_>) -> Result<Vec<Deadline>> {
        load_list(context, DeadlinesOf, self.0.row.id).await
    }

    /// Whether it is overdue. Its deadlines to begin and its deadlines to be done are taken by themselves: it is overdue when the latest day of either is past, so as long as one of several rival counts leaves time, it is not. A deadline without a day is not counted. A clause whose status is COMPLETE, NOT_APPLICABLE, VOID or SUSPENDED is not overdue, and one that has begun, whose status is MINIMAL, PARTIAL or BREACHED, is no longer bound by deadlines to begin.
    async fn is_overdue(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "On this day, by the status in force at its end; today in UTC, by the latest status, where left out. Days are past when they lie before it. The deadlines' days are those of the present record."
        )]
        as_of: Option<Date>,
        #[graphql(
            desc = "By what the database knew at this instant of statuses, and so of the completions that deadlines are counted from; what it knows now where left out. Rules and events are those of the present record."
        )]
        known_at: Option<DateTime>,
        #[graphql(
            desc = "By the status in the view of the party with this id or slug; in the neutral record where left out. Everyone's deadlines are counted."
        )]
        held_by: Option<ID>,
    ) -> Result<bool> {
        let view = view(context, as_of, known_at, held_by).await?;
        deadline::is_overdue(context, &self.0, view).await
    }

    #[graphql(flatten)]
    async fn fate(&self, _context: &Context<'_>) -> ClauseFate {
        ClauseFate(self.0.clone())
    }

    /// What it waits for: by the text itself, and in each party's reading.
    pub async fn preconditions(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        load_list(context, PreconditionsOf, self.0.row.id.cast()).await
    }

    /// What waits for it: by the text itself, and in each party's reading.
    pub async fn precondition_of(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        load_list(context, PreconditionsRequiring, self.0.row.id.cast()).await
    }

    /// The caveats of proposals that touch it.
    async fn caveat_links(&self, context: &Context<'_>) -> Result<Vec<CaveatClauseLink>> {
        load_list(context, LinksOfClause, self.0.row.id).await
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

/// What a party has to do with a clause, according to someone.
#[derive(Clone)]
pub struct Obligation(Arc<db::clause::Obligation>);

impl From<Arc<db::clause::Obligation>> for Obligation {
    fn from(row: Arc<db::clause::Obligation>) -> Self {
        Self(row)
    }
}

/// What a party has to do with a clause, according to someone.
#[Object]
impl Obligation {
    /// Identifies this entry.
    pub async fn id(&self) -> ID {
        global_id(Kind::Obligation, self.0.id)
    }

    /// Who.
    async fn party(&self, context: &Context<'_>) -> Result<Party> {
        expect(context, PartyById, self.0.party_id).await
    }

    /// What they have to do with it.
    async fn role(&self) -> ObligationRole {
        self.0.role.into()
    }

    /// According to whom; null where it is undisputed.
    async fn held_by(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.0.held_by_id).await
    }
}

/// Which clauses are listed: those that fit everything that is given.
#[derive(Debug, InputObject)]
pub struct ClauseFilter {
    /// Of one of these agreements, by slug.
    agreement: Option<Vec<String>>,
    /// With one of these statuses in force.
    status: Option<Vec<ClauseStatus>>,
    /// About one of these topics, by slug.
    topic: Option<Vec<String>>,
    /// In which one of these parties has a part in any role, by slug.
    party: Option<Vec<String>>,
    /// Whose status has been so since this day or later. Clauses that are UNASSESSED are left out.
    status_since_from: Option<Date>,
    /// Whose status has been so since this day or earlier. Clauses that are UNASSESSED are left out.
    status_since_to: Option<Date>,
    /// With this text in heading, summary or text, whatever its case and accents.
    text: Option<String>,
    /// Whether parties disagree about their status, as `isContested` says.
    contested: Option<bool>,
    /// Whether something keeps them from being done: they are not done themselves, and require, by the text or in anyone's reading, something that is not done. What done means is said at `Sequence`.
    blocked: Option<bool>,
    /// Whether they are overdue, as `isOverdue` says.
    overdue: Option<bool>,
    /// The day at whose end statuses, disagreements and what is blocked are judged, and on which clauses are overdue or not. Where left out: the latest, and for what is overdue today (UTC).
    as_of: Option<Date>,
    /// The id or slug of the party in whose view statuses are judged; the neutral record's where left out.
    held_by: Option<ID>,
}

/// By what clauses are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "db::clause::Order")]
pub enum ClauseOrderField {
    /// By agreement (the day it was agreed), then by their place in it.
    Position,
    /// By the day since when their status is so. Those that are UNASSESSED count as earliest.
    StatusSince,
    /// By their earliest deadline. Those without count as latest.
    Deadline,
}

/// How clauses are ordered.
#[derive(Debug, InputObject)]
pub struct ClauseOrder {
    /// By what.
    field: ClauseOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// The list of clauses that is asked for.
///
/// # Errors
/// When the filter cannot be used.
pub async fn list(
    context: &Context<'_>,
    parent: Parent,
    filter: Option<ClauseFilter>,
    order: Option<ClauseOrder>,
) -> Result<ClauseList> {
    let filter = match filter {
        Some(filter) => filter.read(context).await?,
        None => db::clause::Filter::default(),
    };
    Ok(ClauseList {
        parent,
        filter,
        order: order.as_ref().map_or(db::clause::Order::Position, |order| order.field.into()),
        direction: order.map_or(Direction::Ascending, |order| order.direction.into()),
    })
}

impl ClauseFilter {
    /// The filter as the database knows it.
    ///
    /// # Errors
    /// When the text is too long, or the holder no party.
    pub async fn read(self, context: &Context<'_>) -> Result<db::clause::Filter> {
        Ok(db::clause::Filter {
            agreements: self.agreement,
            statuses: self.status.map(|statuses| statuses.into_iter().map(Into::into).collect()),
            topics: self.topic,
            parties: self.party,
            status_since_from: self.status_since_from.map(|day| day.0),
            status_since_to: self.status_since_to.map(|day| day.0),
            text: folded_filter(self.text)?,
            contested: self.contested,
            blocked: self.blocked,
            overdue: self.overdue,
            view: view(context, self.as_of, None, self.held_by).await?,
        })
    }
}

/// A text filter, folded as the stored texts are.
pub fn folded_filter(filter: Option<String>) -> Result<Option<String>> {
    let Some(filter) = filter else { return Ok(None) };
    let length = filter.chars().count();
    if length > text::LINE {
        let message =
            format!("`text` has {length} characters; a filter has at most {}", text::LINE);
        return Err(Code::BadUserInput.error(message));
    }
    if filter.contains('\0') {
        return Err(Code::BadUserInput
            .error("`text` contains the control character U+0000, which no text has"));
    }
    Ok(Some(text::fold(&filter)))
}

/// Reading clauses.
#[derive(Default)]
pub struct ClauseQuery;

#[Object]
impl ClauseQuery {
    /// The clause with this number in this agreement; null where there is none.
    async fn clause(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agreement's slug, such as `minsk-2`.")] agreement: String,
        #[graphql(desc = "The number as printed, such as `4.a`.")] number: String,
    ) -> Result<Option<Clause>> {
        let reader = reader(context)?;
        match reader.load(AgreementBySlug, agreement).await? {
            Some(agreement) => {
                reader.load(ClauseByNumber, format!("{}/{number}", agreement.key())).await
            }
            None => Ok(None),
        }
    }

    /// Clauses of all agreements.
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
        #[graphql(desc = "By agreement and position where left out.")] order_by: Option<
            ClauseOrder,
        >,
    ) -> Result<Option<ClauseConnection>> {
        let list = list(context, Parent::None, filter, order_by).await?;
        ClauseConnection::load(context, list, None, Paging { first, after, last, before })
            .await
            .map(Some)
    }
}
