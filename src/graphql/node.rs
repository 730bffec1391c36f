//! Anything that has an id, found again by it: Global Object Identification.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Interface, Object, Result};
use uuid::Uuid;

use super::agreement::{self, Agreement, AgreementParty, AgreementRelation, ExternalId};
use super::assessment::{self, CaveatAssessment, ClauseAssessment, ProposalAssessment};
use super::batch::{Batch, reader};
use super::caveat::{self, Caveat, CaveatClauseLink};
use super::clause::{self, Clause, Obligation};
use super::deadline::{self, Deadline};
use super::error::Code;
use super::event::{self, Event};
use super::party::{self, Party};
use super::precondition::{self, Precondition};
use super::proposal::{self, Proposal};
use super::source::{self, Source};
use super::token::{self, Token};
use super::topic::{self, Topic};
use super::viewer::admin;
use crate::domain::{Choice, GlobalId, Id, Kind, text};

/// Anything that has an id of its own and can be found again by it.
#[derive(Interface, Clone)]
#[graphql(field(
    name = "id",
    ty = "ID",
    desc = "Identifies the record among all records of every type, for ever. Opaque: make no assumption about its form."
))]
pub enum Node {
    /// An agreement.
    Agreement(Agreement),
    /// A party's part in an agreement.
    AgreementParty(AgreementParty),
    /// A relation between agreements.
    AgreementRelation(AgreementRelation),
    /// A caveat.
    Caveat(Caveat),
    /// An assessment of a caveat.
    CaveatAssessment(CaveatAssessment),
    /// A link between a caveat and a clause.
    CaveatClauseLink(CaveatClauseLink),
    /// A clause.
    Clause(Clause),
    /// An assessment of a clause.
    ClauseAssessment(ClauseAssessment),
    /// A deadline.
    Deadline(Deadline),
    /// An event.
    Event(Event),
    /// An identifier elsewhere.
    ExternalId(ExternalId),
    /// An obligation.
    Obligation(Obligation),
    /// A party.
    Party(Party),
    /// A precondition.
    Precondition(Precondition),
    /// A proposal.
    Proposal(Proposal),
    /// An assessment of a proposal.
    ProposalAssessment(ProposalAssessment),
    /// A source.
    Source(Source),
    /// An access token.
    Token(Token),
    /// A topic.
    Topic(Topic),
}

/// The global id of a record.
pub fn global_id<T>(kind: Kind, id: Id<T>) -> ID {
    ID(GlobalId::new(kind, id).encode())
}

/// Wraps rows for sharing, as node types.
pub fn shared<R, N: From<Arc<R>>>(rows: HashMap<String, R>) -> HashMap<String, N> {
    rows.into_iter().map(|(key, row)| (key, N::from(Arc::new(row)))).collect()
}

/// Wraps lists of rows for sharing, as node types.
pub fn shared_lists<R, N: From<Arc<R>>>(lists: HashMap<String, Vec<R>>) -> HashMap<String, Vec<N>> {
    let nodes = |rows: Vec<R>| rows.into_iter().map(|row| N::from(Arc::new(row))).collect();
    lists.into_iter().map(|(key, rows)| (key, nodes(rows))).collect()
}

/// A record that a foreign key says is there.
pub async fn expect<B: Batch>(context: &Context<'_>, batch: B, key: B::Key) -> Result<B::Value> {
    let value = reader(context)?.load(batch, key).await?;
    value.ok_or_else(|| {
        tracing::error!(batch = std::any::type_name::<B>(), "a referred record is missing");
        Code::Internal.error("internal error")
    })
}

/// A record that may be referred to.
pub async fn expect_optional<B: Batch>(
    context: &Context<'_>,
    batch: B,
    key: Option<B::Key>,
) -> Result<Option<B::Value>> {
    match key {
        Some(key) => Ok(Some(expect(context, batch, key).await?)),
        None => Ok(None),
    }
}

