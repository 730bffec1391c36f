//! Lists of proposals.

use chrono::NaiveDate;

use crate::db::DbConnection;
use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::perspective::StatusColumns;
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::perspective::Perspective;
use crate::domain::proposal::ProposalStanding;
use crate::domain::status::{AssessableKind, ProposalStatus};

/// The parent of a list of proposals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// An agreement: lists the proposals that concern it.
    Agreement,
}

/// Conditions on proposals, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches proposals with one of these statuses.
    pub statuses: Option<Vec<ProposalStatus>>,
    /// Matches proposals with this standing.
    pub standing: Option<ProposalStanding>,
    /// Matches proposals made by or addressed to one of these parties, named by slug.
    pub parties: Option<Vec<String>>,
    /// Matches proposals about one of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches proposals made on this day or later.
    pub made_from: Option<NaiveDate>,
    /// Matches proposals made on this day or earlier.
    pub made_to: Option<NaiveDate>,
    /// Matches proposals with this text in title, aliases, summary or note. The text must be folded with
    /// `domain::text::fold`.
    pub text: Option<String>,
    /// The perspective on statuses.
    pub perspective: Perspective,
}

/// The order of proposals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By the day on which the proposal was made.
    MadeOn,
    /// By the day from which the status applies. Proposals without an assessment come first.
    StatusSince,
}

const STATUS: StatusColumns = StatusColumns {
    kind: AssessableKind::Proposal,
    id: "proposals.id",
    status: "trackables.status",
    since: "trackables.status_since",
};

const FROM: &str = "proposals JOIN trackables ON trackables.id = proposals.id";
/// The parties that made proposals or were asked to respond.
const PARTIES: LinkTable = LinkTable {
    listed_id: "proposals.id",
    table: "proposal_parties",
    listed: "proposal_parties.proposal_id",
    other: "proposal_parties.party_id",
};

/// The agreements that proposals concern.
const AGREEMENTS: LinkTable = LinkTable {
    listed_id: "proposals.id",
    table: "proposal_agreements",
    listed: "proposal_agreements.proposal_id",
    other: "proposal_agreements.agreement_id",
};

/// A list of proposals.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProposalList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
    pub direction: Direction,
}

impl List for ProposalList {
    const KIND: Kind = Kind::Proposal;
    const ID: &'static str = "proposals.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::MadeOn => 0,
            Order::StatusSince => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match self.order {
            Order::MadeOn => {
                const { &[SortKey::day("proposals.made_on"), SortKey::id("proposals.id")] }
            }
            Order::StatusSince => {
                const {
                    &[
                        SortKey::day("coalesce(trackables.status_since, '0001-01-01')"),
                        SortKey::id("proposals.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let (filter, dialect) = (&self.filter, connection.dialect());
        let mut conditions = Conditions::new(dialect, "trackables.archived_at IS NULL");
        if let Some(statuses) = &filter.statuses {
            conditions.push(STATUS.is_one_of(dialect, statuses, filter.perspective));
        }
        conditions.require_one_of(
            "proposals.standing",
            filter.standing.as_ref().map(std::slice::from_ref),
        );
        conditions.require_link(Kind::Party, PARTIES, filter.parties.as_deref());
        conditions.require_link(Kind::Agreement, AGREEMENTS, filter.agreements.as_deref());
        conditions.require_from("proposals.made_on", filter.made_from);
        conditions.require_until("proposals.made_on", filter.made_to);
        conditions.require_text("proposals.folded", filter.text.as_deref());
        Listing {
            from: FROM,
            parent: match self.parent {
                Parent::None => None,
                Parent::Agreement => Some(
                    "proposals.id IN (SELECT proposal_agreements.proposal_id FROM proposal_agreements \
                     WHERE proposal_agreements.agreement_id = {parent})",
                ),
            },
            conditions: conditions.into_vec(),
            direction: self.direction,
            ..Listing::of("proposals", self.sort_keys())
        }
    }
}
