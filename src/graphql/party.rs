//! Parties.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};

use super::agreement::AgreementConnection;
use super::batch::{batches, reader};
use super::clause::{ClauseConnection, ClauseFilter, ClauseOrder, ObligationRole};
use super::node::{expect_optional, global_id, shared, shared_lists};
use super::page::{Paging, connection};
use super::scalar::DateTime;
use crate::db;
use crate::db::agreement::AgreementList;
use crate::db::page::Direction;
use crate::domain::caveat::CaveatRole;
use crate::domain::id::{CaveatId, EventId, PartyId, ProposalId};
use crate::domain::proposal::ProposalRole;
use crate::domain::{Kind, party};

/// A state, an organisation, an armed group, a person who speaks for one.
#[derive(Clone)]
pub struct Party(Arc<db::party::Party>);

impl From<Arc<db::party::Party>> for Party {
    fn from(row: Arc<db::party::Party>) -> Self {
        Self(row)
    }
}

batches! {
    /// Parties by id.
    PartyById: PartyId => Party, |connection, keys| db::party::by_ids(connection, keys).map(shared);
    /// Parties by slug.
    PartyBySlug: String => Party, |connection, keys| db::party::by_slugs(connection, keys).map(shared);
    /// The actors of events.
    ActorsOf: EventId => Vec<Party>, |connection, keys| db::event::actors_of(connection, keys).map(shared_lists);
    /// Who made proposals.
    ProposersOf: ProposalId => Vec<Party>,
        |connection, keys| db::proposal::parties_of(connection, ProposalRole::Proposer, keys).map(shared_lists);
    /// To whom proposals are addressed.
    AddresseesOf: ProposalId => Vec<Party>,
        |connection, keys| db::proposal::parties_of(connection, ProposalRole::Addressee, keys).map(shared_lists);
    /// Who would have to do what caveats say.
    OwedBy: CaveatId => Vec<Party>,
        |connection, keys| db::caveat::parties_of(connection, CaveatRole::OwedBy, keys).map(shared_lists);
    /// Who would be owed what caveats say.
    OwedTo: CaveatId => Vec<Party>,
        |connection, keys| db::caveat::parties_of(connection, CaveatRole::OwedTo, keys).map(shared_lists);
}

connection!(PartyConnection, PartyEdge, Party, db::party::PartyList);

/// What a party is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "party::PartyKind")]
pub enum PartyKind {
    /// A state.
    State,
    /// An organisation of states.
    InternationalOrganisation,
    /// A body that governs without being recognised.
    DeFactoAuthority,
    /// An armed group.
    ArmedGroup,
    /// A body that mediates or monitors.
    MediatingBody,
    /// A person.
    Person,
}

/// A state, an organisation, an armed group, a person who speaks for one.
#[Object]
impl Party {
    /// Identifies the party.
    pub async fn id(&self) -> ID {
        global_id(Kind::Party, self.0.id)
    }

    /// Counts up with every change of this record; sent back as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Short name for addresses and filters, such as `united-states`. Unique.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Name for tables.
    async fn short_name(&self) -> &str {
        &self.0.short_name
    }

    /// What it is.
    async fn kind(&self) -> PartyKind {
        self.0.kind.into()
    }

    /// Of a person: the party that they speak for.
    async fn represents(&self, context: &Context<'_>) -> Result<Option<Party>> {
        expect_optional(context, PartyById, self.0.represents_id).await
    }

    /// The agreements that it has a part in, in any role, by the day they were agreed.
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
    ) -> Result<AgreementConnection> {
        let list = AgreementList {
            parent: db::agreement::Parent::Party,
            filter: db::agreement::Filter::default(),
            order: db::agreement::Order::AgreedOn,
            direction: Direction::Ascending,
        };
        AgreementConnection::load(
            context,
            list,
            Some(self.0.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    /// The clauses that it has a part in.
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
        #[graphql(desc = "Only those in which it has this role; any role where left out.")]
        role: Option<ObligationRole>,
        #[graphql(desc = "Only those that fit.")] filter: Option<ClauseFilter>,
        #[graphql(desc = "By agreement and position where left out.")] order_by: Option<
            ClauseOrder,
        >,
    ) -> Result<ClauseConnection> {
        let parent = db::clause::Parent::Party(role.map(Into::into));
        let list = super::clause::list(context, parent, filter, order_by).await?;
        ClauseConnection::load(
            context,
            list,
            Some(self.0.id.as_str()),
            Paging { first, after, last, before },
        )
        .await
    }

    /// When it was put away; null while it is in use. What refers to it still shows it.
    async fn archived_at(&self) -> Option<DateTime> {
        self.0.archived_at.map(DateTime)
    }
}

impl Party {
    /// Its id in the database.
    pub fn key(&self) -> PartyId {
        self.0.id
    }

    /// Its name, for sorting.
    pub fn name_text(&self) -> &str {
        &self.0.name
    }
}

/// Reading parties.
#[derive(Default)]
pub struct PartyQuery;

#[Object]
impl PartyQuery {
    /// The party with this slug; null where there is none.
    async fn party(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The party's slug, such as `ukraine`.")] slug: String,
    ) -> Result<Option<Party>> {
        reader(context)?.load(PartyBySlug, slug).await
    }

    /// All parties, by name.
    async fn parties(
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
    ) -> Result<Option<PartyConnection>> {
        PartyConnection::load(
            context,
            db::party::PartyList,
            None,
            Paging { first, after, last, before },
        )
        .await
        .map(Some)
    }
}
