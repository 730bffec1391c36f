//! Lists of sources.

use chrono::NaiveDate;

use crate::db::DbConnection;
use crate::db::assessment::SUBJECT_IN_USE;
use crate::db::filter::Conditions;
use crate::db::page::{Direction, List, Listing};
use crate::db::query::Sql;
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::source::SourceKind;

/// Conditions on sources, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches sources of these kinds.
    pub kinds: Option<Vec<SourceKind>>,
    /// Matches sources published on this day or later. Excludes sources without a day of publication.
    pub published_from: Option<NaiveDate>,
    /// Matches sources published on this day or earlier. Excludes sources without a day of publication.
    pub published_to: Option<NaiveDate>,
    /// Whether an assessment or an event cites the source. Ignores retracted assessments, assessments of archived records,
    /// and archived events.
    pub cited: Option<bool>,
    /// Whether the source has a URL.
    pub has_url: Option<bool>,
    /// Matches sources with this text in title or publisher. The text must be folded with `domain::text::fold`.
    pub text: Option<String>,
}

/// The order of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By title.
    Title,
    /// By the day of publication. Sources without a day of publication come first.
    PublishedOn,
}

/// A list of sources.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceList {
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
    pub direction: Direction,
}

impl List for SourceList {
    const KIND: Kind = Kind::Source;
    const ID: &'static str = "sources.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Title => 0,
            Order::PublishedOn => 1,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match self.order {
            Order::Title => {
                const {
                    &[
                        SortKey::text("sources.title COLLATE alphabetical"),
                        SortKey::id("sources.id"),
                    ]
                }
            }
            Order::PublishedOn => {
                const {
                    &[
                        SortKey::day("coalesce(sources.published_on, '0001-01-01')"),
                        SortKey::id("sources.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let filter = &self.filter;
        let mut conditions = Conditions::new(connection.dialect(), "sources.archived_at IS NULL");
        conditions.require_one_of("sources.kind", filter.kinds.as_deref());
        conditions.require_from("sources.published_on", filter.published_from);
        conditions.require_until("sources.published_on", filter.published_to);
        conditions.require(filter.cited, cited);
        conditions.require(filter.has_url, || Sql::new("sources.url IS NOT NULL"));
        conditions.require_text("sources.folded", filter.text.as_deref());
        Listing {
            conditions: conditions.into_vec(),
            direction: self.direction,
            ..Listing::of("sources", self.sort_keys())
        }
    }
}

/// The condition that an assessment or an event cites the source.
fn cited() -> Sql {
    Sql::new(format!(
        "(EXISTS (SELECT 1 FROM assessment_evidence \
         JOIN assessments ON assessments.id = assessment_evidence.assessment_id \
         WHERE assessment_evidence.source_id = sources.id AND assessments.retracted_at IS NULL AND {SUBJECT_IN_USE}) \
         OR EXISTS (SELECT 1 FROM event_sources JOIN events ON events.id = event_sources.event_id \
         WHERE event_sources.source_id = sources.id AND events.archived_at IS NULL))"
    ))
}
