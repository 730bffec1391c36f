//! Lists of caveats.

use chrono::NaiveDate;

use crate::db::DbConnection;
use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::perspective::StatusColumns;
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::caveat::CaveatKind;
use crate::domain::perspective::Perspective;
use crate::domain::status::{AssessableKind, CaveatStatus};

/// The parent of a list of caveats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// A proposal: lists its caveats.
    Proposal,
}

/// Conditions on caveats, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches caveats of these proposals, named by slug.
    pub proposals: Option<Vec<String>>,
    /// Matches caveats of these kinds.
    pub kinds: Option<Vec<CaveatKind>>,
    /// Matches caveats with one of these statuses.
    pub statuses: Option<Vec<CaveatStatus>>,
    /// Matches caveats about one of these topics, named by slug.
    pub topics: Option<Vec<String>>,
    /// Matches caveats owed by or to one of these parties, named by slug.
    pub parties: Option<Vec<String>>,
    /// Matches caveats whose status has held since this day or later.
    pub status_since_from: Option<NaiveDate>,
    /// Matches caveats whose status has held since this day or earlier.
    pub status_since_to: Option<NaiveDate>,
    /// Matches caveats with this text in heading, aliases, summary, text or note. The text must be folded with
    /// `domain::text::fold`.
    pub text: Option<String>,
    /// The perspective on statuses.
    pub perspective: Perspective,
}

/// The order of caveats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By proposal, then by position in it.
    Position,
    /// By the day from which the status applies. Caveats without an assessment come first.
    StatusSince,
}

const STATUS: StatusColumns = StatusColumns {
    kind: AssessableKind::Caveat,
    id: "caveats.id",
    status: "trackables.status",
    since: "trackables.status_since",
};

const FROM: &str = "caveats JOIN trackables ON trackables.id = caveats.id \
                    JOIN proposals ON proposals.id = caveats.proposal_id \
                    JOIN trackables proposed ON proposed.id = caveats.proposal_id";

/// The parties by or to which caveats are owed.
const PARTIES: LinkTable = LinkTable {
    listed_id: "caveats.id",
    table: "caveat_parties",
    listed: "caveat_parties.caveat_id",
    other: "caveat_parties.party_id",
};

/// A list of caveats.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CaveatList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
    pub direction: Direction,
}

impl List for CaveatList {
    const KIND: Kind = Kind::Caveat;
    const ID: &'static str = "caveats.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Position => 0,
            Order::StatusSince => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match (self.order, self.parent) {
            (Order::Position, Parent::Proposal) => {
                const { &[SortKey::integer("caveats.position"), SortKey::id("caveats.id")] }
            }
            (Order::Position, _) => {
                const {
                    &[
                        SortKey::day("proposals.made_on"),
                        SortKey::id("caveats.proposal_id"),
                        SortKey::integer("caveats.position"),
                        SortKey::id("caveats.id"),
                    ]
                }
            }
            (Order::StatusSince, _) => {
                const {
                    &[
                        SortKey::day("coalesce(trackables.status_since, '0001-01-01')"),
                        SortKey::id("caveats.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let (filter, dialect) = (&self.filter, connection.dialect());
        let mut conditions = Conditions::new(
            dialect,
            "trackables.archived_at IS NULL AND proposed.archived_at IS NULL",
        );
        conditions.require_slugs(
            Kind::Proposal,
            "caveats.proposal_id",
            filter.proposals.as_deref(),
        );
        conditions.require_one_of("caveats.kind", filter.kinds.as_deref());
        if let Some(statuses) = &filter.statuses {
            conditions.push(STATUS.is_one_of(dialect, statuses, filter.perspective));
        }
        conditions.require_slugs(Kind::Topic, "caveats.topic_id", filter.topics.as_deref());
        conditions.require_link(Kind::Party, PARTIES, filter.parties.as_deref());
        conditions.require_from(STATUS.since(filter.perspective), filter.status_since_from);
        conditions.require_until(STATUS.since(filter.perspective), filter.status_since_to);
        conditions.require_text("caveats.folded", filter.text.as_deref());
        Listing {
            from: FROM,
            parent: match self.parent {
                Parent::None => None,
                Parent::Proposal => Some("caveats.proposal_id = {parent}"),
            },
            conditions: conditions.into_vec(),
            direction: self.direction,
            ..Listing::of("caveats", self.sort_keys())
        }
    }
}
