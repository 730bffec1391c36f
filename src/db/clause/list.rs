//! Lists of clauses.

use chrono::NaiveDate;

use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::perspective::StatusColumns;
use crate::db::query::Sql;
use crate::db::sort::SortKey;
use crate::db::{
    DbConnection, Dialect, Error, deadline, perspective, query, sequence, status_check,
};
use crate::domain::clause::ObligationRole;
use crate::domain::id::PartyId;
use crate::domain::perspective::{Perspective, PointInTime};
use crate::domain::status::{AssessableKind, ClauseStatus};
use crate::domain::{Kind, StringEnum, day};

/// The parent of a list of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// No parent: lists all records.
    None,
    /// An agreement: lists its clauses.
    Agreement,
    /// A party: lists clauses in which it has an obligation. With a role, lists only clauses in which the party has
    /// this role.
    Party(Option<ObligationRole>),
}

/// Conditions on clauses, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches clauses of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches clauses with one of these statuses.
    pub statuses: Option<Vec<ClauseStatus>>,
    /// Matches clauses about one of these topics, named by slug.
    pub topics: Option<Vec<String>>,
    /// Matches clauses in which one of these parties (by slug) has a role.
    pub parties: Option<Vec<String>>,
    /// Matches clauses whose assessment in force names one of these parties as a breaker.
    pub breached_by: Option<Vec<PartyId>>,
    /// Matches clauses whose status has held since this day or later.
    pub status_since_from: Option<NaiveDate>,
    /// Matches clauses whose status has held since this day or earlier.
    pub status_since_to: Option<NaiveDate>,
    /// Matches clauses with this text in heading, aliases, summary, text or note. The text must be folded with
    /// `domain::text::fold`.
    pub text: Option<String>,
    /// Whether parties disagree about the status or the breakers.
    pub contested: Option<bool>,
    /// Whether the clause is blocked: it is neither done nor ended, and one of its preconditions is not met.
    pub blocked: Option<bool>,
    /// Whether the clause is overdue.
    pub overdue: Option<bool>,
    /// Matches clauses that no account has checked or assessed on this day or later.
    pub checked_before: Option<NaiveDate>,
    /// The perspective on statuses. Its day also decides whether a clause is overdue.
    pub perspective: Perspective,
}

/// The order of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By agreement, then by position in it.
    Position,
    /// By the day from which the status applies. Clauses without an assessment come first.
    StatusSince,
    /// By the earliest due date. Clauses without a due date come last.
    Deadline,
    /// By the day of the latest check or assessment. Clauses without a check or assessment come first.
    CheckedOn,
}

impl Filter {
    /// The tables that the conditions need.
    pub(in crate::db) fn tables(&self) -> &'static str {
        match self.blocked {
            Some(_) => CLAUSES,
            None => "clauses",
        }
    }

    /// The conditions, for the tables of [`Filter::tables`]. Excludes archived clauses, and clauses of archived
    /// agreements.
    pub(in crate::db) fn conditions(&self, dialect: Dialect) -> Vec<Sql> {
        let (perspective, point_in_time) = (self.perspective, self.perspective.point_in_time);
        let mut conditions = Conditions::new(dialect, "clauses.is_listed");
        conditions.require_slugs(
            Kind::Agreement,
            "clauses.agreement_id",
            self.agreements.as_deref(),
        );
        if let Some(statuses) = &self.statuses {
            conditions.push(STATUS.is_one_of(dialect, statuses, perspective));
        }
        conditions.require_slugs(Kind::Topic, "clauses.topic_id", self.topics.as_deref());
        conditions.require_link(Kind::Party, PARTIES, self.parties.as_deref());
        if let Some(parties) = &self.breached_by {
            conditions.push(breached_by(dialect, parties, perspective));
        }
        conditions.require_from(STATUS.since(perspective), self.status_since_from);
        conditions.require_until(STATUS.since(perspective), self.status_since_to);
        conditions.require(self.contested, || perspective::contested("clauses.id", point_in_time));
        conditions.require(self.blocked, || sequence::blocked(perspective));
        conditions.require(self.overdue, || {
            let on = point_in_time.as_of.unwrap_or_else(day::today);
            deadline::overdue(|| status(perspective), on)
        });
        if let Some(day) = self.checked_before {
            let checked_on = if point_in_time == PointInTime::default() {
                Sql::new("clauses.checked_on")
            } else {
                status_check::latest_day(dialect, point_in_time)
            };
            conditions.push(
                Sql::new("coalesce(").append(checked_on).text(", '0001-01-01') < ").bind_date(day),
            );
        }
        conditions.require_text("clauses.folded", self.text.as_deref());
        conditions.into_vec()
    }
}

/// The condition that the assessment in force names one of these parties as a breaker.
fn breached_by(dialect: Dialect, parties: &[PartyId], perspective: Perspective) -> Sql {
    Sql::new(
        "clauses.id IN (SELECT assessments.trackable_id FROM assessment_breakers \
         JOIN assessments ON assessments.id = assessment_breakers.assessment_id WHERE ",
    )
    .one_or_any_of(dialect, "assessment_breakers.party_id", parties)
    .text(" AND assessments.id = ")
    .append(perspective::assessment_in_force("assessments.trackable_id", perspective))
    .text(")")
}

