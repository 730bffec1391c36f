//! Sequences: the order of steps, their required steps, and deadlocks.

use async_graphql::ID;

use super::engine::call::{Call, Reference, Resolved};
use super::engine::link::{each_or_failed, reference, reference_list, value_list};
use super::engine::reader::{Reader, call, value};
use super::engine::schema::Object;
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use super::{assessable, perspective};
use crate::db;
use crate::db::rows::Column;
use crate::domain::id::{PartyId, PreconditionId};
use crate::domain::sequence::{Blocked, Deadlock, NotAStep, OwnerId, Question, Sequence, Step};
use crate::domain::{Id, Kind, text};

pub fn objects() -> Vec<Object> {
    vec![sequence(), stage(), blocked_step(), deadlock()]
}

/// A stage of a sequence: steps that do not wait for each other.
struct Stage {
    rank: i32,
    steps: Vec<Step>,
}

fn sequence() -> Object {
    Object::new("Sequence", "Order in which steps can be taken. Steps are clauses, caveats and proposals; preconditions define the records for which each step waits. Whether a step is done is determined by its status in the neutral record: COMPLETE or NOT_APPLICABLE for a clause, SATISFIED for a caveat, ACCEPTED for a proposal. The field `ended` defines which steps have ended. Done and ended steps wait for nothing, so they are neither ready nor blocked, and never in a deadlock. A precondition that only needs its required step to have begun (`needs: BEGUN`) is met as soon as that step has begun and has not ended. All kinds of preconditions are treated alike. A step counts as done only once it has started, finished and taken effect, and no step is expected to begin while it is blocked. A clause and its parts do not wait for each other unless a precondition requires it. Excludes archived records. Unless stated otherwise, steps are in order of the day of agreement or proposal, then of position.")
        .field("readings", "Parties whose preconditions are used in addition to the preconditions of the text: the requested parties, or by default all parties that hold a precondition of a step in this sequence.", parties(|sequence: &Sequence| &sequence.readings))
        .field(
            "stages",
            "Steps grouped by the stage at which they can be done, including done and ended steps. Each step after the first stage waits for at least one step of the previous stage. No step waits for a step of its own or a later stage. Omits deadlocked steps and steps that wait for them, directly or indirectly.",
            value_list("[SequenceStage!]!", "SequenceStage", |sequence: &Sequence| {
                let stages = (1..).zip(&sequence.stages);
                stages.map(|(rank, steps)| Stage { rank, steps: steps.clone() }).collect()
            }),
        )
        .field("ready", "Steps that are neither done nor ended and can be done now, because all preconditions are met.", steps(|sequence: &Sequence| &sequence.ready))
        .field(
            "blocked",
            "Steps that are neither done nor ended and cannot be done yet, because a precondition is not met. A step that requires an ended step stays blocked.",
            value_list("[BlockedStep!]!", "BlockedStep", |sequence: &Sequence| sequence.blocked.clone()),
        )
        .field("ended", "Steps that ended: they are not done, and no longer have to be done. Clauses end with the status VOID, OVERTAKEN or LAPSED, or when their agreement has ended in the neutral record. Proposals end with the status WITHDRAWN or LAPSED. Caveats end with the status WITHDRAWN or LAPSED, or when their proposal has one of these statuses.", steps(|sequence: &Sequence| &sequence.ended))
        .field(
            "deadlocks",
            "Deadlocks: cycles of preconditions whose steps can never be done. A cycle with an ended step is not a deadlock. For each precondition that closes a cycle, only the shortest such cycle is included. At most 100, shortest first.",
            value_list("[Deadlock!]!", "Deadlock", |sequence: &Sequence| sequence.deadlocks.clone()),
        )
        .field("keystones", "Steps that are not done and block others, directly or indirectly. Ended steps may be among them. The step that blocks the most other steps comes first.", steps(|sequence: &Sequence| &sequence.keystones))
}

