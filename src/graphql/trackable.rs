//! What clauses, caveats and proposals have in common.

#![expect(clippy::duplicated_attributes, reason = "fields of an interface may have the same type")]

use async_graphql::{Context, ID, Interface, Result};

use super::agreement::AgreementBySlug;
use super::batch::{batches, reader};
use super::caveat::{Caveat, CaveatById, CaveatByNumber};
use super::clause::{Clause, ClauseById, ClauseByNumber};
use super::error::Code;
use super::node::expect;
use super::precondition::Precondition;
use super::proposal::{Proposal, ProposalById, ProposalBySlug};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::domain::content::TRACKABLE;
use crate::domain::id::TrackableId;
use crate::domain::status::TrackableKind;
use crate::domain::{GlobalId, Id, text};

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

/// The clause, caveat or proposal that an argument names: by id, or by name as in `minsk-2/9`, `us-reply-2022/UR-4` and
/// `us-reply-2022`. Names are those of dossiers; one can be told from an id, as `view::party` says.
///
/// # Errors
/// When there is none of that name, or the id is one of something else.
pub async fn named(context: &Context<'_>, argument: &str, name: &ID) -> Result<TrackableId> {
    let refuse = |what: &str| {
        Code::BadUserInput.error(format!("`{argument}: {}` {what}", text::quote(name)))
    };
    match GlobalId::decode(name) {
        Some(GlobalId { kind, uuid }) if TRACKABLE.contains(&kind) => Ok(Id::from_uuid(uuid)),
        Some(other) => Err(refuse(&format!(
            "is the id of a record of the kind {}, not clause, caveat or proposal",
            other.kind.words()
        ))),
        None => by_name(context, name).await?.ok_or_else(|| {
            refuse(
                "is neither the id of a clause, caveat or proposal nor a name such as `minsk-2/9`",
            )
        }),
    }
}

async fn by_name(context: &Context<'_>, name: &str) -> Result<Option<TrackableId>> {
    let reader = reader(context)?;
    let Some((slug, number)) = name.split_once('/') else {
        let proposal = reader.load(ProposalBySlug, name.to_owned()).await?;
        return Ok(proposal.map(|proposal| proposal.key().cast()));
    };
    if let Some(agreement) = reader.load(AgreementBySlug, slug.to_owned()).await? {
        let clause = reader.load(ClauseByNumber, format!("{}/{number}", agreement.key())).await?;
        if let Some(clause) = clause {
            return Ok(Some(clause.key().cast()));
        }
    }
    let Some(proposal) = reader.load(ProposalBySlug, slug.to_owned()).await? else {
        return Ok(None);
    };
    let caveat = reader.load(CaveatByNumber, format!("{}/{number}", proposal.key())).await?;
    Ok(caveat.map(|caveat| caveat.key().cast()))
}
