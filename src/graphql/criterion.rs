//! Criteria of clauses.

use async_graphql::Enum;

use super::engine::reader::{string_enum, text};
use super::engine::schema::Object;
use crate::domain::criterion;

pub fn objects() -> Vec<Object> {
    vec![object()]
}

fn object() -> Object {
    Object::new("Criterion", "What must be seen before a clause has a status.")
        .field(
            "status",
            "Status of the clause.",
            string_enum::<CriterionStatus, criterion::CriterionStatus>("criteria.status"),
        )
        .field("text", "What must be seen, in words.", text("criteria.text"))
}

/// Status of a clause that can have a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "criterion::CriterionStatus")]
pub enum CriterionStatus {
    /// First steps were taken. Most of what it requires was not done.
    Minimal,
    /// A substantial part was done, but not everything.
    Partial,
    /// Everything it requires was done. For a continuing obligation: it is being kept.
    Complete,
    /// Breached.
    Breached,
}