/// A record of any kind that is known to be there.
pub async fn expect_node(context: &Context<'_>, kind: Kind, uuid: Uuid) -> Result<Node> {
    load(context, kind, uuid).await?.ok_or_else(|| {
        tracing::error!(kind = kind.as_str(), %uuid, "a referred record is missing");
        Code::Internal.error("internal error")
    })
}

/// A list that may be empty.
pub async fn list<B: Batch<Value = Vec<N>>, N>(
    context: &Context<'_>,
    batch: B,
    key: B::Key,
) -> Result<Vec<N>> {
    Ok(reader(context)?.load(batch, key).await?.unwrap_or_default())
}

/// Finding records by id.
#[derive(Default)]
pub struct NodeQuery;

/// How many ids `nodes` takes at most.
const MOST_IDS: usize = 200;

#[Object]
impl NodeQuery {
    /// The record with this id, archived ones too; null where there is none.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The record's id.")] id: ID,
    ) -> Result<Option<Node>> {
        find(context, &id).await
    }

    /// The records with these ids, archived ones too, in the same order; null in the place of an id that nothing has.
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The records' ids; at most 200.")] ids: Vec<ID>,
    ) -> Result<Option<Vec<Option<Node>>>> {
        if ids.len() > MOST_IDS {
            let message = format!(
                "`ids` has {} items; at most {MOST_IDS} can be asked for at once",
                ids.len()
            );
            return Err(Code::BadUserInput.error(message));
        }
        let found = ids.iter().map(|id| find(context, id));
        Ok(Some(futures_util::future::try_join_all(found).await?))
    }
}

async fn find(context: &Context<'_>, id: &ID) -> Result<Option<Node>> {
    let Some(GlobalId { kind, uuid }) = GlobalId::decode(id) else {
        let message =
            format!("{} is not an id of this API: use the `id` of a record", text::quote(id));
        return Err(Code::BadUserInput.error(message));
    };
    load(context, kind, uuid).await
}

/// The record of that kind with that UUID; null where there is none.
pub async fn load(context: &Context<'_>, kind: Kind, uuid: Uuid) -> Result<Option<Node>> {
    let reader = reader(context)?;
    macro_rules! node {
        ($variant:ident, $batch:expr) => {
            reader.load($batch, Id::from_uuid(uuid)).await?.map(Node::$variant)
        };
    }
    macro_rules! assessment {
        ($variant:ident) => {
            reader
                .load(assessment::AssessmentById, Id::from_uuid(uuid))
                .await?
                .filter(|row| crate::db::assessment::assessment_kind(row.trackable_kind) == kind)
                .map($variant::from)
                .map(Node::$variant)
        };
    }
    Ok(match kind {
        Kind::Agreement => node!(Agreement, agreement::AgreementById),
        Kind::AgreementParty => node!(AgreementParty, agreement::AgreementPartyById),
        Kind::AgreementRelation => node!(AgreementRelation, agreement::AgreementRelationById),
        Kind::ExternalId => node!(ExternalId, agreement::ExternalIdById),
        Kind::Clause => node!(Clause, clause::ClauseById),
        Kind::Obligation => node!(Obligation, clause::ObligationById),
        Kind::Deadline => node!(Deadline, deadline::DeadlineById),
        Kind::Proposal => node!(Proposal, proposal::ProposalById),
        Kind::Caveat => node!(Caveat, caveat::CaveatById),
        Kind::CaveatClauseLink => node!(CaveatClauseLink, caveat::CaveatClauseLinkById),
        Kind::Party => node!(Party, party::PartyById),
        // Others are not even told whether there is one.
        Kind::Token if admin(context).is_err() => None,
        Kind::Token => node!(Token, token::TokenById),
        Kind::Topic => node!(Topic, topic::TopicById),
        Kind::Source => node!(Source, source::SourceById),
        Kind::Event => node!(Event, event::EventById),
        Kind::Precondition => node!(Precondition, precondition::PreconditionById),
        Kind::ClauseAssessment => assessment!(ClauseAssessment),
        Kind::ProposalAssessment => assessment!(ProposalAssessment),
        Kind::CaveatAssessment => assessment!(CaveatAssessment),
    })
}
