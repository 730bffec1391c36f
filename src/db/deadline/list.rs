//! Lists of deadlines.

use chrono::NaiveDate;

use crate::db::DbConnection;
use crate::db::filter::Conditions;
use crate::db::page::{List, Listing};
use crate::db::query::Sql;
use crate::db::sort::SortKey;
use crate::domain::Kind;
use crate::domain::deadline::DeadlinePhase;
use crate::domain::id::PartyId;

/// Conditions on deadlines, all of which must hold. `None` adds no condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Matches deadlines of clauses of these agreements, named by slug.
    pub agreements: Option<Vec<String>>,
    /// Matches deadlines for starting or for finishing the clause.
    pub phase: Option<DeadlinePhase>,
    /// Matches deadlines due on this day or later. Excludes deadlines without a due date.
    pub due_from: Option<NaiveDate>,
    /// Matches deadlines due on this day or earlier. Excludes deadlines without a due date.
    pub due_to: Option<NaiveDate>,
    /// Matches deadlines held by one of these parties.
    pub held_by: Option<Vec<PartyId>>,
}

/// A list of deadlines, in order of their due dates. Deadlines without a due date come last.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeadlineList {
    /// Conditions on the deadlines.
    pub filter: Filter,
}

impl List for DeadlineList {
    const KIND: Kind = Kind::Deadline;
    const ID: &'static str = "deadlines.id";

    fn sort_keys(&self) -> &'static [SortKey] {
        const { &[SortKey::day("coalesce(deadlines.due_on, '9999-12-31')"), SortKey::id("deadlines.id")] }
    }

    fn listing(&self, connection: &DbConnection) -> Listing {
        let (filter, dialect) = (&self.filter, connection.dialect());
        let mut conditions = Conditions::new(dialect, "clauses.is_listed");
        conditions.require_slugs(
            Kind::Agreement,
            "clauses.agreement_id",
            filter.agreements.as_deref(),
        );
        conditions
            .require_one_of("deadlines.phase", filter.phase.as_ref().map(std::slice::from_ref));
        conditions.require_from("deadlines.due_on", filter.due_from);
        conditions.require_until("deadlines.due_on", filter.due_to);
        if let Some(parties) = &filter.held_by {
            let held_by = "deadlines.held_by_id";
            conditions.push(Sql::default().one_or_any_of(dialect, held_by, parties));
        }
        Listing {
            from: "deadlines JOIN clauses ON clauses.id = deadlines.clause_id",
            conditions: conditions.into_vec(),
            ..Listing::of("deadlines", self.sort_keys())
        }
    }
}
