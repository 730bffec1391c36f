//! Codings, and the degree of agreement between coders.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::{Enum, ID};

use super::clause::ClauseStatus;
use super::engine::call::{Call, Reference, Resolved};
use super::engine::leaf::{Enumerated, saturating_int};
use super::engine::link::{each_list, reference};
use super::engine::reader::{Reader, call, value};
use super::engine::schema::Object;
use super::error::{Code, Error};
use super::scalar::{Date, DateTime};
use crate::db;
use crate::db::coding::{Coding, TopicCoding};
use crate::domain::id::{AgreementId, ClauseId, TopicId};
use crate::domain::reliability::{self, Undefined};
use crate::domain::{GlobalId, Id, Kind, text};

pub fn objects() -> Vec<Object> {
    vec![coding(), agreement()]
}

fn coding() -> Object {
    Object::new("Coding", "Status of a clause on a day according to one editor, who had not seen the codings of other editors. It does not affect the status of the clause.")
        .field("account", "Name of the account.", value(|coding: &Coding| coding.account.clone()))
        .field("status", "Status.", value(|coding: &Coding| Enumerated(ClauseStatus::from(coding.status))))
        .field("note", "Reasons. Null if none are stated.", value(|coding: &Coding| coding.note.clone()))
        .field("recordedAt", "Time at which the coding was recorded or last replaced.", value(|coding: &Coding| DateTime(coding.recorded_at)))
}

/// The codings of each clause. The clause's id is in the column `clauses.id`.
pub fn of_clauses() -> Reader {
    call("[Coding!]!", |call: &mut Call<'_, '_>| {
        let on: Date = call.arguments.get("on")?;
        let clauses = call.keys("clauses.id")?;
        let viewer = call.context.viewer.clone();
        let codings = call
            .context
            .read(|connection| db::coding::visible(connection, &clauses, on.0, &viewer))?;
        let of_clause = |clause: &&str| codings.get(*clause).cloned().unwrap_or_default();
        Ok(each_list("Coding", clauses.iter().map(of_clause).collect()))
    })
    .needs(&["clauses.id"])
    .argument::<Date>("on", "Day for which the clause was coded.")
    .reads_once()
    .unlogged()
}

/// The degree of agreement between the coders of some clauses.
struct Agreement {
    topic: Option<TopicId>,
    units: usize,
    coders: usize,
    outside_scale: usize,
    alpha: Result<f64, Undefined>,
}

impl Agreement {
    fn new(topic: Option<TopicId>, codings: &[&TopicCoding]) -> Self {
        // A sorted map fixes the order, so that sums of floating-point numbers are reproducible.
        let mut levels: BTreeMap<ClauseId, Vec<(&str, usize)>> = BTreeMap::new();
        for coding in codings {
            if let Some(level) = reliability::level(coding.status) {
                levels.entry(coding.clause).or_default().push((&coding.account, level));
            }
        }
        let on_scale: usize = levels.values().map(Vec::len).sum();
        levels.retain(|_, unit| unit.len() > 1);
        let coders: BTreeSet<&str> = levels.values().flatten().map(|(coder, _)| *coder).collect();
        let units: Vec<Vec<usize>> =
            levels.values().map(|unit| unit.iter().map(|(_, level)| *level).collect()).collect();
        Self {
            topic,
            units: units.len(),
            coders: coders.len(),
            outside_scale: codings.len() - on_scale,
            alpha: reliability::alpha(&units),
        }
    }
}

fn agreement() -> Object {
    Object::new("CoderAgreement", "Degree of agreement between coders who coded the same clauses for the same day without seeing each other's codings. Only the statuses NOT_STARTED < MINIMAL < PARTIAL < COMPLETE are compared. Other statuses, such as BREACHED, count as missing, because they do not state a degree of progress.")
        .field("topic", "Topic of the clauses. Null unless grouped by TOPIC.", reference("Topic", |of: &Agreement| of.topic.map(|id| Reference::new(Kind::Topic, id))))
        .field("units", "Number of clauses to which at least two coders assigned one of the compared statuses.", value(|of: &Agreement| saturating_int(of.units)))
        .field("coders", "Number of coders with at least one compared coding.", value(|of: &Agreement| saturating_int(of.coders)))
        .field("outsideScale", "Number of codings that are not compared, because their status is not one of the compared statuses.", value(|of: &Agreement| saturating_int(of.outside_scale)))
        .field("alpha", "Krippendorff's alpha for ordinal data (Computing Krippendorff's Alpha-Reliability, 2011). 1 is perfect agreement, 0 is agreement by chance, and systematic disagreement is below 0. Null if undefined: see `undefinedBecause`.", value(|of: &Agreement| of.alpha.ok()))
        .field("undefinedBecause", "Reason why alpha is undefined. Null if it is defined.", value(|of: &Agreement| of.alpha.err().map(|reason| Enumerated(AlphaUndefined::from(reason)))))
}

pub fn queries(query: Object) -> Object {
    query.field(
        "coderAgreement",
        "Degree of agreement between the coders of an agreement's clauses for a day. Counts only the codings that the viewer may see (`Clause.codings`). Excludes archived clauses.",
        call("[CoderAgreement!]!", coder_agreement)
            .argument::<ID>("agreementId", "Id of the agreement.")
            .argument::<Date>("on", "Day for which the clauses were coded.")
            .argument::<Option<Vec<String>>>("coders", "Names of accounts. Compares only their codings. Default: all.")
            .argument_or::<CoderGrouping>("groupBy", "NONE", "Criterion for grouping the coded clauses.")
            .unlogged(),
    )
}

fn coder_agreement(call: &mut Call<'_, '_>) -> Result<Resolved, Error> {
    let given: ID = call.arguments.get("agreementId")?;
    let on: Date = call.arguments.get("on")?;
    let coders: Option<Vec<String>> = call.arguments.get("coders")?;
    let grouping: CoderGrouping = call.arguments.get("groupBy")?;
    let agreement = agreement_id(&given)?;
    let viewer = call.context.viewer.clone();
    let mut codings = call
        .context
        .read(|connection| db::coding::of_agreement(connection, agreement, on.0, &viewer))?;
    if let Some(coders) = coders {
        codings.retain(|coding| coders.contains(&coding.account));
    }
    let agreements = match grouping {
        CoderGrouping::None => vec![Agreement::new(None, &Vec::from_iter(&codings))],
        CoderGrouping::Topic => {
            let topics = codings.chunk_by(|one, other| one.topic == other.topic);
            let of_topic = |codings: &[TopicCoding]| {
                let topic = codings.first().map(|coding| coding.topic);
                Agreement::new(topic, &Vec::from_iter(codings))
            };
            topics.map(of_topic).collect()
        }
    };
    Ok(each_list("CoderAgreement", vec![agreements]))
}

/// The id of an agreement.
fn agreement_id(given: &ID) -> Result<AgreementId, Error> {
    if let Some(GlobalId { kind: Kind::Agreement, uuid }) = GlobalId::decode(given) {
        return Ok(Id::from_uuid(uuid));
    }
    let message = format!("`agreementId`: {} is not the id of an agreement", text::quote(given));
    Err(Code::BadUserInput.error(message))
}

/// Criterion for grouping the coded clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum CoderGrouping {
    /// All clauses together.
    None,
    /// One group for each topic with codings, in order of slug.
    Topic,
}

/// Reason why alpha is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Undefined")]
pub enum AlphaUndefined {
    /// There is no clause to which at least two coders assigned one of the compared statuses.
    NoPairs,
    /// All coders assigned the same status to all clauses, so no disagreement would be expected by chance.
    NoVariation,
}
