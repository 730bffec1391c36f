//! Lists of agreements: whose agreements, which of them, in which order.

use chrono::NaiveDate;

use crate::db::DbConnection;
use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::agreement::AgreementKind;

/// Whose agreements are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// Those that a party has a part in.
    Party,
    /// Those that a proposal is about.
    Proposal,
}

/// Which agreements are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these kinds.
    pub kinds: Option<Vec<AgreementKind>>,
    /// With one of these parties in any role, by slug.
    pub parties: Option<Vec<String>>,
    /// Agreed on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Agreed on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
}

/// How agreements are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By the day they were agreed.
    AgreedOn,
    /// By title.
    Title,
}

/// The parties that have a role in agreements.
const PARTIES: LinkTable = LinkTable {
    listed: "agreements.id",
    tables: "agreement_parties",
    from: "agreement_parties.agreement_id",
    to: "agreement_parties.party_id",
};

/// A list of agreements.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgreementList {
    /// Whose.
    pub parent: Parent,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// In which direction.
    pub direction: Direction,
}

impl List for AgreementList {
    const KIND: Kind = Kind::Agreement;
    const ID: &'static str = "agreements.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::AgreedOn => 0,
            Order::Title => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match self.order {
            Order::AgreedOn => {
                const { &[SortKey::day("agreements.agreed_on"), SortKey::id("agreements.id")] }
            }
            Order::Title => {
                const {
                    &[
                        SortKey::text("agreements.title COLLATE alphabetical"),
                        SortKey::id("agreements.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let filter = &self.filter;
        let mut conditions =
            Conditions::new(connection.dialect(), "agreements.archived_at IS NULL");
        conditions.one_of("agreements.kind", filter.kinds.as_deref());
        conditions.linked(Kind::Party, PARTIES, filter.parties.as_deref());
        conditions.from("agreements.agreed_on", filter.agreed_from);
        conditions.to("agreements.agreed_on", filter.agreed_to);
        Listing {
            table: "agreements",
            from: "agreements",
            keys_from: None,
            parent: match self.parent {
                Parent::None => None,
                Parent::Party => Some(
                    "agreements.id IN (SELECT agreement_parties.agreement_id FROM agreement_parties \
                     WHERE agreement_parties.party_id = {parent})",
                ),
                Parent::Proposal => Some(
                    "agreements.id IN (SELECT proposal_agreements.agreement_id FROM proposal_agreements \
                     WHERE proposal_agreements.proposal_id = {parent})",
                ),
            },
            conditions: conditions.into_vec(),
            order: self.sort_keys(),
            direction: self.direction,
        }
    }
}