/// A clause stores a copy of its status in the default perspective.
const STATUS: StatusColumns = StatusColumns {
    kind: AssessableKind::Clause,
    id: "clauses.id",
    status: "clauses.status",
    since: "clauses.status_since",
};

/// The expression for the status in a perspective.
pub(in crate::db) fn status(perspective: Perspective) -> Sql {
    STATUS.status(perspective)
}

/// Clauses with their supertype rows. Both databases skip the join if the statement uses no column of `trackables`.
pub(in crate::db) const CLAUSES: &str =
    "clauses LEFT JOIN trackables ON trackables.id = clauses.id";

/// Clauses with their supertype rows and agreements.
const CLAUSES_OF_AGREEMENTS: &str = "clauses LEFT JOIN trackables ON trackables.id = clauses.id \
                                     JOIN agreements ON agreements.id = clauses.agreement_id";

/// The parties that have obligations in clauses.
const PARTIES: LinkTable = LinkTable {
    listed_id: "clauses.id",
    table: "obligations",
    listed: "obligations.clause_id",
    other: "obligations.party_id",
};

/// A list of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClauseList {
    /// The parent whose records are listed.
    pub parent: Parent,
    /// Conditions on the records.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// The direction of the order.
    pub direction: Direction,
}

impl List for ClauseList {
    const KIND: Kind = Kind::Clause;
    const ID: &'static str = "clauses.id";

    fn order_tag(&self) -> u8 {
        match self.order {
            Order::Position => 0,
            Order::StatusSince => 1,
            Order::Deadline => 2,
            Order::CheckedOn => 3,
        }
    }

    fn sort_keys(&self) -> &'static [SortKey] {
        match (self.order, self.parent) {
            (Order::Position, Parent::Agreement) => {
                const { &[SortKey::integer("clauses.position"), SortKey::id("clauses.id")] }
            }
            (Order::Position, _) => {
                const {
                    &[
                        SortKey::day("agreements.agreed_on"),
                        SortKey::id("clauses.agreement_id"),
                        SortKey::integer("clauses.position"),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
            (Order::StatusSince, _) => {
                const {
                    &[
                        SortKey::day("coalesce(clauses.status_since, '0001-01-01')"),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
            (Order::CheckedOn, _) => {
                const {
                    &[
                        SortKey::day("coalesce(clauses.checked_on, '0001-01-01')"),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
            (Order::Deadline, _) => {
                const {
                    &[
                        SortKey::day(
                            "coalesce((SELECT min(deadlines.due_on) FROM deadlines WHERE deadlines.clause_id = clauses.id), '9999-12-31')",
                        ),
                        SortKey::id("clauses.id"),
                    ]
                }
            }
        }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let mut conditions = self.filter.conditions(connection.dialect());
        if let Parent::Party(Some(role)) = self.parent {
            // The parent's condition selects the party. This condition selects the role.
            conditions.push(
                Sql::new(
                    "EXISTS (SELECT 1 FROM obligations WHERE obligations.clause_id = clauses.id \
                     AND obligations.party_id = parent.value AND obligations.role = ",
                )
                .bind(role.as_str())
                .text(")"),
            );
        }
        // Only the order by agreement needs columns of other tables.
        let by_agreement = self.order == Order::Position && self.parent != Parent::Agreement;
        Listing {
            from: if by_agreement { CLAUSES_OF_AGREEMENTS } else { CLAUSES },
            keys_from: (!by_agreement).then(|| self.filter.tables()),
            parent: match self.parent {
                Parent::None => None,
                Parent::Agreement => Some("clauses.agreement_id = {parent}"),
                Parent::Party(_) => Some(
                    "clauses.id IN (SELECT obligations.clause_id FROM obligations WHERE obligations.party_id = {parent})",
                ),
            },
            conditions,
            direction: self.direction,
            ..Listing::of("clauses", self.sort_keys())
        }
    }
}

/// Describes in a sentence each clause with a wrong copy: the table of clauses contains copies of columns of other
/// tables.
///
/// # Errors
/// Database errors.
pub(in crate::db) fn list_differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let expected = "trackables.archived_at IS NULL AND agreements.archived_at IS NULL";
    let sql = Sql::new(format!(
        "SELECT clauses.id, trackables.status FROM {CLAUSES_OF_AGREEMENTS} WHERE clauses.status <> trackables.status \
         OR coalesce(clauses.status_since, '0001-01-01') <> coalesce(trackables.status_since, '0001-01-01') \
         OR coalesce(clauses.checked_on, '0001-01-01') <> coalesce(trackables.checked_on, '0001-01-01') \
         OR clauses.is_listed <> ({expected}) ORDER BY clauses.id"
    ));
    let sentence = |(id, status): (String, String)| {
        format!(
            "clause {id}: the columns for lists differ from the record; the status is {}",
            status.to_ascii_uppercase()
        )
    };
    Ok(query::pairs(connection, sql)?.into_iter().map(sentence).collect())
}
