//! Lists of agreements.

use chrono::NaiveDate;

use super::parts::{EndingView, ending_in};
use crate::db::DbConnection;
use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::query::Sql;
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::agreement::AgreementKind;

/// The parent of a list of agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// A party: lists agreements in which it has a role.
    Party,
    /// A proposal: lists the agreements that it concerns.
    Proposal,
}

/// Conditions on agreements, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches agreements of these kinds.
    pub kinds: Option<Vec<AgreementKind>>,
    /// Matches agreements in which one of these parties (by slug) has a role.
    pub parties: Option<Vec<String>>,
    /// Matches agreements made on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Matches agreements made on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
    /// Matches agreements with this text in title, short title, aliases, summary or note. The text must be folded with
    /// `domain::text::fold`.
    pub text: Option<String>,
    /// Matches agreements that treat this topic.
    pub topic_treatment: Option<TopicTreatmentFilter>,
    /// Whether the agreement has ended, according to the endings that `ending` selects.
    pub ended: Option<bool>,
    /// The day and the holder for the condition `ended`.
    pub ending: EndingView,
    /// Whether to list archived agreements instead of agreements that are not archived.
    pub archived: bool,
}

/// A condition on the treatment of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TopicTreatmentFilter {
    /// The scheme of the code.
    pub scheme: String,
    /// The code of the topic in the scheme.
    pub code: String,
    /// The lowest extent that matches.
    pub extent_at_least: i32,
}

/// The order of agreements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By the day of agreement.
    AgreedOn,
    /// By title.
    Title,
}

/// The parties that have a role in agreements.
const PARTIES: LinkTable = LinkTable {
    listed_id: "agreements.id",
    table: "agreement_parties",
    listed: "agreement_parties.agreement_id",
    other: "agreement_parties.party_id",
};

/// The condition that an agreement has an ending that `view` selects.
fn ended(view: EndingView) -> Sql {
    Sql::new("EXISTS (SELECT 1 FROM agreement_endings ending WHERE ending.agreement_id = agreements.id AND ")
        .append(ending_in("ending", view))
        .text(")")
}

/// The condition that an agreement treats a topic.
fn treats(topic: &TopicTreatmentFilter) -> Sql {
    Sql::new("agreements.id IN (SELECT topic_treatments.agreement_id FROM topic_treatments WHERE topic_treatments.scheme = ")
        .bind(topic.scheme.as_str())
        .text(" AND topic_treatments.code = ")
        .bind(topic.code.as_str())
        .text(" AND topic_treatments.extent >= ")
        .bind_integer(topic.extent_at_least)
        .text(")")
}

/// A list of agreements.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AgreementList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
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
        let is_listed = if filter.archived {
            "agreements.archived_at IS NOT NULL"
        } else {
            "agreements.archived_at IS NULL"
        };
        let mut conditions = Conditions::new(connection.dialect(), is_listed);
        conditions.require_one_of("agreements.kind", filter.kinds.as_deref());
        conditions.require_link(Kind::Party, PARTIES, filter.parties.as_deref());
        conditions.require_from("agreements.agreed_on", filter.agreed_from);
        conditions.require_until("agreements.agreed_on", filter.agreed_to);
        conditions.require_text("agreements.folded", filter.text.as_deref());
        if let Some(topic) = &filter.topic_treatment {
            conditions.push(treats(topic));
        }
        conditions.require(filter.ended, || ended(filter.ending));
        Listing {
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
            direction: self.direction,
            ..Listing::of("agreements", self.sort_keys())
        }
    }
}
