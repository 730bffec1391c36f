//! Sequence: in which order steps can be taken, what waits for what, and what waits for itself in a circle.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use futures_util::future::{try_join, try_join_all};

use super::agreement::AgreementBySlug;
use super::batch::{Batch, reader};
use super::error::Code;
use super::node::expect;
use super::party::{Party, PartyById};
use super::precondition::{Precondition, PreconditionById};
use super::proposal::ProposalBySlug;
use super::scalar::{Date, DateTime};
use super::trackable::{self, Trackable};
use super::view;
use crate::db::{self, DbConnection};
use crate::domain::id::{PartyId, PreconditionId};
use crate::domain::sequence::{self, Graph, NotAStep, OwnerId, Question, Step};
use crate::domain::view::Moment;
use crate::domain::{Id, text};

/// The steps at a moment, and what they wait for: by the ids of agreements and proposals, with commas between them. All
/// that are asked for together share one graph.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct GraphAt(Moment);

impl Batch for GraphAt {
    type Key = String;
    type Value = Arc<Graph>;

    fn load(
        &self,
        connection: &mut DbConnection,
        keys: &[String],
    ) -> std::result::Result<HashMap<String, Arc<Graph>>, db::Error> {
        let owners: Vec<OwnerId> =
            keys.iter().flat_map(|key| key.split(',')).filter_map(Id::parse).collect();
        let graph = Arc::new(db::sequence::graph(connection, self.0, &owners)?);
        Ok(keys.iter().map(|key| (key.clone(), graph.clone())).collect())
    }
}

/// The arguments of a sequence.
pub struct Asked {
    /// Whose preconditions count.
    pub readings: Option<Vec<ID>>,
    /// As of which day things are done.
    pub as_of: Option<Date>,
    /// As known at which instant.
    pub known_at: Option<DateTime>,
    /// What is taken to be done.
    pub assume_done: Option<Vec<ID>>,
}

impl Asked {
    /// The sequence of these agreements and proposals.
    pub async fn answer(self, context: &Context<'_>, owners: &[OwnerId]) -> Result<Sequence> {
        let readings = match self.readings {
            Some(ids) => {
                Some(try_join_all(ids.iter().map(|id| view::party(context, "readings", id))).await?)
            }
            None => None,
        };
        let named = self.assume_done.unwrap_or_default();
        let assumed = named.iter().map(|name| trackable::named(context, "assumeDone", name));
        let assume_done = try_join_all(assumed).await?;
        let question =
            Question { owners: owners.to_vec(), readings, assume_done: assume_done.clone() };
        let moment = view::moment(self.as_of, self.known_at);
        let key: Vec<&str> = owners.iter().map(Id::as_str).collect();
        let graph = expect(context, GraphAt(moment), key.join(",")).await?;
        let sequence = graph.sequence(&question).map_err(|NotAStep(step)| {
            let names = named.iter().zip(&assume_done).filter(|(_, id)| **id == step);
            let quoted: String = names.take(1).map(|(name, _)| text::quote(name)).collect();
            Code::BadUserInput.error(format!(
                "`assumeDone: {quoted}` is not a step of this sequence: only what it is asked for, or what that requires in anyone's reading, can be taken to be done"
            ))
        })?;
        Ok(Sequence(sequence))
    }
}

/// In which order steps can be taken. Steps are clauses, caveats and proposals; what waits for what is what their preconditions say. A clause is done when it is COMPLETE or NOT_APPLICABLE, a caveat when it is SATISFIED, a proposal when it is ACCEPTED, by the neutral record. What was voided, withdrawn or lapsed is not done: what it asked for was never had. A step that is done waits for nothing any more; one that is not is done only once it has begun, been finished and taken effect, so all kinds of preconditions count alike. A clause and its parts do not wait for each other unless a precondition says so. Archived records are left out. Lists of steps are in the order of the days on which agreements were agreed and proposals made, then of positions, where nothing else is said.
pub struct Sequence(sequence::Sequence);

/// In which order steps can be taken.
#[Object]
impl Sequence {
    /// Whose preconditions count beside the text's own: those that were asked for, or, where none were named, everyone's who holds any of these.
    async fn readings(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        parties(context, &self.0.readings).await
    }

    /// The steps by when their turn comes, those that are done among them: each requires some of the stage before, and none of its own stage or a later one. Steps in a circle, and those that wait for one, directly or not, have no turn and are left out.
    async fn stages(&self) -> Vec<SequenceStage> {
        let stages = (1..).zip(&self.0.stages);
        stages.map(|(rank, steps)| SequenceStage { rank, steps: steps.clone() }).collect()
    }

    /// The steps that are not done and could be: all that they require is done.
    async fn ready(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        trackables(context, &self.0.ready).await
    }

    /// The steps that are not done and cannot be yet: something that they require is not done.
    async fn blocked(&self) -> Vec<BlockedStep> {
        self.0.blocked.iter().cloned().map(BlockedStep).collect()
    }

