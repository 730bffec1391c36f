//! The timeline: proposals, events, assessments and due dates in order.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::filter::{Conditions, LinkTable};
use super::page::{List, Listing, Membership, Page, Pages};
use super::query::Sql;
use super::rows::Column;
use super::schema::timeline;
use super::sort::SortKey;
use super::{DbConnection, Error};
use crate::domain::{Id, Kind, StringEnum};

/// An entry of the timeline.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = timeline)]
pub struct Entry {
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: Id<()>,
}

/// The kinds of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Proposals.
    Proposal,
    /// Events.
    Event,
    /// Assessments of clauses, caveats or proposals.
    Assessment,
    /// Deadlines, on their due date.
    Deadline,
}

impl EntryKind {
    /// The kinds of records that entries of this kind show.
    fn records(self) -> &'static [Kind] {
        match self {
            Self::Proposal => &[Kind::Proposal],
            Self::Event => &[Kind::Event],
            Self::Assessment => {
                &[Kind::ClauseAssessment, Kind::CaveatAssessment, Kind::ProposalAssessment]
            }
            Self::Deadline => &[Kind::Deadline],
        }
    }
}

/// The parent of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// An agreement: lists entries about its clauses, and about the proposals and caveats that concern it.
    Agreement,
}

/// The timeline, oldest first. Within a day, proposals come first, then events, assessments and due dates. Entries of
/// the same day and kind are in order of recording.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimelineList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Matches entries on this day or later.
    pub from: Option<NaiveDate>,
    /// Matches entries on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Matches entries of these kinds.
    pub kinds: Option<Vec<EntryKind>>,
    /// Matches entries in the timelines of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches entries in which one of these parties (by slug) takes part.
    pub parties: Option<Vec<String>>,
    /// Matches proposals and events with this text, and assessments and deadlines whose clause, caveat or proposal has
    /// this text. The text must be folded with `domain::text::fold`.
    pub text: Option<String>,
}

/// The entries of the agreements' timelines.
const AGREEMENTS: LinkTable = LinkTable {
    listed_id: "timeline.id",
    table: "agreement_timeline",
    listed: "agreement_timeline.id",
    other: "agreement_timeline.agreement_id",
};

/// The entries in which parties take part.
const PARTIES: LinkTable = LinkTable {
    listed_id: "timeline.id",
    table: "party_timeline",
    listed: "party_timeline.id",
    other: "party_timeline.party_id",
};

/// The condition that an entry matches a folded text, as in [`TimelineList::text`].
fn contains(text: &str) -> Sql {
    let with_text = |select: &'static str, table: &str| {
        Sql::new(select).text(" WHERE ").contains(&format!("{table}.folded"), text)
    };
    Sql::new("timeline.id IN (")
        .append(with_text("SELECT proposals.id FROM proposals", "proposals"))
        .text(" UNION ALL ")
        .append(with_text("SELECT events.id FROM events", "events"))
        .text(" UNION ALL ")
        .append(with_text(
            "SELECT deadlines.id FROM deadlines JOIN clauses ON clauses.id = deadlines.clause_id",
            "clauses",
        ))
        .text(
            " UNION ALL SELECT assessments.id FROM assessments WHERE assessments.trackable_id IN (",
        )
        .append(with_text("SELECT clauses.id FROM clauses", "clauses"))
        .text(" UNION ALL ")
        .append(with_text("SELECT caveats.id FROM caveats", "caveats"))
        .text(" UNION ALL ")
        .append(with_text("SELECT proposals.id FROM proposals", "proposals"))
        .text("))")
}

/// The records in the timeline of each agreement.
const OF_AGREEMENTS: Membership = Membership { view: "agreement_timeline", parent: "agreement_id" };

impl List for TimelineList {
    // Entries are of several kinds. This kind is used only in cursors. The order tag distinguishes the cursors from those
    // of lists of events.
    const KIND: Kind = Kind::Event;
    const ID: &'static str = "timeline.id";

    fn order_tag(&self) -> u8 {
        1
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        const {
            &[
                SortKey::day("timeline.day"),
                SortKey::integer("timeline.rank"),
                SortKey::id("timeline.id"),
            ]
        }
    }

    fn select(
        &self,
        connection: &mut DbConnection,
        page: &Page,
        parents: &[&str],
        columns: &[Column],
    ) -> Result<Pages, Error> {
        let listing = self.listing(connection);
        match self.parent {
            Parent::None => listing.select(connection, page, parents, columns),
            Parent::Agreement => {
                listing.select_among(OF_AGREEMENTS, connection, page, parents, columns)
            }
        }
    }

    fn counts(
        &self,
        connection: &mut DbConnection,
        parents: &[&str],
    ) -> Result<HashMap<String, i64>, Error> {
        let listing = self.listing(connection);
        match self.parent {
            Parent::None => listing.counts(connection, parents),
            Parent::Agreement => listing.counts_among(OF_AGREEMENTS, connection, parents),
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let dialect = connection.dialect();
        let mut conditions = Conditions::new(dialect, "timeline.is_shown");
        conditions.require_from("timeline.day", self.from);
        conditions.require_until("timeline.day", self.to);
        if let Some(kinds) = &self.kinds {
            let records: Vec<Kind> =
                kinds.iter().flat_map(|kind| kind.records()).copied().collect();
            let records = Kind::stored_names(&records);
            conditions.push(Sql::default().any_of(dialect, "timeline.kind", &records));
        }
        if let Some(slugs) = &self.agreements {
            let is_linked = AGREEMENTS.condition(dialect, Kind::Agreement, slugs);
            // Without `OR`, PostgreSQL joins the two views. It underestimates the number of entries of the agreements, and
            // so reads the whole timeline again for each of them, which takes seconds.
            conditions.push(Sql::new("(").append(is_linked).text(" OR FALSE)"));
        }
        conditions.require_link(Kind::Party, PARTIES, self.parties.as_deref());
        if let Some(text) = &self.text {
            conditions.push(contains(text));
        }
        Listing { conditions: conditions.into_vec(), ..Listing::of("timeline", self.sort_keys()) }
    }
}
