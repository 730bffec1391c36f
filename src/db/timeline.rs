//! The timeline: events, assessments, due days and proposals in one order.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use super::page::{Direction, List, Listing, Membership, Page, Pages};
use super::query::Sql;
use super::rows::Column;
use super::schema::timeline;
use super::sort::SortKey;
use super::{DbConnection, Error};
use crate::domain::{Id, Kind, StringEnum};

/// A place in the timeline, and the record that stands there.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = timeline)]
pub struct Entry {
    /// What kind of record it is.
    pub kind: Kind,
    /// The record.
    pub id: Id<()>,
}

/// What a timeline can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Proposals.
    Proposal,
    /// Events.
    Event,
    /// Assessments, of whatever scale.
    Assessment,
    /// Due days.
    Deadline,
}

impl EntryKind {
    /// The kinds of records that are meant.
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

/// Whose timeline it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// An agreement's: what concerns its clauses, the proposals about it and their caveats.
    Agreement,
}

/// The timeline, oldest first. Within a day proposals come first, then events, then assessments, then what was due;
/// among these, what was recorded earlier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TimelineList {
    /// Whose.
    pub parent: Parent,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// On this day or earlier.
    pub to: Option<NaiveDate>,
    /// Only entries of these kinds.
    pub kinds: Option<Vec<EntryKind>>,
}

/// Which agreements' timelines a record is in.
const OF_AGREEMENTS: Membership = Membership { view: "agreement_timeline", parent: "agreement_id" };

impl List for TimelineList {
    // Records of several kinds. The number of the order is one that lists of events do not have.
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
        let mut conditions = vec![Sql::new("timeline.is_shown")];
        if let Some(from) = self.from {
            conditions.push(Sql::new("timeline.day >= ").bind_date(from));
        }
        if let Some(to) = self.to {
            conditions.push(Sql::new("timeline.day <= ").bind_date(to));
        }
        if let Some(kinds) = &self.kinds {
            let records: Vec<Kind> =
                kinds.iter().flat_map(|kind| kind.records()).copied().collect();
            let (dialect, records) = (connection.dialect(), Kind::stored_names(&records));
            conditions.push(Sql::default().any_of(dialect, "timeline.kind", &records));
        }
        Listing {
            table: "timeline",
            from: "timeline",
            keys_from: None,
            parent: None,
            conditions,
            order: self.sort_keys(),
            direction: Direction::Ascending,
        }
    }
}