fn stage() -> Object {
    Object::new("SequenceStage", "Steps that can be done at the same stage.")
        .field(
            "rank",
            "Number of the stage, from 1. Steps of stage 1 wait for nothing.",
            value(|stage: &Stage| stage.rank),
        )
        .field("steps", "Steps of this stage.", steps(|stage: &Stage| &stage.steps))
}

fn blocked_step() -> Object {
    Object::new("BlockedStep", "A step that cannot be done yet, with the reasons.")
        .field("step", "The blocked step.", reference("Trackable!", |blocked: &Blocked| Some(step(&blocked.step))))
        .field("waitingFor", "Required steps that have not reached the state in `Precondition.needs`.", steps(|blocked: &Blocked| &blocked.waiting_for))
        .field("preconditions", "Preconditions that are not met, in the order of `waitingFor`. `kind` is the phase that must wait, and `heldBy` is the holder of the reading.", preconditions(|blocked: &Blocked| &blocked.preconditions))
}

fn deadlock() -> Object {
    Object::new("Deadlock", "A cycle of preconditions: each step requires the next, so none can be done. None of its steps is done or ended.")
        .field("steps", "Steps of the cycle. Each requires the next, and the last requires the first.", steps(|deadlock: &Deadlock| &deadlock.steps))
        .field("preconditions", "Preconditions that apply between consecutive steps of the cycle, in the order of `steps`.", preconditions(|deadlock: &Deadlock| &deadlock.preconditions))
        .field("readings", "Parties whose readings form the cycle: the holders of its preconditions. Empty if the text alone forms it.", parties(|deadlock: &Deadlock| &deadlock.readings))
}

fn steps<T: 'static>(of: fn(&T) -> &[Step]) -> Reader {
    reference_list("[Trackable!]!", move |parent: &T| of(parent).iter().map(step).collect())
}

fn step(step: &Step) -> Reference {
    Reference::new(step.kind.record_kind(), step.id)
}

fn preconditions<T: 'static>(of: fn(&T) -> &[PreconditionId]) -> Reader {
    records("[Precondition!]!", Kind::Precondition, of)
}

fn parties<T: 'static>(of: fn(&T) -> &[PartyId]) -> Reader {
    records("[Party!]!", Kind::Party, of)
}

fn records<T: 'static, R: 'static>(ty: &'static str, kind: Kind, of: fn(&T) -> &[Id<R>]) -> Reader {
    reference_list(ty, move |parent: &T| {
        of(parent).iter().map(|id| Reference::new(kind, *id)).collect()
    })
}

/// The sequence of each parent, an agreement or proposal. The parent's id is in the column `column`.
pub fn sequence_of(column: Column) -> Reader {
    call("Sequence!", move |call: &mut Call<'_, '_>| {
        let owners = call.keys(column)?.into_iter().map(|id| {
            let id =
                Id::stored(id).ok_or_else(|| Error::internal(format!("the stored id {id}")))?;
            Ok(vec![id])
        });
        let owners: Vec<Vec<OwnerId>> = owners.collect::<Result<_, Error>>()?;
        answer(call, &owners)
    })
    .needs(&[column])
    .arguments(question_arguments)
}

pub fn queries(query: Object) -> Object {
    query.field(
        "sequence",
        "Order in which the clauses of agreements, and proposals with their caveats, can be carried out. Includes all steps that they require.",
        call("Sequence", |call: &mut Call<'_, '_>| {
            let owners = owners(call)?;
            answer(call, &[owners])
        })
        .argument::<Option<Vec<String>>>("agreements", "Slugs of agreements, such as `minsk-2`.")
        .argument::<Option<Vec<String>>>("proposals", "Slugs of proposals, such as `us-reply-2022`.")
        .arguments(question_arguments),
    )
}

