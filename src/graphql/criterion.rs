//! Criteria of clauses.

use async_graphql::Enum;

use super::engine::reader::{string_enum, text};
use super::engine::schema::Object;
use crate::domain::criterion;

pub fn objects() -> Vec<Object> {
    vec![object()]
}

fn object() -> Object {
    Object::new("Criterion", "Evidence required before a clause can be given a certain status.")
        .field(
            "status",
            "Status of the clause.",
            string_enum::<CriterionStatus, criterion::CriterionStatus>("criteria.status"),
        )
        .field("text", "The required evidence, in words.", text("criteria.text"))
}

/// Status of a clause that can have a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "criterion::CriterionStatus")]
pub enum CriterionStatus {
    /// First steps were taken, but most requirements are not met.
    Minimal,
    /// A substantial part was done, but not everything.
    Partial,
    /// All requirements of the clause are met, or a continuing obligation is being kept.
    Complete,
    /// Breached.
    Breached,
}
