//! Counts of clauses by group and status, at a point in time or over time. Only leaf clauses are counted: the parts of
//! a clause carry it out.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamp};

use super::clause::{self, Filter};
use super::query::{self, Sql};
use super::rows::Lookup;
use super::{DbConnection, Dialect, Error, perspective};
use crate::domain::StringEnum;
use crate::domain::clause::ObligationRole;
use crate::domain::id::AssessmentId;
use crate::domain::implementation::{Breakdown, History};
use crate::domain::perspective::Perspective;
use crate::domain::status::ClauseStatus;

/// The grouping of clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// By agreement.
    Agreement,
    /// By obliged party. Only undisputed obligations, or those of the perspective's holder. A clause counts once for
    /// each party.
    Party,
    /// By topic.
    Topic,
}

impl Grouping {
    /// The records that can be groups, by id: agreements in order of the day of agreement, parties and topics in order
    /// of name.
    #[must_use]
    pub fn subjects(self) -> Lookup {
        match self {
            Self::Agreement => Lookup {
                from: "agreements WHERE",
                key: "agreements.id",
                order: "agreements.agreed_on, agreements.id",
            },
            Self::Party => Lookup {
                from: "parties WHERE",
                key: "parties.id",
                order: "parties.name COLLATE alphabetical, parties.id",
            },
            Self::Topic => Lookup {
                from: "topics WHERE",
                key: "topics.id",
                order: "topics.name COLLATE alphabetical, topics.id",
            },
        }
    }
}

/// The clauses to count, their grouping, and the perspective on their statuses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selection {
    /// Conditions on the clauses.
    pub filter: Filter,
    /// The grouping.
    pub grouping: Grouping,
    /// The perspective on their statuses.
    pub perspective: Perspective,
}

/// The clauses of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupCounts {
    /// The number of clauses by status.
    pub breakdown: Breakdown,
    /// The number of clauses that the party of the group breached, whether or not they oblige it. Zero if clauses are
    /// not grouped by party.
    pub breaches: u32,
}

impl Selection {
    /// The numbers of clauses of each group, by the group's id. `groups` limits the result to these groups. Excludes
    /// groups without clauses and breaches.
    ///
    /// # Errors
    /// Database errors.
    pub fn counts(
        &self,
        connection: &mut DbConnection,
        groups: Option<&[String]>,
    ) -> Result<HashMap<String, GroupCounts>, Error> {
        let dialect = connection.dialect();
        let mut sql = Sql::new(format!("SELECT {}, ", self.key()))
            .append(clause::status(self.perspective))
            .text(", count(*), FALSE")
            .append(self.tables())
            .append(self.conditions(dialect, self.key(), groups))
            .text(" GROUP BY 1, 2");
        if self.grouping == Grouping::Party {
            sql = sql.text(" UNION ALL ").append(self.breaches(dialect, groups));
        }
        let rows: Vec<(String, String, i64, bool)> =
            query::rows::<(Text, Text, BigInt, Bool), _>(connection, sql)?;
        let mut counts: HashMap<String, GroupCounts> = HashMap::new();
        for (group, status, count, is_of_breaker) in rows {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let group = counts.entry(group).or_default();
            if is_of_breaker {
                group.breaches = count;
            } else {
                group.breakdown.add(read_status(&status)?, count);
            }
        }
        Ok(counts)
    }

    /// Selects the number of breached clauses by breaker, in the columns of [`Selection::counts`].
    fn breaches(&self, dialect: Dialect, groups: Option<&[String]>) -> Sql {
        Sql::new(format!(
            "SELECT assessment_breakers.party_id, 'breached', count(*), TRUE FROM {} \
             JOIN assessments ON assessments.trackable_id = clauses.id \
             JOIN assessment_breakers ON assessment_breakers.assessment_id = assessments.id",
            self.filter.tables()
        ))
        .append(self.conditions(dialect, "assessment_breakers.party_id", groups))
        .text(" AND assessments.id = ")
        .append(perspective::assessment_in_force("clauses.id", self.perspective))
        .text(" GROUP BY assessment_breakers.party_id")
    }

