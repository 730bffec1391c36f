//! What clauses, caveats and proposals have in common.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface may have the same type")]

use async_graphql::{Context, ID, Interface, Result};

use super::batch::batches;
use super::caveat::{Caveat, CaveatById};
use super::clause::{Clause, ClauseById};
use super::node::expect;
use super::precondition::Precondition;
use super::proposal::{Proposal, ProposalById};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::domain::id::TrackableId;
use crate::domain::status::TrackableKind;

/// Something agreed or put forward whose fate is followed by dated assessments: a clause, a caveat, a proposal.
#[derive(Interface, Clone)]
#[graphql(
    field(
        name = "id",
        ty = "ID",
        desc = "Identifies the record among all records of every type, for ever. Opaque: make no assumption about its form."
    ),
    field(
        name = "version",
        ty = "i32",
        desc = "Counts up with every change of this record; sent back as `expectedVersion`."
    ),
    field(
        name = "reference",
        ty = "Result<String>",
        desc = "A short reference for people, such as `Minsk II, 9`."
    ),
    field(
        name = "is_contested",
        ty = "Result<bool>",
        desc = "Whether parties disagree: the assessments in force of two of them do not give the same status. The neutral record is no party, and a party that is silent or says UNASSESSED does not disagree.",
        arg(
            name = "as_of",
            ty = "Option<Date>",
            desc = "As of the end of this day; the latest where left out."
        ),
        arg(
            name = "known_at",
            ty = "Option<DateTime>",
            desc = "By what the database knew at this instant: without what was recorded later, with what was taken back later. What it knows now where left out."
        )
    ),
    field(
        name = "preconditions",
        ty = "Result<Vec<Precondition>>",
        desc = "What it waits for: by the text itself, and in each party's reading."
    ),
    field(
        name = "precondition_of",
        ty = "Result<Vec<Precondition>>",
        desc = "What waits for it: by the text itself, and in each party's reading."
    )
)]
pub enum Trackable {
    /// A caveat.
    Caveat(Caveat),
    /// A clause.
    Clause(Clause),
    /// A proposal.
    Proposal(Proposal),
}

impl Trackable {
    /// The clause, caveat or proposal that a supertype row stands for.
    pub async fn of(context: &Context<'_>, id: TrackableId, kind: TrackableKind) -> Result<Self> {
        Ok(match kind {
            TrackableKind::Clause => Self::Clause(expect(context, ClauseById, id.cast()).await?),
            TrackableKind::Caveat => Self::Caveat(expect(context, CaveatById, id.cast()).await?),
            TrackableKind::Proposal => {
                Self::Proposal(expect(context, ProposalById, id.cast()).await?)
            }
        })
    }

    /// The clause, caveat or proposal with that id.
    pub async fn by_id(context: &Context<'_>, id: TrackableId) -> Result<Self> {
        let row = expect(context, TrackableById, id).await?;
        Self::of(context, id, row.kind).await
    }
}

batches! {
    /// Supertype rows by id.
    TrackableById: TrackableId => db::trackable::Trackable, db::trackable::by_ids;
}