/// Adds the arguments that all sequences share.
fn question_arguments(reader: Reader) -> Reader {
    reader
        .argument::<Option<Vec<ID>>>("readings", "Ids or slugs of parties whose preconditions are used in addition to the preconditions of the text. Default: all parties. An empty list uses only the text. A precondition of the text is ignored if each of these parties states the opposite order.")
        .argument::<Option<Date>>("asOf", "Evaluate which steps are done or ended at the end of this day. Default: no limit.")
        .argument::<Option<DateTime>>("knownAt", "Use only what had been recorded by this time, including assessments retracted later, to evaluate which steps are done or ended. Default: now. It does not apply to preconditions and to the days on which agreements ended: these are always the current ones.")
        .arguments(perspective::known_at_release)
        .argument::<Option<Vec<ID>>>("assumeDone", "Steps to treat as done, in order to see the consequences. Each is the id of a clause, caveat or proposal, or a name such as `minsk-2/9`, `us-reply-2022/UR-4` or `us-reply-2022`. Each must be a step of this sequence, according to the text or to the reading of at least one party.")
}

/// The agreements and proposals that the arguments name by slug.
fn owners(call: &mut Call<'_, '_>) -> Result<Vec<OwnerId>, Error> {
    let agreements: Option<Vec<String>> = call.arguments.get("agreements")?;
    let proposals: Option<Vec<String>> = call.arguments.get("proposals")?;
    let (agreements, proposals) = (agreements.unwrap_or_default(), proposals.unwrap_or_default());
    if agreements.is_empty() && proposals.is_empty() {
        return Err(Code::BadUserInput.error(
            "the sequence has no steps: name at least one agreement in `agreements`, or one proposal in `proposals`",
        ));
    }
    let unknown = |kind: &str, slug: &str| {
        let slug = text::quote(slug);
        Code::BadUserInput.error(format!("there is no {kind} with the slug {slug}"))
    };
    let mut owners: Vec<OwnerId> = Vec::new();
    if !agreements.is_empty() {
        let by_slug =
            call.context.read(|connection| db::agreement::by_slugs(connection, &agreements))?;
        for slug in &agreements {
            let agreement = by_slug.get(slug).ok_or_else(|| unknown("agreement", slug))?;
            owners.push(agreement.id.cast());
        }
    }
    if !proposals.is_empty() {
        let by_slug =
            call.context.read(|connection| db::proposal::by_slugs(connection, &proposals))?;
        for slug in &proposals {
            let proposal = by_slug.get(slug).ok_or_else(|| unknown("proposal", slug))?;
            owners.push(proposal.row.id.cast());
        }
    }
    Ok(owners)
}

/// The sequence of each group of agreements and proposals, from one graph of steps.
fn answer(call: &mut Call<'_, '_>, groups: &[Vec<OwnerId>]) -> Result<Resolved, Error> {
    let readings: Option<Vec<ID>> = call.arguments.get("readings")?;
    let readings =
        readings.map(|names| perspective::parties(call.context, "readings", &names)).transpose()?;
    let names: Option<Vec<ID>> = call.arguments.get("assumeDone")?;
    let names = names.unwrap_or_default();
    let assume_done = assessable::named(call.context, "assumeDone", &names)?;
    let point_in_time = perspective::point_in_time(call.context, call.arguments)?;
    let owners = groups.concat();
    let graph =
        call.context.read_once(format!("steps {point_in_time:?} {owners:?}"), |connection| {
            db::sequence::graph(connection, point_in_time, &owners)
        })?;
    let sequences = groups.iter().map(|owners| {
        let (owners, readings, assume_done) =
            (owners.clone(), readings.clone(), assume_done.clone());
        let question = Question { owners, readings, assume_done };
        graph.sequence(&question).map_err(|NotAStep(step)| {
            let position = question.assume_done.iter().position(|id| *id == step);
            let name = position.and_then(|position| names.get(position));
            let quoted = name.map(|name| text::quote(name)).unwrap_or_default();
            Code::BadUserInput.error(format!(
                "`assumeDone: {quoted}` is not a step of this sequence: use one of its steps, or a step that they require according to the text or to the reading of at least one party"
            ))
        })
    });
    Ok(each_or_failed("Sequence", sequences.collect()))
}