    /// The circles of steps that wait for each other, so that none of them can ever be done: for each precondition that closes any, the shortest that it closes. The shortest come first; at most 100 are given.
    async fn deadlocks(&self) -> Vec<Deadlock> {
        self.0.deadlocks.iter().cloned().map(Deadlock).collect()
    }

    /// The steps that are not done and hold up others, directly or not; what holds up most steps comes first.
    async fn keystones(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        trackables(context, &self.0.keystones).await
    }
}

/// Steps whose turn comes together.
pub struct SequenceStage {
    rank: i32,
    steps: Vec<Step>,
}

/// Steps whose turn comes together.
#[Object]
impl SequenceStage {
    /// When their turn comes: 1 for what requires nothing.
    async fn rank(&self) -> i32 {
        self.rank
    }

    /// The steps.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        trackables(context, &self.steps).await
    }
}

/// A step that cannot be done yet, and why.
pub struct BlockedStep(sequence::Blocked);

/// A step that cannot be done yet, and why.
#[Object]
impl BlockedStep {
    /// The step.
    async fn step(&self, context: &Context<'_>) -> Result<Trackable> {
        Trackable::of(context, self.0.step.id, self.0.step.kind).await
    }

    /// What it requires that is not done.
    async fn waiting_for(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        trackables(context, &self.0.waiting_for).await
    }

    /// The preconditions that are not met, in the order of `waitingFor`: they tell what the step cannot do before, and in whose reading.
    async fn preconditions(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        preconditions(context, &self.0.preconditions).await
    }
}

/// A circle of steps, each of which cannot be done before the next.
pub struct Deadlock(sequence::Deadlock);

/// A circle of steps, each of which cannot be done before the next.
#[Object]
impl Deadlock {
    /// The steps: each requires the next, and the last requires the first.
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<Trackable>> {
        trackables(context, &self.0.steps).await
    }

    /// Every precondition that counts between a step of the circle and the next, in the order of `steps`.
    async fn preconditions(&self, context: &Context<'_>) -> Result<Vec<Precondition>> {
        preconditions(context, &self.0.preconditions).await
    }

    /// Whose readings close the circle: the holders of its preconditions. Empty where the text alone closes it.
    async fn readings(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        parties(context, &self.0.readings).await
    }
}

async fn trackables(context: &Context<'_>, steps: &[Step]) -> Result<Vec<Trackable>> {
    try_join_all(steps.iter().map(|step| Trackable::of(context, step.id, step.kind))).await
}

async fn preconditions(context: &Context<'_>, ids: &[PreconditionId]) -> Result<Vec<Precondition>> {
    try_join_all(ids.iter().map(|id| expect(context, PreconditionById, *id))).await
}

async fn parties(context: &Context<'_>, ids: &[PartyId]) -> Result<Vec<Party>> {
    try_join_all(ids.iter().map(|id| expect(context, PartyById, *id))).await
}

/// Reading sequences.
#[derive(Default)]
pub struct SequenceQuery;

#[Object]
impl SequenceQuery {
    /// In which order the clauses of several agreements, and several proposals with their caveats, can be carried out: their steps, and whatever these require, in one.
    async fn sequence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slugs of agreements, such as `minsk-2`.")] agreements: Option<
            Vec<String>,
        >,
        #[graphql(desc = "The slugs of proposals, such as `us-reply-2022`.")] proposals: Option<
            Vec<String>,
        >,
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
    ) -> Result<Option<Sequence>> {
        let (agreements, proposals) =
            (agreements.unwrap_or_default(), proposals.unwrap_or_default());
        if agreements.is_empty() && proposals.is_empty() {
            return Err(Code::BadUserInput.error(
                "nothing to put in sequence: name at least one agreement in `agreements`, or one proposal in `proposals`",
            ));
        }
        let reader = reader(context)?;
        let agreements = agreements.into_iter().map(async |slug| {
            let found = reader.load(AgreementBySlug, slug.clone()).await?;
            found.map(|agreement| agreement.key().cast()).ok_or_else(|| unknown("agreement", &slug))
        });
        let proposals = proposals.into_iter().map(async |slug| {
            let found = reader.load(ProposalBySlug, slug.clone()).await?;
            found.map(|proposal| proposal.key().cast()).ok_or_else(|| unknown("proposal", &slug))
        });
        let (agreements, proposals) =
            try_join(try_join_all(agreements), try_join_all(proposals)).await?;
        let owners: Vec<OwnerId> = agreements.into_iter().chain(proposals).collect();
        let asked = Asked { readings, as_of, known_at, assume_done };
        asked.answer(context, &owners).await.map(Some)
    }
}

fn unknown(kind: &str, slug: &str) -> async_graphql::Error {
    Code::BadUserInput.error(format!("there is no {kind} with the slug {}", text::quote(slug)))
}