    /// The histories of the clauses of these groups, by the group's id.
    ///
    /// # Errors
    /// Database errors.
    pub fn histories(
        &self,
        connection: &mut DbConnection,
        groups: &[String],
    ) -> Result<HashMap<String, History>, Error> {
        let sql = Sql::new(format!(
            "SELECT {}, clauses.id, history.effective_on, history.recorded_at, history.id, history.status",
            self.key()
        ))
        .append(self.tables())
        .text(" LEFT JOIN assessments history ON history.trackable_id = clauses.id AND ")
        .append(perspective::held("history", self.perspective))
        .append(self.conditions(connection.dialect(), self.key(), Some(groups)));
        let rows: Vec<AssessedClause> = query::rows::<AssessedClauseColumns, _>(connection, sql)?;
        let mut by_group: HashMap<String, Group> = HashMap::new();
        for (group, clause, since, recorded_at, id, status) in rows {
            let group = by_group.entry(group).or_default();
            let clauses = &mut group.clauses;
            let next = clauses.len();
            let clause = *clauses.entry(clause).or_insert(next);
            if let (Some(since), Some(recorded_at), Some(id), Some(status)) =
                (since, recorded_at, id, status)
            {
                group.turns.push(((since, recorded_at, id), clause, read_status(&status)?));
            }
        }
        Ok(by_group.into_iter().map(|(group, rows)| (group, rows.into_history())).collect())
    }

    fn key(&self) -> &'static str {
        match self.grouping {
            Grouping::Agreement => "clauses.agreement_id",
            Grouping::Party => "duty.party_id",
            Grouping::Topic => "clauses.topic_id",
        }
    }

    fn tables(&self) -> Sql {
        let tables = Sql::new(format!(" FROM {}", self.filter.tables()));
        if self.grouping != Grouping::Party {
            return tables;
        }
        let duties = tables
            .text(" JOIN (SELECT DISTINCT obligations.clause_id, obligations.party_id FROM obligations WHERE obligations.role = ")
            .bind(ObligationRole::Obliged.as_str())
            .text(" AND (obligations.held_by_id IS NULL");
        let duties = match self.perspective.held_by {
            Some(holder) => duties.text(" OR obligations.held_by_id = ").bind(holder.as_str()),
            None => duties,
        };
        duties.text(")) AS duty ON duty.clause_id = clauses.id")
    }

    /// The conditions. `key` is the expression for the group's id.
    fn conditions(&self, dialect: Dialect, key: &'static str, groups: Option<&[String]>) -> Sql {
        let mut sql = Sql::new(
            // A part is in the same agreement as its whole. If the agreement is in use, only the part itself can be
            // archived.
            " WHERE NOT EXISTS (SELECT 1 FROM clauses part WHERE part.parent_id = clauses.id AND part.is_listed)",
        );
        if let Some(groups) = groups {
            sql = sql.text(" AND ").one_or_any_of(dialect, key, groups);
        }
        for condition in self.filter.conditions(dialect) {
            sql = sql.text(" AND ").append(condition);
        }
        sql
    }
}

/// A clause of a group, and one of its assessments if it has any.
type AssessedClause = (
    String,
    String,
    Option<NaiveDate>,
    Option<NaiveDateTime>,
    Option<AssessmentId>,
    Option<String>,
);
type AssessedClauseColumns =
    (Text, Text, Nullable<Date>, Nullable<Timestamp>, Nullable<Text>, Nullable<Text>);

/// The rows of a group. They are sorted here, group by group: sorting all groups together would take longer.
#[derive(Default)]
struct Group {
    clauses: HashMap<String, usize>,
    turns: Vec<((NaiveDate, NaiveDateTime, AssessmentId), usize, ClauseStatus)>,
}

impl Group {
    fn into_history(mut self) -> History {
        self.turns.sort_unstable_by_key(|(order, ..)| *order);
        let mut history = History::of(self.clauses.len());
        for ((since, ..), clause, status) in self.turns {
            history.add_turn(clause, since, status);
        }
        history
    }
}

fn read_status(name: &str) -> Result<ClauseStatus, Error> {
    ClauseStatus::parse(name).ok_or_else(|| Error::Internal(format!("unexpected status {name:?}")))
}
