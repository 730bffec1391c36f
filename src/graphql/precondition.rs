//! Preconditions.

use async_graphql::Enum;

use super::change;
use super::engine::link::{one, one_of};
use super::engine::reader::{id, instant, integer, string_enum};
use super::engine::schema::{Object, Record};
use super::provenance::provenance;
use crate::db::rows::Column;
use crate::domain::{Kind, precondition};

pub const RECORDS: [Record; 1] =
    [Record::new(Kind::Precondition, "Precondition", "preconditions", "preconditions.id")];

/// Whether the step is a clause, a caveat or a proposal.
const STEP_KIND: Column =
    "(SELECT trackables.kind FROM trackables WHERE trackables.id = preconditions.step_id)";

/// Whether the required record is a clause, a caveat or a proposal.
const REQUIRED_KIND: Column =
    "(SELECT trackables.kind FROM trackables WHERE trackables.id = preconditions.requires_id)";

pub fn objects() -> Vec<Object> {
    let precondition = Object::new("Precondition", "`step` cannot start, finish or take effect before `requires` is done or has begun, according to the text itself or in one party's reading.")
        .implements("Node")
        .field("id", "Opaque global id. Permanent, and unique across all types.", id(Kind::Precondition, "preconditions.id"))
        .field("version", "Increases with every change to this record. Pass it as `expectedVersion`.", integer("preconditions.version"))
        .field("kind", "Phase of the step that must wait until the required record reaches the state in `needs`.", string_enum::<PreconditionKind, precondition::PreconditionKind>("preconditions.kind"))
        .field("step", "Clause, caveat or proposal that waits.", one_of("Trackable!", STEP_KIND, "preconditions.step_id"))
        .field("requires", "Clause, caveat or proposal that must be done, or have begun, first.", one_of("Trackable!", REQUIRED_KIND, "preconditions.requires_id"))
        .field("needs", "Whether `requires` must be done, or must only have begun.", string_enum::<PreconditionNeed, precondition::PreconditionNeed>("preconditions.needs"))
        .field("heldBy", "Party whose reading this is. Null if the text itself states the precondition.", one("Party", Kind::Party, "preconditions.held_by_id"))
        .fields(provenance!("preconditions"))
        .field("changedAt", change::CHANGED_AT, change::changed_at("preconditions.id"))
        .field("archivedAt", "Time of archiving. Null if the record is not archived. Lists exclude archived records.", instant("preconditions.archived_at").nullable());
    vec![precondition]
}

/// Phase of a step that must wait for another record.
#[expect(clippy::enum_variant_names, reason = "the names are the contract's")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "precondition::PreconditionKind")]
pub enum PreconditionKind {
    /// The step cannot start until the required record reaches the state in `needs`.
    BeforeStart,
    /// The step may start, but cannot finish until the required record reaches the state in `needs`.
    BeforeFinish,
    /// The step may finish, but cannot take effect until the required record reaches the state in `needs`.
    BeforeEffect,
}

/// State that a required record must reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "precondition::PreconditionNeed")]
pub enum PreconditionNeed {
    /// The record must be done: COMPLETE or NOT_APPLICABLE for a clause, SATISFIED for a caveat, ACCEPTED for a proposal.
    Done,
    /// The record must have begun: MINIMAL or PARTIAL for a clause, UNDER_NEGOTIATION or ACCEPTED for a caveat, UNDER_NEGOTIATION or PARTLY_ACCEPTED for a proposal. A record that is done has begun.
    Begun,
}
