//! Lists of clauses: whose clauses, which of them, in which order.

use chrono::NaiveDate;

use crate::db::filter::{Conditions, LinkTable};
use crate::db::page::{Direction, List, Listing};
use crate::db::query::Sql;
use crate::db::sort::SortKey;
use crate::db::{DbConnection, Dialect, Error, deadline, perspective, query, sequence};
use crate::domain::clause::ObligationRole;
use crate::domain::perspective::Perspective;
use crate::domain::status::ClauseStatus;
use crate::domain::{Kind, StringEnum, day};

/// Whose clauses are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Parent {
    /// Everyone's.
    None,
    /// An agreement's.
    Agreement,
    /// Those that a party has a part in, in any role or in this one.
    Party(Option<ObligationRole>),
}

/// Which clauses are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Of one of these agreements, by slug.
    pub agreements: Option<Vec<String>>,
    /// With one of these statuses.
    pub statuses: Option<Vec<ClauseStatus>>,
    /// About one of these topics, by slug.
    pub topics: Option<Vec<String>>,
    /// With one of these parties in any role, by slug.
    pub parties: Option<Vec<String>>,
    /// Whose status has been so since this day or later.
    pub status_since_from: Option<NaiveDate>,
    /// Whose status has been so since this day or earlier.
    pub status_since_to: Option<NaiveDate>,
    /// With this text, folded, in heading, summary or text.
    pub text: Option<String>,
    /// Whether parties disagree about their status.
    pub contested: Option<bool>,
    /// Whether something that is not done keeps them from being done.
    pub blocked: Option<bool>,
    /// Whether they are overdue.
    pub overdue: Option<bool>,
    /// In which view statuses are judged, and on which day they are overdue or not.
    pub perspective: Perspective,
}

/// How clauses are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// By agreement, then by their place in it.
    Position,
    /// By the day since when their status is so; those without come first.
    StatusSince,
    /// By their earliest deadline; those without come last.
    Deadline,
}

impl Filter {
    /// The tables that the conditions need.
    pub(in crate::db) fn tables(&self) -> &'static str {
        match self.blocked {
            Some(_) => CLAUSES,
            None => "clauses",
        }
    }

    /// What must hold of a clause in the tables of [`Filter::tables`]: that it and its agreement are in use, and all that the filter asks for.
    pub(in crate::db) fn conditions(&self, dialect: Dialect) -> Vec<Sql> {
        let (perspective, point_in_time) = (self.perspective, self.perspective.point_in_time);
        let mut conditions = Conditions::new(dialect, "clauses.is_listed");
        conditions.slugs(Kind::Agreement, "clauses.agreement_id", self.agreements.as_deref());
        if perspective == Perspective::default() {
            conditions.one_of("clauses.status", self.statuses.as_deref());
        } else if let Some(statuses) = &self.statuses {
            let names = ClauseStatus::stored_names(statuses);
            conditions.push(status(perspective).in_any(dialect, &names));
        }
        conditions.slugs(Kind::Topic, "clauses.topic_id", self.topics.as_deref());
        conditions.linked(Kind::Party, PARTIES, self.parties.as_deref());
        conditions.from(status_since(perspective), self.status_since_from);
        conditions.to(status_since(perspective), self.status_since_to);
        conditions.holds(self.contested, || perspective::contested("clauses.id", point_in_time));
        conditions.holds(self.blocked, || sequence::blocked(perspective));
        conditions.holds(self.overdue, || {
            let on = point_in_time.as_of.unwrap_or_else(day::today);
            deadline::overdue(|| status(perspective), on)
        });
        conditions.contains("clauses.folded", self.text.as_deref());
        conditions.into_vec()
    }
}

/// The expression for a clause's status in a view. In the neutral record of now it is kept in the clause's row.
pub(in crate::db) fn status(perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        return Sql::new("clauses.status");
    }
    let unassessed = ClauseStatus::Unassessed.as_str();
    Sql::new("coalesce(")
        .append(perspective::latest("status", "clauses.id", perspective))
        .text(format!(", '{unassessed}')"))
}

/// The expression for the day since when it is so; null where nobody has judged the clause.
fn status_since(perspective: Perspective) -> Sql {
    if perspective == Perspective::default() {
        return Sql::new("clauses.status_since");
    }
    perspective::latest("effective_on", "clauses.id", perspective)
}

/// Clauses with what they share with caveats and proposals. Both databases leave a table out that is joined so and of which
/// no column is needed.
pub(in crate::db) const CLAUSES: &str =
    "clauses LEFT JOIN trackables ON trackables.id = clauses.id";

/// The same, with their agreements.
const CLAUSES_OF_AGREEMENTS: &str = "clauses LEFT JOIN trackables ON trackables.id = clauses.id \
                                     JOIN agreements ON agreements.id = clauses.agreement_id";

/// The parties that have obligations in clauses.
const PARTIES: LinkTable = LinkTable {
    listed: "clauses.id",
    tables: "obligations",
    from: "obligations.clause_id",
    to: "obligations.party_id",
};

/// A list of clauses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClauseList {
    /// Whose.
    pub parent: Parent,
    /// Narrowed to what.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// In which direction.
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
            // The parent's condition says which party; this one narrows it to the role.
            conditions.push(
                Sql::new(
                    "EXISTS (SELECT 1 FROM obligations WHERE obligations.clause_id = clauses.id \
                     AND obligations.party_id = parent.value AND obligations.role = ",
                )
                .bind(role.as_str())
                .text(")"),
            );
        }
        // Only the order by agreements needs more than the clauses' own rows.
        let by_agreement = self.order == Order::Position && self.parent != Parent::Agreement;
        Listing {
            table: "clauses",
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
            order: self.sort_keys(),
            direction: self.direction,
        }
    }
}

/// Every clause whose columns for lists differ from the records that they come from, each as a sentence.
///
/// # Errors
/// Those of the database.
pub(in crate::db) fn list_differences(connection: &mut DbConnection) -> Result<Vec<String>, Error> {
    let right = "trackables.archived_at IS NULL AND agreements.archived_at IS NULL";
    let sql = Sql::new(format!(
        "SELECT clauses.id, trackables.status FROM {CLAUSES_OF_AGREEMENTS} WHERE clauses.status <> trackables.status \
         OR coalesce(clauses.status_since, '0001-01-01') <> coalesce(trackables.status_since, '0001-01-01') \
         OR clauses.is_listed <> ({right}) ORDER BY clauses.id"
    ));
    let sentence = |(id, status): (String, String)| {
        format!(
            "clause {id}: lists are filtered and sorted by columns that its record does not say; its status is {}",
            status.to_ascii_uppercase()
        )
    };
    Ok(query::pairs(connection, sql)?.into_iter().map(sentence).collect())
}
