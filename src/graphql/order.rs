//! Sort orders of lists.

use async_graphql::{Enum, InputObject, InputType};

use super::agreement::AgreementOrderField;
use super::caveat::CaveatOrderField;
use super::clause::ClauseOrderField;
use super::engine::coerce::Arguments;
use super::error::Error;
use super::event::EventOrderField;
use super::proposal::ProposalOrderField;
use super::source::SourceOrderField;
use crate::db::page::Direction;

/// Sort order.
#[derive(Debug, InputObject)]
#[graphql(concrete(name = "AgreementOrder", params(AgreementOrderField)))]
#[graphql(concrete(name = "CaveatOrder", params(CaveatOrderField)))]
#[graphql(concrete(name = "ClauseOrder", params(ClauseOrderField)))]
#[graphql(concrete(name = "EventOrder", params(EventOrderField)))]
#[graphql(concrete(name = "ProposalOrder", params(ProposalOrderField)))]
#[graphql(concrete(name = "SourceOrder", params(SourceOrderField)))]
pub struct Order<F: InputType> {
    /// Sort field.
    field: F,
    /// Sort direction.
    #[graphql(default)]
    direction: OrderDirection,
}

/// The field and the direction in the argument `orderBy`. Default: `default`, ascending.
///
/// # Errors
/// Fails if the argument is invalid.
pub fn order<F: InputType, O: From<F>>(
    arguments: &Arguments,
    default: O,
) -> Result<(O, Direction), Error>
where
    Order<F>: InputType,
{
    let order: Option<Order<F>> = arguments.get("orderBy")?;
    Ok(order.map_or((default, Direction::Ascending), |order| {
        (order.field.into(), order.direction.into())
    }))
}

/// Sort direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Default)]
pub enum OrderDirection {
    /// Ascending: smallest or earliest first.
    #[default]
    Asc,
    /// Descending: largest or latest first.
    Desc,
}

impl From<OrderDirection> for Direction {
    fn from(direction: OrderDirection) -> Self {
        match direction {
            OrderDirection::Asc => Self::Ascending,
            OrderDirection::Desc => Self::Descending,
        }
    }
}
